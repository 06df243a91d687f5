/*
 * A page with one of everything, for the wire and browser tests: the real core and the real server
 * without a camera. The tests read what ran from /status, under "test". What stands on it is in
 * testapp-<topic>.c, and which of those is in testapp-topics.c, or for another page in
 *testwiring.c.
 *
 *	testapp --listen ADDR:PORT --ui-dir DIR [--layout N] [--list] [--max-message BYTES]
 *		[--origin ORIGIN] [--per-address N] [--callbacks N] [--picture BYTES]
 *		[--workers N] [--deadline MS] [--login] [--assets DIR]
 *
 * --layout N appends N more components, which is what a new release of a program does to its page;
 * --callbacks N adds a callback on each two of those; with --list there is no component around all
 * of them. With --picture it is a camera of 30 pictures a second, each of so many bytes. With
 * --login nobody sees what is shared before he has said who he is. --assets is a folder of scripts
 * and styles for the page.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dash/catalog.h"
#include "jobs/jobs.h"
#include "loop/loop-lws.h"
#include "server/server.h"
#include "testapp.h"
#include "util/heap.h"
#include "vizyd/html.h"

static int add_callbacks(struct testapp *t, const struct testapp_topic *topic)
{
	for (size_t i = 0; i < topic->n_callbacks; i++) {
		struct vz_callback_spec spec = topic->callbacks[i];
		int r;

		spec.data = t;
		r = vz_app_add_callback(t->app, &spec, NULL);
		if (r < 0) {
			fprintf(stderr, "testapp: %s\n", vz_app_last_error(t->app));
			return r;
		}
	}
	return 0;
}

static int start_topics(struct testapp *t)
{
	for (size_t i = 0; testapp_topics[i]; i++) {
		int r = testapp_topics[i]->start ? testapp_topics[i]->start(t) : 0;

		if (r >= 0)
			r = add_callbacks(t, testapp_topics[i]);
		if (r < 0)
			return r;
	}
	return 0;
}

static void stop_topics(struct testapp *t)
{
	for (size_t i = 0; testapp_topics[i]; i++) {
		if (testapp_topics[i]->stop)
			testapp_topics[i]->stop(t);
	}
}

static struct json_object *make_layout(int extra, bool is_list)
{
	struct json_object *list = vz_array();

	for (size_t i = 0; testapp_topics[i]; i++)
		testapp_topics[i]->add_components(list);
	for (int i = 0; i < extra; i++) {
		char id[32];

		snprintf(id, sizeof(id), "extra-%d", i);
		testapp_add_div(list, id);
	}
	return is_list ? list : vz_html_div(.id = "root", .children = list);
}

static void append_status(struct vz_buf *buf, void *data)
{
	size_t n = 0;

	while (testapp_topics[n])
		n++;
	vz_buf_printf(buf, ",\"test\":{\"topics\":%zu", n);
	for (size_t i = 0; testapp_topics[i]; i++) {
		if (testapp_topics[i]->append_status)
			testapp_topics[i]->append_status(buf);
	}
	vz_buf_puts(buf, "}");
}

struct deadline {
	struct testapp *t;
	struct vz_timer *timer;
};

static int64_t now(void *data)
{
	return vz_loop_now_us(((struct testapp *) data)->loop);
}

static void on_deadline(void *data)
{
	struct deadline *d = data;

	vz_app_tick(d->t->app, vz_loop_now_us(d->t->loop));
}

static void set_deadline(int64_t at_us, void *data)
{
	struct deadline *d = data;
	int64_t delay;

	if (at_us == INT64_MAX) {
		vz_timer_stop(d->timer);
		return;
	}
	delay = at_us - vz_loop_now_us(d->t->loop);
	vz_timer_start(d->timer, delay > 0 ? delay : 0);
}

/* --- Workers -----------------------------------------------------------------------------------
 */

static void run_call(void *data)
{
	vz_call_run(data);
}

static void complete_call(void *data)
{
	vz_call_complete(data);
}

static int execute(struct vz_call *call, void *data)
{
	struct testapp *t = data;

	return t->jobs ? vz_jobs_add(t->jobs, run_call, complete_call, call) : -ESHUTDOWN;
}

static bool cancel(struct vz_call *call, void *data)
{
	struct testapp *t = data;

	return t->jobs && vz_jobs_cancel(t->jobs, call);
}

static void end_jobs(struct testapp *t)
{
	struct vz_jobs *jobs = vz_steal(t->jobs);

	(void) vz_jobs_free(jobs, 500000);
}

static int post(void (*fn)(void *data), void *fn_data, void *data)
{
	return vz_loop_post(((struct testapp *) data)->loop, fn, fn_data);
}

static void on_overdue(const struct vz_overdue *overdue, void *data)
{
	for (size_t i = 0; testapp_topics[i]; i++) {
		if (testapp_topics[i]->on_overdue)
			testapp_topics[i]->on_overdue(overdue);
	}
}

static struct vz_loop *quit_loop;

static void on_signal(int signal)
{
	vz_loop_quit(quit_loop);
}

struct arguments {
	const char *listen, *ui_dir, *origins[2], *assets;
	int layout;
	bool is_list;
	size_t max_message, picture_bytes;
	unsigned per_address, callbacks, workers, deadline_ms;
	bool login;
};

