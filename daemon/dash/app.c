#include "dash/app.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dash/app-private.h"
#include "dash/call.h"
#include "dash/callback.h"
#include "dash/client.h"
#include "dash/component.h"
#include "dash/device.h"
#include "dash/judge.h"
#include "dash/layout.h"
#include "dash/link.h"
#include "dash/mods.h"
#include "dash/post.h"
#include "dash/props-request.h"
#include "dash/push.h"
#include "dash/roll-call.h"
#include "dash/round.h"
#include "dash/service.h"
#include "util/blob.h"

static void set_options(struct vz_app *app, const struct vz_app_options *options)
{
	if (options)
		app->options = *options;
	if (!app->options.grace_us)
		app->options.grace_us = 15000000;
	if (!app->options.deadline_us)
		app->options.deadline_us = 30000000;
	if (!app->options.max_clients)
		app->options.max_clients = 512;
	app->boot_id = strdup(app->options.boot_id ? app->options.boot_id : "");
	app->options.boot_id = app->boot_id;
}

int vz_app_new(const struct vz_app_options *options, struct vz_app **ret)
{
	VZ_CLEANUP(vz_app_freep) struct vz_app *app = calloc(1, sizeof(*app));
	int r;

	if (!app)
		return -ENOMEM;
	vz_list_init(&app->callbacks);
	vz_list_init(&app->shared);
	vz_list_init(&app->patterns);
	vz_list_init(&app->clients);
	vz_list_init(&app->offline);
	vz_list_init(&app->client_listeners);
	vz_list_init(&app->devices);
	vz_list_init(&app->device_listeners);
	vz_list_init(&app->links);
	vz_list_init(&app->props_requests);
	vz_list_init(&app->due_calls);
	vz_list_init(&app->out_calls);
	vz_list_init(&app->promises);
	app->deadline_us = INT64_MAX;
	app->roll_call_us = INT64_MAX;
	set_options(app, options);
	if (!app->boot_id)
		return -ENOMEM;
	r = vz_layout_new(&app->layout);
	if (r >= 0)
		r = vz_post_box_new(app, &app->post_box);
	if (r < 0)
		return r;
	*ret = vz_steal(app);
	return 0;
}

struct vz_app *vz_app_free(struct vz_app *app)
{
	struct vz_callback *c;

	if (!app)
		return NULL;
	vz_app_stop(app);
	vz_post_box_free(app->post_box);
	while ((c = vz_list_first(&app->callbacks, struct vz_callback, in_app)))
		vz_callback_free(c);
	vz_table_deinit(&app->callbacks_by_output);
	vz_devices_free(app);
	vz_clients_free(app);
	vz_properties_free(app);
	vz_app_forget_dependencies(app);
	vz_app_forget_snapshot(app);
	vz_app_forget_noted_layout(app);
	vz_layout_free(app->layout);
	free(app->last_error);
	free(app->boot_id);
	free(app);
	return NULL;
}

int vz_app_start(struct vz_app *app)
{
	const unsigned wanted = VZ_SERVICE_SHARED | VZ_SERVICE_SERVER_INITIAL;
	struct vz_callback *c;
	struct vz_round round;

	if (!vz_round_open(app, &round, 0))
		return -EBUSY; /* from inside a callback */
	vz_list_for_each(c, &app->callbacks, in_app)
	{
		if (!c->is_started && (c->service & wanted) == wanted && c->n_outputs)
			vz_round_add_initial(app, c);
		c->is_started = true;
	}
	vz_round_run(&round);
	vz_round_close(&round, NULL, NULL);
	vz_app_update_deadline(app);
	return 0;
}

void vz_app_stop(struct vz_app *app)
{
	app->is_stopping = true;
	vz_calls_stop(app);
	vz_props_requests_stop(app);
}

void vz_app_tick(struct vz_app *app, int64_t now_us)
{
	app->now_us = now_us;
	vz_calls_expire(app, now_us);
	vz_props_requests_expire(app, now_us);
	vz_roll_call_tick(app, now_us);
	vz_keep_promises(app, now_us);
	vz_clients_expire(app, now_us);
	vz_app_update_deadline(app);
}

int64_t vz_app_now(struct vz_app *app)
{
	if (app->options.now)
		app->now_us = app->options.now(app->options.now_data);
	return app->now_us;
}

