#include "server/http.h"

#include <errno.h>
#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>

#include "dash/app.h"
#include "server/conn.h"
#include "server/header.h"
#include "server/routes.h"
#include "server/server-private.h"
#include "util/blob.h"
#include "util/buf.h"

#define PIECE_BYTES    (16 * 1024)
#define PIECES_AT_ONCE 16

struct vz_exchange {
	struct vz_conn *conn;
	struct vz_http_request request;

	/* The answer. */
	struct vz_blob *head, *body; /* NULL once sent; NULL when there is none */
	size_t offset;		     /* how much of the body is sent */
	bool is_answered, close;

	struct vz_buf received; /* the request's body */
	void (*cancel)(void *data);
	void *cancel_data;
};

const struct vz_http_request *vz_exchange_get_request(const struct vz_exchange *exchange)
{
	return &exchange->request;
}

struct vz_conn *vz_exchange_get_conn(const struct vz_exchange *exchange)
{
	return exchange->conn;
}

static struct vz_exchange *exchange_free(struct vz_exchange *exchange)
{
	if (!exchange)
		return NULL;
	vz_blob_unref(exchange->head);
	vz_blob_unref(exchange->body);
	vz_buf_deinit(&exchange->received);
	free(exchange);
	return NULL;
}

/* --- The answer ------------------------------------------------------------------------------ */

static const char *reason(unsigned status)
{
	static const struct {
		unsigned status;
		const char *reason;
	} reasons[] = {
		{ 200, "OK" },
		{ 204, "No Content" },
		{ 304, "Not Modified" },
		{ 400, "Bad Request" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 411, "Length Required" },
		{ 413, "Content Too Large" },
		{ 414, "URI Too Long" },
		{ 426, "Upgrade Required" },
		{ 500, "Internal Server Error" },
		{ 501, "Not Implemented" },
		{ 503, "Service Unavailable" },
		{ 505, "HTTP Version Not Supported" },
	};
	size_t i;

	for (i = 0; i < VZ_N_ELEMENTS(reasons); i++) {
		if (reasons[i].status == status)
			return reasons[i].reason;
	}
	return "Unknown";
}

void vz_answer_write_head(struct vz_buf *buf, const struct vz_answer *answer,
			  const struct vz_http_request *request, bool keep_alive)
{
	vz_buf_printf(buf, "HTTP/1.1 %u %s\r\n", answer->status, reason(answer->status));
	if (answer->type)
		vz_buf_printf(buf, "Content-Type: %s\r\n", answer->type);
	/* Neither 204 nor 304 has a body, and a length there would be that of another answer. */
	if (answer->body || (answer->status != 204 && answer->status != 304))
		vz_buf_printf(buf, "Content-Length: %zu\r\n",
			      answer->body ? answer->body->size : 0);
	if (answer->is_gzip)
		vz_buf_puts(buf, "Content-Encoding: gzip\r\n");
	if (answer->may_be_gzip)
		vz_buf_puts(buf, "Vary: Accept-Encoding\r\n");
	if (answer->etag)
		vz_buf_printf(buf, "ETag: %s\r\n", answer->etag);
	vz_buf_printf(buf, "Cache-Control: %s\r\n", answer->cache ? answer->cache : "no-store");
	vz_buf_puts(buf, "X-Content-Type-Options: nosniff\r\nReferrer-Policy: same-origin\r\n");
	if (answer->more)
		vz_buf_puts(buf, answer->more);
	if (!keep_alive)
		vz_buf_puts(buf, "Connection: close\r\n");
	else if (request->is_http_1_0)
		vz_buf_puts(buf, "Connection: keep-alive\r\n");
	vz_buf_puts(buf, "\r\n");
}

void vz_exchange_answer(struct vz_exchange *exchange, const struct vz_answer *answer)
{
	struct vz_buf buf = { 0 };

	if (exchange->is_answered)
		return;
	exchange->cancel = NULL;
	exchange->is_answered = true;
	exchange->close = answer->close;
	vz_answer_write_head(&buf, answer, &exchange->request,
			     exchange->request.keep_alive && !answer->close);
	if (vz_buf_finish_blob(&buf, &exchange->head) < 0)
		exchange->close = true;
	else if (answer->body && exchange->request.method != VZ_HEAD)
		exchange->body = vz_blob_ref(answer->body);
	vz_conn_want_write(exchange->conn);
}

