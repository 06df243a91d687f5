/*
 * The libcamera source against the real libcamera and its virtual pipeline, whose cameras are those
 * of virtual.yaml. Where there is no such pipeline (Debian 12's libcamera has none) the tests that
 * need one are skipped, unless VIZYD_TEST_CAMERA says that there must be one: scripts/chroot-test
 * sets it.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "camera/camera.h"
#include "camera/source.h"
#include "loop/loop-test.h"
#include "test.h"

#define SECONDS_TO_WAIT 20
#define MAX_KEPT	64

static const struct vz_source_ops *ops = &vz_libcamera_source;

/* Keeps the frames that come, up to a number; more go back at once. */
struct catcher {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	struct vz_frame *kept[MAX_KEPT];
	unsigned n_kept, to_keep;
	unsigned n_seen;
	uint64_t last_sequence;
	int64_t last_timestamp_ns;
	unsigned n_not_rising, n_gaps, n_other_generation;
	uint32_t generation;
	int lost; /* 1: not lost */
};

static void catcher_init(struct catcher *c, uint32_t generation, unsigned to_keep)
{
	memset(c, 0, sizeof(*c));
	pthread_mutex_init(&c->mutex, NULL);
	pthread_cond_init(&c->changed, NULL);
	c->generation = generation;
	c->to_keep = to_keep;
	c->lost = 1;
}

static void on_frame(struct vz_frame *frame, void *data)
{
	struct catcher *c = data;
	bool is_kept = false;

	pthread_mutex_lock(&c->mutex);
	if (c->n_seen > 0) {
		if (frame->timestamp_ns <= c->last_timestamp_ns)
			c->n_not_rising++;
		if (frame->sequence <= c->last_sequence)
			c->n_not_rising++;
		if (frame->sequence != c->last_sequence + 1)
			c->n_gaps++;
	} else if (frame->sequence != 0) {
		c->n_gaps++;
	}
	if (frame->generation != c->generation)
		c->n_other_generation++;
	c->last_sequence = frame->sequence;
	c->last_timestamp_ns = frame->timestamp_ns;
	c->n_seen++;
	if (c->n_kept < c->to_keep) {
		c->kept[c->n_kept++] = frame;
		is_kept = true;
	}
	pthread_cond_signal(&c->changed);
	pthread_mutex_unlock(&c->mutex);
	if (!is_kept)
		vz_frame_unref(frame);
}

static void on_lost(int r, void *data)
{
	struct catcher *c = data;

	pthread_mutex_lock(&c->mutex);
	c->lost = r;
	pthread_cond_signal(&c->changed);
	pthread_mutex_unlock(&c->mutex);
}

static struct vz_sink sink_of(struct catcher *c)
{
	return (struct vz_sink){ on_frame, on_lost, c };
}

/* Waits until @n frames have come; returns how many had. */
static unsigned wait_for(struct catcher *c, unsigned n)
{
	struct timespec until;
	unsigned seen;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += SECONDS_TO_WAIT;
	pthread_mutex_lock(&c->mutex);
	while (c->n_seen < n && c->lost == 1)
		if (pthread_cond_timedwait(&c->changed, &c->mutex, &until))
			break;
	seen = c->n_seen;
	pthread_mutex_unlock(&c->mutex);
	return seen;
}

static unsigned count_seen(struct catcher *c)
{
	unsigned n;

	pthread_mutex_lock(&c->mutex);
	n = c->n_seen;
	pthread_mutex_unlock(&c->mutex);
	return n;
}

static void give_back_all(struct catcher *c)
{
	for (unsigned i = 0; i < c->n_kept; i++)
		vz_frame_unref(c->kept[i]);
	c->n_kept = 0;
}

static struct vz_source *open_camera(const char *id, struct vz_control_table *controls)
{
	struct vz_source *source = NULL;
	char *name = NULL;
	int r;

	r = ops->open(id, controls, &name, &source);
	if (r == -ENODEV && !getenv("VIZYD_TEST_CAMERA"))
		test_skip("no camera of libcamera's virtual pipeline here");
	CHECK_EQ(r, 0);
	CHECK(name && *name);
	free(name);
	return source;
}

