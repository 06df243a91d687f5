/*
 * Calibration, derivatives in units, and what CSV and JSON say of them.
 */
#include "clips/motion.h"

#include <json-c/json.h>
#include <math.h>
#include <string.h>

#include "clips/columns.h"
#include "clips/print.h"
#include "util/json.h"

#include "clips.h"
#include "test.h"

static const struct vz_motion_options in_metres = {
	.rule = VZ_DERIVATIVE_POLYNOMIAL,
	.window = 5,
	.calibration = { "m", 100, true, BALL_HEIGHT },
};

TEST(places_are_in_units_with_y_up_from_the_lower_left)
{
	static const struct {
		const char *label;
		struct vz_calibration calibration;
		double x, y; /* of the first point, which is at 10, 20 */
	} cases[] = {
		{ "pixels, y down", { "px", 1, false, 0 }, 10, 20 },
		{ "pixels, y up", { "px", 1, true, 240 }, 10, 219 },
		{ "metres, y up", { "m", 100, true, 240 }, 0.1, 2.19 },
		{ "a unit of less than a pixel", { "mm", 0.5, false, 240 }, 20, 40 },
		{ "wide pixels", { "m", 100, true, 240, 16.0 / 15 }, 0.1 * 16 / 15, 2.19 },
		{ "square ones", { "m", 100, true, 240, 1 }, 0.1, 2.19 },
	};
	struct vz_tracks tracks;

	CHECK_EQ(make_tracks(&tracks), 0);
	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		const struct vz_motion_options options = {
			.window = 5,
			.calibration = cases[i].calibration,
		};
		struct vz_motion motion;

		CHECK_EQ(vz_motion_find(&tracks.tracks[0], &options, &motion), 0);
		CHECK_EQ(motion.n, BALL_N);
		CHECK_NEAR(motion.values[VZ_X][0], cases[i].x, 1e-12);
		CHECK_NEAR(motion.values[VZ_Y][0], cases[i].y, 1e-12);
		vz_motion_deinit(&motion);
	}
	free_tracks(&tracks);
}

TEST(derivatives_are_in_units_and_exact)
{
	struct vz_motion motion;
	struct vz_tracks tracks;

	CHECK_EQ(make_tracks(&tracks), 0);
	CHECK_EQ(vz_motion_find(&tracks.tracks[0], &in_metres, &motion), 0);
	for (size_t i = 0; i < motion.n; i++) {
		double vy = -BALL_G / 100 * motion.t_s[i];

		CHECK_NEAR(motion.values[VZ_VX][i], BALL_VX / 100, 1e-9);
		CHECK_NEAR(motion.values[VZ_VY][i], vy, 1e-9);
		CHECK_NEAR(motion.values[VZ_AX][i], 0, 1e-7);
		CHECK_NEAR(motion.values[VZ_AY][i], -BALL_G / 100, 1e-7);
		CHECK_NEAR(motion.values[VZ_SPEED][i], hypot(BALL_VX / 100, vy), 1e-9);
	}
	vz_motion_deinit(&motion);
	free_tracks(&tracks);
}

TEST(quantities_have_names)
{
	for (unsigned q = 0; q < VZ_N_QUANTITIES; q++)
		CHECK_EQ(vz_quantity_find(vz_quantity_name(q)), q);
	CHECK_EQ(vz_quantity_find("z"), VZ_N_QUANTITIES);
	CHECK_EQ(vz_quantity_find(""), VZ_N_QUANTITIES);
}

static char *print_csv(const struct vz_print_options *options, const struct vz_tracks *tracks)
{
	struct vz_buf buf = { 0 };
	char *text;
	size_t size;

	vz_print_csv(&buf, options, tracks);
	CHECK_EQ(vz_buf_finish(&buf, &text, &size), 0);
	return text;
}

static unsigned count_lines(const char *text)
{
	unsigned n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

TEST(csv_has_what_is_shown)
{
	static const struct vz_tracking_options tracking = { .threshold_percent = 25 };
	static const struct {
		const char *label;
		uint64_t shown;
		double first_s, last_s;
		unsigned n_rows;
	} cases[] = {
		{ "all", UINT64_MAX, -INFINITY, INFINITY, 2 * BALL_N },
		{ "the second", 2, -INFINITY, INFINITY, BALL_N },
		{ "none", 0, -INFINITY, INFINITY, 0 },
		{ "a time", 1, 0.1, 0.2, 11 },
		{ "no time", 1, 10, 20, 0 },
	};
	struct vz_tracks tracks;

	CHECK_EQ(make_tracks(&tracks), 0);
	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		const struct vz_print_options options = {
			.tracking = &tracking,
			.shown = cases[i].shown,
			.first_s = cases[i].first_s - 1e-9,
			.last_s = cases[i].last_s + 1e-9,
		};
		char *text = print_csv(&options, &tracks);

		CHECK_EQ(count_lines(text), cases[i].n_rows + 1);
		CHECK(!strncmp(text, "track,frame,t_s,x_px,y_px,area_px,how\n", 38));
		free(text);
	}
	free_tracks(&tracks);
}

