#include "dash/arrive.h"

#include <errno.h>

#include "core.h"
#include "dash/app-private.h"
#include "dash/layout.h"
#include "vizyd/html.h"
#include "vizyd/patch.h"
#include "vizyd/pattern.h"

static struct json_object *make_row(int index)
{
	return vz_html_div(.children =
				   vz_array(vz_component(VZ_DCC, "Input",
							 vz_object({ "id", vz_id_new("in", index) },
								   { "value",
								     vz_number(10 * index) })),
					    vz_html_div(.pattern_id = vz_id_new("out", index))));
}

static void set_rows(struct vz_app *app)
{
	CHECK_EQ(vz_app_set_layout(app,
				   vz_array(vz_html_div(.id = "rows",
							.children =
								vz_array(make_row(1), make_row(2))),
					    vz_html_div(.id = "sum"), vz_html_div(.id = "factor"),
					    vz_html_div(.id = "none"))),
		 0);
}

static int twice(struct vz_call *call, void *data)
{
	unsigned *n_runs = data;

	++*n_runs;
	return vz_call_set_output(call, 0,
				  vz_number(2 * json_object_get_int(vz_call_input(call, 0))));
}

static int sum(struct vz_call *call, void *data)
{
	unsigned *n_runs = data;
	int total = 0;

	++*n_runs;
	for (unsigned i = 0; i < vz_call_n_inputs_at(call, 0); i++)
		total += json_object_get_int(vz_call_input_at(call, 0, i));
	return vz_call_set_output(call, 0, vz_number(total));
}

static int count_runs(struct vz_call *call, void *data)
{
	++*(unsigned *) data;
	return 0;
}

static void add(struct vz_app *app, unsigned service, const char *output, const char *input,
		vz_callback_fn *fn, void *data)
{
	const char *const outputs[] = { output, NULL }, *const inputs[] = { input, NULL };
	const struct vz_callback_spec spec = {
		.outputs = output ? outputs : NULL,
		.inputs = inputs,
		.service = service,
		.fn = fn,
		.data = data,
	};

	if (vz_app_add_callback(app, &spec, NULL) < 0)
		test_fail(__FILE__, __LINE__, "%s", vz_app_last_error(app));
}

static int value_of(struct vz_app *app, const char *id)
{
	return json_object_get_int(vz_app_get(app, id, "title"));
}

static void append_row(struct vz_app *app, int index)
{
	struct vz_patch *patch = vz_patch_new();

	vz_patch_append(patch, "", make_row(index));
	CHECK_EQ(vz_app_push_patch(app, "rows", "children", patch), 0);
}

TEST(arrive_runs_what_the_start_would_have_run)
{
	struct vz_app *app = core_new(NULL);
	unsigned n_twice = 0, n_sum = 0, n_side_effects = 0, n_not_initial = 0;
	struct vz_patch *patch;
	struct tab a;

	set_rows(app);
	add(app, VZ_SHARED, "sum.title", VZ_ALL("out") ".title", sum, &n_sum);
	add(app, VZ_SHARED, VZ_MATCH("out") ".title", VZ_MATCH("in") ".value", twice, &n_twice);
	add(app, VZ_SHARED, NULL, VZ_ALL("in") ".value", count_runs, &n_side_effects);
	add(app, VZ_SHARED & ~VZ_SERVICE_SERVER_INITIAL, VZ_MATCH("out") ".lang",
	    VZ_MATCH("in") ".value", count_runs, &n_not_initial);
	CHECK_EQ(vz_app_start(app), 0);
	CHECK_EQ(value_of(app, "sum"), 60);
	tab_start_own(app, &a, "a");

	n_twice = n_sum = 0;
	append_row(app, 3);
	CHECK_EQ(n_twice, 1);
	CHECK_EQ(value_of(app, VZ_ID("out", 3)), 60);
	CHECK_EQ(n_sum, 1);
	CHECK_EQ(value_of(app, "sum"), 120);
	/* One unit, with the row first. */
	CHECK(equals(json_object_object_get(tab_next(&a), "set"),
		     "{\"{\\\"index\\\":3,\\\"type\\\":\\\"out\\\"}\":{\"title\":60},"
		     "\"sum\":{\"title\":120}}"));
	CHECK(tab_is_quiet(&a));

	/* One that goes is missed by the list alone. */
	patch = vz_patch_new();
	vz_patch_delete(patch, "[0]");
	CHECK_EQ(vz_app_push_patch(app, "rows", "children", patch), 0);
	CHECK_EQ(n_twice, 1);
	CHECK_EQ(value_of(app, "sum"), 100);
	CHECK_EQ(n_side_effects, 0);
	CHECK_EQ(n_not_initial, 0);

	/* What does not fit changes nothing and calls nobody, also later. */
	n_sum = 0;
	CHECK_EQ(vz_app_push_mods(app,
				  vz_object({ "rows", vz_object({ "children", vz_array() }) },
					    { "absent", vz_object({ "title", vz_text("x") }) }),
				  NULL),
		 -ENOENT);
	CHECK_EQ(vz_app_push(app, "factor", "title", vz_number(1)), 0);
	CHECK_EQ(n_sum, 0);
	tab_close(&a);
	vz_app_free(app);
}

/* A callback that makes the rows which it looks at itself. */
static int add_one(struct vz_call *call, void *data)
{
	struct vz_patch *patch = vz_patch_new();
	unsigned *n_runs = data;

	++*n_runs;
	vz_patch_append(patch, "", make_row(50 + (int) *n_runs));
	return vz_call_patch_output(call, 0, patch);
}

TEST(arrive_does_not_call_who_brought_them)
{
	struct vz_app *app = core_new(NULL);
	unsigned n_runs = 0;

	set_rows(app);
	add(app, VZ_SHARED, "rows.children", VZ_ALL("in") ".value", add_one, &n_runs);
	CHECK_EQ(vz_app_start(app), 0);
	CHECK_EQ(n_runs, 1);
	CHECK(vz_layout_find(app->layout, VZ_ID("in", 51)) != NULL);
	vz_app_free(app);
}

TEST(arrive_of_rows_for_a_fixed_input)
{
	struct vz_app *app = core_new(NULL);
	unsigned n_runs = 0;

	set_rows(app);
	add(app, VZ_SHARED, VZ_MATCH("out") ".title", "factor.title", twice, &n_runs);
	CHECK_EQ(vz_app_push(app, "factor", "title", vz_number(4)), 0);
	CHECK_EQ(n_runs, 2);
	n_runs = 0;
	append_row(app, 7);
	CHECK_EQ(n_runs, 1);
	CHECK_EQ(value_of(app, VZ_ID("out", 7)), 8);
	/* A value without components in it calls nobody. */
	CHECK_EQ(vz_app_push(app, "none", "children", vz_array(vz_text("x"))), 0);
	CHECK_EQ(n_runs, 1);
	vz_app_free(app);
}
