#include "loop/loop-lws.h"

#include <errno.h>
#include <fcntl.h>
#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "loop/loop-private.h"
#include "util/log.h"

/*
 * One buffer for all connections: what one send() of a file or a message carries, and what one
 * recv() takes. With the default of 4 kB a message of 1 MB costs six times as much.
 */
#define SERVICE_BUFFER_BYTES (256 * 1024)
/*
 * libwebsockets makes tables with a place for each descriptor that the process might have. Systems
 * that allow a million of them would cost us 16 MB.
 */
#define MAX_FDS	     8192
#define HEADER_BYTES 8192
/* Headers of a request: the slowest that an honest browser on a bad radio link needs. */
#define HEADER_TIMEOUT_S 10

/* A network full of port scanners must not fill the journal. */
#define LOG_LINES_PER_MINUTE 10

struct lws_loop {
	struct vz_loop loop;
	struct lws_context *context;
	lws_sorted_usec_list_t sul;
};

static struct lws_loop *lws_loop(struct vz_loop *loop)
{
	return vz_container_of(loop, struct lws_loop, loop);
}

static int64_t monotonic_us(void)
{
	struct timespec t;

	(void) clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t) t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t lws_loop_now_us(struct vz_loop *loop)
{
	return monotonic_us();
}

static void on_sul(lws_sorted_usec_list_t *sul)
{
	struct lws_loop *l = lws_container_of(sul, struct lws_loop, sul);
	int64_t now_us = monotonic_us();

	/* Those due now, not those that they start anew: sockets get their turn in between. */
	while (vz_loop_run_timer(&l->loop, now_us))
		;
	l->loop.body->arm(&l->loop);
}

static void lws_loop_arm(struct vz_loop *loop)
{
	struct lws_loop *l = lws_loop(loop);
	int64_t next_us = vz_loop_next_us(loop), delay_us;

	if (next_us == INT64_MAX) {
		lws_sul_schedule(l->context, 0, &l->sul, on_sul, LWS_SET_TIMER_USEC_CANCEL);
		return;
	}
	delay_us = next_us - monotonic_us();
	/* 1 at least: libwebsockets takes poll()'s whole milliseconds, rounded down, for the rest.
	 */
	lws_sul_schedule(l->context, 0, &l->sul, on_sul, delay_us > 1 ? delay_us : 1);
}

static int lws_loop_run(struct vz_loop *loop)
{
	while (!vz_loop_is_quitting(loop)) {
		if (lws_service(lws_loop(loop)->context, 0) < 0)
			return -EIO;
	}
	return 0;
}

static void lws_loop_free(struct vz_loop *loop)
{
	struct lws_loop *l = lws_loop(loop);

	/* Closes the duplicate of the epoll set that it adopted. */
	lws_context_destroy(l->context);
	vz_loop_deinit(loop);
	free(l);
}

static int on_loop(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
		   size_t len)
{
	struct lws_loop *l;

	if (reason != LWS_CALLBACK_RAW_RX_FILE)
		return 0;
	l = lws_context_user(lws_get_context(wsi));
	(void) vz_loop_dispatch(&l->loop, 0);
	return 0;
}

static const struct lws_protocols loop_protocols[] = {
	{ .name = "vizyd-loop", .callback = on_loop },
	{ 0 },
};

static void log_lws(int level, const char *line)
{
	static int64_t minute;
	static unsigned n_lines;
	int64_t now = monotonic_us() / 60000000;

	if (now != minute) {
		if (n_lines > LOG_LINES_PER_MINUTE)
			vz_log(SERVER, WARNING, "libwebsockets: %u more lines",
			       n_lines - LOG_LINES_PER_MINUTE);
		minute = now;
		n_lines = 0;
	}
	if (++n_lines > LOG_LINES_PER_MINUTE)
		return;
	vz_log(SERVER, WARNING, "libwebsockets: %.*s", (int) strcspn(line, "\n"), line);
}

/*
 * Not by fd_limit_per_thread, with which libwebsockets 4.1 searches its tables instead of indexing
 * them. Nor does it keep accept() from failing here: that is server/listen.c's business.
 */
static void limit_fds(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur > MAX_FDS) {
		limit.rlim_cur = MAX_FDS;
		(void) setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static struct lws_context *new_context(struct lws_loop *l)
{
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN,
		.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_VALIDATE_UTF8,
		.user = l,
		.gid = -1,
		.uid = -1,
		.pt_serv_buf_size = SERVICE_BUFFER_BYTES,
		.max_http_header_data = HEADER_BYTES,
		.timeout_secs = HEADER_TIMEOUT_S,
	};

	limit_fds();
	lws_set_log_level(LLL_ERR | LLL_WARN, log_lws);
	return lws_create_context(&info);
}

/* Puts the epoll set into libwebsockets' own poll(). */
static int adopt_set(struct lws_loop *l)
{
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN,
		.vhost_name = "loop",
		.protocols = loop_protocols,
	};
	lws_sock_file_fd_type fd;
	struct lws_vhost *vhost;

	vhost = lws_create_vhost(l->context, &info);
	if (!vhost)
		return -ENOMEM;
	fd.filefd = fcntl(l->loop.epoll_fd, F_DUPFD_CLOEXEC, 3);
	if (fd.filefd < 0)
		return -errno;
	/* On failure libwebsockets has closed it already. */
	if (!lws_adopt_descriptor_vhost(vhost, LWS_ADOPT_RAW_FILE_DESC, fd, "vizyd-loop", NULL))
		return -ENOMEM;
	return 0;
}

int vz_loop_new_lws(struct vz_loop **ret)
{
	static const struct vz_loop_body body = { lws_loop_now_us, lws_loop_arm, lws_loop_run,
						  lws_loop_free };
	struct lws_loop *l;
	int r;

	l = calloc(1, sizeof(*l));
	if (!l)
		return -ENOMEM;
	r = vz_loop_init(&l->loop, &body);
	if (r < 0) {
		free(l);
		return r;
	}
	l->context = new_context(l);
	r = l->context ? adopt_set(l) : -ENOMEM;
	if (r < 0) {
		lws_loop_free(&l->loop);
		return r;
	}
	*ret = &l->loop;
	return 0;
}

struct lws_context *vz_loop_get_lws(struct vz_loop *loop)
{
	return lws_loop(loop)->context;
}
