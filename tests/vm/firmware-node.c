/*
 * Preloaded into the daemon in the guest of scripts/vm: gives the kernel's virtual USB host
 * controller a node of the device tree, which it lacks because it is no device of any board.
 * libcamera names a USB camera by the node of its controller, and refuses one without.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define EXPORT __attribute__((visibility("default")))
#define ASKED  "/vhci_hcd.0/of_node"
#define NODE   "/sys/firmware/devicetree/base/vhci"

EXPORT int stat(const char *path, struct stat *ret);
EXPORT int stat64(const char *path, struct stat64 *ret);
EXPORT char *realpath(const char *path, char *resolved);
EXPORT char *__realpath_chk(const char *path, char *resolved, size_t size);

static int is_asked(const char *path)
{
	size_t n = path ? strlen(path) : 0;

	return n >= strlen(ASKED) && !strcmp(path + n - strlen(ASKED), ASKED);
}

int stat(const char *path, struct stat *ret)
{
	int (*next)(const char *, struct stat *) = dlsym(RTLD_NEXT, "stat");

	if (!is_asked(path))
		return next(path, ret);
	*ret = (struct stat){ .st_mode = S_IFDIR | 0555 };
	return 0;
}

int stat64(const char *path, struct stat64 *ret)
{
	int (*next)(const char *, struct stat64 *) = dlsym(RTLD_NEXT, "stat64");

	if (!is_asked(path))
		return next(path, ret);
	*ret = (struct stat64){ .st_mode = S_IFDIR | 0555 };
	return 0;
}

char *realpath(const char *path, char *resolved)
{
	char *(*next)(const char *, char *) = dlsym(RTLD_NEXT, "realpath");

	if (!is_asked(path))
		return next(path, resolved);
	return resolved ? strcpy(resolved, NODE) : strdup(NODE);
}

/* What the compiler makes of it where it knows the size of @resolved. */
char *__realpath_chk(const char *path, char *resolved, size_t size)
{
	return size < sizeof(NODE) ? NULL : realpath(path, resolved);
}
