/*
 * Calls that are withdrawn, taken back from a worker, or take too long.
 */
#include <errno.h>

#include "core.h"
#include "dash/call.h"
#include "dash/converge.h"

#define MAX_OUT 16
static struct vz_call *out[MAX_OUT];
static unsigned n_out, n_begun, n_released;
static char told[512];

static int execute(struct vz_call *call, void *data)
{
	CHECK(n_out < MAX_OUT);
	out[n_out++] = call;
	return 0;
}

/* The first @n_begun of them a worker has taken up. */
static bool cancel(struct vz_call *call, void *data)
{
	unsigned i;

	for (i = n_begun; i < n_out; i++)
		if (out[i] == call) {
			memmove(&out[i], &out[i + 1], (--n_out - i) * sizeof(out[0]));
			return true;
		}
	return false;
}

static void tell_overdue(const struct vz_overdue *overdue, void *data)
{
	snprintf(told + strlen(told), sizeof(told) - strlen(told), "%s %s%s%d s, %u; ",
		 overdue->callback, overdue->has_begun ? "" : "waits ",
		 overdue->has_ended ? "ended " : "", (int) (overdue->out_us / 1000000),
		 overdue->n_overdue);
}

static void release(void *data)
{
	n_released++;
}

static void work(void)
{
	struct vz_call *call = out[0];

	CHECK(n_out > 0);
	memmove(out, out + 1, --n_out * sizeof(out[0]));
	vz_call_run(call);
	vz_call_complete(call);
}

static struct vz_app *start(unsigned service, struct vz_callback **ret)
{
	struct vz_app_options options = {
		.execute = execute,
		.cancel = cancel,
		.on_overdue = tell_overdue,
		.deadline_us = 5000000,
	};
	const struct vz_callback_spec spec = {
		.outputs = VZ_IDS("y.value"),
		.inputs = VZ_IDS("x.value"),
		.service = service,
		.blocking = true,
		.fn = core_times_ten,
		.release = release,
	};
	struct vz_app *app = core_new(&options);

	n_out = n_begun = n_released = 0;
	told[0] = '\0';
	core_set_layout(app, VZ_IDS("x", "y"));
	CHECK_EQ(vz_app_add_callback(app, &spec, ret), 0);
	return app;
}

TEST(schedule_takes_back_what_no_worker_has_begun)
{
	struct vz_callback *callback;
	struct vz_app *app = start(VZ_SERVICE_LINK, &callback);
	struct tab a;

	tab_start_own(app, &a, "a");
	tab_set(&a, "y.value", "x", "value", "1");
	tab_set(&a, "y.value", "x", "value", "2");
	tab_set(&a, "y.value", "x", "value", "3");
	CHECK_EQ(n_out, 3);
	n_begun = 1;
	CHECK(!vz_callback_free(callback));
	CHECK(tab_got_error(&a, "withdrawn"));
	CHECK(tab_got_error(&a, "withdrawn"));
	CHECK(tab_got_error(&a, "withdrawn"));
	CHECK_EQ(n_out, 1);
	/* Its function may still be running, and what it needs must be there. */
	CHECK_EQ(n_released, 0);
	work();
	CHECK_EQ(n_released, 1);
	CHECK(tab_is_quiet(&a));
	tab_close(&a);
	vz_app_free(app);
	CHECK_EQ(n_released, 1);
}

TEST(schedule_releases_at_once_what_no_call_uses)
{
	struct vz_callback *callback;
	struct vz_app *app = start(VZ_SHARED, &callback);
	const struct vz_callback_spec twice = {
		.outputs = VZ_IDS("y.value"),
		.inputs = VZ_IDS("x.value"),
		.fn = core_times_ten,
		.release = release,
	};

	CHECK_EQ(vz_app_add_callback(app, &twice, NULL), -EEXIST);
	CHECK_EQ(n_released, 0);
	vz_callback_free(callback);
	CHECK_EQ(n_released, 1);
	CHECK_EQ(vz_app_add_callback(app, &twice, NULL), 0);
	vz_app_free(app);
	CHECK_EQ(n_released, 2);
}

