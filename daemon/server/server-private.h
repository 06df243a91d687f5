/*
 * The server's parts among themselves. Thread: loop.
 */
#pragma once

#include <libwebsockets.h>

#include "loop/loop.h"
#include "server/peers.h"
#include "server/server.h"
#include "util/list.h"

struct vz_assets;
struct vz_conn;
struct vz_listener;
struct vz_suites;
struct vz_users;
struct vz_users_listener;
struct vz_video;

struct vz_server {
	struct vz_loop *loop;
	struct vz_app *app;
	struct lws_vhost *vhost;
	struct vz_suites *suites;
	struct vz_assets *assets; /* NULL: none */
	struct vz_list videos;
	struct vz_list mounts;
	struct vz_video *video; /* the first of them: the main camera's */
	char refusal[256];	/* of asked-video.c */
	struct vz_server_counters counters;

	/* Of gate.c. */
	struct vz_users *users; /* NULL: nobody ever has to log in */
	struct vz_users_listener *users_listener;
	bool login_always, is_gated;
	int64_t started_us;

	/* Copies of the options. */
	char *title;
	char *prefix;  /* "/" or "/…/" */
	char *machine; /* host name */
	char **allowed_origins;
	size_t max_message_bytes;
	unsigned max_connections;
	void (*status)(struct vz_buf *buf, void *data);
	void *status_data;

	struct vz_list listeners;
	struct vz_list conns;
	unsigned n_conns;
	struct vz_peers peers;
	/* Connections that wait for their socket, who waits longest first; and who looks after
	 * them. */
	struct vz_list waiting;
	struct vz_timer *waiting_timer;
	bool is_closing;
};

/* reconfigure.c: copies of a NULL-terminated list, NULL being an empty one; 0 or -ENOMEM. */
int vz_origins_copy(const char *const *origins, char ***ret);
char **vz_origins_free(char **origins);
unsigned vz_server_per_address(const struct vz_server_options *options);

/* The one callback of the vhost's protocol. */
int vz_server_on_lws(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
		     size_t size);