/* --- Listing -------------------------------------------------------------------------------- */

struct listed {
	char ids[8][128];
	char names[8][128];
	unsigned n;
};

static void on_found(const char *id, const char *name, void *data)
{
	struct listed *listed = data;

	if (listed->n == 8)
		return;
	(void) snprintf(listed->ids[listed->n], sizeof(listed->ids[0]), "%s", id);
	(void) snprintf(listed->names[listed->n++], sizeof(listed->names[0]), "%s", name);
}

TEST(libcamera_lists_what_can_be_opened_also_in_use)
{
	struct vz_control_table controls = { 0 };
	struct vz_source *source = open_camera(NULL, &controls);
	struct listed free_ones = { .n = 0 }, listed = { .n = 0 };

	CHECK_EQ(ops->list(on_found, &listed), 0);
	CHECK(listed.n > 0);
	CHECK(!ops->close(source));
	vz_control_table_deinit(&controls);
	CHECK_EQ(ops->list(on_found, &free_ones), 0);
	CHECK_EQ(free_ones.n, listed.n);
	for (unsigned i = 0; i < listed.n; i++) {
		char *name = NULL;

		test_case(listed.ids[i]);
		CHECK_EQ(ops->open(listed.ids[i], &controls, &name, &source), 0);
		CHECK_STR(name, listed.names[i]);
		free(name);
		CHECK(!ops->close(source));
		vz_control_table_deinit(&controls);
	}
	test_case(NULL);
}

/* How far apart the lowest and the highest sample of a plane are. */
static unsigned spread_of(const struct vz_frame *frame, unsigned plane)
{
	uint32_t width = plane ? frame->width_px / 2 : frame->width_px;
	uint32_t height = plane ? frame->height_px / 2 : frame->height_px;
	unsigned min = 255, max = 0;

	for (uint32_t y = 0; y < height; y++)
		for (uint32_t x = 0; x < width; x++) {
			unsigned v =
				frame->plane[plane][(size_t) y * frame->stride_bytes[plane] + x];

			min = v < min ? v : min;
			max = v > max ? v : max;
		}
	return max - min;
}

static unsigned sample(const struct vz_frame *frame, unsigned plane, double part_x)
{
	uint32_t width = plane ? frame->width_px / 2 : frame->width_px;
	uint32_t height = plane ? frame->height_px / 2 : frame->height_px;

	return frame->plane[plane][(size_t) (height / 2) * frame->stride_bytes[plane] +
				   (size_t) (width * part_x)];
}

TEST(an_unknown_camera_is_not_there)
{
	struct vz_control_table controls = { 0 };
	struct vz_source *source = NULL;
	char *name = NULL;

	CHECK_EQ(ops->open("no such camera", &controls, &name, &source), -ENODEV);
	CHECK(!source && !name);
	vz_control_table_deinit(&controls);
	CHECK(!ops->close(NULL));
	CHECK_STR(ops->kind, "libcamera");
}

TEST(sixty_frames)
{
	struct vz_source_format wish = { 640, 480, 30 }, format = { 0 };
	struct vz_control_table controls = { 0 };
	struct vz_source *source = open_camera("VirtualBars", &controls);
	struct catcher c;
	struct vz_sink sink;
	struct vz_frame *f;

	catcher_init(&c, 7, 1);
	sink = sink_of(&c);
	CHECK_EQ(ops->start(source, &wish, &controls, &sink, 7, &format), 0);
	CHECK_EQ(format.width_px, 640);
	CHECK_EQ(format.height_px, 480);
	CHECK_NEAR(format.fps, 30, 0.1);
	CHECK(wait_for(&c, 60) >= 60);
	ops->stop(source);

	CHECK_EQ(c.lost, 1);
	CHECK_EQ(c.n_not_rising, 0);
	CHECK_EQ(c.n_gaps, 0);
	CHECK_EQ(c.n_other_generation, 0);
	CHECK_EQ(c.n_kept, 1);
	f = c.kept[0];
	CHECK_EQ(f->width_px, 640);
	CHECK_EQ(f->height_px, 480);
	CHECK(f->stride_bytes[0] >= 640 && f->stride_bytes[1] >= 320 && f->stride_bytes[2] >= 320);
	for (unsigned p = 0; p < 3; p++)
		CHECK(spread_of(f, p) > 80);
	give_back_all(&c);
	CHECK(!ops->close(source));
	vz_control_table_deinit(&controls);
}

