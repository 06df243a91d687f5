#include "dash/http.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dash/answer.h"
#include "dash/app-private.h"
#include "dash/client.h"
#include "dash/dispatch.h"
#include "dash/message.h"
#include "util/blob.h"

struct vz_http_call {
	vz_http_reply_fn *fn;
	void *data;
	struct vz_requester *requester;
	bool is_receiving; /* no handle has been given out yet */
	bool is_answered;
};

void vz_http_call_set_requester(struct vz_http_call *call, struct vz_requester *requester)
{
	call->requester = requester;
}

void vz_http_call_answer(struct vz_http_call *call, unsigned status, const struct vz_reply *reply,
			 const char *headers)
{
	VZ_CLEANUP(vz_blob_unrefp) struct vz_blob *body = NULL;
	int r = 0;

	if (status == 200)
		r = vz_message_encode_reply_http(reply, &body);
	else if (reply->message)
		body = vz_blob_new_copy(reply->message, strlen(reply->message));
	if (r < 0)
		status = 500; /* without a body: there is no memory for one */

	call->is_answered = true;
	call->fn(call->data, status, status < 300 ? headers : NULL, body);
	if (!call->is_receiving)
		free(call);
}

/* Returns what vz_request_decode() does; the error is answered already. */
static int decode(struct vz_app *app, struct vz_requester *requester, const char *body, size_t size,
		  struct vz_request *ret)
{
	struct vz_json_error error = { 0 };
	int r;

	app->counters.messages_in++;
	r = vz_request_decode(body, size, &vz_json_default_limits, &error, ret);
	if (r >= 0)
		return r;
	app->counters.messages_bad++;
	vz_answer_error(app, requester, r == -ENOMEM ? r : -EINVAL, "%s",
			r == -ENOMEM ? "out of memory" : error.text);
	return r;
}

static bool is_same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

/*
 * A name that no link has announced is a stranger's: served, but nobody's tab. So is one that
 * belongs to another user than the session says.
 */
static void identify(struct vz_app *app, const struct vz_http_info *info,
		     struct vz_requester *requester)
{
	const struct vz_speaker *who = &info->speaker;
	const struct vz_client *client;

	client = info->renderer_id ? vz_client_find_renderer(app, info->renderer_id) : NULL;
	if (who->is_known && client && !is_same(client->user, who->user))
		client = NULL;
	requester->client_id = client ? client->id : 0;
	requester->user = who->is_known ? who->user : client ? client->user : NULL;
	requester->role = client && !who->is_known ? vz_client_get_rank(client)
						   : vz_app_judge_role(app, requester->user,
								       who->role, info->address);
}

struct vz_http_call *vz_app_receive_http(struct vz_app *app, const char *body, size_t size,
					 const struct vz_http_info *info, int64_t now_us,
					 vz_http_reply_fn *fn, void *data)
{
	struct vz_requester requester = { .kind = VZ_REQUESTER_HTTP };
	struct vz_request request = { 0 };
	struct vz_http_call *call;

	app->now_us = now_us;
	call = calloc(1, sizeof(*call));
	if (!call) {
		fn(data, 500, NULL, NULL);
		return NULL;
	}
	call->fn = fn;
	call->data = data;
	call->is_receiving = true;
	requester.http = call;
	call->requester = &requester;

	identify(app, info, &requester);
	if (decode(app, &requester, body, size, &request) >= 0) {
		vz_dispatch_request(app, &requester, &request, now_us);
		vz_request_deinit(&request);
	}
	vz_app_update_deadline(app);

	call->is_receiving = false;
	if (!call->is_answered)
		return call;
	free(call);
	return NULL;
}

void vz_app_abandon_http(struct vz_http_call *call)
{
	call->requester->kind = VZ_REQUESTER_NONE;
	call->requester->http = NULL;
	free(call);
}
