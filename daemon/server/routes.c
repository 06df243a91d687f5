#include "server/routes.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "dash/app.h"
#include "server/account.h"
#include "server/asked-video.h"
#include "server/assets.h"
#include "server/conn.h"
#include "server/header.h"
#include "server/exchange.h"
#include "server/gate.h"
#include "server/link.h"
#include "server/mjpeg.h"
#include "server/mount.h"
#include "server/index.h"
#include "server/server-private.h"
#include "server/snapshot.h"
#include "server/status.h"
#include "server/suites.h"
#include "server/video-socket.h"
#include "util/blob.h"
#include "util/json.h"
#include "util/log.h"

#define JSON_TYPE "application/json"

static struct vz_server *server_of(struct vz_exchange *exchange)
{
	return vz_exchange_get_conn(exchange)->server;
}

/* --- JSON of the app ------------------------------------------------------------------------- */

static void answer_app(struct vz_exchange *exchange,
		       int (*encode)(struct vz_app *app, struct vz_blob **ret))
{
	VZ_CLEANUP(vz_blob_unrefp) struct vz_blob *body = NULL;
	int r;

	r = encode(server_of(exchange)->app, &body);
	if (r < 0) {
		(void) vz_log_errno(SERVER, r, "Cannot encode the page");
		vz_exchange_answer_text(exchange, 500, "The page cannot be encoded");
		return;
	}
	vz_exchange_answer(exchange,
			   &(struct vz_answer){ .status = 200, .type = JSON_TYPE, .body = body });
}

static void get_layout(struct vz_exchange *exchange)
{
	answer_app(exchange, vz_app_encode_layout);
}

static void get_dependencies(struct vz_exchange *exchange)
{
	answer_app(exchange, vz_app_encode_dependencies);
}

/* What a stock page polls; it loads itself anew when the hash is another. */
static void get_reload_hash(struct vz_exchange *exchange)
{
	const char *hash = vz_app_layout_hash(server_of(exchange)->app);
	struct vz_buf buf = { 0 };

	vz_buf_puts(&buf, "{\"reloadHash\":");
	vz_json_print_string(&buf, hash, strlen(hash));
	vz_buf_puts(&buf, ",\"hard\":true,\"packages\":[\"dash\"],\"files\":[]}");
	vz_exchange_answer_buf(exchange, JSON_TYPE, NULL, &buf);
}

static void get_status(struct vz_exchange *exchange)
{
	struct vz_buf buf = { 0 };

	if (vz_gate_may(vz_exchange_get_conn(exchange), VZ_ROLE_VIEWER))
		vz_status_write(&buf, server_of(exchange));
	else
		vz_status_write_bare(&buf, server_of(exchange));
	vz_exchange_answer_buf(exchange, JSON_TYPE, NULL, &buf);
}

static void get_socket(struct vz_exchange *exchange)
{
	vz_exchange_answer_text(exchange, 426, "This address is for a websocket");
}

static void get_update(struct vz_exchange *exchange)
{
	vz_exchange_answer(exchange,
			   &(struct vz_answer){ .status = 405, .more = "Allow: POST\r\n" });
}

/* --- The page and its files ------------------------------------------------------------------ */

static void get_page(struct vz_exchange *exchange)
{
	struct vz_server *server = server_of(exchange);
	bool stock = vz_http_query_is(vz_exchange_get_conn(exchange)->wsi, "link", "stock");
	const struct vz_index index = {
		.title = server->title,
		.prefix = server->prefix,
		.layout_hash = vz_app_layout_hash(server->app),
		.scripts = vz_suites_get_scripts(server->suites, stock),
		.styles = vz_suites_get_styles(server->suites),
		.asset_scripts = server->assets ? vz_assets_get_scripts(server->assets) : NULL,
		.asset_styles = server->assets ? vz_assets_get_styles(server->assets) : NULL,
		.worker = vz_suites_get_worker(server->suites, stock),
		.stock = stock,
	};
	struct vz_buf buf = { 0 }, more = { 0 };
	VZ_CLEANUP(vz_freep) char *lines = NULL;
	size_t size;

	vz_buf_puts(&more, "Content-Security-Policy: ");
	vz_index_write_policy(&more, vz_exchange_get_request(exchange)->host_text);
	vz_buf_puts(&more, "\r\n");
	if (vz_buf_finish(&more, &lines, &size) < 0) {
		vz_exchange_answer_text(exchange, 503, "Out of memory");
		return;
	}
	vz_index_write(&buf, &index);
	vz_exchange_answer_buf(exchange, "text/html; charset=utf-8", lines, &buf);
}