/* White, yellow, cyan, green, magenta, red, blue, black: the chroma planes are not mixed up. */
TEST(bars_have_their_colours)
{
	static const struct {
		const char *label;
		unsigned bar;
		int blue, red; /* below, at or above the middle */
	} cases[] = {
		{ "white", 0, 0, 0 },	{ "yellow", 1, -1, 0 }, { "cyan", 2, 1, -1 },
		{ "green", 3, -1, -1 }, { "magenta", 4, 1, 1 }, { "red", 5, -1, 1 },
		{ "blue", 6, 1, 0 },	{ "black", 7, 0, 0 },
	};
	struct vz_source_format wish = { 640, 480, 0 }, format = { 0 };
	struct vz_control_table controls = { 0 };
	struct vz_source *source = open_camera("VirtualBars", &controls);
	struct catcher c;
	struct vz_sink sink;

	catcher_init(&c, 1, 1);
	sink = sink_of(&c);
	CHECK_EQ(ops->start(source, &wish, &controls, &sink, 1, &format), 0);
	CHECK(wait_for(&c, 1) >= 1);
	ops->stop(source);
	for (unsigned i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		double x = (cases[i].bar + 0.5) / 8;
		int cb = (int) sample(c.kept[0], 1, x) - 128,
		    cr = (int) sample(c.kept[0], 2, x) - 128;

		test_case(cases[i].label);
		if (cases[i].blue)
			CHECK(cb * cases[i].blue > 20);
		else
			CHECK(abs(cb) < 30);
		if (cases[i].red)
			CHECK(cr * cases[i].red > 20);
		else
			CHECK(abs(cr) < 30);
	}
	test_case(NULL);
	give_back_all(&c);
	ops->close(source);
	vz_control_table_deinit(&controls);
}

TEST(sizes)
{
	static const struct {
		const char *label, *id;
		uint32_t wish_width, wish_height, width, height;
	} cases[] = {
		{ "no wish", "VirtualBars", 0, 0, 1280, 720 },
		{ "the larger", "VirtualBars", 1280, 720, 1280, 720 },
		{ "one that there is not", "VirtualBars", 320, 200, 1280, 720 },
		{ "another camera", "VirtualLines", 0, 0, 1920, 1080 },
	};

	for (unsigned i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct vz_source_format wish = { cases[i].wish_width, cases[i].wish_height, 0 };
		struct vz_source_format format = { 0 };
		struct vz_control_table controls = { 0 };
		struct vz_source *source = open_camera(cases[i].id, &controls);
		struct catcher c;
		struct vz_sink sink;

		test_case(cases[i].label);
		catcher_init(&c, 1, 1);
		sink = sink_of(&c);
		CHECK_EQ(ops->start(source, &wish, &controls, &sink, 1, &format), 0);
		CHECK_EQ(format.width_px, cases[i].width);
		CHECK_EQ(format.height_px, cases[i].height);
		CHECK(wait_for(&c, 3) >= 3);
		ops->stop(source);
		CHECK_EQ(c.kept[0]->width_px, cases[i].width);
		CHECK(spread_of(c.kept[0], 0) > 80);
		give_back_all(&c);
		ops->close(source);
		vz_control_table_deinit(&controls);
	}
	test_case(NULL);
}

