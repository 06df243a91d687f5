#include "panels/form-private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vizyd/component.h"

const struct vz_control *vz_form_control(const struct vz_form *form, const struct vz_field *field)
{
	return form->ops->get_control(form->camera, field->control);
}

static bool is_on(const struct vz_control *control)
{
	return (control->is_asked ? control->asked : control->def) != 0;
}

bool vz_form_is_automatic(const struct vz_form *form, const struct vz_field *field)
{
	const struct vz_control *control;

	if (!field->text.automatic)
		return false;
	for (unsigned i = 0; (control = form->ops->get_control(form->camera, i)); i++)
		if (!strcmp(control->name, field->text.automatic))
			return is_on(control);
	return false;
}

/* --- Making --------------------------------------------------------------------------------- */

int vz_form_new(const struct vz_form_ops *ops, void *camera, const char *prefix,
		struct vz_form **ret)
{
	VZ_CLEANUP(vz_form_freep) struct vz_form *form = calloc(1, sizeof(*form));

	if (!form)
		return -ENOMEM;
	form->ops = ops;
	form->camera = camera;
	form->prefix = strdup(prefix);
	if (!form->prefix || asprintf(&form->brightness_id, "%sbrightness", prefix) < 0 ||
	    asprintf(&form->reset_id, "%sreset", prefix) < 0)
		return -ENOMEM;
	*ret = vz_steal(form);
	return 0;
}

static void clear_fields(struct vz_form *form)
{
	for (unsigned i = 0; i < form->n_fields; i++)
		vz_field_free(form->fields[i]);
	free(vz_steal(form->fields));
	form->n_fields = 0;
}

struct vz_form *vz_form_free(struct vz_form *form)
{
	if (!form)
		return NULL;
	clear_fields(form);
	free(form->prefix);
	free(form->brightness_id);
	free(form->reset_id);
	free(form);
	return NULL;
}

int vz_form_bind(struct vz_form *form)
{
	const struct vz_control *control;
	unsigned n = 0;
	int r = 0;

	clear_fields(form);
	while (form->ops->get_control(form->camera, n))
		n++;
	form->fields = calloc(n + 1, sizeof(*form->fields));
	if (!form->fields)
		return -ENOMEM;
	for (unsigned i = 0; r == 0 && i < n; i++) {
		const struct vz_field_text *text;

		control = form->ops->get_control(form->camera, i);
		text = vz_field_text_find(control->name);
		if (text && text->hidden)
			continue;
		r = vz_field_new(control, i, form->prefix, &form->fields[form->n_fields]);
		if (r == 0)
			form->n_fields++;
	}
	return r;
}

const struct vz_field *vz_form_get_field(const struct vz_form *form, unsigned index)
{
	return index < form->n_fields ? form->fields[index] : NULL;
}

const struct vz_field *vz_form_find_field(const struct vz_form *form, const char *id)
{
	for (unsigned i = 0; i < form->n_fields; i++)
		if (!strcmp(form->fields[i]->id, id))
			return form->fields[i];
	return NULL;
}

const char *vz_form_get_brightness_id(const struct vz_form *form)
{
	return form->brightness_id;
}

const char *vz_form_get_reset_id(const struct vz_form *form)
{
	return form->reset_id;
}

/* --- From the camera to the page ------------------------------------------------------------ */

static struct json_object *get_field_values(const struct vz_form *form,
					    const struct vz_field *field)
{
	const struct vz_control *control = vz_form_control(form, field);
	struct json_object *value = vz_field_value(field, control);

	/* A check box can always be used. */
	if (control->kind == VZ_CONTROL_BOOL)
		return vz_object({ "value", value });
	return vz_object({ "value", value },
			 { "disabled", vz_bool(vz_form_is_automatic(form, field)) });
}

struct json_object *vz_form_get_values(const struct vz_form *form)
{
	struct json_object *values;

