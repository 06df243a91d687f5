/*
 * A video file as a camera, the source of the module "file": played at its own pace, in a loop or
 * once. Every frame keeps the time stamp it has in the file; laid on CLOCK_MONOTONIC they make up
 * the time stamps of the frames. Nothing is left out when decoding is slow: the rest is played
 * later instead.
 */
#include "camera/source-module.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "camera/clip.h"
#include "camera/file-reader.h"
#include "camera/pacer.h"
#include "camera/pool.h"
#include "camera/thread.h"

#define N_FRAMES 8
/* Beyond this the play is late and stays so, instead of hurrying after its clock. */
#define MAX_LATE_NS INT64_C(500000000)
/* A step that is longer is a broken file's: it is played shortened. */
#define MAX_STEP_NS INT64_C(30000000000)

/* Made by start, freed by stop. */
struct run {
	struct vz_pacer pacer;
	pthread_t thread;
	const char *path;
	bool once;
	struct vz_file_reader *reader;
	struct vz_file_info info;
	struct vz_pool *pool;
	struct vz_sink sink;
	uint32_t generation;

	uint64_t sequence;
	int64_t due_ns;	 /* when the last frame was to be shown */
	int64_t step_ns; /* between the last two in the file */
};

struct vz_source {
	char *path;
	struct vz_file_reader *reader; /* as opened, for the first run */
	struct vz_file_info info;
	struct run *run;
};

/* --- The thread --------------------------------------------------------------------------- */

/* Takes @picture. A frame for which there is no room is missed, and its number with it. */
static int deliver(struct run *run, struct vz_file_picture *picture)
{
	int64_t time_ns = picture->time_ns;
	struct vz_frame *frame;
	int r;

	r = vz_file_reader_make_frame(run->reader, run->pool, picture, &frame);
	if (r == 0) {
		frame->timestamp_ns = run->due_ns;
		frame->source_timestamp_ns = time_ns;
		frame->sequence = run->sequence;
		frame->generation = run->generation;
		run->sink.frame(frame, run->sink.data);
	}
	run->sequence++;
	return r == -ENOMEM ? r : 0;
}

static void find_due(struct run *run, const struct vz_file_picture *picture, int64_t *last_ns)
{
	int64_t now_ns = vz_pacer_now_ns();

	if (*last_ns != INT64_MIN)
		run->step_ns = picture->time_ns - *last_ns;
	if (run->step_ns > MAX_STEP_NS)
		run->step_ns = MAX_STEP_NS;
	*last_ns = picture->time_ns;
	run->due_ns = run->sequence ? run->due_ns + run->step_ns : now_ns;
	if (now_ns - run->due_ns > MAX_LATE_NS)
		run->due_ns = now_ns;
}

/* From the beginning to the end. Returns 1 when stopped, 0 at the end, or a negative errno. */
static int play(struct run *run)
{
	int64_t last_ns = INT64_MIN;
	struct vz_file_picture picture;
	bool is_empty = true;
	int r;

	while ((r = vz_file_reader_next(run->reader, &picture)) > 0) {
		is_empty = false;
		find_due(run, &picture, &last_ns);
		if (!vz_pacer_wait(&run->pacer, run->due_ns)) {
			vz_file_picture_deinit(&picture);
			return 1;
		}
		r = deliver(run, &picture);
		if (r < 0)
			return r;
	}
	return r < 0 ? r : is_empty ? -EBADMSG : 0;
}

/* Opened anew rather than rewound: that works with every container and every broken index. */
static int reopen(struct run *run)
{
	const struct vz_file_info *info;
	struct vz_file_reader *reader;
	int r;

	r = vz_file_reader_open(run->path, &reader);
	if (r < 0)
		return r;
	info = vz_file_reader_get_info(reader);
	run->reader = vz_file_reader_close(run->reader);
	run->reader = reader;
	/* Another file in its place: the camera will open it as such. */
	return info->width_px == run->info.width_px && info->height_px == run->info.height_px
		       ? 0
		       : -ESTALE;
}