static void answer_file(struct vz_exchange *exchange, struct vz_file *file, bool is_exact)
{
	const struct vz_http_request *request = vz_exchange_get_request(exchange);
	bool packed = file->gzip_path && request->accepts_gzip;
	VZ_CLEANUP(vz_blob_unrefp) struct vz_blob *body = NULL;
	char etag[80];
	struct vz_answer answer = {
		.status = 200,
		.type = file->type,
		/* A name with another fingerprint must not stand for this content for ever. */
		.cache = file->immutable && is_exact ? "public, max-age=31536000, immutable"
						     : "no-cache",
		.etag = etag,
		.is_gzip = packed,
		.may_be_gzip = file->gzip_path,
	};
	int r;

	/* Two forms are two entities. */
	(void) snprintf(etag, sizeof(etag), packed ? "\"%s-gz\"" : "\"%s\"", file->etag);
	if (vz_header_matches_etag(request->if_none_match, etag)) {
		answer.status = 304;
		answer.type = NULL;
		answer.is_gzip = false;
		vz_exchange_answer(exchange, &answer);
		return;
	}
	r = vz_suites_read(server_of(exchange)->suites, file, packed, &body);
	if (r < 0) {
		(void) vz_log_errno(SERVER, r, "Cannot read %s",
				    packed ? file->gzip_path : file->path);
		vz_exchange_answer_text(exchange, r == -ENOMEM ? 503 : 404,
					"This file cannot be read");
		return;
	}
	answer.body = body;
	vz_exchange_answer(exchange, &answer);
}

static void get_favicon(struct vz_exchange *exchange)
{
	bool is_exact;
	struct vz_file *icon =
		vz_suites_find(server_of(exchange)->suites, "/_favicon.ico", &is_exact);

	if (icon)
		answer_file(exchange, icon, is_exact);
	else
		vz_exchange_answer(exchange, &(struct vz_answer){ .status = 204 });
}

/* --- Callbacks over HTTP --------------------------------------------------------------------- */

static void on_reply(void *data, unsigned status, const char *headers, struct vz_blob *body)
{
	struct vz_exchange *exchange = data;

	vz_exchange_answer(exchange, &(struct vz_answer){
					     .status = status,
					     .type = status == 204   ? NULL
						     : status == 200 ? JSON_TYPE
								     : "text/plain; charset=utf-8",
					     .more = headers,
					     .body = status == 204 ? NULL : body });
}

static void on_cancel(void *data)
{
	vz_app_abandon_http(data);
}

static void post_update(struct vz_exchange *exchange, const char *body, size_t size)
{
	struct vz_server *server = server_of(exchange);
	const char *renderer_id = vz_exchange_get_request(exchange)->renderer_id;
	const struct vz_http_info info = {
		.address = vz_exchange_get_conn(exchange)->address,
		.renderer_id = renderer_id[0] ? renderer_id : NULL,
		.speaker = vz_gate_get_speaker(vz_exchange_get_conn(exchange)),
	};
	struct vz_http_call *call;

	call = vz_app_receive_http(server->app, body, size, &info, vz_loop_now_us(server->loop),
				   on_reply, exchange);
	if (call)
		vz_exchange_wait(exchange, on_cancel, call);
}

/* --- Websockets ------------------------------------------------------------------------------ */

static vz_upgrade_fn *upgrade_link(struct vz_conn *conn, const char **ret_why)
{
	return vz_link_accept;
}

static vz_upgrade_fn *upgrade_video(struct vz_conn *conn, const char **ret_why)
{
	return vz_asked_video_find(conn, ret_why) ? vz_video_socket_accept : NULL;
}

/* --- The table ------------------------------------------------------------------------------- */

struct route {
	const char *path;
	struct vz_access access;
	void (*get)(struct vz_exchange *exchange);
	/* NULL: not by POST. The body has at most max_body bytes; 0: as the server takes. */
	void (*post)(struct vz_exchange *exchange, const char *body, size_t size);
	size_t max_body;
	/* NULL: no websocket. Gives NULL with a sentence when this one is none. */
	vz_upgrade_fn *(*upgrade)(struct vz_conn *conn, const char **ret_why);
};

#define VIEWER                         \
	{                              \
		.role = VZ_ROLE_VIEWER \
	}
#define ANYBODY                  \
	{                        \
		.is_first = true \
	}
#define FORM_BYTES 4096

/* Every address, and who may: what is not here is a file, a plugin's, or a place of the page. */
static const struct route routes[] = {
	{ "/_dash-layout", VIEWER, get_layout },
	{ "/_dash-dependencies", VIEWER, get_dependencies },
	/* Which of the callbacks, the core judges. */
	{ "/_dash-update-component", VIEWER, get_update, .post = post_update },
	{ "/_dash-ws-callback",
	  { .role = VZ_ROLE_VIEWER, .tells = true },
	  get_socket,
	  .upgrade = upgrade_link },
	{ "/_vizyd/video", VIEWER, get_socket, .upgrade = upgrade_video },
	{ "/_reload-hash", VIEWER, get_reload_hash },
	{ "/_favicon.ico", ANYBODY, get_favicon },
	{ "/favicon.ico", ANYBODY, get_favicon },
	/* Details are for viewers. */
	{ "/status", ANYBODY, get_status },
	{ "/stream.mjpg", VIEWER, vz_mjpeg_answer },
	{ "/snapshot.jpg", VIEWER, vz_snapshot_answer },
	{ "/login", ANYBODY, vz_login_answer, vz_login_answer_post, FORM_BYTES },
	{ "/logout", ANYBODY, vz_logout_answer, vz_logout_answer_post, FORM_BYTES },
	{ "/setup", ANYBODY, vz_setup_answer, vz_setup_answer_post, FORM_BYTES },
};

