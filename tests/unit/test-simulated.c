#include "test.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "camera/pool.h"
#include "camera/simulated-sensor.h"
#include "camera/simulated.h"
#include "util/cleanup.h"

/* --- The picture, without thread or clock ------------------------------------------------- */

struct bench {
	struct vz_scene_image *image;
	struct vz_sensor *sensor;
	struct vz_pool *pool;
	struct vz_frame *frame;
	uint8_t *planes[3];
	struct vz_sensor_settings settings;
};

static struct bench make_bench(uint32_t width, uint32_t height)
{
	struct bench b = {
		.settings = {
			.exposure_us = 1000, .gain = 6, .red_gain = 1.6, .blue_gain = 2,
			.contrast = 1, .saturation = 1, .max_exposure_us = 33333,
		},
	};

	CHECK_EQ(vz_scene_image_new(width, height, &b.image), 0);
	CHECK_EQ(vz_sensor_new(0, &b.sensor), 0);
	CHECK_EQ(vz_pool_new(width, height, 1, NULL, &b.pool), 0);
	CHECK_EQ(vz_pool_acquire(b.pool, b.planes, &b.frame), 0);
	return b;
}

static void free_bench(struct bench *b)
{
	(void) vz_frame_unref(b->frame);
	(void) vz_pool_free(b->pool);
	(void) vz_sensor_free(b->sensor);
	(void) vz_scene_image_free(b->image);
}

static const struct vz_sensor_values *take_picture(struct bench *b, double time, uint32_t seed)
{
	const struct vz_sensor_values *values;

	values = vz_sensor_step(b->sensor, &b->settings, b->image->mean_radiance);
	CHECK_EQ(vz_scene_image_draw(b->image, time, values->exposure_us / 1e6), 0);
	vz_sensor_develop(b->sensor, b->image, seed, b->planes, b->frame->stride_bytes);
	return values;
}

static double get_mean(const struct bench *b, int plane)
{
	uint32_t width = b->frame->width_px >> (plane > 0),
		 height = b->frame->height_px >> (plane > 0);
	double sum = 0;

	for (uint32_t y = 0; y < height; y++)
		for (uint32_t x = 0; x < width; x++)
			sum += b->planes[plane][y * b->frame->stride_bytes[plane] + x];
	return sum / (width * height);
}

/* Where the colour plane differs most from the empty scene, weighted: only the ball is orange. */
static bool find_ball(struct bench *b, const uint8_t *empty, double *ret_x, double *ret_y)
{
	uint32_t width = b->frame->width_px / 2, height = b->frame->height_px / 2;
	double sum = 0, x_sum = 0, y_sum = 0;

	for (uint32_t y = 0; y < height * 7 / 10; y++)
		for (uint32_t x = 0; x < width; x++) {
			double d = b->planes[2][y * b->frame->stride_bytes[2] + x] -
				   empty[y * width + x];

			/* Above the noise, and above what the bob uncovers. */
			if (d < 25)
				continue;
			sum += d;
			x_sum += d * x;
			y_sum += d * y;
		}
	if (sum < 100)
		return false;
	/* The middle of two pixels of luma. */
	*ret_x = 2 * x_sum / sum + 0.5;
	*ret_y = 2 * y_sum / sum + 0.5;
	return true;
}

static uint8_t *copy_empty(const struct bench *b)
{
	uint32_t width = b->frame->width_px / 2, height = b->frame->height_px / 2;
	uint8_t *copy = malloc((size_t) width * height);

	CHECK(copy);
	for (uint32_t y = 0; y < height; y++)
		memcpy(copy + y * width, b->planes[2] + y * b->frame->stride_bytes[2], width);
	return copy;
}

