#include "dash/message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dash/component.h"
#include "dash/patch.h"

/* Where in the message we are, for errors; the text is only made when there is one. */
struct place {
	struct vz_json_error *error;
	const char *prefix; /* "payload." or "" */
	const char *list;   /* "inputs", "state" or NULL */
	int item, part; /* in the list and, for a wildcard argument, in the item; -1: not there */
};

__attribute__((format(printf, 3, 4))) static int fail(const struct place *place, int r,
						      const char *format, ...)
{
	char *to = place->error ? place->error->text : NULL;
	size_t left = sizeof(place->error->text);
	va_list args;
	int n;

	if (!to)
		return r;
	place->error->offset = 0;
	n = snprintf(to, left, "%s%s", place->prefix, place->list ? place->list : "");
	if (place->item >= 0)
		n += snprintf(to + n, left - (size_t) n, "[%d]", place->item);
	if (place->part >= 0)
		n += snprintf(to + n, left - (size_t) n, "[%d]", place->part);
	va_start(args, format);
	vsnprintf(to + n, left - (size_t) n, format, args);
	va_end(args);
	return r;
}

static int fail_memory(const struct place *place)
{
	if (place->error) {
		place->error->offset = 0;
		snprintf(place->error->text, sizeof(place->error->text), "out of memory");
	}
	return -ENOMEM;
}

static int copy_string(const struct place *place, struct json_object *object, const char *key,
		       char **ret)
{
	const char *text;
	char *copy;

	if (vz_json_get_string(object, key, &text) < 0 || !*text)
		return fail(place, -EINVAL, "%s%s: expected a string", place->list ? "." : "", key);
	copy = strdup(text);
	if (!copy)
		return fail_memory(place);
	*ret = copy;
	return 0;
}

/* --- Inputs and State ------------------------------------------------------------------------ */

static int decode_argument(const struct place *place, struct json_object *json,
			   struct vz_argument *ret)
{
	int r;

	if (!json_object_is_type(json, json_type_object))
		return fail(place, -EINVAL, ": expected an object");
	r = vz_component_id_string(json_object_object_get(json, "id"), &ret->id);
	if (r == -ENOMEM)
		return fail_memory(place);
	if (r < 0)
		return fail(place, r, ".id: expected a string or an object");
	r = copy_string(place, json, "property", &ret->property);
	if (r < 0)
		return r;
	ret->has_value = json_object_object_get_ex(json, "value", &ret->value);
	(void) json_object_get(ret->value);
	/* The renderer sends values; a Patch would let a stranger make one grow step by step. */
	if (vz_patch_check(ret->value))
		return fail(place, -EINVAL, ".value: expected a value, not a Patch");
	return 0;
}

struct arguments {
	struct vz_argument *list;
	unsigned n;
	unsigned *groups;
	unsigned n_groups;
};

/* How many there are in all, and whether a wildcard is among them. */
static int count_arguments(const struct place *place, struct json_object *items, size_t *ret_n,
			   bool *ret_nested)
{
	size_t n_items = json_object_array_length(items), n = 0;
	bool nested = false;

	for (size_t i = 0; i < n_items; i++) {
		struct json_object *item = json_object_array_get_idx(items, i);
		bool is_array = json_object_is_type(item, json_type_array);

		nested |= is_array;
		n += is_array ? json_object_array_length(item) : 1;
	}
	if (n_items > VZ_MAX_INPUTS)
		return fail(place, -E2BIG, ": more than %d arguments", VZ_MAX_INPUTS);
	if (n > VZ_MAX_ARGUMENTS)
		return fail(place, -E2BIG, ": more than %d components", VZ_MAX_ARGUMENTS);
	*ret_n = n;
	*ret_nested = nested;
	return 0;
}

/* One item of the list: an argument, or an array of those where a wildcard stands. */
static int decode_item(struct place *place, struct json_object *item, struct arguments *ret)
{
	unsigned before = ret->n;
	size_t n;
	int r = 0;

	if (json_object_is_type(item, json_type_array)) {
		n = json_object_array_length(item);
		for (place->part = 0; (size_t) place->part < n && !r; place->part++)
			r = decode_argument(place, json_object_array_get_idx(item, place->part),
					    &ret->list[ret->n++]);
		place->part = -1;
	} else {
		r = decode_argument(place, item, &ret->list[ret->n++]);
	}
	if (ret->groups)
		ret->groups[ret->n_groups++] = ret->n - before;
	return r;
}

