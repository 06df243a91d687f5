/*
 * Pattern-matching callbacks: one callback for all rows of a table that grows. Components have ids
 *that are objects, {"index": 3, "type": "row"}, and a dependency names them by a pattern:
 *
 *	.outputs = VZ_IDS(VZ_MATCH("name") ".children"),
 *	.inputs = VZ_IDS(VZ_MATCH("row") ".value"),
 *
 * MATCH is one component for each call, and all dependencies of the call have the same index; ALL
 *is all of them in one call; ALLSMALLER those whose index is below that of MATCH. The rules are
 *Dash's.
 *
 * Which components there are the browser says, or for shared callbacks the layout, in whose order
 *they come then. The value of an Input or State with ALL or ALLSMALLER is an array. Thread:
 *whichever the callback runs on.
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vz_call;

/* Ids of the usual form for VZ_IDS(); @type is a string literal. Others are written in JSON. */
#define VZ_MATCH(type)	    "{\"index\":[\"MATCH\"],\"type\":\"" type "\"}"
#define VZ_ALL(type)	    "{\"index\":[\"ALL\"],\"type\":\"" type "\"}"
#define VZ_ALLSMALLER(type) "{\"index\":[\"ALLSMALLER\"],\"type\":\"" type "\"}"

/* The id of one component, for its property "id": {"index": @index, "type": @type}. NULL: no
 * memory. */
struct json_object *vz_id_new(const char *type, int64_t index);
#define VZ_ID_MAX 256
/*
 * The same as the text that vz_app_push(), vz_app_get() and vz_call_set() take; lives as long as
 * the block that it stands in. "" when @type is too long.
 */
#ifdef __cplusplus
struct vz_id_ {
	char text[VZ_ID_MAX];
};
#define VZ_ID(type, index) vz_id_text(static_cast<vz_id_ &&>(vz_id_()).text, type, index)
#else
#define VZ_ID(type, index) vz_id_text((char[VZ_ID_MAX]){ 0 }, type, index)
#endif
const char *vz_id_text(char *buffer, const char *type, int64_t index);

/* What MATCH means in this call: the value of @key, as "index", or NULL. Borrowed. */
struct json_object *vz_call_match(struct vz_call *call, const char *key);

/*
 * How many components the @index-th Input, State or Output means; 1 where there is no wildcard.
 * What follows tells ids only in a callback that has patterns: in others the index says it all.
 */
unsigned vz_call_n_inputs_at(struct vz_call *call, unsigned index);
unsigned vz_call_n_states_at(struct vz_call *call, unsigned index);
unsigned vz_call_n_outputs_at(struct vz_call *call, unsigned index);
/* The id of the @nth of them as text; NULL past the last. Borrowed. */
const char *vz_call_input_id(struct vz_call *call, unsigned index, unsigned nth);
const char *vz_call_state_id(struct vz_call *call, unsigned index, unsigned nth);
const char *vz_call_output_id(struct vz_call *call, unsigned index, unsigned nth);
/* The value of the @nth. Borrowed. */
struct json_object *vz_call_input_at(struct vz_call *call, unsigned index, unsigned nth);
struct json_object *vz_call_state_at(struct vz_call *call, unsigned index, unsigned nth);
/* Whether the @nth component of the @index-th Input changed. */
bool vz_call_is_triggered_at(struct vz_call *call, unsigned index, unsigned nth);
/* The id of the @nth component that changed, over all Inputs; NULL past the last. Borrowed. */
const char *vz_call_triggered_id(struct vz_call *call, unsigned nth);
/*
 * Answers the @nth component of the @index-th Output; those that are left out keep their value.
 * vz_call_set_output() takes an array for all of them. Takes @value. Returns 0 or -EINVAL (there is
 * no such component).
 */
int vz_call_set_output_at(struct vz_call *call, unsigned index, unsigned nth,
			  struct json_object *value);

/* The value of @key in an id as text, as the number 3 of "index"; a reference, or NULL. */
struct json_object *vz_id_get(const char *id, const char *key);

#ifdef __cplusplus
}
#endif
