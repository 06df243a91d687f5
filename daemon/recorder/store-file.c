/*
 * How a recording gets onto the disk: its folder is ".new-ID" until it is whole.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "recorder/store-private.h"

static void new_name(char *ret, size_t size, const char *id)
{
	(void) snprintf(ret, size, ".new-%s", id);
}

/*
 * Named by the moment, in UTC. A clock that is wrong, as on a machine without a battery for it,
 * must not make the new one the oldest: it is made later than all that are there.
 */
static int choose_id(const struct vz_store *store, struct vz_recording *recording)
{
	int64_t now_s = (int64_t) time(NULL);
	time_t created;
	struct tm utc;

	if (store->n && now_s <= store->recordings[store->n - 1].created_s)
		now_s = store->recordings[store->n - 1].created_s + 1;
	recording->created_s = now_s;
	created = (time_t) now_s;
	if (!gmtime_r(&created, &utc) ||
	    !strftime(recording->id, sizeof(recording->id), "%Y%m%d-%H%M%S", &utc))
		return -EOVERFLOW;
	return 0;
}

static struct vz_mkv_video video_of(const struct vz_recording *recording)
{
	return (struct vz_mkv_video){ recording->width_px, recording->height_px, recording->fps,
				      recording->created_s };
}

/* Appends nothing: writes at the place. */
static int write_at(int fd, const struct vz_buf *buf, uint64_t offset)
{
	size_t done = 0;

	if (buf->failed)
		return -ENOMEM;
	while (done < buf->size) {
		ssize_t n = pwrite(fd, buf->data + done, buf->size - done, (off_t) (offset + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		done += (size_t) n;
	}
	return 0;
}

static int write_head(int fd, const struct vz_recording *recording, const struct vz_mkv_end *end)
{
	struct vz_mkv_video video = video_of(recording);
	struct vz_buf buf = { 0 };
	int r;

	vz_mkv_write_head(&buf, &video, end);
	r = write_at(fd, &buf, 0);
	vz_buf_deinit(&buf);
	return r;
}

static int write_sidecar(int dir_fd, const struct vz_store_file *file)
{
	struct vz_buf buf = { 0 };

	vz_recording_print(&buf, &file->recording, file->frames, file->n_frames);
	return vz_store_write_text(dir_fd, VZ_RECORDING_SIDECAR, &buf);
}

static int fill_dir(int dir_fd, struct vz_store_file *file)
{
	int r;

	r = write_sidecar(dir_fd, file);
	if (r < 0)
		return r;
	file->fd = openat(dir_fd, VZ_RECORDING_VIDEO, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
	if (file->fd < 0)
		return -errno;
	r = write_head(file->fd, &file->recording, &(struct vz_mkv_end){ 0 });
	if (r < 0)
		return r;
	file->bytes = VZ_MKV_HEAD_BYTES;
	return lseek(file->fd, VZ_MKV_HEAD_BYTES, SEEK_SET) < 0 ? -errno : 0;
}

int vz_store_begin(struct vz_store *store, const struct vz_recording *recording,
		   struct vz_store_file *ret)
{
	struct vz_store_file file = { .fd = -1, .recording = *recording };
	char name[VZ_RECORDING_ID_MAX + 8];
	int dir_fd, r;

	r = choose_id(store, &file.recording);
	if (r < 0)
		return r;
	new_name(name, sizeof(name), file.recording.id);
	if (mkdirat(store->fd, name, 0750) < 0)
		return -errno;
	dir_fd = vz_store_open_dir(store, name);
	r = dir_fd < 0 ? dir_fd : fill_dir(dir_fd, &file);
	if (dir_fd >= 0)
		(void) close(dir_fd);
	if (r < 0) {
		vz_store_file_abandon(&file);
		(void) vz_store_remove_dir(store, name);
		return r;
	}
	*ret = file;
	return 0;
}

int vz_store_file_note(struct vz_store_file *file, const struct vz_mkv_frame *frame,
		       size_t picture_bytes)
{
	size_t capacity = file->capacity ? file->capacity * 2 : 256;
	struct vz_mkv_frame *larger;

	if (file->n_frames == file->capacity) {
		larger = realloc(file->frames, capacity * sizeof(*larger));
		if (!larger)
			return -ENOMEM;
		file->frames = larger;
		file->capacity = capacity;
	}
	file->frames[file->n_frames] = *frame;
	file->frames[file->n_frames++].offset = file->bytes;
	file->bytes += VZ_MKV_CLUSTER_BYTES + picture_bytes;
	return 0;
}

int vz_store_write_end(int fd, const struct vz_recording *recording,
		       const struct vz_mkv_frame *frames, size_t n_frames, uint64_t *bytes)
{
	struct vz_mkv_end end = {
		.duration_us = frames[n_frames - 1].time_us,
		.cues_offset = *bytes,
	};
	struct vz_buf buf = { 0 };
	int r;

	vz_mkv_write_cues(&buf, frames, n_frames);
	end.size = *bytes + buf.size;
	r = write_at(fd, &buf, *bytes);
	vz_buf_deinit(&buf);
	/* Only then does the head speak of them. */
	if (r == 0)
		r = write_head(fd, recording, &end);
	if (r == 0 && ftruncate(fd, (off_t) end.size) < 0)
		r = -errno;
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	if (r == 0)
		*bytes = end.size;
	return r;
}

static int complete(struct vz_store *store, struct vz_store_file *file, const char *name)
{
	struct vz_recording *recording = &file->recording;
	uint64_t bytes = file->bytes;
	int dir_fd, r;

	vz_recording_count(recording, file->frames, file->n_frames, file->n_expected);
	r = vz_store_write_end(file->fd, recording, file->frames, file->n_frames, &bytes);
	if (r < 0)
		return r;
	dir_fd = vz_store_open_dir(store, name);
	if (dir_fd < 0)
		return dir_fd;
	r = write_sidecar(dir_fd, file);
	(void) close(dir_fd);
	if (r < 0)
		return r;
	recording->bytes = bytes;
	if (renameat(store->fd, name, store->fd, recording->id) < 0 || fsync(store->fd) < 0)
		return -errno;
	return vz_store_insert(store, recording);
}

int vz_store_finish(struct vz_store *store, struct vz_store_file *file)
{
	char name[VZ_RECORDING_ID_MAX + 8];
	int r = 0;

	new_name(name, sizeof(name), file->recording.id);
	if (file->n_frames)
		r = complete(store, file, name);
	else
		(void) vz_store_remove_dir(store, name);
	if (r == 0)
		vz_store_file_abandon(file);
	return r;
}

void vz_store_file_abandon(struct vz_store_file *file)
{
	if (file->fd >= 0)
		(void) close(file->fd);
	file->fd = -1;
	free(vz_steal(file->frames));
	file->n_frames = file->capacity = 0;
}
