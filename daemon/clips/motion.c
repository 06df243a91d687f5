#include "clips/motion.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[VZ_N_QUANTITIES] = {
	[VZ_X] = "x",	[VZ_Y] = "y",	[VZ_VX] = "vx",	      [VZ_VY] = "vy",
	[VZ_AX] = "ax", [VZ_AY] = "ay", [VZ_SPEED] = "speed",
};

static const char *const rule_names[] = {
	[VZ_DERIVATIVE_POLYNOMIAL] = "polynomial",
	[VZ_DERIVATIVE_BACKWARD] = "backward",
	[VZ_DERIVATIVE_FIVE_POINT] = "five-point",
};

const char *vz_motion_rule_name(unsigned rule)
{
	return rule < VZ_N_ELEMENTS(rule_names) ? rule_names[rule] : NULL;
}

const char *vz_quantity_name(enum vz_quantity quantity)
{
	return names[quantity];
}

enum vz_quantity vz_quantity_find(const char *name)
{
	unsigned i = 0;

	while (i < VZ_N_QUANTITIES && strcmp(names[i], name))
		i++;
	return i;
}

static void place(const struct vz_track *track, const struct vz_calibration *calibration,
		  struct vz_motion *motion)
{
	double last_row = (double) calibration->height_px - 1;
	double aspect = calibration->pixel_aspect > 0 ? calibration->pixel_aspect : 1;

	for (size_t i = 0; i < track->n; i++) {
		double y = track->points[i].y_px;

		motion->t_s[i] = track->points[i].t_s;
		motion->values[VZ_X][i] = track->points[i].x_px * aspect / calibration->px_per_unit;
		motion->values[VZ_Y][i] =
			(calibration->is_y_up ? last_row - y : y) / calibration->px_per_unit;
	}
}

int vz_motion_find(const struct vz_track *track, const struct vz_motion_options *options,
		   struct vz_motion *ret)
{
	size_t n = track->n;
	double *memory = calloc((VZ_N_QUANTITIES + 1) * n + 1, sizeof(double));
	double **values = ret->values;

	if (!memory)
		return -ENOMEM;
	ret->n = n;
	ret->t_s = memory;
	for (unsigned i = 0; i < VZ_N_QUANTITIES; i++)
		values[i] = memory + (i + 1) * n;
	place(track, &options->calibration, ret);
	vz_derivative_find(options->rule, options->window, ret->t_s, values[VZ_X], n, values[VZ_VX],
			   values[VZ_AX]);
	vz_derivative_find(options->rule, options->window, ret->t_s, values[VZ_Y], n, values[VZ_VY],
			   values[VZ_AY]);
	for (size_t i = 0; i < n; i++)
		values[VZ_SPEED][i] = hypot(values[VZ_VX][i], values[VZ_VY][i]);
	return 0;
}

void vz_motion_deinit(struct vz_motion *motion)
{
	/* All of it is one piece. */
	free(motion->t_s);
	*motion = (struct vz_motion){ 0 };
}
