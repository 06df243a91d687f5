#include "clips/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIR_MODE  0750
#define MAX_CLIPS 20000u
#define MAX_TRIES 1000u
/* As the recorder names it. */
#define RECORDED_VIDEO "video.mkv"

static const char *const endings[] = { "avi", "mp4", "mov", "m4v", "mkv",  "webm",
				       "ogv", "ogg", "3gp", "mpg", "mpeg", "ts",
				       "mts", "flv", "wmv", "gif", "mxf" };

/* --- Names ----------------------------------------------------------------------------------- */

/* Whether it is UTF-8 without control characters. */
static bool is_text(const char *name)
{
	const unsigned char *p = (const unsigned char *) name;

	while (*p) {
		unsigned n = *p < 0x80 ? 0 : *p >= 0xf0 ? 3 : *p >= 0xe0 ? 2 : 1;

		if (*p < 0x20 || *p == 0x7f || (*p >= 0x80 && *p < 0xc2) || *p > 0xf4)
			return false;
		for (p++; n; n--, p++)
			if (*p < 0x80 || *p > 0xbf)
				return false;
	}
	return true;
}

bool vz_clip_name_is_video(const char *name)
{
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot && dot != name && i < VZ_N_ELEMENTS(endings); i++)
		if (strcasecmp(dot + 1, endings[i]) == 0)
			return true;
	return false;
}

const char *vz_clip_name_refuse(const char *name)
{
	if (!*name)
		return "the file has no name: expected ?name=NAME";
	if (strlen(name) > VZ_CLIP_NAME_MAX)
		return "the file's name is too long: expected at most 120 bytes";
	if (strpbrk(name, "/\\"))
		return "the file's name has a path in it: expected a name alone";
	if (*name == '.')
		return "the file's name begins with a dot";
	if (!is_text(name))
		return "the file's name is no text in UTF-8";
	if (!vz_clip_name_is_video(name))
		return "the file's name has not the ending of a video: expected .mp4, .mov, .avi, "
		       ".mkv, .webm, .ogv or the like";
	return NULL;
}

char *vz_clip_store_result_path(const struct vz_clip_dirs *dirs, const char *id, const char *what)
{
	char *path;

	if (asprintf(&path, "%s/%s.%s.json", dirs->uploads, id, what) < 0)
		return NULL;
	/* No name of a clip has a '+' in place of its '/'. */
	for (char *p = path + strlen(dirs->uploads) + 1; *p; p++)
		if (*p == '/')
			*p = '+';
	return path;
}

/* --- Lists ----------------------------------------------------------------------------------- */

static void free_file(struct vz_clip_file *file)
{
	free(file->id);
	free(file->path);
}

static int add_file(struct vz_clip_list *list, const char *dir, const char *prefix,
		    const char *name, const char *rest, const struct stat *st)
{
	struct vz_clip_file file = {
		.size_bytes = (uint64_t) st->st_size,
		.modified_ns = st->st_mtim.tv_sec * INT64_C(1000000000) + st->st_mtim.tv_nsec,
		.is_upload = !*prefix,
	};
	struct vz_clip_file *larger;

	if (asprintf(&file.id, "%s%s", prefix, name) < 0)
		file.id = NULL;
	if (asprintf(&file.path, "%s/%s%s", dir, name, rest) < 0)
		file.path = NULL;
	larger = realloc(list->files, (list->n + 1) * sizeof(*larger));
	if (larger)
		list->files = larger;
	if (!file.id || !file.path || !larger) {
		free_file(&file);
		return -ENOMEM;
	}
	list->files[list->n++] = file;
	return 0;
}

/* Takes the entry @name of a folder for a clip, if it is one. Returns 0 or a negative errno. */
typedef int (*take_fn)(struct vz_clip_list *list, const char *dir, int dir_fd, const char *prefix,
		       const char *name);

static bool is_file(int dir_fd, const char *name, struct stat *ret)
{
	return fstatat(dir_fd, name, ret, 0) == 0 && S_ISREG(ret->st_mode);
}

static int take_file(struct vz_clip_list *list, const char *dir, int dir_fd, const char *prefix,
		     const char *name)
{
	struct stat st;

	if (!is_file(dir_fd, name, &st))
		return 0;
	if (!*prefix)
		list->uploads_bytes += (uint64_t) st.st_size;
	if (*name == '.' || !is_text(name) || !vz_clip_name_is_video(name))
		return 0;
	return add_file(list, dir, prefix, name, "", &st);
}

/* Each recording is a folder of its own; one that is being written has a dot before its name. */
static int take_recording(struct vz_clip_list *list, const char *dir, int dir_fd,
			  const char *prefix, const char *name)
{
	char video[512];
	struct stat st;

	if (*name == '.' || !is_text(name))
		return 0;
	(void) snprintf(video, sizeof(video), "%s/" RECORDED_VIDEO, name);
	if (!is_file(dir_fd, video, &st))
		return 0;
	return add_file(list, dir, prefix, name, "/" RECORDED_VIDEO, &st);
}

