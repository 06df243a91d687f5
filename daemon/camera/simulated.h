/*
 * The simulated camera, `vz_simulated_source`: it shows the physical scene of scene.h through the
 * sensor of simulated-sensor.h, so that the daemon, its tests and Motionscope have a camera where
 * there is none, and one of which is known what it shows.
 *
 * Frame number n of a run shows the scene at n / fps seconds; frame->source_timestamp_ns is that
 * time. The exposure ends there: the middle of a smeared body is where it was half the delivered
 * ExposureTime earlier. With the same controls, the same sequence number is the same picture,
 * byte for byte.
 *
 * Its id, "1" to "99", says which of several it is; without one it is the first. Each stands in a
 * room with a wall of another colour, and sees what happens at another time: frame number n of
 * camera m shows the scene at n / fps + (m - 1) * 47 seconds.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "camera/source.h"

#define VZ_SIMULATED_MAX 99

/* The number that @id (NULL: the first) says, or -EINVAL. */
int vz_simulated_parse_id(const char *id);

/* Positions in pixels: (0, 0) is the centre of the upper left pixel, y points down. */
struct vz_simulated_body {
	double x_px, y_px; /* of the centre */
	double vx_px_per_s, vy_px_per_s;
	double half_width_px, half_height_px; /* of the ball and the bob: the radius */
	double mass_kg;
	bool is_visible; /* all of it is in the picture */
};

struct vz_simulated_truth {
	struct vz_simulated_body ball, bob, cart_left, cart_right;
	double px_per_m;
	double g_px_per_s2;
	double floor_y_px; /* where the ball's lower side bounces */
	double restitution;
	double pivot_x_px, pivot_y_px, pendulum_px;
	double angle, angular_velocity; /* rad from the vertical, counter-clockwise; rad/s */
};

/* What is where at @scene_time_ns in a picture of @width_px x @height_px. Thread: any. */
void vz_simulated_get_truth(int64_t scene_time_ns, uint32_t width_px, uint32_t height_px,
			    struct vz_simulated_truth *ret);
