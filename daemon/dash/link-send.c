/*
 * What goes out over a link.
 */
#include "dash/app-private.h"
#include "dash/link.h"
#include "dash/message.h"
#include "dash/mods.h"
#include "util/blob.h"

void vz_link_close(struct vz_link *link, unsigned code, const char *reason)
{
	if (link->is_closing)
		return;
	link->is_closing = true;
	link->ops.close(link->data, (uint16_t) code, reason);
}

void vz_link_send(struct vz_link *link, int r, struct vz_blob *blob)
{
	VZ_CLEANUP(vz_blob_unrefp) struct vz_blob *owned = r < 0 ? NULL : blob;

	/* A message that must arrive and cannot be made: the tab starts anew on another socket. */
	if (r < 0)
		vz_link_close(link, VZ_CLOSE_OUT_OF_MEMORY, "out of memory");
	if (r < 0 || link->is_closing)
		return;
	link->app->counters.messages_out++;
	link->ops.send(link->data, owned);
}

void vz_link_reply(struct vz_link *link, const char *renderer_id, const char *request_id,
		   const struct vz_reply *reply)
{
	struct vz_blob *blob = NULL;
	int r = vz_message_encode_reply(renderer_id, request_id, reply, &blob);

	vz_link_send(link, r, blob);
}

void vz_link_send_error(struct vz_link *link, const char *renderer_id, const char *text)
{
	struct vz_blob *blob = NULL;
	int r = vz_message_encode_error(renderer_id, text, 0, &blob);

	vz_link_send(link, r, blob);
}

void vz_client_send_error(struct vz_client *client, const char *text)
{
	if (client->link)
		vz_link_send_error(client->link, client->renderer_id, text);
}

void vz_client_send_mods(struct vz_client *client, struct vz_mods *mods)
{
	struct vz_link *link = client->link;

	if (!link || link->is_closing || vz_mods_is_empty(mods))
		return;
	link->app->counters.messages_out++;
	link->ops.send_mods(link->data, client->kind == VZ_LINK_OWN ? NULL : client->renderer_id,
			    mods);
}

void vz_link_send_choice(struct vz_link *link, const char *choice)
{
	struct vz_blob *blob = NULL;
	int r = vz_message_encode_device(choice, &blob);

	vz_link_send(link, r, blob);
}

void vz_links_send_reload(struct vz_app *app)
{
	struct vz_link *link;

	vz_list_for_each(link, &app->links, in_app) if (link->kind == VZ_LINK_OWN)
	{
		struct vz_blob *blob = NULL;
		int r = vz_message_encode_reload(&blob);

		vz_link_send(link, r, blob);
	}
}
