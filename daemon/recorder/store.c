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
#include "util/whole-file.h"

/* --- The list ------------------------------------------------------------------------------- */

int vz_store_insert(struct vz_store *store, const struct vz_recording *recording)
{
	size_t capacity = store->capacity ? store->capacity * 2 : 16, at = store->n;
	struct vz_recording *larger;

	if (store->n == store->capacity) {
		larger = realloc(store->recordings, capacity * sizeof(*larger));
		if (!larger)
			return -ENOMEM;
		store->recordings = larger;
		store->capacity = capacity;
	}
	while (at > 0 && store->recordings[at - 1].created_s > recording->created_s)
		at--;
	memmove(&store->recordings[at + 1], &store->recordings[at],
		(store->n - at) * sizeof(*store->recordings));
	store->recordings[at] = *recording;
	store->n++;
	store->used_bytes += recording->bytes;
	return 0;
}

static void take_out(struct vz_store *store, struct vz_recording *recording)
{
	size_t at = (size_t) (recording - store->recordings);

	store->used_bytes -= recording->bytes;
	memmove(recording, recording + 1, (store->n - at - 1) * sizeof(*recording));
	store->n--;
}

static struct vz_recording *find(struct vz_store *store, const char *id)
{
	for (size_t i = 0; i < store->n; i++)
		if (!strcmp(store->recordings[i].id, id))
			return &store->recordings[i];
	return NULL;
}

const struct vz_recording *vz_store_get(const struct vz_store *store, size_t index)
{
	return index < store->n ? &store->recordings[index] : NULL;
}

size_t vz_store_n_recordings(const struct vz_store *store)
{
	return store->n;
}

uint64_t vz_store_used_bytes(const struct vz_store *store)
{
	return store->used_bytes;
}

unsigned vz_store_n_removed(const struct vz_store *store)
{
	return store->n_removed;
}

/* --- Files ---------------------------------------------------------------------------------- */

