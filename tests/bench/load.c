/*
 * The load of many tabs on a server that speaks our link: the daemon's core, or floor-link.c, which
 * does the same work with nothing but libwebsockets and json-c. Prints one line of JSON.
 *
 *	bench-load [--connections N] [--seconds S] [--bytes N] [--values N] [--control ID] [--pid
 *PID] MODE PORT
 *
 *	echo		every tab has one request on its way, and sends the next when it is
 *answered;
 *			--bytes is the length of the value
 *	broadcast	one tab sets a shared value, until all have it; then the next value
 *	order		values are sent in bursts of 20, back to back, --values of them; counts
 *answers and values in a wrong place drag		the same for a shared value that another tab
 *watches idle		tabs that do nothing: what they cost
 *
 * --pid is the server, whose processor time and memory are measured.
 */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "measure.h"
#include "socket.h"

#define PATH	    "/_dash-ws-callback"
#define MAX_EVENTS  256
#define WARM_UP_NS  100000000
#define BURST	    20
#define IDLE_US	    1000000
#define STALLED_MS  20000
#define MAX_OPEN_FD 8192

struct options {
	int connections;
	double seconds;
	long bytes, values;
	const char *control;
	pid_t pid;
	unsigned port;
};

struct tab {
	struct socket socket;
	int number;
	long sent, answered;
	int64_t sent_ns;
	bool is_due; /* of a broadcast: has not got it yet */
};

struct load {
	struct options options;
	struct tab *tabs;
	int epoll;
	char *filler, *message;
	size_t message_size;
};

/* --- Messages -------------------------------------------------------------------------------- */

#define REQUEST                                                                                 \
	"{\"type\":\"callback_request\",\"rendererId\":\"bench-%d\",\"requestId\":\"bench-%d-%" \
	"ld\","                                                                                 \
	"\"payload\":{\"output\":\"%s-out.%s\",\"outputs\":{\"id\":\"%s-out\",\"property\":\"%" \
	"s\"},"                                                                                 \
	"\"inputs\":[{\"id\":\"%s\",\"property\":\"%s\",\"value\":%s%ld%s%s}],"                 \
	"\"changedPropIds\":[\"%s.%s\"],\"parsedChangedPropsIds\":[\"%s.%s\"],\"state\":[]}}"

static void send_message(struct load *load, struct tab *tab, int size)
{
	if (size < 0 || (size_t) size >= load->message_size)
		fail("a message does not fit");
	tab->sent_ns = now_ns();
	socket_send(&tab->socket, load->message, (size_t) size);
}

/* The number of the request is the value, as text of at least --bytes. */
static void send_echo(struct load *load, struct tab *tab)
{
	long n = ++tab->sent;

	send_message(load, tab,
		     snprintf(load->message, load->message_size, REQUEST, tab->number, tab->number,
			      n, "echo", "data", "echo", "data", "echo", "data", "\"", n,
			      load->filler, "\"", "echo", "data", "echo", "data"));
}

static void send_shared(struct load *load, struct tab *tab)
{
	const char *id = load->options.control;
	long n = ++tab->sent;

	send_message(load, tab,
		     snprintf(load->message, load->message_size, REQUEST, tab->number, tab->number,
			      n, id, "children", id, "children", id, "value", "", n, "", "", id,
			      "value", id, "value"));
}

static bool contains(const char *text, size_t size, const char *part)
{
	return memmem(text, size, part, strlen(part));
}

/* The number behind @part in the first bytes of a message, or -1. */
static long number_behind(const char *text, size_t size, const char *part)
{
	const char *found = memmem(text, size < 512 ? size : 512, part, strlen(part));

	return found ? strtol(found + strlen(part), NULL, 10) : -1;
}

/* Which of the tab's requests the message answers, or -1 when it is none. */
static long read_answer(const struct tab *tab, const char *text, size_t size)
{
	char id[48];

	snprintf(id, sizeof(id), "\"requestId\":\"bench-%d-", tab->number);
	return number_behind(text, size, id);
}

/* --- Tabs ------------------------------------------------------------------------------------ */

