/*
 * A frame as the picture that the arithmetic of this folder works on: for those who have frames. A
 * header alone, as nothing else here knows any. Thread: any that holds the frame.
 */
#pragma once

#include "motionscope/plane.h"
#include "vizyd/frame.h"

/* Borrows the planes of @frame, and is only to be read. */
static inline struct vz_picture vz_picture_of_frame(const struct vz_frame *frame)
{
	struct vz_picture picture;

	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++)
		picture.planes[i] = (struct vz_plane){
			.data = (uint8_t *) (uintptr_t) frame->plane[i],
			.width_px = i ? frame->width_px / 2 : frame->width_px,
			.height_px = i ? frame->height_px / 2 : frame->height_px,
			.stride_bytes = frame->stride_bytes[i],
		};
	return picture;
}
