#include "dash/props-request.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dash/app-private.h"
#include "dash/client.h"
#include "dash/component.h"
#include "dash/link.h"
#include "dash/message.h"
#include "util/blob.h"
#include "util/json.h"

#define DEFAULT_TIMEOUT_US 30000000
/* Unanswered ones of a client. */
#define MAX_REQUESTS 32

/* One component, which is one message. */
struct part {
	char *id;
	char **properties; /* ended by NULL */
	unsigned n_properties;
	bool is_answered;
};

struct vz_props_request {
	struct vz_list in_client; /* client->props_requests */
	struct vz_list in_app;	  /* app->props_requests, the next to expire first */
	struct vz_app *app;
	struct vz_client *client;
	uint64_t number;
	int64_t due_us;
	vz_props_fn *fn;
	void *data;
	struct part *parts;
	unsigned n_parts, n_missing;
	struct json_object *values;
};

static void request_free(struct vz_props_request *q)
{
	unsigned i, j;

	vz_list_remove(&q->in_client);
	vz_list_remove(&q->in_app);
	for (i = 0; q->parts && i < q->n_parts; i++) {
		for (j = 0; q->parts[i].properties && j < q->parts[i].n_properties; j++)
			free(q->parts[i].properties[j]);
		free(q->parts[i].properties);
		free(q->parts[i].id);
	}
	free(q->parts);
	json_object_put(q->values);
	free(q);
}

static void request_freep(struct vz_props_request **q)
{
	if (*q)
		request_free(*q);
}

/* Out of every list before its function runs, which may do anything. */
static void end(struct vz_props_request *q, int r)
{
	vz_list_remove(&q->in_client);
	vz_list_remove(&q->in_app);
	q->fn(r, r < 0 ? NULL : q->values, q->data);
	request_free(q);
}

struct vz_props_request *vz_props_request_free(struct vz_props_request *request)
{
	if (request)
		request_free(request);
	return NULL;
}

/* --- Asking ---------------------------------------------------------------------------------- */

static struct part *find_part(struct vz_props_request *q, const char *id)
{
	unsigned i;

	for (i = 0; i < q->n_parts; i++)
		if (!strcmp(q->parts[i].id, id))
			return &q->parts[i];
	return NULL;
}

/* There is room for as many of everything as there are properties. */
static int add_property(struct vz_props_request *q, const char *text, unsigned n_all)
{
	VZ_CLEANUP(vz_freep) char *id = NULL;
	VZ_CLEANUP(vz_freep) char *property = NULL;
	struct part *part;
	int r;

	r = vz_component_split(text, &id, &property);
	if (r < 0)
		return r;
	if (!*id || !*property)
		return -EINVAL;
	part = find_part(q, id);
	if (!part) {
		part = &q->parts[q->n_parts];
		part->properties = calloc(n_all + 1, sizeof(*part->properties));
		if (!part->properties)
			return -ENOMEM;
		part->id = vz_steal(id);
		q->n_parts++;
	}
	part->properties[part->n_properties++] = vz_steal(property);
	return 0;
}

static int read_properties(struct vz_props_request *q, const char *const *properties)
{
	unsigned i, n = 0;
	int r = 0;

	while (properties && properties[n])
		n++;
	if (!n || n > VZ_MAX_INPUTS)
		return -EINVAL;
	q->parts = calloc(n, sizeof(*q->parts));
	q->values = json_object_new_object();
	if (!q->parts || !q->values)
		return -ENOMEM;
	for (i = 0; r >= 0 && i < n; i++)
		r = add_property(q, properties[i], n);
	q->n_missing = q->n_parts;
	return r;
}

static void name_part(char *text, size_t size, const struct vz_props_request *q, unsigned part)
{
	snprintf(text, size, "props-%" PRIu64 "-%u", q->number, part);
}

/* All are made before the first is sent: an answer to half a question would help nobody. */
static int send_parts(const struct vz_props_request *q)
{
	VZ_CLEANUP(vz_freep) struct vz_blob **blobs = calloc(q->n_parts, sizeof(*blobs));
	char request_id[VZ_REQUEST_ID_MAX + 1];
	unsigned i, n = 0;
	int r = blobs ? 0 : -ENOMEM;

	for (i = 0; r >= 0 && i < q->n_parts; i++) {
		name_part(request_id, sizeof(request_id), q, i);
		r = vz_message_encode_get_props(q->client->renderer_id, request_id, q->parts[i].id,
						(const char *const *) q->parts[i].properties,
						&blobs[i]);
		n += r >= 0;
	}
	for (i = 0; i < n; i++)
		if (r >= 0)
			vz_link_send(q->client->link, 0, blobs[i]);
		else
			vz_blob_unref(blobs[i]);
	return r;
}

static unsigned count_requests(const struct vz_client *client)
{
	const struct vz_props_request *q;
	unsigned n = 0;

	vz_list_for_each(q, &client->props_requests, in_client) n++;
	return n;
}