static void *run_thread(void *data)
{
	struct run *run = data;
	int r;

	do {
		r = play(run);
		if (r == 0 && run->once)
			break;
		if (r == 0)
			r = reopen(run);
	} while (r == 0);
	if (r <= 0)
		run->sink.lost(r, run->sink.data);
	return NULL;
}

/* --- The source --------------------------------------------------------------------------- */

static int file_open(const char *id, struct vz_control_table *controls, char **ret_name,
		     struct vz_source **ret)
{
	VZ_CLEANUP(vz_file_reader_closep) struct vz_file_reader *reader = NULL;
	struct vz_source *source;
	const char *slash;
	char *name, *path;
	int r;

	if (!id)
		return -EINVAL;
	r = vz_file_reader_open(id, &reader);
	if (r < 0)
		return r;
	slash = strrchr(id, '/');
	name = strdup(slash ? slash + 1 : id);
	path = strdup(id);
	source = calloc(1, sizeof(*source));
	if (!name || !path || !source) {
		free(name);
		free(path);
		free(source);
		return -ENOMEM;
	}
	source->path = path;
	source->info = *vz_file_reader_get_info(reader);
	source->reader = vz_steal(reader);
	*ret_name = name;
	*ret = source;
	return 0;
}

static void free_run(struct run *run)
{
	vz_pacer_deinit(&run->pacer);
	(void) vz_file_reader_close(run->reader);
	(void) vz_pool_free(run->pool);
	free(run);
}

static int make_run(struct vz_source *source, struct run **ret)
{
	struct run *run;
	int r;

	run = calloc(1, sizeof(*run));
	if (!run)
		return -ENOMEM;
	r = vz_pacer_init(&run->pacer);
	if (r < 0) {
		free(run);
		return r;
	}
	run->path = source->path;
	run->info = source->info;
	run->step_ns = (int64_t) (source->info.fps > 0 ? 1e9 / source->info.fps : 40e6);
	r = vz_pool_new(run->info.width_px, run->info.height_px, N_FRAMES, vz_file_picture_recycle,
			&run->pool);
	if (r == 0) {
		run->reader = vz_steal(source->reader);
		if (!run->reader)
			r = reopen(run);
	}
	if (r < 0) {
		free_run(run);
		return r;
	}
	*ret = run;
	return 0;
}

static int file_start(struct vz_source *source, const struct vz_source_format *format,
		      const struct vz_control_table *controls, const struct vz_sink *sink,
		      uint32_t generation, struct vz_source_format *ret_format)
{
	struct run *run;
	int r;

	r = make_run(source, &run);
	if (r < 0)
		return r;
	run->once = format->once;
	run->sink = *sink;
	run->generation = generation;
	r = vz_thread_start(&run->thread, "vizyd-file", run_thread, run);
	if (r < 0) {
		free_run(run);
		return r;
	}
	source->run = run;
	*ret_format = (struct vz_source_format){
		.width_px = run->info.width_px,
		.height_px = run->info.height_px,
		.fps = run->info.fps,
		.once = run->once,
	};
	return 0;
}

static void file_stop(struct vz_source *source)
{
	struct run *run = vz_steal(source->run);

	if (!run)
		return;
	vz_pacer_stop(&run->pacer);
	(void) pthread_join(run->thread, NULL);
	free_run(run);
}

/* It announces no controls. */
static int file_set_control(struct vz_source *source, unsigned control, double value)
{
	return -ENOENT;
}

static struct vz_source *file_close(struct vz_source *source)
{
	if (!source)
		return NULL;
	file_stop(source);
	(void) vz_file_reader_close(source->reader);
	free(source->path);
	free(source);
	return NULL;
}

static const struct vz_source_ops file_source = {
	.kind = "file",
	.open = file_open,
	.start = file_start,
	.stop = file_stop,
	.set_control = file_set_control,
	.close = file_close,
};

VZ_SOURCE_MODULE(file_source, &vz_clip_ops);
