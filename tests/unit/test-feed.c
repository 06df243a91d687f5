/*
 * Feeds with real sources and no sockets: what a plugin can do to a camera.
 */
#include "test.h"

#include <errno.h>
#include <stdlib.h>

#include "feed/feed.h"
#include "loop/loop-lws.h"
#include "util/json.h"

struct told {
	unsigned changes, n;
	double saved_brightness;
};

static void on_changed(struct vz_feed *feed, unsigned changes, void *data)
{
	struct told *told = data;

	told->changes |= changes;
	if (changes & VZ_CAMERA_CHANGED_ASKED) {
		/* What is new is in it already. */
		struct json_object *saved = vz_feed_save(feed);

		(void) vz_json_get_double(saved, "brightness", &told->saved_brightness);
		json_object_put(saved);
	}
	told->n++;
}

struct rig {
	struct vz_loop *loop;
	struct vz_feeds *feeds;
};

static struct rig make_rig(void)
{
	struct rig rig;

	CHECK_EQ(vz_loop_new_lws(&rig.loop), 0);
	CHECK_EQ(vz_feeds_new(rig.loop, &rig.feeds), 0);
	return rig;
}

static void free_rig(struct rig *rig)
{
	CHECK(!vz_feeds_free(rig->feeds));
	vz_loop_free(rig->loop);
}

static struct vz_feed *open_one(struct rig *rig, const char *name, const char *source,
				struct told *told)
{
	const struct vz_feed_spec spec = {
		.name = name, .source = source, .changed = told ? on_changed : NULL, .data = told
	};
	const char *error = NULL;
	struct vz_feed *feed = NULL;

	CHECK_EQ(vz_feed_open(rig->feeds, &spec, &error, &feed), 0);
	return feed;
}

static const struct vz_control *find(const struct vz_feed *feed, const char *name)
{
	const struct vz_control *control;

	for (unsigned i = 0; (control = vz_feed_get_control(feed, i)); i++)
		if (!strcmp(control->name, name))
			return control;
	return NULL;
}

TEST(what_is_no_camera_is_refused_with_a_sentence)
{
	static const struct {
		const char *label;
		struct vz_feed_spec spec;
		int r;
		const char *says;
	} cases[] = {
		{ "no name", { .source = "simulated" }, -EINVAL, "the name" },
		{ "blank", { .name = "a b", .source = "simulated" }, -EINVAL, "the name" },
		{ "the main one",
		  { .name = "main", .source = "simulated" },
		  -EEXIST,
		  "shown already" },
		{ "twice", { .name = "left", .source = "simulated" }, -EEXIST, "shown already" },
		{ "no source", { .name = "a" }, -EINVAL, "the source" },
		{ "unknown", { .name = "a", .source = "usb" }, -EINVAL, "libcamera[:ID]" },
		{ "rate", { .name = "a", .source = "simulated", .fps = -1 }, -EINVAL, "fps" },
		{ "quality",
		  { .name = "a", .source = "simulated", .quality_percent = 101 },
		  -EINVAL,
		  "quality" },
	};
	struct rig rig = make_rig();
	struct vz_feed *left = open_one(&rig, "left", "simulated", NULL), *feed = NULL;

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		const char *error = NULL;

		test_case(cases[i].label);
		CHECK_EQ(vz_feed_open(rig.feeds, &cases[i].spec, &error, &feed), cases[i].r);
		CHECK(!feed && error && strstr(error, cases[i].says));
	}
	test_case(NULL);
	CHECK(!vz_feed_close(left));
	CHECK(!vz_feed_close(NULL));
	/* The name is free again. */
	vz_feed_close(open_one(&rig, "left", "simulated", NULL));
	free_rig(&rig);
}

TEST(each_feed_has_values_of_its_own)
{
	struct rig rig = make_rig();
	struct told told[2] = { 0 };
	struct vz_feed *left = open_one(&rig, "left", "simulated:1", &told[0]);
	struct vz_feed *right = open_one(&rig, "right", "simulated:2", &told[1]);

	CHECK_STR(vz_feed_get_name(right), "right");
	CHECK_STR(vz_feed_get_title(right), "Simulated camera 2");
	CHECK_STR(vz_feed_get_kind(right), "simulated");
	CHECK_STR(vz_feed_get_text(left), "Simulated camera, paused");
	CHECK_EQ(vz_feed_get_state(left), VZ_CAMERA_STOPPED);
	CHECK_EQ(vz_feed_n_watchers(left), 0);

	CHECK_EQ(vz_feed_set_control(left, "Contrast", 1.5), 0);
	CHECK_EQ(vz_feed_set_control(left, "Nonsense", 1), -ENOENT);
	CHECK_EQ(vz_feed_set_brightness(left, 80), 0);
	CHECK(told[0].changes & VZ_CAMERA_CHANGED_ASKED);
	CHECK_NEAR(told[0].saved_brightness, 80, 0);
	CHECK_EQ(told[1].n, 0);
	CHECK_NEAR(find(left, "Contrast")->asked, 1.5, 0.5);
	CHECK(!find(right, "Contrast")->is_asked);
	CHECK_NEAR(vz_feed_get_brightness(left), 80, 0);
	CHECK_NEAR(vz_feed_get_brightness(right), 50, 0);
	CHECK(!vz_feed_get_control(left, 1000));

	vz_feed_reset(left);
	CHECK(!find(left, "Contrast")->is_asked);
	CHECK_NEAR(vz_feed_get_brightness(left), 50, 0);
	vz_feed_close(left);
	vz_feed_close(right);
	free_rig(&rig);
}

TEST(what_was_asked_for_outlives_the_feed)
{
	struct rig rig = make_rig();
	struct vz_feed *feed = open_one(&rig, "left", "simulated", NULL);
	struct json_object *saved;

	CHECK_EQ(vz_feed_set_control(feed, "Saturation", 0.5), 0);
	CHECK_EQ(vz_feed_set_brightness(feed, 30), 0);
	saved = vz_feed_save(feed);
	CHECK(saved);
	vz_feed_close(feed);

	feed = open_one(&rig, "left", "simulated", NULL);
	vz_feed_load(feed, NULL);
	vz_feed_load(feed, json_object_get(saved));
	json_object_put(saved);
	CHECK_NEAR(find(feed, "Saturation")->asked, 0.5, 0);
	CHECK_NEAR(vz_feed_get_brightness(feed), 30, 0);
	json_object_put(saved);
	vz_feed_close(feed);
	free_rig(&rig);
}

TEST(a_camera_that_is_not_there_is_a_state)
{
	struct rig rig = make_rig();
	struct vz_feed *feed = open_one(&rig, "film", "file:/nonexistent/film.mp4", NULL);

	CHECK_EQ(vz_feed_get_state(feed), VZ_CAMERA_LOST);
	CHECK(strstr(vz_feed_get_text(feed), "film.mp4"));
	CHECK(!vz_feed_get_control(feed, 0));
	vz_feed_close(feed);
	free_rig(&rig);
}

TEST(listing_says_what_could_be_opened)
{
	struct json_object *list = NULL;

	CHECK_EQ(vz_feeds_list_cameras(&list), 0);
	CHECK(json_object_is_type(list, json_type_array));
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct json_object *camera = json_object_array_get_idx(list, i);
		const char *source = NULL, *title = NULL;

		CHECK_EQ(vz_json_get_string(camera, "source", &source), 0);
		CHECK_EQ(vz_json_get_string(camera, "title", &title), 0);
		CHECK(!strncmp(source, "libcamera:", 10) && source[10]);
	}
	json_object_put(list);
}
