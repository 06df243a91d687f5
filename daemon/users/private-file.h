/*
 * A small file that only its owner may read, in the state folder: written whole or not at all, and
 * owned by whom the folder is, also when root writes it. Waits for the disk. Thread: any but the
 * loop.
 */
#pragma once

#include <stddef.h>

/*
 * All of @name in the folder @dir_fd, NUL-terminated, to free(). Returns 0, -ENOENT, -EFBIG (over
 * 1 MiB), -EINVAL (no regular file), or a negative errno.
 */
int vz_private_file_read(int dir_fd, const char *name, char **ret, size_t *ret_size);
/* Opens it for locking, and makes it, empty, where there is none. Returns a descriptor or a
 * negative errno. */
int vz_private_file_open(int dir_fd, const char *name);
/* Replaces it. Returns 0 or a negative errno; then the old one stays. */
int vz_private_file_write(int dir_fd, const char *name, const char *text, size_t size);
