/*
 * From any YUV 4:2:0 that a video may have, limited or full range, BT.601, 709 or 2020, to what a
 * frame has: full-range BT.601. One matrix for a picture; chroma is not moved.
 *
 * Thread: whoever owns it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vizyd/frame.h"

/* In units of 1 / 16384. */
struct vz_levels {
	int y_from_y, y_from_cb, y_from_cr, y_offset;
	int cb_from_cb, cb_from_cr, cr_from_cb, cr_from_cr, chroma_offset;
};

/* @kr and @kb are the parts that red and blue have in luma: 0.299 and 0.114 for BT.601. */
void vz_levels_init(struct vz_levels *levels, double kr, double kb, bool is_full_range);
/* The sides are even; source and destination may be the same. */
void vz_levels_apply(const struct vz_levels *levels, uint32_t width_px, uint32_t height_px,
		     const uint8_t *const from[VZ_FRAME_N_PLANES],
		     const uint32_t from_strides[VZ_FRAME_N_PLANES],
		     uint8_t *const to[VZ_FRAME_N_PLANES],
		     const uint32_t to_strides[VZ_FRAME_N_PLANES]);
