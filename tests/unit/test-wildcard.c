#include "dash/wildcard.h"

#include <errno.h>
#include <pthread.h>

#include "core.h"
#include "dash/callback.h"
#include "vizyd/pattern.h"

/* Rows 1 to 3, each an Input of type "in" with value 10 × index and an "out", and plain components.
 */
static void set_rows(struct vz_app *app)
{
	struct json_object *root = json_object_new_array();

	for (int i = 1; i <= 3; i++) {
		char text[256];

		snprintf(text, sizeof(text),
			 "{\"namespace\":\"n\",\"type\":\"Input\",\"props\":{\"id\":"
			 "{\"type\":\"in\",\"index\":%d},\"value\":%d}}",
			 i, 10 * i);
		json_object_array_add(root, parse(text));
		snprintf(text, sizeof(text),
			 "{\"namespace\":\"n\",\"type\":\"Div\",\"props\":{\"id\":"
			 "{\"index\":%d,\"type\":\"out\"}}}",
			 i);
		json_object_array_add(root, parse(text));
	}
	json_object_array_add(root, parse("{\"namespace\":\"n\",\"type\":\"Div\",\"props\":{\"id\":"
					  "\"sum\"}}"));
	json_object_array_add(root, parse("{\"namespace\":\"n\",\"type\":\"Div\",\"props\":{\"id\":"
					  "\"factor\",\"value\":1}}"));
	CHECK_EQ(vz_app_set_layout(app, root), 0);
}

static struct vz_callback *add(struct vz_app *app, const struct vz_callback_spec *spec)
{
	struct vz_callback *c = NULL;

	if (vz_app_add_callback(app, spec, &c) < 0)
		test_fail(__FILE__, __LINE__, "%s", vz_app_last_error(app));
	return c;
}

static int value_at(struct vz_app *app, const char *type, int index)
{
	return json_object_get_int(vz_app_get(app, VZ_ID(type, index), "value"));
}

/* out = 2 × in */
static int twice(struct vz_call *call, void *data)
{
	unsigned *n_runs = data;

	if (n_runs)
		++*n_runs;
	CHECK(vz_call_match(call, "index") != NULL);
	CHECK_EQ(vz_call_n_inputs_at(call, 0), 1);
	return vz_call_set_output(call, 0,
				  json_object_new_int(2 *
						      json_object_get_int(vz_call_input(call, 0))));
}

/* The sum of all, and who triggered, into the one Output. */
static int sum(struct vz_call *call, void *data)
{
	unsigned i, n = vz_call_n_inputs_at(call, 0);
	struct json_object **last = data;
	int total = 0;

	CHECK_EQ(json_object_array_length(vz_call_input(call, 0)), n);
	for (i = 0; i < n; i++)
		total += json_object_get_int(vz_call_input_at(call, 0, i));
	if (last) {
		const char *id = vz_call_triggered_id(call, 0);

		json_object_put(*last);
		*last = id ? json_object_new_string(id) : NULL;
	}
	return vz_call_set_output(call, 0, json_object_new_int(total));
}

static const struct vz_callback_spec shared_match = {
	.outputs = (const char *const[]){ VZ_MATCH("out") ".value", NULL },
	.inputs = (const char *const[]){ VZ_MATCH("in") ".value", NULL },
	.service = VZ_SHARED,
	.fn = twice,
};
static const struct vz_callback_spec shared_sum = {
	.outputs = (const char *const[]){ "sum.value", NULL },
	.inputs = (const char *const[]){ VZ_ALL("out") ".value", NULL },
	.service = VZ_SHARED,
	.fn = sum,
};