static const struct vz_access open_file_access = ANYBODY;
static const struct vz_access file_access = VIEWER;
static const struct vz_access page_access = { .role = VZ_ROLE_VIEWER, .is_page = true };

static const struct route *find_route(const char *path)
{
	size_t i;

	for (i = 0; i < VZ_N_ELEMENTS(routes); i++) {
		if (strcmp(path, routes[i].path) == 0)
			return &routes[i];
	}
	return NULL;
}

static bool is_file(const char *path)
{
	return strncmp(path, "/_", 2) == 0 || strncmp(path, "/assets/", 8) == 0 ||
	       vz_path_is_file(path);
}

/* What is no route: also whether it is there is nobody's business who may not. */
static void get_other(struct vz_exchange *exchange)
{
	const char *path = vz_exchange_get_request(exchange)->path;
	struct vz_server *server = server_of(exchange);
	const struct vz_access *access;
	struct vz_file *file;
	bool is_exact;

	file = vz_suites_find(server->suites, path, &is_exact);
	if (!file && server->assets)
		file = vz_assets_find(server->assets, path, &is_exact);
	access = file && file->is_open	 ? &open_file_access
		 : file || is_file(path) ? &file_access
					 : &page_access;
	if (!vz_gate_admit(exchange, access))
		return;
	if (file)
		answer_file(exchange, file, is_exact);
	else if (is_file(path))
		vz_exchange_answer_text(exchange, 404, "Not found");
	else
		/* A place inside the page, which the browser's side knows. */
		get_page(exchange);
}

static struct vz_access mount_access(const struct vz_mount *mount, bool is_post)
{
	if (is_post)
		return (struct vz_access){ .role = mount->needs_to_post ?: VZ_ROLE_USER };
	return (struct vz_access){ .role = mount->needs ?: VZ_ROLE_VIEWER };
}

static void get_mounted(struct vz_exchange *exchange)
{
	const char *rest, *path = vz_exchange_get_request(exchange)->path;
	const struct vz_mount *mount = vz_mount_find(server_of(exchange), path, &rest);
	struct vz_access access;

	if (!mount) {
		get_other(exchange);
		return;
	}
	access = mount_access(mount, false);
	if (vz_gate_admit(exchange, &access))
		mount->get(exchange, rest, mount->data);
}

void vz_route_get(struct vz_exchange *exchange)
{
	const struct route *route = find_route(vz_exchange_get_request(exchange)->path);

	if (!route)
		get_mounted(exchange);
	else if (vz_gate_admit(exchange, &route->access))
		route->get(exchange);
}

bool vz_route_admit_post(struct vz_exchange *exchange, uint64_t *ret_max_bytes)
{
	const struct vz_http_request *request = vz_exchange_get_request(exchange);
	const struct route *route = find_route(request->path);
	const char *rest;
	const struct vz_mount *mount = vz_mount_find(server_of(exchange), request->path, &rest);
	struct vz_access access;

	if (route && route->post) {
		if (route->max_body)
			*ret_max_bytes = route->max_body;
		return vz_gate_admit(exchange, &route->access);
	}
	if (!route && mount && mount->post) {
		*ret_max_bytes = mount->max_body_bytes;
		access = mount_access(mount, true);
		return vz_gate_admit(exchange, &access);
	}
	vz_exchange_answer(exchange, &(struct vz_answer){ .status = 405,
							  .more = "Allow: GET, HEAD\r\n",
							  .close = request->content_length != 0 });
	return false;
}

void vz_route_begin_post(struct vz_exchange *exchange)
{
	const char *rest, *path = vz_exchange_get_request(exchange)->path;
	const struct vz_mount *mount = vz_mount_find(server_of(exchange), path, &rest);

	if (mount)
		mount->post(exchange, rest, mount->data);
}

void vz_route_post(struct vz_exchange *exchange, const char *body, size_t size)
{
	find_route(vz_exchange_get_request(exchange)->path)->post(exchange, body, size);
}

unsigned vz_route_upgrade(struct vz_exchange *exchange, const char **ret_why)
{
	struct vz_conn *conn = vz_exchange_get_conn(exchange);
	const struct route *route = find_route(vz_exchange_get_request(exchange)->path);
	unsigned status;

	*ret_why = "No websocket here";
	if (!route || !route->upgrade)
		return 404;
	status = vz_gate_judge_upgrade(exchange, &route->access, ret_why);
	if (status)
		return status;
	conn->upgrade = route->upgrade(conn, ret_why);
	return conn->upgrade ? 0 : 404;
}
