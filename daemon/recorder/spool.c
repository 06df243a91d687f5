#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "camera/pacer.h"
#include "camera/thread.h"
#include "loop/loop.h"
#include "recorder/spool-private.h"

#define DEFAULT_QUALITY_PERCENT 95

/* --- Takes ---------------------------------------------------------------------------------- */

int vz_spool_begin(struct vz_spool *spool, const struct vz_recording *recording,
		   struct vz_take **ret)
{
	struct vz_take *take;
	int r;

	take = calloc(1, sizeof(*take));
	if (!take)
		return -ENOMEM;
	vz_list_init(&take->in_takes);
	take->spool = spool;
	take->recording = *recording;
	take->file.fd = -1;
	(void) pthread_mutex_lock(&spool->lock);
	r = spool->status.error;
	if (r == 0) {
		vz_list_add(&spool->takes, &take->in_takes);
		spool->status.n_takes++;
	}
	(void) pthread_mutex_unlock(&spool->lock);
	if (r < 0)
		free(take);
	else
		*ret = take;
	return r;
}

static int make_place(struct vz_take *take)
{
	size_t capacity = take->capacity ? take->capacity * 2 : 64;
	struct vz_frame **larger;

	if (take->n < take->capacity)
		return 0;
	larger = calloc(capacity, sizeof(struct vz_frame *));
	if (!larger)
		return -ENOMEM;
	for (size_t i = 0; i < take->n; i++)
		larger[i] = take->frames[(take->first + i) % take->capacity];
	free(take->frames);
	take->frames = larger;
	take->first = 0;
	take->capacity = capacity;
	return 0;
}

int vz_take_add(struct vz_take *take, struct vz_frame *frame)
{
	struct vz_spool *spool = take->spool;
	int r;

	(void) pthread_mutex_lock(&spool->lock);
	r = make_place(take);
	if (r == 0) {
		take->frames[(take->first + take->n++) % take->capacity] = vz_frame_ref(frame);
		spool->status.n_waiting++;
		(void) pthread_cond_signal(&spool->cond);
	}
	(void) pthread_mutex_unlock(&spool->lock);
	return r;
}

void vz_take_end(struct vz_take *take, const char *why, uint64_t n_expected, uint64_t n_lost)
{
	struct vz_spool *spool = take->spool;

	(void) pthread_mutex_lock(&spool->lock);
	(void) snprintf(take->recording.end, sizeof(take->recording.end), "%s", why);
	take->n_expected = n_expected;
	take->recording.n_lost = n_lost;
	take->is_ended = true;
	(void) pthread_cond_signal(&spool->cond);
	(void) pthread_mutex_unlock(&spool->lock);
}

void vz_take_free(struct vz_take *take)
{
	for (size_t i = 0; i < take->n; i++)
		(void) vz_frame_unref(take->frames[(take->first + i) % take->capacity]);
	vz_store_file_abandon(&take->file);
	free(take->frames);
	free(take);
}

/* --- Changes -------------------------------------------------------------------------------- */

static int add_change(struct vz_spool *spool, const struct vz_spool_change *change, const char *id,
		      const char *name)
{
	struct vz_spool_change *copy = calloc(1, sizeof(*copy));

	if (!copy)
		return -ENOMEM;
	*copy = *change;
	vz_list_init(&copy->in_changes);
	(void) snprintf(copy->id, sizeof(copy->id), "%s", id);
	copy->name = name ? strdup(name) : NULL;
	if (name && !copy->name) {
		free(copy);
		return -ENOMEM;
	}
	(void) pthread_mutex_lock(&spool->lock);
	vz_list_add(&spool->changes, &copy->in_changes);
	(void) pthread_cond_signal(&spool->cond);
	(void) pthread_mutex_unlock(&spool->lock);
	return 0;
}

int vz_spool_rename(struct vz_spool *spool, const char *id, const char *name, vz_spool_fn *fn,
		    void *data)
{
	return add_change(spool,
			  &(struct vz_spool_change){ .kind = VZ_RENAME, .fn = fn, .data = data },
			  id, name);
}

int vz_spool_keep(struct vz_spool *spool, const char *id, bool is_kept, vz_spool_fn *fn, void *data)
{
	return add_change(spool,
			  &(struct vz_spool_change){
				  .kind = VZ_KEEP, .is_kept = is_kept, .fn = fn, .data = data },
			  id, NULL);
}

int vz_spool_delete(struct vz_spool *spool, const char *id, vz_spool_fn *fn, void *data)
{
	return add_change(spool,
			  &(struct vz_spool_change){ .kind = VZ_DELETE, .fn = fn, .data = data },
			  id, NULL);
}

static void free_change(struct vz_spool_change *change)
{
	vz_list_remove(&change->in_changes);
	free(change->name);
	free(change);
}

static void free_changes(struct vz_list *changes)
{
	struct vz_spool_change *change;

	while ((change = vz_list_first(changes, struct vz_spool_change, in_changes)))
		free_change(change);
}

/* --- What the thread has done --------------------------------------------------------------- */

static struct vz_spool_change *take_done(struct vz_spool *spool)
{
	struct vz_spool_change *change;