TEST(schedule_stops_what_waits_and_lets_end_what_runs)
{
	struct vz_app *app =
		start(VZ_SERVICE_LINK | VZ_SERVICE_SHARED | VZ_SERVICE_SHARE_INPUTS, NULL);
	struct tab a;

	tab_start_own(app, &a, "a");
	tab_set(&a, "y.value", "x", "value", "1");
	tab_set(&a, "y.value", "x", "value", "2");
	n_begun = 1;
	vz_app_stop(app);
	CHECK(tab_got_error(&a, "shutting down"));
	CHECK(tab_got_error(&a, "shutting down"));
	CHECK_EQ(n_out, 1);
	work();
	CHECK_EQ(core_get(app, "y"), 10);
	tab_close(&a);
	vz_app_free(app);
}

TEST(schedule_tells_of_calls_that_take_too_long)
{
	struct vz_app *app = start(VZ_SHARED, NULL);
	struct tab a;

	tab_start_own(app, &a, "a");
	core_wait(app, VZ_CONVERGE_QUIET_US); /* its welcome cannot be on its way any more */
	tab_set(&a, "y.value", "x", "value", "1");
	core_wait(app, 3000000);
	tab_set(&a, "y.value", "x", "value", "2");
	CHECK(tab_is_quiet(&a));
	core_wait(app, 1999999);
	CHECK_STR(told, "");
	core_wait(app, 1);
	CHECK(tab_got_error(&a, "takes too long"));
	CHECK_STR(told, "y.value waits 5 s, 1; ");
	CHECK_EQ(vz_app_get_counters(app)->callbacks_overdue, 1);
	/* Who waits behind it is answered in time, too. */
	core_wait(app, 3000000);
	CHECK(tab_got_error(&a, "takes too long"));

	core_wait(app, 2000000);
	work();
	CHECK_STR(told, "y.value waits 5 s, 1; y.value ended 10 s, 0; ");
	CHECK_EQ(core_get(app, "y"), 10);
	/* The next one's time begins when it begins. */
	core_wait(app, 4999999);
	CHECK_EQ(vz_app_get_counters(app)->callbacks_overdue, 1);
	work();
	CHECK_EQ(core_get(app, "y"), 20);
	core_wait(app, 60000000);
	CHECK_EQ(vz_app_get_counters(app)->callbacks_overdue, 1);
	tab_close(&a);
	vz_app_free(app);
}

TEST(schedule_tells_of_calls_that_nobody_asked_for_as_well)
{
	struct vz_app *app = start(VZ_SHARED, NULL);

	CHECK_EQ(vz_app_start(app), 0);
	CHECK_EQ(n_out, 1);
	core_wait(app, 5000000);
	CHECK_STR(told, "y.value waits 5 s, 1; ");
	work();
	CHECK_STR(told, "y.value waits 5 s, 1; y.value ended 5 s, 0; ");
	vz_app_free(app);
}

TEST(schedule_of_a_withdrawn_callback_is_overdue_no_more)
{
	struct vz_callback *callback;
	struct vz_app *app = start(VZ_SHARED, &callback);

	CHECK_EQ(vz_app_start(app), 0);
	n_begun = 1;
	core_wait(app, 6000000);
	vz_callback_free(callback);
	CHECK_STR(told, "y.value waits 5 s, 1; y.value waits ended 6 s, 0; ");
	work();
	CHECK_EQ(n_released, 1);
	vz_app_free(app);
}

/* A client listener that withdraws the callback: while its call is being delivered, or answered. */
static int withdraw(struct vz_call *call, void *data)
{
	struct vz_callback **callback = data;

	*callback = vz_callback_free(*callback);
	return vz_call_set_output(call, 0, json_object_new_int(1));
}

TEST(schedule_survives_a_function_that_withdraws_itself)
{
	struct vz_app *app = core_new(NULL);
	struct vz_callback *callback = NULL;
	const struct vz_callback_spec spec = {
		.outputs = VZ_IDS("y.value"),
		.inputs = VZ_IDS("x.value"),
		.service = VZ_S2,
		.fn = withdraw,
		.data = &callback,
		.release = release,
	};
	struct vz_device *d;
	struct tab a;

	n_released = 0;
	core_set_layout(app, VZ_IDS("x", "y"));
	CHECK_EQ(vz_app_add_callback(app, &spec, &callback), 0);
	CHECK_EQ(vz_app_add_device(app, "d", "D", &d), 0);
	tab_start_own(app, &a, "a");
	CHECK_EQ(vz_client_set_device(vz_app_next_client(app, NULL), d), 0);
	tab_forget(&a);
	tab_set(&a, "y.value", "x", "value", "1");
	CHECK(tab_got_error(&a, "withdrawn"));
	CHECK(!callback);
	CHECK_EQ(n_released, 1);
	tab_close(&a);
	vz_app_free(app);
}