TEST(wildcard_rules_are_dashs)
{
	static const struct {
		const char *label, *outputs[3], *inputs[3], *error;
	} cases[] = {
		{ "MATCH everywhere",
		  { VZ_MATCH("out") ".value" },
		  { VZ_MATCH("in") ".value", "factor.value" },
		  NULL },
		{ "ALL in the Output", { VZ_ALL("out") ".value" }, { "factor.value" }, NULL },
		{ "MATCH for a fixed Output", { "sum.value" }, { VZ_MATCH("in") ".value" }, NULL },
		{ "no Output", { NULL }, { VZ_MATCH("in") ".value" }, NULL },
		{ "ALLSMALLER below MATCH",
		  { VZ_MATCH("out") ".value" },
		  { VZ_ALLSMALLER("in") ".value" },
		  NULL },
		{ "ALLSMALLER in an Output",
		  { VZ_ALLSMALLER("out") ".value" },
		  { "factor.value" },
		  "has ALLSMALLER: expected MATCH or ALL" },
		{ "ALLSMALLER than nothing",
		  { "sum.value" },
		  { VZ_ALLSMALLER("in") ".value" },
		  "has ALLSMALLER on 'index', for which an Output with MATCH is needed" },
		{ "Outputs that differ",
		  { VZ_MATCH("out") ".value", "sum.value" },
		  { VZ_MATCH("in") ".value" },
		  "Output 'sum.value' has MATCH on other keys than Output '{" },
		{ "an Input's MATCH that no Output has",
		  { "{\"row\":[\"MATCH\"]}.value" },
		  { VZ_MATCH("in") ".value" },
		  "has MATCH on 'index', which Output" },
		{ "Outputs that overlap",
		  { VZ_ALL("out") ".value", "{\"index\":1,\"type\":\"out\"}.value" },
		  { "factor.value" },
		  "means some of what Output" },
		{ "an unknown wildcard",
		  { "{\"index\":[\"MANY\"]}.value" },
		  { "factor.value" },
		  "is not \"id.property\"" },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct vz_app *app = core_new(NULL);
		const struct vz_callback_spec spec = {
			.outputs = cases[i].outputs[0] ? cases[i].outputs : NULL,
			.inputs = cases[i].inputs,
			.fn = twice,
		};

		test_case(cases[i].label);
		CHECK_EQ(vz_app_add_callback(app, &spec, NULL), cases[i].error ? -EINVAL : 0);
		if (cases[i].error && !strstr(vz_app_last_error(app), cases[i].error))
			CHECK_STR(vz_app_last_error(app), cases[i].error);
		vz_app_free(app);
	}
}

TEST(wildcard_outputs_that_overlap_are_taken)
{
	struct vz_app *app = core_new(NULL);
	const struct vz_callback_spec one = {
		.outputs = VZ_IDS("{\"index\":7,\"type\":\"out\"}.value"),
		.inputs = VZ_IDS("factor.value"),
		.service = VZ_SHARED,
		.fn = twice,
	};
	struct vz_callback_spec all = shared_match;
	struct vz_callback *c = add(app, &shared_match);

	CHECK_EQ(vz_app_add_callback(app, &one, NULL), -EEXIST);
	all.outputs = VZ_IDS("{\"index\":[\"ALL\"],\"type\":\"out\"}.value");
	all.inputs = VZ_IDS("factor.value");
	CHECK_EQ(vz_app_add_callback(app, &all, NULL), -EEXIST);
	vz_callback_free(c);
	/* Once that is gone, the place is free, and the other way round it is taken as well. */
	c = add(app, &one);
	CHECK_EQ(vz_app_add_callback(app, &shared_match, NULL), -EEXIST);
	vz_app_free(app);
}

TEST(wildcard_circles_and_mixed_chains_are_seen)
{
	struct vz_app *app = core_new(NULL);
	struct vz_callback_spec back = shared_match;

	add(app, &shared_match);
	back.outputs = VZ_IDS("{\"index\":3,\"type\":\"in\"}.value");
	back.inputs = VZ_IDS(VZ_ALL("out") ".value");
	CHECK_EQ(vz_app_add_callback(app, &back, NULL), -ELOOP);
	CHECK(strstr(vz_app_last_error(app), "a circle of shared callbacks: "));
	back.service = VZ_SERVICE_LINK;
	CHECK_EQ(vz_app_add_callback(app, &back, NULL), -EPERM);
	vz_app_free(app);

	/* The other way round. */
	app = core_new(NULL);
	back.outputs = VZ_IDS("x.value");
	add(app, &back);
	CHECK_EQ(vz_app_add_callback(app, &shared_match, NULL), -EPERM);
	vz_app_free(app);
}

