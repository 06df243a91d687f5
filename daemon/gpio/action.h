/*
 * What a gesture does to the page, as the configuration writes it:
 *
 *	record.n_clicks			a click: one more than the property is now
 *	exposure.value 12		a value, as JSON
 *	{"a": {"value": 1}, …}		mods, as vz_app_push_mods() takes them
 *	trigger:record			a trigger of the recorder by its name, with the edge's own
 *time
 *
 * Embedded and owned by the line's specification. Thread: loop.
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

struct vz_action {
	char *id, *property; /* NULL: mods, or nothing */
	bool is_click;
	const char *trigger;	   /* one of vz_action_triggers, NULL: none */
	struct json_object *value; /* of the property, or the mods */
};

#define VZ_ACTION_EXPECTED                                               \
	"COMPONENT.PROPERTY for a click, COMPONENT.PROPERTY VALUE "      \
	"with a value in JSON, {\"COMPONENT\": {\"PROPERTY\": VALUE}}, " \
	"or trigger:NAME with record, now, stop or play"

/* Ended by NULL. */
extern const char *const vz_action_triggers[];

/* Replaces what @action was. Returns 0, -EINVAL or -ENOMEM, and then leaves it alone. */
int vz_action_parse(struct vz_action *action, const char *text);
void vz_action_deinit(struct vz_action *action);
bool vz_action_is_set(const struct vz_action *action);
/*
 * The mods that it comes to while the property is @current (borrowed; NULL when null, or not
 * needed). Returns 0 and a reference, -EDOM (a click on what is not a number) or -ENOMEM.
 */
int vz_action_make_mods(const struct vz_action *action, struct json_object *current,
			struct json_object **ret);
/* Splits "COMPONENT.PROPERTY", both to free(). Returns 0, -EINVAL or -ENOMEM. */
int vz_action_split(const char *text, size_t size, char **ret_id, char **ret_property);
