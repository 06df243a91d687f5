#include "server/http.h"

#include <libwebsockets.h>
#include <stdio.h>
#include <string.h>

#include "server/conn.h"
#include "server/exchange-private.h"
#include "server/header.h"
#include "server/routes.h"
#include "server/server-private.h"

static void redirect(struct vz_exchange *exchange, const char *where)
{
	VZ_CLEANUP(vz_freep) char *line = NULL;

	if (asprintf(&line, "Location: %s\r\n", where) < 0) {
		line = NULL;
		vz_exchange_answer_text(exchange, 503, "Out of memory");
		return;
	}
	vz_exchange_answer(exchange, &(struct vz_answer){ .status = 302, .more = line });
}

/*
 * Takes the prefix off the path, so that nobody behind this knows of it. Returns false when it has
 * answered: to what people type, "/" or the prefix without its last '/', with the way to the page.
 */
static bool strip_prefix(struct vz_exchange *exchange)
{
	const char *prefix = exchange->conn->server->prefix;
	struct vz_http_request *request = &exchange->request;
	char *path = request->path;
	size_t size = strlen(prefix) - 1; /* its last '/' is the first of the path that stays */
	bool is_near = strcmp(path, "/") == 0 ||
		       (strlen(path) == size && strncmp(path, prefix, size) == 0);

	if (strncmp(path, prefix, size + 1) == 0) {
		memmove(path, path + size, strlen(path + size) + 1);
		return true;
	}
	if (is_near && (request->method == VZ_GET || request->method == VZ_HEAD))
		redirect(exchange, prefix);
	else
		vz_exchange_answer_text(exchange, 404, "Not found");
	return false;
}

/* Reads the head, judges the Host and strips the prefix. Returns false when it has answered. */
static bool admit(struct vz_exchange *exchange)
{
	struct vz_server *server = exchange->conn->server;
	struct vz_http_request *request = &exchange->request;
	const char *why = NULL;
	unsigned status;

	status = vz_http_request_read(exchange->conn->wsi, request, &why);
	if (status) {
		server->counters.refused++;
		request->content_length = -1;
		vz_exchange_answer_text(exchange, status, why);
		exchange->close = true;
		return false;
	}
	if (request->host_text[0] &&
	    !vz_host_is_ours(&request->host, server->machine,
			     (const char *const *) server->allowed_origins)) {
		server->counters.refused++;
		vz_exchange_answer_text(exchange, 403,
					"This device does not answer to that name. Use its "
					"address, or list the name in allowed_origins.");
		return false;
	}
	return strip_prefix(exchange);
}

static bool is_origin_allowed(const struct vz_exchange *exchange)
{
	const struct vz_http_request *request = &exchange->request;

	return vz_origin_is_allowed(request->has_origin ? request->origin : NULL, &request->host,
				    (const char *const *) exchange->conn->server->allowed_origins);
}

/* Whether the body of a POST may come. */
static void admit_post(struct vz_exchange *exchange)
{
	const struct vz_http_request *request = &exchange->request;
	struct vz_server *server = exchange->conn->server;
	uint64_t max_bytes = server->max_message_bytes;

	if (!vz_route_admit_post(exchange, &max_bytes))
		return;
	if (request->has_origin && !is_origin_allowed(exchange)) {
		server->counters.refused++;
		vz_exchange_answer_text(exchange, 403, "Not for pages of another origin");
	} else if (request->content_length < 0) {
		vz_exchange_answer_text(exchange, 411, "Content-Length is missing");
	} else if ((uint64_t) request->content_length > max_bytes) {
		vz_exchange_answer_text(exchange, 413, "Too large");
	} else {
		vz_route_begin_post(exchange);
	}
}

int vz_http_on_request(struct vz_conn *conn)
{
	struct vz_exchange *exchange = vz_exchange_new(conn);

	if (!exchange)
		return VZ_CONN_CLOSE;
	if (!admit(exchange))
		return 0;
	if (exchange->request.method == VZ_POST) {
		admit_post(exchange);
		return 0;
	}
	/* Whoever takes the answer too slowly is found by other means: see conn.h. */
	lws_set_timeout(conn->wsi, NO_PENDING_TIMEOUT, 0);
	if (exchange->request.method == VZ_OTHER_METHOD)
		vz_exchange_answer(exchange,
				   &(struct vz_answer){ .status = 405,
							.more = "Allow: GET, HEAD, POST\r\n" });
	else
		vz_route_get(exchange);
	return 0;
}

/* --- The upgrade ----------------------------------------------------------------------------- */

static bool wants_websocket(struct vz_exchange *exchange)
{
	struct lws *wsi = exchange->conn->wsi;
	char text[128];

	if (exchange->request.method != VZ_GET ||
	    lws_hdr_copy(wsi, text, sizeof(text), WSI_TOKEN_UPGRADE) <= 0 ||
	    strcasecmp(text, "websocket"))
		return false;
	if (lws_hdr_copy(wsi, text, sizeof(text), WSI_TOKEN_CONNECTION) <= 0 ||
	    !vz_header_has_word(text, "upgrade"))
		return false;
	/* 16 bytes in base64. */
	return lws_hdr_total_length(wsi, WSI_TOKEN_KEY) == 24;
}

static unsigned judge_upgrade(struct vz_exchange *exchange, const char **ret_why)
{
	struct vz_conn *conn = exchange->conn;
	char version[8];
	unsigned status;

	if (!wants_websocket(exchange)) {
		*ret_why = "Only a proper websocket handshake is an upgrade here";
		return 400;
	}
	if (lws_hdr_copy(conn->wsi, version, sizeof(version), WSI_TOKEN_VERSION) <= 0 ||
	    strcmp(version, "13")) {
		*ret_why = "Sec-WebSocket-Version must be 13";
		return 426;
	}
	status = vz_route_upgrade(exchange, ret_why);
	if (status == 0 && !is_origin_allowed(exchange)) {
		conn->server->counters.refused++;
		*ret_why = "Not for pages of another origin";
		status = 403;
	}
	return status;
}

/*
 * Refusing before the upgrade matters: a browser whose socket is let in and then closed dials
 * again at once, but one that is refused waits longer each time.
 *
 * The answer is sent here and not when the socket is writable, because lws asks for a decision now.
 */
int vz_http_on_upgrade(struct vz_conn *conn)
{
	struct vz_exchange *exchange;
	const char *why = NULL;
	unsigned status = 0;

	/*
	 * lws 4.1.6 has answered a strange Upgrade (neither websocket nor h2c) itself, and has let
	 * go of the headers that it goes on to use unless it is told to close.
	 */
	if (lws_hdr_total_length(conn->wsi, WSI_TOKEN_UPGRADE) == 0)
		return VZ_CONN_CLOSE;
	exchange = vz_exchange_new(conn);
	if (!exchange)
		return VZ_CONN_CLOSE;
	if (admit(exchange))
		status = judge_upgrade(exchange, &why);
	if (status)
		vz_exchange_answer_text(exchange, status, why);
	if (exchange->is_answered)
		(void) vz_exchange_send_head(exchange);
	status = exchange->is_answered;
	vz_conn_leave(conn);
	return status ? VZ_CONN_CLOSE : 0;
}

/* --- What is no request ---------------------------------------------------------------------- */

int vz_http_on_garbage(struct vz_conn *conn)
{
	static const char answer[] = "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n"
				     "Allow: GET, HEAD, POST\r\nConnection: close\r\n\r\n";

	conn->server->counters.refused++;
	(void) vz_conn_write(conn, answer, sizeof(answer) - 1, LWS_WRITE_RAW);
	return VZ_CONN_CLOSE;
}
