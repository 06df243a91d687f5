/*
 * A browser's end of a websocket on a plain blocking or non-blocking socket, with as little between
 * the measurement and the kernel as can be. Errors end the program: a benchmark that lost a
 * connection has measured nothing. Thread: one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct socket {
	int fd;
	uint8_t *received;
	size_t size, capacity, taken;
};

/* A TCP connection to 127.0.0.1, without Nagle's delay. */
int dial(unsigned port);
/* A connection that has been upgraded to a websocket at @path, and does not block. */
void socket_open(struct socket *socket, unsigned port, const char *path);
void socket_close(struct socket *socket);

/* One masked text message. @size bytes at @text. Waits while the socket is full. */
void socket_send(struct socket *socket, const char *text, size_t size);
/* Reads what is there. Returns false when there was nothing. */
bool socket_read(struct socket *socket);
/*
 * The next whole message of what was read, which is valid until the next call, or NULL. Answers
 * pings.
 */
const char *socket_take(struct socket *socket, size_t *ret_size);
/* Reads until there is a message. */
const char *socket_wait(struct socket *socket, size_t *ret_size);
