#include "dash/answer.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dash/app-private.h"
#include "dash/client.h"
#include "dash/http.h"
#include "dash/link.h"
#include "dash/mods.h"

void vz_requester_move(struct vz_requester *to, struct vz_requester *from)
{
	*to = *from;
	if (to->http)
		vz_http_call_set_requester(to->http, to);
	from->kind = VZ_REQUESTER_NONE;
	from->http = NULL;
	/* A call has its own. */
	to->user = NULL;
}

bool vz_requester_wants_values(struct vz_app *app, const struct vz_requester *requester)
{
	const struct vz_client *client = vz_app_find_client(app, requester->client_id);

	if (requester->kind == VZ_REQUESTER_HTTP)
		return requester->role >= VZ_ROLE_VIEWER;
	if (!vz_app_shares_with(app, client))
		return false;
	return requester->kind == VZ_REQUESTER_LINK && client && client->kind == VZ_LINK_STOCK;
}

static void answer(struct vz_app *app, struct vz_requester *requester, const struct vz_reply *reply,
		   unsigned status)
{
	enum vz_requester_kind kind = requester->kind;
	struct vz_http_call *http = requester->http;
	struct vz_client *client;

	/* Emptied first: no way leads to a second answer. */
	requester->kind = VZ_REQUESTER_NONE;
	requester->http = NULL;
	if (kind == VZ_REQUESTER_HTTP)
		vz_http_call_answer(http, status, reply, requester->headers);
	if (kind != VZ_REQUESTER_LINK)
		return;
	client = vz_app_find_client(app, requester->client_id);
	if (client && client->link)
		vz_link_reply(client->link, client->renderer_id, requester->request_id, reply);
}

void vz_answer_values(struct vz_app *app, struct vz_requester *requester,
		      const struct vz_mods *response)
{
	const struct vz_reply reply = { .status = VZ_REPLY_OK, .response = response };

	answer(app, requester, &reply, 200);
}

void vz_answer_prevent(struct vz_app *app, struct vz_requester *requester)
{
	const struct vz_reply reply = { .status = VZ_REPLY_PREVENT_UPDATE };

	answer(app, requester, &reply, 204);
}

void vz_answer_error(struct vz_app *app, struct vz_requester *requester, int r, const char *format,
		     ...)
{
	char text[512];
	const struct vz_reply reply = { .status = VZ_REPLY_ERROR, .message = text };
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	answer(app, requester, &reply, r == -EINVAL ? 400 : r == -EACCES ? 403 : 500);
}

void vz_describe_misfit(char *text, size_t size, int r, const char *bad)
{
	if (r == -ENOMEM)
		snprintf(text, size, "out of memory");
	else if (r == -ENOENT)
		snprintf(text, size, "the layout has no component '%.64s'", bad ? bad : "");
	else if (r == -EEXIST)
		snprintf(text, size, "a new component in '%.64s' has an id that is taken",
			 bad ? bad : "");
	else
		snprintf(text, size, "a value does not fit component '%.64s'", bad ? bad : "");
}
