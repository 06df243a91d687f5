/* What the module shows to the daemon. */
#include "motionscope-module.h"

#include <errno.h>

#include "daemon-private.h"
#include "panels/capture-panel.h"
#include "panels/live-panel.h"

static int make(struct vz_daemon *daemon)
{
	int r;

	r = vz_daemon_make_recorder(daemon);
	if (r == 0)
		r = vz_daemon_make_clips(daemon);
	if (r == 0)
		r = vz_live_panel_new(daemon->loop, daemon->app, daemon->camera,
				      &daemon->live_panel);
	return r;
}

static void free_all(struct vz_daemon *daemon)
{
	daemon->live_panel = vz_live_panel_free(daemon->live_panel);
	vz_daemon_free_recorder(daemon);
	/* The recorder tells of its last recording. */
	vz_daemon_free_clips(daemon);
}

static int render(struct vz_daemon *daemon, struct vz_motionscope_page *ret)
{
	*ret = (struct vz_motionscope_page){
		.capture = vz_capture_panel_render(daemon->capture_panel),
		.process = vz_daemon_render_process(daemon),
		.analyze = vz_daemon_render_analyze(daemon),
		.below = vz_live_panel_render(daemon->live_panel),
	};
	return ret->capture && ret->process && ret->analyze && ret->below ? 0 : -ENOMEM;
}

static int connect_all(struct vz_daemon *daemon)
{
	int r;

	r = vz_live_panel_connect(daemon->live_panel);
	if (r == 0)
		r = vz_capture_panel_connect(daemon->capture_panel);
	return r < 0 ? r : vz_daemon_connect_clips(daemon);
}

static int mount_all(struct vz_daemon *daemon)
{
	int r;

	r = vz_daemon_show_clip(daemon);
	if (r == 0)
		r = vz_daemon_mount_clips(daemon);
	return r < 0 ? r : vz_daemon_mount_api(daemon);
}

static void set_watched(struct vz_daemon *daemon, bool is_watched)
{
	vz_live_panel_set_watched(daemon->live_panel, is_watched);
}

static int64_t busy_us(struct vz_daemon *daemon)
{
	return vz_live_panel_busy_us(daemon->live_panel);
}

static void append_status(struct vz_buf *buf, struct vz_daemon *daemon)
{
	vz_daemon_append_recorder_status(buf, daemon);
	vz_live_panel_append_status(buf, daemon->live_panel);
}

__attribute__((visibility(
	"default"))) extern const struct vz_motionscope_functions vz_motionscope_functions;

const struct vz_motionscope_functions vz_motionscope_functions = {
	.version = VZ_VERSION,
	.daemon_size = sizeof(struct vz_daemon),
	.make = make,
	.stop = vz_daemon_stop_clips,
	.free = free_all,
	.render = render,
	.connect = connect_all,
	.mount = mount_all,
	.unmount = vz_daemon_hide_clip,
	.trigger = vz_daemon_trigger,
	.set_watched = set_watched,
	.busy_us = busy_us,
	.append_status = append_status,
};
