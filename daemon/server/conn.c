#include "server/conn.h"

#include <errno.h>
#include <libwebsockets.h>
#include <netdb.h>
#include <stdlib.h>

#include "server/server-private.h"
#include "util/log.h"

static void set_address(struct vz_conn *conn, const struct sockaddr *address, socklen_t size)
{
	static const char mapped[] = "::ffff:";
	char text[NI_MAXHOST];
	const char *start = text;

	if (getnameinfo(address, size, text, sizeof(text), NULL, 0, NI_NUMERICHOST))
		return;
	/* An IPv4 browser on a socket for both. */
	if (strncmp(text, mapped, sizeof(mapped) - 1) == 0 && strchr(text, '.'))
		start += sizeof(mapped) - 1;
	snprintf(conn->address, sizeof(conn->address), "%.*s", (int) sizeof(conn->address) - 1,
		 start);
}

int vz_conn_new(struct vz_server *server, struct lws *wsi, struct vz_conn **ret)
{
	struct sockaddr_storage address = { .ss_family = AF_UNSPEC };
	socklen_t size = sizeof(address);
	struct vz_conn *conn;
	int r;

	conn = calloc(1, sizeof(*conn));
	if (!conn)
		return -ENOMEM;
	(void) getpeername(lws_get_socket_fd(wsi), (struct sockaddr *) &address, &size);
	r = vz_peers_acquire(&server->peers, (struct sockaddr *) &address, &conn->peer);
	if (r < 0) {
		free(conn);
		return r;
	}
	conn->server = server;
	conn->wsi = wsi;
	set_address(conn, (struct sockaddr *) &address, size);
	vz_list_init(&conn->in_waiting);
	vz_list_add(&server->conns, &conn->in_conns);
	server->n_conns++;
	*ret = conn;
	return 0;
}

struct vz_conn *vz_conn_free(struct vz_conn *conn)
{
	if (!conn)
		return NULL;
	vz_conn_leave(conn);
	vz_list_remove(&conn->in_conns);
	conn->server->n_conns--;
	vz_peer_release(conn->peer);
	free(conn);
	return NULL;
}

void vz_conn_enter(struct vz_conn *conn, const struct vz_conn_ops *ops, void *data)
{
	vz_conn_leave(conn);
	conn->ops = ops;
	conn->data = data;
}

void vz_conn_leave(struct vz_conn *conn)
{
	const struct vz_conn_ops *ops = conn->ops;

	vz_list_remove(&conn->in_waiting);
	if (!ops)
		return;
	conn->ops = NULL;
	ops->leave(conn);
	conn->data = NULL;
}

/* --- Waiting --------------------------------------------------------------------------------- */

/*
 * The list is in the order of the time since when, because who waits is added at its end with the
 * time of now. So nobody has a timer of his own: one looks at the head of the list, and only while
 * there is one.
 */
void vz_conn_wait(struct vz_conn *conn)
{
	struct vz_server *server = conn->server;

	if (!vz_list_is_empty(&conn->in_waiting))
		return;
	conn->waiting_since_us = vz_loop_now_us(server->loop);
	vz_list_add(&server->waiting, &conn->in_waiting);
	if (!vz_timer_is_running(server->waiting_timer))
		vz_timer_start(server->waiting_timer, VZ_CONN_STUCK_US);
}

void vz_conn_want_write(struct vz_conn *conn)
{
	vz_conn_wait(conn);
	lws_callback_on_writable(conn->wsi);
}

void vz_conn_progress(struct vz_conn *conn)
{
	vz_list_remove(&conn->in_waiting);
}

int vz_conn_on_writable(struct vz_conn *conn)
{
	vz_conn_progress(conn);
	return conn->ops ? conn->ops->writable(conn) : 0;
}

int vz_conn_write(struct vz_conn *conn, const void *data, size_t size, int lws_protocol)
{
	if (lws_write(conn->wsi, (unsigned char *) data, size,
		      (enum lws_write_protocol) lws_protocol) < 0)
		return VZ_CONN_CLOSE;
	conn->server->counters.bytes_out += size;
	/* The rest of it waits in lws, which asks for the socket again; so does our stopwatch. */
	if (lws_partial_buffered(conn->wsi))
		vz_conn_want_write(conn);
	return 0;
}

/*
 * Nothing is sent any more, neither what lws still has nor what the kernel has: it would be kept
 * for minutes for somebody who does not take it.
 */
static void give_up(struct vz_conn *conn)
{
	const struct linger none = { .l_onoff = 1, .l_linger = 0 };

	(void) setsockopt(lws_get_socket_fd(conn->wsi), SOL_SOCKET, SO_LINGER, &none, sizeof(none));
	vz_conn_leave(conn);
	lws_set_timeout(conn->wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_ASYNC);
}

void vz_conn_check_waiting(struct vz_server *server)
{
	int64_t now_us = vz_loop_now_us(server->loop), due_us;
	struct vz_conn *conn;

	while ((conn = vz_list_first(&server->waiting, struct vz_conn, in_waiting))) {
		due_us = conn->waiting_since_us + VZ_CONN_STUCK_US;
		if (due_us > now_us) {
			vz_timer_start(server->waiting_timer, due_us - now_us);
			return;
		}
		server->counters.slow_closed++;
		vz_log(SERVER, INFO, "%s has taken nothing for %d s, closing", conn->address,
		       (int) (VZ_CONN_STUCK_US / 1000000));
		give_up(conn);
	}
}
