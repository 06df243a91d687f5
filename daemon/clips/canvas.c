#include "clips/canvas.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

#include "util/blob.h"

#define NEUTRAL 128

int vz_canvas_init(struct vz_canvas *canvas, uint32_t width_px, uint32_t height_px)
{
	size_t luma = (size_t) width_px * height_px;
	uint8_t *memory = malloc(luma + luma / 2 + 1);

	if (!memory)
		return -ENOMEM;
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		struct vz_plane *plane = &canvas->picture.planes[i];

		plane->data = memory;
		plane->width_px = plane->stride_bytes = i ? width_px / 2 : width_px;
		plane->height_px = i ? height_px / 2 : height_px;
		memory += (size_t) plane->width_px * plane->height_px;
	}
	return 0;
}

void vz_canvas_deinit(struct vz_canvas *canvas)
{
	free(canvas->picture.planes[0].data);
	*canvas = (struct vz_canvas){ 0 };
}

void vz_canvas_copy(struct vz_canvas *canvas, const struct vz_picture *from)
{
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		const struct vz_plane *to = &canvas->picture.planes[i];

		for (uint32_t y = 0; y < to->height_px; y++)
			memcpy(vz_plane_get_row(to, y), vz_plane_get_row(&from->planes[i], y),
			       to->width_px);
	}
}

void vz_canvas_copy_bright(struct vz_canvas *canvas, const struct vz_picture *from,
			   const struct vz_plane *mask)
{
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		const struct vz_plane *to = &canvas->picture.planes[i];
		unsigned step = i ? 2 : 1, zero = i ? NEUTRAL : 0;

		for (uint32_t y = 0; y < to->height_px; y++) {
			const uint8_t *in = vz_plane_get_row(&from->planes[i], y);
			const uint8_t *is_bright = vz_plane_get_row(mask, y * step);
			uint8_t *out = vz_plane_get_row(to, y);

			for (uint32_t x = 0; x < to->width_px; x++)
				out[x] = is_bright[x * step]
						 ? in[x]
						 : (uint8_t) ((int) zero +
							      ((int) in[x] - (int) zero) / 4);
		}
	}
}

/* One pixel, with the colour of the four that it is among. */
static void paste_pixel(struct vz_canvas *canvas, const struct vz_picture *from, uint32_t x,
			uint32_t y)
{
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		const struct vz_plane *to = &canvas->picture.planes[i];
		uint32_t at_x = i ? x / 2 : x, at_y = i ? y / 2 : y;

		if (at_x < to->width_px && at_y < to->height_px)
			vz_plane_get_row(to, at_y)[at_x] =
				vz_plane_get_row(&from->planes[i], at_y)[at_x];
	}
}

void vz_canvas_paste(struct vz_canvas *canvas, const struct vz_picture *from,
		     const struct vz_plane *mask, uint32_t left, uint32_t top, uint32_t right,
		     uint32_t bottom)
{
	for (uint32_t y = top; y <= bottom && y < mask->height_px; y++)
		for (uint32_t x = left; x <= right && x < mask->width_px; x++)
			if (vz_plane_get_row(mask, y)[x])
				paste_pixel(canvas, from, x, y);
}

void vz_canvas_paste_disc(struct vz_canvas *canvas, const struct vz_picture *from, double x_px,
			  double y_px, double radius_px)
{
	const struct vz_plane *luma = &canvas->picture.planes[0];
	double top = fmax(0, ceil(y_px - radius_px)), left = fmax(0, ceil(x_px - radius_px));
	double bottom = fmin(luma->height_px - 1, y_px + radius_px);
	double right = fmin(luma->width_px - 1, x_px + radius_px);

	for (double y = top; y <= bottom; y++)
		for (double x = left; x <= right; x++)
			if (hypot(x - x_px, y - y_px) <= radius_px)
				paste_pixel(canvas, from, (uint32_t) x, (uint32_t) y);
}

int vz_canvas_encode(const struct vz_picture *picture, int quality_percent, struct vz_blob **ret)
{
	const uint8_t *planes[VZ_PICTURE_N_PLANES];
	int strides[VZ_PICTURE_N_PLANES], r;
	unsigned char *jpeg = NULL;
	unsigned long size = 0;
	tjhandle encoder = tjInitCompress();

	if (!encoder)
		return -ENOMEM;
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		planes[i] = picture->planes[i].data;
		strides[i] = (int) picture->planes[i].stride_bytes;
	}
	r = tjCompressFromYUVPlanes(encoder, planes, (int) picture->planes[0].width_px, strides,
				    (int) picture->planes[0].height_px, TJSAMP_420, &jpeg, &size,
				    quality_percent, TJFLAG_ACCURATEDCT);
	(void) tjDestroy(encoder);
	/* What else could be wrong was seen to by the caller. */
	*ret = r < 0 ? NULL : vz_blob_new_copy(jpeg, size);
	tjFree(jpeg);
	return *ret ? 0 : -ENOMEM;
}
