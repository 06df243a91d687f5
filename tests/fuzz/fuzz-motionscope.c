/*
 * The whole way of a clip through the motionscope: bytes say how large its pictures are, how their
 * rows are padded, the threshold, and what is in them. Whatever that is: nothing is written beside
 * the pixels, blobs lie in the picture and come by size, tracks have a point for each frame from
 * their first to their last, each a number.
 */
#include <math.h>
#include <string.h>

#include "fuzz.h"
#include "motionscope/derivative.h"
#include "motionscope/detector.h"
#include "motionscope/live.h"
#include "motionscope/refine.h"
#include "motionscope/template.h"
#include "motionscope/tracker.h"

#define HEAD_BYTES   8u
#define MAX_SIDE_PX  72u
#define MAX_N_FRAMES 8u
#define MAX_PADDING  5u
#define PAD_BYTE     0xa5
/* Some are taken for the background first. */
#define N_LIVE_FRAMES 40u

struct clip {
	const uint8_t *data;
	size_t size, at;
	uint32_t width, height, padding;
	unsigned n;
	struct vz_picture frames[MAX_N_FRAMES];
};

static uint8_t take(struct clip *clip)
{
	return clip->size ? clip->data[clip->at++ % clip->size] : 0;
}

/* --- Pictures ----------------------------------------------------------------------------------
 */

static struct vz_plane make_plane(const struct clip *clip, bool is_half)
{
	struct vz_plane plane = {
		.width_px = is_half ? (clip->width + 1) / 2 : clip->width,
		.height_px = is_half ? (clip->height + 1) / 2 : clip->height,
	};

	plane.stride_bytes = plane.width_px + clip->padding;
	plane.data = malloc((size_t) plane.stride_bytes * plane.height_px);
	EXPECT(plane.data);
	memset(plane.data, PAD_BYTE, (size_t) plane.stride_bytes * plane.height_px);
	return plane;
}

/* All alike, but for boxes of bytes: a box of noise everywhere would be no object. */
static void fill(struct clip *clip, struct vz_plane *plane)
{
	unsigned n_boxes = take(clip) % 4;
	uint8_t ground = take(clip);

	for (uint32_t y = 0; y < plane->height_px; y++)
		memset(vz_plane_get_row(plane, y), ground, plane->width_px);
	for (unsigned i = 0; i < n_boxes; i++) {
		uint32_t left = take(clip) % plane->width_px, top = take(clip) % plane->height_px;
		uint32_t width = take(clip) % (plane->width_px - left) + 1;
		uint32_t height = take(clip) % (plane->height_px - top) + 1;

		for (uint32_t y = top; y < top + height; y++)
			for (uint32_t x = left; x < left + width; x++)
				vz_plane_get_row(plane, y)[x] = take(clip);
	}
}

static void make_clip(struct clip *clip)
{
	for (unsigned i = 0; i < clip->n; i++)
		for (unsigned p = 0; p < VZ_PICTURE_N_PLANES; p++) {
			clip->frames[i].planes[p] = make_plane(clip, p > 0);
			fill(clip, &clip->frames[i].planes[p]);
		}
}

static void free_clip(struct clip *clip)
{
	for (unsigned i = 0; i < clip->n; i++)
		for (unsigned p = 0; p < VZ_PICTURE_N_PLANES; p++) {
			struct vz_plane *plane = &clip->frames[i].planes[p];

			for (uint32_t y = 0; y < plane->height_px; y++)
				for (uint32_t x = plane->width_px; x < plane->stride_bytes; x++)
					EXPECT(vz_plane_get_row(plane, y)[x] == PAD_BYTE);
			free(plane->data);
		}
}

/* --- What must hold -----------------------------------------------------------------------------
 */

static void check_blobs(const struct clip *clip, const struct vz_blobs *blobs)
{
	EXPECT(blobs->n <= VZ_BLOBS_MAX_N);
	for (unsigned i = 0; i < blobs->n; i++) {
		const struct vz_motion_blob *blob = &blobs->blobs[i];

		EXPECT(blob->left <= blob->right && blob->right < clip->width);
		EXPECT(blob->top <= blob->bottom && blob->bottom < clip->height);
		EXPECT(blob->x_px >= blob->left && blob->x_px <= blob->right);
		EXPECT(blob->y_px >= blob->top && blob->y_px <= blob->bottom);
		EXPECT(blob->area_px >= VZ_BLOBS_MIN_AREA_PX);
		EXPECT(i == 0 || blob->area_px <= blob[-1].area_px);
	}
}

