/*
 * Pictures that lie on their side: a phone writes what its sensor sees and a matrix that says how
 * to turn it. Turns by quarters and mirrored ones; all others are left as they are.
 *
 * Thread: any.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* First transposed (rows become columns), then mirrored. All false: as it is. */
struct vz_turn {
	bool is_transposed, flips_x, flips_y;
};

/*
 * @matrix: of a file of the kind MP4, ISO/IEC 14496-12, 8.2.2 and 6.2.2: x' = a x + c y,
 * y' = b x + d y, of {a, b, u, c, d, v, x, y, w}. Degrees of the part without a mirror, clockwise,
 * are what vz_turn_get_rotation_deg() returns: 0, 90, 180 or 270.
 */
struct vz_turn vz_turn_find(const int32_t matrix[9]);
bool vz_turn_is_any(const struct vz_turn *turn);
unsigned vz_turn_get_rotation_deg(const struct vz_turn *turn);

/* Fills @to, which is @width by @height after the turn, and must not overlap @from. */
void vz_turn_plane(const struct vz_turn *turn, const uint8_t *from, uint32_t from_stride_bytes,
		   uint8_t *to, uint32_t to_stride_bytes, uint32_t width_px, uint32_t height_px);
