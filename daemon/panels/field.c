#include "panels/field.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "dash/component.h"
#include "panels/build.h"

/* "AeMeteringMode" to "ae-metering-mode" or, with ' ', to "Ae metering mode". */
static char *split_words(const char *name, char separator)
{
	char *text = malloc(2 * strlen(name) + 1), *to = text;

	if (!text)
		return NULL;
	for (const char *from = name; *from; from++) {
		bool starts_word = isupper((unsigned char) *from) && from > name &&
				   !isupper((unsigned char) from[-1]);

		if (!isalnum((unsigned char) *from)) {
			if (*from != ']')
				*to++ = separator;
			continue;
		}
		if (starts_word)
			*to++ = separator;
		*to++ = separator == ' ' && from == name ? *from
							 : (char) tolower((unsigned char) *from);
	}
	*to = '\0';
	return text;
}

static char *join(const char *a, const char *b)
{
	char *text = NULL;

	return asprintf(&text, "%s%s", a, b) < 0 ? NULL : text;
}

int vz_field_new(const struct vz_control *control, unsigned index, struct vz_field **ret)
{
	VZ_CLEANUP(vz_field_freep) struct vz_field *field = calloc(1, sizeof(*field));
	const struct vz_field_text *text = vz_field_text_find(control->name);

	if (!field)
		return -ENOMEM;
	field->control = index;
	field->text = text ? *text : (struct vz_field_text){ .group = VZ_GROUP_MORE, .decimals = 2 };
	if (!(field->text.scale > 0))
		field->text.scale = 1;
	if (!field->text.unit)
		field->text.unit = control->unit;
	/* A control's own id starts with "camera-", so that no two can meet. */
	if (text) {
		field->id = strdup(text->id);
		field->label = strdup(text->label);
	} else {
		VZ_CLEANUP(vz_freep) char *words = split_words(control->name, '-');

		field->id = words ? join("camera-", words) : NULL;
		field->label = split_words(control->name, ' ');
	}
	if (!field->id || !field->label)
		return -ENOMEM;
	field->delivered_id = join(field->id, "-delivered");
	field->value_property = join(field->id, ".value");
	if (!field->delivered_id || !field->value_property)
		return -ENOMEM;
	*ret = vz_steal(field);
	return 0;
}

struct vz_field *vz_field_free(struct vz_field *field)
{
	if (!field)
		return NULL;
	free(field->id);
	free(field->delivered_id);
	free(field->value_property);
	free(field->label);
	free(field);
	return NULL;
}

/* --- Values -------------------------------------------------------------------------------- */

/* Two places more than are shown, so that 33333 us is 33.3330 ms and not noise. */
static double shown_to(const struct vz_field *field, double number, int decimals)
{
	double grain = pow(10, decimals);

	return round(number * field->text.scale * grain) / grain;
}

static double shown(const struct vz_field *field, double number)
{
	return shown_to(field, number, field->text.decimals + 2);
}

struct json_object *vz_field_value(const struct vz_field *field, const struct vz_control *control)
{
	double number = control->is_asked	? control->asked
			: control->is_delivered ? control->delivered
						: control->def;
	struct json_object *value;

	switch (control->kind) {
	case VZ_CONTROL_BOOL:
		value = json_object_new_array();
		if (value && number != 0)
			json_object_array_add(value, json_object_new_string("on"));
		return value;
	case VZ_CONTROL_MENU:
		return json_object_new_int((int) number);
	default:
		/* What an automatic chose flickers in the last places: the read-out's are enough. */
		return json_object_new_double(control->is_asked || !control->is_delivered
						      ? shown(field, number)
						      : shown_to(field, number, field->text.decimals));
	}
}

int vz_field_parse(const struct vz_field *field, const struct vz_control *control,
		   struct json_object *value, double *ret)
{
	double number;

	if (control->kind == VZ_CONTROL_BOOL) {
		if (!json_object_is_type(value, json_type_array))
			return -EINVAL;
		*ret = json_object_array_length(value) > 0;
		return 0;
	}
	if (!json_object_is_type(value, json_type_int) &&
	    !json_object_is_type(value, json_type_double))
		return -EINVAL;
	number = json_object_get_double(value);
	if (!isfinite(number))
		return -EINVAL;
	*ret = control->kind == VZ_CONTROL_MENU ? number : number / field->text.scale;
	return 0;
}

