/*
 * The server on real sockets: what it takes to start, and what HTTP it lets in. A client on a
 * thread of its own asks, while the loop runs here. The wire tests in tests/conformance go on where
 * this ends.
 */
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

static void write_file(const struct fixture *f, const char *name, const char *text)
{
	char path[128];
	FILE *file;

	(void) snprintf(path, sizeof(path), "%s/%s", f->dir, name);
	file = fopen(path, "w");
	CHECK(file);
	CHECK_EQ(fwrite(text, 1, strlen(text), file), strlen(text));
	CHECK_EQ(fclose(file), 0);
}

static void put_picture(void *data)
{
	VZ_CLEANUP(vz_blob_unrefp) struct vz_blob *jpeg = vz_blob_new_copy("picture", 7);

	CHECK(jpeg);
	vz_server_put_picture(((struct fixture *) data)->server, jpeg);
}

/* The camera starts when somebody watches. */
static void on_watchers(unsigned n, void *data)
{
	struct fixture *f = data;

	if (f->has_camera && n > f->n_watchers)
		CHECK_EQ(vz_loop_post(f->loop, put_picture, f), 0);
	f->n_watchers = n;
}

static void make_parts(struct fixture *f)
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

static int make_server(struct fixture *f, struct vz_server_options options, char **ret_error)
{
	options.ui_dir = options.ui_dir ? options.ui_dir : f->dir;
	options.title = "Test";
	options.watchers_changed = on_watchers;
	options.data = f;
	return vz_server_new(f->loop, f->app, &options, ret_error, &f->server);
}

static void free_parts(struct fixture *f)
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

static int dial(struct fixture *f)
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

static void *ask(void *data)
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
static int status_of(struct fixture *f, const char *request, struct client *client)
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

/* --- Starting --------------------------------------------------------------------------------- */

TEST(port_0_picks_one_and_several_addresses_are_bound)
{
	static const char *const listen[] = { "127.0.0.1:0", "localhost:0", "127.0.0.2:0", NULL };
	struct fixture f;

	make_parts(&f);
	CHECK_EQ(make_server(&f, (struct vz_server_options){ .listen = listen }, NULL), 0);
	for (unsigned i = 0; i < 3; i++) {
		const char *url = vz_server_get_url(f.server, i);

		CHECK(url &&
		      strncmp(url, i == 2 ? "http://127.0.0.2:" : "http://127.0.0.1:", 17) == 0);
		CHECK(atoi(strrchr(url, ':') + 1) > 0);
	}
	CHECK(!vz_server_get_url(f.server, 3));
	free_parts(&f);
}

TEST(ipv6_addresses_have_brackets)
{
	static const char *const listen[] = { "[::1]:0", NULL };
	struct fixture f;
	int r;

	make_parts(&f);
	r = make_server(&f, (struct vz_server_options){ .listen = listen }, NULL);
	if (r == -EAFNOSUPPORT || r == -EADDRNOTAVAIL) {
		free_parts(&f);
		test_skip("no IPv6 here");
	}
	CHECK_EQ(r, 0);
	CHECK_EQ(strncmp(vz_server_get_url(f.server, 0), "http://[::1]:", 13), 0);
	free_parts(&f);
}

TEST(an_address_that_is_taken_or_malformed_is_an_error)
{
	static const struct {
		const char *where;
		int r;
	} cases[] = {
		{ "127.0.0.1", -EINVAL },
		{ "127.0.0.1:", -EINVAL },
		{ "127.0.0.1:x", -EINVAL },
		{ "127.0.0.1:65536", -EINVAL },
		{ "example.invalid:80", -EINVAL },
		{ "::1:80", -EINVAL },
		{ "[::1:80", -EINVAL },
		{ "", -EINVAL },
		{ "192.0.2.1:0", -EADDRNOTAVAIL },
	};
	char taken[64];
	const char *const twice[] = { "127.0.0.1:0", taken, NULL };
	struct fixture one, two;
	char *error = NULL;

	make_parts(&one);
	make_parts(&two);
	CHECK_EQ(make_server(&one, (struct vz_server_options){ .listen = any_port }, NULL), 0);
	(void) snprintf(taken, sizeof(taken), "%s", vz_server_get_url(one.server, 0) + 7);
	CHECK_EQ(make_server(&two, (struct vz_server_options){ .listen = twice }, &error),
		 -EADDRINUSE);
	CHECK(error && strstr(error, taken));
	CHECK(!two.server);
	free(error);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *const listen[] = { cases[i].where, NULL };

		test_case(cases[i].where);
		error = NULL;
		CHECK_EQ(make_server(&two, (struct vz_server_options){ .listen = listen }, &error),
			 cases[i].r);
		CHECK(error);
		free(error);
	}
	free_parts(&one);
	free_parts(&two);
}

