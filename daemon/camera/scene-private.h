/*
 * What the two halves of the scene's drawing share: scene-backdrop.c and scene-image.c.
 */
#pragma once

#include <math.h>

#include "camera/scene-image.h"
#include "camera/scene.h"

enum material { GREY, WALL, WOOD, PANEL, RED, GREEN, BLUE, YELLOW, ORANGE, NAVY, CRIMSON, TEAL };

static inline uint16_t scene_index(enum material material, float radiance)
{
	float level = sqrtf(radiance < 0 ? 0 : radiance > 1 ? 1 : radiance) * (VZ_SCENE_LEVELS - 1);

	return (uint16_t) (material * VZ_SCENE_LEVELS + (unsigned) (level + 0.5f));
}

static inline float scene_radiance(uint16_t index)
{
	float root = (float) (index % VZ_SCENE_LEVELS) / (VZ_SCENE_LEVELS - 1);

	return root * root;
}

static inline double scene_px_per_m(const struct vz_scene_image *image)
{
	return image->height_px / VZ_SCENE_HEIGHT_M;
}

/* Fills backdrop, chroma and mean_radiance. */
void vz_scene_draw_backdrop(struct vz_scene_image *image);
