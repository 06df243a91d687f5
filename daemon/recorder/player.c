#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "camera/thread.h"
#include "loop/loop.h"
#include "recorder/player-private.h"
#include "util/blob.h"

#define DEFAULT_QUALITY_PERCENT 85

/* --- What the thread has done --------------------------------------------------------------- */

static void forget_clip(struct vz_player *player)
{
	free(vz_steal(player->times_ns));
	player->n_frames = 0;
	player->width_px = player->height_px = 0;
	player->error = "";
}

/* With the lock held. */
static void adopt(struct vz_player *player)
{
	struct vz_player_found *found = &player->found;

	if (!found->is_there)
		return;
	found->is_there = false;
	if (found->generation != player->generation) {
		free(vz_steal(found->times_ns));
		return;
	}
	forget_clip(player);
	player->n_frames = found->n_frames;
	player->width_px = found->width_px;
	player->height_px = found->height_px;
	player->times_ns = vz_steal(found->times_ns);
	player->frame = 0;
	player->is_due = found->r == 0;
	player->state = found->r == 0 ? VZ_PLAYER_STOPPED : VZ_PLAYER_FAILED;
	if (found->r < 0)
		player->error = vz_clip_describe_error(found->r);
	(void) pthread_cond_signal(&player->cond);
}

static void tell(struct vz_player *player)
{
	if (player->options.changed)
		player->options.changed(player, player->options.data);
}

static void on_rung(int fd, void *data)
{
	struct vz_player *player = data;
	struct vz_blob *picture;
	uint64_t count;
	ssize_t n;

	n = read(fd, &count, sizeof(count));
	(void) n;
	(void) pthread_mutex_lock(&player->lock);
	picture = vz_steal(player->done);
	adopt(player);
	(void) pthread_mutex_unlock(&player->lock);
	if (picture && player->n_wanted)
		player->options.picture(picture, player->options.data);
	(void) vz_blob_unref(picture);
	tell(player);
}

/* --- What is asked of it -------------------------------------------------------------------- */

/* Takes @path; NULL: nothing is open any more. */
static void replace(struct vz_player *player, char *path)
{
	(void) pthread_mutex_lock(&player->lock);
	forget_clip(player);
	player->generation++;
	free(player->next_path);
	player->next_path = path;
	player->is_new = true;
	player->state = path ? VZ_PLAYER_LOADING : VZ_PLAYER_EMPTY;
	player->frame = 0;
	player->is_due = false;
	(void) vz_blob_unref(vz_steal(player->done));
	__atomic_store_n(&player->is_cancelled, true, __ATOMIC_RELAXED);
	(void) pthread_cond_signal(&player->cond);
	(void) pthread_mutex_unlock(&player->lock);
}

int vz_player_open(struct vz_player *player, const char *path)
{
	char *next = strdup(path), *own = strdup(path);

	if (!next || !own) {
		free(next);
		free(own);
		return -ENOMEM;
	}
	free(player->path);
	player->path = own;
	replace(player, next);
	tell(player);
	return 0;
}

void vz_player_close(struct vz_player *player)
{
	if (!player->path)
		return;
	free(vz_steal(player->path));
	replace(player, NULL);
	tell(player);
}

/* With a clip: sets its state and the frame to show, which may be past its ends. */
static void move(struct vz_player *player, enum vz_player_state state, int64_t frame)
{
	int64_t last = (int64_t) player->n_frames - 1;

	if (!player->n_frames)
		return;
	(void) pthread_mutex_lock(&player->lock);
	player->is_restarted = state == VZ_PLAYER_PLAYING;
	player->state = state;
	player->frame = (size_t) (frame < 0 ? 0 : frame > last ? last : frame);
	player->is_due = true;
	(void) pthread_cond_signal(&player->cond);
	(void) pthread_mutex_unlock(&player->lock);
	tell(player);
}

void vz_player_play(struct vz_player *player)
{
	size_t frame = vz_player_get_frame(player);

	if (vz_player_get_state(player) != VZ_PLAYER_PLAYING)
		move(player, VZ_PLAYER_PLAYING,
		     frame + 1 >= player->n_frames ? 0 : (int64_t) frame);
}

void vz_player_pause(struct vz_player *player)
{
	if (vz_player_get_state(player) == VZ_PLAYER_PLAYING)
		move(player, VZ_PLAYER_PAUSED, (int64_t) vz_player_get_frame(player));
}

void vz_player_stop(struct vz_player *player)
{
	move(player, VZ_PLAYER_STOPPED, 0);
}

void vz_player_step(struct vz_player *player, int n_frames)
{
	move(player, VZ_PLAYER_PAUSED, (int64_t) vz_player_get_frame(player) + n_frames);
}

void vz_player_seek(struct vz_player *player, size_t frame)
{
	bool is_playing = vz_player_get_state(player) == VZ_PLAYER_PLAYING;

	move(player, is_playing ? VZ_PLAYER_PLAYING : VZ_PLAYER_PAUSED,
	     frame < player->n_frames ? (int64_t) frame : (int64_t) player->n_frames);
}

