#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "camera/jpeg.h"
#include "camera/pacer.h"
#include "recorder/spool-private.h"
#include "util/log.h"

/* What a power cut costs at most, if the disk keeps up. */
#define SYNC_NS INT64_C(1000000000)
/* While there is no room: how soon it is looked for again. */
#define RETRY_NS INT64_C(1000000000)

static void ring(const struct vz_spool *spool)
{
	const uint64_t one = 1;
	ssize_t n;

	/* It fails only when it is full of rings already. */
	n = write(spool->fd, &one, sizeof(one));
	(void) n;
}

/* --- Telling the loop ----------------------------------------------------------------------- */

/* The list as it is now. Out of memory the old one stays until the next change. */
static void publish(struct vz_spool *spool)
{
	size_t n = vz_store_n_recordings(spool->store);
	struct vz_recording *list = calloc(n + 1, sizeof(*list));

	for (size_t i = 0; list && i < n; i++)
		list[i] = *vz_store_get(spool->store, n - 1 - i);
	(void) pthread_mutex_lock(&spool->lock);
	spool->status.used_bytes = vz_store_used_bytes(spool->store);
	spool->status.n_removed = vz_store_n_removed(spool->store);
	if (list) {
		free(spool->next_list);
		spool->next_list = list;
		spool->n_next_list = n;
		spool->has_next_list = true;
	}
	(void) pthread_mutex_unlock(&spool->lock);
	ring(spool);
}

static void set_full(struct vz_spool *spool, bool is_full)
{
	bool is_new;

	(void) pthread_mutex_lock(&spool->lock);
	is_new = spool->status.is_full != is_full;
	spool->status.is_full = is_full;
	(void) pthread_mutex_unlock(&spool->lock);
	if (!is_new)
		return;
	if (is_full)
		vz_log(CAM, WARNING,
		       "No room for a recording: its frames wait in memory until there is");
	ring(spool);
}

/* --- Changes of the list -------------------------------------------------------------------- */

static void make_change(struct vz_spool *spool, struct vz_spool_change *change)
{
	if (!spool->store)
		change->r = -ENODEV;
	else if (change->kind == VZ_RENAME)
		change->r = vz_store_rename(spool->store, change->id, change->name);
	else if (change->kind == VZ_KEEP)
		change->r = vz_store_keep(spool->store, change->id, change->is_kept);
	else
		change->r = vz_store_delete(spool->store, change->id);
	(void) pthread_mutex_lock(&spool->lock);
	vz_list_add(&spool->done, &change->in_changes);
	(void) pthread_mutex_unlock(&spool->lock);
	if (spool->store)
		publish(spool);
	else
		ring(spool);
}

/* With the lock held, which it lets go of meanwhile. Returns whether there was one. */
static bool make_next_change(struct vz_spool *spool)
{
	struct vz_spool_change *change;

	change = vz_list_first(&spool->changes, struct vz_spool_change, in_changes);
	if (!change)
		return false;
	vz_list_remove(&change->in_changes);
	(void) pthread_mutex_unlock(&spool->lock);
	make_change(spool, change);
	(void) pthread_mutex_lock(&spool->lock);
	return true;
}

/* Until somebody may have made room. Returns false when the spool ends. */
static bool wait_for_room(struct vz_spool *spool)
{
	int64_t at_ns = vz_pacer_now_ns() + RETRY_NS;
	const struct timespec at = { at_ns / 1000000000, at_ns % 1000000000 };
	bool quit;

	set_full(spool, true);
	(void) pthread_mutex_lock(&spool->lock);
	if (!spool->quit && !make_next_change(spool))
		(void) pthread_cond_timedwait(&spool->cond, &spool->lock, &at);
	quit = spool->quit;
	(void) pthread_mutex_unlock(&spool->lock);
	return !quit;
}

/* --- Writing -------------------------------------------------------------------------------- */

static bool is_for_want_of_room(int r)
{
	return r == -ENOSPC || r == -EDQUOT;
}

/* After @r, which may be want of room. Returns 0: try again; else why not. */
static int find_room(struct vz_spool *spool, int r)
{
	int removed;

	if (!is_for_want_of_room(r))
		return r;
	removed = vz_store_make_room(spool->store, 0, true);
	if (removed == 1)
		publish(spool);
	else if (!wait_for_room(spool))
		return r;
	return 0;
}

