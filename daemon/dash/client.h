/*
 * A client is one browser tab. It outlives its link by the grace time, so that a tab that comes
 * back is the same client. The app keeps them in a table; whoever waits for something keeps the id,
 * never the pointer. Public face in vizyd/dash.h. Thread: loop.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "dash/app.h"
#include "dash/converge.h"
#include "dash/message.h"
#include "dash/table.h"
#include "util/list.h"

struct vz_link;

enum vz_link_kind {
	VZ_LINK_UNKNOWN, /* has not said anything yet */
	VZ_LINK_OWN,	 /* one tab, began with hello */
	VZ_LINK_STOCK,	 /* the stock worker: all tabs of a browser */
};

struct vz_client {
	struct vz_list in_app;	   /* app->clients */
	struct vz_list in_link;	   /* link->clients, while it is online */
	struct vz_list in_offline; /* app->offline, while it is not */
	struct vz_table_node by_id, by_renderer;
	struct vz_app *app;
	struct vz_link *link; /* NULL while offline */
	enum vz_link_kind kind;
	uint64_t id;
	char renderer_id[VZ_RENDERER_ID_MAX + 1];
	char *address, *host, *origin, *user_agent;
	char *user, *role;	    /* NULL: nobody */
	enum vz_role rank;	    /* of a copy, which has no app to ask */
	enum vz_role refused;	    /* what was needed when a call of it was refused last */
	struct json_object *fields; /* NULL: none */
	size_t fields_bytes;
	struct vz_device *device; /* bound to; a copy has a reference */
	char *choice;		  /* the name of the device that it has chosen, or NULL */
	int64_t connected_us;
	int64_t expires_us;	       /* while offline */
	int64_t heard_us;	       /* over the stock worker: when it last said something */
	bool is_called;		       /* over the stock worker: asked whether it is there */
	struct vz_list props_requests; /* what it was asked and has not answered */
	struct vz_converge converge;
};

/* 1 to 64 characters of [A-Za-z0-9._-]: what both forms of the renderer's ids consist of. */
bool vz_renderer_id_check(const char *renderer_id);

/*
 * Adds a client, offline and not announced. Returns 0, -ENOSPC (the table is full of tabs that are
 * online; one that is not makes room) or -ENOMEM.
 */
int vz_client_new(struct vz_app *app, const char *renderer_id, struct vz_client **ret);
/* Tells the listeners, if it was ever online, and removes it. */
void vz_client_free(struct vz_client *client);
struct vz_client *vz_client_find_renderer(struct vz_app *app, const char *renderer_id);

/*
 * Puts @client on @link, taking it from the one that it was on: the newer link wins. Tells the
 * listeners. Returns 0 or -ENOMEM (nothing has changed).
 */
int vz_client_attach(struct vz_client *client, struct vz_link *link);
/* Takes it from its link and starts its grace time. */
void vz_client_detach(struct vz_client *client, int64_t now_us);
/*
 * Whether it may be told shared values: where login is required, only once it is logged in, or when
 * guests may look. @client may be NULL: nobody that we know.
 */
bool vz_app_shares_with(const struct vz_app *app, const struct vz_client *client);
/* A copy of what a callback on a worker thread may ask; no table knows it. Returns 0 or -ENOMEM. */
int vz_client_copy(const struct vz_client *client, struct vz_client **ret);
void vz_client_copy_free(struct vz_client *copy);
/* Removes those whose grace time is over. */
void vz_clients_expire(struct vz_app *app, int64_t now_us);
void vz_clients_free(struct vz_app *app);

/* Of role.c. What it may. */
enum vz_role vz_client_get_rank(const struct vz_client *client);
/* Whether it is that user with that role, NULL being nobody. */
bool vz_client_is_user(const struct vz_client *client, const char *user, const char *role);
/* vz_client_set_user() for who knows it. */
int vz_client_become(struct vz_client *client, const char *user, const char *role);
/* Says who it is without a word to anybody: it is about to be welcomed. Returns 0 or -ENOMEM. */
int vz_client_copy_user(struct vz_client *client, const char *user, const char *role);

/* Of user.c: what programs attach to a client. */
int vz_client_copy_attached(const struct vz_client *from, struct vz_client *to);
void vz_client_free_attached(struct vz_client *client);
/* Tells the listeners. */
void vz_client_tell(struct vz_client *client, enum vz_client_event event);