	(void) pthread_mutex_lock(&spool->lock);
	change = vz_list_first(&spool->done, struct vz_spool_change, in_changes);
	if (change)
		vz_list_remove(&change->in_changes);
	(void) pthread_mutex_unlock(&spool->lock);
	return change;
}

static void on_rung(int fd, void *data)
{
	struct vz_recording saved[VZ_SPOOL_MAX_SAVED];
	struct vz_spool *spool = data;
	struct vz_spool_change *change;
	unsigned n_saved;
	uint64_t count;
	ssize_t n;

	n = read(fd, &count, sizeof(count));
	(void) n;
	(void) pthread_mutex_lock(&spool->lock);
	if (spool->has_next_list) {
		free(spool->list);
		spool->list = vz_steal(spool->next_list);
		spool->n_list = spool->n_next_list;
		spool->has_next_list = false;
	}
	n_saved = spool->n_saved;
	memcpy(saved, spool->saved, n_saved * sizeof(saved[0]));
	spool->n_saved = 0;
	(void) pthread_mutex_unlock(&spool->lock);

	if (spool->options.changed)
		spool->options.changed(spool->options.data);
	for (unsigned i = 0; i < n_saved && spool->options.saved; i++)
		spool->options.saved(&saved[i], spool->options.data);
	while ((change = take_done(spool))) {
		if (change->fn)
			change->fn(change->r, change->data);
		free_change(change);
	}
}

/* --- What it says --------------------------------------------------------------------------- */

struct vz_spool_status vz_spool_get_status(const struct vz_spool *spool)
{
	/* The lock is no part of what a reader sees. */
	pthread_mutex_t *lock = (pthread_mutex_t *) (uintptr_t) &spool->lock;
	struct vz_spool_status status;

	(void) pthread_mutex_lock(lock);
	status = spool->status;
	(void) pthread_mutex_unlock(lock);
	return status;
}

const struct vz_recording *vz_spool_get(const struct vz_spool *spool, size_t index)
{
	return index < spool->n_list ? &spool->list[index] : NULL;
}

const struct vz_recording *vz_spool_find(const struct vz_spool *spool, const char *id)
{
	for (size_t i = 0; i < spool->n_list; i++)
		if (!strcmp(spool->list[i].id, id))
			return &spool->list[i];
	return NULL;
}

char *vz_spool_video_path(const struct vz_spool *spool, const char *id)
{
	return vz_store_file_path(spool->dir, id, VZ_RECORDING_VIDEO);
}

char *vz_spool_sidecar_path(const struct vz_spool *spool, const char *id)
{
	return vz_store_file_path(spool->dir, id, VZ_RECORDING_SIDECAR);
}

/* --- Life ----------------------------------------------------------------------------------- */

static int init(struct vz_spool *spool, const struct vz_spool_options *options)
{
	pthread_condattr_t attributes;

	spool->options = *options;
	if (!spool->options.quality_percent)
		spool->options.quality_percent = DEFAULT_QUALITY_PERCENT;
	spool->status.budget_bytes = options->budget_bytes;
	vz_list_init(&spool->takes);
	vz_list_init(&spool->changes);
	vz_list_init(&spool->done);
	(void) pthread_condattr_init(&attributes);
	(void) pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void) pthread_cond_init(&spool->cond, &attributes);
	(void) pthread_condattr_destroy(&attributes);
	(void) pthread_mutex_init(&spool->lock, NULL);
	spool->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (spool->fd < 0)
		return -errno;
	spool->dir = strdup(options->dir);
	return spool->dir ? 0 : -ENOMEM;
}

int vz_spool_new(const struct vz_spool_options *options, struct vz_spool **ret)
{
	struct vz_spool *spool = calloc(1, sizeof(*spool));
	int r;

	if (!spool)
		return -ENOMEM;
	r = init(spool, options);
	if (r == 0)
		r = vz_loop_add_fd(options->loop, spool->fd, on_rung, spool, &spool->watch);
	if (r == 0)
		r = vz_thread_start(&spool->thread, "vizyd-spool", vz_spool_run, spool);
	if (r < 0) {
		(void) vz_spool_free(spool, 0);
		return r;
	}
	spool->is_running = true;
	*ret = spool;
	return 0;
}

struct vz_spool *vz_spool_free(struct vz_spool *spool, int64_t patience_us)
{
	if (!spool)
		return NULL;
	(void) pthread_mutex_lock(&spool->lock);
	spool->quit = true;
	spool->quit_ns = vz_pacer_now_ns() + patience_us * 1000;
	(void) pthread_cond_signal(&spool->cond);
	(void) pthread_mutex_unlock(&spool->lock);
	if (spool->is_running)
		(void) pthread_join(spool->thread, NULL);
	if (spool->watch)
		(void) vz_fd_source_free(spool->watch);
	if (spool->fd >= 0)
		(void) close(spool->fd);
	free_changes(&spool->changes);
	free_changes(&spool->done);
	(void) pthread_cond_destroy(&spool->cond);
	(void) pthread_mutex_destroy(&spool->lock);
	free(spool->next_list);
	free(spool->list);
	free(spool->dir);
	free(spool);
	return NULL;
}
