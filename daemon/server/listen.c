#include "server/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/server-private.h"
#include "util/log.h"

#define BACKLOG	       256
#define ACCEPT_AT_ONCE 16
#define RETRY_US       1000000
/* Unanswered data and keep-alive probes: a phone that left the network is gone within a minute. */
#define USER_TIMEOUT_MS 45000

struct vz_listener {
	struct vz_list in_listeners;
	struct vz_server *server;
	int fd;
	struct vz_fd_source *source; /* NULL while descriptors are short */
	struct vz_timer *retry;
	char *where; /* as it was added; NULL: adopted */
	bool is_local; /* 127.0.0.0/8, ::1 */
	char url[128];
};

static struct vz_listener *listener_free(struct vz_listener *listener)
{
	if (!listener)
		return NULL;
	vz_list_remove(&listener->in_listeners);
	vz_fd_source_free(listener->source);
	vz_timer_free(listener->retry);
	if (listener->fd >= 0)
		(void) close(listener->fd);
	free(listener->where);
	free(listener);
	return NULL;
}
VZ_DEFINE_CLEANUP(listener_free, struct vz_listener *, listener_free)

/* --- Accepting ------------------------------------------------------------------------------- */

void vz_listen_refuse(struct vz_server *server, int fd)
{
	static const char answer[] = "HTTP/1.1 503 Service Unavailable\r\n"
				     "Content-Type: text/plain; charset=utf-8\r\n"
				     "Content-Length: 21\r\nRetry-After: 5\r\n"
				     "Connection: close\r\n\r\nToo many connections\n";

	char request[1024];

	server->counters.refused++;
	/* An empty socket takes it at once. What was asked is thrown away, lest close() reset the
	 * line. */
	(void) send(fd, answer, sizeof(answer) - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
	(void) shutdown(fd, SHUT_WR);
	(void) recv(fd, request, sizeof(request), MSG_DONTWAIT);
}

static void tune(int fd)
{
	const int on = 1, timeout_ms = USER_TIMEOUT_MS;

	/* Updates are small and must not wait for an acknowledgement. */
	(void) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	(void) setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout_ms, sizeof(timeout_ms));
}

static void on_retry(void *data);

/*
 * No descriptor or memory: looking away for a second costs nothing, whereas the socket would
 * stay readable and the loop would spin.
 */
static void rest(struct vz_listener *listener, int r)
{
	vz_warn_errno(SERVER, r, "Cannot accept on %s, resting", listener->url);
	listener->source = vz_fd_source_free(listener->source);
	vz_timer_start(listener->retry, RETRY_US);
}

static void on_connection(int fd, void *data)
{
	struct vz_listener *listener = data;
	struct vz_server *server = listener->server;
	int i, conn_fd;

	for (i = 0; i < ACCEPT_AT_ONCE; i++) {
		conn_fd = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (conn_fd < 0) {
			if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
			    errno == ENOMEM)
				rest(listener, -errno);
			/* The rest passes by itself: nobody there, or gone before we came. */
			return;
		}
		if (server->n_conns >= server->max_connections) {
			vz_listen_refuse(server, conn_fd);
			(void) close(conn_fd);
			continue;
		}
		tune(conn_fd);
		/* It is lws's now, also on failure. */
		(void) lws_adopt_socket_vhost(server->vhost, conn_fd);
	}
}

static void on_retry(void *data)
{
	struct vz_listener *listener = data;

	if (vz_loop_add_fd(listener->server->loop, listener->fd, on_connection, listener,
			   &listener->source) < 0)
		vz_timer_start(listener->retry, RETRY_US);
}

/* --- Binding --------------------------------------------------------------------------------- */

