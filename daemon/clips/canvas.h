/*
 * A canvas: planes of our own to make a picture in, and the picture of them as JPEG. Thread: any;
 * one at a time.
 */
#pragma once

#include <stdbool.h>

#include "motionscope/detector.h"

struct vz_blob;

struct vz_canvas {
	struct vz_picture picture;
};

/* Both sides are even. Returns 0 or -ENOMEM. */
int vz_canvas_init(struct vz_canvas *canvas, uint32_t width_px, uint32_t height_px);
void vz_canvas_deinit(struct vz_canvas *canvas);

/* All of @from, of the same size. */
void vz_canvas_copy(struct vz_canvas *canvas, const struct vz_picture *from);
/* All of @from, where @mask is 0 with a quarter of its light and colour. */
void vz_canvas_copy_bright(struct vz_canvas *canvas, const struct vz_picture *from,
			   const struct vz_plane *mask);
/* What of @from is in the box, whose edges are within it, and in @mask. */
void vz_canvas_paste(struct vz_canvas *canvas, const struct vz_picture *from,
		     const struct vz_plane *mask, uint32_t left, uint32_t top, uint32_t right,
		     uint32_t bottom);
/* What of @from is in the circle. */
void vz_canvas_paste_disc(struct vz_canvas *canvas, const struct vz_picture *from, double x_px,
			  double y_px, double radius_px);
/* @quality_percent is 1..100. Returns 0 or -ENOMEM. */
int vz_canvas_encode(const struct vz_picture *picture, int quality_percent, struct vz_blob **ret);
