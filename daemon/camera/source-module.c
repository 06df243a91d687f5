#include "camera/source-module.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/cleanup.h"
#include "util/log.h"

/* From the directory of the running program: of the daemon and of the tests in the build tree. */
static const char *const build_dirs[] = {
	".", "camera", "clips", "../daemon", "../daemon/camera", "../daemon/clips",
};

static int find_own_dir(char *dir, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", dir, size - 1);
	char *slash;

	if (n < 0)
		return -errno;
	dir[n] = '\0';
	slash = strrchr(dir, '/');
	if (!slash)
		return -ENOENT;
	*slash = '\0';
	return 0;
}

static int join(char *path, size_t size, const char *dir, const char *sub, const char *name)
{
	int n = snprintf(path, size, "%s/%s%svizyd-%s.so", dir, sub, *sub ? "/" : "", name);

	return n < 0 || (size_t) n >= size || access(path, R_OK) < 0 ? -ENOENT : 0;
}

static int find(const char *name, char *path, size_t size)
{
	const char *dir = getenv("VIZYD_MODULE_DIR");
	char own_dir[PATH_MAX];

	if (dir)
		return join(path, size, dir, "", name);
	if (find_own_dir(own_dir, sizeof(own_dir)) == 0)
		for (size_t i = 0; i < VZ_N_ELEMENTS(build_dirs); i++)
			if (join(path, size, own_dir, build_dirs[i], name) == 0)
				return 0;
	return join(path, size, VZ_MODULE_DIR, "", name);
}

int vz_source_module_symbol(const char *name, const char *symbol, const void **ret)
{
	char path[PATH_MAX + 64];
	const void *found;
	void *handle;

	if (find(name, path, sizeof(path)) < 0)
		return -EOPNOTSUPP;
	/* Never closed: frames that are out end in its functions. */
	handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	found = handle ? dlsym(handle, symbol) : NULL;
	if (!found) {
		vz_log(CAM, ERROR, "Cannot load %s: %s", path, dlerror());
		if (handle)
			(void) dlclose(handle);
		return -ELIBBAD;
	}
	*ret = found;
	return 0;
}

static bool is_ours(const struct vz_source_module *module)
{
	return !strcmp(module->version, VZ_VERSION) &&
	       module->frame_size == sizeof(struct vz_frame) &&
	       module->control_size == sizeof(struct vz_control);
}

int vz_source_module_open(const char *name, const struct vz_source_module **ret)
{
	const void *module;
	int r;

	r = vz_source_module_symbol(name, "vz_source_module", &module);
	if (r < 0)
		return r;
	if (!is_ours(module)) {
		vz_log(CAM, ERROR, "Cannot load vizyd-%s.so: it is of another build", name);
		return -ELIBBAD;
	}
	*ret = module;
	return 0;
}

int vz_source_module_load(const char *name, const struct vz_source_ops **ret)
{
	const struct vz_source_module *module;
	int r;

	r = vz_source_module_open(name, &module);
	if (r == 0)
		*ret = module->ops;
	return r;
}