TEST(without_browser_files_nothing_starts)
{
	const struct vz_server_options options = { .listen = any_port,
						   .ui_dir = "/nowhere/at/all" };
	struct fixture f;
	char *error = NULL;

	make_parts(&f);
	CHECK_EQ(make_server(&f, options, &error), -ENOENT);
	CHECK(error && strstr(error, "/nowhere/at/all"));
	free(error);
	free_parts(&f);
}

/* --- HTTP ------------------------------------------------------------------------------------- */

#define LINE(request) request " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
#define UPGRADE(path) \
	"GET " path   \
	" HTTP/1.1\r\nHost: localhost:1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
#define KEY	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
#define VERSION "Sec-WebSocket-Version: 13\r\n"
#define ORIGIN	"Origin: http://localhost:1\r\n"

TEST(requests_and_their_status)
{
	static const struct {
		const char *label, *request;
		int status;
		const char *has;
	} cases[] = {
		{ "page", LINE("GET /") "\r\n", 200, "react-entry-point" },
		{ "place of the page", LINE("GET /a/b") "\r\n", 200, "react-entry-point" },
		{ "HEAD", LINE("HEAD /") "\r\n", 200, "Content-Length: " },
		{ "HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", 200, "react-entry-point" },
		{ "layout", LINE("GET /_dash-layout") "\r\n", 200, "no-store" },
		{ "dependencies", LINE("GET /_dash-dependencies") "\r\n", 200, "[]" },
		{ "reload hash", LINE("GET /_reload-hash") "\r\n", 200, "\"reloadHash\":" },
		{ "status", LINE("GET /status") "\r\n", 200, "\"rss_kb\":" },
		{ "favicon", LINE("GET /favicon.ico") "\r\n", 204, NULL },
		{ "file", LINE("GET /s.v1m1f.js") "\r\n", 200, "immutable" },
		{ "file of another day", LINE("GET /s.v0m00.js") "\r\n", 200, "no-cache" },
		{ "unchanged", LINE("GET /s.js") "If-None-Match: \"1f\"\r\n\r\n", 304,
		  "ETag: \"1f\"" },
		{ "no such file", LINE("GET /x.js") "\r\n", 404, NULL },
		{ "no such service", LINE("GET /_x") "\r\n", 404, NULL },
		{ "socket without upgrade", LINE("GET /_vizyd/video") "\r\n", 426, NULL },
		{ "PUT", LINE("PUT /") "Content-Length: 0\r\n\r\n", 405, "Allow: GET" },
		{ "unknown method", LINE("BREW /") "\r\n", 405, "Allow: GET" },
		{ "POST to the page", LINE("POST /") "Content-Length: 1\r\n\r\nx", 405,
		  "Allow: GET" },
		{ "GET of callbacks", LINE("GET /_dash-update-component") "\r\n", 405,
		  "Allow: POST" },
		{ "bad callback",
		  LINE("POST /_dash-update-component") "Content-Length: 2\r\n\r\n{}", 400, NULL },
		{ "foreign POST",
		  LINE("POST /_dash-update-component") "Origin: "
						       "http://a.example\r\nContent-Length: "
						       "2\r\n\r\n{}",
		  403, NULL },
		{ "no length", LINE("POST /_dash-update-component") "\r\n", 411, NULL },
		{ "chunks",
		  LINE("POST /_dash-update-component") "Transfer-Encoding: chunked\r\n\r\n", 411,
		  NULL },
		{ "both",
		  LINE("POST /_dash-update-component") "Transfer-Encoding: "
						       "chunked\r\nContent-Length: 1\r\n\r\n",
		  400, NULL },
		{ "too large", LINE("POST /_dash-update-component") "Content-Length: 1001\r\n\r\n",
		  413, NULL },
		{ "negative length", LINE("GET /") "Content-Length: -1\r\n\r\n", 400, NULL },
		{ "length is a word", LINE("GET /") "Content-Length: abc\r\n\r\n", 400, NULL },
		{ "body of a GET", LINE("GET /") "Content-Length: 1\r\n\r\nx", 400, NULL },
		{ "no Host", "GET / HTTP/1.1\r\n\r\n", 400, NULL },
		{ "two Hosts", LINE("GET /") "Host: localhost\r\n\r\n", 400, NULL },
		{ "bad Host", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400, NULL },
		{ "rebound Host", "GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n",
		  403, NULL },
		{ "version 9.9", "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", 505, NULL },
		{ "no version", "GET / \r\nHost: localhost\r\n\r\n", 400, NULL },
		{ "upgrade, no Origin", UPGRADE("/_dash-ws-callback") KEY VERSION "\r\n", 403,
		  NULL },
		{ "upgrade, foreign",
		  UPGRADE("/_dash-ws-callback") KEY VERSION "Origin: null\r\n\r\n", 403, NULL },
		{ "upgrade elsewhere", UPGRADE("/status") KEY VERSION ORIGIN "\r\n", 404, NULL },
		{ "upgrade, no key", UPGRADE("/_dash-ws-callback") VERSION ORIGIN "\r\n", 400,
		  NULL },
		{ "upgrade, old",
		  UPGRADE("/_dash-ws-callback") KEY "Sec-WebSocket-Version: 8\r\n" ORIGIN "\r\n",
		  426, NULL },
		{ "h2c",
		  "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\n"
		  "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n",
		  400, NULL },
		{ "strange upgrade: closed by lws", LINE("GET /") "Upgrade: tea\r\n\r\n", 0, NULL },
	};
	const struct vz_server_options options = { .listen = any_port, .max_message_bytes = 1000 };
	static struct client client;
	struct fixture f;

	make_parts(&f);
	CHECK_EQ(make_server(&f, options, NULL), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		test_case(cases[i].label);
		CHECK_EQ(status_of(&f, cases[i].request, &client), cases[i].status);
		if (cases[i].has)
			CHECK(strstr(client.answer, cases[i].has));
		if (strncmp(cases[i].request, "HEAD", 4) == 0)
			CHECK(!strstr(client.answer, "<html"));
	}
	test_case(NULL);
	CHECK(vz_server_get_counters(f.server)->refused >= 15);
	free_parts(&f);
}

