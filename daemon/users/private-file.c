#include "users/private-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/cleanup.h"

#define MAX_BYTES (1 << 20)

static int read_all(int fd, char *text, size_t size)
{
	size_t done = 0;
	ssize_t n;

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
	return 0;
}

static int read_file(int fd, char **ret, size_t *ret_size)
{
	VZ_CLEANUP(vz_freep) char *text = NULL;
	struct stat st;
	int r;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	if (st.st_size > MAX_BYTES)
		return -EFBIG;
	text = malloc((size_t) st.st_size + 1);
	if (!text)
		return -ENOMEM;
	r = read_all(fd, text, (size_t) st.st_size);
	if (r < 0)
		return r;
	*ret = vz_steal(text);
	*ret_size = (size_t) st.st_size;
	return 0;
}

int vz_private_file_read(int dir_fd, const char *name, char **ret, size_t *ret_size)
{
	int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK), r;

	if (fd < 0)
		return -errno;
	r = read_file(fd, ret, ret_size);
	(void) close(fd);
	return r;
}

static int write_all(int fd, const char *text, size_t size)
{
	ssize_t n;

	while (size > 0) {
		n = write(fd, text, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		size -= (size_t) n;
	}
	return 0;
}

/* What root writes for the service must be the service's. */
static int give_to_owner(int dir_fd, int fd)
{
	struct stat st;

	if (geteuid() != 0)
		return 0;
	if (fstat(dir_fd, &st) < 0 || fchown(fd, st.st_uid, st.st_gid) < 0)
		return -errno;
	return 0;
}

int vz_private_file_open(int dir_fd, const char *name)
{
	int fd = openat(dir_fd, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600), r;

	if (fd < 0)
		return -errno;
	r = give_to_owner(dir_fd, fd);
	if (r < 0)
		(void) close(fd);
	return r < 0 ? r : fd;
}

static int write_new(int dir_fd, const char *name, const char *text, size_t size)
{
	int fd, r;

	/* Of somebody who was interrupted; he held the lock that we hold now. */
	if (unlinkat(dir_fd, name, 0) < 0 && errno != ENOENT)
		return -errno;
	fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	r = write_all(fd, text, size);
	if (r >= 0)
		r = give_to_owner(dir_fd, fd);
	if (r >= 0 && fsync(fd) < 0)
		r = -errno;
	if (close(fd) < 0 && r >= 0)
		r = -errno;
	return r;
}

int vz_private_file_write(int dir_fd, const char *name, const char *text, size_t size)
{
	char new_name[64];
	int r;

	if ((size_t) snprintf(new_name, sizeof(new_name), "%s.new", name) >= sizeof(new_name))
		return -ENAMETOOLONG;
	r = write_new(dir_fd, new_name, text, size);
	if (r >= 0 && renameat(dir_fd, new_name, dir_fd, name) < 0)
		r = -errno;
	if (r < 0) {
		(void) unlinkat(dir_fd, new_name, 0);
		return r;
	}
	/* The rename itself is on the disk only when the folder is. */
	return fsync(dir_fd) < 0 ? -errno : 0;
}
