#include "server/suites.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/header.h"
#include "util/blob.h"
#include "util/json.h"

#define FILE_MAX_BYTES (64 * 1024 * 1024)

struct vz_suites {
	int dir_fd;
	struct vz_file *files; /* sorted by url */
	struct vz_file **by_stripped;
	unsigned n_files;
	char **scripts, **stock_scripts, **styles;
	char *worker, *stock_worker;
	struct json_object *pages; /* NULL: none */
	char *page_style;
};

void vz_file_deinit(struct vz_file *file)
{
	free(file->url);
	free(file->stripped);
	free(file->type);
	free(file->etag);
	free(file->path);
	free(file->gzip_path);
	vz_blob_unref(file->plain);
	vz_blob_unref(file->packed);
}

static void free_list(char **list)
{
	char **item;

	for (item = list; item && *item; item++)
		free(*item);
	free(list);
}

struct vz_suites *vz_suites_free(struct vz_suites *suites)
{
	unsigned i;

	if (!suites)
		return NULL;
	for (i = 0; i < suites->n_files; i++)
		vz_file_deinit(&suites->files[i]);
	free(suites->files);
	free(suites->by_stripped);
	free_list(suites->scripts);
	free_list(suites->stock_scripts);
	free_list(suites->styles);
	free(suites->worker);
	free(suites->stock_worker);
	free(suites->page_style);
	json_object_put(suites->pages);
	if (suites->dir_fd >= 0)
		(void) close(suites->dir_fd);
	free(suites);
	return NULL;
}

/* --- Reading --------------------------------------------------------------------------------- */