static void check_track(const struct vz_track *track)
{
	double t[MAX_N_FRAMES], x[MAX_N_FRAMES], v[MAX_N_FRAMES], a[MAX_N_FRAMES];

	EXPECT(track->n <= MAX_N_FRAMES);
	for (size_t i = 0; i < track->n; i++) {
		const struct vz_track_point *p = &track->points[i];

		EXPECT(isfinite(p->x_px) && isfinite(p->y_px));
		EXPECT(i == 0 || p->frame == p[-1].frame + 1);
		t[i] = p->t_s;
		x[i] = p->x_px;
	}
	vz_derivative_find(VZ_DERIVATIVE_POLYNOMIAL, 5, t, x, track->n, v, a);
	for (size_t i = 0; i < track->n && track->n >= 3; i++)
		EXPECT(isfinite(v[i]) && isfinite(a[i]));
}

/* --- The way ------------------------------------------------------------------------------------
 */

static void follow_point(const struct clip *clip, double x, double y)
{
	struct vz_template *template = calloc(1, sizeof(*template));
	int r;

	EXPECT(template);
	r = vz_template_init(template, &clip->frames[0].planes[0], 4, 0, 0, x, y);
	for (unsigned i = 1; r == 0 && i < clip->n; i++)
		r = vz_template_step(template, &clip->frames[i].planes[0], i, i * 0.04);
	if (r == 0) {
		vz_track_trim(&template->track);
		check_track(&template->track);
	}
	vz_template_deinit(template);
	free(template);
}

static void refine(const struct clip *clip, struct vz_tracker *tracker, struct vz_reel *reel,
		   const struct vz_detector *detector)
{
	struct vz_track copies[VZ_TRACKER_MAX_TRACKS] = { 0 };
	const struct vz_track *tracks;
	size_t n = vz_tracker_get_tracks(tracker, &tracks);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < tracks[i].n; k++) {
			check_track(&tracks[i]);
			EXPECT(!vz_track_add(&copies[i], &tracks[i].points[k]));
			copies[i].n_missed = 0;
		}
	EXPECT(!vz_refine_tracks(reel, vz_detector_get_background(detector), copies, n));
	for (size_t i = 0; i < n; i++) {
		check_track(&copies[i]);
		vz_track_deinit(&copies[i]);
	}
}

static void run(struct clip *clip, double threshold_percent, size_t max_reel_bytes)
{
	struct vz_detector *detector;
	struct vz_tracker *tracker;
	const struct vz_blobs *blobs;
	struct vz_reel reel;

	EXPECT(!vz_detector_new(clip->width, clip->height, &detector));
	EXPECT(!vz_tracker_new(clip->width, clip->height, &tracker));
	vz_reel_init(&reel, max_reel_bytes);
	EXPECT(!vz_detector_set_background(detector, clip->frames, clip->n, threshold_percent));
	for (unsigned i = 0; i < clip->n; i++) {
		EXPECT(!vz_detector_step(detector, &clip->frames[i], &blobs));
		check_blobs(clip, blobs);
		(void) vz_reel_add(&reel, i, i * 0.04, &clip->frames[i],
				   vz_detector_get_outline(detector), blobs);
		EXPECT(!vz_tracker_step(tracker, i, i * 0.04, blobs));
	}
	(void) vz_tracker_finish(tracker);
	refine(clip, tracker, &reel, detector);
	vz_reel_deinit(&reel);
	(void) vz_tracker_free(tracker);
	(void) vz_detector_free(detector);
}

/* The clip again and again, for longer than it takes to learn the background. */
static void run_live(const struct clip *clip)
{
	static struct vz_live_result result;
	struct vz_live *live;

	EXPECT(!vz_live_new(clip->width, clip->height, &live));
	for (unsigned i = 0; i < N_LIVE_FRAMES; i++) {
		EXPECT(!vz_live_step(live, &clip->frames[i % clip->n], i * 0.15, &result));
		EXPECT(result.n <= VZ_LIVE_MAX_N_OBJECTS && (!result.is_learning || !result.n));
		for (unsigned k = 0; k < result.n; k++) {
			const struct vz_live_object *object = &result.objects[k];

			EXPECT(isfinite(object->x_px) && isfinite(object->y_px));
			EXPECT(object->left <= object->right && object->right < clip->width);
			EXPECT(object->top <= object->bottom && object->bottom < clip->height);
			EXPECT(object->n_trail && object->n_trail <= VZ_LIVE_TRAIL);
		}
	}
	(void) vz_live_free(live);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct clip clip = { 0 };

	if (size < HEAD_BYTES)
		return 0;
	clip.width = data[0] % MAX_SIDE_PX + 1;
	clip.height = data[1] % MAX_SIDE_PX + 1;
	clip.padding = data[2] % (MAX_PADDING + 1);
	clip.n = data[3] % MAX_N_FRAMES + 1;
	clip.data = data + HEAD_BYTES;
	clip.size = size - HEAD_BYTES;
	make_clip(&clip);
	run(&clip, 1 + data[4] % 100, data[5] % 2 ? SIZE_MAX : 64u * data[6]);
	run_live(&clip);
	follow_point(&clip, data[6] % MAX_SIDE_PX, data[7] % MAX_SIDE_PX);
	free_clip(&clip);
	return 0;
}
