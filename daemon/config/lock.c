#include "config/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "config/folder.h"

/* The kernel tells in lines such as "1: FLOCK  ADVISORY  WRITE 708 08:01:13 0 EOF". */
static bool is_holder(const char *line, const struct stat *st, int *ret_pid)
{
	unsigned major_n, minor_n;
	unsigned long long inode;

	return sscanf(line, "%*u: FLOCK %*s WRITE %d %x:%x:%llu", ret_pid, &major_n, &minor_n,
		      &inode) == 4 &&
	       inode == st->st_ino;
}

static pid_t find_holder(int fd)
{
	FILE *locks = fopen("/proc/locks", "re");
	char line[256];
	struct stat st;
	pid_t found = 0;
	int pid;

	if (!locks)
		return 0;
	if (fstat(fd, &st) == 0)
		while (!found && fgets(line, sizeof(line), locks))
			if (is_holder(line, &st, &pid))
				found = pid;
	(void) fclose(locks);
	return found;
}

int vz_folder_lock(const char *dir, pid_t *ret_holder)
{
	int fd, r = vz_folder_make(dir);

	if (r < 0)
		return r;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	/* On the folder itself, so that nothing lies about in it. */
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	r = errno == EWOULDBLOCK ? -EBUSY : -errno;
	if (r == -EBUSY)
		*ret_holder = find_holder(fd);
	(void) close(fd);
	return r;
}
