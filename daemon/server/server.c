#include "server/server.h"

#include <errno.h>
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "loop/loop-lws.h"
#include "server/conn.h"
#include "server/gate.h"
#include "server/http.h"
#include "server/listen.h"
#include "server/mount.h"
#include "server/server-private.h"
#include "server/assets.h"
#include "server/suites.h"
#include "server/video.h"
#include "util/log.h"

#define DEFAULT_MESSAGE_BYTES (16 * 1024 * 1024)
#define MAX_CONNECTIONS	      4096
#define SHUT_DOWN_US	      500000
#define KEEP_ALIVE_S	      30
#define HEADERS_S	      10
/* Of a descriptor limit, for the camera, GPIO, files and plugins. */
#define RESERVED_FDS 64

/* --- lws ------------------------------------------------------------------------------------- */

/* A refusal on the socket itself, because the connection has no HTTP yet. */
static int on_new(struct vz_server *server, struct lws *wsi)
{
	struct vz_conn *conn;

	if (server->is_closing)
		return VZ_CONN_CLOSE;
	if (vz_conn_new(server, wsi, &conn) < 0) {
		vz_listen_refuse(server, lws_get_socket_fd(wsi));
		return VZ_CONN_CLOSE;
	}
	lws_set_opaque_user_data(wsi, conn);
	return 0;
}

static int on_established(struct vz_conn *conn)
{
	conn->server->counters.websockets++;
	return conn->upgrade && conn->upgrade(conn) >= 0 ? 0 : VZ_CONN_CLOSE;
}

static int dispatch(struct vz_conn *conn, enum lws_callback_reasons reason, void *in, size_t size)
{
	const struct vz_conn_ops *ops = conn->ops;

	switch (reason) {
	case LWS_CALLBACK_HTTP:
		return vz_http_on_request(conn);
	case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
		return vz_http_on_upgrade(conn);
	case LWS_CALLBACK_ESTABLISHED:
		return on_established(conn);
	case LWS_CALLBACK_RECEIVE:
	case LWS_CALLBACK_HTTP_BODY:
		return ops && ops->receive ? ops->receive(conn, in, size) : 0;
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
		return ops && ops->complete ? ops->complete(conn) : 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
	case LWS_CALLBACK_HTTP_WRITEABLE:
		return vz_conn_on_writable(conn);
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
	case LWS_CALLBACK_CLOSED:
	case LWS_CALLBACK_CLOSED_HTTP:
	case LWS_CALLBACK_RAW_CLOSE:
		vz_conn_leave(conn);
		return 0;
	case LWS_CALLBACK_RAW_RX:
		return vz_http_on_garbage(conn);
	default:
		return 0;
	}
}

int vz_server_on_lws(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
		     size_t size)
{
	struct vz_conn *conn;
	int r;

	/* Callbacks about the vhost itself have no connection. */
	if (reason == LWS_CALLBACK_PROTOCOL_INIT || reason == LWS_CALLBACK_PROTOCOL_DESTROY || !wsi)
		return 0;
	if (reason == LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED)
		return on_new(lws_vhost_user(lws_get_vhost(wsi)), wsi);
	conn = lws_get_opaque_user_data(wsi);
	if (!conn)
		return 0;
	if (reason == LWS_CALLBACK_WSI_DESTROY) {
		lws_set_opaque_user_data(wsi, vz_conn_free(conn));
		return 0;
	}
	r = dispatch(conn, reason, in, size);
	/*
	 * lws may keep a connection that we close for seconds, for the other side's part of
	 * the good-bye. For us it has ended.
	 */
	if (r == VZ_CONN_CLOSE)
		vz_conn_leave(conn);
	return r;
}

/* --- Making ---------------------------------------------------------------------------------- */

static int make_vhost(struct vz_server *server)
{
	static const struct lws_protocols protocols[] = {
		{
			.name = "vizyd",
			.callback = vz_server_on_lws,
			/*
			 * What one connection keeps for receiving, and what one send() carries: an
			 * idle client must cost little, and a large message must not go out in
			 * small pieces.
			 */
			.rx_buffer_size = 4096,
			.tx_packet_size = 16 * 1024 * 1024,
		},
		{ 0 },
	};
	/* A browser that has gone without a word, or stands still, is noticed within half a minute.
	 */
	static const lws_retry_bo_t liveness = {
		.secs_since_valid_ping = 15,
		.secs_since_valid_hangup = 30,
	};
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN_SERVER,
		.vhost_name = "vizyd",
		/* What is not HTTP becomes a raw connection, and so gets an answer of ours. */
		.options = LWS_SERVER_OPTION_FALLBACK_TO_APPLY_LISTEN_ACCEPT_CONFIG,
		.protocols = protocols,
		.user = server,
		.keepalive_timeout = KEEP_ALIVE_S,
		.timeout_secs_ah_idle = HEADERS_S,
		.retry_and_idle_policy = &liveness,
		/* Not h2: its implementation in 4.1 has known faults, and nothing here needs it. */
		.alpn = "http/1.1",
	};

	server->vhost = lws_create_vhost(vz_loop_get_lws(server->loop), &info);
	return server->vhost ? 0 : -ENOMEM;
}