static int64_t min(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

void vz_app_update_deadline(struct vz_app *app)
{
	const struct vz_call *call = vz_list_first(&app->due_calls, struct vz_call, in_due);
	const struct vz_call *out = vz_list_first(&app->out_calls, struct vz_call, in_out);
	const struct vz_client *client = vz_list_first(&app->offline, struct vz_client, in_offline);
	const struct vz_reassert *p = vz_list_first(&app->promises, struct vz_reassert, in_queue);
	int64_t at_us = INT64_MAX;

	if (call)
		at_us = min(at_us, call->due_us);
	if (out)
		at_us = min(at_us, out->started_us + app->options.deadline_us);
	if (client)
		at_us = min(at_us, client->expires_us);
	if (p)
		at_us = min(at_us, p->at_us);
	at_us = min(at_us, vz_props_requests_next_us(app));
	at_us = min(at_us, app->roll_call_us);
	if (at_us == app->deadline_us)
		return;
	app->deadline_us = at_us;
	if (app->options.set_deadline)
		app->options.set_deadline(at_us, app->options.deadline_data);
}

void vz_app_set_deadline(struct vz_app *app, int64_t deadline_us)
{
	app->options.deadline_us = deadline_us;
	vz_app_update_deadline(app);
}

int vz_app_set_error(struct vz_app *app, int r, const char *format, ...)
{
	char *text;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	free(app->last_error);
	app->last_error = text;
	return r;
}

const char *vz_app_last_error(struct vz_app *app)
{
	return app->last_error ? app->last_error : "out of memory";
}

const struct vz_app_counters *vz_app_get_counters(const struct vz_app *app)
{
	return &app->counters;
}

/* --- Values ---------------------------------------------------------------------------------- */

struct json_object *vz_app_get(struct vz_app *app, const char *id, const char *property)
{
	return vz_layout_get(app->layout, id, property);
}

bool vz_app_has_component(struct vz_app *app, const char *id)
{
	return vz_layout_find(app->layout, id);
}

static int push_to_one(struct vz_client *client, struct json_object *object, bool notify)
{
	VZ_CLEANUP(vz_mods_unrefp) struct vz_mods *mods = NULL;
	int r;

	r = vz_mods_from_json(object, notify, &mods);
	if (r < 0)
		return r;
	if (!client->link)
		return -ENOTCONN;
	vz_push_to(client, mods);
	return 0;
}

int vz_app_apply_mods(struct vz_app *app, struct vz_mods *mods)
{
	struct vz_round round;
	const char *bad = NULL;
	bool is_own;
	int r;

	is_own = vz_round_open(app, &round, 0);
	r = vz_round_apply(app, mods, NULL, &bad);
	if (is_own) {
		vz_round_run(&round);
		vz_round_close(&round, NULL, NULL);
		vz_app_update_deadline(app);
	}
	return r;
}

int vz_app_push_mods(struct vz_app *app, struct json_object *object, struct vz_client *client)
{
	VZ_CLEANUP(vz_mods_unrefp) struct vz_mods *mods = NULL;
	int r;

	r = vz_judge_value(app, object);
	if (r >= 0 && client)
		r = push_to_one(client, object, true);
	else if (r >= 0)
		r = vz_mods_from_json(object, false, &mods);
	json_object_put(object);
	if (r < 0 || client)
		return r;
	return vz_app_apply_mods(app, mods);
}

int vz_client_push_quietly(struct vz_client *client, struct json_object *object)
{
	/* A worker's copy has no app, and is online nowhere. */
	int r = client->app ? vz_judge_value(client->app, object) : -ENOTCONN;

	if (r >= 0)
		r = push_to_one(client, object, false);

	json_object_put(object);
	return r;
}

int vz_app_push(struct vz_app *app, const char *id, const char *property, struct json_object *value)
{
	VZ_CLEANUP(vz_mods_unrefp) struct vz_mods *mods = NULL;
	int r;

	r = vz_judge_value(app, value);
	if (r >= 0)
		r = vz_mods_new(&mods);
	if (r >= 0)
		r = vz_mods_set(mods, id, property, value, false);
	json_object_put(value);
	return r < 0 ? r : vz_app_apply_mods(app, mods);
}

void vz_app_forget_snapshot(struct vz_app *app)
{
	app->snapshot = vz_mods_unref(app->snapshot);
}

int vz_app_get_snapshot(struct vz_app *app, struct vz_mods **ret)
{
	VZ_CLEANUP(vz_mods_unrefp) struct vz_mods *mods = NULL;
	struct vz_property *p;
	int r;

	if (app->snapshot) {
		*ret = app->snapshot;
		return 0;
	}
	r = vz_mods_new(&mods);
	if (r < 0)
		return r;
	vz_list_for_each(p, &app->shared, in_shared)
	{
		struct json_object *value = NULL;

		if (!json_object_object_get_ex(vz_layout_find(app->layout, p->id), p->name, &value))
			continue;
		r = vz_mods_set(mods, p->id, p->name, value, vz_property_notifies(p));
		if (r < 0)
			return r;
	}
	app->snapshot = vz_steal(mods);
	*ret = app->snapshot;
	return 0;
}
