/*
 * A plugin that does what the tests ask of it. VERSION is that of the build; what init() does is
 * said by `init` in its section of the configuration.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <vizyd/components.h>
#include <vizyd/plugin.h>

#ifndef VERSION
#define VERSION "1"
#endif

struct probe {
	struct vz_app *app;
	struct vz_timer *timer;
	int n_ticks;
};

/* @what is what init() was asked to do. */
static struct json_object *make_tab(const char *what)
{
	static const char *const outputs[] = {
		"probe-out",   "probe-slow-out", "probe-ticks",
		"probe-saved", "probe-version",	 "probe-late",
	};
	struct json_object *children =
		vz_array(vz_dcc_input(.id = "probe-in"), vz_dcc_input(.id = "probe-slow"),
			 vz_dcc_input(.id = "probe-hang"), vz_dcc_input(.id = "probe-crash"));

	for (size_t i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++)
		vz_array_add(&children, vz_html_div(.id = outputs[i], .children = vz_text("")));
	if (!strcmp(what, "foreign id"))
		vz_array_add(&children, vz_html_div(.id = "brightness"));
	if (!strcmp(what, "misspelt component"))
		vz_array_add(&children, vz_component(VZ_HTML, "Dib", vz_object()));
	if (!strcmp(what, "missing value"))
		vz_array_add(&children, NULL);
	return vz_html_div(.id = "probe-root", .children = children);
}

static int on_in(struct vz_call *call, void *data)
{
	struct json_object *value = vz_call_input(call, 0);

	return vz_call_set_output(call, 0, json_object_get(value));
}

static void crash(void)
{
	volatile char *forbidden = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	*forbidden = 1;
}

/* On a worker: waits as many milliseconds as the Input says; -1 crashes. */
static int on_slow(struct vz_call *call, void *data)
{
	double ms;
	int r;

	r = vz_call_input_number(call, 0, -1, 60000, &ms);
	if (r < 0)
		return r;
	if (ms < 0)
		crash();
	(void) usleep((useconds_t) (ms * 1000));
	return vz_call_set_output(call, 0, json_object_new_string("slow is done"));
}

/* On the loop, which is what a quick function must not do. */
static int on_hang(struct vz_call *call, void *data)
{
	for (;;)
		(void) pause();
	return 0;
}

__attribute__((noinline)) static int overflow(volatile char *from)
{
	volatile char here[4096];

	here[0] = from[0];
	return from[0] ? overflow(here) + here[0] : 0;
}

static void *crash_on_a_thread(void *data)
{
	crash();
	return NULL;
}

static int on_crash(struct vz_call *call, void *data)
{
	struct json_object *value = vz_call_input(call, 0);
	const char *how = json_object_get_string(value);
	pthread_t thread;
	char here = 1;

	if (!how)
		return 0;
	if (!strcmp(how, "segv"))
		crash();
	if (!strcmp(how, "abort"))
		abort();
	if (!strcmp(how, "exit"))
		_exit(3);
	if (!strcmp(how, "thread")) {
		(void) pthread_create(&thread, NULL, crash_on_a_thread, NULL);
		return 0;
	}
	if (!strcmp(how, "stack"))
		return overflow(&here);
	return vz_call_fail(call, -EINVAL, "expected segv, abort, exit, thread or stack, got %s",
			    how);
}

static void on_late(void *data)
{
	struct probe *probe = data;

	(void) vz_app_push(probe->app, "probe-late", "children", json_object_new_string(VERSION));
}

static void on_tick(void *data)
{
	struct probe *probe = data;

	probe->n_ticks++;
	(void) vz_app_push(probe->app, "probe-ticks", "children",
			   json_object_new_int(probe->n_ticks));
	(void) vz_app_post(probe->app, on_late, probe);
	vz_timer_start(probe->timer, 100000);
}

static void on_client(struct vz_app *app, struct vz_client *client, enum vz_client_event event,
		      void *data)
{
	if (event == VZ_CLIENT_CONNECTED)
		vz_log_info("client %llu has come", (unsigned long long) vz_client_get_id(client));
}

static int add_callbacks(struct vz_app *app)
{
	const struct vz_callback_spec specs[] = {
		{ .outputs = VZ_IDS("probe-out.children"),
		  .inputs = VZ_IDS("probe-in.value"),
		  .service = VZ_SHARED,
		  .fn = on_in },
		{ .outputs = VZ_IDS("probe-slow-out.children"),
		  .inputs = VZ_IDS("probe-slow.value"),
		  .service = VZ_SERVICE_LINK | VZ_SERVICE_NO_CLIENT_INITIAL,
		  .blocking = true,
		  .fn = on_slow },
		{ .inputs = VZ_IDS("probe-hang.value"), .service = VZ_SHARED, .fn = on_hang },
		{ .inputs = VZ_IDS("probe-crash.value"), .service = VZ_SHARED, .fn = on_crash },
	};
	int r = 0;

	for (size_t i = 0; i < sizeof(specs) / sizeof(specs[0]) && r == 0; i++)
		r = vz_app_add_callback(app, &specs[i], NULL);
	return r;
}

static int keep_count(struct vz_app *app)
{
	struct json_object *saved = vz_app_get_saved(app), *count = NULL, *now;
	int n = 0;

	if (json_object_object_get_ex(saved, "starts", &count))
		n = json_object_get_int(count);
	now = json_object_new_object();
	json_object_object_add(now, "starts", json_object_new_int(n + 1));
	vz_log_info("start %d", n + 1);
	return vz_app_save(app, now);
}

static int init(struct vz_app *app, struct json_object *config, void **ret_data)
{
	const char *what = vz_config_string(config, "init", "");
	struct probe *probe;
	int r;

	if (!strcmp(what, "crash"))
		abort();
	r = vz_app_add_tab(app, "Probe", make_tab(what));
	if (r == 0)
		r = add_callbacks(app);
	if (r == 0 && !strcmp(what, "misspelt property"))
		r = vz_app_add_callback(app,
					&(struct vz_callback_spec){
						.inputs = VZ_IDS("probe-in.vlaue"),
						.fn = on_in,
					},
					NULL);
	if (r == 0)
		r = vz_app_add_client_listener(app, on_client, NULL, NULL);
	if (r == 0)
		r = keep_count(app);
	if (r == 0 && !strcmp(what, "fail"))
		r = -ENODEV;
	if (r < 0)
		return r;
	probe = calloc(1, sizeof(*probe));
	if (!probe)
		return -ENOMEM;
	probe->app = app;
	r = vz_app_add_timer(app, on_tick, probe, &probe->timer);
	if (r < 0) {
		free(probe);
		return r;
	}
	if (vz_config_bool(config, "ticks", false))
		vz_timer_start(probe->timer, 0);
	*ret_data = probe;
	return 0;
}

static void fini(void *data)
{
	vz_log_info("fini");
	free(data);
}

VZ_PLUGIN(.name = "probe", .version = VERSION, .description = "Does what the tests ask",
	  .init = init, .fini = fini);