TEST(wildcard_start_runs_every_match_in_order)
{
	struct vz_app *app = core_new(NULL);
	unsigned n_runs = 0;
	struct vz_callback_spec match = shared_match;

	set_rows(app);
	/* Registered in the wrong order: what the one makes the other adds up. */
	add(app, &shared_sum);
	match.data = &n_runs;
	add(app, &match);
	CHECK_EQ(vz_app_start(app), 0);
	CHECK_EQ(n_runs, 3);
	CHECK_EQ(value_at(app, "out", 2), 40);
	CHECK_EQ(core_get(app, "sum"), 120);
	vz_app_free(app);
}

TEST(wildcard_push_runs_what_matches)
{
	struct vz_app *app = core_new(NULL);
	struct vz_callback_spec match = shared_match, total = shared_sum;
	struct json_object *last = NULL;
	unsigned n_runs = 0;
	struct tab a;

	set_rows(app);
	match.data = &n_runs;
	total.data = &last;
	add(app, &match);
	add(app, &total);
	CHECK_EQ(vz_app_start(app), 0);
	tab_start_own(app, &a, "a");

	n_runs = 0;
	CHECK_EQ(vz_app_push(app, VZ_ID("in", 2), "value", json_object_new_int(7)), 0);
	CHECK_EQ(n_runs, 1);
	CHECK_EQ(value_at(app, "out", 2), 14);
	CHECK_EQ(core_get(app, "sum"), 94);
	CHECK_STR(json_object_get_string(last), "{\"index\":2,\"type\":\"out\"}");
	/* All of it is one unit. */
	CHECK(tab_got(&a, "{\"type\":\"mods\",\"set\":{"
			  "\"{\\\"index\\\":2,\\\"type\\\":\\\"in\\\"}\":{\"value\":7},"
			  "\"{\\\"index\\\":2,\\\"type\\\":\\\"out\\\"}\":{\"value\":14},"
			  "\"sum\":{\"value\":94}}}"));
	CHECK(tab_is_quiet(&a));

	/* Several in one: each MATCH once, and the sum once. */
	CHECK_EQ(vz_app_push_mods(
			 app,
			 parse("{\"{\\\"index\\\":1,\\\"type\\\":\\\"in\\\"}\":{\"value\":1},"
			       "\"{\\\"index\\\":3,\\\"type\\\":\\\"in\\\"}\":{\"value\":3}}"),
			 NULL),
		 0);
	CHECK_EQ(n_runs, 3);
	CHECK_EQ(core_get(app, "sum"), 22);
	json_object_put(last);
	tab_close(&a);
	vz_app_free(app);
}

static int set_all(struct vz_call *call, void *data)
{
	unsigned n = vz_call_n_outputs_at(call, 0);
	struct json_object *list = json_object_new_array();

	if (data) {
		json_object_put(list);
		CHECK_EQ(vz_call_set_output_at(call, 0, 9, NULL), -EINVAL);
		return vz_call_set_output_at(call, 0, 1, json_object_get(vz_call_input(call, 0)));
	}
	for (unsigned i = 0; i + json_object_get_int(vz_call_input(call, 0)) / 100 < n; i++)
		json_object_array_add(list, json_object_new_int((int) i));
	return vz_call_set_output(call, 0, list);
}

