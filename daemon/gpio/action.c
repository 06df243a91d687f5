#include "gpio/action.h"

#include <errno.h>
#include <string.h>

#include "util/json.h"
#include "vizyd/component.h"

const char *const vz_action_triggers[] = { "record", "now", "stop", "play", NULL };

int vz_action_split(const char *text, size_t size, char **ret_id, char **ret_property)
{
	VZ_CLEANUP(vz_freep) char *id = NULL, *property = NULL;
	const char *dot = memrchr(text, '.', size);
	size_t id_size;

	if (!dot || dot == text || dot == text + size - 1 || memchr(text, '{', size))
		return -EINVAL;
	id_size = (size_t) (dot - text);
	id = strndup(text, id_size);
	property = strndup(dot + 1, size - id_size - 1);
	if (!id || !property)
		return -ENOMEM;
	*ret_id = vz_steal(id);
	*ret_property = vz_steal(property);
	return 0;
}

static int parse_json(const char *text, struct json_object **ret)
{
	int r = vz_json_parse(text, strlen(text), NULL, NULL, ret);

	return r == -ENOMEM ? r : r < 0 ? -EINVAL : 0;
}

static bool is_object(struct json_object *value)
{
	return json_object_is_type(value, json_type_object) && json_object_object_length(value);
}

static bool are_objects(struct json_object *object)
{
	json_object_object_foreach(object, key, value)
	{
		if (!*key || !is_object(value))
			return false;
	}
	return true;
}

static int parse_property(struct vz_action *action, const char *text)
{
	size_t size = strcspn(text, " \t");
	const char *value = text + size + strspn(text + size, " \t");
	int r;

	r = vz_action_split(text, size, &action->id, &action->property);
	if (r < 0)
		return r;
	action->is_click = !*value;
	return *value ? parse_json(value, &action->value) : 0;
}

static int parse_mods(struct vz_action *action, const char *text)
{
	int r = parse_json(text, &action->value);

	if (r < 0)
		return r;
	return is_object(action->value) && are_objects(action->value) ? 0 : -EINVAL;
}

static int parse_trigger(struct vz_action *action, const char *name)
{
	for (size_t i = 0; vz_action_triggers[i]; i++)
		if (!strcmp(name, vz_action_triggers[i])) {
			action->trigger = vz_action_triggers[i];
			return 0;
		}
	return -EINVAL;
}

int vz_action_parse(struct vz_action *action, const char *text)
{
	VZ_CLEANUP(vz_action_deinit) struct vz_action parsed = { 0 };
	struct vz_action old = *action;
	int r;

	if (*text == '{')
		r = parse_mods(&parsed, text);
	else if (!strncmp(text, "trigger:", 8))
		r = parse_trigger(&parsed, text + 8);
	else
		r = parse_property(&parsed, text);
	if (r < 0)
		return r;
	*action = parsed;
	parsed = old;
	return 0;
}

void vz_action_deinit(struct vz_action *action)
{
	free(action->id);
	free(action->property);
	json_object_put(action->value);
	*action = (struct vz_action){ 0 };
}

bool vz_action_is_set(const struct vz_action *action)
{
	return action->id || action->value || action->trigger;
}

/* The app takes what it is given, and changes it: each time a copy. */
static struct json_object *copy_of(struct json_object *value)
{
	struct json_object *copy = NULL;

	if (!value)
		return VZ_NULL;
	return json_object_deep_copy(value, &copy, NULL) == 0 ? copy : NULL;
}

int vz_action_make_mods(const struct vz_action *action, struct json_object *current,
			struct json_object **ret)
{
	bool is_number = vz_json_is_number(current);
	struct json_object *value, *mods;

	if (action->is_click && current && !is_number)
		return -EDOM;
	value = action->is_click ? vz_number(current ? json_object_get_double(current) + 1 : 1)
				 : copy_of(action->value);
	mods = action->id ? vz_object({ action->id, vz_object({ action->property, value }) })
			  : value;
	if (!mods)
		return -ENOMEM;
	*ret = mods;
	return 0;
}
