#include "dash/component.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/json.h"

bool vz_component_check(struct json_object *value)
{
	struct json_object *field;

	/* Most values are no components: ask for the rarest key first. */
	return json_object_is_type(value, json_type_object) &&
	       json_object_object_get_ex(value, "namespace", &field) &&
	       json_object_is_type(field, json_type_string) &&
	       json_object_object_get_ex(value, "type", &field) &&
	       json_object_is_type(field, json_type_string) &&
	       json_object_object_get_ex(value, "props", &field) &&
	       json_object_is_type(field, json_type_object);
}

struct json_object *vz_component_props(struct json_object *component)
{
	return vz_component_check(component) ? json_object_object_get(component, "props") : NULL;
}

/* --- Ids ------------------------------------------------------------------------------------- */

/* What a pattern id may say of one key: a string, a number, a boolean, or a wildcard: ["ALL"]. */
static bool check_pattern_value(struct json_object *value)
{
	switch (json_object_get_type(value)) {
	case json_type_string:
	case json_type_int:
	case json_type_double:
	case json_type_boolean:
		return true;
	case json_type_array:
		return json_object_array_length(value) == 1 &&
		       json_object_is_type(json_object_array_get_idx(value, 0), json_type_string);
	default:
		return false;
	}
}

static int pattern_id_string(struct json_object *id, char **ret)
{
	struct vz_buf buf = { 0 };
	struct lh_entry *entry;

	if (!json_object_object_length(id))
		return -EINVAL;
	lh_foreach(json_object_get_object(id), entry)
	{
		if (!check_pattern_value((struct json_object *) lh_entry_v(entry)))
			return -EINVAL;
	}
	vz_json_print_flat_sorted(&buf, id);
	return vz_buf_finish(&buf, ret, NULL);
}

int vz_component_id_string(struct json_object *id, char **ret)
{
	const char *text;
	char *copy;

	if (json_object_is_type(id, json_type_object))
		return pattern_id_string(id, ret);
	if (!json_object_is_type(id, json_type_string))
		return -EINVAL;
	text = json_object_get_string(id);
	/* A '{' would let a plain id pass for the canonical form of a pattern id. */
	if (!*text || strlen(text) != (size_t) json_object_get_string_len(id) || strchr(text, '{'))
		return -EINVAL;
	copy = strdup(text);
	if (!copy)
		return -ENOMEM;
	*ret = copy;
	return 0;
}

/* The dot that ends the id, or NULL. */
static const char *find_separator(const char *text)
{
	const char *dot;

	if (*text == '{') {
		dot = strrchr(text, '}');
		return dot && dot[1] == '.' ? dot + 1 : NULL;
	}
	for (dot = text + strlen(text); dot > text; dot--)
		if (dot[0] == '.' && dot[-1] != '\\')
			return dot;
	return NULL;
}

int vz_component_split(const char *id_property, char **ret_id, char **ret_property)
{
	const char *dot = find_separator(id_property);
	VZ_CLEANUP(vz_freep) char *id = NULL;
	char *property, *to;

	if (!dot || dot == id_property || !dot[1])
		return -EINVAL;
	id = malloc((size_t) (dot - id_property) + 1);
	property = strdup(dot + 1);
	if (!id || !property) {
		free(property);
		return -ENOMEM;
	}
	/* "\." is no escape in JSON, so this is right for pattern ids, too. */
	to = id;
	for (const char *from = id_property; from < dot; from++)
		if (from[0] != '\\' || from[1] != '.')
			*to++ = *from;
	*to = '\0';
	*ret_id = vz_steal(id);
	*ret_property = property;
	return 0;
}