static unsigned choose_max_connections(unsigned asked)
{
	struct rlimit limit;
	unsigned max = MAX_CONNECTIONS;

	/* accept() must never be the one to find out that there are no descriptors left. */
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < max + RESERVED_FDS)
		max = limit.rlim_cur > 2 * RESERVED_FDS ? (unsigned) limit.rlim_cur - RESERVED_FDS
							: (unsigned) limit.rlim_cur / 2;
	return asked && asked < max ? asked : max;
}

static int copy_options(struct vz_server *server, const struct vz_server_options *options)
{
	char machine[256] = "";

	server->max_message_bytes =
		options->max_message_bytes ? options->max_message_bytes : DEFAULT_MESSAGE_BYTES;
	server->max_connections = choose_max_connections(options->max_connections);
	vz_peers_init(&server->peers, vz_server_per_address(options));
	server->users = options->users;
	server->login_always = options->login_always;
	server->status = options->status;
	server->status_data = options->data;

	(void) gethostname(machine, sizeof(machine) - 1);
	server->machine = strdup(machine);
	server->title = strdup(options->title ? options->title : "Dash");
	server->prefix = strdup(options->prefix ? options->prefix : "/");
	if (!server->machine || !server->title || !server->prefix)
		return -ENOMEM;
	return vz_origins_copy(options->allowed_origins, &server->allowed_origins);
}

static int listen_all(struct vz_server *server, const char *const *where, char **ret_error)
{
	int r = -EINVAL;

	for (; *where; where++) {
		r = vz_listen_add(server, *where);
		if (r < 0) {
			if (ret_error &&
			    asprintf(ret_error, "%s: %s", *where,
				     r == -EINVAL ? "not ADDRESS:PORT" : strerror(-r)) < 0)
				*ret_error = NULL;
			return r;
		}
	}
	return r;
}

static int adopt_all(struct vz_server *server, int fd, unsigned n, char **ret_error)
{
	int r = 0;

	for (; n > 0 && r == 0; n--, fd++) {
		r = vz_listen_adopt(server, fd);
		if (r < 0 && ret_error &&
		    asprintf(ret_error, "socket %d of the service manager: %s", fd,
			     r == -EPROTOTYPE ? "not one that listens for TCP" : strerror(-r)) < 0)
			*ret_error = NULL;
	}
	return r;
}

static void on_waiting(void *data)
{
	vz_conn_check_waiting(data);
}

int vz_server_new(struct vz_loop *loop, struct vz_app *app, const struct vz_server_options *options,
		  char **ret_error, struct vz_server **ret)
{
	VZ_CLEANUP(vz_server_freep) struct vz_server *server = calloc(1, sizeof(*server));
	int r;

	if (!server)
		return -ENOMEM;
	server->loop = loop;
	server->app = app;
	server->started_us = vz_loop_now_us(loop);
	vz_list_init(&server->listeners);
	vz_list_init(&server->conns);
	vz_list_init(&server->waiting);
	vz_list_init(&server->videos);
	vz_list_init(&server->mounts);
	if (ret_error)
		*ret_error = NULL;

	r = copy_options(server, options);
	if (r >= 0)
		r = vz_suites_load(options->ui_dir, ret_error, &server->suites);
	if (r >= 0)
		r = vz_server_add_video(server, VZ_MAIN_CAMERA, options->watchers_changed,
					options->data, &server->video);
	if (r >= 0)
		r = vz_timer_new(loop, on_waiting, server, &server->waiting_timer);
	if (r >= 0)
		r = make_vhost(server);
	if (r >= 0)
		r = adopt_all(server, options->first_socket, options->n_sockets, ret_error);
	if (r >= 0 && options->listen)
		r = listen_all(server, options->listen, ret_error);
	if (r >= 0)
		r = vz_gate_init(server);
	if (r < 0)
		return r;
	*ret = vz_steal(server);
	return 0;
}

