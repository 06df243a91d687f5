/*
 * A websocket as the core sees it: who is on the other side, which tabs it carries, and how to
 * send. Our own link carries one tab and began with hello; the stock worker carries every tab of a
 * browser, which are learned from what they ask. Public face in dash/app.h. Thread: loop.
 */
#pragma once

#include "dash/app.h"
#include "dash/client.h"
#include "util/list.h"

struct vz_message;
struct vz_mods;
struct vz_reply;

/* Close codes: the stock worker dials again after any but 1000 and 4001. */
#define VZ_CLOSE_OUT_OF_MEMORY 1011
#define VZ_CLOSE_TRY_LATER     1013
#define VZ_CLOSE_REPLACED      4002

struct vz_link {
	struct vz_list in_app;
	struct vz_app *app;
	struct vz_link_ops ops;
	void *data;
	enum vz_link_kind kind;
	struct vz_list clients;
	int64_t opened_us;
	bool is_closing; /* we asked for it: sends nothing more */
	char *address, *host, *origin, *user_agent;
	bool knows_user; /* the server does: its word counts for every tab */
	char *user, *role;
};

/* Of role.c: copies what the server says of it. Returns 0 or -ENOMEM, and then it is as before. */
int vz_link_keep_speaker(struct vz_link *link, const struct vz_speaker *speaker);
/* Sends @blob (a reference, taken). @r is what encoding it returned: when < 0, closes the link. */
void vz_link_send(struct vz_link *link, int r, struct vz_blob *blob);
void vz_link_close(struct vz_link *link, unsigned code, const char *reason);
void vz_link_reply(struct vz_link *link, const char *renderer_id, const char *request_id,
		   const struct vz_reply *reply);
/* Sends @mods in the form that the client's link takes. */
void vz_client_send_mods(struct vz_client *client, struct vz_mods *mods);
/* Tells the console of the tab of that renderer id, or of a client's. */
void vz_link_send_error(struct vz_link *link, const char *renderer_id, const char *text);
void vz_client_send_error(struct vz_client *client, const char *text);
/* Tells the tab, on our own link, which device it has chosen (NULL: none), to keep when it is
 * loaded anew. */
void vz_link_send_choice(struct vz_link *link, const char *choice);
/* Tells every tab of our own link to load the page anew. */
void vz_links_send_reload(struct vz_app *app);
