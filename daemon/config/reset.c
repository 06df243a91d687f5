#include "config/reset.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/cleanup.h"
#include "util/whole-file.h"

#define SETTINGS  "state.json"
#define ASIDE	  "before-reset"
#define MAX_DEPTH 32

static int empty(int dir_fd, const char *const *kept, int depth);

/* Never through a link. */
static int remove_entry(int dir_fd, const char *name, int depth)
{
	int fd, r;

	if (unlinkat(dir_fd, name, 0) == 0)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -errno;
	if (depth == MAX_DEPTH)
		return -ELOOP;
	fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = empty(fd, NULL, depth + 1);
	(void) close(fd);
	if (r < 0)
		return r;
	return unlinkat(dir_fd, name, AT_REMOVEDIR) < 0 ? -errno : 0;
}

static bool is_among(const char *name, const char *const *list)
{
	for (; list && *list; list++)
		if (!strcmp(name, *list))
			return true;
	return !strcmp(name, ".") || !strcmp(name, "..");
}

/* Returns how many entries of @dir_fd itself went, or the first error. */
static int empty(int dir_fd, const char *const *kept, int depth)
{
	int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0, n = 0, one;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (!dir) {
		r = -errno;
		if (fd >= 0)
			(void) close(fd);
		return r;
	}
	while ((entry = readdir(dir))) {
		if (is_among(entry->d_name, kept))
			continue;
		one = remove_entry(dir_fd, entry->d_name, depth);
		if (one < 0 && r == 0)
			r = one;
		n += one == 0;
	}
	(void) closedir(dir);
	return r < 0 ? r : n;
}

/* Returns 1 when there were settings, 0 when there were none, or a negative errno. */
static int keep_settings(int dir_fd)
{
	int aside_fd, r = 1;

	if (faccessat(dir_fd, SETTINGS, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (mkdirat(dir_fd, ASIDE, 0700) < 0 && errno != EEXIST)
		return -errno;
	aside_fd = openat(dir_fd, ASIDE, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (aside_fd < 0)
		return -errno;
	(void) vz_give_to_owner(dir_fd, aside_fd);
	if (renameat(dir_fd, SETTINGS, aside_fd, SETTINGS) < 0)
		r = -errno;
	(void) close(aside_fd);
	return r;
}

int vz_reset_folder(int dir_fd, bool with_recordings)
{
	static const char *const kept[] = { ASIDE, "recordings", "clips", NULL };
	static const char *const kept_without[] = { ASIDE, NULL };
	int r = keep_settings(dir_fd), n;

	n = empty(dir_fd, with_recordings ? kept_without : kept, 0);
	if (fsync(dir_fd) < 0 && n >= 0)
		n = -errno;
	return r < 0 ? r : n < 0 ? n : r + n;
}
