#include "panels/process-private.h"

#include <math.h>
#include <stdlib.h>

#include "dash/app.h"
#include "panels/values.h"
#include "util/buf.h"
#include "util/json.h"
#include "vizyd/component.h"

#define ALMOST	     0.985 /* all frames are read; what follows has no measure */
#define MAX_CHOICES  100u  /* the newest */
#define POINT_COLOUR "#ff5da2"

/* --- What is wanted -------------------------------------------------------------------------- */

uint32_t vz_process_get_last_frame(const struct vz_process_panel *panel)
{
	const struct vz_view_info *info = vz_desk_get_info(panel->options.desk);

	return info ? info->n_frames - 1 : 0;
}

static double clamp(double value, double min, double max)
{
	return value >= min ? value <= max ? value : max : min;
}

uint32_t vz_process_get_frame(const struct vz_process_panel *panel)
{
	double value = vz_values_get_number(panel->options.app, PROCESS_FRAME, "value", 0);

	return (uint32_t) clamp(round(value), 0, vz_process_get_last_frame(panel));
}

static double get_threshold(const struct vz_process_panel *panel)
{
	double value = vz_values_get_number(panel->options.app, PROCESS_THRESHOLD, "value",
					    VZ_DETECTOR_DEFAULT_THRESHOLD_PERCENT);

	return clamp(value, 1, 100);
}

bool vz_process_is_moving_shown(const struct vz_process_panel *panel)
{
	struct json_object *mode = vz_app_get(panel->options.app, PROCESS_MODE, "value");

	return mode && !strcmp(json_object_get_string(mode), "moving");
}

static uint32_t get_bound(const struct vz_process_panel *panel, unsigned i, uint32_t otherwise)
{
	struct json_object *range = vz_app_get(panel->options.app, PROCESS_RANGE, "value");
	struct json_object *bound = json_object_is_type(range, json_type_array)
					    ? json_object_array_get_idx(range, i)
					    : NULL;

	if (!vz_json_is_number(bound))
		return otherwise;
	return (uint32_t) clamp(round(json_object_get_double(bound)), 0,
				vz_process_get_last_frame(panel));
}

void vz_process_fill_options(const struct vz_process_panel *panel, struct vz_tracking_options *ret)
{
	uint32_t last = vz_process_get_last_frame(panel);

	*ret = (struct vz_tracking_options){
		.threshold_percent = get_threshold(panel),
		.first = get_bound(panel, 0, 0),
		.last = get_bound(panel, 1, last),
		.min_area_px = (uint32_t) clamp(vz_values_get_number(panel->options.app,
								     PROCESS_MIN_AREA, "value", 0),
						0, PROCESS_MAX_MIN_AREA_PX),
	};
	if (ret->last < ret->first)
		ret->last = ret->first;
	for (unsigned i = 0; i < panel->n_points; i++)
		if (panel->points[i].frame >= ret->first && panel->points[i].frame <= ret->last)
			ret->points[ret->n_points++] = panel->points[i];
}

/* --- What is shown --------------------------------------------------------------------------- */

struct json_object *vz_process_picture_address(const struct vz_process_panel *panel)
{
	struct vz_desk *desk = panel->options.desk;
	struct vz_tracking_options options;

	if (!vz_desk_get_info(desk))
		return VZ_NULL;
	if (vz_process_is_moving_shown(panel)) {
		vz_process_fill_options(panel, &options);
		return vz_textf("_vizyd/clips/picture.jpg?clip=%u&frame=%u&first=%u&last=%u"
				"&view=moving&threshold=%g",
				vz_desk_get_generation(desk), vz_process_get_frame(panel),
				options.first, options.last, options.threshold_percent);
	}
	return vz_textf("_vizyd/clips/picture.jpg?clip=%u&frame=%u", vz_desk_get_generation(desk),
			vz_process_get_frame(panel));
}

struct json_object *vz_process_time_text(const struct vz_process_panel *panel)
{
	const struct vz_view_info *info = vz_desk_get_info(panel->options.desk);
	uint32_t frame = vz_process_get_frame(panel);

