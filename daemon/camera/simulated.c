#include "camera/simulated.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "camera/pacer.h"
#include "camera/pool.h"
#include "camera/simulated-controls.h"
#include "camera/simulated-sensor.h"
#include "camera/thread.h"

#define DEFAULT_WIDTH_PX  640
#define DEFAULT_HEIGHT_PX 480
#define MIN_SIDE_PX	  64
#define MAX_WIDTH_PX	  1920
#define MAX_HEIGHT_PX	  1080
/* A loop, an encoder, a detector and a slot for each: enough, and 4 MB at the default size. */
#define N_FRAMES 8
#define NS_PER_S 1e9
/* Of scene time, from one camera to the next: no two see the same throw for long. */
#define APART_NS (47 * INT64_C(1000000000))
/* Like a real camera, it keeps to itself what it sees before the automatics have settled: the
 * first frame may be all that somebody asks for. */
#define N_WARM_UP_FRAMES 60

/* Made by start, freed by stop. */
struct run {
	struct vz_source *source;
	int64_t scene_offset_ns;
	struct vz_pacer pacer;
	pthread_t thread;
	struct vz_pool *pool;
	struct vz_sensor *sensor;
	struct vz_source_format format;
	struct vz_sink sink;
	uint32_t generation;
};

struct vz_source {
	pthread_mutex_t lock;
	struct vz_simulated_asked asked; /* guarded by lock */
	unsigned number;		 /* which of several, from 1 */
	struct run *run;
};

/* --- The thread --------------------------------------------------------------------------- */

static void copy_asked(struct vz_source *source, struct vz_simulated_asked *ret)
{
	pthread_mutex_lock(&source->lock);
	*ret = source->asked;
	pthread_mutex_unlock(&source->lock);
}

/* Where the run is: the time of each frame follows from the one before, exactly. */
struct position {
	uint64_t sequence;
	int64_t start_ns, scene_ns;
	double fps;
	int64_t at_fps_ns; /* scene time and sequence at which the rate was set */
	uint64_t at_fps_sequence;
};

static void set_fps(struct position *p, double fps)
{
	if (p->fps == fps)
		return;
	p->fps = fps;
	p->at_fps_ns = p->scene_ns;
	p->at_fps_sequence = p->sequence;
}

static void advance(struct position *p)
{
	p->sequence++;
	p->scene_ns = p->at_fps_ns +
		      llrint((double) (p->sequence - p->at_fps_sequence) * NS_PER_S / p->fps);
}

/* The next frame is due already. */
static bool is_too_late(const struct position *p)
{
	return p->start_ns + p->scene_ns + (int64_t) (NS_PER_S / p->fps) < vz_pacer_now_ns();
}

/*
 * A frame that comes too late, or that nobody has room for, is not drawn, but count and
 * automatics go on: what a number shows does not depend on how busy the machine was.
 */
static void skip_frame(struct run *run, const struct vz_scene_image *image,
		       const struct vz_simulated_asked *asked, const struct position *p)
{
	struct vz_sensor_settings settings = vz_simulated_settings(asked, p->fps);

	(void) vz_sensor_step(run->sensor, &settings, image->mean_radiance);
}

static void make_frame(struct run *run, struct vz_scene_image *image,
		       const struct vz_simulated_asked *asked, const struct position *p)
{
	struct vz_sensor_settings settings = vz_simulated_settings(asked, p->fps);
	const struct vz_sensor_values *values;
	uint8_t *planes[VZ_FRAME_N_PLANES];
	int64_t scene_ns = p->scene_ns + run->scene_offset_ns;
	struct vz_frame *frame;

	values = vz_sensor_step(run->sensor, &settings, image->mean_radiance);
	if (vz_pool_acquire(run->pool, planes, &frame) < 0)
		return;
	if (vz_scene_image_draw(image, (double) scene_ns / NS_PER_S, values->exposure_us / 1e6) <
	    0) {
		(void) vz_frame_unref(frame);
		return;
	}
	vz_sensor_develop(run->sensor, image, (uint32_t) p->sequence, planes, frame->stride_bytes);
	frame->timestamp_ns = p->start_ns + p->scene_ns;
	frame->source_timestamp_ns = scene_ns;
	frame->sequence = p->sequence;
	frame->generation = run->generation;
	vz_simulated_report(frame, &settings, values, p->fps);
	run->sink.frame(frame, run->sink.data);
}

static void *run_thread(void *data)
{
	struct run *run = data;
	struct vz_scene_image *image = NULL;
	struct position p = { 0 };
	struct vz_simulated_asked asked;

	if (vz_scene_image_new(run->format.width_px, run->format.height_px, &image) < 0) {
		run->sink.lost(-ENOMEM, run->sink.data);
		return NULL;
	}
	copy_asked(run->source, &asked);
	set_fps(&p, vz_simulated_fps(&asked, run->format.fps));
	for (int i = 0; i < N_WARM_UP_FRAMES; i++)
		skip_frame(run, image, &asked, &p);
	p.start_ns = vz_pacer_now_ns();
	while (vz_pacer_wait(&run->pacer, p.start_ns + p.scene_ns)) {
		copy_asked(run->source, &asked);
		set_fps(&p, vz_simulated_fps(&asked, run->format.fps));
		make_frame(run, image, &asked, &p);
		for (advance(&p); is_too_late(&p); advance(&p))
			skip_frame(run, image, &asked, &p);
	}
	(void) vz_scene_image_free(image);
	return NULL;
}