static int read_dir(struct vz_clip_list *list, const char *dir, const char *prefix, take_fn take)
{
	DIR *stream = dir ? opendir(dir) : NULL;
	struct dirent *entry;
	int r = 0;

	if (!stream)
		return 0;
	while (r == 0 && list->n < MAX_CLIPS && (entry = readdir(stream)))
		r = take(list, dir, dirfd(stream), prefix, entry->d_name);
	(void) closedir(stream);
	return r;
}

static int compare(const void *a, const void *b)
{
	const struct vz_clip_file *left = a, *right = b;

	if (left->modified_ns != right->modified_ns)
		return left->modified_ns < right->modified_ns ? 1 : -1;
	return strcmp(left->id, right->id);
}

int vz_clip_list_read(const struct vz_clip_dirs *dirs, struct vz_clip_list *ret)
{
	struct vz_clip_list list = { 0 };
	int r;

	r = read_dir(&list, dirs->uploads, "", take_file);
	if (r == 0)
		r = read_dir(&list, dirs->recordings, "recordings/", take_recording);
	if (r == 0)
		r = read_dir(&list, dirs->folder, "folder/", take_file);
	if (r < 0) {
		vz_clip_list_deinit(&list);
		return r;
	}
	if (list.n)
		qsort(list.files, list.n, sizeof(*list.files), compare);
	*ret = list;
	return 0;
}

void vz_clip_list_deinit(struct vz_clip_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		free_file(&list->files[i]);
	free(list->files);
	*list = (struct vz_clip_list){ 0 };
}

const struct vz_clip_file *vz_clip_list_find(const struct vz_clip_list *list, const char *id)
{
	for (size_t i = 0; i < list->n; i++)
		if (!strcmp(list->files[i].id, id))
			return &list->files[i];
	return NULL;
}

/* --- The folder of uploads ------------------------------------------------------------------- */

int vz_clip_store_prepare(const struct vz_clip_dirs *dirs)
{
	struct dirent *entry;
	DIR *stream;

	if (mkdir(dirs->uploads, DIR_MODE) < 0 && errno != EEXIST)
		return -errno;
	stream = opendir(dirs->uploads);
	if (!stream)
		return -errno;
	while ((entry = readdir(stream)))
		if (!strncmp(entry->d_name, VZ_CLIP_INCOMING, strlen(VZ_CLIP_INCOMING)))
			(void) unlinkat(dirfd(stream), entry->d_name, 0);
	(void) closedir(stream);
	return 0;
}

static int sync_dir(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), r;

	if (fd < 0)
		return -errno;
	r = fsync(fd) < 0 ? -errno : 0;
	(void) close(fd);
	return r;
}

/* "ball.mp4", "ball (2).mp4", … */
static char *make_name(const char *name, unsigned number)
{
	const char *dot = strrchr(name, '.');
	char *made;

	if (number == 1)
		return strdup(name);
	return asprintf(&made, "%.*s (%u)%s", (int) (dot - name), name, number, dot) < 0 ? NULL
											 : made;
}

int vz_clip_store_keep(const struct vz_clip_dirs *dirs, const char *from, const char *name,
		       char **ret_name)
{
	for (unsigned i = 1; i <= MAX_TRIES; i++) {
		VZ_CLEANUP(vz_freep) char *tried = make_name(name, i);
		VZ_CLEANUP(vz_freep) char *path = NULL;
		int r;

		if (!tried || asprintf(&path, "%s/%s", dirs->uploads, tried) < 0) {
			path = NULL;
			return -ENOMEM;
		}
		if (renameat2(AT_FDCWD, from, AT_FDCWD, path, RENAME_NOREPLACE) < 0) {
			if (errno == EEXIST)
				continue;
			return -errno;
		}
		r = sync_dir(dirs->uploads);
		if (r == 0)
			*ret_name = vz_steal(tried);
		return r;
	}
	return -EEXIST;
}

int vz_clip_store_delete(const struct vz_clip_dirs *dirs, const struct vz_clip_file *file)
{
	static const char *const results[] = { "tracks", "settings" };

	if (!file->is_upload)
		return -EPERM;
	if (unlink(file->path) < 0)
		return -errno;
	for (size_t i = 0; i < VZ_N_ELEMENTS(results); i++) {
		VZ_CLEANUP(vz_freep)
		char *path = vz_clip_store_result_path(dirs, file->id, results[i]);

		if (path)
			(void) unlink(path);
	}
	return sync_dir(dirs->uploads);
}