TEST(wildcard_all_is_answered_by_a_list_or_in_part)
{
	struct vz_app *app = core_new(NULL);
	struct vz_callback_spec all = {
		.outputs = VZ_IDS(VZ_ALL("out") ".value"),
		.inputs = VZ_IDS("factor.value"),
		.service = VZ_SHARED,
		.fn = set_all,
	};
	struct vz_callback *c;
	bool part = true;

	set_rows(app);
	c = add(app, &all);
	CHECK_EQ(vz_app_push(app, "factor", "value", json_object_new_int(5)), 0);
	CHECK_EQ(value_at(app, "out", 1), 0);
	CHECK_EQ(value_at(app, "out", 3), 2);
	/* One too few: nothing changes. */
	CHECK_EQ(vz_app_push(app, "factor", "value", json_object_new_int(100)), 0);
	CHECK_EQ(value_at(app, "out", 3), 2);
	vz_callback_free(c);

	all.data = &part;
	add(app, &all);
	CHECK_EQ(vz_app_push(app, "factor", "value", json_object_new_int(5)), 0);
	CHECK_EQ(value_at(app, "out", 2), 5);
	CHECK_EQ(value_at(app, "out", 3), 2);
	vz_app_free(app);
}

/* The Output's id, and what there is below it. */
static int below(struct vz_call *call, void *data)
{
	char text[128];

	snprintf(text, sizeof(text), "%s %s %s", vz_call_output_id(call, 0, 0),
		 json_object_to_json_string_ext(vz_call_input(call, 0), JSON_C_TO_STRING_PLAIN),
		 vz_call_input_id(call, 0, 0) ?: "-");
	return vz_call_set_output(call, 0, json_object_new_string(text));
}

TEST(wildcard_allsmaller_is_what_lies_below)
{
	struct vz_app *app = core_new(NULL);
	const struct vz_callback_spec spec = {
		.outputs = VZ_IDS(VZ_MATCH("out") ".value"),
		.inputs = VZ_IDS(VZ_ALLSMALLER("in") ".value"),
		.service = VZ_SHARED,
		.fn = below,
	};

	set_rows(app);
	add(app, &spec);
	CHECK_EQ(vz_app_start(app), 0);
	CHECK_STR(json_object_get_string(vz_app_get(app, VZ_ID("out", 1), "value")),
		  "{\"index\":1,\"type\":\"out\"} [] -");
	/* A change runs those above it, and no other. */
	CHECK_EQ(vz_app_push(app, VZ_ID("out", 2), "value", NULL), 0);
	CHECK_EQ(vz_app_push(app, VZ_ID("in", 2), "value", json_object_new_int(7)), 0);
	CHECK(!vz_app_get(app, VZ_ID("out", 2), "value"));
	CHECK_STR(json_object_get_string(vz_app_get(app, VZ_ID("out", 3), "value")),
		  "{\"index\":3,\"type\":\"out\"} [10,7] {\"index\":1,\"type\":\"in\"}");
	vz_app_free(app);
}

/* --- Requests -------------------------------------------------------------------------------- */

#define OUT_MATCH "{\\\"index\\\":[\\\"MATCH\\\"],\\\"type\\\":\\\"out\\\"}.value"
#define OUT(i)	  "{'id':{'index':" #i ",'type':'out'},'property':'value'}"
#define IN(i, v)  "{'id':{'index':" #i ",'type':'in'},'property':'value','value':" #v "}"

TEST(wildcard_request_of_a_match)
{
	struct vz_app *app = core_new(NULL);
	struct tab a, b;

	set_rows(app);
	add(app, &shared_match);
	add(app, &shared_sum);
	CHECK_EQ(vz_app_start(app), 0);
	tab_start_own(app, &a, "a");
	tab_start_own(app, &b, "b");
	tab_ask(&a, OUT_MATCH,
		"'outputs':" OUT(2) ",'inputs':[" IN(2, 5) "],'changedPropIds':"
							   "['{\\\"index\\\":2,\\\"type\\\":"
							   "\\\"in\\\"}.value']");
	CHECK_EQ(value_at(app, "in", 2), 5);
	CHECK_EQ(value_at(app, "out", 2), 10);
	CHECK_EQ(core_get(app, "sum"), 90);
	CHECK(tab_got(&b, "{\"type\":\"mods\",\"set\":{"
			  "\"{\\\"index\\\":2,\\\"type\\\":\\\"in\\\"}\":{\"value\":5}}}"));
	CHECK(tab_got(&b, "{\"type\":\"mods\",\"set\":{"
			  "\"{\\\"index\\\":2,\\\"type\\\":\\\"out\\\"}\":{\"value\":10},"
			  "\"sum\":{\"value\":90}}}"));
	CHECK(tab_got(&a, "{\"type\":\"mods\",\"set\":{"
			  "\"{\\\"index\\\":2,\\\"type\\\":\\\"out\\\"}\":{\"value\":10},"
			  "\"sum\":{\"value\":90}}}"));
	CHECK(tab_got_answer(&a, "{\"status\":\"prevent_update\"}"));
	/* Who comes later gets it, too. */
	tab_close(&b);
	tab_open(app, &b, "c", false);
	tab_hello(&b);
	CHECK(equals(json_object_object_get(json_object_object_get(tab_next(&b), "set"),
					    "{\"index\":2,\"type\":\"in\"}"),
		     "{\"value\":5}"));
	tab_close(&a);
	tab_close(&b);
	vz_app_free(app);
}