/* --- The source --------------------------------------------------------------------------- */

int vz_simulated_parse_id(const char *id)
{
	int number = 0;

	if (!id)
		return 1;
	for (; *id >= '0' && *id <= '9' && number <= VZ_SIMULATED_MAX; id++)
		number = 10 * number + (*id - '0');
	return *id || number < 1 || number > VZ_SIMULATED_MAX ? -EINVAL : number;
}

static int make_name(unsigned number, char **ret)
{
	char text[32];

	(void) snprintf(text, sizeof(text),
			number == 1 ? "Simulated camera" : "Simulated camera %u", number);
	*ret = strdup(text);
	return *ret ? 0 : -ENOMEM;
}

static int simulated_open(const char *id, struct vz_control_table *controls, char **ret_name,
			  struct vz_source **ret)
{
	struct vz_source *source;
	int number = vz_simulated_parse_id(id), r;
	char *name;

	if (number < 0)
		return number;
	for (unsigned i = 0; i < VZ_SIMULATED_N_CONTROLS; i++) {
		r = vz_control_table_add(controls, &vz_simulated_controls[i]);
		if (r < 0)
			return r;
	}
	r = make_name((unsigned) number, &name);
	if (r < 0)
		return r;
	source = calloc(1, sizeof(*source));
	if (!source) {
		free(name);
		return -ENOMEM;
	}
	source->number = (unsigned) number;
	(void) pthread_mutex_init(&source->lock, NULL);
	*ret_name = name;
	*ret = source;
	return 0;
}

static uint32_t fit_side(uint32_t wish, uint32_t otherwise, uint32_t max)
{
	if (!wish)
		return otherwise;
	return (wish < MIN_SIDE_PX ? MIN_SIDE_PX : wish > max ? max : wish) & ~1u;
}

static void free_run(struct run *run)
{
	vz_pacer_deinit(&run->pacer);
	(void) vz_pool_free(run->pool);
	(void) vz_sensor_free(run->sensor);
	free(run);
}

static int make_run(const struct vz_source *source, const struct vz_source_format *wish,
		    struct run **ret)
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
	run->format.width_px = fit_side(wish->width_px, DEFAULT_WIDTH_PX, MAX_WIDTH_PX);
	run->format.height_px = fit_side(wish->height_px, DEFAULT_HEIGHT_PX, MAX_HEIGHT_PX);
	run->format.fps = wish->fps > 0 ? fmin(fmax(wish->fps, 1), VZ_SIMULATED_MAX_FPS)
					: VZ_SIMULATED_DEFAULT_FPS;
	r = vz_pool_new(run->format.width_px, run->format.height_px, N_FRAMES, NULL, &run->pool);
	if (r == 0)
		r = vz_sensor_new(source->number - 1, &run->sensor);
	if (r < 0) {
		free_run(run);
		return r;
	}
	*ret = run;
	return 0;
}

static int simulated_start(struct vz_source *source, const struct vz_source_format *format,
			   const struct vz_control_table *controls, const struct vz_sink *sink,
			   uint32_t generation, struct vz_source_format *ret_format)
{
	struct run *run;
	int r;

	r = make_run(source, format, &run);
	if (r < 0)
		return r;
	run->source = source;
	run->scene_offset_ns = (source->number - 1) * APART_NS;
	run->sink = *sink;
	run->generation = generation;
	for (unsigned i = 0; i < VZ_SIMULATED_N_CONTROLS && i < controls->n_controls; i++) {
		source->asked.is_asked[i] = controls->controls[i].is_asked;
		source->asked.values[i] = controls->controls[i].asked;
	}

	*ret_format = run->format;
	ret_format->fps = vz_simulated_fps(&source->asked, run->format.fps);
	r = vz_thread_start(&run->thread, "vizyd-simulated", run_thread, run);
	if (r < 0) {
		free_run(run);
		return r;
	}
	source->run = run;
	return 0;
}

static void simulated_stop(struct vz_source *source)
{
	struct run *run = vz_steal(source->run);

	if (!run)
		return;
	vz_pacer_stop(&run->pacer);
	(void) pthread_join(run->thread, NULL);
	free_run(run);
}

static int set_asked(struct vz_source *source, unsigned control, bool is_asked, double value)
{
	if (control >= VZ_SIMULATED_N_CONTROLS)
		return -ENOENT;
	pthread_mutex_lock(&source->lock);
	source->asked.is_asked[control] = is_asked;
	source->asked.values[control] = value;
	pthread_mutex_unlock(&source->lock);
	return 0;
}

static int simulated_set_control(struct vz_source *source, unsigned control, double value)
{
	return set_asked(source, control, true, value);
}

static int simulated_clear_control(struct vz_source *source, unsigned control)
{
	return set_asked(source, control, false, 0);
}

static struct vz_source *simulated_close(struct vz_source *source)
{
	if (!source)
		return NULL;
	simulated_stop(source);
	(void) pthread_mutex_destroy(&source->lock);
	free(source);
	return NULL;
}

const struct vz_source_ops vz_simulated_source = {
	.kind = "simulated",
	.open = simulated_open,
	.start = simulated_start,
	.stop = simulated_stop,
	.set_control = simulated_set_control,
	.clear_control = simulated_clear_control,
	.close = simulated_close,
};
