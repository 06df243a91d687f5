/*
 * The scene of the simulated camera through its sensor, for the tests that compare what is found
 * with what is known: 40 frames a second, each exposed for 6 ms until its time.
 */
#pragma once

#include "camera/scene-image.h"
#include "camera/scene.h"
#include "camera/simulated-sensor.h"
#include "motionscope/plane.h"
#include "test.h"

#define FPS	    40.0
#define EXPOSURE_US 6000.0

static inline void develop_scene(struct vz_scene_image *image, struct vz_sensor *sensor,
				 unsigned frame, double gain, struct vz_picture *ret)
{
	const struct vz_sensor_settings settings = {
		.exposure_us = EXPOSURE_US,
		.gain = gain,
		.red_gain = 1.5,
		.blue_gain = 1.5,
		.contrast = 1,
		.saturation = 1,
		.max_exposure_us = 1e6 / FPS,
	};
	uint8_t *planes[VZ_FRAME_N_PLANES];
	uint32_t strides[VZ_FRAME_N_PLANES];

	for (unsigned i = 0; i < VZ_FRAME_N_PLANES; i++) {
		planes[i] = ret->planes[i].data;
		strides[i] = ret->planes[i].stride_bytes;
	}
	CHECK_EQ(vz_scene_image_draw(image, frame / FPS, EXPOSURE_US * 1e-6), 0);
	(void) vz_sensor_step(sensor, &settings, image->mean_radiance);
	vz_sensor_develop(sensor, image, frame, planes, strides);
}
