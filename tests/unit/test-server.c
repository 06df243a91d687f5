/*
 * The server on real sockets: what it takes to start, and what HTTP it lets in. A client on a
 * thread of its own asks, while the loop runs here. The wire tests in tests/conformance go on where
 * this ends.
 */
#include "server-rig.h"

#include <fcntl.h>

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

TEST(sockets_that_listen_already_are_served_beside_addresses)
{
	static const struct {
		int type;
		bool listens;
		int r;
	} cases[] = {
		{ SOCK_STREAM, true, 0 },
		{ SOCK_STREAM, false, -EPROTOTYPE },
		{ SOCK_DGRAM, false, -EPROTOTYPE },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sockaddr_in address = { .sin_family = AF_INET,
					       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
		socklen_t size = sizeof(address);
		int fd = socket(AF_INET, cases[i].type | SOCK_CLOEXEC, 0);
		char *error = NULL, url[64];
		struct fixture f;

		test_case(cases[i].listens ? "listening" : "not listening");
		CHECK(fd >= 0);
		CHECK_EQ(bind(fd, (struct sockaddr *) &address, size), 0);
		CHECK(!cases[i].listens || listen(fd, 8) == 0);
		CHECK_EQ(getsockname(fd, (struct sockaddr *) &address, &size), 0);
		make_parts(&f);
		CHECK_EQ(make_server(&f,
				     (struct vz_server_options){ .listen = any_port,
								 .first_socket = fd,
								 .n_sockets = 1 },
				     &error),
			 cases[i].r);
		CHECK_EQ(error != NULL, cases[i].r < 0);
		if (cases[i].r == 0) {
			(void) snprintf(url, sizeof(url), "http://127.0.0.1:%u",
					ntohs(address.sin_port));
			CHECK_EQ(strcmp(vz_server_get_url(f.server, 0), url), 0);
			CHECK(vz_server_get_url(f.server, 1));
			CHECK(fcntl(fd, F_GETFL) & O_NONBLOCK);
		}
		free(error);
		free_parts(&f);
		/* It was taken. */
		CHECK_EQ(fcntl(fd, F_GETFD), -1);
	}
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

TEST(a_prefix_stands_before_every_path)
{
	static const struct {
		const char *label, *request;
		int status;
		const char *has;
	} cases[] = {
		{ "page", LINE("GET /cam/") "\r\n", 200, "\"requests_pathname_prefix\":\"/cam/\"" },
		{ "place of the page", LINE("GET /cam/a/b") "\r\n", 200, "react-entry-point" },
		{ "layout", LINE("GET /cam/_dash-layout") "\r\n", 200, "no-store" },
		{ "status", LINE("GET /cam/status") "\r\n", 200, "\"rss_kb\":" },
		{ "file", LINE("GET /cam/s.v1m1f.js") "\r\n", 200, "immutable" },
		{ "no such service", LINE("GET /cam/_x") "\r\n", 404, NULL },
		{ "twice", LINE("GET /cam/cam/_dash-layout") "\r\n", 200, "react-entry-point" },
		{ "bad callback",
		  LINE("POST /cam/_dash-update-component") "Content-Length: 2\r\n\r\n{}", 400,
		  NULL },
		{ "upgrade, no Origin", UPGRADE("/cam/_dash-ws-callback") KEY VERSION "\r\n", 403,
		  NULL },
		{ "the way there", LINE("GET /") "\r\n", 302, "\r\nLocation: /cam/\r\n" },
		{ "the way there, HEAD", LINE("HEAD /") "\r\n", 302, "Location: /cam/\r\n" },
		{ "its last / is missing", LINE("GET /cam") "\r\n", 302, "Location: /cam/\r\n" },
		{ "POST outside", LINE("POST /") "Content-Length: 1\r\n\r\nx", 404, NULL },
		{ "layout outside", LINE("GET /_dash-layout") "\r\n", 404, NULL },
		{ "file outside", LINE("GET /s.v1m1f.js") "\r\n", 404, NULL },
		{ "another", LINE("GET /came/") "\r\n", 404, NULL },
		{ "half of it", LINE("GET /ca") "\r\n", 404, NULL },
		{ "callback outside",
		  LINE("POST /_dash-update-component") "Content-Length: 2\r\n\r\n{}", 404, NULL },
		{ "upgrade outside", UPGRADE("/_dash-ws-callback") KEY VERSION ORIGIN "\r\n", 404,
		  NULL },
	};
	const struct vz_server_options options = { .listen = any_port, .prefix = "/cam/" };
	static struct client client;
	struct fixture f;

	make_parts(&f);
	CHECK_EQ(make_server(&f, options, NULL), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		test_case(cases[i].label);
		CHECK_EQ(status_of(&f, cases[i].request, &client), cases[i].status);
		if (cases[i].has)
			CHECK(strstr(client.answer, cases[i].has));
	}
	test_case(NULL);
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
