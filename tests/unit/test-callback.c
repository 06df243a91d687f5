#include "dash/callback.h"

#include <errno.h>

#include "core.h"

static int do_nothing(struct vz_call *call, void *data)
{
	return 0;
}

TEST(callback_registration_says_what_is_wrong)
{
	static const struct {
		const char *label;
		const char *outputs[3], *inputs[3];
		unsigned service;
		int r;
		const char *error;
	} cases[] = {
		{ "good", { "y.value" }, { "x.value" }, VZ_SHARED, 0, "" },
		{ "no Output", { NULL }, { "x.value" }, VZ_SHARED, 0, "" },
		{ "nothing at all", { NULL }, { NULL }, VZ_S0, 0, "" },
		{ "an Output that is taken",
		  { "taken.value" },
		  { "x.value" },
		  VZ_SHARED,
		  -EEXIST,
		  "Output 'taken.value'" },
		{ "a malformed Output", { "y" }, { "x.value" }, VZ_SHARED, -EINVAL, "Output 'y'" },
		{ "a malformed Input", { "y.value" }, { "x" }, VZ_SHARED, -EINVAL, "Input 'x'" },
		{ "an Output without Input", { "y.value" }, { NULL }, VZ_S0, -EINVAL, "no Input" },
		{ "an Input twice",
		  { "y.value" },
		  { "x.value", "x.value" },
		  VZ_S0,
		  -EINVAL,
		  "twice" },
		{ "bits that clash",
		  { "y.value" },
		  { "x.value" },
		  VZ_SERVICE_MOST_RECENT,
		  -EINVAL,
		  "serialized" },
	};
	struct vz_app *app = core_new(NULL);
	size_t i;

	core_add(app, VZ_SHARED, "taken.value", "x.value", NULL);
	for (i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		const struct vz_callback_spec spec = {
			.outputs = cases[i].outputs,
			.inputs = cases[i].inputs,
			.service = cases[i].service,
			.fn = do_nothing,
		};
		struct vz_callback *c = NULL;

		test_case(cases[i].label);
		CHECK_EQ(vz_app_add_callback(app, &spec, &c), cases[i].r);
		CHECK(strstr(vz_app_last_error(app), cases[i].error));
		CHECK_EQ(c != NULL, cases[i].r == 0);
		vz_callback_free(c);
	}
	/* What was refused or withdrawn left no trace. */
	vz_callback_free(core_add(app, VZ_S0, "y.value", "free.value", NULL));
	vz_app_free(app);
}

TEST(callback_descriptions_are_what_the_renderer_reads)
{
	struct vz_app *app = core_new(NULL);
	const struct vz_callback_spec light = {
		.inputs = VZ_IDS("x.value"),
		.states = VZ_IDS("w.value"),
		.service = VZ_SHARED,
		.fn = do_nothing,
	};
	struct json_object *list, *a, *b;
	struct vz_blob *blob;
	struct vz_json_error error;

	core_add(app, VZ_S0, "y.value", "x.value", NULL);
	CHECK_EQ(vz_app_add_callback(app, &light, NULL), 0);
	CHECK_EQ(vz_app_add_callback(app, &light, NULL), 0);
	CHECK_EQ(vz_app_encode_dependencies(app, &blob), 0);
	CHECK_EQ(vz_json_parse((char *) blob->data, blob->size, NULL, &error, &list), 0);
	vz_blob_unref(blob);

	CHECK_EQ(json_object_array_length(list), 4);
	CHECK(equals(json_object_array_get_idx(list, 0),
		     "{\"output\":\"hello\",\"inputs\":[],\"state\":[],"
		     "\"clientside_function\":null,\"prevent_initial_call\":false,"
		     "\"background\":null,\"dynamic_creator\":false,\"no_output\":true,"
		     "\"optional\":false,\"hidden\":true,\"websocket\":true,\"persistent\":true}"));
	CHECK(equals(json_object_array_get_idx(list, 1),
		     "{\"output\":\"y.value\",\"inputs\":[{\"id\":\"x\",\"property\":\"value\"}],"
		     "\"state\":[],\"clientside_function\":null,\"prevent_initial_call\":false,"
		     "\"background\":null,\"dynamic_creator\":false,\"no_output\":false,"
		     "\"optional\":false,\"hidden\":false,\"websocket\":false,"
		     "\"persistent\":false}"));
	a = json_object_array_get_idx(list, 2);
	b = json_object_array_get_idx(list, 3);
	CHECK(equals(json_object_object_get(a, "state"),
		     "[{\"id\":\"w\",\"property\":\"value\"}]"));
	CHECK(json_object_get_boolean(json_object_object_get(a, "no_output")));
	CHECK(json_object_get_boolean(json_object_object_get(a, "websocket")));
	CHECK(json_object_get_boolean(json_object_object_get(a, "prevent_initial_call")));
	CHECK(!json_object_get_boolean(json_object_object_get(a, "persistent")));
	/* Two callbacks without Outputs on the same Input have names of their own. */
	CHECK(strcmp(message_string(a, "output"), message_string(b, "output")) != 0);
	CHECK(!strpbrk(message_string(a, "output"), ".@"));
	json_object_put(list);
	vz_app_free(app);
}

static int withdraw_itself(struct vz_call *call, void *data)
{
	struct vz_callback **self = data;

	*self = vz_callback_free(*self);
	return vz_call_set_output(call, 0, json_object_new_int(1));
}

TEST(callback_may_be_withdrawn_by_its_own_function)
{
	static const unsigned services[] = { VZ_SERVICE_LINK, VZ_SHARED };
	size_t i;

	for (i = 0; i < VZ_N_ELEMENTS(services); i++) {
		struct vz_app *app = core_new(NULL);
		struct vz_callback *self;
		struct tab a;

		core_set_layout(app, VZ_IDS("x", "y"));
		self = core_add_fn(app, services[i], "y.value", "x.value", withdraw_itself, &self);
		tab_start_own(app, &a, "a");
		tab_set(&a, "y.value", "x", "value", "4");
		CHECK(tab_got_error(&a, "withdrawn"));
		CHECK(tab_is_quiet(&a));
		tab_set(&a, "y.value", "x", "value", "4");
		CHECK(tab_got_error(&a, "no callback"));
		tab_close(&a);
		vz_app_free(app);
	}
}
