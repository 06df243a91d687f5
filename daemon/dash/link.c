#include "dash/link.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dash/answer.h"
#include "dash/app-private.h"
#include "dash/device.h"
#include "dash/dispatch.h"
#include "dash/message.h"
#include "dash/mods.h"
#include "dash/props-request.h"
#include "dash/push.h"
#include "util/blob.h"

/* What the stock worker has kept it sends as soon as it is back. */
#define REPLAY_US 5000000

/* --- Who is there ---------------------------------------------------------------------------- */

/*
 * The client of that renderer id, put on @link; a new one has chosen the device @choice (NULL:
 * none). Returns NULL with *@ret_why for a person: the table is full, or memory ran out.
 */
static struct vz_client *take_client(struct vz_link *link, const char *renderer_id,
				     const char *choice, const char **ret_why)
{
	struct vz_client *c = vz_client_find_renderer(link->app, renderer_id);
	struct vz_link *older = c ? c->link : NULL;
	int r = 0;

	if (!c) {
		r = vz_client_new(link->app, renderer_id, &c);
		if (r >= 0)
			r = vz_client_start_choice(c, choice);
		if (r < 0 && c)
			vz_client_free(c);
	}
	if (r >= 0) {
		r = vz_client_attach(c, link);
		if (r < 0 && !c->connected_us)
			vz_client_free(c);
	}
	if (r < 0) {
		*ret_why = r == -ENOSPC ? "too many clients" : "out of memory";
		return NULL;
	}

	/* The tab has dialled anew before we noticed the loss of its former socket. */
	if (older && older != link && older->kind == VZ_LINK_OWN)
		vz_link_close(older, VZ_CLOSE_REPLACED, "replaced by a newer connection");
	return c;
}

/* All shared values, or none for who may not see them. Returns 0 and a reference, or -ENOMEM. */
static int get_snapshot(struct vz_client *client, struct vz_mods **ret)
{
	struct vz_mods *snapshot;
	int r;

	if (!vz_app_shares_with(client->app, client))
		return vz_mods_new(ret);
	r = vz_app_get_snapshot(client->app, &snapshot);
	if (r >= 0)
		*ret = vz_mods_ref(snapshot);
	return r;
}

static void send_welcome(struct vz_client *client)
{
	VZ_CLEANUP(vz_mods_unrefp) struct vz_mods *snapshot = NULL;
	struct vz_app *app = client->app;
	struct vz_blob *blob = NULL;
	int r;

	r = get_snapshot(client, &snapshot);
	if (r >= 0)
		r = vz_message_encode_welcome(client->id, app->boot_id, vz_app_layout_hash(app),
					      snapshot, &blob);
	vz_link_send(client->link, r, blob);
	if (r >= 0)
		vz_note_everything(client, snapshot);
}

static void on_hello(struct vz_link *link, const struct vz_message *m)
{
	struct vz_client *only = vz_list_first(&link->clients, struct vz_client, in_link);
	struct vz_client *c;
	const char *choice = NULL, *why;

	if (link->kind == VZ_LINK_STOCK ||
	    (only && strcmp(only->renderer_id, m->renderer_id) != 0)) {
		vz_link_send_error(link, m->renderer_id, "hello from a second tab on one socket");
		return;
	}
	link->kind = VZ_LINK_OWN;
	/* What it says wrongly it has not said: a tab must not be kept out for what it once stored.
	 */
	(void) vz_json_get_string(m->payload, "device", &choice);
	c = take_client(link, m->renderer_id, choice, &why);
	if (c)
		send_welcome(c);
	else
		vz_link_close(link, VZ_CLOSE_TRY_LATER, why);
}

static void on_bye(struct vz_link *link, const struct vz_message *m)
{
	struct vz_client *c = vz_client_find_renderer(link->app, m->renderer_id);

	if (c && c->link == link)
		vz_client_free(c);
}

/* --- Requests -------------------------------------------------------------------------------- */

