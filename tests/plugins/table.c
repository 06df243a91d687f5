/*
 * A library with a table that is not quite right: KIND says how. Its constructor would be noticed:
 * it must never run, since the table is judged before.
 */
#include <stdlib.h>
#include <unistd.h>
#include <vizyd/host.h>

#define GOOD	0
#define ABI	1 /* another ABI */
#define LONGER	2 /* a table of a newer header */
#define SHORTER 3 /* of an older one, that had no fini() */
#define HOST	4 /* calls more than there is */
#define NAME	5
#define NO_INIT 6
#define CTOR	7 /* nothing is wrong with it, but that its constructor crashes */

const struct vz_host *vz_host;
struct vz_module *vz_self;

#if KIND != SHORTER && KIND != GOOD && KIND != NO_INIT
__attribute__((constructor)) static void run_too_early(void)
{
	(void) !write(STDERR_FILENO, "a constructor ran\n", 18);
	abort();
}
#endif

static int init(struct vz_app *app, struct json_object *config, void **ret_data)
{
	*ret_data = NULL;
	return 0;
}

static void fini(void *data)
{
}

#if KIND == SHORTER
/* What lies behind a shorter table is not its own. */
__attribute__((visibility("default"))) const struct {
	struct vz_plugin plugin;
} vz_plugin = { {
	.abi = VZ_PLUGIN_ABI,
	.struct_size = offsetof(struct vz_plugin, fini),
	.host_size = 16,
	.host = &vz_host,
	.self = &vz_self,
	.name = "table",
	.version = "0.9",
	.init = init,
	.fini = (void (*)(void *)) 0x10,
} };
void (*const used)(void *) = fini;
#else
__attribute__((visibility("default"))) const struct vz_plugin vz_plugin = {
	.abi = VZ_PLUGIN_ABI + (KIND == ABI),
	.struct_size = sizeof(struct vz_plugin) + (KIND == LONGER ? 8 : 0),
	.host_size = sizeof(struct vz_host) + (KIND == HOST ? 8 : 0),
	.host = &vz_host,
	.self = &vz_self,
	#if KIND == NAME
	.name = "../table",
#else
	.name = "table",
#endif
	.version = "1.0",
	.description = "A table",
	.init = KIND == NO_INIT ? NULL : init,
	.fini = fini,
};
#endif
