#include "motionscope/reel.h"

#include <errno.h>
#include <string.h>

#define FIRST_ALLOCATION 256u
#define MARGIN_PX	 4u
#define MARGIN_PART	 4u /* of the longer side */

void vz_reel_init(struct vz_reel *reel, size_t max_bytes)
{
	*reel = (struct vz_reel){ .max_bytes = max_bytes };
}

static void free_frame(struct vz_reel_frame *frame)
{
	/* The other planes have their places behind the luma. */
	for (unsigned i = 0; i < frame->n; i++)
		free(frame->pieces[i].picture.planes[0].data);
	free(frame->pieces);
}

void vz_reel_deinit(struct vz_reel *reel)
{
	for (size_t i = 0; i < reel->n; i++)
		free_frame(&reel->frames[i]);
	free(reel->frames);
	*reel = (struct vz_reel){ 0 };
}

/* --- Keeping --------------------------------------------------------------------------------- */

static uint32_t min_of(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* The part of @whole, one plane of a picture, that the box takes of it; without data. */
static struct vz_plane find_part(const struct vz_plane *whole, const struct vz_reel_piece *piece,
				 uint32_t right, uint32_t bottom, unsigned shift)
{
	struct vz_plane part = { 0 };

	part.width_px = min_of(right >> shift, whole->width_px - 1) + 1 - (piece->left >> shift);
	part.height_px = min_of(bottom >> shift, whole->height_px - 1) + 1 - (piece->top >> shift);
	part.stride_bytes = part.width_px;
	return part;
}

static void find_box(const struct vz_motion_blob *blob, const struct vz_picture *picture,
		     struct vz_reel_piece *ret)
{
	uint32_t width = blob->right - blob->left + 1, height = blob->bottom - blob->top + 1;
	uint32_t margin = MARGIN_PX + (width > height ? width : height) / MARGIN_PART;

	ret->blob = *blob;
	/* Chroma must begin where luma does, and there must be some. */
	ret->left = min_of(blob->left > margin ? blob->left - margin : 0,
			   2 * (picture->planes[1].width_px - 1)) &
		    ~1u;
	ret->top = min_of(blob->top > margin ? blob->top - margin : 0,
			  2 * (picture->planes[1].height_px - 1)) &
		   ~1u;
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++)
		ret->picture.planes[i] = find_part(&picture->planes[i], ret, blob->right + margin,
						   blob->bottom + margin, i ? 1 : 0);
	ret->outline = ret->picture.planes[0];
}

static size_t get_plane_size(const struct vz_plane *plane)
{
	return (size_t) plane->width_px * plane->height_px;
}

static size_t get_size(const struct vz_reel_piece *piece)
{
	size_t size = get_plane_size(&piece->outline);

	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++)
		size += get_plane_size(&piece->picture.planes[i]);
	return size;
}

static uint8_t *copy_box(const struct vz_plane *from, uint32_t left, uint32_t top, uint8_t *to,
			 struct vz_plane *ret)
{
	ret->data = to;
	for (uint32_t y = 0; y < ret->height_px; y++)
		memcpy(vz_plane_get_row(ret, y), vz_plane_get_row(from, top + y) + left,
		       ret->width_px);
	return to + get_plane_size(ret);
}

static int keep_piece(const struct vz_picture *picture, const struct vz_plane *outline,
		      struct vz_reel_piece *ret)
{
	uint8_t *to = malloc(get_size(ret));

	if (!to)
		return -ENOMEM;
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++)
		to = copy_box(&picture->planes[i], ret->left >> (i > 0), ret->top >> (i > 0), to,
			      &ret->picture.planes[i]);
	(void) copy_box(outline, ret->left, ret->top, to, &ret->outline);
	return 0;
}

static int make_room(struct vz_reel *reel)
{
	size_t n = reel->n_allocated ? 2 * reel->n_allocated : FIRST_ALLOCATION;
	struct vz_reel_frame *frames;

	if (reel->n < reel->n_allocated)
		return 0;
	frames = realloc(reel->frames, n * sizeof(*frames));
	if (!frames)
		return -ENOMEM;
	reel->frames = frames;
	reel->n_allocated = n;
	return 0;
}

int vz_reel_add(struct vz_reel *reel, uint32_t frame, double t_s, const struct vz_picture *picture,
		const struct vz_plane *outline, const struct vz_blobs *blobs)
{
	struct vz_reel_frame new = { .frame = frame, .t_s = t_s };
	size_t size = sizeof(new);
	int r;

	r = make_room(reel);
	if (r < 0)
		return r;
	new.pieces = calloc(blobs->n + 1, sizeof(*new.pieces));
	if (!new.pieces)
		return -ENOMEM;
	for (unsigned i = 0; i < blobs->n; i++) {
		find_box(&blobs->blobs[i], picture, &new.pieces[i]);
		size += sizeof(*new.pieces) + get_size(&new.pieces[i]);
	}
	if (reel->size_bytes + size > reel->max_bytes) {
		reel->max_bytes = reel->size_bytes;
		r = -ENOSPC;
	}
	for (unsigned i = 0; r == 0 && i < blobs->n; i++) {
		r = keep_piece(picture, outline, &new.pieces[i]);
		if (r == 0)
			new.n++;
	}
	if (r < 0) {
		free_frame(&new);
		return r;
	}
	reel->frames[reel->n++] = new;
	reel->size_bytes += size;
	return 0;
}

/* --- Showing --------------------------------------------------------------------------------- */

long vz_reel_find(const struct vz_reel *reel, uint32_t frame)
{
	size_t low = 0, high = reel->n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (reel->frames[middle].frame < frame)
			low = middle + 1;
		else
			high = middle;
	}
	return low < reel->n && reel->frames[low].frame == frame ? (long) low : -1;
}

/* Lays @from, whose first pixel is (@x, @y) of @ret, over it. */
static void lay(const struct vz_plane *from, long x, long y, struct vz_plane *ret)
{
	long left = x > 0 ? x : 0, right = x + (long) from->width_px;
	long top = y > 0 ? y : 0, bottom = y + (long) from->height_px;

	right = right < (long) ret->width_px ? right : (long) ret->width_px;
	bottom = bottom < (long) ret->height_px ? bottom : (long) ret->height_px;
	for (long row = top; left < right && row < bottom; row++)
		memcpy(vz_plane_get_row(ret, (uint32_t) row) + left,
		       vz_plane_get_row(from, (uint32_t) (row - y)) + (left - x),
		       (size_t) (right - left));
}

void vz_reel_show(const struct vz_reel_frame *frame, const struct vz_picture *background, long left,
		  long top, struct vz_picture *ret)
{
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		long part = i ? 2 : 1;

		lay(&background->planes[i], -left / part, -top / part, &ret->planes[i]);
		for (unsigned k = 0; k < frame->n; k++)
			lay(&frame->pieces[k].picture.planes[i],
			    ((long) frame->pieces[k].left - left) / part,
			    ((long) frame->pieces[k].top - top) / part, &ret->planes[i]);
	}
}

void vz_reel_show_outline(const struct vz_reel_frame *frame, long left, long top,
			  struct vz_plane *ret)
{
	for (uint32_t y = 0; y < ret->height_px; y++)
		memset(vz_plane_get_row(ret, y), 0, ret->width_px);
	for (unsigned i = 0; i < frame->n; i++)
		lay(&frame->pieces[i].outline, (long) frame->pieces[i].left - left,
		    (long) frame->pieces[i].top - top, ret);
}
