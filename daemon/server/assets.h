/*
 * Assets: scripts and styles that a program or a plugin adds to the page, from a folder of its own,
 * as with Dash's assets folder. Every file is read when the folder is, and served from memory under
 * an address that changes with its content; so an address holds for ever, and nothing outside can
 * be asked for.
 *
 * Thread: loop. Owned by the server.
 */
#pragma once

#include <stdbool.h>

#include "server/suites.h"

struct vz_assets;

int vz_assets_new(struct vz_assets **ret);
struct vz_assets *vz_assets_free(struct vz_assets *assets);
VZ_DEFINE_CLEANUP(vz_assets_free, struct vz_assets *, vz_assets_free)

/*
 * Adds the files of @dir as assets/@name/…: .js and .css into the page, in the order of their
 * names, and what those may refer to: .svg, .png, .jpg, .webp, .woff2, .json. Returns 0, also when
 * there is no such folder, or a negative errno with a sentence in *@ret_error, to free(); then
 * nothing was added.
 */
int vz_assets_add(struct vz_assets *assets, const char *name, const char *dir, char **ret_error);
/* The file at an address with its leading slash, also with a fingerprint of another time, or NULL.
 */
struct vz_file *vz_assets_find(struct vz_assets *assets, const char *path, bool *ret_is_exact);
/* Addresses for the page with their leading slash, NULL-terminated, borrowed until the next
 * addition. */
const char *const *vz_assets_get_scripts(const struct vz_assets *assets);
const char *const *vz_assets_get_styles(const struct vz_assets *assets);
