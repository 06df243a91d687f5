/*
 * Motionscope in the daemon: recorder, player, clips, tracking, and what they have on the page. It
 * is an instrument of its own, in a module (vizyd-motionscope.so) that the daemon loads at its
 * start. Without the module, or with one of another build, the camera serves as ever, has no tabs
 * for what is missing, and the log says why.
 *
 * The daemon knows it by this table alone. The module has no copy of what the daemon has: its
 * wiring (daemon-recorder.c, daemon-clips.c, daemon-api.c, ...) and its panels call the daemon's
 * functions by their names, those that daemon.list shows. It stays loaded.
 *
 * Thread: loop.
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vz_buf;
struct vz_daemon;

/* What it has on the page: references. */
struct vz_motionscope_page {
	struct json_object *capture, *process, *analyze; /* tabs; NULL: it has none */
	struct json_object *below;			 /* the live picture; VZ_NULL: nothing */
};

struct vz_motionscope_functions {
	const char *version;
	size_t daemon_size; /* of struct vz_daemon: two builds of one version may still differ */

	/* Loop, state, workers, app and camera must be there. Returns 0 or a negative errno, and
	 * then, too, what was made is for free(). */
	int (*make)(struct vz_daemon *daemon);
	/* Before the workers go. */
	void (*stop)(struct vz_daemon *daemon);
	/* After stop(), and before the camera goes. */
	void (*free)(struct vz_daemon *daemon);

	/* Withdraws the callbacks of before. Returns 0 or -ENOMEM, with references that are the
	 * caller's in both cases. */
	int (*render)(struct vz_daemon *daemon, struct vz_motionscope_page *ret);
	/* Registers the callbacks of what was rendered, once it is in the layout. */
	int (*connect)(struct vz_daemon *daemon);

	/* Gives the server its addresses and the video "clip". */
	int (*mount)(struct vz_daemon *daemon);
	/* While there is still a server; also when nothing was mounted. */
	void (*unmount)(struct vz_daemon *daemon);

	/* See vz_daemon_trigger(); -ENOSYS: there is no Motionscope. */
	int (*trigger)(struct vz_daemon *daemon, const char *name, int64_t at_ns, const char *by);
	/* Whether somebody sees the live picture. */
	void (*set_watched)(struct vz_daemon *daemon, bool is_watched);
	/* For how long live tracking has been at one picture; 0: it is not. */
	int64_t (*busy_us)(struct vz_daemon *daemon);
	/* Its part of /status: ",key":value, … */
	void (*append_status)(struct vz_buf *buf, struct vz_daemon *daemon);
};