TEST(controls_are_listed_and_taken)
{
	struct vz_source_format wish = { 640, 480, 0 }, format = { 0 };
	struct vz_control_table controls = { 0 };
	struct vz_source *source = open_camera("VirtualBars", &controls);
	const struct vz_control *rate;
	struct catcher c;
	struct vz_sink sink;
	int i;

	i = vz_control_find(&controls, "FrameRate");
	CHECK(i >= 0);
	rate = &controls.controls[i];
	CHECK_EQ(rate->kind, VZ_CONTROL_FLOAT);
	CHECK_STR(rate->unit, "fps");
	CHECK(rate->min > 0 && rate->min < rate->max && rate->max <= 61);
	CHECK(rate->def >= rate->min && rate->def <= rate->max);

	/* One asked before the start, one while it runs, one out of range, one given back. */
	controls.controls[i].is_asked = true;
	controls.controls[i].asked = rate->max;
	catcher_init(&c, 1, 0);
	sink = sink_of(&c);
	CHECK_EQ(ops->start(source, &wish, &controls, &sink, 1, &format), 0);
	CHECK_NEAR(format.fps, rate->max, 0.01);
	CHECK(wait_for(&c, 5) >= 5);
	CHECK_EQ(ops->set_control(source, (unsigned) i, 20), 0);
	CHECK(wait_for(&c, count_seen(&c) + 10) >= 15);
	CHECK_EQ(ops->set_control(source, (unsigned) i, 1e9), 0);
	CHECK_EQ(ops->clear_control(source, (unsigned) i), 0);
	CHECK_EQ(ops->set_control(source, 10000, 1), 0);
	CHECK(wait_for(&c, count_seen(&c) + 10) >= 25);
	CHECK_EQ(c.lost, 1);
	ops->stop(source);
	ops->close(source);
	vz_control_table_deinit(&controls);
}

/* Each request completes once, also for a camera that was opened before. */
TEST(opened_again)
{
	for (unsigned i = 0; i < 3; i++) {
		struct vz_source_format wish = { 640, 480, 0 }, format = { 0 };
		struct vz_control_table controls = { 0 };
		struct vz_source *source = open_camera("VirtualBars", &controls);
		struct catcher c;
		struct vz_sink sink;

		catcher_init(&c, 1, 0);
		sink = sink_of(&c);
		CHECK_EQ(ops->start(source, &wish, &controls, &sink, 1, &format), 0);
		CHECK(wait_for(&c, 10) >= 10);
		ops->close(source);
		CHECK_EQ(c.n_not_rising, 0);
		CHECK_EQ(c.n_gaps, 0);
		vz_control_table_deinit(&controls);
	}
}

TEST(a_camera_is_open_to_one)
{
	struct vz_control_table controls = { 0 }, others = { 0 };
	struct vz_source *source = open_camera("VirtualBars", &controls), *other = NULL;
	char *name = NULL;

	CHECK_EQ(ops->open("VirtualBars", &others, &name, &other), -EBUSY);
	CHECK(!other && !name);
	ops->close(source);
	source = open_camera("VirtualBars", &others);
	ops->close(source);
	vz_control_table_deinit(&controls);
	vz_control_table_deinit(&others);
}

static void *give_back_later(void *data)
{
	usleep(1000);
	give_back_all(data);
	return NULL;
}

/*
 * Starts and stops with frames out. These go back on another thread, some of them while the next
 * run is starting and some after it; until then their pixels can be read.
 */
TEST(started_twenty_times_with_frames_out)
{
	struct vz_source_format wish = { 640, 480, 0 }, format = { 0 };
	struct vz_control_table controls = { 0 };
	struct vz_source *source = open_camera("VirtualBars", &controls);
	struct catcher c[20];
	pthread_t threads[20];

	for (uint32_t i = 0; i < 20; i++) {
		struct vz_sink sink;
		unsigned n;

		catcher_init(&c[i], i, i % 3);
		sink = sink_of(&c[i]);
		CHECK_EQ(ops->start(source, &wish, &controls, &sink, i, &format), 0);
		CHECK(wait_for(&c[i], 3) >= 3);
		ops->stop(source);
		n = count_seen(&c[i]);
		ops->stop(source);
		CHECK_EQ(c[i].lost, 1);
		CHECK_EQ(c[i].n_other_generation, 0);
		CHECK_EQ(c[i].n_kept, i % 3);
		for (unsigned k = 0; k < c[i].n_kept; k++)
			CHECK(spread_of(c[i].kept[k], 0) > 80 && spread_of(c[i].kept[k], 1) > 80);
		CHECK_EQ(count_seen(&c[i]), n);
		CHECK_EQ(pthread_create(&threads[i], NULL, give_back_later, &c[i]), 0);
	}
	for (unsigned i = 0; i < 20; i++)
		pthread_join(threads[i], NULL);
	ops->close(source);
	vz_control_table_deinit(&controls);
}