int vz_store_open_dir(const struct vz_store *store, const char *name)
{
	int fd = openat(store->fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

	return fd < 0 ? -errno : fd;
}

int vz_store_write_text(int dir_fd, const char *name, struct vz_buf *buf)
{
	VZ_CLEANUP(vz_freep) char *text = NULL;
	size_t size;
	int r = vz_buf_finish(buf, &text, &size);

	return r < 0 ? r : vz_whole_file_write(dir_fd, name, 0640, text, size);
}

int vz_store_read_sidecar(int dir_fd, struct json_object **ret)
{
	static const struct vz_json_limits limits = { 32 << 20, 8, 2000000 };
	VZ_CLEANUP(vz_freep) char *text = NULL;
	size_t size = 0;
	int r;

	r = vz_whole_file_read(dir_fd, VZ_RECORDING_SIDECAR, limits.max_bytes, &text, &size);
	return r < 0 ? r : vz_json_parse(text, size, &limits, NULL, ret);
}

int vz_store_remove_dir(const struct vz_store *store, const char *name)
{
	static const char *const files[] = { VZ_RECORDING_VIDEO, VZ_RECORDING_SIDECAR,
					     VZ_RECORDING_SIDECAR ".new" };
	int fd = vz_store_open_dir(store, name);

	if (fd < 0)
		return fd;
	for (size_t i = 0; i < VZ_N_ELEMENTS(files); i++)
		(void) unlinkat(fd, files[i], 0);
	(void) close(fd);
	return unlinkat(store->fd, name, AT_REMOVEDIR) < 0 ? -errno : 0;
}

/* Reads the sidecar of @id, changes @key to @value (taken) and writes it back. */
static int change_sidecar(struct vz_store *store, const char *id, const char *key,
			  struct json_object *value)
{
	VZ_CLEANUP(json_object_putp) struct json_object *sidecar = NULL;
	struct vz_buf buf = { 0 };
	int fd = vz_store_open_dir(store, id), r;

	if (fd < 0 || !value) {
		json_object_put(value);
		if (fd >= 0)
			(void) close(fd);
		return fd < 0 ? fd : -ENOMEM;
	}
	r = vz_store_read_sidecar(fd, &sidecar);
	if (r == 0 && json_object_object_add(sidecar, key, value) < 0)
		r = -ENOMEM;
	if (r < 0) {
		json_object_put(value);
	} else {
		vz_json_print(&buf, sidecar);
		vz_buf_putc(&buf, '\n');
		r = vz_store_write_text(fd, VZ_RECORDING_SIDECAR, &buf);
	}
	(void) close(fd);
	return r;
}

/* --- Changes -------------------------------------------------------------------------------- */

static bool is_name(const char *name)
{
	if (strlen(name) > VZ_RECORDING_NAME_MAX)
		return false;
	for (const char *c = name; *c; c++)
		if ((unsigned char) *c < ' ' || *c == 0x7f)
			return false;
	return true;
}

int vz_store_rename(struct vz_store *store, const char *id, const char *name)
{
	struct vz_recording *recording = find(store, id);
	int r;

	if (!recording)
		return -ENOENT;
	if (!is_name(name))
		return -EINVAL;
	r = change_sidecar(store, id, "name", json_object_new_string(name));
	if (r == 0)
		(void) snprintf(recording->name, sizeof(recording->name), "%s", name);
	return r;
}

int vz_store_keep(struct vz_store *store, const char *id, bool is_kept)
{
	struct vz_recording *recording = find(store, id);
	int r;

	if (!recording)
		return -ENOENT;
	r = change_sidecar(store, id, "kept", json_object_new_boolean(is_kept));
	if (r == 0)
		recording->is_kept = is_kept;
	return r;
}

/* First out of sight, in one step: what is half removed is no recording any more. */
static int remove_recording(struct vz_store *store, struct vz_recording *recording)
{
	char gone[VZ_RECORDING_ID_MAX + 8];
	int r;

	(void) snprintf(gone, sizeof(gone), ".gone-%s", recording->id);
	if (renameat(store->fd, recording->id, store->fd, gone) < 0 && errno != ENOENT)
		return -errno;
	take_out(store, recording);
	r = vz_store_remove_dir(store, gone);
	if (r < 0 && r != -ENOENT)
		(void) vz_warn_errno(CAM, r, "Part of a removed recording is left in %s", gone);
	return fsync(store->fd) < 0 ? -errno : 0;
}

int vz_store_delete(struct vz_store *store, const char *id)
{
	struct vz_recording *recording = find(store, id);

	if (!recording)
		return -ENOENT;
	return recording->is_kept ? -EPERM : remove_recording(store, recording);
}

static struct vz_recording *find_least(struct vz_store *store)
{
	struct vz_recording *named = NULL;

	for (size_t i = 0; i < store->n; i++) {
		struct vz_recording *recording = &store->recordings[i];

		if (recording->is_kept)
			continue;
		if (!recording->name[0])
			return recording;
		if (!named)
			named = recording;
	}
	return named;
}

int vz_store_make_room(struct vz_store *store, uint64_t more_bytes, bool is_full)
{
	struct vz_recording *least;
	char title[160];
	int r;

	if (!is_full && store->used_bytes + more_bytes <= store->budget_bytes)
		return 0;
	least = find_least(store);
	if (!least)
		return -ENOSPC;
	vz_recording_title(least, title, sizeof(title));
	r = remove_recording(store, least);
	if (r < 0)
		return r;
	store->n_removed++;
	vz_log(CAM, NOTICE, "The recording '%s' was removed to make room", title);
	return 1;
}

/* --- Life ----------------------------------------------------------------------------------- */

int vz_store_open(const char *dir, uint64_t budget_bytes, struct vz_store **ret)
{
	VZ_CLEANUP(vz_store_closep) struct vz_store *store = calloc(1, sizeof(*store));
	int r;

	if (!store)
		return -ENOMEM;
	store->budget_bytes = budget_bytes;
	store->fd = -1;
	if (mkdir(dir, 0750) < 0 && errno != EEXIST)
		return -errno;
	store->fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (store->fd < 0)
		return -errno;
	r = vz_store_scan(store);
	if (r < 0)
		return r;
	*ret = vz_steal(store);
	return 0;
}

struct vz_store *vz_store_close(struct vz_store *store)
{
	if (!store)
		return NULL;
	if (store->fd >= 0)
		(void) close(store->fd);
	free(store->recordings);
	free(store);
	return NULL;
}

char *vz_store_file_path(const char *dir, const char *id, const char *file)
{
	char *path;

	return asprintf(&path, "%s/%s/%s", dir, id, file) < 0 ? NULL : path;
}
