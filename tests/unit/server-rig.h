/*
 * A server on real sockets with a page of one component, and a client on a thread of its own that
 * asks while the loop runs here.
 */
#pragma once

#include "test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dash/app.h"
#include "loop/loop-lws.h"
#include "server/server.h"
#include "server/video.h"
#include "util/blob.h"
#include "vizyd/html.h"

static const char manifest[] =
	"{\"layout_scripts\":[\"/s.v1m1f.js\"],\"stock_scripts\":[],\"styles\":[],\"worker\":\"/"
	"w.js\","
	"\"stock_worker\":\"/sw.js\",\"files\":{\"s.v1m1f.js\":{\"file\":\"s.js\","
	"\"type\":\"text/javascript\",\"etag\":\"1f\",\"immutable\":true}}}";

/* --- A server with a page of one component ---------------------------------------------------- */

struct fixture {
	char dir[64];
	struct vz_loop *loop;
	struct vz_app *app;
	struct vz_server *server;
	unsigned n_watchers;
	bool has_camera;
	/* A second camera, of some tests. */
	struct vz_video *side;
	unsigned n_side_watchers;
	bool removes_side; /* as soon as somebody watches */
};

static inline void write_file(const struct fixture *f, const char *name, const char *text)
{
	char path[128];
	FILE *file;

	(void) snprintf(path, sizeof(path), "%s/%s", f->dir, name);
	file = fopen(path, "w");
	CHECK(file);
	CHECK_EQ(fwrite(text, 1, strlen(text), file), strlen(text));
	CHECK_EQ(fclose(file), 0);
}

static inline void put_picture(void *data)
{
	VZ_CLEANUP(vz_blob_unrefp) struct vz_blob *jpeg = vz_blob_new_copy("picture", 7);

	CHECK(jpeg);
	vz_server_put_picture(((struct fixture *) data)->server, jpeg);
}

/* The camera starts when somebody watches. */
static inline void on_watchers(unsigned n, void *data)
{
	struct fixture *f = data;

	if (f->has_camera && n > f->n_watchers)
		CHECK_EQ(vz_loop_post(f->loop, put_picture, f), 0);
	f->n_watchers = n;
}

static inline void make_parts(struct fixture *f)
{
	const struct vz_app_options options = { .boot_id = "boot" };

	memset(f, 0, sizeof(*f));
	strcpy(f->dir, "/tmp/vizyd-server-XXXXXX");
	CHECK(mkdtemp(f->dir));
	write_file(f, "manifest.json", manifest);
	write_file(f, "s.js", "script");
	CHECK_EQ(vz_loop_new_lws(&f->loop), 0);
	CHECK_EQ(vz_app_new(&options, &f->app), 0);
	CHECK_EQ(vz_app_set_layout(f->app, vz_html_div(.id = "root")), 0);
	CHECK_EQ(vz_app_start(f->app), 0);
}

static inline int make_server(struct fixture *f, struct vz_server_options options, char **ret_error)
{
	options.ui_dir = options.ui_dir ? options.ui_dir : f->dir;
	options.title = "Test";
	options.watchers_changed = on_watchers;
	options.data = f;
	return vz_server_new(f->loop, f->app, &options, ret_error, &f->server);
}

static inline void free_parts(struct fixture *f)
{
	char path[128];

	vz_server_free(f->server);
	vz_app_stop(f->app);
	vz_app_free(f->app);
	vz_loop_free(f->loop);
	(void) snprintf(path, sizeof(path), "%s/manifest.json", f->dir);
	(void) unlink(path);
	(void) snprintf(path, sizeof(path), "%s/s.js", f->dir);
	(void) unlink(path);
	(void) rmdir(f->dir);
}

static const char *const any_port[] = { "127.0.0.1:0", NULL };

/* --- The client ------------------------------------------------------------------------------- */

struct client {
	struct fixture *f;
	const char *request;
	const char *until; /* hangs up when this has come; NULL: waits for the server to */
	char answer[4096];
	size_t size;
};

static inline int dial(struct fixture *f)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	const struct timeval patience = { .tv_sec = 20 };
	const char *url = vz_server_get_url(f->server, 0);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	address.sin_port = htons((uint16_t) atoi(strrchr(url, ':') + 1));
	(void) setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (connect(fd, (struct sockaddr *) &address, sizeof(address)) < 0) {
		(void) close(fd);
		return -1;
	}
	return fd;
}

static inline void *ask(void *data)
{
	struct client *client = data;
	ssize_t n;
	int fd;

	fd = dial(client->f);
	if (fd >= 0 && send(fd, client->request, strlen(client->request), MSG_NOSIGNAL) > 0) {
		while (client->size < sizeof(client->answer) - 1) {
			n = recv(fd, client->answer + client->size,
				 sizeof(client->answer) - 1 - client->size, 0);
			if (n <= 0)
				break;
			client->size += (size_t) n;
			if (client->until && memmem(client->answer, client->size, client->until,
						    strlen(client->until)))
				break;
		}
	}
	if (fd >= 0)
		(void) close(fd);
	vz_loop_quit(client->f->loop);
	return NULL;
}

/* The status of the answer to @request. */
static inline int status_of(struct fixture *f, const char *request, struct client *client)
{
	pthread_t thread;
	int status = 0;

	client->f = f;
	client->request = request;
	client->size = 0;
	memset(client->answer, 0, sizeof(client->answer));
	CHECK_EQ(pthread_create(&thread, NULL, ask, client), 0);
	CHECK_EQ(vz_loop_run(f->loop), 0);
	CHECK_EQ(pthread_join(thread, NULL), 0);
	(void) sscanf(client->answer, "HTTP/1.1 %d", &status);
	return status;
}

#define LINE(request) request " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
#define UPGRADE(path) \
	"GET " path   \
	" HTTP/1.1\r\nHost: localhost:1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
#define KEY	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
#define VERSION "Sec-WebSocket-Version: 13\r\n"
#define ORIGIN	"Origin: http://localhost:1\r\n"