TEST(json_says_what_it_was_made_with)
{
	struct vz_tracking_options tracking = {
		.threshold_percent = 30,
		.last = VZ_TRACKING_TO_THE_END,
		.points = { { 1.5, 2, 7 } },
		.n_points = 1,
	};
	const struct vz_print_options options = {
		.program = "test",
		.file = "a \"film\".avi",
		.tracking = &tracking,
		.motion = in_metres,
		VZ_PRINT_ALL,
	};
	struct json_object *object, *calibration, *parameters, *array;
	struct vz_tracks tracks;
	struct vz_buf buf = { 0 };
	const char *string;
	double number;
	int64_t count;
	size_t size;
	char *text;

	CHECK_EQ(make_tracks(&tracks), 0);
	vz_print_json(&buf, &options, &tracks);
	CHECK_EQ(vz_buf_finish(&buf, &text, &size), 0);
	CHECK_EQ(vz_json_parse(text, size, NULL, NULL, &object), 0);
	CHECK_EQ(vz_json_get_string(object, "file", &string), 0);
	CHECK_STR(string, "a \"film\".avi");
	CHECK_EQ(vz_json_get_object(object, "calibration", &calibration), 0);
	CHECK_EQ(vz_json_get_string(calibration, "axes", &string), 0);
	CHECK_STR(string, "x right, y up");
	CHECK_EQ(vz_json_get_double(calibration, "px_per_unit", &number), 0);
	CHECK_NEAR(number, 100, 0);
	CHECK_EQ(vz_json_get_object(object, "parameters", &parameters), 0);
	CHECK_EQ(vz_json_get_int(parameters, "last", &count), 0);
	CHECK_EQ(count, 99);
	CHECK_EQ(vz_json_get_array(object, "tracks", &array), 0);
	CHECK_EQ(json_object_array_length(array), 2);
	json_object_put(object);
	free(text);
	free_tracks(&tracks);
}

static double column_at(const char *data, size_t column, size_t i)
{
	double value;

	memcpy(&value, data + (column * BALL_N + i) * sizeof(value), sizeof(value));
	return value;
}

TEST(columns_have_all_quantities_of_all_points)
{
	struct vz_motion_options options = in_metres;
	struct vz_tracks tracks;
	struct vz_buf buf = { 0 };
	uint32_t head[6];
	const char *data;
	size_t size;
	char *text;

	options.rule = VZ_DERIVATIVE_BACKWARD;
	CHECK_EQ(make_tracks(&tracks), 0);
	vz_columns_print(&buf, &options, &tracks);
	CHECK_EQ(vz_buf_finish(&buf, &text, &size), 0);
	CHECK_EQ(size, sizeof(head) + 2 * BALL_N * 11 * sizeof(double));
	memcpy(head, text, sizeof(head));
	CHECK(!memcmp(head, "VZC1", 4) && head[1] == 2 && head[2] == 1 && head[3] == BALL_N);
	CHECK(head[4] == 2 && head[5] == BALL_N);
	data = text + sizeof(head);
	for (size_t i = 0; i < BALL_N; i++) {
		const struct vz_track_point *point = &tracks.tracks[0].points[i];

		CHECK_NEAR(column_at(data, 0, i), point->frame, 0);
		CHECK_NEAR(column_at(data, 1, i), point->t_s, 0);
		CHECK_NEAR(column_at(data, 2, i), point->x_px, 0);
		CHECK_NEAR(column_at(data, 3, i), point->y_px, 0);
		CHECK_NEAR(column_at(data, 4, i), point->x_px / 100, 1e-12);
	}
	/* What a rule does not determine. */
	CHECK(isnan(column_at(data, 6, 0)) && !isnan(column_at(data, 6, 1)));
	CHECK(isnan(column_at(data, 9, 1)));
	CHECK_NEAR(column_at(data, 9, 2), -BALL_G / 100, 1e-7);
	CHECK_NEAR(column_at(data + 11 * BALL_N * sizeof(double), 2, 7), 50.25, 0);
	free(text);
	free_tracks(&tracks);
}
