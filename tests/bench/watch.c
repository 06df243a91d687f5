/*
 * Many viewers of one camera: of the video websocket, or of the stream for other programs. Prints
 *one line of JSON.
 *
 *	bench-watch [--viewers N] [--stuck N] [--seconds S] [--pid PID] ws|mjpeg PORT
 *
 * --stuck viewers connect and then read nothing. The delay is from the time that the picture
 * carries, when its frame was exposed or it was made, to its last byte's arrival.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "measure.h"
#include "socket.h"

#define BUFFER_BYTES	(256 * 1024)
#define MAX_EVENTS	256
#define PICTURE_HEAD	32
#define LONGEST_WAIT_NS 5000000000
#define WARM_UP_NS	500000000
#define OP_BINARY	2

struct options {
	int viewers, stuck;
	double seconds;
	pid_t pid;
	bool is_http;
	unsigned port;
};

struct viewer {
	int fd;
	bool is_http;
	uint8_t head[512];
	size_t head_size;
	uint64_t left; /* of the payload behind the head */
	bool has_picture;
	int64_t stamp_ns;
};

struct watch {
	struct options options;
	struct viewer *viewers;
	int epoll;
	bool counts;
	uint64_t n_pictures, bytes;
	struct samples delays; /* ms */
};

/* --- Heads ----------------------------------------------------------------------------------- */

/* Returns whether the head of a websocket message, and of the picture in it, is whole. */
static bool read_ws_head(struct viewer *v)
{
	size_t head = 2, size, i;

	if (v->head_size < 2)
		return false;
	size = v->head[1] & 127;
	if (size >= 126) {
		head = size == 126 ? 4 : 10;
		if (v->head_size < head)
			return false;
		for (size = 0, i = 2; i < head; i++)
			size = size << 8 | v->head[i];
	}
	v->has_picture = (v->head[0] & 15) == OP_BINARY;
	if (v->has_picture) {
		if (v->head_size < head + PICTURE_HEAD)
			return false;
		if (memcmp(v->head + head, "VZF1", 4) != 0)
			fail("a picture without its head");
		memcpy(&v->stamp_ns, v->head + head + 16, sizeof(v->stamp_ns));
		size -= PICTURE_HEAD;
	}
	v->left = size;
	return true;
}

/* The same of a part of the stream, or of the answer's own head, which has no length. */
static bool read_http_head(struct viewer *v)
{
	static const char length[] = "Content-Length: ", stamp[] = "X-Timestamp: ";
	const char *found;
	char *end;

	if (v->head_size < 4 || memcmp(v->head + v->head_size - 4, "\r\n\r\n", 4) != 0)
		return false;
	found = memmem(v->head, v->head_size, length, sizeof(length) - 1);
	v->has_picture = found;
	v->left = found ? strtoull(found + sizeof(length) - 1, NULL, 10) : 0;
	found = memmem(v->head, v->head_size, stamp, sizeof(stamp) - 1);
	if (found) {
		v->stamp_ns = strtoll(found + sizeof(stamp) - 1, &end, 10) * 1000000000;
		v->stamp_ns += strtoll(end + 1, NULL, 10) * 1000;
	}
	return true;
}

static bool add_to_head(struct viewer *v, uint8_t byte)
{
	if (v->head_size == sizeof(v->head))
		fail("a head of more than %zu bytes", sizeof(v->head));
	v->head[v->head_size++] = byte;
	if (!(v->is_http ? read_http_head(v) : read_ws_head(v)))
		return false;
	v->head_size = 0;
	return true;
}

/* --- Pictures -------------------------------------------------------------------------------- */

static void on_picture(struct watch *watch, const struct viewer *v)
{
	if (!watch->counts)
		return;
	watch->n_pictures++;
	samples_add(&watch->delays, (double) (now_ns() - v->stamp_ns) / 1e6);
}

static void take(struct watch *watch, struct viewer *v, const uint8_t *data, size_t n)
{
	size_t part;

	watch->bytes += watch->counts ? n : 0;
	while (n) {
		if (!v->left) {
			n--;
			if (!add_to_head(v, *data++))
				continue;
		}
		part = v->left < n ? (size_t) v->left : n;
		v->left -= part;
		data += part;
		n -= part;
		if (!v->left && v->has_picture) {
			v->has_picture = false;
			on_picture(watch, v);
		}
	}
}

static void read_all(struct watch *watch, struct viewer *v)
{
	static uint8_t buffer[BUFFER_BYTES];
	ssize_t n = recv(v->fd, buffer, sizeof(buffer), MSG_DONTWAIT);

	if (n == 0)
		fail("the server has closed a viewer's connection");
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		fail("recv: %s", strerror(errno));
	if (n > 0)
		take(watch, v, buffer, (size_t) n);
}

/* --- Viewers --------------------------------------------------------------------------------- */

