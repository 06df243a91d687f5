#include "dash/call.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dash/app-private.h"
#include "dash/callback.h"
#include "dash/client.h"
#include "dash/device.h"
#include "dash/mods.h"
#include "dash/post.h"
#include "dash/push.h"
#include "dash/queue.h"
#include "dash/service.h"
#include "dash/wildcard.h"
#include "util/json.h"

bool vz_callback_runs_on_worker(const struct vz_callback *c)
{
	return c->blocking && c->app->options.execute;
}

/* One allocation for the call and all its rows: calls are made at the rate of messages. */
static struct vz_call *allocate(const struct vz_callback *c)
{
	size_t n_values = (size_t) c->n_inputs + c->n_states + c->n_outputs;
	size_t n_flags = (size_t) c->n_inputs + c->n_outputs;
	struct vz_call *call;

	call = calloc(1, sizeof(*call) + n_values * sizeof(struct json_object *) +
				 n_flags * sizeof(bool));
	if (!call)
		return NULL;
	call->n_inputs = c->n_inputs;
	call->n_states = c->n_states;
	call->n_outputs = c->n_outputs;
	call->inputs = (struct json_object **) (call + 1);
	call->states = call->inputs + c->n_inputs;
	call->outputs = call->states + c->n_states;
	call->is_triggered = (bool *) (call->outputs + c->n_outputs);
	call->is_set = call->is_triggered + c->n_inputs;
	return call;
}

/* What is called because something has changed is called by whoever has changed that. */
static int copy_who(struct vz_call *call, const struct vz_requester *requester,
		    const struct vz_client *client)
{
	const char *user = requester->user;

	call->requester.role = requester->role;
	if (requester->kind == VZ_REQUESTER_NONE) {
		user = client ? client->user : NULL;
		call->requester.role = client ? vz_client_get_rank(client) : VZ_ROLE_ADMIN;
	}
	call->user = user ? strdup(user) : NULL;
	return user && !call->user ? -ENOMEM : 0;
}

int vz_call_new(struct vz_callback *c, const struct vz_requester *requester, struct vz_call **ret)
{
	VZ_CLEANUP(vz_call_freep) struct vz_call *call = allocate(c);
	struct vz_client *client;

	if (!call)
		return -ENOMEM;
	vz_list_init(&call->in_callback);
	vz_list_init(&call->in_due);
	vz_list_init(&call->in_out);
	call->app = c->app;
	call->callback = c;
	call->function = vz_function_ref(c->function);
	call->is_shared = vz_service_is_shared(c->service);
	call->requester.client_id = requester->client_id;
	call->is_http = requester->kind == VZ_REQUESTER_HTTP;

	client = vz_app_find_client(c->app, requester->client_id);
	if (client)
		call->device = vz_device_ref(client->device);
	if (copy_who(call, requester, client) < 0)
		return -ENOMEM;
	if (vz_queue_enter(c, call) < 0)
		return -ENOMEM;
	if (vz_callback_runs_on_worker(c))
		call->post_box = vz_post_box_ref(c->app->post_box);
	if (client && vz_callback_runs_on_worker(c) &&
	    vz_client_copy(client, &call->client_copy) < 0)
		return -ENOMEM;
	*ret = vz_steal(call);
	return 0;
}

struct vz_call *vz_call_free(struct vz_call *call)
{
	unsigned i, n;

	if (!call)
		return NULL;
	vz_list_remove(&call->in_callback);
	vz_list_remove(&call->in_due);
	vz_list_remove(&call->in_out);
	vz_queue_leave(call);
	n = call->n_inputs + call->n_states + call->n_outputs;
	for (i = 0; i < n; i++)
		json_object_put(call->inputs[i]);
	vz_mods_unref(call->alternates);
	vz_matches_free(call->matches);
	vz_client_copy_free(call->client_copy);
	vz_post_box_unref(call->post_box);
	vz_device_unref(call->device);
	vz_function_unref(call->function);
	free(call->user);
	free(call->headers);
	free(call->header_error);
	free(call->error);
	free(call);
	return NULL;
}

int vz_call_put(struct vz_call *call, struct json_object **at, struct json_object *value)
{
	struct json_object *copy = NULL;

	/* json-c counts references without locks: a worker gets its own values. */
	if (value && vz_callback_runs_on_worker(call->callback)) {
		if (json_object_deep_copy(value, &copy, NULL) < 0)
			return -ENOMEM;
	} else {
		copy = json_object_get(value);
	}
	json_object_put(*at);
	*at = copy;
	return 0;
}