static void say_hello(struct tab *tab)
{
	char hello[200];
	const char *message;
	size_t size;
	int n;

	n = snprintf(hello, sizeof(hello),
		     "{\"type\":\"hello\",\"rendererId\":\"bench-%d\",\"payload\":{\"link\":1,"
		     "\"layout\":\"\",\"boot\":null}}",
		     tab->number);
	socket_send(&tab->socket, hello, (size_t) n);
	do
		message = socket_wait(&tab->socket, &size);
	while (!contains(message, size < 64 ? size : 64, "\"welcome\""));
}

static void open_tabs(struct load *load)
{
	struct epoll_event event = { .events = EPOLLIN };

	load->epoll = epoll_create1(EPOLL_CLOEXEC);
	load->tabs = calloc((size_t) load->options.connections, sizeof(*load->tabs));
	if (load->epoll < 0 || !load->tabs)
		fail("out of memory");
	for (int i = 0; i < load->options.connections; i++) {
		struct tab *tab = &load->tabs[i];

		tab->number = i;
		socket_open(&tab->socket, load->options.port, PATH);
		say_hello(tab);
		event.data.ptr = tab;
		if (epoll_ctl(load->epoll, EPOLL_CTL_ADD, tab->socket.fd, &event) < 0)
			fail("epoll: %s", strerror(errno));
	}
}

static void close_tabs(struct load *load)
{
	for (int i = 0; i < load->options.connections; i++)
		socket_close(&load->tabs[i].socket);
	(void) close(load->epoll);
	free(load->tabs);
}

static int wait_for_tabs(struct load *load, struct epoll_event *events)
{
	int n = epoll_wait(load->epoll, events, MAX_EVENTS, STALLED_MS);

	if (n <= 0)
		fail("no answer for %d s", STALLED_MS / 1000);
	return n;
}

/* --- Echo ------------------------------------------------------------------------------------ */

/* Returns whether the request that was on its way has been answered, with what it asked for. */
static bool take_answers(struct load *load, struct tab *tab)
{
	bool answered = false;
	const char *message;
	size_t size;

	(void) socket_read(&tab->socket);
	while ((message = socket_take(&tab->socket, &size))) {
		if (read_answer(tab, message, size) != tab->sent)
			continue;
		if (!contains(message, size < 512 ? size : 512, "\"status\":\"ok\"") ||
		    size < (size_t) load->options.bytes)
			fail("a wrong answer: %.*s", (int) (size < 300 ? size : 300), message);
		answered = true;
	}
	return answered;
}

static void run_echo(struct load *load)
{
	int64_t start = now_ns() + WARM_UP_NS, end = 0, cpu = 0, now;
	struct epoll_event events[MAX_EVENTS];
	struct samples times = { 0 };
	int i, n;

	for (i = 0; i < load->options.connections; i++)
		send_echo(load, &load->tabs[i]);
	while (!end || now < end) {
		n = wait_for_tabs(load, events);
		for (i = 0; i < n; i++) {
			struct tab *tab = events[i].data.ptr;

			if (!take_answers(load, tab))
				continue;
			if (end)
				samples_add(&times, (double) (now_ns() - tab->sent_ns) / 1000);
			send_echo(load, tab);
		}
		now = now_ns();
		if (!end && now >= start) {
			start = now;
			end = now + (int64_t) (load->options.seconds * 1e9);
			cpu = load->options.pid ? cpu_ns(load->options.pid, NULL) : 0;
		}
	}
	if (load->options.pid)
		cpu = cpu_ns(load->options.pid, NULL) - cpu;
	if (!times.n)
		fail("no answer within %g s", load->options.seconds);
	n = (int) times.n;
	printf("{\"n\":%d,\"per_second\":%.1f,\"p50_us\":%.2f,\"p99_us\":%.2f,\"cpu_us\":%.3f}\n",
	       n, n / ((double) (now - start) / 1e9), samples_percentile(&times, 50),
	       samples_percentile(&times, 99), (double) cpu / 1000 / n);
	free(times.values);
}

/* --- Broadcast ------------------------------------------------------------------------------- */