TEST(simulated_picture_shows_the_truth)
{
	static const struct {
		const char *label;
		uint32_t width, height;
		double exposure_us;
	} cases[] = {
		{ "still", 640, 480, 500 },
		{ "smeared", 640, 480, 16000 },
		{ "large", 1280, 720, 4000 },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct bench b = make_bench(cases[i].width, cases[i].height);
		int n_found = 0;
		uint8_t *empty;

		test_case(cases[i].label);
		b.settings.exposure_us = cases[i].exposure_us;
		b.settings.gain = fmax(1, 6000 / cases[i].exposure_us);
		/* Between two throws there is no ball. */
		(void) take_picture(&b, -1e-3, 1);
		empty = copy_empty(&b);
		for (uint32_t n = 1; n < 60; n++) {
			double time = n / 30.0, x, y;
			struct vz_simulated_truth truth;

			vz_simulated_get_truth(llrint((time - cases[i].exposure_us / 2e6) * 1e9),
					       cases[i].width, cases[i].height, &truth);
			(void) take_picture(&b, time, n);
			/* Near the bob, which has a colour too, and in a bounce the mean lies
			 * elsewhere. */
			if (!truth.ball.is_visible ||
			    truth.ball.y_px > truth.floor_y_px - truth.px_per_m / 2 ||
			    hypot(truth.ball.x_px - truth.bob.x_px,
				  truth.ball.y_px - truth.bob.y_px) < truth.px_per_m / 2)
				continue;
			CHECK(find_ball(&b, empty, &x, &y));
			CHECK_NEAR(x, truth.ball.x_px, 0.6);
			CHECK_NEAR(y, truth.ball.y_px, 0.6);
			n_found++;
		}
		CHECK(n_found > 10);
		free(empty);
		free_bench(&b);
	}
}

TEST(simulated_picture_is_the_same_for_the_same_seed)
{
	struct bench a = make_bench(320, 240), b = make_bench(320, 240);

	(void) take_picture(&b, 3.3, 1);
	(void) take_picture(&a, 1.5, 42);
	(void) take_picture(&b, 1.5, 42);
	for (int i = 0; i < 3; i++)
		for (uint32_t y = 0; y < 240u >> (i > 0); y++)
			CHECK(!memcmp(a.planes[i] + y * a.frame->stride_bytes[i],
				      b.planes[i] + y * b.frame->stride_bytes[i], 320u >> (i > 0)));
	(void) take_picture(&b, 1.5, 43);
	CHECK(memcmp(a.planes[0], b.planes[0], 320));
	free_bench(&a);
	free_bench(&b);
}

/* The spread of the difference of two pictures of the same scene. */
static double measure_noise(double exposure_us, double gain)
{
	struct bench a = make_bench(320, 240), b = make_bench(320, 240);
	double sum = 0;

	a.settings.exposure_us = b.settings.exposure_us = exposure_us;
	a.settings.gain = b.settings.gain = gain;
	(void) take_picture(&a, 0, 1);
	(void) take_picture(&b, 0, 2);
	for (uint32_t y = 0; y < 240; y++)
		for (uint32_t x = 0; x < 320; x++) {
			double d = a.planes[0][y * a.frame->stride_bytes[0] + x] -
				   b.planes[0][y * b.frame->stride_bytes[0] + x];

			sum += d * d;
		}
	free_bench(&a);
	free_bench(&b);
	return sqrt(sum / (320 * 240 * 2));
}

TEST(simulated_noise_grows_with_gain)
{
	double quiet = measure_noise(6000, 1), loud = measure_noise(1500, 4),
	       louder = measure_noise(375, 16);

	CHECK(quiet > 0.3);
	CHECK(loud > 1.5 * quiet);
	CHECK(louder > 1.5 * loud);
	CHECK(louder < 15);
}

TEST(simulated_exposure_converges_without_flicker)
{
	struct bench b = make_bench(160, 120);
	const struct vz_sensor_values *values;
	double last = 0, mean, exposure;
	int i;

	b.settings.auto_exposure = true;
	for (i = 0; i < 40; i++) {
		(void) take_picture(&b, 0, 1);
		mean = get_mean(&b, 0);
		CHECK(mean >= last);
		last = mean;
	}
	values = take_picture(&b, 0, 1);
	exposure = values->exposure_us;
	values = take_picture(&b, 0, 1);
	CHECK_NEAR(values->exposure_us, exposure, 0);
	CHECK_NEAR(values->gain, 1, 0);
	CHECK_NEAR(last, 115, 12);

	/* What time cannot give, gain does; automatic off freezes both. */
	b.settings.exposure_value = 3;
	b.settings.max_exposure_us = 10000;
	for (i = 0; i < 60; i++)
		values = vz_sensor_step(b.sensor, &b.settings, b.image->mean_radiance);
	CHECK_NEAR(values->exposure_us, 10000, 0);
	CHECK(values->gain > 3);
	exposure = values->gain;
	b.settings.auto_exposure = false;
	b.settings.exposure_us = b.settings.gain = NAN;
	values = vz_sensor_step(b.sensor, &b.settings, b.image->mean_radiance);
	CHECK_NEAR(values->exposure_us, 10000, 0);
	CHECK_NEAR(values->gain, exposure, 0);
	free_bench(&b);
}