/* --- What a function may call ---------------------------------------------------------------- */

struct vz_client *vz_call_client(struct vz_call *call)
{
	if (call->is_on_worker)
		return call->client_copy;
	return call->app ? vz_app_find_client(call->app, call->requester.client_id) : NULL;
}

const char *vz_call_get_user(const struct vz_call *call)
{
	return call->user;
}

enum vz_role vz_call_get_role(const struct vz_call *call)
{
	return call->requester.role;
}

struct vz_device *vz_call_device(struct vz_call *call)
{
	return call->device;
}

struct json_object *vz_call_input(struct vz_call *call, unsigned index)
{
	return index < call->n_inputs ? call->inputs[index] : NULL;
}

struct json_object *vz_call_state(struct vz_call *call, unsigned index)
{
	return index < call->n_states ? call->states[index] : NULL;
}

bool vz_call_is_triggered(struct vz_call *call, unsigned index)
{
	return index < call->n_inputs && call->is_triggered[index];
}

bool vz_call_is_initial(struct vz_call *call)
{
	return call->is_initial;
}

int vz_call_set_output(struct vz_call *call, unsigned index, struct json_object *value)
{
	if (call->matches)
		return vz_call_set_group(call, index, value);
	if (index >= call->n_outputs) {
		json_object_put(value);
		return -EINVAL;
	}
	json_object_put(call->outputs[index]);
	call->outputs[index] = value;
	call->is_set[index] = true;
	return 0;
}

int vz_call_set(struct vz_call *call, const char *id, const char *property,
		struct json_object *value)
{
	int r = 0;

	if (!call->alternates)
		r = vz_mods_new(&call->alternates);
	if (r >= 0)
		r = vz_mods_set(call->alternates, id, property, value, false);
	json_object_put(value);
	return r;
}

static int send_props(struct vz_call *call, const char *id, const char *property,
		      struct json_object *value)
{
	struct vz_client *client = vz_call_client(call);
	VZ_CLEANUP(vz_mods_unrefp) struct vz_mods *mods = NULL;
	int r;

	if (!client || !vz_client_is_online(client))
		return -ENOTCONN;
	r = vz_mods_new(&mods);
	if (r >= 0)
		r = vz_mods_set(mods, id, property, value, true);
	if (r >= 0)
		vz_push_to(client, mods);
	return r;
}

/* {id: {property: value}}. Takes @value. */
static int make_props(const char *id, const char *property, struct json_object *value,
		      struct json_object **ret)
{
	VZ_CLEANUP(json_object_putp) struct json_object *mods = json_object_new_object();
	VZ_CLEANUP(json_object_putp) struct json_object *properties = json_object_new_object();

	if (!mods || !properties || json_object_object_add(properties, property, value) < 0) {
		json_object_put(value);
		return -ENOMEM;
	}
	if (json_object_object_add(mods, id, properties) < 0)
		return -ENOMEM;
	(void) vz_steal(properties);
	*ret = vz_steal(mods);
	return 0;
}

int vz_call_set_props(struct vz_call *call, const char *id, const char *property,
		      struct json_object *value)
{
	struct json_object *mods;
	int r;

	if (!call->is_on_worker) {
		r = send_props(call, id, property, value);
		json_object_put(value);
		return r;
	}
	if (!call->client_copy) {
		json_object_put(value);
		return -ENOTCONN;
	}
	r = make_props(id, property, value, &mods);
	return r < 0 ? r : vz_post_box_put(call->post_box, mods, call->requester.client_id);
}

int vz_call_fail(struct vz_call *call, int r, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL; /* then the text of @r has to do */
	va_end(args);
	free(call->error);
	call->error = text;
	call->result = r;
	return r;
}

void vz_call_run(struct vz_call *call)
{
	int r;

	__atomic_store_n(&call->has_begun, true, __ATOMIC_RELAXED);
	r = call->function->fn(call, call->function->data);

	/* A function that has called vz_call_fail() failed, whatever it returns. */
	if (r < 0)
		call->result = r;
	else if (call->error && call->result >= 0)
		call->result = -EIO;
}

bool vz_call_is_ok(const struct vz_call *call)
{
	return call->result >= 0;
}

const char *vz_call_get_error(const struct vz_call *call)
{
	if (call->error)
		return call->error;
	/* A function that hands on what vz_call_set_header() returned need not find words for it.
	 */
	if (call->header_error && call->result == call->header_result)
		return call->header_error;
	return strerror(-call->result);
}
