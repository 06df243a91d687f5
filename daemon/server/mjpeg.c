#include "server/mjpeg.h"

#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/asked-video.h"
#include "server/conn.h"
#include "server/exchange.h"
#include "server/gate.h"
#include "server/server-private.h"
#include "server/video.h"
#include "util/blob.h"

#define BOUNDARY "vizyd-picture"
#define TYPE	 "multipart/x-mixed-replace; boundary=" BOUNDARY

static const char head[] = "HTTP/1.1 200 OK\r\n"
			   "Content-Type: " TYPE "\r\n"
			   "Cache-Control: no-store\r\n"
			   "X-Content-Type-Options: nosniff\r\n"
			   "Connection: close\r\n";

struct stream {
	struct vz_conn *conn;
	struct vz_watcher watcher;
	struct vz_blob *next;
	bool head_is_sent, is_closing;
};

static void on_picture(struct vz_watcher *watcher, struct vz_blob *jpeg)
{
	struct stream *s = vz_container_of(watcher, struct stream, watcher);

	if (s->next) {
		vz_blob_unref(s->next);
		s->conn->server->counters.video_dropped++;
	}
	s->next = vz_blob_ref(jpeg);
	vz_conn_want_write(s->conn);
}

/*
 * The boundary, the part's head and the picture leave in one send: the first two are written into
 * the blob's head room, as in video-socket.c. Readers go by Content-Length and need not wait for
 * the boundary behind a picture, which comes with the next.
 */
static int send_picture(struct stream *s)
{
	VZ_CLEANUP(vz_blob_unrefp) struct vz_blob *jpeg = vz_steal(s->next);
	char part[192];
	size_t size;

	size = (size_t) snprintf(part, sizeof(part),
				 "\r\n--" BOUNDARY "\r\nContent-Type: image/jpeg\r\n"
				 "Content-Length: %zu\r\n"
				 "X-Timestamp: %lld.%06lld\r\n\r\n",
				 jpeg->size, (long long) jpeg->timestamp_ns / 1000000000,
				 (long long) jpeg->timestamp_ns / 1000 % 1000000);
	memcpy(jpeg->data - size, part, size);
	s->conn->server->counters.video_sent++;
	return vz_conn_write(s->conn, jpeg->data - size, size + jpeg->size, LWS_WRITE_HTTP);
}

static int on_writable(struct vz_conn *conn)
{
	struct stream *s = conn->data;

	/* The head also when it ends already: an answer without one is none. */
	if (s->is_closing && s->head_is_sent)
		return VZ_CONN_CLOSE;
	if (!s->head_is_sent) {
		s->head_is_sent = true;
		if (s->next || s->is_closing)
			vz_conn_want_write(conn);
		return vz_conn_write(conn, head, sizeof(head) - 1, LWS_WRITE_HTTP);
	}
	return s->next ? send_picture(s) : 0;
}

static void on_shut_down(struct vz_conn *conn)
{
	struct stream *s = conn->data;

	s->is_closing = true;
	vz_conn_want_write(conn);
}

static void on_identified(struct vz_conn *conn)
{
	if (!vz_gate_may(conn, VZ_ROLE_VIEWER))
		on_shut_down(conn);
}

static void on_gone(struct vz_watcher *watcher)
{
	on_shut_down(vz_container_of(watcher, struct stream, watcher)->conn);
}

static void on_leave(struct vz_conn *conn)
{
	struct stream *s = conn->data;

	vz_video_unwatch(&s->watcher);
	vz_blob_unref(s->next);
	free(s);
}

static const struct vz_conn_ops stream_ops = {
	.writable = on_writable,
	.identified = on_identified,
	.shut_down = on_shut_down,
	.leave = on_leave,
};

void vz_mjpeg_answer(struct vz_exchange *exchange)
{
	struct vz_conn *conn = vz_exchange_get_conn(exchange);
	const char *why = NULL;
	struct vz_video *video = vz_asked_video_find(conn, &why);
	struct stream *s;

	if (!video) {
		vz_exchange_answer_text(exchange, 404, why);
		return;
	}
	if (vz_exchange_get_request(exchange)->method == VZ_HEAD) {
		vz_exchange_answer(exchange, &(struct vz_answer){ .status = 200, .type = TYPE });
		return;
	}
	s = calloc(1, sizeof(*s));
	if (!s) {
		vz_exchange_answer_text(exchange, 503, "Out of memory");
		return;
	}
	s->conn = conn;
	s->watcher.picture = on_picture;
	s->watcher.gone = on_gone;
	vz_conn_enter(conn, &stream_ops, s);
	vz_video_watch(video, &s->watcher);
	vz_conn_want_write(conn);
}