/* "127.0.0.1:80", "[::]:80", ":80". An empty address means all of them. */
static int split(const char *where, char *address, size_t size, const char **ret_port)
{
	const char *colon = strrchr(where, ':'), *start = where, *end = colon;
	size_t n;

	if (!colon || !colon[1] || strlen(colon + 1) != strspn(colon + 1, "0123456789"))
		return -EINVAL;
	if (*where == '[') {
		start = where + 1;
		end = colon - 1;
		if (end <= start || *end != ']')
			return -EINVAL;
	} else if (memchr(where, ':', (size_t) (colon - where))) {
		return -EINVAL;
	}
	n = (size_t) (end - start);
	if (n >= size)
		return -EINVAL;
	memcpy(address, start, n);
	address[n] = '\0';
	*ret_port = colon + 1;
	return strtoul(colon + 1, NULL, 10) > 65535 ? -EINVAL : 0;
}

static int resolve(const char *address, const char *port, struct addrinfo **ret)
{
	const struct addrinfo hints = {
		.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
	};

	if (strcmp(address, "localhost") == 0)
		address = "127.0.0.1";
	return getaddrinfo(address, port, &hints, ret) ? -EINVAL : 0;
}

/* An IPv6 socket takes IPv4 along only when @both: "0.0.0.0:80" and "[::]:80" may be listed
 * together. */
static int open_socket(const struct addrinfo *info, int both)
{
	const int on = 1, only = !both;
	int fd, r;

	fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	(void) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	(void) setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	if (info->ai_family == AF_INET6)
		(void) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof(only));
	if (bind(fd, info->ai_addr, info->ai_addrlen) < 0 || listen(fd, BACKLOG) < 0) {
		r = -errno;
		(void) close(fd);
		return r;
	}
	return fd;
}

static int bind_address(const char *where)
{
	struct addrinfo *info = NULL;
	char address[INET6_ADDRSTRLEN + 16];
	const char *port;
	int r;

	r = split(where, address, sizeof(address), &port);
	if (r < 0)
		return r;
	/* All addresses: IPv6 with IPv4 in it, or IPv4 alone where the kernel has no IPv6. */
	r = resolve(address[0] ? address : "::", port, &info);
	if (r < 0)
		return r;
	r = open_socket(info, !address[0]);
	freeaddrinfo(info);
	if (address[0] || (r != -EAFNOSUPPORT && r != -EADDRNOTAVAIL))
		return r;

	r = resolve("0.0.0.0", port, &info);
	if (r < 0)
		return r;
	r = open_socket(info, 0);
	freeaddrinfo(info);
	return r;
}

static bool is_loopback(const struct sockaddr_storage *address)
{
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *) address;
	const struct sockaddr_in *in = (const struct sockaddr_in *) address;

	if (address->ss_family == AF_INET)
		return ntohl(in->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
	if (address->ss_family != AF_INET6)
		return false;
	return IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr) ||
	       (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr) &&
		in6->sin6_addr.s6_addr[12] == IN_LOOPBACKNET);
}

static int set_url(struct vz_listener *listener)
{
	struct sockaddr_storage address;
	socklen_t size = sizeof(address);
	char host[INET6_ADDRSTRLEN + 16], port[8];

	if (getsockname(listener->fd, (struct sockaddr *) &address, &size) < 0)
		return -errno;
	if (getnameinfo((struct sockaddr *) &address, size, host, sizeof(host), port, sizeof(port),
			NI_NUMERICHOST | NI_NUMERICSERV))
		return -EINVAL;
	listener->is_local = is_loopback(&address);
	(void) snprintf(listener->url, sizeof(listener->url),
			address.ss_family == AF_INET6 ? "http://[%s]:%s" : "http://%s:%s", host,
			port);
	return 0;
}

