#include "panels/field.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "vizyd/dcc.h"
#include "vizyd/html.h"

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

static char *join(const char *a, const char *b, const char *c)
{
	char *text = NULL;

	return asprintf(&text, "%s%s%s", a, b, c) < 0 ? NULL : text;
}

int vz_field_new(const struct vz_control *control, unsigned index, const char *prefix,
		 struct vz_field **ret)
{
	VZ_CLEANUP(vz_field_freep) struct vz_field *field = calloc(1, sizeof(*field));
	const struct vz_field_text *text = vz_field_text_find(control->name);

	if (!field)
		return -ENOMEM;
	field->control = index;
	field->text =
		text ? *text : (struct vz_field_text){ .group = VZ_GROUP_MORE, .decimals = 2 };
	if (!(field->text.scale > 0))
		field->text.scale = 1;
	if (!field->text.unit)
		field->text.unit = control->unit;
	/* A control's own id starts with "camera-", so that no two can meet. */
	if (text) {
		field->id = join(prefix, "", text->id);
		field->label = strdup(text->label);
	} else {
		VZ_CLEANUP(vz_freep) char *words = split_words(control->name, '-');

		field->id = words ? join(prefix, "camera-", words) : NULL;
		field->label = split_words(control->name, ' ');
	}
	if (!field->id || !field->label)
		return -ENOMEM;
	field->delivered_id = join(field->id, "-delivered", "");
	if (!field->delivered_id)
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

static double value_of(const struct vz_control *control)
{
	return control->is_asked       ? control->asked
	       : control->is_delivered ? control->delivered
				       : control->def;
}

/* What an automatic chose flickers in the last places: the read-out's are enough. */
static double shown_value(const struct vz_field *field, const struct vz_control *control)
{
	return control->is_asked || !control->is_delivered
		       ? shown(field, value_of(control))
		       : shown_to(field, value_of(control), field->text.decimals);
}

struct json_object *vz_field_value(const struct vz_field *field, const struct vz_control *control)
{
	switch (control->kind) {
	case VZ_CONTROL_BOOL:
		return value_of(control) != 0 ? vz_array(vz_text("on")) : vz_array();
	case VZ_CONTROL_MENU:
		return vz_number((int) value_of(control));
	default:
		return vz_number(shown_value(field, control));
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
	if (json_object_is_type(a, json_type_string) || json_object_is_type(b, json_type_string))
		return !strcmp(json_object_get_string(a), json_object_get_string(b));
	x = json_object_get_double(a);
	y = json_object_get_double(b);
	return fabs(x - y) <= 1e-6 * fmax(1, fmax(fabs(x), fabs(y)));
}

/* --- Component ----------------------------------------------------------------------------- */

static struct json_object *render_checklist(const struct vz_field *field,
					    const struct vz_control *control)
{
	return vz_dcc_checklist(.id = field->id,
				.options = vz_array(vz_object({ "label", vz_text(field->label) },
							      { "value", vz_text("on") })),
				.value = vz_field_value(field, control));
}

static struct json_object *render_dropdown(const struct vz_field *field,
					   const struct vz_control *control, bool disabled)
{
	struct json_object *options = vz_array();

	for (int i = 0; i <= (int) control->max && control->choices; i++)
		vz_array_add(&options, vz_object({ "label", vz_text(control->choices[i]) },
						 { "value", vz_number(i) }));
	return vz_dcc_dropdown(.id = field->id, .options = options,
			       .value = vz_field_value(field, control), .clearable = false,
			       .searchable = false, .disabled = disabled);
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
	return vz_dcc_slider(.id = field->id, .min = shown(field, control->min),
			     .max = shown(field, control->max), .step = slider_step(field, control),
			     .value = shown_value(field, control), .updatemode = "drag",
			     .disabled = disabled, .marks = VZ_NULL);
}

struct json_object *vz_field_render(const struct vz_field *field, const struct vz_control *control,
				    bool disabled)
{
	struct json_object *label, *value;
	char delivered[64];

	/* A check box says by itself what it is and what it does. */
	if (control->kind == VZ_CONTROL_BOOL)
		return vz_html_div(.className = "vz-control",
				   .children = vz_array(render_checklist(field, control)));
	vz_field_format_delivered(field, control, delivered, sizeof(delivered));
	label = vz_html_span(.className = "vz-control-label", .children = vz_text(field->label));
	value = vz_html_span(.id = field->delivered_id, .className = "vz-control-value",
			     .children = vz_text(delivered));
	return vz_html_div(.className = "vz-control",
			   .children = vz_array(label, value,
						control->kind == VZ_CONTROL_MENU
							? render_dropdown(field, control, disabled)
							: render_slider(field, control, disabled)));
}
