/*
 * The table of what a plugin may call, and the functions in it that are about neither the app, the
 * loop nor cameras: those are in host-app.c, host-device.c, host-loop.c and host-feed.c.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "config/state.h"
#include "loop/loop.h"
#include "plugin/host-private.h"
#include "plugin/plugins-private.h"
#include "util/cleanup.h"
#include "util/log.h"

__attribute__((format(printf, 4, 0))) int vz_host_call_fail(struct vz_module *self,
							    struct vz_call *call, int r,
							    const char *format, va_list args)
{
	VZ_CLEANUP(vz_freep) char *text = NULL;

	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	return vz_call_fail(call, r, "%s", text ? text : "out of memory");
}

static void state_section(const struct vz_module *module, char *section, size_t size)
{
	(void) snprintf(section, size, "plugin %s", module->name);
}

struct json_object *vz_host_app_get_saved(struct vz_module *self, struct vz_app *app)
{
	char section[64];

	state_section(self, section, sizeof(section));
	return vz_state_get(self->plugins->options.state, section);
}

int vz_host_app_save(struct vz_module *self, struct vz_app *app, struct json_object *value)
{
	char section[64];

	state_section(self, section, sizeof(section));
	return vz_state_set(self->plugins->options.state, section, value);
}

__attribute__((format(printf, 3, 0))) void vz_host_log(struct vz_module *self, int level,
						       const char *format, va_list args)
{
	VZ_CLEANUP(vz_freep) char *text = NULL;

	if (!vz_log_enabled(VZ_TOPIC_PLUGIN, (enum vz_level) level))
		return;
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	vz_log_write(VZ_TOPIC_PLUGIN, (enum vz_level) level, VZ_EVENT_PLUGIN, self->name, NULL, 0,
		     NULL, "%s: %s", self->name, text ? text : "out of memory");
}

/* --- The table ------------------------------------------------------------------------------ */

#define ENTRY_PASS(type, name, ...) .name = vz_##name,
#define ENTRY_OWN(type, name, ...)  .name = vz_host_##name,

const struct vz_host vz_host_table = { .abi = VZ_PLUGIN_ABI,
				       .struct_size = sizeof(struct vz_host),
				       VZ_HOST_FUNCTIONS(ENTRY_PASS, ENTRY_OWN, ENTRY_OWN) };
