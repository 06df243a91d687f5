#include "dash/message.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "dash/mods-private.h"
#include "dash/patch.h"
#include "util/blob.h"

/* Text that is JSON already, whose length the compiler knows. */
#define put_literal(buf, text) vz_buf_append(buf, text, sizeof(text) - 1)

static void put_string(struct vz_buf *buf, const char *text)
{
	vz_json_print_string(buf, text, strlen(text));
}

/* --- Properties ------------------------------------------------------------------------------ */

/* The next mod of the same property behind @mod: a Patch, as a plain value stands first. */
static const struct vz_mod *next_of_property(const struct vz_mods *mods, const struct vz_mod *mod)
{
	const char *property = mod->property;

	do
		mod = vz_mods_next_of_component(mods, mod);
	while (mod && !(mod->patch && !strcmp(mod->property, property)));
	return mod;
}

static void put_operations(struct vz_buf *buf, struct json_object *patch, char *separator)
{
	struct json_object *operations = json_object_object_get(patch, "operations");
	size_t n = json_object_array_length(operations);

	for (size_t i = 0; i < n; i++) {
		vz_buf_putc(buf, *separator);
		vz_json_print(buf, json_object_array_get_idx(operations, i));
		*separator = ',';
	}
}

/* Several Patches of one property are one Patch with the operations of all. */
static void put_patches(struct vz_buf *buf, const struct vz_mods *mods, const struct vz_mod *first)
{
	char separator = '[';

	put_literal(buf, "{\"__dash_patch_update\":\"__dash_patch_update\",\"operations\":");
	for (const struct vz_mod *mod = first; mod; mod = next_of_property(mods, mod))
		put_operations(buf, mod->value, &separator);
	if (separator == '[')
		vz_buf_putc(buf, '[');
	put_literal(buf, "]}");
}

/* A plain value as the Patches behind it leave it; one that does not fit is left out. */
static void put_patched(struct vz_buf *buf, const struct vz_mods *mods, const struct vz_mod *plain)
{
	VZ_CLEANUP(json_object_putp) struct json_object *value = json_object_get(plain->value);
	const struct vz_mod *mod = plain;

	while ((mod = next_of_property(mods, mod))) {
		struct json_object *patched;
		int r = vz_patch_apply(value, mod->value, &patched);

		if (r == -ENOMEM)
			buf->failed = true;
		if (r < 0)
			continue;
		json_object_put(value);
		value = patched;
	}
	vz_json_print(buf, value);
}

static bool is_first_of_property(const struct vz_mods *mods,
				 const struct vz_mod *first_of_component, const struct vz_mod *mod)
{
	const struct vz_mod *it = first_of_component;

	while (it != mod && strcmp(it->property, mod->property) != 0)
		it = vz_mods_next_of_component(mods, it);
	return it == mod;
}

static bool has_patch(const struct vz_mods *mods, const struct vz_mod *first)
{
	const struct vz_mod *it = first;

	while (it && !it->patch)
		it = vz_mods_next_of_component(mods, it);
	return it;
}

/* {"property": value, …} of one component, each property once. */
static void put_properties(struct vz_buf *buf, const struct vz_mods *mods,
			   const struct vz_mod *first)
{
	bool patched = has_patch(mods, first);
	char separator = '{';

	for (const struct vz_mod *mod = first; mod; mod = vz_mods_next_of_component(mods, mod)) {
		if (mod->patch && !is_first_of_property(mods, first, mod))
			continue;
		vz_buf_putc(buf, separator);
		put_string(buf, mod->property);
		vz_buf_putc(buf, ':');
		if (mod->patch)
			put_patches(buf, mods, mod);
		else if (patched)
			put_patched(buf, mods, mod);
		else
			vz_json_print(buf, mod->value);
		separator = ',';
	}
	vz_buf_putc(buf, '}');
}

/* --- Answers --------------------------------------------------------------------------------- */

/* Never without a response: an "ok" that lacks it ends all callbacks of the tab (3.4.1). */
static void put_data(struct vz_buf *buf, const struct vz_reply *reply)
{
	char separator = '{';
	const struct vz_mod *mod;

	put_literal(buf, "{\"multi\":true,\"response\":");
	if (!reply->response || vz_mods_is_empty(reply->response)) {
		put_literal(buf, "{}}");
		return;
	}
	vz_mods_for_each_component(mod, reply->response)
	{
		vz_buf_putc(buf, separator);
		put_string(buf, mod->id);
		vz_buf_putc(buf, ':');
		put_properties(buf, reply->response, mod);
		separator = ',';
	}
	put_literal(buf, "}}");
}