void vz_field_format_delivered(const struct vz_field *field, const struct vz_control *control,
			       char *text, size_t size)
{
	double number = control->delivered;

	if (!control->is_delivered)
		snprintf(text, size, "%s", "");
	else if (control->kind == VZ_CONTROL_MENU)
		snprintf(text, size, "%s",
			 number >= 0 && number <= control->max && control->choices
				 ? control->choices[(int) number]
				 : "");
	else
		snprintf(text, size, "%.*f %s", field->text.decimals, number * field->text.scale,
			 field->text.unit);
}

bool vz_field_value_equal(struct json_object *a, struct json_object *b)
{
	double x, y;

	if (json_object_is_type(a, json_type_array) && json_object_is_type(b, json_type_array))
		return json_object_array_length(a) == json_object_array_length(b);
	if (json_object_is_type(a, json_type_array) != json_object_is_type(b, json_type_array))
		return false;
	if (!a || !b)
		return a == b;
	x = json_object_get_double(a);
	y = json_object_get_double(b);
	return fabs(x - y) <= 1e-6 * fmax(1, fmax(fabs(x), fabs(y)));
}

/* --- Component ----------------------------------------------------------------------------- */

static struct json_object *render_checklist(const struct vz_field *field,
					    const struct vz_control *control)
{
	struct json_object *option = vz_object("label", vz_text(field->label), "value",
					       vz_text("on"), NULL);

	return vz_component_new(VZ_DCC, "Checklist", "id", vz_text(field->id), "options",
				vz_array(option), "value", vz_field_value(field, control),
				NULL);
}

static struct json_object *render_dropdown(const struct vz_field *field,
					   const struct vz_control *control, bool disabled)
{
	struct json_object *options = json_object_new_array();

	for (int i = 0; options && i <= (int) control->max && control->choices; i++)
		json_object_array_add(options,
				      vz_object("label", vz_text(control->choices[i]), "value",
						json_object_new_int(i), NULL));
	return vz_component_new(VZ_DCC, "Dropdown", "id", vz_text(field->id), "options", options,
				"value", vz_field_value(field, control), "clearable", vz_bool(false),
				"searchable", vz_bool(false), "disabled", vz_bool(disabled), NULL);
}

/* A step of about a hundredth of the range, but no finer than the control or what is shown. */
static double slider_step(const struct vz_field *field, const struct vz_control *control)
{
	double range = (control->max - control->min) * field->text.scale;
	double finest = pow(10, -field->text.decimals);
	double step = range > 0 ? pow(10, floor(log10(range / 100))) : finest;

	step = fmax(step, control->step * field->text.scale);
	return step < finest ? finest : step;
}

static struct json_object *render_slider(const struct vz_field *field,
					 const struct vz_control *control, bool disabled)
{
	struct json_object *slider = vz_component_new(
		VZ_DCC, "Slider", "id", vz_text(field->id), "min",
		vz_number(shown(field, control->min)), "max", vz_number(shown(field, control->max)),
		"step", vz_number(slider_step(field, control)), "value",
		vz_field_value(field, control), "updatemode", vz_text("drag"), "disabled",
		vz_bool(disabled), NULL);

	return vz_with_null(slider, "marks");
}

struct json_object *vz_field_render(const struct vz_field *field, const struct vz_control *control,
				    bool disabled)
{
	struct json_object *label, *value;
	char delivered[64];

	/* A check box says by itself what it is and what it does. */
	if (control->kind == VZ_CONTROL_BOOL)
		return vz_div("vz-control", render_checklist(field, control));
	vz_field_format_delivered(field, control, delivered, sizeof(delivered));
	label = vz_html("Span", "vz-control-label", field->label);
	value = vz_component_new(VZ_HTML, "Span", "id", vz_text(field->delivered_id), "className",
				 vz_text("vz-control-value"), "children", vz_text(delivered), NULL);
	return vz_div("vz-control", label, value,
		      control->kind == VZ_CONTROL_MENU ? render_dropdown(field, control, disabled)
						       : render_slider(field, control, disabled));
}