static void take_broadcast(struct tab *tab, const char *token, int *n_due)
{
	const char *message;
	size_t size;

	(void) socket_read(&tab->socket);
	while ((message = socket_take(&tab->socket, &size))) {
		if (tab->is_due && contains(message, size, token)) {
			tab->is_due = false;
			--*n_due;
		}
	}
}

/* One new value from the first tab to all; returns how long the last one waited, in us. */
static double run_round(struct load *load)
{
	struct epoll_event events[MAX_EVENTS];
	int i, n, n_due = load->options.connections;
	char token[64];

	for (i = 0; i < load->options.connections; i++)
		load->tabs[i].is_due = true;
	send_shared(load, &load->tabs[0]);
	snprintf(token, sizeof(token), "%s=%ld\"", load->options.control, load->tabs[0].sent);
	while (n_due > 0) {
		n = wait_for_tabs(load, events);
		for (i = 0; i < n; i++)
			take_broadcast(events[i].data.ptr, token, &n_due);
	}
	return (double) (now_ns() - load->tabs[0].sent_ns) / 1000;
}

static void run_broadcast(struct load *load)
{
	struct samples times = { 0 };
	int64_t end, cpu, warm = now_ns() + WARM_UP_NS;
	double n;

	do
		(void) run_round(load);
	while (now_ns() < warm);
	cpu = load->options.pid ? cpu_ns(load->options.pid, NULL) : 0;
	end = now_ns() + (int64_t) (load->options.seconds * 1e9);
	do
		samples_add(&times, run_round(load));
	while (now_ns() < end);
	if (load->options.pid)
		cpu = cpu_ns(load->options.pid, NULL) - cpu;
	n = (double) times.n;
	printf("{\"n\":%.0f,\"last_p50_us\":%.2f,\"last_p99_us\":%.2f,\"cpu_us\":%.3f}\n", n,
	       samples_percentile(&times, 50), samples_percentile(&times, 99),
	       (double) cpu / 1000 / n / load->options.connections);
	free(times.values);
}

/* --- Order ----------------------------------------------------------------------------------- */

/* Each answer in its turn, and with the value that its request had. */
static void run_order(struct load *load)
{
	long values = load->options.values / BURST * BURST, swapped = 0, wrong = 0, bad = 0;
	struct tab *tab = &load->tabs[0];
	const char *message;
	int64_t start = now_ns();
	size_t size;

	while (tab->answered < values) {
		for (int i = 0; i < BURST; i++)
			send_echo(load, tab);
		while (tab->answered < tab->sent) {
			long id, value;

			message = socket_wait(&tab->socket, &size);
			id = read_answer(tab, message, size);
			if (id < 0)
				continue;
			tab->answered++;
			value = number_behind(message, size, "{\"echo-out\":{\"data\":\"");
			swapped += id != tab->answered;
			bad += value != id;
			wrong += tab->answered == tab->sent && value != tab->sent;
		}
	}
	printf("{\"n\":%ld,\"swapped\":%ld,\"bad\":%ld,\"final_wrong\":%ld,\"per_second\":%.0f}\n",
	       tab->answered, swapped, bad, wrong,
	       (double) tab->answered / ((double) (now_ns() - start) / 1e9));
}

/*
 * Who watches a drag need not see every value, as newer ones replace those that wait; but none may
 * go back, and the last has to be the last.
 */
static void run_drag(struct load *load)
{
	struct tab *hand = &load->tabs[0], *eye = &load->tabs[1];
	long swapped = 0, seen = 0, n_seen = 0;
	int64_t start = now_ns();
	const char *message;
	char part[64];
	size_t size;

	snprintf(part, sizeof(part), "\"children\":\"%s=", load->options.control);
	while (hand->sent < load->options.values) {
		for (int i = 0; i < BURST; i++)
			send_shared(load, hand);
		while (seen != hand->sent) {
			long value;

			message = socket_wait(&eye->socket, &size);
			value = number_behind(message, size, part);
			if (value < 0)
				continue;
			swapped += value < seen;
			seen = value;
			n_seen++;
		}
		while (hand->answered < hand->sent) {
			message = socket_wait(&hand->socket, &size);
			hand->answered += read_answer(hand, message, size) > 0;
		}
	}
	printf("{\"n\":%ld,\"seen\":%ld,\"swapped\":%ld,\"final_wrong\":0,\"per_second\":%.0f}\n",
	       hand->sent, n_seen, swapped,
	       (double) hand->sent / ((double) (now_ns() - start) / 1e9));
}

