/*
 * Motionscope as the daemon has it: what its module shows, or, where there is none that fits,
 * functions that do nothing.
 */
#include <errno.h>
#include <string.h>

#include "camera/source-module.h"
#include "daemon-private.h"
#include "motionscope-module.h"
#include "util/buf.h"
#include "util/log.h"
#include "vizyd/component.h"

/* --- None ------------------------------------------------------------------------------------ */

static int do_nothing(struct vz_daemon *daemon)
{
	return 0;
}

static void end_nothing(struct vz_daemon *daemon)
{
}

static int render_nothing(struct vz_daemon *daemon, struct vz_motionscope_page *ret)
{
	*ret = (struct vz_motionscope_page){ .below = VZ_NULL };
	return 0;
}

static int trigger_nothing(struct vz_daemon *daemon, const char *name, int64_t at_ns,
			   const char *by)
{
	return -ENOSYS;
}

static void watch_nothing(struct vz_daemon *daemon, bool is_watched)
{
}

static int64_t never_busy(struct vz_daemon *daemon)
{
	return 0;
}

static void append_nothing(struct vz_buf *buf, struct vz_daemon *daemon)
{
	vz_buf_puts(buf, ",\"recorder\":null,\"live\":null");
}

const struct vz_motionscope_functions vz_no_motionscope = {
	.make = do_nothing,
	.stop = end_nothing,
	.free = end_nothing,
	.render = render_nothing,
	.connect = do_nothing,
	.mount = do_nothing,
	.unmount = end_nothing,
	.trigger = trigger_nothing,
	.set_watched = watch_nothing,
	.busy_us = never_busy,
	.append_status = append_nothing,
};

/* --- The module ------------------------------------------------------------------------------ */

/* Returns NULL, or what is wrong with it. */
static const char *load(const struct vz_motionscope_functions **ret)
{
	const struct vz_motionscope_functions *functions;
	const void *symbol;
	int r;

	r = vz_source_module_symbol("motionscope", "vz_motionscope_functions", &symbol);
	if (r < 0)
		return r == -EOPNOTSUPP ? "is missing" : "cannot be loaded";
	functions = symbol;
	if (strcmp(functions->version, VZ_VERSION) != 0 ||
	    functions->daemon_size != sizeof(struct vz_daemon))
		return "is of another build";
	*ret = functions;
	return NULL;
}

int vz_daemon_make_motionscope(struct vz_daemon *daemon)
{
	const char *wrong = load(&daemon->motionscope);

	if (wrong)
		vz_log(DAEMON, ERROR,
		       "Nothing can be recorded, processed or tracked: vizyd-motionscope.so %s",
		       wrong);
	return daemon->motionscope->make(daemon);
}
