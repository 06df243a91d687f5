#include "gpio/action.h"

#include <errno.h>

#include "test.h"
#include "util/json.h"

TEST(action_forms)
{
	static const struct {
		const char *text, *current, *mods; /* mods: NULL when it is refused */
	} cases[] = {
		{ "record.n_clicks", "4", "{\"record\":{\"n_clicks\":5}}" },
		{ "record.n_clicks", "null", "{\"record\":{\"n_clicks\":1}}" },
		{ "a-b_c.value 12", "4", "{\"a-b_c\":{\"value\":12}}" },
		{ "a.value \"on air\"", "null", "{\"a\":{\"value\":\"on air\"}}" },
		{ "a.value   [1,2]", "null", "{\"a\":{\"value\":[1,2]}}" },
		{ "a.value null", "null", "{\"a\":{\"value\":null}}" },
		{ "{\"a\":{\"value\":1},\"b\":{\"x\":true,\"y\":[]}}", "null",
		  "{\"a\":{\"value\":1},\"b\":{\"x\":true,\"y\":[]}}" },
		{ "", "null", NULL },
		{ "record", "null", NULL },
		{ ".n_clicks", "null", NULL },
		{ "record.", "null", NULL },
		{ "a.value yes", "null", NULL },
		{ "a.value 1 2", "null", NULL },
		{ "{}", "null", NULL },
		{ "{\"a\":1}", "null", NULL },
		{ "{\"a\":{}}", "null", NULL },
		{ "{\"a\":{\"value\":1}", "null", NULL },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		VZ_CLEANUP(vz_action_deinit) struct vz_action action = { 0 };
		VZ_CLEANUP(json_object_putp) struct json_object *mods = NULL;
		VZ_CLEANUP(json_object_putp) struct json_object *current = NULL;
		int r;

		test_case(cases[i].text);
		r = vz_action_parse(&action, cases[i].text);
		CHECK_EQ(r, cases[i].mods ? 0 : -EINVAL);
		CHECK_EQ(vz_action_is_set(&action), cases[i].mods != NULL);
		if (r < 0)
			continue;
		CHECK_EQ(vz_json_parse(cases[i].current, strlen(cases[i].current), NULL, NULL,
				       &current),
			 0);
		CHECK_EQ(vz_action_make_mods(&action, current, &mods), 0);
		CHECK_STR(json_object_to_json_string_ext(mods, JSON_C_TO_STRING_PLAIN),
			  cases[i].mods);
	}
	test_case(NULL);
}

TEST(action_names_a_trigger)
{
	VZ_CLEANUP(vz_action_deinit) struct vz_action action = { 0 };

	CHECK_EQ(vz_action_parse(&action, "trigger:record"), 0);
	CHECK(vz_action_is_set(&action));
	CHECK_STR(action.trigger, "record");
	/* What is wrong leaves it alone; what is right replaces it. */
	CHECK_EQ(vz_action_parse(&action, "trigger:fire"), -EINVAL);
	CHECK_EQ(vz_action_parse(&action, "trigger:"), -EINVAL);
	CHECK_EQ(vz_action_parse(&action, "trigger:record 5"), -EINVAL);
	CHECK_STR(action.trigger, "record");
	CHECK_EQ(vz_action_parse(&action, "a.n_clicks"), 0);
	CHECK(!action.trigger);
}

TEST(action_a_click_needs_a_number)
{
	VZ_CLEANUP(vz_action_deinit) struct vz_action action = { 0 };
	VZ_CLEANUP(json_object_putp) struct json_object *text = json_object_new_string("7");
	struct json_object *mods = NULL;

	CHECK_EQ(vz_action_parse(&action, "a.value"), 0);
	CHECK_EQ(vz_action_make_mods(&action, text, &mods), -EDOM);
	CHECK(!mods);
}

/* What the app does with the mods of one press does not reach the next. */
TEST(action_mods_are_copies)
{
	VZ_CLEANUP(vz_action_deinit) struct vz_action action = { 0 };
	struct json_object *mods = NULL, *a = NULL;

	CHECK_EQ(vz_action_parse(&action, "{\"a\":{\"value\":[1]}}"), 0);
	CHECK_EQ(vz_action_make_mods(&action, NULL, &mods), 0);
	CHECK_EQ(vz_json_get_object(mods, "a", &a), 0);
	json_object_object_del(a, "value");
	json_object_put(mods);
	CHECK_EQ(vz_action_make_mods(&action, NULL, &mods), 0);
	CHECK_STR(json_object_to_json_string_ext(mods, JSON_C_TO_STRING_PLAIN),
		  "{\"a\":{\"value\":[1]}}");
	json_object_put(mods);
}

/* The later line of a file replaces the earlier; a bad one leaves it. */
TEST(action_parsed_twice)
{
	VZ_CLEANUP(vz_action_deinit) struct vz_action action = { 0 };

	CHECK_EQ(vz_action_parse(&action, "a.value 1"), 0);
	CHECK_EQ(vz_action_parse(&action, "nothing"), -EINVAL);
	CHECK_STR(action.id, "a");
	CHECK_EQ(vz_action_parse(&action, "b.n_clicks"), 0);
	CHECK_STR(action.id, "b");
	CHECK(action.is_click && !action.value);
}
