#include "users/user-store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "util/cleanup.h"
#include "util/whole-file.h"

static void close_fd(int *fd)
{
	if (*fd >= 0)
		(void) close(*fd);
}

static int fail(char ret_error[160], int r, const char *what)
{
	snprintf(ret_error, 160, "%s: %s", what, strerror(-r));
	return r;
}

static int open_dir(const char *dir, char ret_error[160])
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	(void) fail(ret_error, -errno, dir);
	return errno == EACCES ? -EACCES : -ENODEV;
}

/* Made, empty, where there is none. */
static int open_lock(int dir_fd)
{
	int fd = openat(dir_fd, VZ_USERS_LOCK, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
			VZ_USERS_FILE_MODE),
	    r;

	if (fd < 0)
		return -errno;
	r = vz_give_to_owner(dir_fd, fd);
	if (r < 0)
		(void) close(fd);
	return r < 0 ? r : fd;
}

/*
 * Until the descriptor that it returns is closed. Not the folder itself, which the daemon keeps
 * locked for as long as it runs.
 */
static int lock_users(int dir_fd, char ret_error[160])
{
	int fd = open_lock(dir_fd);

	if (fd < 0)
		return fail(ret_error, fd, VZ_USERS_LOCK);
	while (flock(fd, LOCK_EX) < 0) {
		if (errno == EINTR)
			continue;
		(void) fail(ret_error, -errno, VZ_USERS_LOCK);
		(void) close(fd);
		return -errno;
	}
	return fd;
}

static int load(int dir_fd, struct vz_user_list *ret, char ret_error[160])
{
	VZ_CLEANUP(vz_freep) char *text = NULL;
	size_t size;
	int r;

	r = vz_whole_file_read(dir_fd, VZ_USERS_FILE, VZ_USERS_FILE_MAX_BYTES, &text, &size);
	if (r == -ENOENT) {
		memset(ret, 0, sizeof(*ret));
		return 0;
	}
	/* No file of ours: as wrong as one that cannot be understood. */
	if (r == -EINVAL || r == -EISDIR || r == -EFBIG || r == -ELOOP) {
		(void) fail(ret_error, r, VZ_USERS_FILE);
		return -EBADMSG;
	}
	if (r < 0)
		return fail(ret_error, r, VZ_USERS_FILE);
	return vz_user_list_parse(text, size, ret, ret_error);
}

int vz_user_store_load(const char *dir, struct vz_user_list *ret, char ret_error[160])
{
	VZ_CLEANUP(close_fd) int fd = open_dir(dir, ret_error);

	return fd < 0 ? fd : load(fd, ret, ret_error);
}

static int save(int dir_fd, const struct vz_user_list *list, char ret_error[160])
{
	VZ_CLEANUP(vz_freep) char *text = NULL;
	struct vz_buf buf = { 0 };
	size_t size;
	int r;

	vz_user_list_print(&buf, list);
	r = vz_buf_finish(&buf, &text, &size);
	if (r >= 0)
		r = vz_whole_file_write(dir_fd, VZ_USERS_FILE, VZ_USERS_FILE_MODE, text, size);
	return r < 0 ? fail(ret_error, r, VZ_USERS_FILE) : 0;
}

/* A second name for it, since the first goes to the new file by a rename. */
static int keep_damaged(int dir_fd, char ret_error[160])
{
	(void) unlinkat(dir_fd, VZ_USERS_FILE_BAD, 0);
	if (linkat(dir_fd, VZ_USERS_FILE, dir_fd, VZ_USERS_FILE_BAD, 0) < 0)
		return fail(ret_error, -errno, VZ_USERS_FILE_BAD);
	return 0;
}

int vz_user_store_change(const char *dir, const struct vz_user_change *change, bool replace,
			 struct vz_user_list *ret, char ret_error[160])
{
	VZ_CLEANUP(close_fd) int fd = open_dir(dir, ret_error);
	VZ_CLEANUP(close_fd) int lock_fd = fd < 0 ? fd : lock_users(fd, ret_error);
	struct vz_user_list list = { 0 };
	int r;

	if (lock_fd < 0)
		return lock_fd;
	r = load(fd, &list, ret_error);
	if (r == -EBADMSG && replace)
		r = keep_damaged(fd, ret_error);
	if (r < 0)
		return r;
	r = vz_user_list_change(&list, change);
	if (r < 0)
		snprintf(ret_error, 160, "%s", vz_user_error_text(r));
	else
		r = save(fd, &list, ret_error);
	if (r < 0) {
		vz_user_list_deinit(&list);
		return r;
	}
	*ret = list;
	return 0;
}

int vz_user_store_write(const char *dir, const char *name, const char *text, size_t size)
{
	char error[160];
	VZ_CLEANUP(close_fd) int fd = open_dir(dir, error);
	VZ_CLEANUP(close_fd) int lock_fd = fd < 0 ? fd : lock_users(fd, error);

	return lock_fd < 0 ? lock_fd
			   : vz_whole_file_write(fd, name, VZ_USERS_FILE_MODE, text, size);
}
