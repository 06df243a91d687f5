#include "dash/judge.h"

#include <errno.h>

#include "core.h"
#include "dash/catalog.h"
#include "vizyd/components.h"

static struct vz_app *start(void)
{
	struct vz_app_options options = { .catalog = &vz_dash_catalog };
	struct vz_app *app = core_new(&options);

	/* clang-format off */
	CHECK_EQ(vz_app_set_layout(app, vz_html_div(.id = "root", .children = vz_array(
		vz_html_button(.pattern_id = vz_object({ "type", vz_text("row") },
			{ "index", vz_number(1) })),
		vz_dcc_slider(.id = "speed"),
		vz_html_div(.id = "out"),
		vz_html_div(.id = "shared-out")))), 0);
	/* clang-format on */
	return app;
}

static struct json_object *misspelt(void)
{
	return vz_component(VZ_DCC, "Slidr", vz_object({ "id", vz_text("x") }));
}

static bool complains(struct vz_app *app, const char *text)
{
	if (strstr(vz_app_last_error(app), text))
		return true;
	fprintf(stderr, "got %s\n", vz_app_last_error(app));
	return false;
}

TEST(judge_refuses_a_layout_and_leaves_the_old_one)
{
	struct vz_app *app = start();

	CHECK_EQ(vz_app_set_layout(app, vz_html_div(.children = misspelt())), -EINVAL);
	CHECK(complains(app, "dcc.Slidr: no such component"));
	CHECK_EQ(vz_app_set_layout(app, vz_html_div(.children = NULL)), -ENOMEM);
	CHECK(complains(app, "out of memory, or a value"));
	CHECK_EQ(vz_app_push(app, "out", "children", vz_text("still there")), 0);
	vz_app_free(app);
}

TEST(judge_refuses_pushed_components)
{
	struct vz_app *app = start();

	CHECK_EQ(vz_app_push(app, "out", "children", misspelt()), -EINVAL);
	CHECK(complains(app, "did you mean 'Slider'?"));
	CHECK_EQ(vz_app_push_mods(app, vz_object({ "out", vz_object({ "children", misspelt() }) }),
				  NULL),
		 -EINVAL);
	CHECK(!vz_app_get(app, "out", "children"));
	CHECK_EQ(vz_app_push(app, "out", "children", vz_dcc_slider(.id = "new")), 0);
	CHECK(vz_app_get(app, "out", "children"));
	vz_app_free(app);
}

TEST(judge_refuses_callbacks_on_properties_that_do_not_exist)
{
	static const struct {
		const char *label, *output, *input, *state, *error;
	} cases[] = {
		{ "all there", "out.children", "speed.value", "speed.max", NULL },
		{ "output", "out.childern", "speed.value", "speed.max",
		  "html.Div 'out' has no property 'childern'; did you mean 'children'?" },
		{ "input", "out.title", "speed.vlaue", "speed.max", "did you mean 'value'?" },
		{ "state", "out.title", "speed.value", "speed.maxx", "did you mean 'max'?" },
		{ "pattern", "out.title", "{\"index\":[\"ALL\"],\"type\":\"row\"}.n_clicks",
		  "speed.max", NULL },
		{ "misspelt, of a pattern", "out.title",
		  "{\"index\":[\"ALL\"],\"type\":\"row\"}.clicks", "speed.max",
		  "has no property 'clicks'; did you mean 'n_clicks'?" },
		{ "a pattern that means nothing yet", "out.lang",
		  "{\"index\":[\"ALL\"],\"type\":\"column\"}.clicks", "speed.max", NULL },
		{ "a component that may come later", "later.x", "speed.value", "later.y", NULL },
	};
	struct vz_app *app = start();

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		const struct vz_callback_spec spec = {
			.outputs = VZ_IDS(cases[i].output),
			.inputs = VZ_IDS(cases[i].input),
			.states = VZ_IDS(cases[i].state),
			.fn = core_times_ten,
		};

		test_case(cases[i].label);
		CHECK_EQ(vz_app_add_callback(app, &spec, NULL), cases[i].error ? -EINVAL : 0);
		CHECK(complains(app, cases[i].error ? cases[i].error : ""));
	}
	vz_app_free(app);
}

static int answer_misspelt(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0, misspelt());
}

static int answer_misspelt_elsewhere(struct vz_call *call, void *data)
{
	return vz_call_set(call, "out", "children", vz_array(vz_text("a"), misspelt()));
}

TEST(judge_refuses_what_a_callback_sets)
{
	static const struct {
		const char *label;
		unsigned service;
		vz_callback_fn *fn;
	} cases[] = {
		{ "plain", VZ_SERVICE_LINK, answer_misspelt },
		{ "plain, alternate", VZ_SERVICE_LINK, answer_misspelt_elsewhere },
		{ "shared", VZ_SHARED, answer_misspelt },
		{ "shared, alternate", VZ_SHARED, answer_misspelt_elsewhere },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct vz_app *app = start();
		struct tab tab;

		test_case(cases[i].label);
		core_add_fn(app, cases[i].service, "shared-out.children", "speed.value",
			    cases[i].fn, NULL);
		tab_start_own(app, &tab, "a");
		tab_ask(&tab, "shared-out.children",
			"'inputs':[{'id':'speed','property':'value','value':5}],"
			"'changedPropIds':['speed.value']");
		CHECK(tab_got_error(&tab, "dcc.Slidr: no such component"));
		CHECK(!vz_app_get(app, "shared-out", "children"));
		tab_close(&tab);
		vz_app_free(app);
	}
}