TEST(simulated_controls_change_the_picture)
{
	struct bench b = make_bench(160, 120);
	double luma, cb, cr;

	(void) take_picture(&b, 0, 1);
	luma = get_mean(&b, 0);
	cb = get_mean(&b, 1);
	cr = get_mean(&b, 2);

	b.settings.gain = 3;
	(void) take_picture(&b, 0, 1);
	CHECK(get_mean(&b, 0) < luma - 20);
	b.settings.gain = 6;
	b.settings.exposure_us = 2000;
	(void) take_picture(&b, 0, 1);
	CHECK(get_mean(&b, 0) > luma + 20);
	b.settings.exposure_us = 1000;

	b.settings.brightness = 0.2;
	(void) take_picture(&b, 0, 1);
	CHECK_NEAR(get_mean(&b, 0), luma + 51, 6);
	b.settings.brightness = 0;
	b.settings.contrast = 2;
	(void) take_picture(&b, 0, 1);
	CHECK(get_mean(&b, 0) < luma - 5);
	b.settings.contrast = 1;

	b.settings.red_gain = 3;
	(void) take_picture(&b, 0, 1);
	CHECK(get_mean(&b, 2) > cr + 10);
	b.settings.red_gain = 1.6;
	b.settings.blue_gain = 0.5;
	(void) take_picture(&b, 0, 1);
	CHECK(get_mean(&b, 1) < cb - 10);

	b.settings.saturation = 0;
	(void) take_picture(&b, 0, 1);
	CHECK_NEAR(get_mean(&b, 1), 128, 0.5);
	CHECK_NEAR(get_mean(&b, 2), 128, 0.5);

	b.settings.saturation = 1;
	b.settings.auto_white_balance = true;
	for (int i = 0; i < 80; i++)
		(void) take_picture(&b, 0, 1);
	CHECK_NEAR(get_mean(&b, 1), cb, 0.5);
	CHECK_NEAR(get_mean(&b, 2), cr, 0.5);
	free_bench(&b);
}

/* --- The source, with its thread ---------------------------------------------------------- */

#define MAX_N_KEPT 16

struct taker {
	pthread_mutex_t lock;
	pthread_cond_t cond;
	struct vz_frame *frames[MAX_N_KEPT];
	unsigned n_frames, n_wanted;
	int lost;
};

static void take(struct vz_frame *frame, void *data)
{
	struct taker *taker = data;

	pthread_mutex_lock(&taker->lock);
	if (taker->n_frames < taker->n_wanted)
		taker->frames[taker->n_frames++] = frame;
	else
		(void) vz_frame_unref(frame);
	pthread_cond_signal(&taker->cond);
	pthread_mutex_unlock(&taker->lock);
}

static void take_loss(int r, void *data)
{
	((struct taker *) data)->lost = r;
}

static void wait_for(struct taker *taker)
{
	pthread_mutex_lock(&taker->lock);
	while (taker->n_frames < taker->n_wanted)
		pthread_cond_wait(&taker->cond, &taker->lock);
	pthread_mutex_unlock(&taker->lock);
}

static void give_back(struct taker *taker)
{
	for (unsigned i = 0; i < taker->n_frames; i++)
		(void) vz_frame_unref(taker->frames[i]);
	taker->n_frames = 0;
}

static double get_value(const struct vz_control_table *controls, const struct vz_frame *frame,
			const char *name)
{
	for (uint32_t i = 0; i < frame->n_values; i++)
		if ((int) frame->values[i].control == vz_control_find(controls, name))
			return frame->values[i].value;
	return NAN;
}

