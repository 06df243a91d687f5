/*
 * The simulated camera's sensor and image processor: light to levels. Exposure time and gain,
 * photon and read noise, automatic exposure and white balance, gamma, then brightness, contrast
 * and saturation; full-range BT.601 comes out. Everything a pixel can become is in a table that
 * is made anew only when a setting has changed.
 *
 * No thread, no clock: the same steps give the same pictures.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "camera/scene-image.h"
#include "vizyd/frame.h"

struct vz_sensor;

#define VZ_SENSOR_MIN_EXPOSURE_US 50.0
#define VZ_SENSOR_MAX_GAIN	  16.0

enum vz_sensor_awb_mode {
	VZ_SENSOR_AWB_AUTO,
	VZ_SENSOR_AWB_INCANDESCENT,
	VZ_SENSOR_AWB_FLUORESCENT,
	VZ_SENSOR_AWB_DAYLIGHT,
	VZ_SENSOR_AWB_CLOUDY,
	VZ_SENSOR_N_AWB_MODES
};

/* What is asked for. */
struct vz_sensor_settings {
	bool auto_exposure, auto_white_balance;
	double exposure_us, gain;   /* without auto exposure; NaN: stays as it is */
	double red_gain, blue_gain; /* without auto white balance; the same */
	double exposure_value;
	enum vz_sensor_awb_mode awb_mode;
	double brightness, contrast, saturation; /* neutral: 0, 1, 1 */
	double max_exposure_us;			 /* what the frame rate leaves */
};

/* What the sensor uses. */
struct vz_sensor_values {
	double exposure_us, gain, red_gain, blue_gain;
};

/* @scene is which room it looks at, from 0. */
int vz_sensor_new(unsigned scene, struct vz_sensor **ret);
struct vz_sensor *vz_sensor_free(struct vz_sensor *sensor);
VZ_DEFINE_CLEANUP(vz_sensor_free, struct vz_sensor *, vz_sensor_free)

/* One frame's step of the automatics. Borrows the values. */
const struct vz_sensor_values *vz_sensor_step(struct vz_sensor *sensor,
					      const struct vz_sensor_settings *settings,
					      double mean_radiance);
/* Writes the picture of @image to @planes. The noise depends on @seed alone. */
void vz_sensor_develop(struct vz_sensor *sensor, const struct vz_scene_image *image, uint32_t seed,
		       uint8_t *const planes[VZ_FRAME_N_PLANES],
		       const uint32_t strides[VZ_FRAME_N_PLANES]);
