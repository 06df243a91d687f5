/*
 * The server: the page, Dash's routes, the websockets and the videos, on libwebsockets. It knows
 * the app (what to answer) and pictures (blobs handed to it); it does not know the cameras:
 * daemon.c connects the two.
 *
 * Thread: loop.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"
#include "util/cleanup.h"
#include "vizyd/role.h"

struct vz_app;
struct vz_blob;
struct vz_exchange;
struct vz_loop;
struct vz_server;
struct vz_users;
struct vz_video;

/* What the main camera is called in `?camera=NAME`, where it need not be said. */
#define VZ_MAIN_CAMERA "main"

struct vz_server_options {
	/* "127.0.0.1:8080", "0.0.0.0:80", "[::]:80", ":8080" (all addresses); port 0 picks one. */
	const char *const *listen; /* NULL-terminated; at least one, or NULL with sockets */
	/* Descriptors that listen already, from the service manager. They become the server's; when
	 * it does not start, those that it did not come to stay open. */
	int first_socket;
	unsigned n_sockets;
	const char *ui_dir; /* what ui/build.mjs made */
	const char *title;  /* of the page */
	/* The path under which everything is served: begins and ends with '/', and has nothing that
	 * an address or a header would escape. NULL: "/". */
	const char *prefix;
	/* Origins beside the page's own that may open a websocket, "http://host:port";
	 * NULL-terminated or NULL. */
	const char *const *allowed_origins;
	/*
	 * Who may in, borrowed for the server's life. One has to log in unless every address that
	 * is served is this machine's own (127.0.0.0/8, ::1), or at any rate with @login_always.
	 * NULL: never.
	 */
	struct vz_users *users;
	bool login_always;
	size_t max_message_bytes;	      /* of a websocket message or POST body; 0: 16 MiB */
	unsigned max_connections;	      /* 0: from the descriptor limit */
	unsigned max_connections_per_address; /* 0: 64 */

	/*
	 * Somebody began or ceased to watch: @n_watchers of the main camera. A snapshot counts
	 * while it waits.
	 */
	void (*watchers_changed)(unsigned n_watchers, void *data);
	/* Appends the daemon's part of /status: `,"camera":{…}` and so on, each with its comma. */
	void (*status)(struct vz_buf *buf, void *data);
	void *data;
};

struct vz_server_counters {
	uint64_t http_requests, websockets, refused;
	uint64_t bytes_out;
	uint64_t coalesced; /* mods that a newer value replaced while they waited */
	uint64_t video_sent, video_dropped;
	uint64_t slow_closed; /* clients closed because they took nothing for 30 s */
};

/*
 * Binds every address, or none: returns 0, -EINVAL (an address is malformed), -EADDRINUSE,
 * -EPROTOTYPE (a socket is none that listens for TCP), -ENOENT (no ui in ui_dir), …; @ret_error,
 * when not NULL, gets a sentence for a person, to free().
 */
int vz_server_new(struct vz_loop *loop, struct vz_app *app, const struct vz_server_options *options,
		  char **ret_error, struct vz_server **ret);
/* Closes every connection; answers of the app that are queued are flushed for up to 500 ms first.
 */
struct vz_server *vz_server_free(struct vz_server *server);
VZ_DEFINE_CLEANUP(vz_server_free, struct vz_server *, vz_server_free)

/*
 * Takes over from @options what may change while it serves: listen, title, allowed_origins and
 * max_connections_per_address; connections stay. Returns 0, or a negative errno with a sentence in
 * *@ret_error (to free()): then nothing has changed.
 */
int vz_server_reconfigure(struct vz_server *server, const struct vz_server_options *options,
			  char **ret_error);
/* The address that was bound, "http://127.0.0.1:40913", borrowed; NULL past the last. */
const char *vz_server_get_url(const struct vz_server *server, unsigned index);
/*
 * One more camera, which is `?camera=@name` of the video's addresses; its pictures and its state
 * are given by the functions of server/video.h. The server has it until it is removed. Returns 0,
 * -EINVAL (not a name, see vz_video_new()), -EEXIST or -ENOMEM.
 */
int vz_server_add_video(struct vz_server *server, const char *name,
			void (*watchers_changed)(unsigned n_watchers, void *data), void *data,
			struct vz_video **ret);
/* Who watches is sent away, and told why. Takes NULL; returns NULL. */
struct vz_video *vz_server_remove_video(struct vz_server *server, struct vz_video *video);
/* Gives a new picture of the main camera to everybody who watches. Borrows @jpeg. */
void vz_server_put_picture(struct vz_server *server, struct vz_blob *jpeg);
/* Tells the watchers the main camera's state ("live", "stopped", "lost", "ended") and a line for a
 * person. */
void vz_server_set_camera_state(struct vz_server *server, const char *state, const char *text);
/* A folder with scripts and styles for the page; @name is part of their address. */
struct vz_asset_dir {
	const char *name, *path;
};
/*
 * Puts these folders, ended by one without a name, in the place of all before: their .js and .css
 * are part of pages that load from now on, in this order. One that is not there adds nothing; one
 * that cannot be read is logged and left out. Returns 0 or -ENOMEM, and then nothing has changed.
 */
int vz_server_set_assets(struct vz_server *server, const struct vz_asset_dir *dirs);

/*
 * Addresses that somebody else answers (server/exchange.h has the means): all that begin with
 * @path, which begins and ends with '/' and stays the caller's. @rest is what comes behind it.
 */
struct vz_mount {
	const char *path;
	/* Answers a GET or HEAD, at once or later. */
	void (*get)(struct vz_exchange *exchange, const char *rest, void *data);
	/* A POST with a body of at most max_body_bytes: answers, or takes the body with
	 * vz_exchange_take_body(). NULL: there is none. */
	void (*post)(struct vz_exchange *exchange, const char *rest, void *data);
	uint64_t max_body_bytes;
	/* The least role for the one and for the other; 0 is VZ_ROLE_VIEWER, and VZ_ROLE_USER to
	 * post. */
	enum vz_role needs, needs_to_post;
	void *data;
};
/* Until the server is freed. Returns 0 or -ENOMEM. */
int vz_server_mount(struct vz_server *server, const struct vz_mount *mount);
/* Whether one has to log in. */
bool vz_server_is_login_required(const struct vz_server *server);
const struct vz_server_counters *vz_server_get_counters(const struct vz_server *server);