/* --- Idle ------------------------------------------------------------------------------------ */

static void run_idle(struct load *load)
{
	pid_t pid = load->options.pid;
	int n = load->options.connections;
	long before, after;
	int64_t cpu;

	if (!pid)
		fail("idle needs --pid");
	before = status_kb(pid, "RssAnon");
	open_tabs(load);
	(void) usleep(IDLE_US / 5);
	after = status_kb(pid, "RssAnon");
	cpu = cpu_ns(pid, NULL);
	(void) usleep(IDLE_US);
	cpu = cpu_ns(pid, NULL) - cpu;
	printf("{\"n\":%d,\"kb_each\":%.3f,\"cpu_percent\":%.3f}\n", n,
	       (double) (after - before) / n, (double) cpu / (IDLE_US * 10.0));
}

/* --- The program ----------------------------------------------------------------------------- */

static const struct {
	const char *name;
	void (*run)(struct load *load);
	int min_connections;
	bool opens_itself;
} modes[] = {
	{ "echo", run_echo, 1, false },	  { "broadcast", run_broadcast, 1, false },
	{ "order", run_order, 1, false }, { "drag", run_drag, 2, false },
	{ "idle", run_idle, 1, true },
};

static void read_options(int argc, char **argv, struct options *ret)
{
	static const struct option options[] = {
		{ "connections", required_argument, NULL, 'c' },
		{ "seconds", required_argument, NULL, 's' },
		{ "bytes", required_argument, NULL, 'b' },
		{ "values", required_argument, NULL, 'v' },
		{ "control", required_argument, NULL, 'o' },
		{ "pid", required_argument, NULL, 'p' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'c':
			ret->connections = (int) parse_number("--connections", optarg, 1);
			break;
		case 's':
			ret->seconds = strtod(optarg, NULL);
			break;
		case 'b':
			ret->bytes = parse_number("--bytes", optarg, 0);
			break;
		case 'v':
			ret->values = parse_number("--values", optarg, BURST);
			break;
		case 'o':
			ret->control = optarg;
			break;
		case 'p':
			ret->pid = (pid_t) parse_number("--pid", optarg, 1);
			break;
		default:
			exit(EXIT_FAILURE);
		}
	}
	if (argc - optind != 2)
		fail("expected a mode and a port");
	ret->port = (unsigned) parse_number("port", argv[optind + 1], 1);
	if (ret->seconds <= 0)
		fail("--seconds: expected a number above 0");
}

static void make_message(struct load *load)
{
	size_t size = (size_t) load->options.bytes;

	load->message_size = size + 1024;
	load->filler = calloc(1, size + 1);
	load->message = malloc(load->message_size);
	if (!load->filler || !load->message)
		fail("out of memory");
	memset(load->filler, 'x', size);
}

int main(int argc, char **argv)
{
	struct load load = {
		.options = { .connections = 1, .seconds = 1, .values = 1000, .control = "drag" },
	};
	const struct rlimit files = { MAX_OPEN_FD, MAX_OPEN_FD };
	size_t i;

	read_options(argc, argv, &load.options);
	(void) setrlimit(RLIMIT_NOFILE, &files);
	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (strcmp(argv[optind], modes[i].name) == 0)
			break;
	if (i == sizeof(modes) / sizeof(modes[0]))
		fail("there is no mode '%s'", argv[optind]);
	if (load.options.connections < modes[i].min_connections)
		load.options.connections = modes[i].min_connections;
	make_message(&load);
	if (!modes[i].opens_itself)
		open_tabs(&load);
	modes[i].run(&load);
	close_tabs(&load);
	free(load.filler);
	free(load.message);
	return 0;
}
