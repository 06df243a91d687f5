/*
 * The addresses of the clips, below /_vizyd/clips/:
 *
 *	GET picture.jpg?frame=N[&view=plain|moving|background][&threshold=PERCENT]
 *	GET strobe.jpg?spacing=N[&shown=HEX][&first=S][&last=S]
 *	GET tracks.csv, tracks.json	what is shown of the tracks, as vizyd-motionscope prints it
 *	GET columns[?result=N][&rule=R][&window=N][&px_per_unit=X][&pixel_aspect=X]
 *					all tracks, as the page draws them: clips/columns.h
 *	POST upload?name=NAME		a video
 *
 * All is of the clip that lies on the desk; what else is in a query keeps caches apart.
 *
 * Thread: loop. Owned by the daemon.
 */
#pragma once

#include "clips/print.h"
#include "util/cleanup.h"

struct vz_clip_routes;
struct vz_desk;
struct vz_jobs;
struct vz_server;
struct vz_uploads;

#define VZ_CLIPS_PATH "/_vizyd/clips/"

struct vz_clip_routes_options {
	struct vz_desk *desk;
	struct vz_jobs *jobs;
	struct vz_uploads *uploads; /* NULL: nothing is kept */
	/* What of the result is shown, and how it is derived. NULL: all of it, in pixels. */
	void (*get_print_options)(struct vz_print_options *ret, void *data);
	void *data;
};

/* Returns 0 or -ENOMEM. */
int vz_clip_routes_new(struct vz_server *server, const struct vz_clip_routes_options *options,
		       struct vz_clip_routes **ret);
/* No more jobs are made. Takes NULL. */
void vz_clip_routes_stop(struct vz_clip_routes *routes);
/* When the server has gone. Takes NULL; returns NULL. */
struct vz_clip_routes *vz_clip_routes_free(struct vz_clip_routes *routes);
