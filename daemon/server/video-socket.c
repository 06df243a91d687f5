#include "server/video-socket.h"

#include <endian.h>
#include <errno.h>
#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>

#include "server/asked-video.h"
#include "server/conn.h"
#include "server/gate.h"
#include "server/request.h"
#include "server/server-private.h"
#include "server/video.h"
#include "util/blob.h"
#include "util/buf.h"

#define WINDOW	     2
#define MAX_ACK_SIZE 20 /* digits of a u64 */

struct socket {
	struct vz_conn *conn;
	struct vz_watcher watcher;
	struct vz_blob *next; /* waits; a newer one takes its place */
	bool state_is_due, is_closing;
	const char *reason;    /* why it is closing */
	bool acks;	       /* the browser answers each picture */
	uint64_t sent[WINDOW]; /* sequence numbers not answered yet, oldest first */
	unsigned n_sent;
	char ack[MAX_ACK_SIZE + 1]; /* fragments so far */
	size_t ack_size;
};

static bool is_window_open(const struct socket *s)
{
	return !s->acks || s->n_sent < WINDOW;
}

static void want_write(struct socket *s)
{
	if (s->state_is_due || s->is_closing || (s->next && is_window_open(s)))
		vz_conn_want_write(s->conn);
	else if (s->next)
		vz_conn_wait(s->conn);
}

/* --- Pictures -------------------------------------------------------------------------------- */

static void on_picture(struct vz_watcher *watcher, struct vz_blob *jpeg)
{
	struct socket *s = vz_container_of(watcher, struct socket, watcher);

	if (s->next) {
		vz_blob_unref(s->next);
		s->conn->server->counters.video_dropped++;
	}
	s->next = vz_blob_ref(jpeg);
	want_write(s);
}

static void on_state(struct vz_watcher *watcher)
{
	struct socket *s = vz_container_of(watcher, struct socket, watcher);

	s->state_is_due = true;
	want_write(s);
}

static void close_socket(struct socket *s, const char *reason)
{
	s->is_closing = true;
	s->reason = reason;
	want_write(s);
}

static void on_gone(struct vz_watcher *watcher)
{
	close_socket(vz_container_of(watcher, struct socket, watcher), "The camera was removed");
}

void vz_video_write_header(const struct vz_blob *jpeg, uint8_t ret[VZ_VIDEO_HEADER_BYTES])
{
	uint32_t size = htole32(VZ_VIDEO_HEADER_BYTES), width = htole32(jpeg->width_px),
		 height = htole32(jpeg->height_px);
	uint64_t sequence = htole64(jpeg->sequence),
		 timestamp = htole64((uint64_t) jpeg->timestamp_ns);

	memcpy(ret, "VZF1", 4);
	memcpy(ret + 4, &size, 4);
	memcpy(ret + 8, &sequence, 8);
	memcpy(ret + 16, &timestamp, 8);
	memcpy(ret + 24, &width, 4);
	memcpy(ret + 28, &height, 4);
}

static int send_picture(struct socket *s)
{
	VZ_CLEANUP(vz_blob_unrefp) struct vz_blob *jpeg = vz_steal(s->next);
	uint8_t *start = jpeg->data - VZ_VIDEO_HEADER_BYTES;

	/*
	 * The blob is shared, its head room too: but all who send do so on this thread, and when
	 * lws_write() returns, the bytes are with the kernel or copied.
	 */
	vz_video_write_header(jpeg, start);
	if (s->acks)
		s->sent[s->n_sent++] = jpeg->sequence;
	s->conn->server->counters.video_sent++;
	return vz_conn_write(s->conn, start, VZ_VIDEO_HEADER_BYTES + jpeg->size, LWS_WRITE_BINARY);
}

static int send_state(struct socket *s)
{
	VZ_CLEANUP(vz_blob_unrefp) struct vz_blob *text = NULL;
	struct vz_buf buf = { 0 };

	s->state_is_due = false;
	vz_video_write_state(&buf, s->watcher.video);
	if (vz_buf_finish_blob(&buf, &text) < 0)
		return VZ_CONN_CLOSE;
	return vz_conn_write(s->conn, text->data, text->size, LWS_WRITE_TEXT);
}

static int on_writable(struct vz_conn *conn)
{
	struct socket *s = conn->data;
	int r = 0;

	if (s->is_closing) {
		lws_close_reason(conn->wsi, LWS_CLOSE_STATUS_GOINGAWAY,
				 (unsigned char *) (uintptr_t) s->reason, strlen(s->reason));
		return VZ_CONN_CLOSE;
	}
	if (s->state_is_due)
		r = send_state(s);
	else if (s->next && is_window_open(s))
		r = send_picture(s);
	if (r == 0)
		want_write(s);
	return r;
}

/* --- Answers --------------------------------------------------------------------------------- */

/* Pictures arrive in order, so an answer to one answers those before it. */
static void take_ack(struct socket *s, uint64_t sequence)
{
	unsigned i;

	for (i = 0; i < s->n_sent && s->sent[i] != sequence; i++)
		;
	if (i == s->n_sent)
		return;
	s->n_sent -= i + 1;
	memmove(s->sent, s->sent + i + 1, s->n_sent * sizeof(s->sent[0]));
	vz_conn_progress(s->conn);
	want_write(s);
}

static int on_receive(struct vz_conn *conn, const char *data, size_t size)
{
	struct socket *s = conn->data;
	char *end;
	uint64_t sequence;

	if (lws_frame_is_binary(conn->wsi) || s->ack_size + size > MAX_ACK_SIZE)
		return VZ_CONN_CLOSE;
	memcpy(s->ack + s->ack_size, data, size);
	s->ack_size += size;
	if (!lws_is_final_fragment(conn->wsi))
		return 0;
	s->ack[s->ack_size] = '\0';
	s->ack_size = 0;
	sequence = strtoull(s->ack, &end, 10);
	if (end == s->ack || *end)
		return VZ_CONN_CLOSE;
	take_ack(s, sequence);
	return 0;
}

/* --- Life ------------------------------------------------------------------------------------ */

static void on_identified(struct vz_conn *conn)
{
	if (!vz_gate_may(conn, VZ_ROLE_VIEWER))
		close_socket(conn->data, "You are not logged in any more");
}

static void on_shut_down(struct vz_conn *conn)
{
	close_socket(conn->data, "Shutting down");
}

static void on_leave(struct vz_conn *conn)
{
	struct socket *s = conn->data;

	vz_video_unwatch(&s->watcher);
	vz_blob_unref(s->next);
	free(s);
}

static const struct vz_conn_ops socket_ops = {
	.writable = on_writable,
	.receive = on_receive,
	.identified = on_identified,
	.shut_down = on_shut_down,
	.leave = on_leave,
};

int vz_video_socket_accept(struct vz_conn *conn)
{
	struct vz_video *video = vz_asked_video_find(conn, NULL);
	struct socket *s;

	/* It was there when the handshake was allowed. */
	if (!video)
		return -ENOENT;
	s = calloc(1, sizeof(*s));
	if (!s)
		return -ENOMEM;
	s->conn = conn;
	s->acks = vz_http_query_is(conn->wsi, "ack", "1");
	s->watcher.picture = on_picture;
	s->watcher.state = on_state;
	s->watcher.gone = on_gone;
	s->state_is_due = true;
	vz_conn_enter(conn, &socket_ops, s);
	vz_video_watch(video, &s->watcher);
	want_write(s);
	return 0;
}