static int decode_arguments(struct place place, struct json_object *payload, bool required,
			    struct arguments *ret)
{
	struct json_object *items;
	size_t n = 0, n_items;
	bool nested = false;
	int r;

	r = vz_json_get_array(payload, place.list, &items);
	if (r == -ENOENT && !required)
		return 0;
	if (r < 0)
		return fail(&place, -EINVAL, ": expected an array");
	r = count_arguments(&place, items, &n, &nested);
	if (r < 0)
		return r;
	n_items = json_object_array_length(items);
	ret->list = calloc(n + 1, sizeof(*ret->list));
	ret->groups = nested ? calloc(n_items, sizeof(*ret->groups)) : NULL;
	if (!ret->list || (nested && !ret->groups))
		return fail_memory(&place);
	for (place.item = 0; (size_t) place.item < n_items && !r; place.item++)
		r = decode_item(&place, json_object_array_get_idx(items, place.item), ret);
	return r;
}

/* --- The request ----------------------------------------------------------------------------- */

static int decode_changed(struct place place, struct json_object *payload, struct vz_request *ret)
{
	struct json_object *items;
	size_t n;
	int r;

	place.list = "changedPropIds";
	r = vz_json_get_array(payload, place.list, &items);
	if (r < 0)
		return fail(&place, -EINVAL, ": expected an array");
	n = json_object_array_length(items);
	if (n > VZ_MAX_ARGUMENTS)
		return fail(&place, -E2BIG, ": more than %d", VZ_MAX_ARGUMENTS);
	ret->changed = calloc(n + 1, sizeof(*ret->changed));
	if (!ret->changed)
		return fail_memory(&place);
	for (place.item = 0; (size_t) place.item < n; place.item++) {
		struct json_object *item = json_object_array_get_idx(items, place.item);

		if (!json_object_is_type(item, json_type_string))
			return fail(&place, -EINVAL, ": expected a string");
		ret->changed[ret->n_changed] = strdup(json_object_get_string(item));
		if (!ret->changed[ret->n_changed])
			return fail_memory(&place);
		ret->n_changed++;
	}
	return 0;
}

static int decode_request(const char *prefix, struct json_object *payload,
			  struct vz_json_error *error, struct vz_request *ret)
{
	struct place place = { .error = error, .prefix = prefix, .item = -1, .part = -1 };
	struct arguments inputs = { 0 }, states = { 0 };
	int r;

	r = copy_string(&place, payload, "output", &ret->output);
	if (r < 0)
		return r;
	place.list = "inputs";
	r = decode_arguments(place, payload, true, &inputs);
	/* Also on failure, so that they are freed with the request. */
	ret->inputs = inputs.list;
	ret->n_inputs = inputs.n;
	ret->input_groups = inputs.groups;
	ret->n_input_groups = inputs.n_groups;
	if (r < 0)
		return r;
	place.list = "state";
	r = decode_arguments(place, payload, false, &states);
	ret->states = states.list;
	ret->n_states = states.n;
	ret->state_groups = states.groups;
	ret->n_state_groups = states.n_groups;
	if (r < 0)
		return r;
	r = decode_changed(place, payload, ret);
	if (r < 0)
		return r;
	ret->outputs = json_object_get(json_object_object_get(payload, "outputs"));
	return 0;
}

static void free_arguments(struct vz_argument *arguments, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		free(arguments[i].id);
		free(arguments[i].property);
		json_object_put(arguments[i].value);
	}
	free(arguments);
}

void vz_request_deinit(struct vz_request *request)
{
	free(request->output);
	free_arguments(request->inputs, request->n_inputs);
	free_arguments(request->states, request->n_states);
	free(request->input_groups);
	free(request->state_groups);
	for (unsigned i = 0; i < request->n_changed; i++)
		free(request->changed[i]);
	free(request->changed);
	json_object_put(request->outputs);
	*request = (struct vz_request){ 0 };
}

static int parse_object(const char *text, size_t size, const struct vz_json_limits *limits,
			struct vz_json_error *error, struct json_object **ret)
{
	struct place place = { .error = error, .prefix = "", .item = -1, .part = -1 };
	VZ_CLEANUP(json_object_putp) struct json_object *root = NULL;
	int r;

	r = vz_json_parse(text, size, limits, error, &root);
	if (r == -ENOMEM)
		return fail_memory(&place);
	if (r < 0)
		return r;
	if (!json_object_is_type(root, json_type_object))
		return fail(&place, -EINVAL, "expected an object");
	*ret = vz_steal(root);
	return 0;
}

