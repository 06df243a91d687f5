#include <errno.h>
#include <math.h>

#include "clips/view-private.h"
#include "motionscope/frame-picture.h"

/* Around what was followed by its looks there is no outline. */
#define LEAST_RADIUS_PX 6.0
#define NEAR_PX		2.0

static bool is_within(const struct vz_motion_blob *blob, const struct vz_track_point *point)
{
	return point->x_px >= blob->left - NEAR_PX && point->x_px <= blob->right + NEAR_PX &&
	       point->y_px >= blob->top - NEAR_PX && point->y_px <= blob->bottom + NEAR_PX;
}

static void paste_object(struct vz_view *view, const struct vz_picture *picture,
			 const struct vz_blobs *blobs, const struct vz_track_point *point)
{
	const struct vz_plane *mask = vz_detector_get_mask(view->detector);
	bool is_found = false;

	for (unsigned i = 0; point->how != VZ_TRACK_TEMPLATE && i < blobs->n; i++) {
		const struct vz_motion_blob *blob = &blobs->blobs[i];

		if (!is_within(blob, point))
			continue;
		vz_canvas_paste(&view->canvas, picture, mask, blob->left, blob->top, blob->right,
				blob->bottom);
		is_found = true;
	}
	if (!is_found)
		vz_canvas_paste_disc(&view->canvas, picture, point->x_px, point->y_px,
				     fmax(LEAST_RADIUS_PX, sqrt(point->area_px / M_PI)));
}

/* The points of all tracks that are shown; each track has one for every frame that it spans. */
static const struct vz_track_point *find_point(const struct vz_view_strobe *strobe, size_t i,
					       uint32_t frame)
{
	const struct vz_track *track = &strobe->tracks->tracks[i];
	uint32_t first = track->n ? track->points[0].frame : 0;

	if (i >= 64 || !(strobe->shown >> i & 1) || !track->n || frame < first ||
	    frame - first >= track->n || track->points[frame - first].frame != frame)
		return NULL;
	return &track->points[frame - first];
}

static bool has_point(const struct vz_view_strobe *strobe, uint32_t frame)
{
	for (size_t i = 0; i < strobe->tracks->n_tracks; i++)
		if (find_point(strobe, i, frame))
			return true;
	return false;
}

static int paste_frame(struct vz_view *view, const struct vz_view_strobe *strobe, uint32_t frame)
{
	const struct vz_track_point *point;
	const struct vz_blobs *blobs;
	struct vz_picture picture;
	int r;

	r = vz_view_go_to(view, frame);
	if (r < 0)
		return r;
	picture = vz_picture_of_frame(view->frame);
	r = vz_view_find_blobs(view, &picture, strobe->threshold_percent, &blobs);
	for (size_t i = 0; r == 0 && i < strobe->tracks->n_tracks; i++) {
		point = find_point(strobe, i, frame);
		if (point)
			paste_object(view, &picture, blobs, point);
	}
	return r;
}

int vz_view_draw_strobe(struct vz_view *view, const struct vz_view_strobe *strobe,
			struct vz_blob **ret)
{
	uint32_t first = 0;
	int r;

	if (!strobe->spacing)
		return -EINVAL;
	r = vz_view_use_background_of(view, strobe->range_first, strobe->range_last);
	if (r < 0)
		return r;
	vz_canvas_copy(&view->canvas, vz_detector_get_background(view->detector));
	while (first < view->info.n_frames &&
	       (view->times_s[first] < strobe->first_s || !has_point(strobe, first)))
		first++;
	for (uint32_t i = first;
	     r == 0 && i < view->info.n_frames && view->times_s[i] <= strobe->last_s;
	     i += strobe->spacing)
		if (has_point(strobe, i))
			r = paste_frame(view, strobe, i);
	return r < 0 ? r : vz_canvas_encode(&view->canvas.picture, VZ_VIEW_JPEG_QUALITY, ret);
}
