#include "server/assets.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dash/table.h"
#include "server/header.h"
#include "util/blob.h"

#define FILE_MAX_BYTES (8 * 1024 * 1024)
#define MAX_FILES      256

struct vz_assets {
	struct vz_file *files;
	unsigned n_files;
	/* Addresses, which are the files'; NULL-terminated. */
	char **scripts, **styles;
	unsigned n_scripts, n_styles;
};

static const struct {
	const char *ending, *type;
} types[] = {
	{ ".js", "text/javascript" }, { ".css", "text/css" },	       { ".svg", "image/svg+xml" },
	{ ".png", "image/png" },      { ".jpg", "image/jpeg" },	       { ".webp", "image/webp" },
	{ ".woff2", "font/woff2" },   { ".json", "application/json" },
};

int vz_assets_new(struct vz_assets **ret)
{
	VZ_CLEANUP(vz_assets_freep) struct vz_assets *a = calloc(1, sizeof(*a));

	if (!a)
		return -ENOMEM;
	a->files = calloc(MAX_FILES, sizeof(*a->files));
	a->scripts = calloc(MAX_FILES + 1, sizeof(*a->scripts));
	a->styles = calloc(MAX_FILES + 1, sizeof(*a->styles));
	if (!a->files || !a->scripts || !a->styles)
		return -ENOMEM;
	*ret = vz_steal(a);
	return 0;
}

/* Back to what there was before a folder. */
static void cut(struct vz_assets *a, unsigned n_files, unsigned n_scripts, unsigned n_styles)
{
	while (a->n_files > n_files)
		vz_file_deinit(&a->files[--a->n_files]);
	while (a->n_scripts > n_scripts)
		free(a->scripts[--a->n_scripts]);
	while (a->n_styles > n_styles)
		free(a->styles[--a->n_styles]);
	a->scripts[a->n_scripts] = a->styles[a->n_styles] = NULL;
}

struct vz_assets *vz_assets_free(struct vz_assets *assets)
{
	if (!assets)
		return NULL;
	if (assets->files && assets->scripts && assets->styles)
		cut(assets, 0, 0, 0);
	free(assets->files);
	free(assets->scripts);
	free(assets->styles);
	free(assets);
	return NULL;
}

/* --- One folder ------------------------------------------------------------------------------ */

static const char *type_of(const char *file)
{
	size_t i, n = strlen(file);

	for (i = 0; i < VZ_N_ELEMENTS(types); i++) {
		size_t size = strlen(types[i].ending);

		if (n > size && !strcmp(file + n - size, types[i].ending))
			return types[i].type;
	}
	return NULL;
}

/* What needs no escape in an address, and hides nothing. */
static bool is_plain(const char *file)
{
	return file[0] != '.' && !file[strspn(file, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrs"
						    "tuvwxyz0123456789._-")];
}

/* scandir() has no room for data: what is not an asset at all. */
static int is_asset(const struct dirent *entry)
{
	return is_plain(entry->d_name) && type_of(entry->d_name);
}

static int make_addresses(struct vz_file *file, const char *name, const char *entry)
{
	size_t stem = strcspn(entry, ".");
	uint64_t hash = vz_table_hash(VZ_TABLE_SEED, file->plain->data, file->plain->size);

	if (asprintf(&file->etag, "%016llx", (unsigned long long) hash) < 0) {
		file->etag = NULL;
		return -ENOMEM;
	}
	if (asprintf(&file->url, "assets/%s/%.*s.v1m%s%s", name, (int) stem, entry, file->etag,
		     entry + stem) < 0) {
		file->url = NULL;
		return -ENOMEM;
	}
	if (asprintf(&file->stripped, "assets/%s/%s", name, entry) < 0) {
		file->stripped = NULL;
		return -ENOMEM;
	}
	file->type = strdup(type_of(entry));
	file->immutable = true;
	return file->type ? 0 : -ENOMEM;
}

static int put_address(char **list, unsigned *n, const struct vz_file *file)
{
	if (asprintf(&list[*n], "/%s", file->url) < 0) {
		list[*n] = NULL;
		return -ENOMEM;
	}
	list[++*n] = NULL;
	return 0;
}

static int add_file(struct vz_assets *a, int dir_fd, const char *name, const char *entry)
{
	struct vz_file *file = &a->files[a->n_files];
	int fd, r;

	if (a->n_files == MAX_FILES)
		return -EMFILE;
	fd = openat(dir_fd, entry, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	a->n_files++;
	r = vz_file_read(fd, FILE_MAX_BYTES, &file->plain);
	(void) close(fd);
	if (r >= 0)
		r = make_addresses(file, name, entry);
	if (r >= 0 && !strcmp(file->type, "text/javascript"))
		r = put_address(a->scripts, &a->n_scripts, file);
	else if (r >= 0 && !strcmp(file->type, "text/css"))
		r = put_address(a->styles, &a->n_styles, file);
	return r;
}

static int add_files(struct vz_assets *a, const char *name, const char *dir, char *bad, size_t size)
{
	struct dirent **entries = NULL;
	int dir_fd, i, n, r = 0;

	dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir_fd < 0)
		return -errno;
	n = scandirat(dir_fd, ".", &entries, is_asset, alphasort);
	if (n < 0)
		r = -errno;
	for (i = 0; i < n; i++) {
		if (r >= 0) {
			snprintf(bad, size, "%s", entries[i]->d_name);
			r = add_file(a, dir_fd, name, entries[i]->d_name);
		}
		free(entries[i]);
	}
	free(entries);
	(void) close(dir_fd);
	return r;
}

int vz_assets_add(struct vz_assets *a, const char *name, const char *dir, char **ret_error)
{
	const unsigned n_files = a->n_files, n_scripts = a->n_scripts, n_styles = a->n_styles;
	char bad[256] = "";
	int r;

	r = is_plain(name) ? add_files(a, name, dir, bad, sizeof(bad)) : -EINVAL;
	if (r == -ENOENT && !bad[0])
		return 0;
	if (r >= 0)
		return 0;
	cut(a, n_files, n_scripts, n_styles);
	if (ret_error && asprintf(ret_error, "%s/%s: %s", dir, bad,
				  r == -EMFILE ? "more than 256 assets" : strerror(-r)) < 0)
		*ret_error = NULL;
	return r;
}

/* --- Finding --------------------------------------------------------------------------------- */

struct vz_file *vz_assets_find(struct vz_assets *a, const char *path, bool *ret_is_exact)
{
	char stripped[1024];
	unsigned i;

	if (path[0] != '/')
		return NULL;
	for (i = 0; i < a->n_files; i++)
		if (!strcmp(a->files[i].url, path + 1)) {
			*ret_is_exact = true;
			return &a->files[i];
		}
	if (!vz_fingerprint_strip(path + 1, stripped, sizeof(stripped)))
		snprintf(stripped, sizeof(stripped), "%s", path + 1);
	*ret_is_exact = false;
	for (i = 0; i < a->n_files; i++)
		if (!strcmp(a->files[i].stripped, stripped))
			return &a->files[i];
	return NULL;
}

const char *const *vz_assets_get_scripts(const struct vz_assets *assets)
{
	return (const char *const *) assets->scripts;
}

const char *const *vz_assets_get_styles(const struct vz_assets *assets)
{
	return (const char *const *) assets->styles;
}
