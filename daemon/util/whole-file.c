#include "util/whole-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/cleanup.h"

int vz_write_all(int fd, const void *data, size_t size)
{
	const char *left = data;

	while (size > 0) {
		ssize_t n = write(fd, left, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		left += n;
		size -= (size_t) n;
	}
	return 0;
}

int vz_open_folder_of(const char *path, const char **ret_name)
{
	const char *slash = strrchr(path, '/');
	VZ_CLEANUP(vz_freep)
	char *dir = slash ? strndup(path, (size_t) (slash - path) + 1) : strdup(".");
	int fd;

	if (!dir)
		return -ENOMEM;
	*ret_name = slash ? slash + 1 : path;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int vz_give_to_owner(int dir_fd, int fd)
{
	struct stat st;

	if (geteuid() != 0)
		return 0;
	if (fstat(dir_fd, &st) < 0 || fchown(fd, st.st_uid, st.st_gid) < 0)
		return -errno;
	return 0;
}

/* --- Reading --------------------------------------------------------------------------------- */

static int judge(int fd, size_t max_bytes, size_t *ret_size)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
	if ((uint64_t) st.st_size > max_bytes)
		return -EFBIG;
	*ret_size = (size_t) st.st_size;
	return 0;
}

static int read_all(int fd, size_t max_bytes, char **ret, size_t *ret_size)
{
	VZ_CLEANUP(vz_freep) char *text = NULL;
	size_t size = 0, done = 0;
	ssize_t n;
	int r = judge(fd, max_bytes, &size);

	if (r < 0)
		return r;
	text = malloc(size + 1);
	if (!text)
		return -ENOMEM;
	while (done < size) {
		n = read(fd, text + done, size - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		/* It has been cut while we read: whoever does that does not write as we do. */
		if (n == 0)
			return -EINVAL;
		done += (size_t) n;
	}
	text[size] = '\0';
	*ret = vz_steal(text);
	*ret_size = size;
	return 0;
}

int vz_whole_file_read(int dir_fd, const char *name, size_t max_bytes, char **ret, size_t *ret_size)
{
	/* Nothing is waited for that no one writes to. */
	int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK), r;

	if (fd < 0)
		return -errno;
	r = read_all(fd, max_bytes, ret, ret_size);
	(void) close(fd);
	return r;
}

/* --- Writing --------------------------------------------------------------------------------- */

static int write_new(int dir_fd, const char *name, mode_t mode, const void *data, size_t size)
{
	int fd, r;

	/* Of somebody who was interrupted. */
	if (unlinkat(dir_fd, name, 0) < 0 && errno != ENOENT)
		return -errno;
	fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd < 0)
		return -errno;
	r = vz_write_all(fd, data, size);
	if (r >= 0)
		r = vz_give_to_owner(dir_fd, fd);
	if (r >= 0 && fsync(fd) < 0)
		r = -errno;
	if (close(fd) < 0 && r >= 0)
		r = -errno;
	return r;
}

int vz_whole_file_write(int dir_fd, const char *name, mode_t mode, const void *data, size_t size)
{
	VZ_CLEANUP(vz_freep) char *new_name = NULL;
	int r;

	if (asprintf(&new_name, "%s.new", name) < 0) {
		new_name = NULL;
		return -ENOMEM;
	}
	r = write_new(dir_fd, new_name, mode, data, size);
	if (r >= 0 && renameat(dir_fd, new_name, dir_fd, name) < 0)
		r = -errno;
	if (r < 0) {
		(void) unlinkat(dir_fd, new_name, 0);
		return r;
	}
	/* The rename itself is on the disk only when the folder is. */
	return fsync(dir_fd) < 0 ? -errno : 0;
}