void vz_player_seek_time(struct vz_player *player, int64_t time_ns)
{
	size_t from = 0, to = player->n_frames;

	while (to - from > 1) {
		size_t middle = from + (to - from) / 2;

		if (player->times_ns[middle] <= time_ns)
			from = middle;
		else
			to = middle;
	}
	vz_player_seek(player, from);
}

void vz_player_set_wanted(struct vz_player *player, unsigned n_watchers)
{
	(void) pthread_mutex_lock(&player->lock);
	player->is_wanted = n_watchers > 0;
	if (n_watchers > player->n_wanted && player->n_frames) {
		player->is_due = true;
		(void) pthread_cond_signal(&player->cond);
	}
	(void) pthread_mutex_unlock(&player->lock);
	player->n_wanted = n_watchers;
}

/* --- What it says --------------------------------------------------------------------------- */

enum vz_player_state vz_player_get_state(const struct vz_player *player)
{
	/* The lock is no part of what a reader sees. */
	pthread_mutex_t *lock = (pthread_mutex_t *) (uintptr_t) &player->lock;
	enum vz_player_state state;

	(void) pthread_mutex_lock(lock);
	state = player->state;
	(void) pthread_mutex_unlock(lock);
	return state;
}

size_t vz_player_get_frame(const struct vz_player *player)
{
	pthread_mutex_t *lock = (pthread_mutex_t *) (uintptr_t) &player->lock;
	size_t frame;

	(void) pthread_mutex_lock(lock);
	frame = player->frame;
	(void) pthread_mutex_unlock(lock);
	return frame;
}

const char *vz_player_state_name(enum vz_player_state state)
{
	static const char *const names[] = { "empty",	"loading", "failed",
					     "stopped", "playing", "paused" };

	return names[state];
}

const char *vz_player_get_error(const struct vz_player *player)
{
	return player->error;
}

const char *vz_player_get_path(const struct vz_player *player)
{
	return player->path;
}

size_t vz_player_n_frames(const struct vz_player *player)
{
	return player->n_frames;
}

uint32_t vz_player_get_width_px(const struct vz_player *player)
{
	return player->width_px;
}

uint32_t vz_player_get_height_px(const struct vz_player *player)
{
	return player->height_px;
}

const int64_t *vz_player_get_times_ns(const struct vz_player *player)
{
	return player->times_ns;
}

int64_t vz_player_get_time_ns(const struct vz_player *player)
{
	size_t frame = vz_player_get_frame(player);

	return frame < player->n_frames ? player->times_ns[frame] : 0;
}

int64_t vz_player_get_duration_ns(const struct vz_player *player)
{
	return player->n_frames ? player->times_ns[player->n_frames - 1] : 0;
}

/* --- Life ----------------------------------------------------------------------------------- */

static int init_locks(struct vz_player *player)
{
	pthread_condattr_t attributes;

	(void) pthread_condattr_init(&attributes);
	(void) pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void) pthread_cond_init(&player->cond, &attributes);
	(void) pthread_condattr_destroy(&attributes);
	(void) pthread_mutex_init(&player->lock, NULL);
	player->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return player->fd < 0 ? -errno : 0;
}

int vz_player_new(const struct vz_player_options *options, struct vz_player **ret)
{
	VZ_CLEANUP(vz_player_freep) struct vz_player *player = calloc(1, sizeof(*player));
	int r;

	if (!player)
		return -ENOMEM;
	player->options = *options;
	if (!player->options.quality_percent)
		player->options.quality_percent = DEFAULT_QUALITY_PERCENT;
	player->error = "";
	r = init_locks(player);
	if (r == 0)
		r = vz_loop_add_fd(options->loop, player->fd, on_rung, player, &player->watch);
	if (r == 0)
		r = vz_thread_start(&player->thread, "vizyd-player", vz_player_run, player);
	if (r < 0)
		return r;
	player->is_running = true;
	*ret = vz_steal(player);
	return 0;
}

struct vz_player *vz_player_free(struct vz_player *player)
{
	if (!player)
		return NULL;
	(void) pthread_mutex_lock(&player->lock);
	player->quit = true;
	__atomic_store_n(&player->is_cancelled, true, __ATOMIC_RELAXED);
	(void) pthread_cond_signal(&player->cond);
	(void) pthread_mutex_unlock(&player->lock);
	if (player->is_running)
		(void) pthread_join(player->thread, NULL);
	if (player->watch)
		(void) vz_fd_source_free(player->watch);
	if (player->fd >= 0)
		(void) close(player->fd);
	(void) vz_blob_unref(player->done);
	(void) pthread_cond_destroy(&player->cond);
	(void) pthread_mutex_destroy(&player->lock);
	free(player->found.times_ns);
	free(player->next_path);
	free(player->times_ns);
	free(player->path);
	free(player);
	return NULL;
}
