/*
 * The controls of the simulated camera: what it announces, what was asked of it, and what its
 * sensor is to make of that. Thread: any; the values are the caller's.
 */
#pragma once

#include <stdbool.h>

#include "camera/control.h"
#include "camera/simulated-sensor.h"
#include "vizyd/frame.h"

#define VZ_SIMULATED_N_CONTROLS	 12
#define VZ_SIMULATED_DEFAULT_FPS 30.0
#define VZ_SIMULATED_MAX_FPS	 240.0

/* In the order of the camera's table. */
extern const struct vz_control vz_simulated_controls[VZ_SIMULATED_N_CONTROLS];

struct vz_simulated_asked {
	bool is_asked[VZ_SIMULATED_N_CONTROLS];
	double values[VZ_SIMULATED_N_CONTROLS];
};

/* The frame rate that was asked for, or @otherwise. */
double vz_simulated_fps(const struct vz_simulated_asked *asked, double otherwise);
/* For a frame at that rate, which limits the exposure. */
struct vz_sensor_settings vz_simulated_settings(const struct vz_simulated_asked *asked, double fps);
/* Notes in @frame what it was taken with. */
void vz_simulated_report(struct vz_frame *frame, const struct vz_sensor_settings *s,
			 const struct vz_sensor_values *v, double fps);
