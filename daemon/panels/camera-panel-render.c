#include <errno.h>

#include "camera/camera.h"
#include "panels/camera-panel-private.h"
#include "panels/field.h"
#include "vizyd/components.h"

static struct json_object *render_brightness(const struct vz_camera_panel *panel)
{
	/* clang-format off */
	return vz_html_div(.className = "vz-control", .children = vz_array(
		vz_html_span(.className = "vz-control-label", .children = vz_text("Brightness")),
		vz_dcc_slider(.id = VZ_BRIGHTNESS_ID, .min = 0, .max = 100, .step = 1,
			.value = vz_camera_get_brightness(panel->camera),
			.updatemode = "drag", .marks = VZ_NULL)));
	/* clang-format on */
}

/* The fields of one group under its title, or VZ_NULL when the group has no field. */
static struct json_object *render_group(const struct vz_camera_panel *panel,
					enum vz_field_group group)
{
	struct json_object *children;
	unsigned n_fields = 0;

	children = vz_array(vz_html_h2(.className = "vz-group-title",
				       .children = vz_text(vz_field_group_title(group))));
	if (group == VZ_GROUP_PICTURE) {
		vz_array_add(&children, render_brightness(panel));
		n_fields++;
	}
	for (unsigned i = 0; i < panel->n_bindings; i++) {
		const struct vz_field *field = panel->bindings[i].field;

		if (field->text.group != group)
			continue;
		vz_array_add(&children,
			     vz_field_render(field, vz_camera_panel_control(panel, field),
					     vz_camera_panel_is_automatic(panel, field)));
		n_fields++;
	}
	if (n_fields)
		return vz_html_section(.className = "vz-group", .children = children);
	json_object_put(children);
	return VZ_NULL;
}

static struct json_object *render_controls(const struct vz_camera_panel *panel)
{
	struct json_object *children = vz_array();

	for (int group = 0; group < VZ_N_GROUPS; group++) {
		struct json_object *section = render_group(panel, group);

		if (section != VZ_NULL)
			vz_array_add(&children, section);
	}
	/* clang-format off */
	vz_array_add(&children, vz_html_div(.className = "vz-buttons", .children = vz_array(
		vz_html_button(.id = VZ_RESET_ID, .className = "vz-button", .n_clicks = 0,
			.title = "All controls to their defaults", .children = vz_text("Reset")))));
	/* clang-format on */
	return vz_html_div(.className = "vz-controls", .children = children);
}

int vz_camera_panel_render(struct vz_camera_panel *panel, struct json_object **ret)
{
	struct json_object *component;
	int r;

	r = vz_camera_panel_bind(panel);
	if (r < 0)
		return r;
	/* clang-format off */
	component = vz_html_main(.className = "vz-panel", .children = vz_array(
		vz_html_div(.className = "vz-live", .children = vz_array(
			vz_own_live_view(.id = VZ_LIVE_ID))),
		render_controls(panel)));
	/* clang-format on */
	if (!component)
		return -ENOMEM;
	*ret = component;
	return 0;
}

struct json_object *vz_camera_panel_render_status(struct vz_camera_panel *panel)
{
	return vz_html_div(.id = VZ_STATUS_ID, .className = "vz-status-line",
			   .children = vz_text(vz_camera_get_text(panel->camera)));
}
