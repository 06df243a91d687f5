#include "camera/brightness.h"

#include <math.h>
#include <stddef.h>

#define STOPS_AT_END	     2.5
#define GAIN_AT_END	     3.0
#define GAIN_BESIDE_EXPOSURE 1.6
#define OUTER_QUARTER	     25.0
#define HALF		     50.0

double vz_brightness_clamp(double brightness)
{
	if (isnan(brightness))
		return VZ_BRIGHTNESS_NEUTRAL;
	return fmin(fmax(brightness, 0), 100);
}

static const struct vz_control *find(const struct vz_control_table *table, const char *name)
{
	int i = vz_control_find(table, name);

	return i < 0 ? NULL : &table->controls[i];
}

static void add_step(const struct vz_control_table *table, const struct vz_control *control,
		     double value, struct vz_brightness_plan *plan)
{
	plan->steps[plan->n_steps].control = (unsigned) (control - table->controls);
	plan->steps[plan->n_steps].value = vz_control_clamp(control, value);
	plan->n_steps++;
}

/* -1..1: how far @brightness has gone into its last @width, on either side. */
static double depth(double brightness, double width)
{
	double distance = brightness - VZ_BRIGHTNESS_NEUTRAL;
	double beyond = fabs(distance) - (HALF - width);

	return beyond > 0 ? copysign(beyond / width, distance) : 0;
}

/* From the default to the end of the control's range. */
static double spread(const struct vz_control *control, double t)
{
	return control->def +
	       (t > 0 ? t * (control->max - control->def) : t * (control->def - control->min));
}

static void add_digital(const struct vz_control_table *table, double t, double gain_at_end,
			const struct vz_control *brightness, const struct vz_control *contrast,
			struct vz_brightness_plan *plan)
{
	if (brightness && contrast) {
		double gain = vz_control_clamp(contrast, pow(gain_at_end, t));

		add_step(table, contrast, gain, plan);
		add_step(table, brightness, (gain - 1) / 2, plan);
	} else if (brightness) {
		add_step(table, brightness, spread(brightness, t), plan);
	}
}

void vz_brightness_make_plan(const struct vz_control_table *table, double brightness,
			     struct vz_brightness_plan *ret)
{
	const struct vz_control *ev = find(table, "ExposureValue");
	const struct vz_control *ae = find(table, "AeEnable");
	const struct vz_control *digital = find(table, "Brightness");
	const struct vz_control *contrast = find(table, "Contrast");
	bool is_automatic = !ae || (ae->is_asked ? ae->asked : ae->def) != 0;

	*ret = (struct vz_brightness_plan){ 0 };
	if (ev) {
		/* Without automatic exposure the exposure value has no effect: it rests. */
		if (is_automatic) {
			add_step(table, ev, depth(brightness, HALF) * STOPS_AT_END, ret);
			add_digital(table, depth(brightness, OUTER_QUARTER), GAIN_BESIDE_EXPOSURE,
				    digital, contrast, ret);
		} else {
			add_step(table, ev, ev->def, ret);
			add_digital(table, depth(brightness, HALF), GAIN_AT_END, digital, contrast,
				    ret);
		}
	} else if (digital) {
		/* Where there is no exposure value, nothing says that contrast and brightness add
		 * up as libcamera's do. */
		add_step(table, digital, spread(digital, depth(brightness, HALF)), ret);
	} else {
		ret->needs_tone = true;
	}
}

void vz_brightness_make_tone(double brightness, uint8_t ret_tone[256])
{
	double exponent = exp2(-(brightness - VZ_BRIGHTNESS_NEUTRAL) / OUTER_QUARTER);

	for (unsigned i = 0; i < 256; i++)
		ret_tone[i] = (uint8_t) lrint(255 * pow(i / 255.0, exponent));
}