/* Frames that go back while the run is being stopped: the race that the capture's lock is for. */
TEST(stopped_while_frames_go_back)
{
	struct vz_source_format wish = { 640, 480, 0 }, format = { 0 };
	struct vz_control_table controls = { 0 };
	struct vz_source *source = open_camera("VirtualBars", &controls);

	for (uint32_t i = 0; i < 20; i++) {
		struct catcher c;
		struct vz_sink sink;
		pthread_t thread;

		catcher_init(&c, i, 2);
		sink = sink_of(&c);
		CHECK_EQ(ops->start(source, &wish, &controls, &sink, i, &format), 0);
		CHECK(wait_for(&c, 2) >= 2);
		CHECK_EQ(pthread_create(&thread, NULL, give_back_later, &c), 0);
		usleep(900 + 20 * i);
		ops->stop(source);
		pthread_join(thread, NULL);
		CHECK_EQ(c.lost, 1);
	}
	ops->close(source);
	vz_control_table_deinit(&controls);
}

TEST(closed_with_frames_out)
{
	struct vz_source_format wish = { 640, 480, 0 }, format = { 0 };
	struct vz_control_table controls = { 0 };
	struct vz_source *source = open_camera("VirtualBars", &controls);
	struct catcher c;
	struct vz_sink sink;

	catcher_init(&c, 1, 3);
	sink = sink_of(&c);
	CHECK_EQ(ops->start(source, &wish, &controls, &sink, 1, &format), 0);
	CHECK(wait_for(&c, 5) >= 5);
	/* close() stops by itself. */
	ops->close(source);
	CHECK_EQ(c.n_kept, 3);
	for (unsigned i = 0; i < 3; i++)
		CHECK(spread_of(c.kept[i], 0) > 80);
	give_back_all(&c);
	vz_control_table_deinit(&controls);
}

static void on_wake(void *data)
{
	(void) data;
}

/* The whole way, as the daemon goes it: found by "libcamera:", started by a stream's wish. */
TEST(behind_the_camera)
{
	struct vz_camera_options options = { .source = "libcamera:VirtualBars",
					     .format = { 640, 480, 0 } };
	struct vz_control_table controls = { 0 };
	struct vz_loop *loop = NULL;
	struct vz_camera *camera = NULL;
	struct vz_stream *stream = NULL;
	struct vz_frame *frame;
	unsigned n = 0;

	/* To skip where there is none. */
	ops->close(open_camera("VirtualBars", &controls));
	vz_control_table_deinit(&controls);

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	CHECK_EQ(vz_camera_new(loop, &options, &camera), 0);
	CHECK_STR(vz_camera_get_kind(camera), "libcamera");
	CHECK_STR(vz_camera_get_name(camera), "Virtual bars");
	CHECK_EQ(vz_camera_add_stream(camera, on_wake, NULL, &stream), 0);
	for (unsigned i = 0; i < 2000 && n < 10; i++) {
		vz_loop_test_advance(loop, 10000);
		vz_loop_test_step(loop, 10);
		frame = vz_stream_take_newest(stream);
		if (!frame)
			continue;
		CHECK_EQ(frame->width_px, 640);
		vz_frame_unref(frame);
		n++;
	}
	CHECK_EQ(n, 10);
	CHECK_EQ(vz_camera_get_state(camera), VZ_CAMERA_LIVE);
	vz_stream_free(stream);
	vz_camera_free(camera);
	vz_loop_free(loop);
}