	if (!info)
		return vz_text("");
	return vz_textf("frame %u of %u · %.3f s", frame, info->n_frames - 1, info->t_s[frame]);
}

struct json_object *vz_process_crosses(const struct vz_process_panel *panel)
{
	struct json_object *all = vz_array();

	for (unsigned i = 0; i < panel->n_points; i++)
		if (panel->points[i].frame == vz_process_get_frame(panel))
			vz_array_add(&all, vz_object({ "x", vz_number(panel->points[i].x_px) },
						     { "y", vz_number(panel->points[i].y_px) },
						     { "color", vz_text(POINT_COLOUR) }));
	return all;
}

struct json_object *vz_process_points_text(const struct vz_process_panel *panel)
{
	struct json_object *text;
	struct vz_buf buf = { 0 };
	char *line;
	size_t size;

	if (!panel->n_points)
		return vz_text("Press on the picture to follow a point by its looks, such as a "
			       "sticker on a wheel.");
	vz_buf_puts(&buf, "Followed by their looks:");
	for (unsigned i = 0; i < panel->n_points; i++)
		vz_buf_printf(&buf, "%s %g, %g from frame %u", i ? ";" : "", panel->points[i].x_px,
			      panel->points[i].y_px, panel->points[i].frame);
	if (vz_buf_finish(&buf, &line, &size) < 0)
		return NULL;
	text = vz_text(line);
	free(line);
	return text;
}

struct json_object *vz_process_note_text(const struct vz_process_panel *panel)
{
	const char *text = vz_desk_get_text(panel->options.desk);
	const struct vz_view_info *info = vz_desk_get_info(panel->options.desk);

	if (panel->upload_text[0])
		return vz_text(panel->upload_text);
	if (*text)
		return vz_text(text);
	if (!info)
		return vz_text(vz_desk_get_list(panel->options.desk)->n
				       ? "Choose a clip, or upload a video."
				       : "There is no clip yet: record one, or upload a video.");
	return vz_textf("%u × %u, %u frames, %.3f s", info->width_px, info->height_px,
			info->n_frames, info->t_s[info->n_frames - 1]);
}

struct json_object *vz_process_state_text(const struct vz_process_panel *panel)
{
	struct vz_desk *desk = panel->options.desk;

	if (vz_desk_is_processing(desk) && vz_desk_get_progress(desk) > ALMOST)
		return vz_text("Putting the ways together …");
	if (vz_desk_is_processing(desk))
		return vz_textf("Looking for what moves: %.0f %%",
				100 * vz_desk_get_progress(desk));
	return vz_text(vz_desk_get_outcome(desk));
}

struct json_object *vz_process_choices(const struct vz_process_panel *panel)
{
	const struct vz_clip_list *list = vz_desk_get_list(panel->options.desk);
	struct json_object *all = vz_array();

	for (size_t i = 0; i < list->n && i < MAX_CHOICES; i++)
		vz_array_add(&all, vz_object({ "label", vz_text(list->files[i].id) },
					     { "value", vz_text(list->files[i].id) }));
	return all;
}

struct json_object *vz_process_chosen(const struct vz_process_panel *panel)
{
	const char *id = vz_desk_get_id(panel->options.desk);

	return *id ? vz_text(id) : VZ_NULL;
}

bool vz_process_can_delete(const struct vz_process_panel *panel)
{
	const struct vz_clip_file *file = vz_clip_list_find(vz_desk_get_list(panel->options.desk),
							    vz_desk_get_id(panel->options.desk));

	return file && file->is_upload && !vz_desk_is_processing(panel->options.desk);
}

struct json_object *vz_process_size_of_clip(const struct vz_process_panel *panel)
{
	const struct vz_view_info *info = vz_desk_get_info(panel->options.desk);

	return info ? vz_array(vz_number(info->width_px), vz_number(info->height_px)) : VZ_NULL;
}
