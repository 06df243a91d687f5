/* Whatever a file says of itself: refused with a reason, or a table that can be used as it is. */
#include <string.h>

#include "fuzz.h"
#include "plugin/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vz_manifest manifest;
	const struct vz_plugin *plugin = &manifest.plugin;

	if (vz_manifest_read(data, size, &manifest) < 0) {
		EXPECT(*manifest.error);
		EXPECT(memchr(manifest.error, '\0', sizeof(manifest.error)));
		return 0;
	}
	EXPECT(plugin->abi == VZ_PLUGIN_ABI);
	EXPECT(VZ_HAS(plugin, init) && plugin->struct_size <= sizeof(*plugin));
	EXPECT(plugin->host_size <= sizeof(struct vz_host));
	EXPECT(memchr(plugin->name, '\0', sizeof(plugin->name)));
	EXPECT(vz_manifest_check_name(plugin->name));
	EXPECT(memchr(plugin->version, '\0', sizeof(plugin->version)));
	EXPECT(memchr(plugin->description, '\0', sizeof(plugin->description)));
	return 0;
}