TEST(simulated_source_keeps_its_beat_and_its_controls)
{
	struct taker taker = {
		PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, { NULL }, 0, 6, 1
	};
	struct vz_sink sink = { take, take_loss, &taker };
	struct vz_source_format wish = { 320, 240, 60 }, format;
	struct vz_control_table controls = { 0 };
	struct vz_source *source;
	char *name;
	int i;

	CHECK_EQ(vz_simulated_source.open(NULL, &controls, &name, &source), 0);
	CHECK_STR(name, "Simulated camera");
	i = vz_control_find(&controls, "AeEnable");
	CHECK(i >= 0);
	controls.controls[i].is_asked = true;
	controls.controls[i].asked = 0;
	i = vz_control_find(&controls, "ExposureTime");
	controls.controls[i].is_asked = true;
	controls.controls[i].asked = 4000;
	CHECK_EQ(vz_simulated_source.start(source, &wish, &controls, &sink, 9, &format), 0);
	CHECK_EQ(format.width_px, 320);
	CHECK_NEAR(format.fps, 60, 0);
	wait_for(&taker);
	vz_simulated_source.stop(source);
	vz_simulated_source.stop(source);
	for (unsigned n = 0; n < taker.n_frames; n++) {
		const struct vz_frame *frame = taker.frames[n];

		CHECK_EQ(frame->generation, 9);
		CHECK_EQ(frame->width_px, 320);
		CHECK_EQ(frame->source_timestamp_ns, llrint((double) frame->sequence * 1e9 / 60));
		CHECK_EQ(frame->timestamp_ns - taker.frames[0]->timestamp_ns,
			 frame->source_timestamp_ns - taker.frames[0]->source_timestamp_ns);
		CHECK(n == 0 || frame->sequence > taker.frames[n - 1]->sequence);
		/* The first frame has them already. */
		CHECK_NEAR(get_value(&controls, frame, "ExposureTime"), 4000, 0);
		CHECK_NEAR(get_value(&controls, frame, "FrameRate"), 60, 0);
	}
	give_back(&taker);

	i = vz_control_find(&controls, "FrameRate");
	CHECK_EQ(vz_simulated_source.set_control(source, (unsigned) i, 90), 0);
	CHECK_EQ(vz_simulated_source.set_control(source, 99, 1), -ENOENT);
	controls.controls[i].is_asked = true;
	controls.controls[i].asked = 90;
	CHECK_EQ(vz_simulated_source.start(source, &wish, &controls, &sink, 10, &format), 0);
	CHECK_NEAR(format.fps, 90, 0);
	wait_for(&taker);
	CHECK_EQ(vz_simulated_source.clear_control(source, (unsigned) i), 0);
	CHECK(!vz_simulated_source.close(source));
	CHECK_NEAR(get_value(&controls, taker.frames[0], "FrameRate"), 90, 0);
	CHECK_EQ(taker.lost, 1);
	give_back(&taker);
	free(name);
	vz_control_table_deinit(&controls);
}

/* Of the third plane of the first frame that @id delivers: how red its room is. */
static double get_redness(const char *id, int64_t *ret_scene_ns)
{
	struct taker taker = {
		PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, { NULL }, 0, 1, 1
	};
	struct vz_sink sink = { take, take_loss, &taker };
	struct vz_source_format wish = { 64, 64, 30 }, format;
	struct vz_control_table controls = { 0 };
	const struct vz_frame *frame;
	struct vz_source *source;
	double sum = 0;
	char *name;

	CHECK_EQ(vz_simulated_source.open(id, &controls, &name, &source), 0);
	CHECK_EQ(vz_simulated_source.start(source, &wish, &controls, &sink, 1, &format), 0);
	wait_for(&taker);
	frame = taker.frames[0];
	*ret_scene_ns = frame->source_timestamp_ns - llrint((double) frame->sequence * 1e9 / 30);
	for (unsigned y = 0; y < 32; y++)
		for (unsigned x = 0; x < 32; x++)
			sum += frame->plane[2][y * frame->stride_bytes[2] + x];
	give_back(&taker);
	CHECK(!vz_simulated_source.close(source));
	free(name);
	vz_control_table_deinit(&controls);
	return sum / (32 * 32);
}

TEST(simulated_cameras_stand_in_different_rooms_at_different_times)
{
	int64_t first_ns, same_ns, second_ns, fourth_ns;
	double first = get_redness(NULL, &first_ns), same = get_redness("1", &same_ns);
	double second = get_redness("2", &second_ns), fourth = get_redness("4", &fourth_ns);

	CHECK_EQ(first_ns, 0);
	CHECK_EQ(same_ns, 0);
	CHECK_EQ(second_ns, 47 * INT64_C(1000000000));
	CHECK_EQ(fourth_ns, 3 * 47 * INT64_C(1000000000));
	CHECK_NEAR(first, same, 3);
	CHECK(second > first + 4);
	CHECK(fourth > first + 4);
}

