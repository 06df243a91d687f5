/*
 * Settings of a clip: what is written is read back, and what is wrong in a file is said, while all
 * else stays.
 */
#include "clips/settings.h"

#include <errno.h>
#include <json-c/json.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "util/json.h"
#include "util/log.h"

#include "folder.h"
#include "test.h"

#define CLIP "\"clip\":{\"width_px\":320,\"height_px\":240,\"n_frames\":100}"

static char dir[64], path[128];

static void make_dir(void)
{
	(void) vz_log_configure("error", NULL);
	test_make_folder(dir);
	snprintf(path, sizeof(path), "%s/ball.avi.settings.json", dir);
}

static void write_text(const char *text)
{
	FILE *file = fopen(path, "w");

	CHECK(file);
	fputs(text, file);
	fclose(file);
}

static void begin(struct vz_clip_settings *settings)
{
	*settings = (struct vz_clip_settings){
		.width_px = 320,
		.height_px = 240,
		.n_frames = 100,
		.tracking = { .threshold_percent = 25, .last = 99 },
	};
	vz_clip_analysis_init(&settings->analysis);
}

static void write_settings(const struct vz_clip_settings *settings)
{
	struct json_object *object = vz_clip_settings_encode(settings);
	struct vz_buf buf = { 0 };
	char *text;
	size_t size;

	vz_json_print(&buf, object);
	json_object_put(object);
	CHECK_EQ(vz_buf_finish(&buf, &text, &size), 0);
	write_text(text);
	free(text);
}

TEST(what_is_written_is_read_back_to_the_last_digit)
{
	struct vz_clip_settings settings, again;
	char why[160];

	make_dir();
	begin(&settings);
	begin(&again);
	CHECK(vz_clip_settings_equal(&settings, &again));
	settings.tracking = (struct vz_tracking_options){ .threshold_percent = 12.5,
							  .first = 3,
							  .last = 90,
							  .min_area_px = 4,
							  .points = { { 1.0 / 3, 2.5, 7 } },
							  .n_points = 1 };
	settings.analysis = (struct vz_clip_analysis){
		.unit = vz_clip_unit_find("ft"),
		.length = 1.0 / 7,
		.has_line = true,
		.line = { 1.1, 2.2, 30, 40.4 },
		.rule = VZ_DERIVATIVE_FIVE_POINT,
		.window = 101,
		.quantities = 0,
		.spacing = 60,
		.first_s = 0.1,
		.last_s = INFINITY,
		.hidden = UINT64_C(1) << 63 | 5,
	};
	write_settings(&settings);
	CHECK(!vz_clip_settings_equal(&settings, &again));
	CHECK_EQ(vz_clip_settings_load(path, &again, why, sizeof(why)), 0);
	CHECK(vz_clip_settings_equal(&settings, &again));
	CHECK_STR(why, "");
	test_remove_folder(dir);
}

TEST(what_a_file_does_not_say_is_as_by_default)
{
	struct vz_clip_settings settings, again;
	char why[160];

	make_dir();
	begin(&settings);
	begin(&again);
	CHECK_EQ(vz_clip_settings_load(path, &again, why, sizeof(why)), -ENOENT);
	write_text("{\"version\":1," CLIP "}");
	CHECK_EQ(vz_clip_settings_load(path, &again, why, sizeof(why)), 0);
	CHECK(vz_clip_settings_equal(&settings, &again));
	write_text("{\"version\":1," CLIP ",\"analyze\":{\"spacing\":7,\"later\":[{}]}}");
	CHECK_EQ(vz_clip_settings_load(path, &again, why, sizeof(why)), 0);
	settings.analysis.spacing = 7;
	CHECK(vz_clip_settings_equal(&settings, &again));
	test_remove_folder(dir);
}

TEST(what_is_wrong_is_said_and_set_aside)
{
	static const struct {
		const char *text, *why;
		int r;
	} cases[] = {
		{ "\"analyze\":{\"unit\":5}", "unit: expected px, m, cm, mm, ft or in", -EINVAL },
		{ "\"analyze\":{\"length\":0}", "length: expected a number more than 0", -EINVAL },
		{ "\"analyze\":{\"line_px\":[1,2,3]}",
		  "line_px: expected x1, y1, x2, y2 at least a pixel apart", -EINVAL },
		{ "\"analyze\":{\"line_px\":[1,2,3,1e300]}",
		  "line_px: expected x1, y1, x2, y2 at least a pixel apart", -EINVAL },
		{ "\"analyze\":{\"rule\":\"guess\"}",
		  "rule: expected polynomial, backward or five-point", -EINVAL },
		{ "\"analyze\":{\"window\":103}", "window: expected a whole number from 3 to 101",
		  -EINVAL },
		{ "\"analyze\":{\"graphs\":\"x\"}",
		  "graphs: expected a list of x, y, vx, vy, ax, ay and speed", -EINVAL },
		{ "\"analyze\":{\"graphs\":[[]]}", "graphs: expected x, y, vx, vy, ax, ay or speed",
		  -EINVAL },
		{ "\"analyze\":{\"spacing\":0}", "spacing: expected a whole number from 1 to 60",
		  -EINVAL },
		{ "\"analyze\":{\"range_s\":[1,0.5]}",
		  "range_s: expected two numbers of seconds or null, the first not larger",
		  -EINVAL },
		{ "\"analyze\":{\"hidden\":[65]}",
		  "hidden: expected a list of numbers of tracks from 1 to 64", -EINVAL },
		{ "\"analyze\":[]", "analyze: expected an object", -EINVAL },
		{ "\"process\":{\"threshold_percent\":0}",
		  "process: expected a threshold, a range, a least area and points", -EINVAL },
		{ "\"clip\":{\"width_px\":321}", "it is of another film of that name", -ESTALE },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct vz_clip_settings settings, begun;
		char text[256], why[160], aside[160];

		make_dir();
		begin(&settings);
		begin(&begun);
		snprintf(text, sizeof(text), "{\"version\":1,%s}", cases[i].text);
		write_text(text);
		CHECK_EQ(vz_clip_settings_load(path, &settings, why, sizeof(why)), cases[i].r);
		CHECK_STR(why, cases[i].why);
		CHECK(vz_clip_settings_equal(&settings, &begun));
		CHECK(access(path, F_OK) < 0);
		snprintf(aside, sizeof(aside), "%s.bad", path);
		CHECK_EQ(access(aside, F_OK), 0);
		test_remove_folder(dir);
	}
}

TEST(what_is_no_settings_at_all_is_set_aside)
{
	static const struct {
		const char *text, *ending;
	} cases[] = {
		{ "", ".bad" },
		{ "[1]", ".bad" },
		{ "{\"version\":1,\"analyze\":{\"unit\"", ".bad" },
		{ "{\"version\":9}", ".version-9" },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct vz_clip_settings settings;
		char why[160], aside[160];

		make_dir();
		begin(&settings);
		write_text(cases[i].text);
		CHECK_EQ(vz_clip_settings_load(path, &settings, why, sizeof(why)), -ENOENT);
		CHECK_STR(why, "they are damaged, or of a newer vizyd");
		snprintf(aside, sizeof(aside), "%s%s", path, cases[i].ending);
		CHECK_EQ(access(aside, F_OK), 0);
		test_remove_folder(dir);
	}
}
