#include "socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "measure.h"

#define READ_BYTES (256 * 1024)
#define TIMEOUT_MS 20000

enum { OP_TEXT = 1, OP_BINARY = 2, OP_CLOSE = 8, OP_PING = 9, OP_PONG = 10 };

/* --- Connecting ------------------------------------------------------------------------------ */

int dial(unsigned port)
{
	const struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t) port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	const int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		fail("socket: %s", strerror(errno));
	if (connect(fd, (const struct sockaddr *) &address, sizeof(address)) < 0)
		fail("port %u: %s", port, strerror(errno));
	(void) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
}

/* Byte by byte, so that nothing of the first message goes with it. */
static void read_head(int fd, char *head, size_t size)
{
	size_t n = 0;

	while (n < 4 || memcmp(head + n - 4, "\r\n\r\n", 4) != 0) {
		if (n + 1 == size || recv(fd, head + n, 1, 0) != 1) {
			head[n] = '\0';
			fail("no upgrade to a websocket, but '%s'", head);
		}
		n++;
	}
	head[n] = '\0';
}

void socket_open(struct socket *s, unsigned port, const char *path)
{
	char request[1024], head[2048];
	int n;

	*s = (struct socket){ .fd = dial(port) };
	n = snprintf(request, sizeof(request),
		     "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nOrigin: http://127.0.0.1:%u\r\n"
		     "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
		     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
		     path, port, port);
	if (send(s->fd, request, (size_t) n, MSG_NOSIGNAL) != n)
		fail("port %u: %s", port, strerror(errno));
	read_head(s->fd, head, sizeof(head));
	if (strncmp(head, "HTTP/1.1 101", 12) != 0)
		fail("no upgrade to a websocket, but '%.*s'", (int) strcspn(head, "\r"), head);
	(void) fcntl(s->fd, F_SETFL, O_NONBLOCK);
}

void socket_close(struct socket *s)
{
	(void) close(s->fd);
	free(s->received);
}

/* --- Sending --------------------------------------------------------------------------------- */

static void wait_for(const struct socket *s, short events)
{
	struct pollfd p = { .fd = s->fd, .events = events };

	if (poll(&p, 1, TIMEOUT_MS) <= 0)
		fail("nothing happened for %d s", TIMEOUT_MS / 1000);
}

static void send_all(struct socket *s, const uint8_t *data, size_t size)
{
	ssize_t n;

	while (size) {
		n = send(s->fd, data, size, MSG_NOSIGNAL);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			fail("send: %s", strerror(errno));
		if (n < 0) {
			wait_for(s, POLLOUT);
			continue;
		}
		data += n;
		size -= (size_t) n;
	}
}

static size_t write_head(uint8_t *head, int op, size_t size)
{
	size_t n = 2;

	head[0] = (uint8_t) (0x80 | op);
	if (size < 126) {
		head[1] = (uint8_t) (0x80 | size);
	} else if (size < 65536) {
		head[1] = 0x80 | 126;
		head[n++] = (uint8_t) (size >> 8);
		head[n++] = (uint8_t) size;
	} else {
		head[1] = 0x80 | 127;
		for (int shift = 56; shift >= 0; shift -= 8)
			head[n++] = (uint8_t) ((uint64_t) size >> shift);
	}
	return n;
}

static void send_frame(struct socket *s, int op, const void *data, size_t size)
{
	static const uint8_t mask[4] = { 0x12, 0x34, 0x56, 0x78 };
	static uint8_t *frame;
	static size_t capacity;
	const uint8_t *from = data;
	size_t n, i;

	if (capacity < size + 16) {
		capacity = 2 * size + 1024;
		free(frame);
		frame = malloc(capacity);
		if (!frame)
			fail("out of memory");
	}
	n = write_head(frame, op, size);
	memcpy(frame + n, mask, sizeof(mask));
	n += sizeof(mask);
	for (i = 0; i < size; i++)
		frame[n + i] = from[i] ^ mask[i % 4];
	send_all(s, frame, n + size);
}

void socket_send(struct socket *s, const char *text, size_t size)
{
	send_frame(s, OP_TEXT, text, size);
}

/* --- Receiving ------------------------------------------------------------------------------- */

static void make_room(struct socket *s)
{
	uint8_t *grown;

	if (s->taken) {
		memmove(s->received, s->received + s->taken, s->size - s->taken);
		s->size -= s->taken;
		s->taken = 0;
	}
	if (s->capacity - s->size >= 4096 && s->capacity - s->size >= s->size / 4)
		return;
	s->capacity = s->capacity ? 2 * s->capacity : 8192;
	grown = realloc(s->received, s->capacity);
	if (!grown)
		fail("out of memory");
	s->received = grown;
}

bool socket_read(struct socket *s)
{
	bool any = false;
	size_t room;
	ssize_t n;

	do {
		make_room(s);
		room = s->capacity - s->size;
		n = recv(s->fd, s->received + s->size, room, 0);
		if (n == 0)
			fail("the server has closed a connection");
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			fail("recv: %s", strerror(errno));
		if (n > 0) {
			s->size += (size_t) n;
			any = true;
		}
	} while (n > 0 && (size_t) n == room);
	return any;
}

/* Returns the size of the head of the frame at @at and of its payload, or 0 when it is not whole.
 */
static size_t read_size(const uint8_t *at, size_t n, size_t *ret)
{
	size_t head = 2, size, i;

	if (n < 2)
		return 0;
	size = at[1] & 127;
	if (size >= 126) {
		head = size == 126 ? 4 : 10;
		if (n < head)
			return 0;
		for (size = 0, i = 2; i < head; i++)
			size = size << 8 | at[i];
	}
	if (n - head < size)
		return 0;
	*ret = size;
	return head;
}

const char *socket_take(struct socket *s, size_t *ret_size)
{
	size_t head, size;

	while ((head = read_size(s->received + s->taken, s->size - s->taken, &size))) {
		const uint8_t *at = s->received + s->taken;

		s->taken += head + size;
		switch (at[0] & 15) {
		case OP_PING:
			send_frame(s, OP_PONG, at + head, size);
			break;
		case OP_CLOSE:
			fail("the server has closed a websocket: %.*s",
			     size > 2 ? (int) size - 2 : 0, (const char *) at + head + 2);
		case OP_TEXT:
		case OP_BINARY:
			*ret_size = size;
			return (const char *) at + head;
		default:
			break;
		}
	}
	return NULL;
}

const char *socket_wait(struct socket *s, size_t *ret_size)
{
	const char *message;

	while (!(message = socket_take(s, ret_size))) {
		if (!socket_read(s))
			wait_for(s, POLLIN);
	}
	return message;
}