static void put_outcome(struct vz_buf *buf, const struct vz_reply *reply)
{
	switch (reply->status) {
	case VZ_REPLY_OK:
		put_literal(buf, "{\"status\":\"ok\",\"data\":");
		put_data(buf, reply);
		vz_buf_putc(buf, '}');
		break;
	case VZ_REPLY_PREVENT_UPDATE:
		put_literal(buf, "{\"status\":\"prevent_update\"}");
		break;
	default:
		put_literal(buf, "{\"status\":\"error\",\"message\":");
		put_string(buf, reply->message ? reply->message : "");
		vz_buf_putc(buf, '}');
	}
}

/* The type and the tab; what follows begins with a comma, or is the end. */
static void put_head(struct vz_buf *buf, const char *type, const char *renderer_id)
{
	put_literal(buf, "{\"type\":\"");
	vz_buf_puts(buf, type);
	vz_buf_putc(buf, '"');
	if (!renderer_id)
		return;
	put_literal(buf, ",\"rendererId\":");
	put_string(buf, renderer_id);
}

int vz_message_encode_reply(const char *renderer_id, const char *request_id,
			    const struct vz_reply *reply, struct vz_blob **ret)
{
	struct vz_buf buf = { 0 };

	put_head(&buf, "callback_response", renderer_id);
	put_literal(&buf, ",\"requestId\":");
	put_string(&buf, request_id);
	put_literal(&buf, ",\"payload\":");
	put_outcome(&buf, reply);
	vz_buf_putc(&buf, '}');
	return vz_buf_finish_blob(&buf, ret);
}

int vz_message_encode_reply_http(const struct vz_reply *reply, struct vz_blob **ret)
{
	struct vz_buf buf = { 0 };

	assert(reply->status == VZ_REPLY_OK);
	put_data(&buf, reply);
	return vz_buf_finish_blob(&buf, ret);
}

/* --- Mods ------------------------------------------------------------------------------------ */

/* {id: {property: value}} of the plain mods that are quiet, or notify; nothing if there is none. */
static void put_plain(struct vz_buf *buf, const char *key, const struct vz_mods *mods, bool notify)
{
	char separator = '{';
	const struct vz_mod *mod;

	vz_mods_for_each_component(mod, mods)
	{
		const struct vz_mod *it = mod;
		bool open = false;

		for (; it; it = vz_mods_next_of_component(mods, it)) {
			if (it->patch || it->notify != notify)
				continue;
			if (!open) {
				vz_buf_puts(buf, separator == '{' ? key : "");
				vz_buf_putc(buf, separator);
				put_string(buf, it->id);
				vz_buf_putc(buf, ':');
			}
			vz_buf_putc(buf, open ? ',' : '{');
			put_string(buf, it->property);
			vz_buf_putc(buf, ':');
			vz_json_print(buf, it->value);
			separator = ',';
			open = true;
		}
		if (open)
			vz_buf_putc(buf, '}');
	}
	if (separator == ',')
		vz_buf_putc(buf, '}');
}

static void put_patch_list(struct vz_buf *buf, const struct vz_mods *mods)
{
	const char *before = ",\"patch\":[{\"id\":";

	for (size_t i = 0; i < mods->n_mods; i++) {
		const struct vz_mod *mod = &mods->mods[i];

		if (!mod->patch)
			continue;
		vz_buf_puts(buf, before);
		put_string(buf, mod->id);
		put_literal(buf, ",\"property\":");
		put_string(buf, mod->property);
		put_literal(buf, ",\"value\":");
		vz_json_print(buf, mod->value);
		vz_buf_puts(buf, mod->notify ? ",\"notify\":true}" : ",\"notify\":false}");
		before = ",{\"id\":";
	}
	if (before[1] == '{')
		vz_buf_putc(buf, ']');
}