void vz_exchange_answer_buf(struct vz_exchange *exchange, const char *type, const char *more,
			    struct vz_buf *buf)
{
	VZ_CLEANUP(vz_blob_unrefp) struct vz_blob *body = NULL;

	if (vz_buf_finish_blob(buf, &body) < 0) {
		vz_exchange_answer_text(exchange, 503, "Out of memory");
		return;
	}
	vz_exchange_answer(exchange,
			   &(struct vz_answer){
				   .status = 200, .type = type, .more = more, .body = body });
}

void vz_exchange_answer_text(struct vz_exchange *exchange, unsigned status, const char *text)
{
	VZ_CLEANUP(vz_blob_unrefp) struct vz_blob *body = vz_blob_new(strlen(text) + 1);
	/* A body that nobody reads is in the way of the next request. */
	bool unread = exchange->request.content_length != 0 &&
		      exchange->request.method == VZ_POST &&
		      exchange->received.size < (uint64_t) exchange->request.content_length;

	if (body) {
		memcpy(body->data, text, strlen(text));
		body->data[strlen(text)] = '\n';
		body->size = strlen(text) + 1;
	}
	vz_exchange_answer(exchange, &(struct vz_answer){ .status = status,
							  .type = "text/plain; charset=utf-8",
							  .close = unread || status == 400,
							  .body = body });
}

void vz_exchange_wait(struct vz_exchange *exchange, void (*cancel)(void *data), void *data)
{
	exchange->cancel = cancel;
	exchange->cancel_data = data;
}

/* --- Sending --------------------------------------------------------------------------------- */

static int finish(struct vz_exchange *exchange)
{
	struct vz_conn *conn = exchange->conn;
	bool close = exchange->close;

	vz_conn_leave(conn);
	return close || lws_http_transaction_completed(conn->wsi) ? VZ_CONN_CLOSE : 0;
}

/* The head, with the beginning of the body behind it where the head fits into its head room. */
static int send_head(struct vz_exchange *exchange)
{
	VZ_CLEANUP(vz_blob_unrefp) struct vz_blob *head = vz_steal(exchange->head);
	struct vz_blob *body = exchange->body;
	size_t n;

	if (!body || head->size > VZ_BLOB_HEAD_ROOM)
		return vz_conn_write(exchange->conn, head->data, head->size, LWS_WRITE_HTTP);
	n = body->size < PIECE_BYTES ? body->size : PIECE_BYTES;
	memcpy(body->data - head->size, head->data, head->size);
	exchange->offset = n;
	return vz_conn_write(exchange->conn, body->data - head->size, head->size + n,
			     LWS_WRITE_HTTP);
}

/*
 * Small pieces, as many as the socket takes at once: what does not fit is copied by lws, and
 * several hundred readers who stand still must not cost much memory.
 */
static int send_body(struct vz_exchange *exchange)
{
	struct vz_blob *body = exchange->body;
	size_t n, i;

	for (i = 0; i < PIECES_AT_ONCE && exchange->offset < body->size; i++) {
		if (lws_send_pipe_choked(exchange->conn->wsi))
			break;
		n = body->size - exchange->offset;
		n = n < PIECE_BYTES ? n : PIECE_BYTES;
		if (vz_conn_write(exchange->conn, body->data + exchange->offset, n, LWS_WRITE_HTTP))
			return VZ_CONN_CLOSE;
		exchange->offset += n;
	}
	return 0;
}

static int on_writable(struct vz_conn *conn)
{
	struct vz_exchange *exchange = conn->data;
	int r = 0;

	if (!exchange->is_answered)
		return 0;
	if (exchange->head)
		r = send_head(exchange);
	if (r == 0 && exchange->body)
		r = send_body(exchange);
	if (r)
		return r;
	if (!exchange->body || exchange->offset == exchange->body->size)
		return finish(exchange);
	vz_conn_want_write(conn);
	return 0;
}

