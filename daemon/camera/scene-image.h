/*
 * The scene as light: for each pixel how much of it falls on the sensor, as an index of 14 bits.
 * Its lower ten bits are the square root of the radiance, because the eye, the sensor's noise and
 * eight-bit video all go roughly by the root; the upper four name a material, which is a colour.
 * The sensor turns indices into levels by one table look-up per pixel.
 *
 * The backdrop is drawn once; a frame restores and redraws only the boxes in which something
 * moves. What moves is drawn with soft edges at its true position between pixels, and smeared
 * over the exposure time.
 *
 * Thread: whoever owns it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "util/cleanup.h"

#define VZ_SCENE_LEVELS	     1024u
#define VZ_SCENE_N_MATERIALS 12u
#define VZ_SCENE_N_INDICES   (VZ_SCENE_LEVELS * VZ_SCENE_N_MATERIALS)
#define VZ_SCENE_N_PATCHES   5u

/* Linear red, green and blue of a material, of luminance 1. */
extern const float vz_scene_materials[VZ_SCENE_N_MATERIALS][3];
/* The same where @scene, from 0, is another room: its wall has another colour. */
const float *vz_scene_get_material(unsigned material, unsigned scene);

struct vz_scene_box {
	int x0, y0, x1, y1; /* px; x1 and y1 outside; all even */
};

/* One moving body: how much of each pixel of its box it covers. */
struct vz_scene_patch {
	struct vz_scene_box box;
	float *coverage;
	size_t n_allocated;
	uint16_t index; /* what the body looks like */
};

struct vz_scene_image {
	uint32_t width_px, height_px;
	uint16_t *luma;	    /* index of each pixel, as drawn */
	uint16_t *backdrop; /* the same without what moves */
	uint16_t *chroma;   /* backdrop, index of each 2x2 pixels */
	double mean_radiance;
	struct vz_scene_patch patches[VZ_SCENE_N_PATCHES]; /* back to front */
};

/* The sides must be even. Returns 0 or -ENOMEM. */
int vz_scene_image_new(uint32_t width_px, uint32_t height_px, struct vz_scene_image **ret);
struct vz_scene_image *vz_scene_image_free(struct vz_scene_image *image);
VZ_DEFINE_CLEANUP(vz_scene_image_free, struct vz_scene_image *, vz_scene_image_free)

/* Draws what moves, as seen by an exposure that ends at @time. Returns 0 or -ENOMEM. */
int vz_scene_image_draw(struct vz_scene_image *image, double time, double exposure_s);