int vz_message_encode_mods(struct vz_mods *mods, struct vz_blob **ret)
{
	struct vz_buf buf = { 0 };
	int r;

	if (!mods->encoded) {
		put_head(&buf, "mods", NULL);
		put_plain(&buf, ",\"set\":", mods, false);
		put_plain(&buf, ",\"notify\":", mods, true);
		put_patch_list(&buf, mods);
		vz_buf_putc(&buf, '}');
		r = vz_buf_finish_blob(&buf, &mods->encoded);
		if (r < 0)
			return r;
	}
	*ret = vz_blob_ref(mods->encoded);
	return 0;
}

int vz_message_encode_set_props(const char *renderer_id, const struct vz_mods *mods,
				struct vz_blob **ret)
{
	struct vz_buf buf = { 0 };
	const char *before = "[";
	const struct vz_mod *mod;

	vz_mods_for_each_component(mod, mods)
	{
		vz_buf_puts(&buf, before);
		put_head(&buf, "set_props", renderer_id);
		put_literal(&buf, ",\"payload\":{\"componentId\":");
		put_string(&buf, mod->id);
		put_literal(&buf, ",\"props\":");
		put_properties(&buf, mods, mod);
		put_literal(&buf, "}}");
		before = ",";
	}
	vz_buf_puts(&buf, *before == '[' ? "[]" : "]");
	return vz_buf_finish_blob(&buf, ret);
}

int vz_message_encode_welcome(uint64_t client_id, const char *boot_id, const char *layout_hash,
			      const struct vz_mods *mods, struct vz_blob **ret)
{
	struct vz_buf buf = { 0 };
	const char *before = ",\"set\":{";
	const struct vz_mod *mod;

	put_head(&buf, "welcome", NULL);
	vz_buf_printf(&buf, ",\"client\":%" PRIu64 ",\"boot\":", client_id);
	put_string(&buf, boot_id);
	put_literal(&buf, ",\"layout\":");
	put_string(&buf, layout_hash);
	vz_mods_for_each_component(mod, mods)
	{
		vz_buf_puts(&buf, before);
		put_string(&buf, mod->id);
		vz_buf_putc(&buf, ':');
		put_properties(&buf, mods, mod);
		before = ",";
	}
	vz_buf_puts(&buf, before[1] ? ",\"set\":{}}" : "}}");
	return vz_buf_finish_blob(&buf, ret);
}

/* --- The rest -------------------------------------------------------------------------------- */

int vz_message_encode_heartbeat_ack(struct vz_blob **ret)
{
	struct vz_buf buf = { 0 };

	put_literal(&buf, "{\"type\":\"heartbeat_ack\"}");
	return vz_buf_finish_blob(&buf, ret);
}

int vz_message_encode_device(const char *name, struct vz_blob **ret)
{
	struct vz_buf buf = { 0 };

	put_literal(&buf, "{\"type\":\"device\",\"device\":");
	if (name)
		put_string(&buf, name);
	else
		put_literal(&buf, "null");
	put_literal(&buf, "}");
	return vz_buf_finish_blob(&buf, ret);
}

int vz_message_encode_reload(struct vz_blob **ret)
{
	struct vz_buf buf = { 0 };

	put_literal(&buf, "{\"type\":\"reload\"}");
	return vz_buf_finish_blob(&buf, ret);
}

int vz_message_encode_error(const char *renderer_id, const char *text, int code,
			    struct vz_blob **ret)
{
	struct vz_buf buf = { 0 };

	put_head(&buf, "error", renderer_id);
	put_literal(&buf, ",\"payload\":{\"message\":");
	put_string(&buf, text);
	vz_buf_printf(&buf, ",\"code\":%d}}", code);
	return vz_buf_finish_blob(&buf, ret);
}

int vz_message_encode_get_props(const char *renderer_id, const char *request_id, const char *id,
				const char *const *properties, struct vz_blob **ret)
{
	struct vz_buf buf = { 0 };
	const char *before = "";

	put_head(&buf, "get_props_request", renderer_id);
	put_literal(&buf, ",\"requestId\":");
	put_string(&buf, request_id);
	put_literal(&buf, ",\"payload\":{\"componentId\":");
	put_string(&buf, id);
	put_literal(&buf, ",\"properties\":[");
	for (; *properties; properties++) {
		vz_buf_puts(&buf, before);
		put_string(&buf, *properties);
		before = ",";
	}
	put_literal(&buf, "]}}");
	return vz_buf_finish_blob(&buf, ret);
}
