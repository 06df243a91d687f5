/*
 * What a start finds: recordings, halves of recordings, and what was being removed.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recorder/store-private.h"
#include "util/json.h"
#include "util/log.h"

/* --- Halves --------------------------------------------------------------------------------- */

/* Notes the frames that are there whole. */
static int find_frames(struct vz_store_file *file)
{
	uint8_t cluster[VZ_MKV_CLUSTER_BYTES];
	struct vz_mkv_frame frame;
	struct stat st;
	size_t size;
	int r = 0;

	if (fstat(file->fd, &st) < 0)
		return -errno;
	file->bytes = VZ_MKV_HEAD_BYTES;
	while (r == 0 &&
	       pread(file->fd, cluster, sizeof(cluster), (off_t) file->bytes) == sizeof(cluster) &&
	       vz_mkv_parse_cluster(cluster, &frame, &size) == 0 &&
	       file->bytes + sizeof(cluster) + size <= (uint64_t) st.st_size)
		r = vz_store_file_note(file, &frame, size);
	return r;
}

static int open_half(const struct vz_store *store, const char *name, struct vz_store_file *file)
{
	VZ_CLEANUP(json_object_putp) struct json_object *sidecar = NULL;
	int dir_fd = vz_store_open_dir(store, name), r;

	if (dir_fd < 0)
		return dir_fd;
	r = vz_store_read_sidecar(dir_fd, &sidecar);
	if (r == 0)
		r = vz_recording_parse(sidecar, &file->recording);
	if (r == 0) {
		file->fd = openat(dir_fd, VZ_RECORDING_VIDEO, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
		r = file->fd < 0 ? -errno : 0;
	}
	(void) close(dir_fd);
	return r;
}

/* The name is ".new-ID". What has no frame that is whole is nothing. */
static void salvage(struct vz_store *store, const char *name)
{
	struct vz_store_file file = { .fd = -1 };
	size_t n_frames = 0;
	int r;

	r = open_half(store, name, &file);
	if (r == 0)
		r = find_frames(&file);
	if (r == 0) {
		n_frames = file.n_frames;
		file.recording.is_salvaged = true;
		(void) snprintf(file.recording.end, sizeof(file.recording.end), "broken off");
		/* By one rename it is a recording; without frames it is removed. */
		r = strcmp(name + 5, file.recording.id) ? -EBADMSG : vz_store_finish(store, &file);
	}
	if (r == 0 && n_frames)
		vz_log(CAM, NOTICE, "Recording %s had broken off: %zu frames are saved", name + 5,
		       n_frames);
	vz_store_file_abandon(&file);
	/* When there is no memory or room for it now, there may be at the next start. */
	if (r == -ENOMEM || r == -ENOSPC || r == -EDQUOT || r == -EIO)
		(void) vz_warn_errno(CAM, r, "Recording %s cannot be completed now", name + 5);
	else if (r < 0)
		(void) vz_store_remove_dir(store, name);
}

/* --- Wholes --------------------------------------------------------------------------------- */

static int load(struct vz_store *store, const char *id)
{
	VZ_CLEANUP(json_object_putp) struct json_object *sidecar = NULL;
	int dir_fd = vz_store_open_dir(store, id), r;
	struct vz_recording recording;
	struct stat st;

	if (dir_fd < 0)
		return dir_fd;
	r = vz_store_read_sidecar(dir_fd, &sidecar);
	if (r == 0)
		r = vz_recording_parse(sidecar, &recording);
	if (r == 0 && strcmp(recording.id, id))
		r = -EBADMSG;
	if (r == 0 && fstatat(dir_fd, VZ_RECORDING_VIDEO, &st, AT_SYMLINK_NOFOLLOW) < 0)
		r = -errno;
	(void) close(dir_fd);
	if (r < 0)
		return r;
	recording.bytes = (uint64_t) st.st_size;
	return vz_store_insert(store, &recording);
}

static int scan_entry(struct vz_store *store, const char *name)
{
	int r = 0;

	if (vz_recording_is_id(name))
		r = load(store, name);
	else if (!strncmp(name, ".gone-", 6))
		(void) vz_store_remove_dir(store, name);
	if (r == -ENOMEM)
		return r;
	if (r < 0)
		(void) vz_warn_errno(CAM, r, "Recording %s cannot be read, and is left alone",
				     name);
	return 0;
}

/* Calls @fn for each name in the folder. */
static int walk(struct vz_store *store, int (*fn)(struct vz_store *store, const char *name))
{
	int fd = openat(store->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;
	struct dirent *entry;
	DIR *dir;

	if (fd < 0)
		return -errno;
	dir = fdopendir(fd);
	if (!dir) {
		(void) close(fd);
		return -ENOMEM;
	}
	while (r == 0 && (entry = readdir(dir)))
		r = fn(store, entry->d_name);
	(void) closedir(dir);
	return r;
}

static int salvage_entry(struct vz_store *store, const char *name)
{
	if (!strncmp(name, ".new-", 5) && vz_recording_is_id(name + 5))
		salvage(store, name);
	return 0;
}

int vz_store_scan(struct vz_store *store)
{
	int r;

	r = walk(store, scan_entry);
	return r < 0 ? r : walk(store, salvage_entry);
}
