/*
 * The life of a feed and of its form, once for every allocation in it, with that allocation
 * refused, or with all that follow: nothing crashes or leaks, and what could not be made is said.
 */
#include "test.h"

#include <errno.h>
#include <stdlib.h>

#include "feed/feed.h"
#include "loop/loop-lws.h"
#include "panels/form.h"
#include "scarce.h"
#include "util/json.h"

/* json-c 0.16 forgets the key when it cannot enlarge an object's table, which the form's is. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:json_object_object_add_ex";
}

static const struct vz_control *get_control(void *feed, unsigned index)
{
	return vz_feed_get_control(feed, index);
}

static int set_control(void *feed, const char *name, double value)
{
	return vz_feed_set_control(feed, name, value);
}

static double get_brightness(void *feed)
{
	return vz_feed_get_brightness(feed);
}

static int set_brightness(void *feed, double brightness)
{
	return vz_feed_set_brightness(feed, brightness);
}

static void reset(void *feed)
{
	vz_feed_reset(feed);
}

static const struct vz_form_ops ops = { get_control, set_control, get_brightness, set_brightness,
					reset };

static bool is_out_of_memory_or_fine(int r)
{
	return r == 0 || r == -ENOMEM;
}

static struct json_object *nothing(const char *id, const char *property, void *data)
{
	return NULL;
}

static void use_form(struct vz_feed *feed, struct json_object *seven)
{
	VZ_CLEANUP(vz_form_freep) struct vz_form *form = NULL;
	VZ_CLEANUP(json_object_putp) struct json_object *values = NULL;
	const struct vz_field *field;

	if (vz_form_new(&ops, feed, "x-", &form) < 0)
		return;
	if (vz_form_bind(form) < 0)
		CHECK(!vz_form_find_field(form, "x-no-such"));
	json_object_put(vz_form_render(form));
	values = vz_form_get_values(form);
	if (values)
		vz_form_drop_same(values, nothing, NULL);
	for (unsigned i = 0; (field = vz_form_get_field(form, i)); i++)
		(void) vz_form_set(form, field, seven);
	CHECK(is_out_of_memory_or_fine(vz_form_set_brightness(form, seven)));
	vz_form_reset(form);
}

/* Returns whether memory ran out in it. */
static bool live(unsigned n, bool for_good)
{
	const struct vz_feed_spec spec = { .name = "one", .source = "simulated" };
	struct json_object *seven = json_object_new_int(7), *list = NULL;
	struct vz_feeds *feeds = NULL;
	struct vz_feed *feed = NULL;
	const char *error = NULL;
	struct vz_loop *loop;
	bool ran_out;
	int r;

	CHECK(seven);
	/* Ours is the matter here: the C library aborts when a loaded one gets no thread-local
	 * memory. */
	CHECK_EQ(setenv("VIZYD_MODULE_DIR", "/nonexistent", true), 0);
	CHECK_EQ(vz_loop_new_lws(&loop), 0);
	scarce_begin(n, for_good);
	CHECK(is_out_of_memory_or_fine(vz_feeds_list_cameras(&list)));
	CHECK(is_out_of_memory_or_fine(vz_feeds_new(loop, &feeds)));
	if (feeds) {
		r = vz_feed_open(feeds, &spec, &error, &feed);
		/* A thread that cannot be made is told of so. */
		CHECK(is_out_of_memory_or_fine(r) || r == -EAGAIN);
		CHECK(r == 0 || (error && !feed));
	}
	if (feed) {
		use_form(feed, seven);
		json_object_put(vz_feed_save(feed));
	}
	ran_out = scarce_end();

	vz_feed_close(feed);
	vz_feeds_free(feeds);
	vz_loop_free(loop);
	json_object_put(list);
	json_object_put(seven);
	return ran_out;
}

TEST(feed_survives_one_refusal)
{
	unsigned n = 0;

	while (live(n, false))
		n++;
	CHECK(n > 50);
}

TEST(feed_survives_the_end_of_memory)
{
	unsigned n = 0;

	while (live(n, true))
		n++;
	CHECK(n > 50);
}
