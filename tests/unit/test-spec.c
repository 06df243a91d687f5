#include "dash/callback.h"

#include <errno.h>

#include "core.h"

static int do_nothing(struct vz_call *call, void *data)
{
	return 0;
}

static struct json_object *fetch_dependencies(struct vz_app *app)
{
	struct json_object *list = NULL;
	struct vz_json_error error;
	struct vz_blob *blob = NULL;

	CHECK_EQ(vz_app_encode_dependencies(app, &blob), 0);
	CHECK_EQ(vz_json_parse((char *) blob->data, blob->size, NULL, &error, &list), 0);
	vz_blob_unref(blob);
	return list;
}

static struct json_object *entry_of(struct json_object *list, unsigned index, const char *key)
{
	struct json_object *value = NULL;

	/* The first is the built-in one. */
	CHECK(json_object_object_get_ex(json_object_array_get_idx(list, index + 1), key, &value));
	return value;
}

TEST(spec_says_what_is_wrong)
{
	static const char *const y[] = { "y.value", NULL }, *const x[] = { "x.value", NULL };
	static const char *const other[] = { "other.value", NULL }, *const bad[] = { "y", NULL };
	static const struct vz_running no_json[] = { { "b.disabled", "tru", "false" }, { NULL } };
	static const struct vz_running no_off[] = { { "b.disabled", "true", NULL }, { NULL } };
	static const struct vz_running no_property[] = { { "b", "true", "false" }, { NULL } };
	static const struct vz_running dotted[] = { { "a\\.b.c", "true", "false" }, { NULL } };
	const unsigned quiet = VZ_SERVICE_NO_CLIENT_INITIAL;
	const struct {
		const char *label, *error;
		struct vz_callback_spec spec;
	} cases[] = {
		{ "a duplicate that is no Output",
		  "allow_duplicate 'other.value' is no Output of this callback",
		  { .service = quiet, .fn = do_nothing, .allow_duplicate = other } },
		{ "a malformed duplicate",
		  "allow_duplicate 'y' is not \"id.property\"",
		  { .service = quiet, .fn = do_nothing, .allow_duplicate = bad } },
		{ "a duplicate that each page calls",
		  "allow_duplicate 'y.value' needs VZ_SERVICE_NO_CLIENT_INITIAL, or "
		  "initial_duplicate",
		  { .fn = do_nothing, .allow_duplicate = y } },
		{ "optional, but no Input or State",
		  "allow_optional 'y.value' is no Input or State of this callback",
		  { .fn = do_nothing, .allow_optional = y } },
		{ "running with what is no JSON",
		  "running 'b.disabled': tru is not JSON: byte",
		  { .fn = do_nothing, .running = no_json } },
		{ "running without an end",
		  "running 'b.disabled': NULL is not JSON: no value",
		  { .fn = do_nothing, .running = no_off } },
		{ "running without a property",
		  "running 'b': expected \"id.property\"",
		  { .fn = do_nothing, .running = no_property } },
		{ "running with a dot in the id",
		  "an id with a dot is not understood here",
		  { .fn = do_nothing, .running = dotted } },
		{ "no function", "a callback without a function", { 0 } },
		{ "clientside without a function",
		  "a clientside callback has a namespace, a function",
		  { .clientside = { "space", NULL } } },
		{ "clientside and here",
		  "nothing that runs here",
		  { .fn = do_nothing, .clientside = { "space", "f" } } },
		{ "clientside and shared",
		  "the clientside callback 'space.f' has a service of the server",
		  { .service = VZ_SHARED, .clientside = { "space", "f" } } },
	};
	struct vz_app *app = core_new(NULL);

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct vz_callback_spec spec = cases[i].spec;

		test_case(cases[i].label);
		spec.outputs = y;
		spec.inputs = x;
		CHECK_EQ(vz_app_add_callback(app, &spec, NULL), -EINVAL);
		if (!strstr(vz_app_last_error(app), cases[i].error))
			CHECK_STR(vz_app_last_error(app), cases[i].error);
	}
	/* Nothing of it is left. */
	core_add(app, VZ_S0, "y.value", "x.value", NULL);
	vz_app_free(app);
}