TEST(too_many_connections_are_told_so)
{
	static const struct {
		const char *label;
		struct vz_server_options options;
	} cases[] = {
		{ "in all", { .listen = any_port, .max_connections = 2 } },
		{ "of one address", { .listen = any_port, .max_connections_per_address = 2 } },
	};
	static struct client client;
	struct fixture f;
	int fds[2];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		test_case(cases[i].label);
		make_parts(&f);
		CHECK_EQ(make_server(&f, cases[i].options, NULL), 0);
		/* These two wait in the backlog before the client does. */
		fds[0] = dial(&f);
		fds[1] = dial(&f);
		CHECK(fds[0] >= 0 && fds[1] >= 0);
		CHECK_EQ(status_of(&f, LINE("GET /status") "\r\n", &client), 503);
		CHECK(strstr(client.answer, "Too many connections"));
		(void) close(fds[0]);
		(void) close(fds[1]);
		free_parts(&f);
	}
}

/* --- Pictures --------------------------------------------------------------------------------- */

TEST(a_snapshot_wakes_the_camera_and_waits_for_its_picture)
{
	static struct client client;
	struct fixture f;

	make_parts(&f);
	f.has_camera = true;
	CHECK_EQ(make_server(&f, (struct vz_server_options){ .listen = any_port }, NULL), 0);
	CHECK_EQ(status_of(&f, LINE("GET /snapshot.jpg") "\r\n", &client), 200);
	CHECK(strstr(client.answer, "Content-Type: image/jpeg\r\n"));
	CHECK(strstr(client.answer, "\r\n\r\npicture"));
	CHECK_EQ(f.n_watchers, 0);
	free_parts(&f);
}