TEST(wildcard_request_is_checked)
{
	static const struct {
		const char *label, *rest, *error;
	} cases[] = {
		{ "no outputs", "'inputs':[" IN(2, 5) "],'changedPropIds':[]",
		  "payload.outputs[0].property: expected a string" },
		{ "another Output",
		  "'outputs':{'id':'sum','property':'value'},'inputs':[" IN(
			  2, 5) "],'changedPropIds':[]",
		  "payload.outputs[0]: expected '{" },
		{ "a pattern for an id",
		  "'outputs':{'id':{'index':['MATCH'],'type':'out'},'property':'value'},"
		  "'inputs':[" IN(2, 5) "],'changedPropIds':[]",
		  "payload.outputs[0]: expected '{" },
		{ "an Input of another type",
		  "'outputs':" OUT(2) ",'inputs':[" OUT(2) "],'changedPropIds':[]",
		  "payload.inputs[0]: expected '{" },
		{ "another MATCH",
		  "'outputs':" OUT(2) ",'inputs':[" IN(3, 5) "],'changedPropIds':[]",
		  "payload.inputs[0]: '{\"index\":3,\"type\":\"in\"}' has another MATCH" },
		{ "a group",
		  "'outputs':" OUT(2) ",'inputs':[[" IN(2, 5) "," IN(2, 5) "]],"
									   "'changedPropIds':[]",
		  "payload.inputs[0]: expected one component" },
		{ "too many Inputs",
		  "'outputs':" OUT(2) ",'inputs':[" IN(2, 5) "," IN(2, 5) "],'changedPropIds':[]",
		  "payload.inputs: expected 1, got 2" },
		{ "a change of what is not there",
		  "'outputs':" OUT(2) ",'inputs':[" IN(2, 5) "],'changedPropIds':['factor.value']",
		  "payload.changedPropIds[0]: 'factor.value' is no Input of" },
		{ "a change of another row",
		  "'outputs':" OUT(2) ",'inputs':[" IN(2, 5) "],'changedPropIds':"
							     "['{\\\"index\\\":3,\\\"type\\\":"
							     "\\\"in\\\"}.value']",
		  "is no Input of" },
		{ "a row that the layout has not",
		  "'outputs':" OUT(9) ",'inputs':[" IN(9, 5) "],'changedPropIds':[]",
		  "the layout has not every component" },
	};
	struct vz_app *app = core_new(NULL);
	struct tab a;

	set_rows(app);
	add(app, &shared_match);
	tab_start_own(app, &a, "a");
	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		test_case(cases[i].label);
		tab_ask(&a, OUT_MATCH, cases[i].rest);
		CHECK(tab_got_error(&a, cases[i].error));
		CHECK(tab_is_quiet(&a));
	}
	/* None of it has left a property behind. */
	CHECK(!vz_property_find(app, VZ_ID("in", 9), "value"));
	tab_close(&a);
	vz_app_free(app);
}