/* Within the budget. One that is larger than all of it ends there. */
static int keep_budget(struct vz_spool *spool, const struct vz_take *take, size_t more)
{
	uint64_t bytes = take->file.bytes + more;
	int r;

	if (bytes > spool->options.budget_bytes)
		return -EFBIG;
	while ((r = vz_store_make_room(spool->store, bytes, false)) != 0) {
		if (r == 1)
			publish(spool);
		else if (!is_for_want_of_room(r))
			return r;
		else if (!wait_for_room(spool))
			return r;
	}
	return 0;
}

static int write_picture(const struct vz_take *take, uint8_t *cluster, const uint8_t *picture,
			 size_t size)
{
	size_t done = 0, all = VZ_MKV_CLUSTER_BYTES + size;

	while (done < all) {
		bool in_head = done < VZ_MKV_CLUSTER_BYTES;
		struct iovec parts[2] = {
			{ cluster + done, in_head ? VZ_MKV_CLUSTER_BYTES - done : 0 },
			/* Only read. */
			{ (uint8_t *) (uintptr_t) picture +
				  (in_head ? 0 : done - VZ_MKV_CLUSTER_BYTES),
			  in_head ? size : all - done },
		};
		ssize_t n = pwritev(take->file.fd, in_head ? parts : parts + 1, in_head ? 2 : 1,
				    (off_t) (take->file.bytes + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		done += (size_t) n;
	}
	return 0;
}

/* Now and then, so that a power cut finds all but the last moments on the disk. */
static void sync_take(struct vz_take *take)
{
	int64_t now_ns = vz_pacer_now_ns();

	if (now_ns - take->synced_ns < SYNC_NS)
		return;
	(void) fdatasync(take->file.fd);
	take->synced_ns = vz_pacer_now_ns();
}

static int begin_take(struct vz_spool *spool, struct vz_take *take)
{
	struct vz_recording recording;
	int r;

	/* It may end while it is begun here. */
	(void) pthread_mutex_lock(&spool->lock);
	recording = take->recording;
	(void) pthread_mutex_unlock(&spool->lock);
	while (!take->is_begun) {
		r = vz_store_begin(spool->store, &recording, &take->file);
		take->is_begun = r == 0;
		if (r < 0)
			r = find_room(spool, r);
		if (r < 0)
			return r;
	}
	return 0;
}

static int write_frame(struct vz_spool *spool, struct vz_take *take, const struct vz_frame *frame)
{
	uint8_t cluster[VZ_MKV_CLUSTER_BYTES];
	struct vz_mkv_frame place;
	const uint8_t *picture;
	size_t size;
	int r;

	if (!spool->jpeg && vz_jpeg_new(&spool->jpeg) < 0)
		return -ENOMEM;
	r = begin_take(spool, take);
	if (r == 0)
		r = vz_jpeg_encode(spool->jpeg, frame, NULL, spool->options.quality_percent,
				   &picture, &size);
	if (r < 0)
		return r;
	if (!take->file.n_frames)
		take->base_ns = frame->timestamp_ns;
	place = (struct vz_mkv_frame){ (frame->timestamp_ns - take->base_ns + 500) / 1000,
				       frame->timestamp_ns, frame->sequence, 0 };
	vz_mkv_put_cluster(cluster, &place, size);
	do {
		r = keep_budget(spool, take, VZ_MKV_CLUSTER_BYTES + size);
		if (r == 0)
			r = write_picture(take, cluster, picture, size);
	} while (is_for_want_of_room(r) && find_room(spool, r) == 0);
	if (r < 0)
		return r;
	set_full(spool, false);
	sync_take(take);
	return vz_store_file_note(&take->file, &place, size);
}

/* --- Ending --------------------------------------------------------------------------------- */

static void tell_saved(struct vz_spool *spool, const struct vz_recording *recording)
{
	(void) pthread_mutex_lock(&spool->lock);
	/* The loop has been standing still for a while: it hears of the newest. */
	if (spool->n_saved == VZ_SPOOL_MAX_SAVED)
		memmove(spool->saved, spool->saved + 1, --spool->n_saved * sizeof(*spool->saved));
	spool->saved[spool->n_saved++] = *recording;
	(void) pthread_mutex_unlock(&spool->lock);
}

/* With nothing left to write of @take. */
static int finish_take(struct vz_spool *spool, struct vz_take *take)
{
	struct vz_recording saved;
	int r;

	if (!take->is_begun)
		return take->error;
	memcpy(take->file.recording.end, take->recording.end, sizeof(take->recording.end));
	take->file.n_expected = take->n_expected;
	take->file.recording.n_lost = take->recording.n_lost;
	if (take->error)
		(void) snprintf(take->file.recording.end, sizeof(take->file.recording.end), "%s",
				take->error == -EFBIG ? "budget" : "disk error");
	if (!take->file.n_frames)
		return vz_store_finish(spool->store, &take->file);
	do {
		r = vz_store_finish(spool->store, &take->file);
	} while (is_for_want_of_room(r) && find_room(spool, r) == 0);
	if (r < 0)
		return r;
	set_full(spool, false);
	saved = *vz_store_get(spool->store, vz_store_n_recordings(spool->store) - 1);
	tell_saved(spool, &saved);
	return 0;
}

static void end_take(struct vz_spool *spool, struct vz_take *take)
{
	int r = finish_take(spool, take), error = take->error ? take->error : r;

	if (error < 0)
		(void) vz_warn_errno(CAM, error, "A recording is not complete");
	(void) pthread_mutex_lock(&spool->lock);
	vz_list_remove(&take->in_takes);
	spool->status.n_takes--;
	spool->status.n_waiting -= take->n;
	spool->status.n_failed += error < 0;
	(void) pthread_mutex_unlock(&spool->lock);
	vz_take_free(take);
	publish(spool);
}

/* --- The thread ----------------------------------------------------------------------------- */

struct work {
	struct vz_take *take;
	struct vz_frame *frame; /* with a reference; NULL: the take is to be ended */
};

static struct vz_frame *take_frame(struct vz_take *take)
{
	struct vz_frame *frame = take->frames[take->first];

	take->first = (take->first + 1) % take->capacity;
	take->n--;
	return frame;
}

/* With the lock held. Of the oldest take alone: one after the other. */
static bool find_work(struct vz_spool *spool, struct work *work)
{
	struct vz_take *take = vz_list_first(&spool->takes, struct vz_take, in_takes);

	if (!take || (!take->n && !take->is_ended))
		return false;
	*work = (struct work){ take, NULL };
	if (take->n) {
		work->frame = take_frame(take);
		spool->status.n_waiting--;
	}
	return true;
}

/* Returns false when the spool ends: all is written, or patience is over. */
static bool wait_for_work(struct vz_spool *spool, struct work *work)
{
	bool has_work = false;

	(void) pthread_mutex_lock(&spool->lock);
	while (!has_work) {
		if (make_next_change(spool))
			continue;
		if (spool->quit && vz_pacer_now_ns() > spool->quit_ns)
			break;
		has_work = find_work(spool, work);
		if (!has_work && spool->quit)
			break;
		if (!has_work)
			(void) pthread_cond_wait(&spool->cond, &spool->lock);
	}
	(void) pthread_mutex_unlock(&spool->lock);
	return has_work;
}

static void do_work(struct vz_spool *spool, const struct work *work)
{
	struct vz_take *take = work->take;
	int r;

	if (!work->frame) {
		end_take(spool, take);
		return;
	}
	/* After a failure the rest of the frames only gives its memory back. */
	if (!take->error) {
		r = write_frame(spool, take, work->frame);
		/* One frame for which there was no memory is a frame less. */
		if (r < 0 && r != -ENOMEM)
			take->error = r;
	}
	(void) vz_frame_unref(work->frame);
}

static void open_store(struct vz_spool *spool)
{
	int r = vz_store_open(spool->dir, spool->options.budget_bytes, &spool->store);

	if (r < 0)
		(void) vz_warn_errno(CAM, r, "Nothing can be recorded: %s", spool->dir);
	(void) pthread_mutex_lock(&spool->lock);
	spool->status.is_open = r == 0;
	spool->status.error = r;
	(void) pthread_mutex_unlock(&spool->lock);
	if (r == 0)
		publish(spool);
	else
		ring(spool);
}

void *vz_spool_run(void *data)
{
	struct vz_spool *spool = data;
	struct vz_take *take;
	struct work work;

	open_store(spool);
	while (wait_for_work(spool, &work)) {
		if (spool->store) {
			do_work(spool, &work);
			continue;
		}
		/* Begun before it was known that there is no folder. */
		(void) vz_frame_unref(work.frame);
		work.take->error = -ENODEV;
		if (!work.frame) {
			(void) pthread_mutex_lock(&spool->lock);
			vz_list_remove(&work.take->in_takes);
			spool->status.n_takes--;
			spool->status.n_failed++;
			(void) pthread_mutex_unlock(&spool->lock);
			vz_take_free(work.take);
		}
	}
	while ((take = vz_list_first(&spool->takes, struct vz_take, in_takes))) {
		vz_list_remove(&take->in_takes);
		vz_take_free(take);
	}
	spool->jpeg = vz_jpeg_free(spool->jpeg);
	spool->store = vz_store_close(spool->store);
	return NULL;
}