TEST(a_stream_is_parts_of_one_picture_each)
{
	static struct client client = { .until = "\r\n\r\npicture" };
	struct fixture f;

	make_parts(&f);
	f.has_camera = true;
	CHECK_EQ(make_server(&f, (struct vz_server_options){ .listen = any_port }, NULL), 0);
	CHECK_EQ(status_of(&f, LINE("GET /stream.mjpg") "\r\n", &client), 200);
	CHECK(strstr(client.answer, "multipart/x-mixed-replace; boundary=vizyd-picture\r\n"));
	CHECK(strstr(client.answer, "\r\n--vizyd-picture\r\nContent-Type: image/jpeg\r\n"
				    "Content-Length: 7\r\n"));
	CHECK_EQ(status_of(&f, LINE("HEAD /stream.mjpg") "\r\n", &client), 200);
	free_parts(&f);
}

TEST(a_video_socket_gets_the_state_and_then_pictures)
{
	static struct client client = { .until = "VZF1" };
	struct fixture f;

	make_parts(&f);
	f.has_camera = true;
	CHECK_EQ(make_server(&f, (struct vz_server_options){ .listen = any_port }, NULL), 0);
	vz_server_set_camera_state(f.server, "live", "A camera");
	CHECK_EQ(status_of(&f, UPGRADE("/_vizyd/video") KEY VERSION ORIGIN "\r\n", &client), 101);
	CHECK(strstr(client.answer,
		     "{\"state\":\"live\",\"text\":\"A camera\",\"camera\":\"main\"}"));
	CHECK_EQ(vz_server_get_counters(f.server)->websockets, 1);
	free_parts(&f);
}

static void remove_side(void *data)
{
	struct fixture *f = data;

	f->side = vz_server_remove_video(f->server, f->side);
}

static void put_side_picture(void *data)
{
	VZ_CLEANUP(vz_blob_unrefp) struct vz_blob *jpeg = vz_blob_new_copy("sideway", 7);

	CHECK(jpeg);
	vz_video_put(((struct fixture *) data)->side, jpeg);
}

static void on_side_watchers(unsigned n, void *data)
{
	struct fixture *f = data;

	if (n > f->n_side_watchers)
		CHECK_EQ(vz_loop_post(f->loop, f->removes_side ? remove_side : put_side_picture, f),
			 0);
	f->n_side_watchers = n;
}

static void make_two_cameras(struct fixture *f)
{
	struct vz_video *other = NULL;

	make_parts(f);
	f->has_camera = true;
	CHECK_EQ(make_server(f, (struct vz_server_options){ .listen = any_port }, NULL), 0);
	CHECK_EQ(vz_server_add_video(f->server, "side", on_side_watchers, f, &f->side), 0);
	CHECK_EQ(vz_server_add_video(f->server, "side", NULL, NULL, &other), -EEXIST);
	CHECK_EQ(vz_server_add_video(f->server, VZ_MAIN_CAMERA, NULL, NULL, &other), -EEXIST);
	CHECK_EQ(vz_server_add_video(f->server, "the side", NULL, NULL, &other), -EINVAL);
	vz_video_set_state(f->side, "live", "From the side");
}

