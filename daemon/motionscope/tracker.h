/*
 * The tracker: blobs of frame after frame become tracks. Each track predicts where its object will
 * be; predictions and blobs are paired for the least total cost (vz_assign()), within a gate around
 * each prediction that grows with its speed and with the time since it was last seen; size and
 * color count beside the place, as features do (S. Blackman, R. Popoli, Design and analysis of
 * modern tracking systems, 1999). An object that is not found is bridged for a while; two that are
 * one blob are both bridged until they part; pieces of one are put together. At the end of a clip
 * what was lost and found again is joined.
 *
 * It is the same for a clip and live. It keeps no picture. Thread: any; one at a time.
 */
#pragma once

#include "motionscope/blobs.h"
#include "motionscope/stitch.h"
#include "motionscope/track.h"

#define VZ_TRACKER_MAX_TRACKS 32u

struct vz_tracker;

/* For pictures of @width_px x @height_px. Returns 0 or -ENOMEM. */
int vz_tracker_new(uint32_t width_px, uint32_t height_px, struct vz_tracker **ret);
/* Takes NULL; returns NULL. */
struct vz_tracker *vz_tracker_free(struct vz_tracker *tracker);
VZ_DEFINE_CLEANUP(vz_tracker_free, struct vz_tracker *, vz_tracker_free)

/*
 * The next frame: @frame and @t_s rise. Returns 0 or -ENOMEM, and then some tracks have no point
 * for this frame. Where the blobs cover most of the picture nothing is told apart, and none is
 * used.
 */
int vz_tracker_step(struct vz_tracker *tracker, uint32_t frame, double t_s,
		    const struct vz_blobs *blobs);

/*
 * Live, where there is no end: of each track the last @n_points (8 or more) to twice as many are
 * kept, and of those that end, none.
 */
void vz_tracker_set_memory(struct vz_tracker *tracker, size_t n_points);
/* The tracks that have not ended, false starts among them, in no order. Borrowed, until the next
 * step. */
size_t vz_tracker_get_live(const struct vz_tracker *tracker, const struct vz_track **ret);
/* Whether it is an object that moved, as vz_tracker_get_tracks() says. */
bool vz_tracker_is_object(const struct vz_track *track);

/* Ends all tracks, as at the end of a clip, and joins those that are pieces of one (stitch.h).
 * Returns 0 or -ENOMEM, and then some are in pieces. */
int vz_tracker_finish(struct vz_tracker *tracker);
/* When the frames of the clip were; borrowed. Empty where the memory is set. */
struct vz_stitch_times vz_tracker_get_times(const struct vz_tracker *tracker);

/*
 * The tracks that have ended and that are objects which moved: seen at least 4 times, over a range
 * of at least 4 px and of a third of their size (what is jitter or the shadow of something that was
 * always there is not), and more than only tremble. At most 32, those that go furthest, and
 * steadily; in the order in which they began, and numbered so. Borrowed, until the next call.
 */
size_t vz_tracker_get_tracks(struct vz_tracker *tracker, const struct vz_track **ret);
