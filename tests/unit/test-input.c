#include "vizyd/input.h"

#include "core.h"

/* Output: what the functions made of the values. */
static int on_number(struct vz_call *call, void *data)
{
	double number = -1;
	int r;

	r = vz_call_input_number(call, 0, -10, 10.5, &number);
	if (r < 0) {
		CHECK(number == -1);
		return r;
	}
	return vz_call_set_output(call, 0, json_object_new_double(number));
}

static int on_text(struct vz_call *call, void *data)
{
	const char *input, *state;
	char line[64];
	int r;

	r = vz_call_input_text(call, 0, &input);
	if (r >= 0)
		r = vz_call_state_text(call, 0, &state);
	if (r < 0)
		return r;
	snprintf(line, sizeof(line), "<%s|%s>", input, state);
	return vz_call_set_output(call, 0, json_object_new_string(line));
}

TEST(input_number_is_in_its_range_or_an_error_that_says_what_was_expected)
{
	static const struct {
		const char *value, *answer, *error;
	} cases[] = {
		{ "-10", "-10", NULL },
		{ "10.5", "10.5", NULL },
		{ "0", "0", NULL },
		{ "10.6", NULL, "Input 0: expected a number from -10 to 10.5, got 10.6" },
		{ "-11", NULL, "got -11" },
		{ "1e300", NULL, "got 1e+300" },
		{ "\"4\"", NULL, "expected a number from -10 to 10.5, got string" },
		{ "null", NULL, "got null" },
		{ "true", NULL, "got boolean" },
		{ "[1]", NULL, "got array" },
	};
	struct vz_app *app = core_new(NULL);
	char answer[256];
	struct tab tab;
	size_t i;

	core_set_layout(app, VZ_IDS("x", "y"));
	core_add_fn(app, VZ_SERVICE_LINK, "y.value", "x.value", on_number, NULL);
	tab_start_own(app, &tab, "a");
	for (i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		test_case(cases[i].value);
		tab_forget(&tab);
		tab_set(&tab, "y.value", "x", "value", cases[i].value);
		snprintf(answer, sizeof(answer),
			 "{\"status\":\"ok\",\"data\":{\"multi\":true,\"response\":{\"y\":{"
			 "\"value\":%s}}}}",
			 cases[i].answer ? cases[i].answer : "");
		CHECK(cases[i].error ? tab_got_error(&tab, cases[i].error)
				     : tab_got_answer(&tab, answer));
	}
	tab_close(&tab);
	vz_app_free(app);
}

TEST(input_text_of_an_empty_box_is_empty)
{
	static const struct {
		const char *input, *state, *answer, *error;
	} cases[] = {
		{ "'a'", "'b'", "<a|b>", NULL },
		{ "null", "null", "<|>", NULL },
		{ "3", "'b'", NULL, "Input 0: expected a text, got int" },
		{ "'a'", "{}", NULL, "State 0: expected a text, got object" },
	};
	const struct vz_callback_spec spec = {
		.outputs = VZ_IDS("y.value"),
		.inputs = VZ_IDS("x.value"),
		.states = VZ_IDS("z.value"),
		.service = VZ_SERVICE_LINK,
		.fn = on_text,
	};
	struct vz_app *app = core_new(NULL);
	struct vz_callback *callback;
	char text[512];
	struct tab tab;
	size_t i;

	core_set_layout(app, VZ_IDS("x", "y", "z"));
	CHECK_EQ(vz_app_add_callback(app, &spec, &callback), 0);
	tab_start_own(app, &tab, "a");
	for (i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		test_case(cases[i].input);
		tab_forget(&tab);
		snprintf(text, sizeof(text),
			 "'inputs':[{'id':'x','property':'value','value':%s}],"
			 "'state':[{'id':'z','property':'value','value':%s}],"
			 "'changedPropIds':['x.value']",
			 cases[i].input, cases[i].state);
		tab_ask(&tab, "y.value", text);
		snprintf(text, sizeof(text),
			 "{\"status\":\"ok\",\"data\":{\"multi\":true,\"response\":{\"y\":{"
			 "\"value\":\"%s\"}}}}",
			 cases[i].answer ? cases[i].answer : "");
		CHECK(cases[i].error ? tab_got_error(&tab, cases[i].error)
				     : tab_got_answer(&tab, text));
	}
	tab_close(&tab);
	vz_app_free(app);
}
