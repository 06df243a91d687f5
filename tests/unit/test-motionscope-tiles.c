#include "motionscope-planes.h"

#include "motionscope/mask.h"
#include "motionscope/tiles.h"

/* 64 levels are the limit, 32 the support. */
#define FACTOR 256

static struct vz_picture make_picture(uint32_t width, uint32_t height, uint32_t padding)
{
	struct vz_picture picture;

	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++)
		picture.planes[i] = i ? make_plane((width + 1) / 2, (height + 1) / 2, padding)
				      : make_plane(width, height, padding);
	return picture;
}

static void free_picture(struct vz_picture *picture)
{
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++)
		free_plane(&picture->planes[i]);
}

static struct vz_tiles *make_tiles(const struct vz_picture *picture)
{
	const struct vz_plane *luma = &picture->planes[0];
	size_t n = (size_t) luma->width_px * luma->height_px;
	uint16_t *factors = malloc(n * sizeof(*factors));
	struct vz_tiles *tiles;

	CHECK_EQ(vz_tiles_new(luma->width_px, luma->height_px, &tiles), 0);
	for (size_t i = 0; factors && i < n; i++)
		factors[i] = FACTOR;
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++)
		vz_tiles_set_factors(tiles, i, factors, picture->planes[i].width_px,
				     picture->planes[i].height_px);
	free(factors);
	return tiles;
}

static bool has(const struct vz_tile_box *box, uint32_t x, uint32_t y)
{
	return x >= box->left && x < box->right && y >= box->top && y < box->bottom;
}

/* Each pixel at the limit is in one box, and each box within the picture. */
static void check_boxes(const struct vz_picture *frame, const struct vz_tile_box *boxes, unsigned n)
{
	CHECK(n <= VZ_TILES_MAX_N_BOXES);
	for (unsigned k = 0; k < n; k++) {
		CHECK(boxes[k].left < boxes[k].right && boxes[k].top < boxes[k].bottom);
		CHECK(boxes[k].right <= frame->planes[0].width_px);
		CHECK(boxes[k].bottom <= frame->planes[0].height_px);
		CHECK_EQ((boxes[k].left | boxes[k].top) % 2, 0);
	}
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++)
		for (uint32_t y = 0; y < frame->planes[i].height_px; y++)
			for (uint32_t x = 0; x < frame->planes[i].width_px; x++) {
				unsigned n_has = 0, part = i ? 2 : 1;

				for (unsigned k = 0; k < n; k++)
					n_has += has(&boxes[k], x * part, y * part);
				CHECK(n_has <= 1);
				if (vz_plane_get_row(&frame->planes[i], y)[x] >= VZ_MASK_LIMIT)
					CHECK_EQ(n_has, 1);
			}
}

TEST(tiles_have_each_pixel_at_the_limit_in_one_box_on_every_size)
{
	for (size_t i = 0; i < N_PLANE_SIZES; i++)
		for (unsigned run = 0; run < 8; run++) {
			struct vz_picture frame =
				make_picture(plane_sizes[i].width, plane_sizes[i].height,
					     plane_sizes[i].padding);
			struct vz_picture background =
				make_picture(plane_sizes[i].width, plane_sizes[i].height, 0);
			struct vz_tiles *tiles = make_tiles(&frame);
			struct vz_tile_box boxes[VZ_TILES_MAX_N_BOXES];

			test_case(plane_sizes[i].label);
			/* Few or many, in one plane. */
			for (unsigned k = 0; k < (run < 6 ? run : 200); k++) {
				struct vz_plane *plane = &frame.planes[run % VZ_PICTURE_N_PLANES];

				vz_plane_get_row(plane, random_number() %
								plane->height_px)[random_number() %
										  plane->width_px] =
					(uint8_t) (random_number() % 256);
			}
			check_boxes(&frame, boxes,
				    vz_tiles_find(tiles, &frame, &background, boxes));
			(void) vz_tiles_free(tiles);
			free_picture(&frame);
			free_picture(&background);
		}
}

TEST(tiles_hold_a_whole_object_and_leave_out_noise)
{
	struct vz_picture frame = make_picture(320, 240, 3), background = make_picture(320, 240, 0);
	struct vz_tiles *tiles = make_tiles(&frame);
	struct vz_tile_box boxes[VZ_TILES_MAX_N_BOXES];

	for (uint32_t y = 0; y < 240; y++)
		for (uint32_t x = 0; x < 320; x++)
			vz_plane_get_row(&frame.planes[0], y)[x] = random_number() % 47;
	for (uint32_t y = 100; y < 150; y++)
		memset(vz_plane_get_row(&frame.planes[0], y) + 37, 55, 90);
	vz_plane_get_row(&frame.planes[0], 125)[120] = 64;
	CHECK_EQ(vz_tiles_find(tiles, &frame, &background, boxes), 1);
	CHECK(has(&boxes[0], 37, 100) && has(&boxes[0], 126, 149));
	CHECK(boxes[0].right - boxes[0].left <= 90 + 4 * VZ_TILE_WIDTH_PX);
	CHECK(boxes[0].bottom - boxes[0].top <= 50 + 4 * VZ_TILE_HEIGHT_PX);
	(void) vz_tiles_free(tiles);
	free_picture(&frame);
	free_picture(&background);
}

TEST(tiles_put_more_objects_than_boxes_into_the_last)
{
	struct vz_picture frame = make_picture(1024, 256, 0);
	struct vz_picture background = make_picture(1024, 256, 0);
	struct vz_tiles *tiles = make_tiles(&frame);
	struct vz_tile_box boxes[VZ_TILES_MAX_N_BOXES];

	for (uint32_t y = 8; y < 256; y += 32)
		for (uint32_t x = 8; x < 1024; x += 64)
			vz_plane_get_row(&frame.planes[0], y)[x] = 255;
	check_boxes(&frame, boxes, vz_tiles_find(tiles, &frame, &background, boxes));
	(void) vz_tiles_free(tiles);
	free_picture(&frame);
	free_picture(&background);
}
