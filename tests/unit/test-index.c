#include "test.h"

#include <errno.h>

#include "server/index.h"
#include "util/json.h"

static const char *const scripts[] = { "/a.js", "/b.js", "/start.js", NULL };
static const char *const styles[] = { "/s.css", NULL };

static char *write_page(const struct vz_index *index)
{
	struct vz_buf buf = { 0 };
	/* Not on the stack: gcc 12 takes what is found in the text for a pointer to this one. */
	static char *text;
	size_t size;

	text = NULL;
	vz_index_write(&buf, index);
	CHECK_EQ(vz_buf_finish(&buf, &text, &size), 0);
	return text;
}

static struct json_object *parse_config(const char *html)
{
	static const char start[] = "type=\"application/json\">";
	struct json_object *config = NULL;
	const char *from, *to;

	from = strstr(html, start);
	CHECK(from);
	from += sizeof(start) - 1;
	to = strstr(from, "</script>");
	CHECK(to);
	CHECK_EQ(vz_json_parse(from, (size_t) (to - from), &vz_json_default_limits, NULL, &config),
		 0);
	return config;
}

TEST(text_of_others_cannot_leave_its_place)
{
	const struct vz_index page = {
		.title = "</title><script>alert('1')</script> & \"more\"",
		.layout_hash = "ab\" onload=\"x",
		.scripts = scripts,
		.styles = styles,
		.worker = "/w.js\"</script><script>x",
	};
	VZ_CLEANUP(vz_freep) char *html = write_page(&page);
	VZ_CLEANUP(json_object_putp) struct json_object *config = parse_config(html);
	struct json_object *websocket;
	const char *worker;

	CHECK(!strstr(html, "<script>alert"));
	CHECK(!strstr(html, "<script>x"));
	CHECK(strstr(html, "&lt;/title&gt;&lt;script&gt;alert('1')&lt;/script&gt; &amp; "
			   "&quot;more&quot;"));
	CHECK(strstr(html, "data-layout=\"ab&quot; onload=&quot;x\""));
	CHECK_EQ(vz_json_get_object(config, "websocket", &websocket), 0);
	CHECK_EQ(vz_json_get_string(websocket, "worker_url", &worker), 0);
	CHECK_STR(worker, page.worker);
}

TEST(scripts_come_in_order_and_the_last_one_starts)
{
	const struct vz_index page = { "T", "ab", scripts, styles, "/w.js", false };
	VZ_CLEANUP(vz_freep) char *html = write_page(&page);
	const char *root, *config, *a, *b, *start;

	root = strstr(html, "id=\"react-entry-point\"");
	config = strstr(html, "id=\"_dash-config\"");
	a = strstr(html, "<script src=\"/a.js\">");
	b = strstr(html, "<script src=\"/b.js\">");
	start = strstr(html, "<script id=\"_dash-renderer\" src=\"/start.js\">");
	CHECK(root && config && a && b && start);
	CHECK(root < config && config < a && a < b && b < start);
	CHECK(strstr(html, "<link rel=\"stylesheet\" href=\"/s.css\">"));
}

TEST(only_the_stock_page_polls_for_reloads)
{
	const struct vz_index own = { "T", "ab", scripts, styles, "/w.js", false };
	const struct vz_index stock = { "T", "ab", scripts, styles, "/dash-ws-worker.js", true };
	VZ_CLEANUP(vz_freep) char *own_html = write_page(&own), *stock_html = write_page(&stock);
	VZ_CLEANUP(json_object_putp) struct json_object *own_config = parse_config(own_html);
	VZ_CLEANUP(json_object_putp) struct json_object *stock_config = parse_config(stock_html);
	struct json_object *reload;
	int64_t interval;
	const char *prefix;

	CHECK_EQ(vz_json_get_object(own_config, "hot_reload", &reload), -ENOENT);
	CHECK_EQ(vz_json_get_object(stock_config, "hot_reload", &reload), 0);
	CHECK_EQ(vz_json_get_int(reload, "interval", &interval), 0);
	CHECK_EQ(vz_json_get_string(own_config, "requests_pathname_prefix", &prefix), 0);
	CHECK_STR(prefix, "/");
}

TEST(the_policy_forbids_foreign_and_inline_scripts)
{
	struct vz_buf buf = { 0 };
	VZ_CLEANUP(vz_freep) char *policy = NULL;
	size_t size;

	vz_index_write_policy(&buf, "[::1]:80");
	CHECK_EQ(vz_buf_finish(&buf, &policy, &size), 0);
	CHECK(strstr(policy, "script-src 'self';"));
	CHECK(strstr(policy, "object-src 'none'"));
	CHECK(strstr(policy, "connect-src 'self' ws://[::1]:80;"));
	CHECK(strstr(policy, "frame-ancestors 'self'"));
}

TEST(assets_come_after_ours_and_before_the_start)
{
	static const char *const asset_scripts[] = { "/assets/p/x.js", "/assets/p/y.js", NULL };
	static const char *const asset_styles[] = { "/assets/p/x.css", NULL };
	const struct vz_index page = {
		.title = "T",
		.layout_hash = "ab",
		.scripts = scripts,
		.styles = styles,
		.worker = "/w.js",
		.asset_scripts = asset_scripts,
		.asset_styles = asset_styles,
	};
	VZ_CLEANUP(vz_freep) char *html = write_page(&page);
	const char *b, *x, *y, *start;

	b = strstr(html, "<script src=\"/b.js\">");
	x = strstr(html, "<script src=\"/assets/p/x.js\">");
	y = strstr(html, "<script src=\"/assets/p/y.js\">");
	start = strstr(html, "<script id=\"_dash-renderer\" src=\"/start.js\">");
	CHECK(b && x && y && start && b < x && x < y && y < start);
	CHECK(strstr(html, "/s.css\">\n<link rel=\"stylesheet\" href=\"/assets/p/x.css\">"));
}

TEST(every_address_begins_with_the_prefix)
{
	static const char *const asset_scripts[] = { "/assets/p/x.js", NULL };
	static const char *const asset_styles[] = { "/assets/p/x.css", NULL };
	const struct vz_index page = {
		.title = "T",
		.layout_hash = "ab",
		.scripts = scripts,
		.styles = styles,
		.worker = "/w.js",
		.asset_scripts = asset_scripts,
		.asset_styles = asset_styles,
		.prefix = "/cam/",
	};
	VZ_CLEANUP(vz_freep) char *html = write_page(&page);
	VZ_CLEANUP(json_object_putp) struct json_object *config = parse_config(html);
	struct json_object *websocket;
	const char *text;

	for (const char *p = html; (p = strstr(p, "=\"/")); p++)
		CHECK(strncmp(p, "=\"/cam/", 7) == 0);
	CHECK(strstr(html, "<script src=\"/cam/a.js\">"));
	CHECK(strstr(html, "<script src=\"/cam/assets/p/x.js\">"));
	CHECK(strstr(html, "href=\"/cam/_favicon.ico\">"));
	CHECK_EQ(vz_json_get_string(config, "requests_pathname_prefix", &text), 0);
	CHECK_STR(text, "/cam/");
	CHECK_EQ(vz_json_get_string(config, "url_base_pathname", &text), 0);
	CHECK_STR(text, "/cam/");
	CHECK_EQ(vz_json_get_object(config, "websocket", &websocket), 0);
	CHECK_EQ(vz_json_get_string(websocket, "url", &text), 0);
	CHECK_STR(text, "/cam/_dash-ws-callback");
	CHECK_EQ(vz_json_get_string(websocket, "worker_url", &text), 0);
	CHECK_STR(text, "/cam/w.js");
}
