#include "dash/call.h"

#include <errno.h>
#include <pthread.h>

#include "core.h"
#include "dash/converge.h"

/* A worker that runs what it is given when the test says so. */
#define MAX_OUT 64
static struct vz_call *out[MAX_OUT];
static unsigned n_out;

static int execute(struct vz_call *call, void *data)
{
	if (data && *(int *) data < 0)
		return *(int *) data;
	CHECK(n_out < MAX_OUT);
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

/* Uses all that a function may use on a worker. */
static int on_worker(struct vz_call *call, void *data)
{
	struct vz_client *client = vz_call_client(call);
	struct json_object *value = vz_call_input(call, 0);

	if (client)
		CHECK_STR(vz_client_get_address(client), "127.0.0.1");
	if (json_object_get_int(value) == 13)
		return vz_call_fail(call, -EIO, "refused by %s", "the worker");
	CHECK_EQ(vz_call_set(call, "z", "value", json_object_get(value)), 0);
	return vz_call_set_output(call, 0, json_object_new_int(json_object_get_int(value) * 10));
}

static struct vz_app *start(unsigned service, int *execute_result, struct vz_callback **ret)
{
	struct vz_app_options options = { .execute = execute, .execute_data = execute_result };
	const struct vz_callback_spec spec = {
		.outputs = VZ_IDS("y.value"),
		.inputs = VZ_IDS("x.value"),
		.service = service,
		.blocking = true,
		.fn = on_worker,
	};
	struct vz_app *app = core_new(&options);
	struct vz_callback *callback;

	n_out = 0;
	core_set_layout(app, VZ_IDS("x", "y", "z"));
	CHECK_EQ(vz_app_add_callback(app, &spec, ret ? ret : &callback), 0);
	return app;
}

TEST(call_blocking_is_answered_when_the_worker_is_done)
{
	struct vz_app *app = start(VZ_SHARED, NULL, NULL);
	struct tab a, b;

	tab_start_own(app, &a, "a");
	tab_start_own(app, &b, "b");
	tab_set(&a, "y.value", "x", "value", "4");
	CHECK(tab_is_quiet(&a));
	CHECK(tab_got(&b, "{\"type\":\"mods\",\"set\":{\"x\":{\"value\":4}}}"));
	work();
	CHECK(tab_got(&a,
		      "{\"type\":\"mods\",\"set\":{\"y\":{\"value\":40},\"z\":{\"value\":4}}}"));
	CHECK(tab_got_answer(&a, "{\"status\":\"prevent_update\"}"));
	CHECK(tab_got(&b,
		      "{\"type\":\"mods\",\"set\":{\"y\":{\"value\":40},\"z\":{\"value\":4}}}"));
	tab_close(&a);
	tab_close(&b);
	vz_app_free(app);
}

TEST(call_serialized_runs_one_at_a_time_in_order)
{
	struct vz_app *app = start(VZ_SHARED, NULL, NULL);
	struct tab a;
	int i;

	tab_start_own(app, &a, "a");
	for (i = 1; i <= 3; i++) {
		char text[8];

		snprintf(text, sizeof(text), "%d", i);
		tab_set(&a, "y.value", "x", "value", text);
		CHECK_EQ(n_out, 1);
	}
	for (i = 1; i <= 3; i++) {
		work();
		CHECK_EQ(core_get(app, "y"), i * 10);
		CHECK(tab_next(&a));
		CHECK(tab_got_answer(&a, "{\"status\":\"prevent_update\"}"));
	}
	CHECK_EQ(n_out, 0);
	CHECK(tab_is_quiet(&a));
	tab_close(&a);
	vz_app_free(app);
}

TEST(call_not_serialized_overlaps)
{
	struct vz_app *app = start(VZ_SERVICE_LINK, NULL, NULL);
	struct tab a;

	tab_start_own(app, &a, "a");
	tab_set(&a, "y.value", "x", "value", "1");
	tab_set(&a, "y.value", "x", "value", "2");
	CHECK_EQ(n_out, 2);
	work();
	CHECK(tab_got_answer(&a, "{\"status\":\"ok\",\"data\":{\"multi\":true,\"response\":"
				 "{\"y\":{\"value\":10},\"z\":{\"value\":1}}}}"));
	work();
	CHECK(tab_next(&a));
	CHECK(tab_is_quiet(&a));
	tab_close(&a);
	vz_app_free(app);
}

TEST(call_most_recent_lets_one_wait)
{
	struct vz_app *app = start(VZ_SHARED_MOST_RECENT, NULL, NULL);
	struct tab a;

	tab_start_own(app, &a, "a");
	tab_set(&a, "y.value", "x", "value", "1");
	tab_set(&a, "y.value", "x", "value", "2");
	CHECK(tab_is_quiet(&a));
	tab_set(&a, "y.value", "x", "value", "3");
	CHECK(tab_got_answer(&a, "{\"status\":\"prevent_update\"}")); /* the second was replaced */
	work();
	work();
	CHECK_EQ(n_out, 0);
	CHECK_EQ(core_get(app, "y"), 30);
	tab_close(&a);
	vz_app_free(app);
}

TEST(call_errors_reach_the_requester_alone)
{
	struct vz_app *app = start(VZ_SHARED, NULL, NULL);
	struct tab a, b;

	tab_start_own(app, &a, "a");
	tab_start_own(app, &b, "b");
	tab_set(&a, "y.value", "x", "value", "13");
	work();
	CHECK(tab_got_error(&a, "refused by the worker"));
	tab_next(&b); /* the Input */
	CHECK(tab_is_quiet(&b));
	CHECK_EQ(core_get(app, "y"), 0);
	CHECK_EQ(vz_app_get_counters(app)->callbacks_failed, 1);
	tab_close(&a);
	tab_close(&b);
	vz_app_free(app);
}

TEST(call_past_its_deadline_is_answered_and_its_result_still_shared)
{
	struct vz_app *app = start(VZ_SHARED, NULL, NULL);
	struct tab a;

	tab_start_own(app, &a, "a");
	core_wait(app, VZ_CONVERGE_QUIET_US); /* the welcome has arrived: nothing to assert */
	tab_set(&a, "y.value", "x", "value", "4");
	tab_set(&a, "y.value", "x", "value", "5");
	core_wait(app, 29000000);
	CHECK(tab_is_quiet(&a));
	core_wait(app, 2000000);
	CHECK(tab_got_error(&a, "too long"));
	CHECK(tab_got_error(&a, "too long"));
	work();
	CHECK(tab_got(&a,
		      "{\"type\":\"mods\",\"set\":{\"y\":{\"value\":40},\"z\":{\"value\":4}}}"));
	work();
	CHECK_EQ(core_get(app, "y"), 50);
	CHECK(tab_next(&a));
	CHECK(tab_is_quiet(&a));
	tab_close(&a);
	vz_app_free(app);
}

TEST(call_whose_client_left_is_dropped_or_shared)
{
	struct vz_app *app = start(VZ_SHARED, NULL, NULL);
	struct tab a, b;

	tab_start_own(app, &a, "a");
	tab_start_own(app, &b, "b");
	tab_set(&a, "y.value", "x", "value", "4");
	tab_close(&a);
	core_wait(app, 20000000); /* the grace time is over: no such client any more */
	CHECK_EQ(vz_app_n_clients(app), 1);
	tab_forget(&b);
	work();
	CHECK(tab_got(&b,
		      "{\"type\":\"mods\",\"set\":{\"y\":{\"value\":40},\"z\":{\"value\":4}}}"));
	tab_close(&b);
	vz_app_free(app);
}

TEST(call_is_answered_when_its_callback_is_withdrawn)
{
	struct vz_callback *callback;
	struct vz_app *app = start(VZ_SHARED, NULL, &callback);
	struct tab a;

	tab_start_own(app, &a, "a");
	tab_set(&a, "y.value", "x", "value", "4");
	tab_set(&a, "y.value", "x", "value", "5");
	vz_callback_free(callback);
	CHECK(tab_got_error(&a, "withdrawn"));
	CHECK(tab_got_error(&a, "withdrawn"));
	work(); /* comes to nothing */
	CHECK_EQ(n_out, 0);
	CHECK_EQ(core_get(app, "y"), 0);
	tab_close(&a);
	vz_app_free(app);
}

TEST(call_is_answered_when_the_app_stops)
{
	struct vz_app *app = start(VZ_SHARED, NULL, NULL);
	struct tab a;

	tab_start_own(app, &a, "a");
	tab_set(&a, "y.value", "x", "value", "4");
	tab_set(&a, "y.value", "x", "value", "5");
	vz_app_stop(app);
	CHECK(tab_got_error(&a, "shutting down"));
	CHECK(tab_got_error(&a, "shutting down"));
	tab_set(&a, "y.value", "x", "value", "6");
	CHECK(tab_got_error(&a, "shutting down"));
	tab_close(&a);
	/* The worker comes back after everything else has gone. */
	vz_app_free(app);
	work();
}

TEST(call_that_no_worker_takes_fails)
{
	int result = -EAGAIN;
	struct vz_app *app = start(VZ_SHARED, &result, NULL);
	struct tab a;

	tab_start_own(app, &a, "a");
	tab_set(&a, "y.value", "x", "value", "4");
	CHECK(tab_got_error(&a, "too many calls wait for a worker"));
	result = -EIO;
	tab_set(&a, "y.value", "x", "value", "4");
	CHECK(tab_got_error(&a, "no worker takes the call"));
	result = 0;
	tab_set(&a, "y.value", "x", "value", "5");
	work();
	CHECK_EQ(core_get(app, "y"), 50);
	tab_close(&a);
	vz_app_free(app);
}

static int fail_in_odd_ways(struct vz_call *call, void *data)
{
	switch (json_object_get_int(vz_call_input(call, 0))) {
	case 1:
		return -ENODEV; /* without a text */
	case 2:
		(void) vz_call_fail(call, -EIO, "told, but 0 returned");
		return 0;
	case 3:
		CHECK_EQ(vz_call_set_output(call, 0, json_object_new_int(1)), 0);
		return vz_call_fail(call, -EIO, "after setting");
	default:
		CHECK_EQ(vz_call_set_output(call, 1, json_object_new_int(1)), -EINVAL);
		CHECK(!vz_call_input(call, 1));
		CHECK(!vz_call_state(call, 0));
		CHECK(!vz_call_is_triggered(call, 1));
		return 0;
	}
}

TEST(call_answers_whatever_a_function_does)
{
	struct vz_app *app = core_new(NULL);
	struct tab a;

	core_set_layout(app, VZ_IDS("x", "y"));
	core_add_fn(app, VZ_SERVICE_LINK, "y.value", "x.value", fail_in_odd_ways, NULL);
	tab_start_own(app, &a, "a");
	tab_set(&a, "y.value", "x", "value", "1");
	CHECK(tab_got_error(&a, strerror(ENODEV)));
	tab_set(&a, "y.value", "x", "value", "2");
	CHECK(tab_got_error(&a, "told, but 0 returned"));
	tab_set(&a, "y.value", "x", "value", "3");
	CHECK(tab_got_error(&a, "after setting"));
	tab_set(&a, "y.value", "x", "value", "4");
	CHECK(tab_got_answer(&a, "{\"status\":\"prevent_update\"}"));
	CHECK(tab_is_quiet(&a));
	tab_close(&a);
	vz_app_free(app);
}