TEST(wildcard_request_of_a_list)
{
	struct vz_app *app = core_new(NULL);
	struct json_object *last = NULL;
	struct vz_callback_spec spec = shared_sum;
	struct tab s;

	set_rows(app);
	spec.inputs = VZ_IDS(VZ_ALL("in") ".value");
	spec.data = &last;
	add(app, &spec);
	CHECK_EQ(vz_app_start(app), 0);
	CHECK_EQ(core_get(app, "sum"), 60);
	tab_start_stock(app, &s, "s");
	/* This tab lacks a row and has an old one; only what was edited counts. */
	tab_ask(&s, "sum.value",
		"'outputs':{'id':'sum','property':'value'},'inputs':[[" IN(1, 99) "," IN(
			3, 5) "," IN(4, 9) "]],'changedPropIds':['{\\\"index\\\":3,\\\"type\\\":"
					   "\\\"in\\\"}.value']");
	CHECK_EQ(core_get(app, "sum"), 35);
	CHECK_STR(json_object_get_string(last), "{\"index\":3,\"type\":\"in\"}");
	CHECK(tab_got_answer(&s, "{\"status\":\"ok\",\"data\":{\"multi\":true,\"response\":"
				 "{\"sum\":{\"value\":35}}}}"));
	/* What is edited must be there. */
	tab_ask(&s, "sum.value",
		"'outputs':{'id':'sum','property':'value'},'inputs':[[" IN(
			4, 9) "]],'changedPropIds':['{\\\"index\\\":4,\\\"type\\\":\\\"in\\\"}."
			      "value']");
	CHECK(tab_got_error(&s, "the layout has no component '{\"index\":4"));
	json_object_put(last);
	tab_close(&s);
	vz_app_free(app);
}

TEST(wildcard_request_of_one_browser_alone)
{
	struct vz_app *app = core_new(NULL);
	struct vz_callback_spec spec = shared_sum;
	struct tab a;

	/* Components that the server knows nothing of: a callback that is not shared has made them.
	 */
	core_set_layout(app, VZ_IDS("sum"));
	spec.inputs = VZ_IDS(VZ_ALL("in") ".value");
	spec.service = VZ_SERVICE_LINK;
	add(app, &spec);
	tab_start_own(app, &a, "a");
	tab_ask(&a, "sum.value",
		"'outputs':{'id':'sum','property':'value'},'inputs':[[" IN(5, 1) "," IN(
			6, 2) "]],'changedPropIds':['{\\\"index\\\":6,\\\"type\\\":\\\"in\\\"}."
			      "value']");
	CHECK(tab_got_answer(&a, "{\"status\":\"ok\",\"data\":{\"multi\":true,\"response\":"
				 "{\"sum\":{\"value\":3}}}}"));
	tab_ask(&a, "sum.value",
		"'outputs':{'id':'sum','property':'value'},'inputs':[[]],'changedPropIds':[]");
	CHECK(tab_got_answer(&a, "{\"status\":\"ok\",\"data\":{\"multi\":true,\"response\":"
				 "{\"sum\":{\"value\":0}}}}"));
	tab_ask(&a, "sum.value",
		"'outputs':{'id':'sum','property':'value'},'inputs':[" IN(5, 1) "],'changedPropIds'"
										":[]");
	CHECK(tab_got_error(&a, "payload.inputs[0]: expected an array"));
	tab_close(&a);
	vz_app_free(app);
}

/* An Output that is the Input, too: it is not sent back to the hand that sets it. */
static int repeat(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0, json_object_get(vz_call_input(call, 0)));
}