static void enlist(struct vz_props_request *q)
{
	struct vz_props_request *at;
	struct vz_list *before = &q->app->props_requests;

	vz_list_for_each(at, &q->app->props_requests, in_app) if (at->due_us > q->due_us)
	{
		before = &at->in_app;
		break;
	}
	vz_list_add(before, &q->in_app);
	vz_list_add(&q->client->props_requests, &q->in_client);
}

int vz_client_get_props(struct vz_client *client, const char *const *properties, int64_t timeout_us,
			vz_props_fn *fn, void *data, struct vz_props_request **ret)
{
	VZ_CLEANUP(request_freep) struct vz_props_request *q = NULL;
	int r;

	if (!client->app || !fn)
		return -EINVAL;
	if (client->app->is_stopping)
		return -ESHUTDOWN;
	if (!client->link || client->link->is_closing)
		return -ENOTCONN;
	if (count_requests(client) >= MAX_REQUESTS)
		return -EBUSY;
	q = calloc(1, sizeof(*q));
	if (!q)
		return -ENOMEM;
	vz_list_init(&q->in_client);
	vz_list_init(&q->in_app);
	q->app = client->app;
	q->client = client;
	q->number = ++q->app->last_props_request;
	q->due_us = vz_app_now(q->app) + (timeout_us > 0 ? timeout_us : DEFAULT_TIMEOUT_US);
	q->fn = fn;
	q->data = data;
	r = read_properties(q, properties);
	if (r >= 0)
		r = send_parts(q);
	if (r < 0)
		return r;
	enlist(q);
	vz_app_update_deadline(q->app);
	if (ret)
		*ret = q;
	q = NULL;
	return 0;
}

/* --- The answer ------------------------------------------------------------------------------ */

static struct vz_props_request *find_asked(struct vz_client *client, const char *request_id,
					   unsigned *ret_part)
{
	struct vz_props_request *q;
	uint64_t number;
	unsigned part;
	char text[VZ_REQUEST_ID_MAX + 1];

	if (sscanf(request_id, "props-%" SCNu64 "-%u", &number, &part) != 2)
		return NULL;
	vz_list_for_each(q, &client->props_requests, in_client)
	{
		if (q->number != number || part >= q->n_parts || q->parts[part].is_answered)
			continue;
		name_part(text, sizeof(text), q, part);
		*ret_part = part;
		return strcmp(text, request_id) ? NULL : q;
	}
	return NULL;
}

/* What we asked for and nothing else: the answer comes from a stranger. */
static int take_values(struct vz_props_request *q, const struct part *part,
		       struct json_object *payload)
{
	struct json_object *values = json_object_new_object(), *value;
	unsigned i;
	int r = 0;

	if (!values)
		return -ENOMEM;
	for (i = 0; r >= 0 && i < part->n_properties; i++)
		if (json_object_object_get_ex(payload, part->properties[i], &value)) {
			r = json_object_object_add(values, part->properties[i],
						   json_object_get(value));
			if (r < 0)
				json_object_put(value);
		}
	if (r >= 0)
		r = json_object_object_add(q->values, part->id, values);
	if (r < 0)
		json_object_put(values);
	return r < 0 ? -ENOMEM : 0;
}

void vz_props_requests_receive(struct vz_client *client, const struct vz_message *message)
{
	struct vz_props_request *q;
	unsigned part;
	int r;

	q = find_asked(client, message->request_id, &part);
	if (!q)
		return;
	q->parts[part].is_answered = true;
	r = take_values(q, &q->parts[part], message->payload);
	if (r < 0 || !--q->n_missing)
		end(q, r);
}

void vz_props_requests_end(struct vz_client *client, int r)
{
	struct vz_list ended = VZ_LIST_INIT(ended);
	struct vz_props_request *q;

	/* What a function asks the client now is another matter. */
	while ((q = vz_list_first(&client->props_requests, struct vz_props_request, in_client))) {
		vz_list_remove(&q->in_client);
		vz_list_add(&ended, &q->in_client);
	}
	while ((q = vz_list_first(&ended, struct vz_props_request, in_client)))
		end(q, r);
}

void vz_props_requests_expire(struct vz_app *app, int64_t now_us)
{
	struct vz_props_request *q;

	while ((q = vz_list_first(&app->props_requests, struct vz_props_request, in_app)) &&
	       q->due_us <= now_us)
		end(q, -ETIMEDOUT);
}

void vz_props_requests_stop(struct vz_app *app)
{
	struct vz_props_request *q;

	while ((q = vz_list_first(&app->props_requests, struct vz_props_request, in_app)))
		end(q, -ESHUTDOWN);
}

int64_t vz_props_requests_next_us(const struct vz_app *app)
{
	const struct vz_props_request *q =
		vz_list_first(&app->props_requests, struct vz_props_request, in_app);

	return q ? q->due_us : INT64_MAX;
}
