#include "dash/dependency.h"

#include <errno.h>

#include "core.h"

TEST(dependency_reads_id_and_property)
{
	static const struct {
		const char *label, *text;
		int r;
		const char *id, *property, *wire;
	} cases[] = {
		{ "plain", "brightness.value", 0, "brightness", "value", "brightness.value" },
		{ "an escaped dot", "a\\.b.value", 0, "a.b", "value", "a.b.value" },
		{ "a pattern id", "{\"index\":1,\"type\":\"b\"}.n_clicks", 0,
		  "{\"index\":1,\"type\":\"b\"}", "n_clicks",
		  "{\"index\":1,\"type\":\"b\"}.n_clicks" },
		{ "no property", "brightness", -EINVAL, NULL, NULL, NULL },
		{ "an empty property", "brightness.", -EINVAL, NULL, NULL, NULL },
		{ "an empty id", ".value", -EINVAL, NULL, NULL, NULL },
		{ "a pattern id as people write it", "{ \"type\": \"b\", \"index\": 1.0 }.n_clicks", 0,
		  "{\"index\":1,\"type\":\"b\"}", "n_clicks",
		  "{\"index\":1,\"type\":\"b\"}.n_clicks" },
		{ "a wildcard", "{\"type\":\"b\",\"index\":[\"ALL\"]}.value", 0,
		  "{\"index\":[\"ALL\"],\"type\":\"b\"}", "value",
		  "{\"index\":[\"ALL\"],\"type\":\"b\"}.value" },
		{ "an unknown wildcard", "{\"index\":[\"SOME\"]}.value", -EINVAL, NULL, NULL, NULL },
		{ "no JSON", "{index:1}.value", -EINVAL, NULL, NULL, NULL },
	};
	struct vz_app *app = core_new(NULL);
	size_t i;

	for (i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct vz_dependency d = { 0 };

		test_case(cases[i].label);
		CHECK_EQ(vz_dependency_init(&d, app, cases[i].text), cases[i].r);
		if (cases[i].r < 0)
			continue;
		CHECK_STR(d.property->id, cases[i].id);
		CHECK_STR(d.property->name, cases[i].property);
		CHECK_STR(d.text, cases[i].wire);
		CHECK(vz_dependency_equal(&d, cases[i].id, cases[i].property));
		CHECK(!vz_dependency_equal(&d, "other", cases[i].property));
		CHECK(!vz_dependency_equal(&d, NULL, NULL));
		CHECK(vz_property_find(app, cases[i].id, cases[i].property) == d.property);
		vz_dependency_deinit(&d);
	}
	vz_app_free(app);
}

TEST(dependency_identity_is_the_renderers)
{
	static const struct {
		const char *outputs[3], *identity;
	} cases[] = {
		{ { "a.p" }, "a.p" },
		{ { "a.p", "b.q" }, "..a.p...b.q.." },
		{ { "a.p", "b.q", "c.r" }, "..a.p...b.q...c.r.." },
		{ { "a\\.b.p" }, "a\\.b.p" },
		{ { "{\"v\":1.5}.p" }, "{\"v\":1.5}.p" },
	};
	struct vz_app *app = core_new(NULL);
	size_t i;

	for (i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct vz_dependency d[3] = { 0 };
		struct vz_buf buf = { 0 };
		unsigned n;
		char *text;

		for (n = 0; n < 3 && cases[i].outputs[n]; n++)
			CHECK_EQ(vz_dependency_init(&d[n], app, cases[i].outputs[n]), 0);
		vz_dependency_identity(&buf, d, n, "token");
		CHECK_EQ(vz_buf_finish(&buf, &text, NULL), 0);
		CHECK_STR(text, cases[i].identity);
		free(text);
		while (n--)
			vz_dependency_deinit(&d[n]);
	}
	vz_app_free(app);
}
