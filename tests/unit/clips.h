/*
 * Tracks for the tests of clips: a thrown ball, exact, and a point that stands.
 */
#pragma once

#include <errno.h>
#include <stdlib.h>

#include "clips/tracking.h"

#define BALL_N	    40u
#define BALL_STEP_S 0.01
#define BALL_VX	    120.0 /* px/s */
#define BALL_G	    900.0 /* px/s^2, down */
#define BALL_HEIGHT 240u
#define BALL_FIRST  3u

static inline int fill_track(struct vz_track *track, unsigned id, bool is_ball)
{
	track->id = id;
	for (unsigned i = 0; i < BALL_N; i++) {
		double t = i * BALL_STEP_S;
		const struct vz_track_point point = {
			.frame = BALL_FIRST + i,
			.area_px = 12 + i,
			.t_s = t,
			.x_px = is_ball ? 10 + BALL_VX * t : 50.25,
			.y_px = is_ball ? 20 + BALL_G / 2 * t * t : 60.5,
			.how = i % 7 == 3 ? VZ_TRACK_BRIDGED : VZ_TRACK_MEASURED,
		};
		int r = vz_track_add(track, &point);

		if (r < 0)
			return r;
		/* Bridged points as they are, not pulled. */
		track->n_missed = 0;
	}
	return 0;
}

/* Returns 0 or -ENOMEM; vz_tracks_deinit() or free_tracks() empties it, also then. */
static inline int make_tracks(struct vz_tracks *ret)
{
	int r;

	*ret = (struct vz_tracks){ .width_px = 320,
				   .height_px = BALL_HEIGHT,
				   .n_frames = 100,
				   .fps = 100,
				   .rotation_deg = 90,
				   .pixel_aspect = 4.0 / 3,
				   .noise_levels = { 1.5, 0.25, 0.5 } };
	ret->tracks = calloc(2, sizeof(*ret->tracks));
	if (!ret->tracks)
		return -ENOMEM;
	ret->n_tracks = 2;
	r = fill_track(&ret->tracks[0], 1, true);
	return r < 0 ? r : fill_track(&ret->tracks[1], 2, false);
}

static inline void free_tracks(struct vz_tracks *tracks)
{
	for (size_t i = 0; i < tracks->n_tracks; i++)
		vz_track_deinit(&tracks->tracks[i]);
	free(tracks->tracks);
	*tracks = (struct vz_tracks){ 0 };
}
