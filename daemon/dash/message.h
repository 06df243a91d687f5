/*
 * The websocket messages between renderer and daemon: wire JSON to struct and back, and no meaning.
 * The stock worker's messages are measured facts of dash-renderer 3.4.1; hello, bye, welcome, mods,
 * reload are our own link's (ui/link/README.md).
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/json.h"

struct vz_blob;
struct vz_mods;

#define VZ_RENDERER_ID_MAX 64
#define VZ_REQUEST_ID_MAX  128
#define VZ_MAX_INPUTS	   256
/* Of one request: what wildcards mean may be more. */
#define VZ_MAX_ARGUMENTS 4096

enum vz_message_type {
	VZ_MESSAGE_CALLBACK_REQUEST,
	VZ_MESSAGE_GET_PROPS_RESPONSE,
	VZ_MESSAGE_HEARTBEAT,
	VZ_MESSAGE_HELLO, /* our link: this tab is here; also after each reconnect */
	VZ_MESSAGE_BYE,	  /* our link: this tab closes */
};

/* One Input or State of a request. Wildcard arguments have several. */
struct vz_argument {
	char *id; /* canonical string */
	char *property;
	struct json_object *value; /* a reference; NULL is null */
	bool has_value;
};

/* The payload of a callback request, the same over HTTP and websocket. */
struct vz_request {
	char *output; /* the callback's identity, verbatim */
	struct vz_argument *inputs, *states;
	unsigned n_inputs, n_states;
	/* For wildcard arguments: how many of inputs belong to each item; else NULL, one each. */
	unsigned *input_groups, *state_groups;
	unsigned n_input_groups, n_state_groups;
	/* "id.property" of each changed Input; empty on an initial call. */
	char **changed;
	unsigned n_changed;
	struct json_object *outputs; /* as sent; NULL when the callback has none */
};

struct vz_message {
	enum vz_message_type type;
	char renderer_id[VZ_RENDERER_ID_MAX + 1];
	char request_id[VZ_REQUEST_ID_MAX + 1];
	struct vz_request request;   /* CALLBACK_REQUEST */
	struct json_object *payload; /* GET_PROPS_RESPONSE, HELLO: an object or NULL */
};

/*
 * Decodes one text frame that holds one object. Returns 0; -EBADMSG (not JSON), -EINVAL (a field
 * is missing or of the wrong type: "payload.inputs[0].id: expected a string or an object"),
 * -ENOTSUP (an unknown type), -E2BIG or -ENOMEM, with @error filled. renderer_id and request_id are
 * filled as far as they could be read, also on failure, so that a request can be answered.
 */
int vz_message_decode(const char *text, size_t size, const struct vz_json_limits *limits,
		      struct vz_json_error *error, struct vz_message *ret);
void vz_message_deinit(struct vz_message *message);

/* The same for the body of POST _dash-update-component. */
int vz_request_decode(const char *text, size_t size, const struct vz_json_limits *limits,
		      struct vz_json_error *error, struct vz_request *ret);
void vz_request_deinit(struct vz_request *request);

enum vz_reply_status { VZ_REPLY_OK, VZ_REPLY_PREVENT_UPDATE, VZ_REPLY_ERROR };

/* What the requester gets. Borrowed by the encoders. */
struct vz_reply {
	enum vz_reply_status status;
	const struct vz_mods *response; /* OK; NULL or empty is encoded as "response": {} */
	const char *message;		/* ERROR */
};

/* Each returns 0 and a reference, or -ENOMEM. One text frame each. */
int vz_message_encode_reply(const char *renderer_id, const char *request_id,
			    const struct vz_reply *reply, struct vz_blob **ret);
/* The 200 body of an HTTP answer; @reply is OK. */
int vz_message_encode_reply_http(const struct vz_reply *reply, struct vz_blob **ret);
/* For our own link, without a renderer id: {"type":"mods","set":{…},"notify":{…},"patch":[…]}.
 * Kept in @mods, so that a broadcast is serialized once. */
int vz_message_encode_mods(struct vz_mods *mods, struct vz_blob **ret);
/* For the stock worker: an array of set_props, which it applies as one batch. */
int vz_message_encode_set_props(const char *renderer_id, const struct vz_mods *mods,
				struct vz_blob **ret);
int vz_message_encode_heartbeat_ack(struct vz_blob **ret);
int vz_message_encode_error(const char *renderer_id, const char *text, int code,
			    struct vz_blob **ret);
int vz_message_encode_get_props(const char *renderer_id, const char *request_id, const char *id,
				const char *const *properties, struct vz_blob **ret);
/* {"type":"welcome","client":…,"boot":…,"layout":…,"set":{…}}: @mods are all shared values. */
int vz_message_encode_welcome(uint64_t client_id, const char *boot_id, const char *layout_hash,
			      const struct vz_mods *mods, struct vz_blob **ret);
int vz_message_encode_reload(struct vz_blob **ret);
/* {"type":"device","device":…}: the name of the device that the tab has chosen, or NULL. */
int vz_message_encode_device(const char *name, struct vz_blob **ret);
