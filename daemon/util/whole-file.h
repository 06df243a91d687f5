/*
 * A small file, read whole, and written whole or not at all: after a power cut there is the old one
 * or the new one. What root writes in somebody's folder is his: the service that the folder is of
 * must be able to go on with it.
 *
 * Thread: any; these wait for the disk.
 */
#pragma once

#include <stddef.h>
#include <sys/types.h>

/* Writes all of it, however many calls that takes. Returns 0 or a negative errno. */
int vz_write_all(int fd, const void *data, size_t size);

/* Opens the folder that @path is in; *@ret_name is what is behind its last '/'. Returns a descriptor
 * or a negative errno. */
int vz_open_folder_of(const char *path, const char **ret_name);

/* Gives @fd to the owner of the folder @dir_fd when root asks. Returns 0 or a negative errno. */
int vz_give_to_owner(int dir_fd, int fd);

/*
 * All of @name in the folder @dir_fd, NUL-terminated, to free(). Links are not followed. Returns 0,
 * -ENOENT, -EFBIG (over @max_bytes), -EISDIR, -EINVAL (no regular file) or another negative errno.
 */
int vz_whole_file_read(int dir_fd, const char *name, size_t max_bytes, char **ret,
		       size_t *ret_size);

/*
 * Replaces it, by way of NAME.new beside it; one at a time for each name. Returns 0 or a negative
 * errno; then the old one stays.
 */
int vz_whole_file_write(int dir_fd, const char *name, mode_t mode, const void *data, size_t size);