TEST(spec_describes_what_the_browser_does_by_itself)
{
	const struct vz_callback_spec running = {
		.outputs = VZ_IDS("out.children"),
		.inputs = VZ_IDS("go.n_clicks", "maybe.value"),
		.states = VZ_IDS("perhaps.value"),
		.service = VZ_SERVICE_LINK,
		.fn = do_nothing,
		.allow_optional = VZ_IDS("maybe.value", "perhaps.value"),
		.running = VZ_RUNNING({ "go.disabled", "true", "false" },
				      { "state.children", "\"at </work>\"", "null" }),
	};
	const struct vz_callback_spec clientside = {
		.outputs = VZ_IDS("view.children"),
		.inputs = VZ_IDS("out.children"),
		.clientside = { "shop", "round" },
	};
	struct vz_app *app = core_new(NULL);
	struct json_object *list;
	struct vz_callback *c;
	char hash[20];

	strcpy(hash, vz_app_layout_hash(app));
	CHECK_EQ(vz_app_add_callback(app, &running, &c), 0);
	CHECK_EQ(vz_app_add_callback(app, &clientside, NULL), 0);
	list = fetch_dependencies(app);
	CHECK(equals(entry_of(list, 0, "running"),
		     "{\"running\":{\"go.disabled\":true,\"state.children\":\"at </work>\"},"
		     "\"runningOff\":{\"go.disabled\":false,\"state.children\":null}}"));
	CHECK(equals(entry_of(list, 0, "inputs"),
		     "[{\"id\":\"go\",\"property\":\"n_clicks\"},"
		     "{\"id\":\"maybe\",\"property\":\"value\",\"allow_optional\":true}]"));
	CHECK(equals(entry_of(list, 0, "state"),
		     "[{\"id\":\"perhaps\",\"property\":\"value\",\"allow_optional\":true}]"));
	CHECK(!entry_of(list, 0, "clientside_function"));
	CHECK(equals(entry_of(list, 1, "clientside_function"),
		     "{\"namespace\":\"shop\",\"function_name\":\"round\"}"));
	CHECK(!json_object_object_get_ex(json_object_array_get_idx(list, 2), "running", NULL));
	json_object_put(list);

	/* Each of them is part of what a page shows. */
	CHECK(strcmp(vz_app_layout_hash(app), hash) != 0);
	vz_callback_free(c);
	vz_app_free(app);
}

TEST(spec_gives_duplicates_names_of_their_own)
{
	struct vz_callback_spec spec = {
		.outputs = VZ_IDS("y.value", "z.value"),
		.inputs = VZ_IDS("x.value"),
		.service = VZ_SERVICE_NO_CLIENT_INITIAL,
		.fn = do_nothing,
		.allow_duplicate = VZ_IDS("y.value"),
	};
	struct vz_app *app = core_new(NULL), *again = core_new(NULL);
	struct vz_callback *a, *b, *same;
	struct json_object *list;

	core_add(app, VZ_S0, "y.value", "x.value", NULL);
	CHECK_EQ(vz_app_add_callback(app, &spec, &a), 0);
	CHECK_EQ(strncmp(a->output, "..y.value@", 10), 0);
	CHECK(strstr(a->output, "...z.value.."));
	CHECK(!strpbrk(strchr(a->output, '@') + 1, "@"));
	/* The other Output is taken now. */
	CHECK_EQ(vz_app_add_callback(app, &spec, NULL), -EEXIST);
	CHECK_STR(vz_app_last_error(app), "Output 'z.value' is that of another callback; name it "
					  "in allow_duplicate if both may set it");
	spec.outputs = VZ_IDS("y.value");
	CHECK_EQ(vz_app_add_callback(app, &spec, &a), 0);
	CHECK_EQ(vz_app_add_callback(app, &spec, &b), 0);
	CHECK(strcmp(a->output, b->output) != 0);
	list = fetch_dependencies(app);
	CHECK_STR(json_object_get_string(entry_of(list, 2, "output")), a->output);
	json_object_put(list);

	/* From run to run they keep it: an open page goes on asking. */
	CHECK_EQ(vz_app_add_callback(again, &spec, &same), 0);
	CHECK_STR(same->output, a->output);

	/* What the server sets for everybody no tab may set for itself. */
	spec.service = VZ_SHARED;
	CHECK_EQ(vz_app_add_callback(app, &spec, NULL), -EPERM);
	CHECK_STR(vz_app_last_error(app),
		  "Output 'y.value' is that of a callback that is not shared");
	vz_app_free(app);
	vz_app_free(again);
}

