#include "test.h"

#include <errno.h>

#include "server/origin.h"

TEST(hosts_are_parsed_strictly)
{
	static const struct {
		const char *text;
		int r;
		const char *name;
		unsigned port;
	} cases[] = {
		{ "localhost", 0, "localhost", 0 },
		{ "Cam.Local:8080", 0, "cam.local", 8080 },
		{ "cam.lan.", 0, "cam.lan", 0 },
		{ "127.0.0.1:80", 0, "127.0.0.1", 80 },
		{ "[::1]:81", 0, "[::1]", 81 },
		{ "[FE80::1]", 0, "[fe80::1]", 0 },
		{ "under_score:1", 0, "under_score", 1 },
		{ "", -EINVAL, NULL, 0 },
		{ ":80", -EINVAL, NULL, 0 },
		{ "a b", -EINVAL, NULL, 0 },
		{ "a,b", -EINVAL, NULL, 0 },
		{ "evil.example/", -EINVAL, NULL, 0 },
		{ "a@b", -EINVAL, NULL, 0 },
		{ "<script>", -EINVAL, NULL, 0 },
		{ "a:", -EINVAL, NULL, 0 },
		{ "a:0", -EINVAL, NULL, 0 },
		{ "a:65536", -EINVAL, NULL, 0 },
		{ "a:80:80", -EINVAL, NULL, 0 },
		{ "a:8x", -EINVAL, NULL, 0 },
		{ "::1", -EINVAL, NULL, 0 },
		{ "[::1", -EINVAL, NULL, 0 },
		{ "[localhost]", -EINVAL, NULL, 0 },
		{ "[]", -EINVAL, NULL, 0 },
		{ "[::1]x", -EINVAL, NULL, 0 },
		{ ".local", -EINVAL, NULL, 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vz_host host = { .name = "" };

		test_case(cases[i].text);
		CHECK_EQ(vz_host_parse(cases[i].text, &host), cases[i].r);
		if (cases[i].r < 0)
			continue;
		CHECK_STR(host.name, cases[i].name);
		CHECK_EQ(host.port, cases[i].port);
	}
}

TEST(a_host_of_any_length_is_judged)
{
	char text[VZ_HOST_MAX + 8];
	struct vz_host host;

	memset(text, 'a', sizeof(text));
	text[VZ_HOST_MAX - 1] = '\0';
	CHECK_EQ(vz_host_parse(text, &host), 0);
	text[VZ_HOST_MAX - 1] = 'a';
	text[VZ_HOST_MAX] = '\0';
	CHECK_EQ(vz_host_parse(text, &host), -EINVAL);
}

static bool is_ours(const char *text, const char *const *allowed)
{
	struct vz_host host;

	CHECK_EQ(vz_host_parse(text, &host), 0);
	return vz_host_is_ours(&host, "cam7.school.example", allowed);
}

TEST(names_of_a_local_network_are_ours_and_rebound_ones_are_not)
{
	static const struct {
		const char *host;
		bool ours;
	} cases[] = {
		{ "192.168.1.20:8080", true },
		{ "[fd00::1]", true },
		{ "localhost:1", true },
		{ "raspberrypi", true },
		{ "cam.local", true },
		{ "cam.lan", true },
		{ "cam.home.arpa", true },
		{ "a.b.internal", true },
		{ "cam7.school.example", true },
		{ "CAM7.school.example", true },
		{ "evil.example", false },
		{ "raspberrypi.evil.example", false },
		{ "local.evil.example", false },
		{ "cam.local.evil.example", false },
		{ "1.2.3.4.evil.example", false },
		{ "notlocal.example", false },
		{ "1.2.3", false },
	};
	static const char *const listed[] = { "http://board.example:81", NULL };
	static const char *const open[] = { "http://a.example", "*", NULL };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		test_case(cases[i].host);
		CHECK_EQ(is_ours(cases[i].host, NULL), cases[i].ours);
		CHECK(is_ours(cases[i].host, open));
	}
	test_case(NULL);
	CHECK(is_ours("board.example:81", listed));
	CHECK(!is_ours("x.board.example:81", listed));
}

TEST(a_page_may_talk_to_the_host_it_came_from)
{
	static const struct {
		const char *host, *origin;
		bool allowed;
	} cases[] = {
		{ "127.0.0.1:8080", "http://127.0.0.1:8080", true },
		{ "CAM.local", "http://cam.LOCAL", true },
		{ "cam.local", "http://cam.local:80", true },
		{ "cam.local:80", "http://cam.local", true },
		{ "cam.local", "https://cam.local", true },
		{ "cam.local:443", "https://cam.local", true },
		{ "[::1]:8080", "http://[::1]:8080", true },
		{ "cam.local", NULL, false },
		{ "cam.local", "", false },
		{ "cam.local", "null", false },
		{ "cam.local", "file://cam.local", false },
		{ "cam.local", "cam.local", false },
		{ "cam.local", "http://cam.local:8080", false },
		{ "cam.local:8080", "http://cam.local", false },
		{ "cam.local:443", "http://cam.local", false },
		{ "cam.local", "http://cam.local/path", false },
		{ "cam.local", "http://cam.local.evil.example", false },
		{ "cam.local", "http://evil.example#http://cam.local", false },
		{ "cam.local", "http://cam.local@evil.example", false },
		{ "cam.local", "http://evil.example http://cam.local", false },
		{ "127.0.0.1:80", "http://localhost", false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vz_host host;

		test_case(cases[i].origin);
		CHECK_EQ(vz_host_parse(cases[i].host, &host), 0);
		CHECK_EQ(vz_origin_is_allowed(cases[i].origin, &host, NULL), cases[i].allowed);
	}
}

TEST(listed_origins_may_too_and_their_neighbours_may_not)
{
	static const char *const list[] = { "http://board.example:81", "https://b.example", NULL };
	static const char *const open[] = { "*", NULL };
	struct vz_host host;

	CHECK_EQ(vz_host_parse("127.0.0.1:8080", &host), 0);
	CHECK(vz_origin_is_allowed("http://board.example:81", &host, list));
	CHECK(vz_origin_is_allowed("http://BOARD.example:81", &host, list));
	CHECK(vz_origin_is_allowed("https://b.example:443", &host, list));
	CHECK(!vz_origin_is_allowed("http://board.example", &host, list));
	CHECK(!vz_origin_is_allowed("http://board.example:811", &host, list));
	CHECK(!vz_origin_is_allowed("https://board.example:81", &host, list));
	CHECK(!vz_origin_is_allowed("http://x.board.example:81", &host, list));
	CHECK(!vz_origin_is_allowed("http://b.example:443", &host, list));
	CHECK(vz_origin_is_allowed("http://anything.example", &host, open));
	CHECK(vz_origin_is_allowed(NULL, &host, open));
}
