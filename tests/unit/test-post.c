#include "dash/post.h"

#include <errno.h>
#include <pthread.h>

#include "core.h"
#include "dash/client.h"

/* A loop of one post at a time: the box asks once for whatever waits. */
static struct {
	pthread_mutex_t lock;
	void (*fn)(void *data);
	void *data;
	int n_posted, result;
} loop = { .lock = PTHREAD_MUTEX_INITIALIZER };

static int post(void (*fn)(void *data), void *fn_data, void *data)
{
	int r;

	(void) pthread_mutex_lock(&loop.lock);
	r = loop.result;
	if (r >= 0) {
		loop.fn = fn;
		loop.data = fn_data;
		loop.n_posted++;
	}
	(void) pthread_mutex_unlock(&loop.lock);
	return r;
}

static bool come(void)
{
	void (*fn)(void *data);
	void *data;

	(void) pthread_mutex_lock(&loop.lock);
	fn = loop.fn;
	data = loop.data;
	loop.fn = NULL;
	(void) pthread_mutex_unlock(&loop.lock);
	if (fn)
		fn(data);
	return fn;
}

static struct vz_app *start(void)
{
	struct vz_app_options options = { .post = post };
	struct vz_app *app = core_new(&options);

	loop.fn = NULL;
	loop.n_posted = loop.result = 0;
	core_set_layout(app, VZ_IDS("x", "y", "z"));
	return app;
}

static int post_value(struct vz_app *app, const char *id, int value)
{
	char text[64];

	snprintf(text, sizeof(text), "{\"%s\":{\"value\":%d}}", id, value);
	return vz_app_post_mods(app, parse(text), 0);
}

TEST(posts_are_merged_until_the_loop_comes)
{
	struct vz_app *app = start();
	unsigned n_runs = 0;
	struct tab a;
	int i;

	core_add(app, VZ_SHARED, "y.value", "x.value", &n_runs);
	tab_start_own(app, &a, "a");
	for (i = 1; i <= 10000; i++)
		CHECK_EQ(post_value(app, "x", i), 0);
	CHECK_EQ(post_value(app, "z", 1), 0);
	CHECK_EQ(loop.n_posted, 1);
	CHECK(tab_is_quiet(&a));
	CHECK(come());
	CHECK(tab_got(&a, "{\"type\":\"mods\",\"set\":{\"x\":{\"value\":10000},\"z\":{\"value\":1},"
			  "\"y\":{\"value\":100000}}}"));
	CHECK(tab_is_quiet(&a));
	CHECK_EQ(n_runs, 1);
	CHECK_EQ(post_value(app, "x", 1), 0);
	CHECK_EQ(loop.n_posted, 2);
	CHECK(come());
	CHECK_EQ(core_get(app, "y"), 10);
	tab_close(&a);
	vz_app_free(app);
}

TEST(posts_for_one_client_reach_it_alone)
{
	struct vz_app *app = start();
	struct tab a, b;
	uint64_t id;

	tab_start_own(app, &a, "a");
	tab_start_own(app, &b, "b");
	id = vz_client_get_id(vz_client_find_renderer(app, "a"));
	CHECK_EQ(vz_app_post_mods(app, parse("{\"x\":{\"value\":1}}"), id), 0);
	CHECK_EQ(vz_app_post_mods(app, parse("{\"x\":{\"value\":2}}"), id), 0);
	CHECK_EQ(vz_app_post_mods(app, parse("{\"x\":{\"value\":3}}"), id + 7), 0); /* nobody */
	CHECK(come());
	CHECK(tab_got(&a, "{\"type\":\"mods\",\"notify\":{\"x\":{\"value\":2}}}"));
	CHECK(tab_is_quiet(&a));
	CHECK(tab_is_quiet(&b));
	CHECK_EQ(core_get(app, "x"), 0);
	tab_close(&a);
	tab_close(&b);
	vz_app_free(app);
}

TEST(posts_have_a_limit_which_a_newer_value_does_not_meet)
{
	struct vz_app *app = start();
	char id[16];
	int i;

	for (i = 0; i < VZ_POST_MAX_MODS; i++) {
		snprintf(id, sizeof(id), "i%d", i);
		CHECK_EQ(post_value(app, id, i), 0);
	}
	CHECK_EQ(post_value(app, "x", 1), -EAGAIN);
	CHECK_EQ(vz_app_post_mods(app, parse("{\"x\":{\"value\":1}}"), 9), -EAGAIN);
	CHECK_EQ(post_value(app, "i7", 8), 0);
	vz_app_free(app);
	/* The loop comes when the app has gone. */
	CHECK(come());
}

TEST(posts_that_do_not_fit_leave_the_others)
{
	struct vz_app *app = start();

	CHECK_EQ(post_value(app, "x", 1), 0);
	CHECK_EQ(post_value(app, "absent", 2), 0);
	CHECK_EQ(post_value(app, "z", 3), 0);
	CHECK(come());
	CHECK_EQ(core_get(app, "x"), 1);
	CHECK_EQ(core_get(app, "z"), 3);
	vz_app_free(app);
}

TEST(posts_are_checked)
{
	struct vz_app *app = start(), *other;

	CHECK_EQ(vz_app_post_mods(app, parse("[1]"), 0), -EINVAL);
	CHECK_EQ(vz_app_post_mods(app, parse("{\"x\":1}"), 0), -EINVAL);
	CHECK_EQ(vz_app_post_mods(app, parse("{}"), 0), 0);
	CHECK_EQ(loop.n_posted, 0);
	/* What could not be announced goes with the next one. */
	loop.result = -ENOMEM;
	CHECK_EQ(post_value(app, "x", 1), -ENOMEM);
	loop.result = 0;
	CHECK_EQ(post_value(app, "z", 2), 0);
	CHECK(come());
	CHECK_EQ(core_get(app, "x"), 1);
	vz_app_free(app);
	other = core_new(NULL);
	CHECK_EQ(post_value(other, "x", 1), -ENOTSUP);
	vz_app_free(other);
}

#define N_THREADS 4
#define N_POSTS	  2000

struct poster {
	pthread_t thread;
	struct vz_app *app;
	const char *id;
};

static void *post_many(void *data)
{
	struct poster *p = data;
	int i;

	for (i = 1; i <= N_POSTS; i++)
		while (post_value(p->app, p->id, i) == -EAGAIN)
			;
	return NULL;
}

TEST(posts_of_many_threads_all_arrive)
{
	static const char *const ids[N_THREADS] = { "x", "y", "z", "z" };
	struct poster posters[N_THREADS];
	struct vz_app *app = start();
	struct tab a;
	int i;

	tab_start_own(app, &a, "a");
	for (i = 0; i < N_THREADS; i++) {
		posters[i] = (struct poster){ .app = app, .id = ids[i] };
		CHECK_EQ(pthread_create(&posters[i].thread, NULL, post_many, &posters[i]), 0);
	}
	while (core_get(app, "x") < N_POSTS || core_get(app, "y") < N_POSTS ||
	       core_get(app, "z") < N_POSTS)
		(void) come();
	for (i = 0; i < N_THREADS; i++)
		CHECK_EQ(pthread_join(posters[i].thread, NULL), 0);
	(void) come();
	CHECK_EQ(core_get(app, "z"), N_POSTS);
	CHECK(json_object_array_length(a.messages) > 1);
	tab_close(&a);
	vz_app_free(app);
}