static int answer_input(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0, json_object_get(vz_call_input(call, 0)));
}

TEST(spec_duplicates_answer_without_their_token)
{
	const struct vz_callback_spec first = {
		.outputs = VZ_IDS("y.value"),
		.inputs = VZ_IDS("w.value"),
		.service = VZ_SHARED,
		.fn = answer_input,
	}, second = {
		.outputs = VZ_IDS("y.value"),
		.inputs = VZ_IDS("x.value"),
		.service = VZ_SHARED,
		.fn = answer_input,
		.allow_duplicate = VZ_IDS("y.value"),
	};
	struct vz_app *app = core_new(NULL);
	struct vz_callback *b;
	unsigned n_runs = 0;
	struct tab s;

	core_set_layout(app, VZ_IDS("w", "x", "y", "z"));
	CHECK_EQ(vz_app_add_callback(app, &first, NULL), 0);
	CHECK_EQ(vz_app_add_callback(app, &second, &b), 0);
	/* Downstream of both. */
	core_add(app, VZ_SHARED, "z.value", "y.value", &n_runs);
	tab_start_stock(app, &s, "s");
	tab_set(&s, "y.value", "w", "value", "3");
	CHECK_EQ(core_get(app, "z"), 30);
	tab_forget(&s);
	tab_set(&s, b->output, "x", "value", "4");
	CHECK_EQ(core_get(app, "z"), 40);
	CHECK_EQ(n_runs, 2);
	CHECK(tab_got(&s, "{\"type\":\"set_props\",\"rendererId\":\"s\",\"payload\":"
			  "{\"componentId\":\"z\",\"props\":{\"value\":40}}}"));
	CHECK(tab_got_answer(&s, "{\"status\":\"ok\",\"data\":{\"multi\":true,"
				 "\"response\":{\"y\":{\"value\":4}}}}"));
	tab_close(&s);
	vz_app_free(app);
}

TEST(spec_lets_a_circle_through_duplicates_be_seen)
{
	const struct vz_callback_spec back = {
		.outputs = VZ_IDS("x.value"),
		.inputs = VZ_IDS("y.value"),
		.service = VZ_SHARED,
		.fn = do_nothing,
		.allow_duplicate = VZ_IDS("x.value"),
	};
	struct vz_app *app = core_new(NULL);

	core_add(app, VZ_SHARED, "y.value", "x.value", NULL);
	core_add(app, VZ_SHARED, "x.value", "w.value", NULL);
	CHECK_EQ(vz_app_add_callback(app, &back, NULL), -ELOOP);
	vz_app_free(app);
}

TEST(spec_clientside_is_no_call_of_the_server)
{
	const struct vz_callback_spec clientside = {
		.outputs = VZ_IDS("z.value"),
		.inputs = VZ_IDS("y.value"),
		.clientside = { "shop", "round" },
	};
	struct vz_app *app = core_new(NULL);
	struct tab a, b;

	core_set_layout(app, VZ_IDS("x", "y", "z"));
	core_add(app, VZ_SHARED, "y.value", "x.value", NULL);
	/* It may look at what the server makes, which therefore has to wake it. */
	CHECK_EQ(vz_app_add_callback(app, &clientside, NULL), 0);
	tab_start_own(app, &a, "a");
	tab_start_own(app, &b, "b");
	tab_set(&a, "y.value", "x", "value", "4");
	CHECK(tab_got(&b, "{\"type\":\"mods\",\"set\":{\"x\":{\"value\":4}}}"));
	CHECK(tab_got(&b, "{\"type\":\"mods\",\"notify\":{\"y\":{\"value\":40}}}"));
	tab_forget(&a);
	tab_set(&a, "z.value", "y", "value", "4");
	CHECK(tab_got_error(&a, "payload.output: 'z.value' runs in the browser"));
	tab_close(&a);
	tab_close(&b);
	vz_app_free(app);
}
