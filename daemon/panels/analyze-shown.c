#include <inttypes.h>
#include <math.h>

#include "panels/analyze-private.h"
#include "vizyd/component.h"

static const struct {
	const char *label, *formula;
} rules[] = {
	[VZ_DERIVATIVE_POLYNOMIAL] = {
		"Parabola",
		"v = b₁ and a = 2 b₂ of b₀ + b₁ (t − tᵢ) + b₂ (t − tᵢ)², laid by least squares "
		"through the points of the window around each",
	},
	[VZ_DERIVATIVE_BACKWARD] = {
		"Backward difference",
		"vᵢ = (xᵢ − xᵢ₋₁) / (tᵢ − tᵢ₋₁), aᵢ = (vᵢ − vᵢ₋₁) / (tᵢ − tᵢ₋₁)",
	},
	[VZ_DERIVATIVE_FIVE_POINT] = {
		"Five points",
		"vᵢ = (xᵢ₊₁ − xᵢ₋₁) / 2h, aᵢ = (2xᵢ₊₂ − xᵢ₊₁ − 2xᵢ − xᵢ₋₁ + 2xᵢ₋₂) / 7h², "
		"h the mean step",
	},
};

const char *vz_analyze_rule_label(enum vz_derivative_rule rule)
{
	return rules[rule].label;
}

bool vz_analyze_is_calibrated(const struct vz_clip_analysis *analysis)
{
	return analysis->unit != vz_clip_unit(0);
}

/* In heights of a pixel. */
double vz_analyze_find_length_px(const struct vz_analyze_panel *panel, const double *line)
{
	return hypot((line[2] - line[0]) * vz_desk_get_pixel_aspect(panel->options.desk),
		     line[3] - line[1]);
}

/* Without a scale all stays in pixels of the film, as in CSV. */
static void calibrate(const struct vz_analyze_panel *panel, const struct vz_clip_analysis *now,
		      struct vz_calibration *ret)
{
	ret->unit = now->unit;
	ret->px_per_unit = 1;
	ret->pixel_aspect = 0;
	if (!vz_analyze_is_calibrated(now) || !now->has_line)
		return;
	ret->px_per_unit = fmax(vz_analyze_find_length_px(panel, now->line), 1) / now->length;
	ret->pixel_aspect = vz_desk_get_pixel_aspect(panel->options.desk);
}

void vz_analyze_panel_get_print_options(const struct vz_analyze_panel *panel,
					struct vz_print_options *ret)
{
	struct vz_clip_result *result = vz_desk_get_result(panel->options.desk);
	struct vz_clip_analysis now;

	vz_analyze_read(panel, &now);
	ret->motion = (struct vz_motion_options){
		.rule = now.rule,
		.window = now.window,
		.calibration = { .is_y_up = true,
				 .height_px = result ? result->tracks.height_px : 1 },
	};
	calibrate(panel, &now, &ret->motion.calibration);
	ret->shown = ~now.hidden;
	ret->first_s = now.first_s;
	ret->last_s = now.last_s;
}

/* --- What is shown --------------------------------------------------------------------------- */

struct json_object *vz_analyze_strobe_address(const struct vz_analyze_panel *panel,
					      const struct vz_print_options *print,
					      unsigned spacing)
{
	if (!vz_desk_get_result(panel->options.desk))
		return VZ_NULL;
	/* No exponents: a '+' in an address is a blank. */
	return vz_textf("_vizyd/clips/strobe.jpg?result=%u&spacing=%u&shown=%" PRIx64
			"&first=%.9f&last=%.9f",
			vz_desk_get_result_number(panel->options.desk), spacing, print->shown,
			fmax(print->first_s, 0), fmin(print->last_s, vz_analyze_get_end_s(panel)));
}

struct json_object *vz_analyze_formula_text(const struct vz_clip_analysis *now)
{
	if (now->rule == VZ_DERIVATIVE_POLYNOMIAL)
		return vz_textf("%s (%u points).", rules[now->rule].formula, now->window);
	return vz_textf("%s.", rules[now->rule].formula);
}

struct json_object *vz_analyze_line_text(const struct vz_clip_analysis *now)
{
	return vz_analyze_is_calibrated(now) ? vz_textf("%.6g %s", now->length, now->unit)
					     : VZ_NULL;
}

struct json_object *vz_analyze_note_text(const struct vz_analyze_panel *panel)
{
	struct vz_clip_result *result = vz_desk_get_result(panel->options.desk);

	if (!vz_desk_get_info(panel->options.desk))
		return vz_text("There is no clip on the desk: choose one under Process.");
	if (!result)
		return vz_text("Nothing was looked for in this clip yet: press Process.");
	if (!result->tracks.n_tracks)
		return vz_text("Nothing was found in this clip: try another threshold.");
	return vz_textf("%s: %zu object%s", vz_desk_get_id(panel->options.desk),
			result->tracks.n_tracks, result->tracks.n_tracks == 1 ? "" : "s");
}

struct json_object *vz_analyze_track_options(const struct vz_clip_result *result)
{
	struct json_object *all = vz_array();

	for (size_t i = 0; result && i < result->tracks.n_tracks; i++) {
		const struct vz_track *track = &result->tracks.tracks[i];

		vz_array_add(&all, vz_object({ "label",
					       vz_textf("%u · %zu points", track->id, track->n) },
					     { "value", vz_number(track->id) }));
	}
	return all;
}

/* Where the browsers have the motion from, which they draw themselves; the unit that it is in. */
struct json_object *vz_analyze_motion_data(const struct vz_analyze_panel *panel,
					   const struct vz_motion_options *motion)
{
	unsigned number = vz_desk_get_result_number(panel->options.desk);

	if (!vz_desk_get_result(panel->options.desk))
		return VZ_NULL;
	return vz_object({ "src", vz_textf("_vizyd/clips/columns?result=%u&rule=%s&window=%u"
					   "&px_per_unit=%.17g",
					   number, vz_motion_rule_name(motion->rule),
					   motion->window, motion->calibration.px_per_unit) },
			 { "unit", vz_text(motion->calibration.unit) },
			 { "revision", vz_number(number) });
}