/* --- Taking apart ---------------------------------------------------------------------------- */

static void kill_all(struct vz_server *server, int how)
{
	struct vz_conn *conn, *tmp;

	vz_list_for_each_safe(conn, tmp, &server->conns, in_conns)
		lws_set_timeout(conn->wsi, PENDING_TIMEOUT_CLOSE_SEND, how);
}

static void on_too_long(void *data)
{
	*(bool *) data = true;
}

/* What waits goes out, then each hears that we go. Returns when all have gone, or after 500 ms. */
static void shut_down(struct vz_server *server)
{
	struct lws_context *context = vz_loop_get_lws(server->loop);
	struct vz_conn *conn, *tmp;
	struct vz_timer *timer = NULL;
	bool too_long = false;

	if (server->n_conns == 0)
		return;
	if (vz_timer_new(server->loop, on_too_long, &too_long, &timer) < 0)
		return;
	vz_timer_start(timer, SHUT_DOWN_US);
	vz_list_for_each_safe(conn, tmp, &server->conns, in_conns)
	{
		if (conn->ops)
			conn->ops->shut_down(conn);
		else
			lws_set_timeout(conn->wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_ASYNC);
	}
	while (server->n_conns > 0 && !too_long && lws_service(context, 0) >= 0)
		;
	vz_timer_free(timer);
}

struct vz_server *vz_server_free(struct vz_server *server)
{
	struct vz_video *video;

	if (!server)
		return NULL;
	server->is_closing = true;
	vz_listen_stop(server);
	if (server->vhost) {
		shut_down(server);
		/* Twice: the first makes lws flush, or wait for the other side; the second does
		 * not. */
		kill_all(server, LWS_TO_KILL_SYNC);
		kill_all(server, LWS_TO_KILL_SYNC);
		lws_vhost_destroy(server->vhost);
	}
	vz_gate_deinit(server);
	vz_timer_free(server->waiting_timer);
	while ((video = vz_video_next(&server->videos, NULL)))
		vz_video_free(video);
	vz_mounts_deinit(server);
	vz_suites_free(server->suites);
	vz_assets_free(server->assets);
	vz_peers_deinit(&server->peers);
	vz_origins_free(server->allowed_origins);
	free(server->machine);
	free(server->title);
	free(server->prefix);
	free(server);
	return NULL;
}

/* --- The rest of the face -------------------------------------------------------------------- */

const char *vz_server_get_url(const struct vz_server *server, unsigned index)
{
	return vz_listen_get_url(server, index);
}

int vz_server_add_video(struct vz_server *server, const char *name,
			void (*watchers_changed)(unsigned n_watchers, void *data), void *data,
			struct vz_video **ret)
{
	struct vz_video *video;
	int r;

	if (vz_video_find(&server->videos, name))
		return -EEXIST;
	r = vz_video_new(server->loop, name, watchers_changed, data, &video);
	if (r < 0)
		return r;
	vz_video_add(&server->videos, video);
	*ret = video;
	return 0;
}

struct vz_video *vz_server_remove_video(struct vz_server *server, struct vz_video *video)
{
	return vz_video_free(video);
}

void vz_server_put_picture(struct vz_server *server, struct vz_blob *jpeg)
{
	vz_video_put(server->video, jpeg);
}

void vz_server_set_camera_state(struct vz_server *server, const char *state, const char *text)
{
	vz_video_set_state(server->video, state, text);
}

bool vz_server_is_login_required(const struct vz_server *server)
{
	return server->is_gated;
}

const struct vz_server_counters *vz_server_get_counters(const struct vz_server *server)
{
	return &server->counters;
}

int vz_server_set_assets(struct vz_server *server, const struct vz_asset_dir *dirs)
{
	VZ_CLEANUP(vz_assets_freep) struct vz_assets *assets = NULL;
	int r;

	r = vz_assets_new(&assets);
	for (; r >= 0 && dirs->name; dirs++) {
		VZ_CLEANUP(vz_freep) char *error = NULL;

		r = vz_assets_add(assets, dirs->name, dirs->path, &error);
		if (r < 0 && r != -ENOMEM) {
			vz_log(SERVER, WARNING, "The assets of '%s' are left out: %s", dirs->name,
			       error ?: strerror(-r));
			r = 0;
		}
	}
	if (r < 0)
		return r;
	vz_assets_free(server->assets);
	server->assets = vz_steal(assets);
	return 0;
}