/* --- The request ----------------------------------------------------------------------------- */

static int on_receive(struct vz_conn *conn, const char *data, size_t size)
{
	struct vz_exchange *exchange = conn->data;

	/* An error was answered already; what still comes is of no interest. */
	if (!exchange->is_answered)
		vz_buf_append(&exchange->received, data, size);
	return 0;
}

static int on_complete(struct vz_conn *conn)
{
	struct vz_exchange *exchange = conn->data;
	VZ_CLEANUP(vz_freep) char *body = NULL;
	size_t size;

	if (exchange->is_answered)
		return 0;
	if (vz_buf_finish(&exchange->received, &body, &size) < 0) {
		vz_exchange_answer_text(exchange, 503, "Out of memory");
		return 0;
	}
	exchange->request.content_length = 0; /* all read */
	vz_route_post(exchange, body, size);
	return 0;
}

static void on_shut_down(struct vz_conn *conn)
{
	struct vz_exchange *exchange = conn->data;

	if (!exchange->is_answered)
		vz_exchange_answer_text(exchange, 503, "Shutting down");
	exchange->close = true;
}

static void on_leave(struct vz_conn *conn)
{
	struct vz_exchange *exchange = conn->data;

	if (exchange->cancel)
		exchange->cancel(exchange->cancel_data);
	exchange_free(exchange);
}

static const struct vz_conn_ops exchange_ops = {
	.writable = on_writable,
	.receive = on_receive,
	.complete = on_complete,
	.shut_down = on_shut_down,
	.leave = on_leave,
};

static struct vz_exchange *enter(struct vz_conn *conn)
{
	struct vz_exchange *exchange = calloc(1, sizeof(*exchange));

	if (!exchange)
		return NULL;
	exchange->conn = conn;
	vz_conn_enter(conn, &exchange_ops, exchange);
	conn->server->counters.http_requests++;
	return exchange;
}

/* Reads the head and judges the Host. Returns false when it has answered. */
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
	return true;
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

	if (!vz_route_takes_post(request->path)) {
		vz_exchange_answer(exchange,
				   &(struct vz_answer){ .status = 405,
							.more = "Allow: GET, HEAD\r\n",
							.close = request->content_length != 0 });
	} else if (request->has_origin && !is_origin_allowed(exchange)) {
		server->counters.refused++;
		vz_exchange_answer_text(exchange, 403, "Not for pages of another origin");
	} else if (request->content_length < 0) {
		vz_exchange_answer_text(exchange, 411, "Content-Length is missing");
	} else if ((uint64_t) request->content_length > server->max_message_bytes) {
		vz_exchange_answer_text(exchange, 413, "Too large");
	}
}

int vz_http_on_request(struct vz_conn *conn)
{
	struct vz_exchange *exchange = enter(conn);

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

	if (!wants_websocket(exchange)) {
		*ret_why = "Only a proper websocket handshake is an upgrade here";
		return 400;
	}
	if (lws_hdr_copy(conn->wsi, version, sizeof(version), WSI_TOKEN_VERSION) <= 0 ||
	    strcmp(version, "13")) {
		*ret_why = "Sec-WebSocket-Version must be 13";
		return 426;
	}
	conn->upgrade = vz_route_upgrade(exchange->request.path);
	if (!conn->upgrade) {
		*ret_why = "No websocket here";
		return 404;
	}
	if (!is_origin_allowed(exchange)) {
		conn->server->counters.refused++;
		*ret_why = "Not for pages of another origin";
		return 403;
	}
	return 0;
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
	exchange = enter(conn);
	if (!exchange)
		return VZ_CONN_CLOSE;
	if (admit(exchange))
		status = judge_upgrade(exchange, &why);
	if (status)
		vz_exchange_answer_text(exchange, status, why);
	if (exchange->is_answered)
		(void) send_head(exchange);
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
