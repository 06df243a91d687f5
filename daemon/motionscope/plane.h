/*
 * A plane is one channel of a picture: bytes in rows. The arithmetic of this folder works on planes
 * alone, knows no frame, file or clock, and holds nothing between two calls that its caller does
 * not hold. Pixel centres lie at whole numbers, x to the right, y down.
 *
 * Rows may be padded; what lies between the width and the stride is neither read nor written.
 * Nobody owns through a plane: it borrows.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct vz_plane {
	uint8_t *data;
	uint32_t width_px, height_px, stride_bytes;
};

/* Luma, and Cb and Cr of half its size, rounded up or (an odd last row or column left out) down. */
#define VZ_PICTURE_N_PLANES 3u

struct vz_picture {
	struct vz_plane planes[VZ_PICTURE_N_PLANES];
};

static inline uint8_t *vz_plane_get_row(const struct vz_plane *plane, uint32_t y)
{
	return plane->data + (size_t) y * plane->stride_bytes;
}
