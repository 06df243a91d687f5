#include "dash/graph.h"

#include <errno.h>

#include "core.h"
#include "dash/callback.h"

static int add(struct vz_app *app, unsigned service, const char *output, const char *input)
{
	const struct vz_callback_spec spec = {
		.outputs = VZ_IDS(output),
		.inputs = VZ_IDS(input),
		.service = service,
		.fn = core_times_ten,
	};

	return vz_app_add_callback(app, &spec, NULL);
}

TEST(graph_refuses_circles_and_names_them)
{
	struct vz_app *app = core_new(NULL);

	CHECK_EQ(add(app, VZ_SHARED, "b.v", "a.v"), 0);
	CHECK_EQ(add(app, VZ_SHARED, "c.v", "b.v"), 0);
	CHECK_EQ(add(app, VZ_SHARED, "d.v", "c.v"), 0);
	CHECK_EQ(add(app, VZ_SHARED, "a.v", "d.v"), -ELOOP);
	CHECK(strstr(vz_app_last_error(app), "a.v -> b.v -> c.v -> d.v -> a.v"));
	CHECK_EQ(add(app, VZ_SHARED, "a.v", "b.v"), -ELOOP);
	CHECK(strstr(vz_app_last_error(app), ": a.v -> b.v -> a.v"));
	/* The refused one left no trace. */
	CHECK_EQ(add(app, VZ_SHARED, "a.v", "z.v"), 0);
	CHECK_EQ(add(app, VZ_SHARED, "z.v", "d.v"), -ELOOP);
	vz_app_free(app);
}

TEST(graph_lets_a_callback_set_its_own_input)
{
	struct vz_app *app = core_new(NULL);

	CHECK_EQ(add(app, VZ_SHARED, "a.v", "a.v"), 0);
	CHECK_EQ(add(app, VZ_SHARED, "b.v", "a.v"), 0);
	vz_app_free(app);
}

TEST(graph_refuses_chains_between_shared_and_not_whichever_comes_second)
{
	struct vz_app *app = core_new(NULL);

	CHECK_EQ(add(app, VZ_SHARED, "b.v", "a.v"), 0);
	CHECK_EQ(add(app, VZ_S0, "c.v", "b.v"), -EPERM);
	CHECK(strstr(vz_app_last_error(app), "'b.v'"));
	CHECK_EQ(add(app, VZ_S0, "z.v", "y.v"), 0);
	CHECK_EQ(add(app, VZ_SHARED, "y.v", "x.v"), -EPERM);
	CHECK(strstr(vz_app_last_error(app), "'y.v'"));
	/* From not shared to shared the browser carries it on; a shared Input may have both. */
	CHECK_EQ(add(app, VZ_SHARED, "w.v", "z.v"), 0);
	CHECK_EQ(add(app, VZ_S0, "d.v", "a.v"), 0);
	vz_app_free(app);
}

TEST(graph_numbers_in_dependency_order_however_they_come)
{
	struct vz_app *app = core_new(NULL);
	struct vz_callback *c3 = core_add(app, VZ_SHARED, "d.v", "c.v", NULL);
	struct vz_callback *c1 = core_add(app, VZ_SHARED, "b.v", "a.v", NULL);
	struct vz_callback *c2 = core_add(app, VZ_SHARED, "c.v", "b.v", NULL);

	CHECK(c1->depth < c2->depth);
	CHECK(c2->depth < c3->depth);
	vz_app_free(app);
}

TEST(graph_walks_a_lattice_once)
{
	/* Two ways at each of 40 steps: 2^40 paths, if a walk did not mark where it has been. */
	struct vz_app *app = core_new(NULL);
	char out[2][16], in[2][16];
	unsigned i;

	for (i = 0; i < 40; i++) {
		const struct vz_callback_spec spec = {
			.outputs = VZ_IDS(out[0], out[1]),
			.inputs = VZ_IDS(in[0], in[1]),
			.service = VZ_SHARED,
			.fn = core_times_ten,
		};

		snprintf(in[0], sizeof(in[0]), "a%u.v", i);
		snprintf(in[1], sizeof(in[1]), "b%u.v", i);
		snprintf(out[0], sizeof(out[0]), "a%u.v", i + 1);
		snprintf(out[1], sizeof(out[1]), "b%u.v", i + 1);
		CHECK_EQ(vz_app_add_callback(app, &spec, NULL), 0);
	}
	CHECK_EQ(add(app, VZ_SHARED, "a0.v", "b40.v"), -ELOOP);
	vz_app_free(app);
}