int vz_request_decode(const char *text, size_t size, const struct vz_json_limits *limits,
		      struct vz_json_error *error, struct vz_request *ret)
{
	VZ_CLEANUP(json_object_putp) struct json_object *root = NULL;
	int r;

	*ret = (struct vz_request){ 0 };
	r = parse_object(text, size, limits, error, &root);
	if (!r)
		r = decode_request("", root, error, ret);
	if (r < 0)
		vz_request_deinit(ret);
	return r;
}

/* --- The message ----------------------------------------------------------------------------- */

static const struct {
	const char *name;
	enum vz_message_type type;
	bool has_renderer_id, has_request_id;
} types[] = {
	{ "callback_request", VZ_MESSAGE_CALLBACK_REQUEST, true, true },
	{ "get_props_response", VZ_MESSAGE_GET_PROPS_RESPONSE, true, true },
	{ "heartbeat", VZ_MESSAGE_HEARTBEAT, false, false },
	{ "hello", VZ_MESSAGE_HELLO, true, false },
	{ "bye", VZ_MESSAGE_BYE, true, false },
};

/* Ids are opaque to us, but they go into logs and replies: printable ASCII without spaces. */
static int read_id(const struct place *place, struct json_object *root, const char *key,
		   bool required, char *ret, size_t size)
{
	const char *text;
	size_t n;
	int r;

	r = vz_json_get_string(root, key, &text);
	if (r == -ENOENT && !required)
		return 0;
	n = r < 0 ? 0 : strlen(text);
	for (size_t i = 0; i < n; i++)
		if (text[i] <= ' ' || text[i] > '~')
			n = 0;
	if (n == 0 || n >= size)
		return required ? fail(place, -EINVAL, "%s: expected 1 to %zu printable characters",
				       key, size - 1)
				: 0;
	memcpy(ret, text, n + 1);
	return 0;
}

static int find_type(const struct place *place, struct json_object *root, size_t *ret)
{
	const char *name;

	if (vz_json_get_string(root, "type", &name) < 0)
		return fail(place, -EINVAL, "type: expected a string");
	for (size_t i = 0; i < VZ_N_ELEMENTS(types); i++) {
		if (!strcmp(types[i].name, name)) {
			*ret = i;
			return 0;
		}
	}
	return fail(place, -ENOTSUP, "type: %.32s is not known", name);
}

static int decode_payload(const struct place *place, struct json_object *root,
			  struct vz_message *ret)
{
	struct json_object *payload = json_object_object_get(root, "payload");
	bool optional = ret->type == VZ_MESSAGE_HELLO;

	if (ret->type == VZ_MESSAGE_HEARTBEAT || ret->type == VZ_MESSAGE_BYE)
		return 0;
	if (!json_object_is_type(payload, json_type_object) && !(optional && !payload))
		return fail(place, -EINVAL, "payload: expected an object");
	if (ret->type == VZ_MESSAGE_CALLBACK_REQUEST)
		return decode_request("payload.", payload, place->error, &ret->request);
	ret->payload = json_object_get(payload);
	return 0;
}

static int decode_message(const struct place *place, struct json_object *root,
			  struct vz_message *ret)
{
	int renderer_r, request_r, r;
	size_t i = 0;

	r = find_type(place, root, &i);
	/* The ids are read even if the rest is wrong, so that the tab can be told. */
	request_r = read_id(place, root, "requestId", !r && types[i].has_request_id,
			    ret->request_id, sizeof(ret->request_id));
	renderer_r = read_id(place, root, "rendererId", !r && types[i].has_renderer_id,
			     ret->renderer_id, sizeof(ret->renderer_id));
	if (r < 0)
		return r;
	ret->type = types[i].type;
	if (renderer_r < 0 || request_r < 0)
		return renderer_r < 0 ? renderer_r : request_r;
	return decode_payload(place, root, ret);
}

int vz_message_decode(const char *text, size_t size, const struct vz_json_limits *limits,
		      struct vz_json_error *error, struct vz_message *ret)
{
	struct place place = { .error = error, .prefix = "", .item = -1, .part = -1 };
	VZ_CLEANUP(json_object_putp) struct json_object *root = NULL;
	int r;

	*ret = (struct vz_message){ 0 };
	r = parse_object(text, size, limits, error, &root);
	if (!r)
		r = decode_message(&place, root, ret);
	if (r < 0)
		vz_message_deinit(ret);
	return r;
}

/* The ids stay: they are no allocation, and whoever failed to decode still answers. */
void vz_message_deinit(struct vz_message *message)
{
	vz_request_deinit(&message->request);
	json_object_put(message->payload);
	message->payload = NULL;
}