	values = vz_object(
		{ form->brightness_id,
		  vz_object({ "value", vz_number(form->ops->get_brightness(form->camera)) }) });
	for (unsigned i = 0; i < form->n_fields; i++) {
		const struct vz_field *field = form->fields[i];
		const struct vz_control *control = vz_form_control(form, field);
		char text[64];

		vz_object_add(&values, field->id, get_field_values(form, field));
		if (control->kind == VZ_CONTROL_BOOL)
			continue;
		vz_field_format_delivered(field, control, text, sizeof(text));
		vz_object_add(&values, field->delivered_id,
			      vz_object({ "children", vz_text(text) }));
	}
	return values;
}

struct json_object *vz_form_find_value(const char *id, const char *property, void *values)
{
	struct json_object *props = NULL, *value = NULL;

	(void) json_object_object_get_ex(values, id, &props);
	(void) json_object_object_get_ex(props, property, &value);
	return value;
}

void vz_form_drop_same(struct json_object *values,
		       struct json_object *(*now)(const char *id, const char *property, void *data),
		       void *data)
{
	struct lh_entry *component, *next_component, *entry, *next;

	lh_foreach_safe(json_object_get_object(values), component, next_component)
	{
		struct json_object *props = (struct json_object *) lh_entry_v(component);
		const char *id = lh_entry_k(component);

		lh_foreach_safe(json_object_get_object(props), entry, next)
		{
			const char *property = lh_entry_k(entry);

			if (vz_field_value_equal((struct json_object *) lh_entry_v(entry),
						 now(id, property, data)))
				json_object_object_del(props, property);
		}
		if (!json_object_object_length(props))
			json_object_object_del(values, id);
	}
}

/* --- From the page to the camera ------------------------------------------------------------ */

/*
 * An automatic that is switched off leaves what it last chose: the picture does not jump, and the
 * person goes on from there.
 */
static void keep_automatic_values(struct vz_form *form, const char *automatic)
{
	for (unsigned i = 0; i < form->n_fields; i++) {
		const struct vz_field *field = form->fields[i];
		const struct vz_control *control = vz_form_control(form, field);

		if (field->text.automatic && !strcmp(field->text.automatic, automatic) &&
		    control->is_delivered)
			(void) form->ops->set_control(form->camera, control->name,
						      control->delivered);
	}
}

/*
 * What the page shows already comes from our own push of what the camera delivers, perhaps in the
 * round that a person's edit of something else began. That must not turn into a wish, or an
 * automatic would be nailed to the value that it chose first.
 */
static bool is_shown(const struct vz_field *field, const struct vz_control *control,
		     struct json_object *value)
{
	struct json_object *shown = vz_field_value(field, control);
	bool equal = shown && vz_field_value_equal(shown, value);

	json_object_put(shown);
	return equal;
}

int vz_form_set(struct vz_form *form, const struct vz_field *field, struct json_object *value)
{
	const struct vz_control *control = vz_form_control(form, field);
	double number = 0;
	int r;

	r = vz_field_parse(field, control, value, &number);
	if (r < 0 || is_shown(field, control, value))
		return r;
	if (control->kind == VZ_CONTROL_BOOL && number == 0 && is_on(control))
		keep_automatic_values(form, control->name);
	return form->ops->set_control(form->camera, control->name, number);
}

void vz_form_describe(const struct vz_form *form, const struct vz_field *field, char *text,
		      size_t size)
{
	const struct vz_control *control = vz_form_control(form, field);

	if (control->kind == VZ_CONTROL_BOOL)
		(void) snprintf(text, size, "%s: expected [] or [\"on\"]", field->id);
	else
		(void) snprintf(text, size, "%s: expected a number from %g to %g", field->id,
				control->min * field->text.scale, control->max * field->text.scale);
}

int vz_form_set_brightness(struct vz_form *form, struct json_object *value)
{
	if (!json_object_is_type(value, json_type_int) &&
	    !json_object_is_type(value, json_type_double))
		return -EINVAL;
	return form->ops->set_brightness(form->camera, json_object_get_double(value));
}

void vz_form_reset(struct vz_form *form)
{
	form->ops->reset(form->camera);
	(void) form->ops->set_brightness(form->camera, 50);
}
