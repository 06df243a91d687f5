#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "camera/jpeg.h"
#include "camera/pacer.h"
#include "recorder/player-private.h"
#include "util/blob.h"

/* Every frame is shown, so what is faster than this plays slower than it was. */
#define MIN_STEP_NS INT64_C(33333333)
/* A gap that is longer is not waited for. */
#define MAX_STEP_NS INT64_C(2000000000)

/* What the thread alone touches. */
struct worker {
	struct vz_player *player;
	const struct vz_clip_ops *ops;
	struct vz_clip *clip;
	unsigned generation;
	struct vz_jpeg *jpeg;
	int64_t due_ns; /* of the next frame, while it plays */
};

struct task {
	bool is_open;
	char *path; /* owned; NULL: close */
	size_t frame;
	bool is_wanted;
};

void vz_player_ring(const struct vz_player *player)
{
	const uint64_t one = 1;
	ssize_t n;

	/* It fails only when it is full of rings already. */
	n = write(player->fd, &one, sizeof(one));
	(void) n;
}

/* --- Opening -------------------------------------------------------------------------------- */

static int copy_times(const struct vz_clip_info *info, int64_t **ret)
{
	int64_t *times_ns = malloc(info->n_frames * sizeof(*times_ns));

	if (!times_ns)
		return -ENOMEM;
	for (size_t i = 0; i < info->n_frames; i++)
		times_ns[i] = info->times_ns[i] - info->times_ns[0];
	*ret = times_ns;
	return 0;
}

static int open_clip(struct worker *w, const char *path, struct vz_player_found *found)
{
	const struct vz_clip_info *info;
	int r = 0;

	if (!w->ops)
		r = vz_clip_load(&w->ops);
	if (r == 0)
		r = w->ops->open(path, &w->player->is_cancelled, &w->clip);
	if (r < 0)
		return r;
	info = w->ops->get_info(w->clip);
	found->n_frames = info->n_frames;
	found->width_px = info->width_px;
	found->height_px = info->height_px;
	return copy_times(info, &found->times_ns);
}

static void close_clip(struct worker *w)
{
	if (w->clip)
		w->clip = w->ops->close(w->clip);
}

/* Takes the path of @task. */
static void change_clip(struct worker *w, struct task *task)
{
	VZ_CLEANUP(vz_freep) char *path = vz_steal(task->path);
	struct vz_player *player = w->player;
	struct vz_player_found found = { .is_there = true, .generation = w->generation };

	close_clip(w);
	if (!path)
		return;
	found.r = open_clip(w, path, &found);
	if (found.r < 0) {
		close_clip(w);
		found.n_frames = 0;
	}
	(void) pthread_mutex_lock(&player->lock);
	free(player->found.times_ns);
	player->found = found;
	(void) pthread_mutex_unlock(&player->lock);
	vz_player_ring(player);
}

/* --- Showing -------------------------------------------------------------------------------- */

static struct vz_blob *make_picture(struct worker *w, size_t frame)
{
	struct vz_blob *picture = NULL;
	struct vz_frame *read;

	if (!w->jpeg && vz_jpeg_new(&w->jpeg) < 0)
		return NULL;
	if (w->ops->read(w->clip, frame, &read) < 0)
		return NULL;
	picture = vz_jpeg_encode_blob(w->jpeg, read, NULL, w->player->options.quality_percent);
	(void) vz_frame_unref(read);
	if (picture)
		picture->sequence = frame;
	return picture;
}

static void show(struct worker *w, const struct task *task)
{
	struct vz_player *player = w->player;
	struct vz_blob *picture = task->is_wanted ? make_picture(w, task->frame) : NULL, *old;

	(void) pthread_mutex_lock(&player->lock);
	old = player->done;
	/* Of a clip that has been closed meanwhile nobody wants to see it. */
	if (w->generation != player->generation || !picture) {
		old = picture;
	} else {
		player->done = picture;
	}
	(void) pthread_mutex_unlock(&player->lock);
	(void) vz_blob_unref(old);
	vz_player_ring(player);
}

/* --- What comes next ------------------------------------------------------------------------ */

static int64_t find_step_ns(const struct worker *w, size_t frame)
{
	const struct vz_clip_info *info = w->ops->get_info(w->clip);
	int64_t step_ns = info->times_ns[frame + 1] - info->times_ns[frame];

	return step_ns < MIN_STEP_NS ? MIN_STEP_NS : step_ns > MAX_STEP_NS ? MAX_STEP_NS : step_ns;
}

/* Sets when the frame after @frame is due. One that is late does not make the next ones hurry. */
static void keep_pace(struct worker *w, size_t frame, bool is_restarted)
{
	int64_t now_ns = vz_pacer_now_ns();

	if (is_restarted || w->due_ns < now_ns - MIN_STEP_NS)
		w->due_ns = now_ns;
	if (frame + 1 < w->ops->get_info(w->clip)->n_frames)
		w->due_ns += find_step_ns(w, frame);
}

static void wait_until(struct vz_player *player, int64_t at_ns)
{
	const struct timespec at = { at_ns / 1000000000, at_ns % 1000000000 };

	(void) pthread_cond_timedwait(&player->cond, &player->lock, &at);
}

/* With the lock held. Whether a frame is to be shown now; else waits for something to change. */
static bool find_frame(struct worker *w)
{
	struct vz_player *player = w->player;

	if (!w->clip || (!player->is_due && player->state != VZ_PLAYER_PLAYING)) {
		(void) pthread_cond_wait(&player->cond, &player->lock);
		return false;
	}
	if (player->is_due)
		return true;
	if (vz_pacer_now_ns() < w->due_ns) {
		wait_until(player, w->due_ns);
		return false;
	}
	if (player->frame + 1 < w->ops->get_info(w->clip)->n_frames) {
		player->frame++;
		return true;
	}
	player->state = VZ_PLAYER_PAUSED;
	vz_player_ring(player);
	return false;
}

/* With the lock held. */
static void take_frame(struct worker *w, struct task *task)
{
	struct vz_player *player = w->player;

	player->is_due = false;
	*task = (struct task){ .frame = player->frame, .is_wanted = player->is_wanted };
	if (player->state == VZ_PLAYER_PLAYING)
		keep_pace(w, player->frame, player->is_restarted);
	player->is_restarted = false;
}

/* Returns false when the player ends. */
static bool wait_for_task(struct worker *w, struct task *task)
{
	struct vz_player *player = w->player;
	bool is_found = false;

	(void) pthread_mutex_lock(&player->lock);
	while (!is_found && !player->quit) {
		if (player->is_new) {
			player->is_new = false;
			w->generation = player->generation;
			__atomic_store_n(&player->is_cancelled, false, __ATOMIC_RELAXED);
			*task = (struct task){ true, vz_steal(player->next_path), 0, false };
			is_found = true;
		} else if (find_frame(w)) {
			take_frame(w, task);
			is_found = true;
		}
	}
	is_found = is_found && !player->quit;
	(void) pthread_mutex_unlock(&player->lock);
	return is_found;
}

void *vz_player_run(void *data)
{
	struct worker w = { .player = data };
	struct task task = { 0 };

	while (wait_for_task(&w, &task)) {
		if (task.is_open)
			change_clip(&w, &task);
		else
			show(&w, &task);
	}
	free(task.path);
	close_clip(&w);
	(void) vz_jpeg_free(w.jpeg);
	return NULL;
}
