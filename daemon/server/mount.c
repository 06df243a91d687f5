#include "server/mount.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "server/server-private.h"

struct entry {
	struct vz_list in_mounts;
	struct vz_mount mount;
};

int vz_server_mount(struct vz_server *server, const struct vz_mount *mount)
{
	struct entry *entry;

	assert(mount->path[0] == '/' && mount->path[strlen(mount->path) - 1] == '/' && mount->get);
	entry = calloc(1, sizeof(*entry));
	if (!entry)
		return -ENOMEM;
	entry->mount = *mount;
	vz_list_add(&server->mounts, &entry->in_mounts);
	return 0;
}

const struct vz_mount *vz_mount_find(const struct vz_server *server, const char *path,
				     const char **ret_rest)
{
	const struct entry *entry;

	vz_list_for_each(entry, &server->mounts, in_mounts)
	{
		size_t size = strlen(entry->mount.path);

		if (strncmp(path, entry->mount.path, size) == 0) {
			*ret_rest = path + size;
			return &entry->mount;
		}
	}
	return NULL;
}

void vz_mounts_deinit(struct vz_server *server)
{
	struct entry *entry, *tmp;

	vz_list_for_each_safe(entry, tmp, &server->mounts, in_mounts)
	{
		vz_list_remove(&entry->in_mounts);
		free(entry);
	}
}
