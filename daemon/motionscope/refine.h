/*
 * Refining: tracks of a whole clip, gone over once more in both directions of time. Where an object
 * is alone its appearance is learnt (appearance.h); that finds it where its blob is not its own,
 * since a hand, another object or the edge of the picture has a part in it, also before the track
 * began and after it ended, and also if it turns, comes nearer or is in a shadow. Where it is alone
 * the smoother of both, centroid or appearance, is taken. An object that changes its looks all the
 * time is left as it is.
 *
 * Thread: any.
 */
#pragma once

#include "motionscope/reel.h"
#include "motionscope/track.h"

/*
 * @background has the size of the pictures; the points of @tracks are of frames of @reel, or stay
 * as they are. A track that another one turns out to be a part of has no points afterwards. What is
 * found by appearance is VZ_TRACK_TEMPLATE. Returns 0 or -ENOMEM, and then some tracks are not
 * refined.
 */
int vz_refine_tracks(const struct vz_reel *reel, const struct vz_picture *background,
		     struct vz_track *tracks, size_t n_tracks);

/* The same in steps, for a caller that shows how far it is or may be told to stop: each track, then
 * what is between them. */
int vz_refine_track(const struct vz_reel *reel, const struct vz_picture *background,
		    struct vz_track *track);
void vz_refine_drop_parts(struct vz_track *tracks, size_t n_tracks);