TEST(simulated_source_shows_the_same_in_every_run)
{
	struct taker takers[2];
	struct vz_source_format wish = { 64, 64, 120 }, format;
	struct vz_control_table controls = { 0 };
	struct vz_source *source;
	unsigned n_compared = 0;
	char *name;

	CHECK_EQ(vz_simulated_source.open(NULL, &controls, &name, &source), 0);
	for (int i = 0; i < 2; i++) {
		struct vz_sink sink = { take, take_loss, &takers[i] };

		takers[i] = (struct taker){
			PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, { NULL }, 0, 8, 1
		};
		CHECK_EQ(vz_simulated_source.start(source, &wish, &controls, &sink, 1, &format), 0);
		wait_for(&takers[i]);
		vz_simulated_source.stop(source);
	}
	/* On a busy machine either may lack a number; what has the same one is the same. */
	for (unsigned i = 0; i < 8; i++)
		for (unsigned j = 0; j < 8; j++) {
			const struct vz_frame *a = takers[0].frames[i], *b = takers[1].frames[j];

			if (a->sequence != b->sequence)
				continue;
			for (uint32_t y = 0; y < 64; y++)
				CHECK(!memcmp(a->plane[0] + y * a->stride_bytes[0],
					      b->plane[0] + y * b->stride_bytes[0], 64));
			n_compared++;
		}
	CHECK(n_compared > 0);
	give_back(&takers[0]);
	give_back(&takers[1]);
	(void) vz_simulated_source.close(source);
	free(name);
	vz_control_table_deinit(&controls);
}

TEST(simulated_source_has_settled_before_its_first_frame)
{
	struct taker taker = {
		PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, { NULL }, 0, 2, 1
	};
	struct vz_sink sink = { take, take_loss, &taker };
	struct vz_source_format wish = { 64, 64, 120 }, format;
	struct vz_control_table controls = { 0 };
	struct vz_source *source;
	char *name;

	CHECK_EQ(vz_simulated_source.open(NULL, &controls, &name, &source), 0);
	CHECK_EQ(vz_simulated_source.start(source, &wish, &controls, &sink, 1, &format), 0);
	wait_for(&taker);
	(void) vz_simulated_source.close(source);
	CHECK_NEAR(get_value(&controls, taker.frames[0], "ExposureTime"),
		   get_value(&controls, taker.frames[1], "ExposureTime"), 0);
	CHECK_NEAR(get_value(&controls, taker.frames[0], "ColourGains[0]"), 1.6, 1e-9);
	give_back(&taker);
	free(name);
	vz_control_table_deinit(&controls);
}

TEST(simulated_source_drops_when_nothing_comes_back)
{
	struct taker taker = {
		PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, { NULL }, 0, 8, 1
	};
	struct vz_sink sink = { take, take_loss, &taker };
	struct vz_source_format wish = { 64, 64, 120 }, format;
	struct vz_control_table controls = { 0 };
	struct vz_source *source;
	uint64_t last;
	char *name;

	CHECK_EQ(vz_simulated_source.open(NULL, &controls, &name, &source), 0);
	CHECK_EQ(vz_simulated_source.start(source, &wish, &controls, &sink, 1, &format), 0);
	wait_for(&taker);
	last = taker.frames[7]->sequence;
	/* All eight are here. The count goes on without them. */
	pthread_mutex_lock(&taker.lock);
	taker.n_wanted = 9;
	CHECK_EQ(taker.n_frames, 8);
	pthread_mutex_unlock(&taker.lock);
	(void) nanosleep(&(struct timespec){ 0, 30000000 }, NULL);
	pthread_mutex_lock(&taker.lock);
	CHECK_EQ(taker.n_frames, 8);
	taker.n_frames = 7;
	pthread_mutex_unlock(&taker.lock);
	(void) vz_frame_unref(taker.frames[7]);
	pthread_mutex_lock(&taker.lock);
	taker.n_wanted = 8;
	while (taker.n_frames < 8)
		pthread_cond_wait(&taker.cond, &taker.lock);
	pthread_mutex_unlock(&taker.lock);
	CHECK(taker.frames[7]->sequence > last + 1);
	(void) vz_simulated_source.close(source);
	give_back(&taker);
	free(name);
	vz_control_table_deinit(&controls);
}
