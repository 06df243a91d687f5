#include "motionscope-planes.h"

#include <errno.h>

#include "motionscope/reel.h"

static struct vz_picture make_picture(uint32_t width, uint32_t height, uint32_t padding)
{
	struct vz_picture picture;

	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		picture.planes[i] = i ? make_plane((width + 1) / 2, (height + 1) / 2, padding)
				      : make_plane(width, height, padding);
		fill_random(&picture.planes[i], 256);
	}
	return picture;
}

static void free_picture(struct vz_picture *picture)
{
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++)
		free_plane(&picture->planes[i]);
}

/* A blob in the middle: the smallest that there is, so that on small pictures it touches all edges.
 */
static struct vz_motion_blob make_blob(uint32_t width, uint32_t height)
{
	return (struct vz_motion_blob){
		.x_px = width / 2,
		.y_px = height / 2,
		.area_px = 1,
		.left = width / 2,
		.right = width / 2,
		.top = height / 2,
		.bottom = height / 2,
		.peak = 255,
	};
}

static void check_shown(const struct vz_picture *picture, const struct vz_picture *background,
			const struct vz_reel_piece *piece, const struct vz_picture *shown)
{
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++)
		for (uint32_t y = 0; y < picture->planes[i].height_px; y++)
			for (uint32_t x = 0; x < picture->planes[i].width_px; x++) {
				uint32_t left = piece->left >> (i > 0), top = piece->top >> (i > 0);
				const struct vz_plane *part = &piece->picture.planes[i];
				bool is_kept = x >= left && x - left < part->width_px && y >= top &&
					       y - top < part->height_px;
				const struct vz_picture *from = is_kept ? picture : background;

				CHECK_EQ(vz_plane_get_row(&shown->planes[i], y)[x],
					 vz_plane_get_row(&from->planes[i], y)[x]);
			}
}

TEST(reel_shows_what_was_there_around_a_blob_on_every_size)
{
	for (size_t i = 0; i < N_PLANE_SIZES; i++) {
		uint32_t w = plane_sizes[i].width, h = plane_sizes[i].height;
		struct vz_picture picture = make_picture(w, h, plane_sizes[i].padding);
		struct vz_picture background = make_picture(w, h, 0);
		struct vz_picture shown = make_picture(w, h, 3);
		struct vz_blobs blobs = { .n = 1 };
		const struct vz_reel_piece *piece;
		struct vz_reel reel;

		test_case(plane_sizes[i].label);
		blobs.blobs[0] = make_blob(w, h);
		vz_reel_init(&reel, SIZE_MAX);
		CHECK_EQ(vz_reel_add(&reel, 7, 0.25, &picture, &picture.planes[0], &blobs), 0);
		CHECK_EQ(vz_reel_find(&reel, 7), 0);
		CHECK_EQ(vz_reel_find(&reel, 6), -1);
		CHECK_EQ(vz_reel_find(&reel, 8), -1);
		piece = &reel.frames[0].pieces[0];
		CHECK(piece->left <= w / 2 && piece->left + piece->outline.width_px > w / 2);
		CHECK(piece->top <= h / 2 && piece->top + piece->outline.height_px > h / 2);
		vz_reel_show(&reel.frames[0], &background, 0, 0, &shown);
		check_shown(&picture, &background, piece, &shown);
		vz_reel_deinit(&reel);
		free_picture(&picture);
		free_picture(&background);
		free_picture(&shown);
	}
}

TEST(reel_shows_a_window_that_hangs_over_the_edge)
{
	struct vz_picture picture = make_picture(20, 10, 1), background = make_picture(20, 10, 0);
	struct vz_picture shown = make_picture(12, 12, 2);
	struct vz_blobs blobs = { 0 };
	struct vz_reel reel;
	struct vz_plane outline = make_plane(12, 12, 0);

	vz_reel_init(&reel, SIZE_MAX);
	CHECK_EQ(vz_reel_add(&reel, 0, 0, &picture, &picture.planes[0], &blobs), 0);
	memset(vz_plane_get_row(&shown.planes[0], 0), 77, 12);
	vz_reel_show(&reel.frames[0], &background, -4, -2, &shown);
	CHECK_EQ(vz_plane_get_row(&shown.planes[0], 0)[5], 77);
	CHECK_EQ(vz_plane_get_row(&shown.planes[0], 2)[4],
		 vz_plane_get_row(&background.planes[0], 0)[0]);
	CHECK_EQ(vz_plane_get_row(&shown.planes[0], 11)[11],
		 vz_plane_get_row(&background.planes[0], 9)[7]);
	CHECK_EQ(vz_plane_get_row(&shown.planes[1], 3)[3],
		 vz_plane_get_row(&background.planes[1], 2)[1]);
	vz_reel_show_outline(&reel.frames[0], -4, -2, &outline);
	CHECK_EQ(vz_plane_get_row(&outline, 5)[5], 0);
	vz_reel_deinit(&reel);
	free_plane(&outline);
	free_picture(&picture);
	free_picture(&background);
	free_picture(&shown);
}

TEST(reel_keeps_within_its_budget)
{
	struct vz_picture picture = make_picture(64, 48, 0);
	struct vz_blobs blobs = { .n = 1 };
	struct vz_reel reel;
	int r = 0;

	blobs.blobs[0] = make_blob(64, 48);
	vz_reel_init(&reel, 4096);
	for (unsigned i = 0; i < 100 && r == 0; i++)
		r = vz_reel_add(&reel, i, i, &picture, &picture.planes[0], &blobs);
	CHECK_EQ(r, -ENOSPC);
	CHECK(reel.n > 2 && reel.size_bytes <= 4096);
	/* What would still fit does not come after a gap. */
	blobs.n = 0;
	CHECK_EQ(vz_reel_add(&reel, 200, 200, &picture, &picture.planes[0], &blobs), -ENOSPC);
	vz_reel_deinit(&reel);
	free_picture(&picture);
}