TEST(each_camera_has_its_pictures_and_no_other_does)
{
	static const struct {
		const char *label, *request, *until;
		int status;
		const char *answer;
	} cases[] = {
		{ "a socket", UPGRADE("/_vizyd/video?camera=side&ack=1") KEY VERSION ORIGIN "\r\n",
		  "sideway", 101, "\"text\":\"From the side\",\"camera\":\"side\"}" },
		{ "the main one by its name",
		  UPGRADE("/_vizyd/video?ack=1&camera=main") KEY VERSION ORIGIN "\r\n", "picture",
		  101, "\"camera\":\"main\"}" },
		{ "a socket of none",
		  UPGRADE("/_vizyd/video?camera=front") KEY VERSION ORIGIN "\r\n", NULL, 404,
		  "No camera has that name. There is main side" },
		{ "no name", UPGRADE("/_vizyd/video?camera=") KEY VERSION ORIGIN "\r\n", NULL, 404,
		  "No camera" },
		{ "a stream", LINE("GET /stream.mjpg?camera=side") "\r\n", "sideway", 200,
		  "sideway" },
		{ "a stream of none", LINE("GET /stream.mjpg?camera=si") "\r\n", NULL, 404,
		  "There is main side" },
		{ "a snapshot", LINE("GET /snapshot.jpg?camera=side") "\r\n", NULL, 200,
		  "sideway" },
		{ "of none", LINE("GET /snapshot.jpg?camera=sides") "\r\n", NULL, 404,
		  "There is main side" },
		{ "the main one", LINE("GET /snapshot.jpg") "\r\n", NULL, 200, "picture" },
	};
	struct fixture f;

	make_two_cameras(&f);
	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		static struct client client;

		client.until = cases[i].until;
		test_case(cases[i].label);
		CHECK_EQ(status_of(&f, cases[i].request, &client), cases[i].status);
		CHECK(memmem(client.answer, client.size, cases[i].answer, strlen(cases[i].answer)));
	}
	test_case(NULL);
	free_parts(&f);
}

TEST(who_watches_a_camera_that_is_removed_is_told_so)
{
	static const struct {
		const char *request;
		int status;
		const char *answer;
	} cases[] = {
		{ UPGRADE("/_vizyd/video?camera=side") KEY VERSION ORIGIN "\r\n", 101,
		  "\x88\x18\x03\xe9The camera was removed" },
		{ LINE("GET /stream.mjpg?camera=side") "\r\n", 200, "Content-Type: multipart" },
		{ LINE("GET /snapshot.jpg?camera=side") "\r\n", 404, "The camera was removed" },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		static struct client client;
		struct fixture f;

		make_two_cameras(&f);
		f.removes_side = true;
		CHECK_EQ(status_of(&f, cases[i].request, &client), cases[i].status);
		CHECK(memmem(client.answer, client.size, cases[i].answer, strlen(cases[i].answer)));
		CHECK(!f.side);
		CHECK_EQ(status_of(&f, cases[i].request, &client), 404);
		free_parts(&f);
	}
}

/* --- Ending ----------------------------------------------------------------------------------- */

TEST(those_who_are_there_hear_that_it_ends)
{
	static struct client client = { .until = "VZF1" };
	struct fixture f;
	char answer[512];
	ssize_t n, size = 0;
	int fd;

	make_parts(&f);
	f.has_camera = true;
	CHECK_EQ(make_server(&f, (struct vz_server_options){ .listen = any_port }, NULL), 0);
	fd = dial(&f);
	CHECK(fd >= 0);
	CHECK(send(fd, UPGRADE("/_dash-ws-callback") KEY VERSION ORIGIN "\r\n",
		   sizeof(UPGRADE("/_dash-ws-callback") KEY VERSION ORIGIN "\r\n") - 1,
		   MSG_NOSIGNAL) > 0);
	/* It is served before this one, who comes later. */
	CHECK_EQ(status_of(&f, UPGRADE("/_vizyd/video") KEY VERSION ORIGIN "\r\n", &client), 101);
	f.server = vz_server_free(f.server);
	while ((n = recv(fd, answer + size, sizeof(answer) - (size_t) size, 0)) > 0)
		size += n;
	(void) close(fd);
	/* A close frame with 1001 in it. */
	CHECK(memmem(answer, (size_t) size, "\x88\x0f\x03\xe9Shutting down", 17));
	free_parts(&f);
}