static int parse_arguments(int argc, char **argv, struct arguments *a)
{
	static const struct option options[] = {
		{ "listen", required_argument, NULL, 'l' },
		{ "ui-dir", required_argument, NULL, 'u' },
		{ "layout", required_argument, NULL, 'y' },
		{ "list", no_argument, NULL, 't' },
		{ "max-message", required_argument, NULL, 'm' },
		{ "origin", required_argument, NULL, 'o' },
		{ "per-address", required_argument, NULL, 'p' },
		{ "callbacks", required_argument, NULL, 'c' },
		{ "picture", required_argument, NULL, 'i' },
		{ "workers", required_argument, NULL, 'w' },
		{ "deadline", required_argument, NULL, 'd' },
		{ "login", no_argument, NULL, 'n' },
		{ "assets", required_argument, NULL, 'a' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'l':
			a->listen = optarg;
			break;
		case 'u':
			a->ui_dir = optarg;
			break;
		case 'y':
			a->layout = atoi(optarg);
			break;
		case 't':
			a->is_list = true;
			break;
		case 'm':
			a->max_message = strtoul(optarg, NULL, 10);
			break;
		case 'o':
			a->origins[0] = optarg;
			break;
		case 'p':
			a->per_address = (unsigned) atoi(optarg);
			break;
		case 'c':
			a->callbacks = (unsigned) atoi(optarg);
			break;
		case 'i':
			a->picture_bytes = strtoul(optarg, NULL, 10);
			break;
		case 'w':
			a->workers = (unsigned) atoi(optarg);
			break;
		case 'd':
			a->deadline_ms = (unsigned) atoi(optarg);
			break;
		case 'n':
			a->login = true;
			break;
		case 'a':
			a->assets = optarg;
			break;
		default:
			return -EINVAL;
		}
	}
	return a->listen && a->ui_dir ? 0 : -EINVAL;
}

static int start(struct testapp *t, struct deadline *deadline, const struct arguments *a,
		 struct vz_server **ret)
{
	char boot_id[32];
	struct vz_app_options app_options = {
		.catalog = &vz_dash_catalog,
		.boot_id = boot_id,
		/* Who lets a crowd in has room for its tabs. */
		.max_clients = a->per_address > 512 ? a->per_address : 0,
		.deadline_us = (int64_t) a->deadline_ms * 1000,
		.execute = execute,
		.cancel = cancel,
		.execute_data = t,
		.on_overdue = on_overdue,
		.post = post,
		.post_data = t,
		.set_deadline = set_deadline,
		.deadline_data = deadline,
		.now = now,
		.now_data = t,
	};
	struct vz_server_options server_options = {
		.listen = VZ_IDS(a->listen),
		.ui_dir = a->ui_dir,
		.title = "Test <app>",
		.allowed_origins = a->origins,
		.max_message_bytes = a->max_message,
		.max_connections_per_address = a->per_address,
		.status = append_status,
		.data = t,
	};
	const struct vz_jobs_options jobs_options = { .n_workers = a->workers };
	VZ_CLEANUP(vz_freep) char *error = NULL;
	int r;

	snprintf(boot_id, sizeof(boot_id), "test-%d", (int) getpid());
	t->n_more_callbacks = a->callbacks;
	t->picture_bytes = a->picture_bytes;
	r = vz_loop_new_lws(&t->loop);
	if (r < 0)
		return r;
	r = vz_timer_new(t->loop, on_deadline, deadline, &deadline->timer);
	if (r < 0)
		return r;
	r = vz_jobs_new(t->loop, &jobs_options, &t->jobs);
	if (r < 0)
		return r;
	r = vz_app_new(&app_options, &t->app);
	if (r < 0)
		return r;
	r = vz_app_set_login_required(t->app, a->login);
	if (r < 0)
		return r;
	r = vz_app_set_layout(t->app, make_layout(a->layout, a->is_list));
	if (r < 0) {
		fprintf(stderr, "testapp: %s\n", vz_app_last_error(t->app));
		return r;
	}
	r = start_topics(t);
	if (r < 0)
		return r;
	r = vz_app_start(t->app);
	if (r < 0)
		return r;
	r = vz_server_new(t->loop, t->app, &server_options, &error, ret);
	if (r < 0)
		fprintf(stderr, "testapp: %s\n", error ? error : strerror(-r));
	if (r < 0 || !a->assets)
		return r;
	return vz_server_set_assets(*ret, (const struct vz_asset_dir[]){ { "test", a->assets },
									 { NULL, NULL } });
}

int main(int argc, char **argv)
{
	struct arguments arguments = { 0 };
	struct testapp t = { 0 };
	struct deadline deadline = { &t, NULL };
	struct vz_server *server = NULL;
	int r;

	if (parse_arguments(argc, argv, &arguments) < 0) {
		fprintf(stderr, "usage: testapp --listen ADDR:PORT --ui-dir DIR\n");
		return EXIT_FAILURE;
	}
	vz_heap_init(); /* as the daemon */
	r = start(&t, &deadline, &arguments, &server);
	if (r >= 0) {
		quit_loop = t.loop;
		t.server = server;
		signal(SIGTERM, on_signal);
		signal(SIGINT, on_signal);
		printf("listening on %s\n", vz_server_get_url(server, 0));
		fflush(stdout);
		r = vz_loop_run(t.loop);
		vz_app_stop(t.app);
	}
	end_jobs(&t);
	vz_server_free(server);
	stop_topics(&t);
	vz_app_free(t.app);
	vz_timer_free(deadline.timer);
	vz_loop_free(t.loop);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
