#include "server/exchange.h"

#include <errno.h>
#include <inttypes.h>
#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "loop/loop.h"
#include "server/conn.h"
#include "server/exchange-private.h"
#include "server/routes.h"
#include "server/server-private.h"
#include "util/blob.h"
#include "util/buf.h"

#define PIECE_BYTES    (16 * 1024)
#define PIECES_AT_ONCE 16
#define BODY_S	       20 /* in which the next piece of a body must come */
#define LINGER_S       3

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
		{ 206, "Partial Content" },
		{ 302, "Found" },
		{ 303, "See Other" },
		{ 304, "Not Modified" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 409, "Conflict" },
		{ 411, "Length Required" },
		{ 413, "Content Too Large" },
		{ 414, "URI Too Long" },
		{ 415, "Unsupported Media Type" },
		{ 416, "Range Not Satisfiable" },
		{ 422, "Unprocessable Content" },
		{ 426, "Upgrade Required" },
		{ 429, "Too Many Requests" },
		{ 500, "Internal Server Error" },
		{ 501, "Not Implemented" },
		{ 503, "Service Unavailable" },
		{ 505, "HTTP Version Not Supported" },
		{ 507, "Insufficient Storage" },
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
		vz_buf_printf(buf, "Content-Length: %" PRIu64 "\r\n",
			      answer->body ? (uint64_t) answer->body->size : answer->stream_bytes);
	if (answer->is_gzip)
		vz_buf_puts(buf, "Content-Encoding: gzip\r\n");
	if (answer->may_be_gzip)
		vz_buf_puts(buf, "Vary: Accept-Encoding\r\n");
	if (answer->etag)
		vz_buf_printf(buf, "ETag: %s\r\n", answer->etag);
	vz_buf_printf(buf, "Cache-Control: %s\r\n", answer->cache ? answer->cache : "no-store");
	vz_buf_puts(buf, "X-Content-Type-Options: nosniff\r\nReferrer-Policy: same-origin\r\n");
	/* RFC 9110 wants a way named; a form is none that it knows. */
	if (answer->status == 401)
		vz_buf_puts(buf, "WWW-Authenticate: Form realm=\"vizyd\"\r\n");
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

void vz_exchange_take_body(struct vz_exchange *exchange, const struct vz_body_ops *ops, void *body)
{
	exchange->body_ops = ops;
	exchange->body_data = body;
}

void vz_exchange_hold_body(struct vz_exchange *exchange, bool hold)
{
	struct lws *wsi = exchange->conn->wsi;

	(void) lws_rx_flow_control(wsi, !hold);
	/* It is not the requester who makes it wait. */
	if (hold)
		lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0);
	else
		lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, BODY_S);
}

bool vz_exchange_get_query(struct vz_exchange *exchange, const char *name, char *ret,
			   size_t ret_size)
{
	return vz_http_query_get(exchange->conn->wsi, name, ret, ret_size);
}

/* --- Pieces ---------------------------------------------------------------------------------- */

void vz_exchange_answer_pieces(struct vz_exchange *exchange, const struct vz_answer *answer,
			       const struct vz_pieces *pieces)
{
	vz_exchange_answer(exchange, answer);
	exchange->held_pieces = *pieces;
	exchange->pieces = &exchange->held_pieces;
	if (exchange->request.method != VZ_HEAD)
		exchange->left = answer->stream_bytes;
	exchange->cancel = pieces->gone;
	exchange->cancel_data = pieces->data;
}

void vz_exchange_put_piece(struct vz_exchange *exchange, struct vz_blob *piece)
{
	/* More than was promised would be taken for the next answer. */
	if (!piece || piece->size > exchange->left) {
		exchange->left = 0;
		exchange->close = true;
	} else {
		exchange->body = vz_blob_ref(piece);
		exchange->offset = 0;
		exchange->left -= piece->size;
	}
	vz_conn_want_write(exchange->conn);
}

/* --- Sending --------------------------------------------------------------------------------- */

/*
 * A socket that is closed while the request's body still comes is reset, and the answer may be lost
 * with it (RFC 9112, section 9.6): the rest is read for a while, and thrown away.
 */
static int linger(struct vz_exchange *exchange)
{
	struct lws *wsi = exchange->conn->wsi;

	if (exchange->linger_until_us)
		return 0;
	if (shutdown(lws_get_socket_fd(wsi), SHUT_WR) < 0)
		return VZ_CONN_CLOSE;
	exchange->linger_until_us =
		vz_loop_now_us(exchange->conn->server->loop) + LINGER_S * INT64_C(1000000);
	(void) lws_rx_flow_control(wsi, 1);
	lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, LINGER_S);
	return 0;
}

static int finish(struct vz_exchange *exchange)
{
	struct vz_conn *conn = exchange->conn;
	bool close = exchange->close;

	if (close && exchange->request.method == VZ_POST && exchange->request.content_length > 0)
		return linger(exchange);
	vz_conn_leave(conn);
	return close || lws_http_transaction_completed(conn->wsi) ? VZ_CONN_CLOSE : 0;
}

int vz_exchange_send_head(struct vz_exchange *exchange)
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
		r = vz_exchange_send_head(exchange);
	if (r == 0 && exchange->body)
		r = send_body(exchange);
	if (r)
		return r;
	if (exchange->body && exchange->offset < exchange->body->size) {
		vz_conn_want_write(conn);
		return 0;
	}
	if (!exchange->left)
		return finish(exchange);
	vz_blob_unref(vz_steal(exchange->body));
	exchange->pieces->more(exchange->pieces->data);
	return 0;
}

/* --- The request ----------------------------------------------------------------------------- */

static int on_receive(struct vz_conn *conn, const char *data, size_t size)
{
	struct vz_exchange *exchange = conn->data;

	/* An error was answered already; what still comes is of no interest. */
	if (exchange->linger_until_us)
		return vz_loop_now_us(conn->server->loop) < exchange->linger_until_us
			       ? 0
			       : VZ_CONN_CLOSE;
	if (exchange->is_answered)
		return 0;
	if (exchange->body_ops)
		exchange->body_ops->receive(data, size, exchange->body_data);
	else
		vz_buf_append(&exchange->received, data, size);
	return 0;
}

static int on_complete(struct vz_conn *conn)
{
	struct vz_exchange *exchange = conn->data;
	VZ_CLEANUP(vz_freep) char *body = NULL;
	size_t size;

	if (exchange->is_answered) {
		exchange->request.content_length = 0;
		return exchange->linger_until_us ? VZ_CONN_CLOSE : 0;
	}
	if (exchange->body_ops) {
		exchange->request.content_length = 0;
		exchange->body_ops->complete(exchange->body_data);
		return 0;
	}
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

struct vz_exchange *vz_exchange_new(struct vz_conn *conn)
{
	struct vz_exchange *exchange = calloc(1, sizeof(*exchange));

	if (!exchange)
		return NULL;
	exchange->conn = conn;
	vz_conn_enter(conn, &exchange_ops, exchange);
	conn->server->counters.http_requests++;
	return exchange;
}
