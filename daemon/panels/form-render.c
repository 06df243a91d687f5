#include "panels/form-private.h"

#include "vizyd/dcc.h"
#include "vizyd/html.h"

static struct json_object *render_brightness(const struct vz_form *form)
{
	/* clang-format off */
	return vz_html_div(.className = "vz-control", .children = vz_array(
		vz_html_span(.className = "vz-control-label", .children = vz_text("Brightness")),
		vz_dcc_slider(.id = form->brightness_id, .min = 0, .max = 100, .step = 1,
			.value = form->ops->get_brightness(form->camera),
			.updatemode = "drag", .marks = VZ_NULL)));
	/* clang-format on */
}

/* The fields of one group under its title, or VZ_NULL when the group has no field. */
static struct json_object *render_group(const struct vz_form *form, enum vz_field_group group)
{
	struct json_object *children;
	unsigned n_fields = 0;

	children = vz_array(vz_html_h2(.className = "vz-group-title",
				       .children = vz_text(vz_field_group_title(group))));
	if (group == VZ_GROUP_PICTURE) {
		vz_array_add(&children, render_brightness(form));
		n_fields++;
	}
	for (unsigned i = 0; i < form->n_fields; i++) {
		const struct vz_field *field = form->fields[i];

		if (field->text.group != group)
			continue;
		vz_array_add(&children, vz_field_render(field, vz_form_control(form, field),
							vz_form_is_automatic(form, field)));
		n_fields++;
	}
	if (n_fields)
		return vz_html_section(.className = "vz-group", .children = children);
	json_object_put(children);
	return VZ_NULL;
}

struct json_object *vz_form_render(const struct vz_form *form)
{
	struct json_object *children = vz_array();

	for (int group = 0; group < VZ_N_GROUPS; group++) {
		struct json_object *section = render_group(form, group);

		if (section != VZ_NULL)
			vz_array_add(&children, section);
	}
	/* clang-format off */
	vz_array_add(&children, vz_html_div(.className = "vz-buttons", .children = vz_array(
		vz_html_button(.id = form->reset_id, .className = "vz-button", .n_clicks = 0,
			.title = "All controls to their defaults", .children = vz_text("Reset")))));
	/* clang-format on */
	return vz_html_div(.className = "vz-controls", .children = children);
}