int vz_file_read(int fd, long long max_bytes, struct vz_blob **ret)
{
	VZ_CLEANUP(vz_blob_unrefp) struct vz_blob *blob = NULL;
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	if (st.st_size > max_bytes)
		return -EFBIG;
	blob = vz_blob_new((size_t) st.st_size);
	if (!blob)
		return -ENOMEM;
	while (blob->size < (size_t) st.st_size) {
		n = read(fd, blob->data + blob->size, (size_t) st.st_size - blob->size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return -EIO;
		blob->size += (size_t) n;
	}
	*ret = vz_steal(blob);
	return 0;
}

static int read_file(struct vz_suites *suites, const char *path, struct vz_blob **ret)
{
	int fd, r;

	fd = openat(suites->dir_fd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	r = vz_file_read(fd, FILE_MAX_BYTES, ret);
	(void) close(fd);
	return r;
}

int vz_suites_read(struct vz_suites *suites, struct vz_file *file, bool packed,
		   struct vz_blob **ret)
{
	struct vz_blob **kept = packed ? &file->packed : &file->plain;
	int r;

	if (!*kept) {
		r = read_file(suites, packed ? file->gzip_path : file->path, kept);
		if (r < 0)
			return r;
	}
	*ret = vz_blob_ref(*kept);
	return 0;
}

/* --- The manifest ---------------------------------------------------------------------------- */

static int get_text(struct json_object *object, const char *key, char **ret)
{
	const char *text;
	int r;

	r = vz_json_get_string(object, key, &text);
	if (r < 0)
		return r;
	*ret = strdup(text);
	return *ret ? 0 : -ENOMEM;
}

static int get_list(struct json_object *object, const char *key, char ***ret)
{
	struct json_object *array, *item;
	size_t i, n;
	int r;

	r = vz_json_get_array(object, key, &array);
	if (r < 0)
		return r;
	n = json_object_array_length(array);
	*ret = calloc(n + 1, sizeof(**ret));
	if (!*ret)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		item = json_object_array_get_idx(array, i);
		if (!json_object_is_type(item, json_type_string))
			return -EINVAL;
		(*ret)[i] = strdup(json_object_get_string(item));
		if (!(*ret)[i])
			return -ENOMEM;
	}
	return 0;
}

/* The manifest comes with the program, but a path that leaves the folder is a mistake in any case.
 */
static bool is_inside(const char *path)
{
	const char *p = path;

	if (*p == '/')
		return false;
	while ((p = strstr(p, ".."))) {
		if ((p == path || p[-1] == '/') && (p[2] == '/' || !p[2]))
			return false;
		p += 2;
	}
	return true;
}

static int load_file(struct vz_file *file, const char *url, struct json_object *object)
{
	char stripped[512];
	int r;

	file->url = strdup(url);
	file->stripped =
		strdup(vz_fingerprint_strip(url, stripped, sizeof(stripped)) ? stripped : url);
	if (!file->url || !file->stripped)
		return -ENOMEM;
	r = get_text(object, "file", &file->path);
	if (r >= 0)
		r = get_text(object, "type", &file->type);
	if (r >= 0)
		r = get_text(object, "etag", &file->etag);
	if (r < 0)
		return r;
	(void) vz_json_get_bool(object, "immutable", &file->immutable);
	(void) vz_json_get_bool(object, "open", &file->is_open);
	r = get_text(object, "gzip", &file->gzip_path);
	if (r < 0 && r != -ENOENT)
		return r;
	return is_inside(file->path) && (!file->gzip_path || is_inside(file->gzip_path)) ? 0
											 : -EINVAL;
}

static int compare_url(const void *a, const void *b)
{
	return strcmp(((const struct vz_file *) a)->url, ((const struct vz_file *) b)->url);
}

static int compare_stripped(const void *a, const void *b)
{
	return strcmp((*(struct vz_file *const *) a)->stripped,
		      (*(struct vz_file *const *) b)->stripped);
}

static int load_files(struct vz_suites *suites, struct json_object *manifest)
{
	struct json_object *files;
	struct json_object_iter it;
	unsigned i, n;
	int r;

	r = vz_json_get_object(manifest, "files", &files);
	if (r < 0)
		return r;
	n = (unsigned) json_object_object_length(files);
	suites->files = calloc(n + 1, sizeof(*suites->files));
	suites->by_stripped = calloc(n + 1, sizeof(*suites->by_stripped));
	if (!suites->files || !suites->by_stripped)
		return -ENOMEM;
	json_object_object_foreachC(files, it)
	{
		r = load_file(&suites->files[suites->n_files++], it.key, it.val);
		if (r < 0)
			return r;
	}
	qsort(suites->files, n, sizeof(*suites->files), compare_url);
	for (i = 0; i < n; i++)
		suites->by_stripped[i] = &suites->files[i];
	qsort(suites->by_stripped, n, sizeof(*suites->by_stripped), compare_stripped);
	return 0;
}

/* A server where nobody logs in does without. */
static int load_pages(struct vz_suites *suites, struct json_object *manifest)
{
	struct json_object *pages;
	int r;

	r = vz_json_get_object(manifest, "pages", &pages);
	if (r == 0)
		suites->pages = json_object_get(pages);
	if (r == 0)
		r = get_text(manifest, "page_style", &suites->page_style);
	return r == -ENOENT ? 0 : r;
}

static int load_manifest(struct vz_suites *suites)
{
	VZ_CLEANUP(json_object_putp) struct json_object *manifest = NULL;
	VZ_CLEANUP(vz_blob_unrefp) struct vz_blob *text = NULL;
	int r;

	r = read_file(suites, "manifest.json", &text);
	if (r < 0)
		return r;
	r = vz_json_parse((const char *) text->data, text->size, &vz_json_default_limits, NULL,
			  &manifest);
	if (r >= 0)
		r = load_files(suites, manifest);
	if (r >= 0)
		r = get_list(manifest, "layout_scripts", &suites->scripts);
	if (r >= 0)
		r = get_list(manifest, "stock_scripts", &suites->stock_scripts);
	if (r >= 0)
		r = get_list(manifest, "styles", &suites->styles);
	if (r >= 0)
		r = get_text(manifest, "worker", &suites->worker);
	if (r >= 0)
		r = get_text(manifest, "stock_worker", &suites->stock_worker);
	if (r >= 0)
		r = load_pages(suites, manifest);
	/* Inside the manifest these mean: not one of ours. */
	return r == -EINVAL || r == -ENOENT ? -EBADMSG : r;
}

int vz_suites_load(const char *dir, char **ret_error, struct vz_suites **ret)
{
	VZ_CLEANUP(vz_suites_freep) struct vz_suites *suites = NULL;
	int r;

	suites = calloc(1, sizeof(*suites));
	if (!suites)
		return -ENOMEM;
	suites->dir_fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	r = suites->dir_fd < 0 ? -errno : 0;
	if (r >= 0 && faccessat(suites->dir_fd, "manifest.json", R_OK, 0) < 0)
		r = -errno;
	if (r < 0) {
		if (ret_error &&
		    asprintf(ret_error, "no browser files in %s (VIZYD_UI_DIR, --ui-dir)", dir) < 0)
			*ret_error = NULL;
		return r;
	}
	r = load_manifest(suites);
	if (r < 0) {
		if (ret_error && asprintf(ret_error, "%s/manifest.json cannot be used", dir) < 0)
			*ret_error = NULL;
		return r;
	}
	*ret = vz_steal(suites);
	return 0;
}

/* --- Finding --------------------------------------------------------------------------------- */

struct vz_file *vz_suites_find(struct vz_suites *suites, const char *path, bool *ret_is_exact)
{
	char stripped[1024];
	struct vz_file key = { .url = (char *) path + 1 }, *key_pointer = &key, *file, **found;

	if (suites->n_files == 0 || path[0] != '/')
		return NULL;
	file = bsearch(&key, suites->files, suites->n_files, sizeof(*suites->files), compare_url);
	if (file) {
		*ret_is_exact = true;
		return file;
	}
	key.stripped =
		vz_fingerprint_strip(path + 1, stripped, sizeof(stripped)) ? stripped : key.url;
	found = bsearch(&key_pointer, suites->by_stripped, suites->n_files,
			sizeof(*suites->by_stripped), compare_stripped);
	*ret_is_exact = false;
	return found ? *found : NULL;
}

const char *const *vz_suites_get_scripts(const struct vz_suites *suites, bool stock)
{
	return (const char *const *) (stock ? suites->stock_scripts : suites->scripts);
}

const char *const *vz_suites_get_styles(const struct vz_suites *suites)
{
	return (const char *const *) suites->styles;
}

const char *vz_suites_get_worker(const struct vz_suites *suites, bool stock)
{
	return stock ? suites->stock_worker : suites->worker;
}

const char *vz_suites_get_page_style(const struct vz_suites *suites)
{
	return suites->page_style ? suites->page_style : "";
}

const char *vz_suites_get_page(const struct vz_suites *suites, const char *name)
{
	const char *text = NULL;

	(void) vz_json_get_string(suites->pages, name, &text);
	return text;
}