static int open_stream(unsigned port)
{
	char request[128];
	int fd = dial(port), n;

	n = snprintf(request, sizeof(request),
		     "GET /stream.mjpg HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n\r\n", port);
	if (send(fd, request, (size_t) n, MSG_NOSIGNAL) != n)
		fail("send: %s", strerror(errno));
	return fd;
}

static void open_viewers(struct watch *watch)
{
	struct epoll_event event = { .events = EPOLLIN };
	int i, n = watch->options.viewers + watch->options.stuck;
	struct socket socket;

	watch->epoll = epoll_create1(EPOLL_CLOEXEC);
	watch->viewers = calloc((size_t) n, sizeof(*watch->viewers));
	if (watch->epoll < 0 || !watch->viewers)
		fail("out of memory");
	for (i = 0; i < n; i++) {
		struct viewer *v = &watch->viewers[i];

		v->is_http = watch->options.is_http;
		if (v->is_http) {
			v->fd = open_stream(watch->options.port);
		} else {
			socket_open(&socket, watch->options.port, "/_vizyd/video");
			v->fd = socket.fd;
		}
		event.data.ptr = v;
		if (i < watch->options.viewers &&
		    epoll_ctl(watch->epoll, EPOLL_CTL_ADD, v->fd, &event) < 0)
			fail("epoll: %s", strerror(errno));
	}
}

static void run_until(struct watch *watch, int64_t end)
{
	struct epoll_event events[MAX_EVENTS];
	int i, n;

	while (now_ns() < end) {
		n = epoll_wait(watch->epoll, events, MAX_EVENTS, 100);
		for (i = 0; i < n; i++)
			read_all(watch, events[i].data.ptr);
	}
}

/* Those whose processor time is told by name. */
static const char *const threads[] = { NULL, "vizyd", "vizyd-encode" };

static void run(struct watch *watch)
{
	enum { N = sizeof(threads) / sizeof(threads[0]) };
	pid_t pid = watch->options.pid;
	int64_t cpu[N] = { 0 }, start;
	double n, seconds;
	long anon_kb;
	size_t i;

	anon_kb = pid ? status_kb(pid, "RssAnon") : 0;
	open_viewers(watch);
	run_until(watch, now_ns() + WARM_UP_NS);
	for (i = 0; pid && i < N; i++)
		cpu[i] = cpu_ns(pid, threads[i]);
	watch->counts = true;
	start = now_ns();
	run_until(watch, start + (int64_t) (watch->options.seconds * 1e9));
	/* A short run on a busy machine may end before the first one. */
	while (!watch->n_pictures && now_ns() - start < LONGEST_WAIT_NS)
		run_until(watch, now_ns() + 50000000);
	seconds = (double) (now_ns() - start) / 1e9;
	for (i = 0; pid && i < N; i++)
		cpu[i] = cpu_ns(pid, threads[i]) - cpu[i];
	if (!watch->n_pictures)
		fail("no picture within %g s", seconds);

	n = (double) watch->n_pictures;
	anon_kb = pid ? status_kb(pid, "RssAnon") - anon_kb : 0;
	printf("{\"n\":%.0f,\"fps\":%.2f,\"bytes\":%.0f,\"delay_p50_ms\":%.3f,\"delay_p99_ms\":%."
	       "3f,"
	       "\"cpu_us\":%.2f,\"loop_us\":%.2f,\"encode_us\":%.2f,\"grown_kb\":%ld}\n",
	       n, n / seconds / watch->options.viewers, (double) watch->bytes / n,
	       samples_percentile(&watch->delays, 50), samples_percentile(&watch->delays, 99),
	       (double) cpu[0] / 1000 / n, (double) cpu[1] / 1000 / n, (double) cpu[2] / 1000 / n,
	       anon_kb);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "viewers", required_argument, NULL, 'v' },
		{ "stuck", required_argument, NULL, 'u' },
		{ "seconds", required_argument, NULL, 's' },
		{ "pid", required_argument, NULL, 'p' },
		{ NULL, 0, NULL, 0 },
	};
	struct watch watch = { .options = { .viewers = 1, .seconds = 1 } };
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'v')
			watch.options.viewers = (int) parse_number("--viewers", optarg, 1);
		else if (c == 'u')
			watch.options.stuck = (int) parse_number("--stuck", optarg, 0);
		else if (c == 's')
			watch.options.seconds = strtod(optarg, NULL);
		else if (c == 'p')
			watch.options.pid = (pid_t) parse_number("--pid", optarg, 1);
		else
			return EXIT_FAILURE;
	}
	if (argc - optind != 2 ||
	    (strcmp(argv[optind], "ws") != 0 && strcmp(argv[optind], "mjpeg") != 0))
		fail("expected ws or mjpeg, and a port");
	watch.options.is_http = strcmp(argv[optind], "mjpeg") == 0;
	watch.options.port = (unsigned) parse_number("port", argv[optind + 1], 1);
	run(&watch);
	free(watch.delays.values);
	free(watch.viewers);
	return EXIT_SUCCESS;
}