/* Takes @fd, also on failure. @where is NULL when somebody else bound it. */
static int accept_on(struct vz_server *server, int fd, const char *where)
{
	VZ_CLEANUP(listener_freep) struct vz_listener *listener = NULL;
	int r;

	listener = calloc(1, sizeof(*listener));
	if (!listener) {
		(void) close(fd);
		return -ENOMEM;
	}
	listener->server = server;
	listener->fd = fd;
	vz_list_init(&listener->in_listeners);
	if (where) {
		listener->where = strdup(where);
		if (!listener->where)
			return -ENOMEM;
	}
	r = set_url(listener);
	if (r < 0)
		return r;
	r = vz_timer_new(server->loop, on_retry, listener, &listener->retry);
	if (r < 0)
		return r;
	r = vz_loop_add_fd(server->loop, listener->fd, on_connection, listener, &listener->source);
	if (r < 0)
		return r;
	vz_list_add(&server->listeners, &listener->in_listeners);
	(void) vz_steal(listener);
	return 0;
}

int vz_listen_add(struct vz_server *server, const char *where)
{
	int fd = bind_address(where);

	return fd < 0 ? fd : accept_on(server, fd, where);
}

static int get_option(int fd, int option)
{
	int value = 0;
	socklen_t size = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, option, &value, &size) < 0 ? -errno : value;
}

static bool is_listening(int fd)
{
	int domain = get_option(fd, SO_DOMAIN);

	return (domain == AF_INET || domain == AF_INET6) &&
	       get_option(fd, SO_TYPE) == SOCK_STREAM && get_option(fd, SO_ACCEPTCONN) == 1;
}

int vz_listen_adopt(struct vz_server *server, int fd)
{
	int flags = fcntl(fd, F_GETFL);
	int r = 0;

	if (!is_listening(fd))
		r = -EPROTOTYPE;
	else if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
		r = -errno;
	if (r == 0)
		return accept_on(server, fd, NULL);
	(void) close(fd);
	return r;
}

static bool is_among(const char *where, const char *const *list)
{
	for (; list && *list; list++)
		if (!strcmp(where, *list))
			return true;
	return false;
}

static bool is_there(const struct vz_server *server, const char *where)
{
	struct vz_listener *listener;

	vz_list_for_each(listener, &server->listeners, in_listeners)
	{
		if (listener->where && !strcmp(listener->where, where))
			return true;
	}
	return false;
}

/* Closes what was added and is among @list, or with @others what is not. */
static void close_some(struct vz_server *server, const char *const *list, bool others)
{
	struct vz_listener *listener, *tmp;

	vz_list_for_each_safe(listener, tmp, &server->listeners, in_listeners)
	{
		if (listener->where && is_among(listener->where, list) != others)
			listener_free(listener);
	}
}

int vz_listen_set(struct vz_server *server, const char *const *where, const char **ret_bad)
{
	const char *added[VZ_LISTEN_MAX + 1] = { NULL };
	unsigned n = 0;
	int r = 0;

	for (const char *const *w = where; r == 0 && w && *w; w++) {
		if (is_there(server, *w))
			continue;
		*ret_bad = *w;
		r = n == VZ_LISTEN_MAX ? -E2BIG : vz_listen_add(server, *w);
		if (r == 0)
			added[n++] = *w;
	}
	if (r < 0) {
		close_some(server, added, false);
		return r;
	}
	for (unsigned i = 0; i < n; i++)
		vz_log(SERVER, NOTICE, "Serving at %s now", added[i]);
	close_some(server, where, true);
	return 0;
}

void vz_listen_stop(struct vz_server *server)
{
	struct vz_listener *listener, *tmp;

	vz_list_for_each_safe(listener, tmp, &server->listeners, in_listeners)
		listener_free(listener);
}

bool vz_listen_is_local(const struct vz_server *server)
{
	struct vz_listener *listener;

	vz_list_for_each(listener, &server->listeners, in_listeners)
	{
		if (!listener->is_local)
			return false;
	}
	return true;
}

const char *vz_listen_get_url(const struct vz_server *server, unsigned index)
{
	struct vz_listener *listener;

	vz_list_for_each(listener, &server->listeners, in_listeners)
	{
		if (index-- == 0)
			return listener->url;
	}
	return NULL;
}
