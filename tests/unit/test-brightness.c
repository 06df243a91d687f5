#include "test.h"

#include <math.h>

#include "camera/brightness.h"
#include "camera/pool.h"
#include "camera/simulated-sensor.h"

static const struct vz_control ev = { "ExposureValue", "", VZ_CONTROL_FLOAT, -8, 8, 0, 0 };
static const struct vz_control ae = { "AeEnable", "", VZ_CONTROL_BOOL, 0, 1, 1, 1 };
static const struct vz_control digital = { "Brightness", "", VZ_CONTROL_FLOAT, -1, 1, 0, 0 };
static const struct vz_control contrast = { "Contrast", "", VZ_CONTROL_FLOAT, 0, 4, 0, 1 };

static double get_step(const struct vz_control_table *table, const struct vz_brightness_plan *plan,
		       const char *name)
{
	int control = vz_control_find(table, name);

	for (unsigned i = 0; i < plan->n_steps; i++)
		if ((int) plan->steps[i].control == control)
			return plan->steps[i].value;
	return NAN;
}

TEST(brightness_goes_to_exposure_then_to_digital_gain)
{
	static const struct {
		double brightness, ev, contrast;
	} cases[] = {
		{ 0, -2.5, 1 / 1.6 }, { 25, -1.25, 1 }, { 50, 0, 1 },
		{ 60, 0.5, 1 },	      { 75, 1.25, 1 },	{ 87.5, 1.875, 1.2649110640673518 },
		{ 100, 2.5, 1.6 },
	};
	struct vz_control_table table = { 0 };
	struct vz_brightness_plan plan;

	CHECK(vz_control_table_add(&table, &ae) >= 0);
	CHECK(vz_control_table_add(&table, &contrast) >= 0);
	CHECK(vz_control_table_add(&table, &digital) >= 0);
	CHECK(vz_control_table_add(&table, &ev) >= 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		vz_brightness_make_plan(&table, cases[i].brightness, &plan);
		CHECK_NEAR(get_step(&table, &plan, "ExposureValue"), cases[i].ev, 1e-12);
		CHECK_NEAR(get_step(&table, &plan, "Contrast"), cases[i].contrast, 1e-12);
		CHECK_NEAR(get_step(&table, &plan, "Brightness"), (cases[i].contrast - 1) / 2,
			   1e-12);
		CHECK(!plan.needs_tone);
	}

	/* By hand the exposure is the person's: only the digital gain moves. */
	table.controls[0].is_asked = true;
	table.controls[0].asked = 0;
	vz_brightness_make_plan(&table, 100, &plan);
	CHECK_NEAR(get_step(&table, &plan, "ExposureValue"), 0, 0);
	CHECK_NEAR(get_step(&table, &plan, "Contrast"), 3, 1e-12);
	vz_control_table_deinit(&table);
}

TEST(brightness_makes_do_with_less)
{
	static const struct vz_control webcam = { "Brightness", "", VZ_CONTROL_FLOAT, -0.5, 1, 0,
						  0.1 };
	struct vz_control_table table = { 0 };
	struct vz_brightness_plan plan;

	vz_brightness_make_plan(&table, 70, &plan);
	CHECK(plan.needs_tone);
	CHECK_EQ(plan.n_steps, 0);

	CHECK(vz_control_table_add(&table, &contrast) >= 0);
	vz_brightness_make_plan(&table, 70, &plan);
	CHECK(plan.needs_tone);
	CHECK(vz_control_table_add(&table, &webcam) >= 0);
	for (double b = 0; b <= 100; b += 50) {
		vz_brightness_make_plan(&table, b, &plan);
		CHECK_EQ(plan.n_steps, 1);
		CHECK(!plan.needs_tone);
		CHECK_NEAR(plan.steps[0].value, b < 50 ? -0.5 : b > 50 ? 1 : 0.1, 1e-12);
	}
	vz_control_table_deinit(&table);
}

TEST(brightness_is_clamped)
{
	CHECK_NEAR(vz_brightness_clamp(-1), 0, 0);
	CHECK_NEAR(vz_brightness_clamp(101), 100, 0);
	CHECK_NEAR(vz_brightness_clamp(33.3), 33.3, 0);
	CHECK_NEAR(vz_brightness_clamp(NAN), 50, 0);
}

TEST(brightness_tone_rises_and_rests_in_the_middle)
{
	uint8_t tone[256], before[256] = { 0 };

	for (int b = 0; b <= 100; b += 10) {
		long sum = 0, sum_before = 0;

		vz_brightness_make_tone(b, tone);
		CHECK_EQ(tone[0], 0);
		CHECK_EQ(tone[255], 255);
		for (int i = 0; i < 256; i++) {
			CHECK(i == 0 || tone[i] >= tone[i - 1]);
			CHECK(b != 50 || tone[i] == i);
			sum += tone[i];
			sum_before += before[i];
		}
		CHECK(sum > sum_before);
		memcpy(before, tone, sizeof(before));
	}
}

static double measure_luma(double stops, double digital_brightness, double digital_contrast,
			   bool is_automatic)
{
	struct vz_sensor_settings settings = {
		.auto_exposure = is_automatic,
		.auto_white_balance = true,
		.exposure_us = 6000,
		.gain = 1,
		.exposure_value = stops,
		.brightness = digital_brightness,
		.contrast = digital_contrast,
		.saturation = 1,
		.max_exposure_us = 33333,
	};
	struct vz_scene_image *image;
	struct vz_sensor *sensor;
	struct vz_frame *frame;
	struct vz_pool *pool;
	uint8_t *planes[3];
	double sum = 0;

	CHECK_EQ(vz_scene_image_new(160, 120, &image), 0);
	CHECK_EQ(vz_sensor_new(0, &sensor), 0);
	CHECK_EQ(vz_pool_new(160, 120, 1, NULL, &pool), 0);
	CHECK_EQ(vz_pool_acquire(pool, planes, &frame), 0);
	for (int i = 0; i < 50; i++)
		(void) vz_sensor_step(sensor, &settings, image->mean_radiance);
	vz_sensor_develop(sensor, image, 1, planes, frame->stride_bytes);
	for (uint32_t y = 0; y < 120; y++)
		for (uint32_t x = 0; x < 160; x++)
			sum += planes[0][y * frame->stride_bytes[0] + x];
	(void) vz_frame_unref(frame);
	(void) vz_pool_free(pool);
	(void) vz_sensor_free(sensor);
	(void) vz_scene_image_free(image);
	return sum / (160 * 120);
}

TEST(brightness_brightens_the_simulated_picture_at_every_step)
{
	for (int is_automatic = 0; is_automatic < 2; is_automatic++) {
		struct vz_control_table table = { 0 };
		double last = -1;

		CHECK(vz_control_table_add(&table, &ae) >= 0);
		CHECK(vz_control_table_add(&table, &contrast) >= 0);
		CHECK(vz_control_table_add(&table, &digital) >= 0);
		CHECK(vz_control_table_add(&table, &ev) >= 0);
		table.controls[0].is_asked = true;
		table.controls[0].asked = is_automatic;
		for (int b = 0; b <= 100; b += 10) {
			struct vz_brightness_plan plan;
			double luma;

			vz_brightness_make_plan(&table, b, &plan);
			luma = measure_luma(get_step(&table, &plan, "ExposureValue"),
					    get_step(&table, &plan, "Brightness"),
					    get_step(&table, &plan, "Contrast"), is_automatic);
			/* Every tenth of the slider is a step that an eye sees. */
			CHECK(luma > last + 1.5);
			last = luma;
		}
		CHECK(last > 200);
		vz_control_table_deinit(&table);
	}
}
