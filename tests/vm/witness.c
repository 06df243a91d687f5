/*
 * witness PULL VALUE TEXT HELLO [COOKIE]: how long it takes from a GPIO edge until two browsers
 * know, on one clock.
 *
 * Two websockets say HELLO to the daemon on port 80 of this machine and wait for their welcome.
 * Then VALUE is written to the file PULL, which is what an edge of gpio-sim comes from, and each of
 * both waits for a message with TEXT in it. Prints for each the time from before the write, thus no
 * shorter than from the kernel's time stamp, and for the write itself: "client 0: 12.3 ms". Status
 * 1, with the reason, when something of that does not come within 30 s.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define N_CLIENTS  2
#define MAX_BYTES  (1 << 20)
#define PATIENCE_S 30

static struct client {
	int fd;
	size_t n;
	char *bytes;
	double arrived_ms;
} clients[N_CLIENTS];

static double now_ms(void)
{
	struct timespec now;

	(void) clock_gettime(CLOCK_MONOTONIC, &now);
	return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

static void die(const char *what)
{
	fprintf(stderr, "witness: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void put(struct client *client, const void *bytes, size_t n)
{
	if (write(client->fd, bytes, n) != (ssize_t) n)
		die("write");
}

static void receive(struct client *client)
{
	ssize_t n = read(client->fd, client->bytes + client->n, MAX_BYTES - client->n);

	if (n <= 0) {
		fprintf(stderr, "witness: the daemon closed the connection after: %.*s\n",
			(int) (client->n < 500 ? client->n : 500), client->bytes);
		exit(1);
	}
	client->n += (size_t) n;
}

/* Whatever is around it: the daemon sends text as it is, neither masked nor compressed. */
static bool has(const struct client *client, const char *text)
{
	return memmem(client->bytes, client->n, text, strlen(text));
}

/* Reads from both until each has @text, and notes when. */
static void await(const char *text)
{
	double end_ms = now_ms() + PATIENCE_S * 1e3;
	int missing = N_CLIENTS;

	for (int i = 0; i < N_CLIENTS; i++)
		clients[i].arrived_ms = 0;
	while (missing > 0) {
		struct pollfd ready[N_CLIENTS];

		for (int i = 0; i < N_CLIENTS; i++)
			ready[i] = (struct pollfd){ .fd = clients[i].fd, .events = POLLIN };
		if (now_ms() > end_ms || poll(ready, N_CLIENTS, PATIENCE_S * 1000) <= 0) {
			fprintf(stderr, "witness: no %s within %d s\n", text, PATIENCE_S);
			exit(1);
		}
		for (int i = 0; i < N_CLIENTS; i++) {
			if (!ready[i].revents)
				continue;
			receive(&clients[i]);
			if (!clients[i].arrived_ms && has(&clients[i], text)) {
				clients[i].arrived_ms = now_ms();
				missing--;
			}
		}
	}
}

/* A frame of text from a client (RFC 6455, 5.2); a mask of zeros is one, too. */
static void say(struct client *client, const char *text)
{
	size_t n = strlen(text);
	uint8_t head[8] = { 0x81, 0x80 | 126, (uint8_t) (n >> 8), (uint8_t) n };

	if (n > UINT16_MAX) {
		fprintf(stderr, "witness: a hello of %zu bytes\n", n);
		exit(1);
	}
	if (n < 126) {
		head[1] = (uint8_t) (0x80 | n);
		head[2] = head[3] = 0;
		put(client, head, 6);
	} else {
		put(client, head, sizeof(head));
	}
	put(client, text, n);
}

static void enter(struct client *client, const char *cookie)
{
	const struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(80),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	char request[1024];
	int n;

	client->bytes = malloc(MAX_BYTES);
	client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (!client->bytes || client->fd < 0 ||
	    connect(client->fd, (const struct sockaddr *) &address, sizeof(address)) < 0)
		die("connect");
	n = snprintf(request, sizeof(request),
		     "GET /_dash-ws-callback HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: "
		     "http://127.0.0.1\r\n"
		     "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
		     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s%s%s\r\n",
		     cookie ? "Cookie: " : "", cookie ? cookie : "", cookie ? "\r\n" : "");
	put(client, request, (size_t) n);
}

static void pull(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		die(path);
	(void) close(fd);
}

int main(int argc, char **argv)
{
	double begin_ms, pulled_ms;

	if (argc < 5) {
		fprintf(stderr, "usage: witness PULL VALUE TEXT HELLO [COOKIE]\n");
		return 2;
	}
	for (int i = 0; i < N_CLIENTS; i++)
		enter(&clients[i], argc > 5 ? argv[5] : NULL);
	await("Sec-WebSocket-Accept:");
	for (int i = 0; i < N_CLIENTS; i++) {
		char *hello = strdup(argv[4]);

		if (!hello)
			die("hello");
		/* Each is a tab of its own: @ stands for its number. */
		for (char *at = hello; (at = strchr(at, '@')); at++)
			*at = (char) ('0' + i);
		say(&clients[i], hello);
		free(hello);
	}
	await("\"welcome\"");
	/* What came with it is no news. */
	for (int i = 0; i < N_CLIENTS; i++)
		clients[i].n = 0;
	begin_ms = now_ms();
	pull(argv[1], argv[2]);
	pulled_ms = now_ms();
	await(argv[3]);
	printf("pull: %.1f ms\n", pulled_ms - begin_ms);
	for (int i = 0; i < N_CLIENTS; i++)
		printf("client %d: %.1f ms\n", i, clients[i].arrived_ms - begin_ms);
	return 0;
}
