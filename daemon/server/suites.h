/*
 * The files of the browser's side: what ui/build.mjs put into a folder, as its manifest.json lists
 * it. Only addresses in that list are ever served, and only the files that it names are ever
 * opened, so there is no path to climb out of the folder by. A file is read when it is first asked
 * for, and kept.
 *
 * Thread: loop. Owned by the server.
 */
#pragma once

#include <stdbool.h>

#include "util/cleanup.h"

struct vz_blob;
struct vz_suites;

struct vz_file {
	char *url;	/* without the leading slash */
	char *stripped; /* the same without its fingerprint */
	char *type, *etag;
	bool immutable;
	bool is_open;			/* also for who has not logged in */
	char *path, *gzip_path;		/* in the folder; gzip_path may be NULL */
	struct vz_blob *plain, *packed; /* once read */
};

void vz_file_deinit(struct vz_file *file);
/* All of a regular file of at most @max_bytes. Returns 0 and a reference, -EFBIG, -EINVAL, …. */
int vz_file_read(int fd, long long max_bytes, struct vz_blob **ret);

/* Returns 0, -ENOENT, -EBADMSG (not a manifest), …, with a sentence in *@ret_error, to free(). */
int vz_suites_load(const char *dir, char **ret_error, struct vz_suites **ret);
struct vz_suites *vz_suites_free(struct vz_suites *suites);
VZ_DEFINE_CLEANUP(vz_suites_free, struct vz_suites *, vz_suites_free)

/*
 * The file at an address with its leading slash, or NULL. A fingerprint that is not the current one
 * finds the current file too (then *@ret_is_exact is false): pages of yesterday are still open.
 */
struct vz_file *vz_suites_find(struct vz_suites *suites, const char *path, bool *ret_is_exact);
/* The bytes of @file as a reference. Returns 0 or a negative errno. */
int vz_suites_read(struct vz_suites *suites, struct vz_file *file, bool packed,
		   struct vz_blob **ret);

/* Addresses for the page, NULL-terminated, borrowed. */
const char *const *vz_suites_get_scripts(const struct vz_suites *suites, bool stock);
const char *const *vz_suites_get_styles(const struct vz_suites *suites);
/* Of the pages for who has not logged in: their style's address, "" when there is none. */
const char *vz_suites_get_page_style(const struct vz_suites *suites);
/* The text of such a page (template.h), borrowed, or NULL. */
const char *vz_suites_get_page(const struct vz_suites *suites, const char *name);
const char *vz_suites_get_worker(const struct vz_suites *suites, bool stock);