TEST(wildcard_output_that_repeats_the_edit_is_not_sent)
{
	struct vz_app *app = core_new(NULL);
	const struct vz_callback_spec spec = {
		.outputs = VZ_IDS(VZ_MATCH("in") ".value"),
		.inputs = VZ_IDS(VZ_MATCH("in") ".value"),
		.service = VZ_SHARED,
		.fn = repeat,
	};
	struct tab a, b;

	set_rows(app);
	add(app, &spec);
	tab_start_own(app, &a, "a");
	tab_start_own(app, &b, "b");
	tab_ask(&a, "{\\\"index\\\":[\\\"MATCH\\\"],\\\"type\\\":\\\"in\\\"}.value",
		"'outputs':" IN(2, 0) ",'inputs':[" IN(2, 5) "],'changedPropIds':"
							     "['{\\\"index\\\":2,\\\"type\\\":"
							     "\\\"in\\\"}.value']");
	CHECK(tab_got_answer(&a, "{\"status\":\"prevent_update\"}"));
	CHECK(tab_is_quiet(&a));
	CHECK(tab_got(&b, "{\"type\":\"mods\",\"set\":{"
			  "\"{\\\"index\\\":2,\\\"type\\\":\\\"in\\\"}\":{\"value\":5}}}"));
	CHECK(tab_is_quiet(&b));
	tab_close(&a);
	tab_close(&b);
	vz_app_free(app);
}

static int withdraw(struct vz_call *call, void *data)
{
	struct vz_callback **self = data;

	CHECK(*self != NULL);
	*self = vz_callback_free(*self);
	return 0;
}

TEST(wildcard_callback_may_withdraw_itself_at_its_first_row)
{
	struct vz_app *app = core_new(NULL);
	struct vz_callback_spec spec = shared_match;
	struct vz_callback *self;

	set_rows(app);
	spec.fn = withdraw;
	spec.data = &self;
	self = add(app, &spec);
	CHECK_EQ(vz_app_start(app), 0);
	CHECK(!self);
	vz_app_free(app);
}

/* --- On a worker ----------------------------------------------------------------------------- */

static struct vz_call *out[8];
static unsigned n_out;

static int execute(struct vz_call *call, void *data)
{
	CHECK(n_out < 8);
	out[n_out++] = call;
	return 0;
}

static void *run_on_thread(void *data)
{
	vz_call_run(data);
	return NULL;
}

static void work(void)
{
	struct vz_call *call = out[0];
	pthread_t thread;

	CHECK(n_out > 0);
	memmove(out, out + 1, --n_out * sizeof(out[0]));
	CHECK_EQ(pthread_create(&thread, NULL, run_on_thread, call), 0);
	CHECK_EQ(pthread_join(thread, NULL), 0);
	vz_call_complete(call);
}

/* "index = value of all, by who triggered" */
static int describe(struct vz_call *call, void *data)
{
	char text[160];

	snprintf(text, sizeof(text), "%d = %d of %u, by %s",
		 json_object_get_int(vz_call_match(call, "index")),
		 json_object_get_int(vz_call_input(call, 0)), vz_call_n_states_at(call, 0),
		 vz_call_triggered_id(call, 0) ?: "nobody");
	return vz_call_set_output(call, 0, json_object_new_string(text));
}

TEST(wildcard_calls_on_workers_wait_for_their_own_row)
{
	struct vz_app_options options = { .execute = execute };
	struct vz_app *app = core_new(&options);
	const struct vz_callback_spec spec = {
		.outputs = VZ_IDS(VZ_MATCH("out") ".value"),
		.inputs = VZ_IDS(VZ_MATCH("in") ".value"),
		.states = VZ_IDS(VZ_ALL("in") ".value"),
		.service = VZ_SHARED_MOST_RECENT,
		.blocking = true,
		.fn = describe,
	};

	n_out = 0;
	set_rows(app);
	add(app, &spec);
	for (int i = 1; i <= 4; i++)
		CHECK_EQ(vz_app_push(app, VZ_ID("in", 1), "value", json_object_new_int(i)), 0);
	for (int i = 1; i <= 4; i++)
		CHECK_EQ(vz_app_push(app, VZ_ID("in", 2), "value", json_object_new_int(i)), 0);
	/* One is out, and of each row the newest waits: none replaces that of another. */
	CHECK_EQ(n_out, 1);
	work();
	CHECK_STR(json_object_get_string(vz_app_get(app, VZ_ID("out", 1), "value")),
		  "1 = 1 of 3, by {\"index\":1,\"type\":\"in\"}");
	work();
	CHECK_STR(json_object_get_string(vz_app_get(app, VZ_ID("out", 1), "value")),
		  "1 = 4 of 3, by {\"index\":1,\"type\":\"in\"}");
	CHECK(!vz_app_get(app, VZ_ID("out", 2), "value"));
	work();
	CHECK_STR(json_object_get_string(vz_app_get(app, VZ_ID("out", 2), "value")),
		  "2 = 4 of 3, by {\"index\":2,\"type\":\"in\"}");
	CHECK_EQ(n_out, 0);
	vz_app_free(app);
}