static void reply_error(struct vz_link *link, const struct vz_message *m, const char *text)
{
	const struct vz_reply reply = { .status = VZ_REPLY_ERROR, .message = text };

	vz_link_reply(link, m->renderer_id, m->request_id, &reply);
}

/*
 * The stock worker keeps clicks that were made while it was offline and sends them when it is back,
 * ahead of its hello; their answers it drops. Its request ids are the renderer id and a count, so
 * a click that is not the first request of that tab, and comes first on this socket while that is
 * new, is such a one.
 */
static bool is_replayed(const struct vz_message *m)
{
	size_t n = strlen(m->renderer_id);
	const char *count = m->request_id + n + 1;

	if (!m->request.n_changed || strncmp(m->request_id, m->renderer_id, n) != 0 ||
	    m->request_id[n] != '-' || !isdigit((unsigned char) *count))
		return false;
	return strspn(count, "0123456789") == strlen(count) && strtoul(count, NULL, 10) > 1;
}

/* The client that asks; else NULL, and the request is answered. */
static struct vz_client *find_requester(struct vz_link *link, const struct vz_message *m)
{
	const struct vz_reply prevent = { .status = VZ_REPLY_PREVENT_UPDATE };
	struct vz_client *c = vz_client_find_renderer(link->app, m->renderer_id);
	const char *why;

	if (c && c->link == link) {
		c->heard_us = link->app->now_us;
		return c;
	}
	if (link->kind == VZ_LINK_OWN) {
		reply_error(link, m, "a request from a tab that has not said hello");
		return NULL;
	}

	link->kind = VZ_LINK_STOCK;
	if (link->app->now_us - link->opened_us < REPLAY_US && is_replayed(m)) {
		link->app->counters.callbacks_prevented++;
		vz_link_reply(link, m->renderer_id, m->request_id, &prevent);
		return NULL;
	}
	c = take_client(link, m->renderer_id, NULL, &why);
	if (!c)
		reply_error(link, m, why);
	return c;
}

static void on_request(struct vz_link *link, struct vz_message *m, int64_t now_us)
{
	struct vz_requester requester = { .kind = VZ_REQUESTER_LINK };
	struct vz_client *c = find_requester(link, m);
	bool is_hello = !strcmp(m->request.output, VZ_HELLO_OUTPUT);
	uint64_t id;

	if (!c)
		return;
	id = c->id;
	requester.client_id = id;
	requester.role = vz_client_get_rank(c);
	requester.user = c->user;
	strcpy(requester.request_id, m->request_id);
	vz_dispatch_request(link->app, &requester, &m->request, now_us);

	/* A tab of our own link has got everything with its welcome. */
	c = is_hello ? vz_app_find_client(link->app, id) : NULL;
	if (c && c->kind == VZ_LINK_STOCK && c->link)
		vz_push_everything(c);
}

static void on_props(struct vz_link *link, const struct vz_message *m)
{
	struct vz_client *c = vz_client_find_renderer(link->app, m->renderer_id);
	const char *why;

	if (c && c->link == link) {
		c->heard_us = link->app->now_us;
		vz_props_requests_receive(c, m);
	} else if (link->kind == VZ_LINK_STOCK) {
		/* It was taken for lost; what it missed meanwhile it gets now. */
		c = take_client(link, m->renderer_id, NULL, &why);
		if (c)
			vz_push_everything(c);
	}
}

/* Over our own link the tab is known even when its message cannot be read. */
static void on_malformed(struct vz_link *link, const struct vz_message *m, int r,
			 const struct vz_json_error *error)
{
	const char *text = r == -ENOMEM ? "out of memory" : error->text;
	struct vz_client *only = vz_list_first(&link->clients, struct vz_client, in_link);

	link->app->counters.messages_bad++;
	if (vz_renderer_id_check(m->renderer_id)) {
		if (m->request_id[0])
			reply_error(link, m, text);
		else
			vz_link_send_error(link, m->renderer_id, text);
	} else if (only && link->kind == VZ_LINK_OWN) {
		vz_client_send_error(only, text);
	}
}

