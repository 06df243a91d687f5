/*
 * What the service manager hears: readiness, which is the first picture or the news that there is
 * none; and that loop and camera are alive.
 *
 * A loop that stands still feeds no watchdog. Nor does one whose encoder, or live tracking, does
 * not come back from a picture. A source that hangs is found by its silence, and lost; if its
 * thread then does not even end, the loop waits for it, and stands still. A camera that is stopped
 * is alive, and so is one that is lost.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "camera/camera.h"
#include "camera/encode.h"
#include "camera/stream.h"
#include "config/config.h"
#include "daemon-private.h"
#include "motionscope-module.h"
#include "feed/feed.h"
#include "loop/loop.h"
#include "util/log.h"
#include "util/notify.h"

/* For the first picture: a camera with a long exposure, or a driver that loads its firmware. */
#define FIRST_PICTURE_US 10000000
/* A picture takes milliseconds; on a machine that swaps, a second. */
#define ALIVE_US 5000000

struct vz_life {
	struct vz_timer *watchdog, *ready_timer;
	struct vz_stream *stream; /* that waits for the first picture */
	bool has_begun, is_ready, is_reloading;
	bool is_dead; /* and that was said */
};

/* --- Alive ---------------------------------------------------------------------------------- */

static bool is_alive(struct vz_daemon *daemon)
{
	int64_t busy_us = vz_encoder_busy_us(daemon->encoder);
	int64_t feeds_us = vz_feeds_busy_us(daemon->feeds);
	int64_t live_us = daemon->motionscope->busy_us(daemon);
	bool is_live = live_us >= ALIVE_US;

	if (feeds_us > busy_us)
		busy_us = feeds_us;
	if (!is_live && busy_us < ALIVE_US) {
		daemon->life->is_dead = false;
		return true;
	}
	if (!daemon->life->is_dead)
		vz_log_event(DAEMON, ERROR, NOT_ALIVE, is_live ? "vizyd-live" : "vizyd-encode",
			     "%s has been at one picture for %" PRId64
			     " s: the watchdog is not fed any more",
			     is_live ? "Live tracking" : "An encoder",
			     (is_live ? live_us : busy_us) / 1000000);
	daemon->life->is_dead = true;
	return false;
}

static void on_watchdog(void *data)
{
	struct vz_daemon *daemon = data;

	if (is_alive(daemon))
		vz_notify_watchdog();
	vz_timer_start(daemon->life->watchdog, (int64_t) (vz_notify_watchdog_us() / 4));
}

/* --- Ready ---------------------------------------------------------------------------------- */

void vz_daemon_tell_state(struct vz_daemon *daemon, const char *text)
{
	struct vz_life *life = daemon->life;

	if (!text)
		text = vz_camera_get_text(daemon->camera);
	if (!life || !life->is_ready)
		return;
	if (life->is_reloading)
		vz_notify_ready(text);
	else
		vz_notify_status(text);
	life->is_reloading = false;
}

void vz_daemon_tell_reloading(struct vz_daemon *daemon)
{
	if (!daemon->life->is_ready)
		return;
	daemon->life->is_reloading = true;
	vz_notify_reloading();
}

static void be_ready(struct vz_daemon *daemon)
{
	struct vz_life *life = daemon->life;

	life->is_ready = true;
	life->stream = vz_stream_free(life->stream);
	vz_timer_stop(life->ready_timer);
	vz_notify_ready(vz_camera_get_text(daemon->camera));
}

/* The first picture has come, or it has taken too long. */
static void on_ready_timer(void *data)
{
	be_ready(data);
}

static void on_camera_changed(struct vz_camera *camera, unsigned changes, void *data)
{
	struct vz_daemon *daemon = data;
	enum vz_camera_state state = vz_camera_get_state(camera);

	if (!daemon->life || !daemon->life->has_begun || daemon->life->is_ready)
		return;
	if (state == VZ_CAMERA_LOST || state == VZ_CAMERA_ENDED)
		vz_timer_start(daemon->life->ready_timer, 0);
}

/* From within the camera, whose streams must not go now. */
static void on_picture(void *data)
{
	struct vz_daemon *daemon = data;

	if (!daemon->life->is_ready)
		vz_timer_start(daemon->life->ready_timer, 0);
}

void vz_daemon_begin_life(struct vz_daemon *daemon)
{
	struct vz_life *life = daemon->life;

	if (!vz_notify_is_wanted()) {
		life->is_ready = true;
		return;
	}
	life->has_begun = true;
	vz_notify_status("Waiting for the first picture");
	vz_timer_start(life->ready_timer, FIRST_PICTURE_US);
	on_camera_changed(daemon->camera, 0, daemon);
	if (vz_camera_add_stream(daemon->camera, on_picture, daemon, &life->stream) < 0)
		be_ready(daemon);
}

/* --- Life ----------------------------------------------------------------------------------- */

int vz_daemon_make_life(struct vz_daemon *daemon)
{
	struct vz_life *life = calloc(1, sizeof(*life));
	int r;

	if (!life)
		return -ENOMEM;
	daemon->life = life;
	r = vz_timer_new(daemon->loop, on_ready_timer, daemon, &life->ready_timer);
	if (r == 0)
		r = vz_timer_new(daemon->loop, on_watchdog, daemon, &life->watchdog);
	if (r < 0)
		return r;
	vz_camera_add_listener(daemon->camera,
			       &(struct vz_camera_listener){ on_camera_changed, daemon });
	if (vz_notify_watchdog_us())
		on_watchdog(daemon);
	return 0;
}

void vz_daemon_free_life(struct vz_daemon *daemon)
{
	struct vz_life *life = vz_steal(daemon->life);

	if (!life)
		return;
	life->stream = vz_stream_free(life->stream);
	life->ready_timer = vz_timer_free(life->ready_timer);
	life->watchdog = vz_timer_free(life->watchdog);
	free(life);
}