/* A push of one Input comes back from the stock worker as a call for each row. */
TEST(wildcard_echoes_are_as_many_as_the_calls)
{
	struct vz_app *app = core_new(NULL);
	unsigned n_runs = 0;
	const struct vz_callback_spec spec = {
		.outputs = VZ_IDS(VZ_MATCH("out") ".value"),
		.inputs = VZ_IDS("factor.value"),
		.service = VZ_SHARED,
		.fn = twice,
		.data = &n_runs,
	};
	static const char *const outputs[] = { OUT(1), OUT(2), OUT(3) };
	char rest[512];
	struct tab s;

	set_rows(app);
	add(app, &spec);
	tab_start_stock(app, &s, "s");
	CHECK_EQ(vz_app_push(app, "factor", "value", json_object_new_int(4)), 0);
	CHECK_EQ(n_runs, 3);
	tab_forget(&s);
	for (unsigned round = 0; round < 2; round++)
		for (unsigned i = 0; i < 3; i++) {
			snprintf(rest, sizeof(rest),
				 "'outputs':%s,'inputs':[{'id':'factor','property':'value',"
				 "'value':4}],'changedPropIds':['factor.value']",
				 outputs[i]);
			tab_ask(&s, OUT_MATCH, rest);
			CHECK_EQ(n_runs, round ? 4 + i : 3);
		}
	tab_close(&s);
	vz_app_free(app);
}

/* The renderer compares "1" and 1 as equal where MATCH is concerned. */
TEST(wildcard_match_is_the_renderers_equality)
{
	struct vz_app *app = core_new(NULL);

	CHECK_EQ(vz_app_set_layout(app,
				   parse("[{\"namespace\":\"n\",\"type\":\"t\",\"props\":{\"id\":"
					 "{\"index\":\"1\",\"type\":\"in\"},\"value\":6}},"
					 "{\"namespace\":\"n\",\"type\":\"t\",\"props\":{\"id\":"
					 "{\"index\":1,\"type\":\"out\"}}}]")),
		 0);
	add(app, &shared_match);
	CHECK_EQ(vz_app_start(app), 0);
	CHECK_EQ(value_at(app, "out", 1), 12);
	CHECK_EQ(vz_app_push(app, "{\"index\":\"1\",\"type\":\"in\"}", "value",
			     json_object_new_int(4)),
		 0);
	CHECK_EQ(value_at(app, "out", 1), 8);
	vz_app_free(app);
}

TEST(wildcard_id_helpers)
{
	struct json_object *id = vz_id_new("a \"b\"", -3), *value;
	char *text = NULL;

	CHECK(equals(id, "{\"index\":-3,\"type\":\"a \\\"b\\\"\"}"));
	CHECK_STR(VZ_ID("row", 12), "{\"index\":12,\"type\":\"row\"}");
	value = vz_id_get(VZ_ID("row", 12), "index");
	CHECK_EQ(json_object_get_int(value), 12);
	json_object_put(value);
	CHECK(!vz_id_get("plain", "index"));
	CHECK(!vz_id_get(VZ_ID("row", 12), "other"));
	text = malloc(2 * VZ_ID_MAX);
	memset(text, 'x', 2 * VZ_ID_MAX);
	text[2 * VZ_ID_MAX - 1] = '\0';
	CHECK_STR(VZ_ID(text, 1), "");
	free(text);
	json_object_put(id);
}