static void on_message(struct vz_link *link, struct vz_message *m, int64_t now_us)
{
	struct vz_blob *blob = NULL;
	int r;

	if (m->type == VZ_MESSAGE_HEARTBEAT) {
		r = vz_message_encode_heartbeat_ack(&blob);
		vz_link_send(link, r, blob);
		return;
	}
	if (!vz_renderer_id_check(m->renderer_id)) {
		link->app->counters.messages_bad++;
		if (m->type == VZ_MESSAGE_CALLBACK_REQUEST)
			reply_error(link, m, "rendererId: expected 1 to 64 of A-Z a-z 0-9 . _ -");
		return;
	}

	switch (m->type) {
	case VZ_MESSAGE_CALLBACK_REQUEST:
		on_request(link, m, now_us);
		break;
	case VZ_MESSAGE_HELLO:
		on_hello(link, m);
		break;
	case VZ_MESSAGE_BYE:
		on_bye(link, m);
		break;
	case VZ_MESSAGE_GET_PROPS_RESPONSE:
		on_props(link, m);
		break;
	case VZ_MESSAGE_HEARTBEAT:
		break;
	}
}

void vz_link_receive(struct vz_link *link, const char *text, size_t size, int64_t now_us)
{
	struct vz_app *app = link->app;
	struct vz_json_error error = { 0 };
	struct vz_message m = { 0 };
	int r;

	/* What still comes from a socket that we close would run for nobody. */
	if (link->is_closing)
		return;
	app->now_us = now_us;
	app->counters.messages_in++;
	r = vz_message_decode(text, size, &vz_json_default_limits, &error, &m);
	if (r < 0)
		on_malformed(link, &m, r, &error);
	else
		on_message(link, &m, now_us);
	vz_message_deinit(&m);
	vz_app_update_deadline(app);
}

/* --- Its life -------------------------------------------------------------------------------- */

static void link_free(struct vz_link *link)
{
	vz_list_remove(&link->in_app);
	free(link->address);
	free(link->host);
	free(link->origin);
	free(link->user_agent);
	free(link->user);
	free(link->role);
	free(link);
}

static char *copy_text(const char *text)
{
	/* A header as long as the server lets it be must not live in every client. */
	return strndup(text ? text : "", 256);
}

int vz_link_open(struct vz_app *app, const struct vz_link_info *info, const struct vz_link_ops *ops,
		 void *data, struct vz_link **ret)
{
	struct vz_link *link = calloc(1, sizeof(*link));

	if (!link)
		return -ENOMEM;
	vz_list_init(&link->in_app);
	vz_list_init(&link->clients);
	link->app = app;
	link->opened_us = vz_app_now(app);
	link->ops = *ops;
	link->data = data;
	link->address = copy_text(info->address);
	link->host = copy_text(info->host);
	link->origin = copy_text(info->origin);
	link->user_agent = copy_text(info->user_agent);
	if (!link->address || !link->host || !link->origin || !link->user_agent ||
	    vz_link_keep_speaker(link, &info->speaker) < 0) {
		link_free(link);
		return -ENOMEM;
	}
	vz_list_add(&app->links, &link->in_app);
	*ret = link;
	return 0;
}

int vz_link_snapshot(struct vz_link *link, const char *renderer_id, struct vz_mods **ret)
{
	struct vz_client *c = renderer_id
				      ? vz_client_find_renderer(link->app, renderer_id)
				      : vz_list_first(&link->clients, struct vz_client, in_link);
	int r;

	/* It may have left, with its mods still in the queue. */
	if (!c || c->link != link)
		return vz_mods_new(ret);
	r = get_snapshot(c, ret);
	if (r < 0)
		return r;
	(void) vz_app_now(link->app);
	vz_note_everything(c, *ret);
	return 0;
}

void vz_link_closed(struct vz_link *link, int64_t now_us)
{
	struct vz_app *app = link->app;
	struct vz_client *c;

	app->now_us = now_us;
	link->is_closing = true;
	while ((c = vz_list_first(&link->clients, struct vz_client, in_link)))
		vz_client_detach(c, now_us);
	link_free(link);
	vz_app_update_deadline(app);
}
