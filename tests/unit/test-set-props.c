#include <errno.h>
#include <pthread.h>

#include "core.h"
#include "dash/call.h"

/* Progress twice, then the Output. What vz_call_set_props() returned is kept in @data. */
static int progress(struct vz_call *call, void *data)
{
	int *ret = data;

	*ret = vz_call_set_props(call, "bar", "value", json_object_new_int(1));
	if (*ret >= 0)
		*ret = vz_call_set_props(call, "bar", "value", json_object_new_int(2));
	return vz_call_set_output(call, 0, json_object_new_string("done"));
}

TEST(set_props_go_ahead_of_the_answer)
{
	struct vz_app *app = core_new(NULL);
	struct tab a, b, s;
	int r = -1;

	core_set_layout(app, VZ_IDS("x", "y", "bar"));
	core_add_fn(app, VZ_SERVICE_LINK, "y.value", "x.value", progress, &r);
	tab_start_own(app, &a, "a");
	tab_start_own(app, &b, "b");
	tab_start_stock(app, &s, "s");
	tab_set(&a, "y.value", "x", "value", "1");
	CHECK_EQ(r, 0);
	CHECK(tab_got(&a, "{\"type\":\"mods\",\"notify\":{\"bar\":{\"value\":1}}}"));
	CHECK(tab_got(&a, "{\"type\":\"mods\",\"notify\":{\"bar\":{\"value\":2}}}"));
	CHECK(tab_got_answer(&a, "{\"status\":\"ok\",\"data\":{\"multi\":true,\"response\":"
				 "{\"y\":{\"value\":\"done\"}}}}"));
	/* Neither others nor the layout. */
	CHECK(tab_is_quiet(&b));
	CHECK(tab_is_quiet(&s));
	CHECK_EQ(core_get(app, "bar"), 0);

	tab_set(&s, "y.value", "x", "value", "1");
	CHECK(tab_got(&s, "{\"type\":\"set_props\",\"rendererId\":\"s\",\"payload\":"
			  "{\"componentId\":\"bar\",\"props\":{\"value\":1}}}"));
	tab_close(&a);
	tab_close(&b);
	tab_close(&s);
	vz_app_free(app);
}

TEST(set_props_need_a_browser)
{
	struct vz_app *app = core_new(NULL);
	int r = 0;

	core_set_layout(app, VZ_IDS("x", "y", "bar"));
	core_add_fn(app, VZ_SHARED, "y.value", "x.value", progress, &r);
	CHECK_EQ(vz_app_push(app, "x", "value", json_object_new_int(1)), 0);
	CHECK_EQ(r, -ENOTCONN);
	/* The call goes on. */
	CHECK_STR(json_object_get_string(vz_app_get(app, "y", "value")), "done");
	vz_app_free(app);
}

/* --- From a worker: a thread, and a loop that the test steps --------------------------------- */

static struct {
	struct vz_call *call;
	void (*fn)(void *data);
	void *fn_data;
} worker;

static int execute(struct vz_call *call, void *data)
{
	worker.call = call;
	return 0;
}

static int post(void (*fn)(void *data), void *fn_data, void *data)
{
	CHECK(!worker.fn);
	worker.fn = fn;
	worker.fn_data = fn_data;
	return 0;
}

static void *run_call(void *data)
{
	vz_call_run(worker.call);
	return NULL;
}

static void run_on_thread(void)
{
	pthread_t thread;

	CHECK_EQ(pthread_create(&thread, NULL, run_call, NULL), 0);
	CHECK_EQ(pthread_join(thread, NULL), 0);
}

static void step_loop(void)
{
	void (*fn)(void *data) = worker.fn;

	worker.fn = NULL;
	if (fn)
		fn(worker.fn_data);
}

static struct vz_app *start(int *r, struct vz_callback **ret)
{
	struct vz_app_options options = { .execute = execute, .post = post };
	struct vz_app *app = core_new(&options);
	const struct vz_callback_spec spec = {
		.outputs = VZ_IDS("y.value"),
		.inputs = VZ_IDS("x.value"),
		.service = VZ_SERVICE_LINK,
		.blocking = true,
		.fn = progress,
		.data = r,
	};

	memset(&worker, 0, sizeof(worker));
	core_set_layout(app, VZ_IDS("x", "y", "bar"));
	CHECK_EQ(vz_app_add_callback(app, &spec, ret), 0);
	return app;
}

TEST(set_props_of_a_worker_are_posted)
{
	struct vz_callback *c;
	struct vz_app *app;
	struct tab a;
	int r = -1;

	app = start(&r, &c);
	tab_start_own(app, &a, "a");
	tab_set(&a, "y.value", "x", "value", "1");
	CHECK(tab_is_quiet(&a));
	run_on_thread();
	CHECK_EQ(r, 0);
	step_loop();
	vz_call_complete(worker.call);
	/* The newest of what came faster than the loop. */
	CHECK(tab_got(&a, "{\"type\":\"mods\",\"notify\":{\"bar\":{\"value\":2}}}"));
	CHECK(tab_got_answer(&a, "{\"status\":\"ok\",\"data\":{\"multi\":true,\"response\":"
				 "{\"y\":{\"value\":\"done\"}}}}"));
	tab_close(&a);
	vz_app_free(app);
}

TEST(set_props_of_a_worker_outlive_callback_tab_and_app)
{
	struct vz_callback *c;
	struct vz_app *app;
	struct tab a;
	int r = -1;

	app = start(&r, &c);
	tab_start_own(app, &a, "a");
	tab_set(&a, "y.value", "x", "value", "1");
	vz_callback_free(c);
	run_on_thread();
	CHECK_EQ(r, 0);
	tab_say(&a, "{\"type\":\"bye\",\"rendererId\":\"a\"}");
	step_loop();
	vz_call_complete(worker.call);
	tab_close(&a);
	vz_app_free(app);

	app = start(&r, &c);
	tab_start_own(app, &a, "a");
	tab_set(&a, "y.value", "x", "value", "1");
	tab_close(&a);
	vz_app_free(app);
	run_on_thread();
	CHECK_EQ(r, -ESHUTDOWN);
	vz_call_complete(worker.call);
}
