#include "server/link.h"

#include <errno.h>
#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>

#include "dash/app.h"
#include "dash/message.h"
#include "server/conn.h"
#include "server/gate.h"
#include "server/outbox.h"
#include "server/server-private.h"
#include "util/blob.h"
#include "util/buf.h"
#include "util/log.h"

/* After this one and 1000 dash-renderer's worker stays away. */
#define LOGGED_OUT 4001
/* Close codes (RFC 6455 7.4). Not 1000, see above. */
#define GOING_AWAY	 1001
#define UNSUPPORTED_DATA 1003
#define TOO_BIG		 1009
#define TRY_AGAIN_LATER	 1013

struct link {
	struct vz_conn *conn;
	struct vz_link *link; /* NULL: it is told to go, and nothing else */
	struct vz_outbox outbox;
	struct vz_buf received; /* fragments so far */
	uint16_t close_code;	/* 0: stays open */
	char close_reason[64];
};

static int close_now(struct link *l, uint16_t code, const char *reason)
{
	lws_close_reason(l->conn->wsi, (enum lws_close_status) code, (unsigned char *) reason,
			 strlen(reason));
	return VZ_CONN_CLOSE;
}

/* --- From the app ---------------------------------------------------------------------------- */

static void close_later(struct link *l, uint16_t code, const char *reason)
{
	if (l->close_code)
		return;
	l->close_code = code;
	(void) snprintf(l->close_reason, sizeof(l->close_reason), "%s", reason);
	vz_conn_want_write(l->conn);
}

static void queued(struct link *l, int r)
{
	struct vz_server_counters *counters = &l->conn->server->counters;

	counters->coalesced += l->outbox.n_coalesced;
	l->outbox.n_coalesced = 0;
	if (r < 0)
		close_later(l, TRY_AGAIN_LATER, "Too much waits for you");
	else if (!vz_outbox_is_empty(&l->outbox))
		vz_conn_want_write(l->conn);
}

static void on_send(void *data, struct vz_blob *text)
{
	struct link *l = data;

	if (!l->close_code)
		queued(l, vz_outbox_add_reply(&l->outbox, text));
}

static void on_send_mods(void *data, const char *renderer_id, struct vz_mods *mods)
{
	struct link *l = data;

	if (!l->close_code)
		queued(l, vz_outbox_add_mods(&l->outbox, renderer_id, mods));
}

static void on_close(void *data, uint16_t code, const char *reason)
{
	close_later(data, code, reason);
}

static int get_snapshot(void *data, const char *renderer_id, struct vz_mods **ret)
{
	struct link *l = data;

	return vz_link_snapshot(l->link, renderer_id, ret);
}

/* --- From the browser ------------------------------------------------------------------------ */

static void deliver(struct link *l, const char *text, size_t size)
{
	if (l->link)
		vz_link_receive(l->link, text, size, vz_loop_now_us(l->conn->server->loop));
}

static int on_receive(struct vz_conn *conn, const char *data, size_t size)
{
	struct link *l = conn->data;
	bool is_first = lws_is_first_fragment(conn->wsi),
	     is_last = lws_is_final_fragment(conn->wsi);
	VZ_CLEANUP(vz_freep) char *text = NULL;

	if (lws_frame_is_binary(conn->wsi))
		return close_now(l, UNSUPPORTED_DATA, "Text only");
	if (l->received.size + size > conn->server->max_message_bytes)
		return close_now(l, TOO_BIG, "Too large");
	/* The usual case is one piece, which needs no copy. */
	if (is_first && is_last) {
		deliver(l, data, size);
		return 0;
	}
	vz_buf_append(&l->received, data, size);
	if (!is_last)
		return 0;
	if (vz_buf_finish(&l->received, &text, &size) < 0)
		return close_now(l, TRY_AGAIN_LATER, "Out of memory");
	deliver(l, text, size);
	return 0;
}

/* One message for each time that the socket is writable; then lws never has to keep a second one.
 */
static int on_writable(struct vz_conn *conn)
{
	VZ_CLEANUP(vz_blob_unrefp) struct vz_blob *text = NULL;
	struct link *l = conn->data;
	int r;

	r = vz_outbox_take(&l->outbox, &text);
	if (r < 0)
		return close_now(l, TRY_AGAIN_LATER, "Out of memory");
	if (r == 0)
		return l->close_code ? close_now(l, l->close_code, l->close_reason) : 0;
	if (vz_conn_write(conn, text->data, text->size, LWS_WRITE_TEXT))
		return VZ_CONN_CLOSE;
	if (!vz_outbox_is_empty(&l->outbox) || l->close_code)
		vz_conn_want_write(conn);
	return 0;
}

/* --- Life ------------------------------------------------------------------------------------ */

static void on_shut_down(struct vz_conn *conn)
{
	close_later(conn->data, GOING_AWAY, "Shutting down");
}

static void on_leave(struct vz_conn *conn)
{
	struct link *l = conn->data;

	if (l->link)
		vz_link_closed(l->link, vz_loop_now_us(conn->server->loop));
	vz_outbox_deinit(&l->outbox);
	vz_buf_deinit(&l->received);
	free(l);
}

/* --- Who it is ------------------------------------------------------------------------------- */

/*
 * A page whose session has ended loads itself anew, and so comes to the login. That it must is said
 * over a socket, because a browser does not tell a page why a handshake was refused.
 */
static void send_away(struct link *l)
{
	VZ_CLEANUP(vz_blob_unrefp) struct vz_blob *text = NULL;

	if (l->close_code)
		return;
	if (vz_message_encode_reload(&text) >= 0)
		(void) vz_outbox_add_reply(&l->outbox, text);
	close_later(l, LOGGED_OUT, "You are not logged in any more");
}

static void on_identified(struct vz_conn *conn)
{
	struct link *l = conn->data;
	const struct vz_speaker speaker = vz_gate_get_speaker(conn);

	if (!vz_gate_may(conn, VZ_ROLE_VIEWER))
		send_away(l);
	else if (l->link)
		(void) vz_link_set_speaker(l->link, &speaker);
}

static const struct vz_conn_ops link_conn_ops = {
	.writable = on_writable,
	.receive = on_receive,
	.identified = on_identified,
	.shut_down = on_shut_down,
	.leave = on_leave,
};

static const struct vz_link_ops link_ops = {
	.send = on_send,
	.send_mods = on_send_mods,
	.close = on_close,
};

int vz_link_accept(struct vz_conn *conn)
{
	char host[256] = "", origin[256] = "", user_agent[256] = "";
	const struct vz_link_info info = { conn->address, host, origin, user_agent,
					   vz_gate_get_speaker(conn) };
	struct link *l;

	l = calloc(1, sizeof(*l));
	if (!l)
		return -ENOMEM;
	l->conn = conn;
	vz_outbox_init(&l->outbox, &vz_outbox_default_limits, get_snapshot, l);
	vz_conn_enter(conn, &link_conn_ops, l);

	if (!vz_gate_may(conn, VZ_ROLE_VIEWER)) {
		send_away(l);
		return 0;
	}
	(void) lws_hdr_copy(conn->wsi, host, sizeof(host), WSI_TOKEN_HOST);
	(void) lws_hdr_copy(conn->wsi, origin, sizeof(origin), WSI_TOKEN_ORIGIN);
	(void) lws_hdr_copy(conn->wsi, user_agent, sizeof(user_agent), WSI_TOKEN_HTTP_USER_AGENT);
	return vz_link_open(conn->server->app, &info, &link_ops, l, &l->link);
}
