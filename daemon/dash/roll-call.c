#include "dash/roll-call.h"

#include <errno.h>

#include "dash/app-private.h"
#include "dash/client.h"
#include "util/log.h"

#define EVERY_US  30000000
#define ANSWER_US 10000000

void vz_roll_call_expect(struct vz_client *client)
{
	struct vz_app *app = client->app;

	client->heard_us = app->now_us;
	if (app->roll_call_us == INT64_MAX)
		app->roll_call_us = app->now_us + EVERY_US;
}

/* The client is there as long as its questions are. */
static void on_answer(int r, struct json_object *values, void *data)
{
	struct vz_client *client = data;

	client->is_called = false;
	if (r != -ETIMEDOUT)
		return;
	vz_log(DASH, DEBUG, "Client %llu does not answer", (unsigned long long) client->id);
	vz_client_detach(client, client->app->now_us);
}

static void call(struct vz_client *client, int64_t now_us)
{
	if (client->is_called || now_us - client->heard_us < EVERY_US)
		return;
	/* No page has such a component, and says so: that is answer enough. */
	client->is_called = vz_client_get_props(client, VZ_IDS("_vizyd-roll-call.id"), ANSWER_US,
						on_answer, client, NULL) >= 0;
}

void vz_roll_call_tick(struct vz_app *app, int64_t now_us)
{
	struct vz_client *c;

	if (now_us < app->roll_call_us)
		return;
	app->roll_call_us = INT64_MAX;
	vz_list_for_each(c, &app->clients, in_app)
	{
		if (c->kind != VZ_LINK_STOCK || !c->link)
			continue;
		app->roll_call_us = now_us + EVERY_US;
		call(c, now_us);
	}
}
