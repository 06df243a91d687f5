/*
 * Live tracking over the scene of the simulated camera, of which is known what is where; a change
 * of light, things that are put down and taken away, and every size.
 */
#include "motionscope-planes.h"
#include "motionscope-scene.h"

#include <errno.h>
#include <math.h>

#include "camera/simulated.h"
#include "motionscope/live.h"

#define LEARNING_S 2.0

static struct vz_picture make_picture(uint32_t width, uint32_t height, uint32_t padding,
				      uint32_t rounding)
{
	struct vz_picture picture;

	picture.planes[0] = make_plane(width, height, padding);
	for (unsigned i = 1; i < VZ_PICTURE_N_PLANES; i++)
		picture.planes[i] = make_plane((width + rounding) / 2, (height + rounding) / 2,
					       i == 1 ? padding : 0);
	return picture;
}

static void free_picture(struct vz_picture *picture)
{
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++)
		free_plane(&picture->planes[i]);
}

/* --- The scene ------------------------------------------------------------------------------- */

#define WIDTH  640u
#define HEIGHT 480u

struct score {
	unsigned n_seen, n_found;
	double squares;
	unsigned ids[8], n_ids;
};

static void count_id(struct score *score, unsigned id)
{
	for (unsigned i = 0; i < score->n_ids; i++)
		if (score->ids[i] == id)
			return;
	CHECK(score->n_ids < 8);
	score->ids[score->n_ids++] = id;
}

static bool is_boxed(const struct vz_live_object *object, double x, double y)
{
	return x >= object->left && x <= object->right && y >= object->top && y <= object->bottom;
}

/* @body wholly in the picture should be an object. */
static void judge(const struct vz_live_result *result, const struct vz_simulated_body *body,
		  struct score *score)
{
	const struct vz_live_object *nearest = NULL;
	double least = INFINITY;

	if (body->x_px < 30 || body->y_px < 30 || body->x_px > WIDTH - 31 ||
	    body->y_px > HEIGHT - 31)
		return;
	score->n_seen++;
	for (unsigned i = 0; i < result->n; i++) {
		const struct vz_live_object *object = &result->objects[i];
		double distance = hypot(object->x_px - body->x_px, object->y_px - body->y_px);

		if (distance < least && is_boxed(object, body->x_px, body->y_px)) {
			least = distance;
			nearest = object;
		}
	}
	if (!nearest || least > 4)
		return;
	score->n_found++;
	score->squares += least * least;
	count_id(score, nearest->id);
	CHECK(nearest->n_trail >= 4);
	CHECK_NEAR(nearest->trail[nearest->n_trail - 1].x_px, nearest->x_px, 0);
	CHECK_NEAR(nearest->trail[nearest->n_trail - 1].y_px, nearest->y_px, 0);
}

TEST(live_boxes_the_thrown_ball_and_the_pendulum)
{
	struct vz_picture picture = make_picture(WIDTH, HEIGHT, 0, 0);
	static struct vz_live_result result;
	struct score ball = { 0 }, bob = { 0 };
	struct vz_scene_image *image;
	struct vz_sensor *sensor;
	struct vz_live *live;

	CHECK_EQ(vz_scene_image_new(WIDTH, HEIGHT, &image), 0);
	CHECK_EQ(vz_sensor_new(0, &sensor), 0);
	CHECK_EQ(vz_live_new(WIDTH, HEIGHT, &live), 0);
	for (unsigned i = 1; i < 300; i++) {
		struct vz_simulated_truth truth;

		develop_scene(image, sensor, i, 2, &picture);
		CHECK_EQ(vz_live_step(live, &picture, i / FPS, &result), 0);
		CHECK_EQ(result.is_learning, i / FPS < LEARNING_S + 0.15);
		vz_simulated_get_truth(llrint((i / FPS - EXPOSURE_US * 1e-6 / 2) * 1e9), WIDTH,
				       HEIGHT, &truth);
		if (i / FPS < LEARNING_S + 0.3)
			continue;
		judge(&result, &truth.ball, &ball);
		judge(&result, &truth.bob, &bob);
	}
	CHECK(ball.n_seen > 100);
	CHECK(ball.n_found > 0.9 * ball.n_seen);
	CHECK(sqrt(ball.squares / ball.n_found) < 1);
	CHECK(bob.n_found > 0.9 * bob.n_seen);
	CHECK(sqrt(bob.squares / bob.n_found) < 1);
	CHECK_EQ(bob.n_ids, 1);
	(void) vz_live_free(live);
	(void) vz_sensor_free(sensor);
	(void) vz_scene_image_free(image);
	free_picture(&picture);
}

/* --- Squares --------------------------------------------------------------------------------- */

#define SMALL_WIDTH  161u
#define SMALL_HEIGHT 121u
#define SIDE	     12

/* A ground of @level with noise of some levels, and a bright square whose first corner is at @x,
 * 50; beyond the picture there is none. */
static void draw_square(struct vz_picture *picture, unsigned level, int x)
{
	for (uint32_t row = 0; row < SMALL_HEIGHT; row++)
		for (uint32_t column = 0; column < SMALL_WIDTH; column++) {
			bool is_in = row >= 50 && row < 50 + SIDE && (int) column >= x &&
				     (int) column < x + SIDE;

			vz_plane_get_row(&picture->planes[0], row)[column] =
				(uint8_t) ((is_in ? 200 : level) + random_number() % 5);
		}
	for (unsigned i = 1; i < VZ_PICTURE_N_PLANES; i++)
		for (uint32_t row = 0; row < picture->planes[i].height_px; row++)
			memset(vz_plane_get_row(&picture->planes[i], row), 128,
			       picture->planes[i].width_px);
}

struct clip {
	struct vz_live *live;
	struct vz_picture picture;
	struct vz_live_result result;
	double t_s;
};

static void start(struct clip *clip)
{
	*clip = (struct clip){ .picture = make_picture(SMALL_WIDTH, SMALL_HEIGHT, 7, 0) };
	CHECK_EQ(vz_live_new(SMALL_WIDTH, SMALL_HEIGHT, &clip->live), 0);
}

static void show(struct clip *clip, unsigned level, int x)
{
	clip->t_s += 1 / FPS;
	draw_square(&clip->picture, level, x);
	CHECK_EQ(vz_live_step(clip->live, &clip->picture, clip->t_s, &clip->result), 0);
}

static void end(struct clip *clip)
{
	(void) vz_live_free(clip->live);
	free_picture(&clip->picture);
}

/* Steps until the background is there; returns how long that took. */
static double learn(struct clip *clip, unsigned level, int x)
{
	double begin_s = clip->t_s;

	do
		show(clip, level, x);
	while (clip->result.is_learning && clip->t_s - begin_s < 10);
	show(clip, level, x);
	CHECK(!clip->result.is_learning);
	return clip->t_s - begin_s;
}

TEST(live_needs_no_empty_start)
{
	struct clip clip;

	start(&clip);
	/* It crosses while the background is learnt, and leaves no trace in that. */
	for (int i = 0; i < 84; i++)
		show(&clip, 60, i * 2);
	(void) learn(&clip, 60, 1000);
	for (int i = 0; i < 20; i++) {
		show(&clip, 60, 1000);
		CHECK_EQ(clip.result.n, 0);
	}
	end(&clip);
}

TEST(live_follows_a_square_by_its_number_and_bridges_a_gap)
{
	unsigned n_bridged = 0;
	struct clip clip;

	start(&clip);
	(void) learn(&clip, 60, 1000);
	for (int i = 0; i < 60; i++) {
		bool is_hidden = i >= 30 && i < 33;
		int x = 10 + 2 * i;

		show(&clip, 60, is_hidden ? 1000 : x);
		if (i < 6)
			continue;
		CHECK_EQ(clip.result.n, 1);
		CHECK_EQ(clip.result.objects[0].id, 1);
		CHECK_EQ(clip.result.objects[0].is_bridged, is_hidden);
		n_bridged += clip.result.objects[0].is_bridged;
		CHECK_NEAR(clip.result.objects[0].x_px, x + (SIDE - 1) / 2.0, is_hidden ? 2 : 0.5);
		CHECK_NEAR(clip.result.objects[0].y_px, 50 + (SIDE - 1) / 2.0, is_hidden ? 2 : 0.5);
		CHECK_NEAR(clip.result.objects[0].left, x, is_hidden ? 4 : 1);
		CHECK_NEAR(clip.result.objects[0].right, x + SIDE - 1, is_hidden ? 4 : 1);
		CHECK_NEAR(clip.result.objects[0].top, 50, is_hidden ? 4 : 1);
		CHECK_NEAR(clip.result.objects[0].bottom, 50 + SIDE - 1, is_hidden ? 4 : 1);
		CHECK_EQ(clip.result.objects[0].n_trail, i + 1 < 48 ? i + 1 : 48);
	}
	CHECK_EQ(n_bridged, 3);
	end(&clip);
}

TEST(live_takes_the_background_anew_when_the_light_changes)
{
	struct clip clip;
	unsigned n = 0;

	start(&clip);
	(void) learn(&clip, 60, 1000);
	/* A flash does nothing. */
	for (int i = 0; i < 4; i++)
		show(&clip, 110, 1000);
	show(&clip, 60, 1000);
	CHECK(!clip.result.is_learning);
	for (; !clip.result.is_learning && n < 40; n++) {
		show(&clip, 110, 1000);
		CHECK_EQ(clip.result.n, 0);
	}
	CHECK(n < 20);
	CHECK_NEAR(learn(&clip, 110, 1000), 2, 0.3);
	for (int i = 0; i < 20; i++)
		show(&clip, 110, 10 + 2 * i);
	CHECK_EQ(clip.result.n, 1);
	end(&clip);
}

TEST(live_takes_the_background_anew_when_asked_and_after_a_gap)
{
	struct clip clip;

	start(&clip);
	(void) learn(&clip, 60, 1000);
	vz_live_retake(clip.live);
	CHECK_NEAR(learn(&clip, 60, 1000), 2, 0.3);
	clip.t_s += 3;
	show(&clip, 60, 1000);
	CHECK(clip.result.is_learning);
	CHECK_NEAR(learn(&clip, 60, 1000), 2, 0.3);
	clip.t_s -= 1;
	show(&clip, 60, 1000);
	CHECK(clip.result.is_learning);
	end(&clip);
}

TEST(live_lets_what_stays_become_background)
{
	struct clip clip;
	int i = 0;

	start(&clip);
	(void) learn(&clip, 60, 1000);
	for (; i < 30; i++)
		show(&clip, 60, 10 + 2 * i);
	CHECK_EQ(clip.result.n, 1);
	/* It is 140 levels brighter: a level in a tenth of a second. */
	for (i = 0; i < 16 * FPS; i++)
		show(&clip, 60, 68);
	CHECK_EQ(clip.result.n, 0);
	/* And the ground that it covered comes back in the same way. */
	for (i = 0; i < 16 * FPS; i++)
		show(&clip, 60, 1000);
	CHECK_EQ(clip.result.n, 0);
	end(&clip);
}

/* --- Many ------------------------------------------------------------------------------------ */

/* More than are shown, each on a circle of its own. */
#define N_COLUMNS 8
#define N_ROWS	  5
#define N_MANY	  (N_COLUMNS * N_ROWS)

static void place(int k, double t_s, double *ret_x, double *ret_y)
{
	double angle = (k % 2 ? 3 : -3) * t_s + k;

	*ret_x = round(40 + 80 * (k % N_COLUMNS) + 25 * cos(angle));
	*ret_y = round(48 + 96 * (k / N_COLUMNS) + 25 * sin(angle));
}

static void draw_many(struct vz_picture *picture, double t_s, int first)
{
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++)
		memset(picture->planes[i].data, i ? 128 : 70,
		       (size_t) picture->planes[i].stride_bytes * picture->planes[i].height_px);
	for (int k = first; k < N_MANY; k++) {
		double x, y;

		place(k, t_s, &x, &y);
		for (int row = -4; row <= 4; row++)
			memset(vz_plane_get_row(&picture->planes[0], (uint32_t) (y + row)) +
				       (int) x - 4,
			       190, 9);
	}
}

/* Which of them an object is; each is near one alone. */
static int find_which(const struct vz_live_object *object, double t_s)
{
	for (int k = 0; k < N_MANY; k++) {
		double x, y;

		place(k, t_s, &x, &y);
		if (hypot(object->x_px - x, object->y_px - y) < 1)
			return k;
	}
	return -1;
}

TEST(live_follows_thirty_two)
{
	struct vz_picture picture = make_picture(WIDTH, HEIGHT, 0, 0);
	static struct vz_live_result result;
	unsigned ids[N_MANY] = { 0 }, last_id = 0;
	struct vz_live *live;

	CHECK_EQ(vz_live_new(WIDTH, HEIGHT, &live), 0);
	for (int i = 0; i < 240; i++) {
		double t_s = i / FPS;
		unsigned seen[N_MANY] = { 0 };

		/* From then on ten are gone, and others have their places. */
		draw_many(&picture, t_s, i < 160 ? 0 : 10);
		CHECK_EQ(vz_live_step(live, &picture, t_s, &result), 0);
		if (i < 110 || (i >= 160 && i < 190))
			continue;
		CHECK_EQ(result.n, i < 160 ? VZ_LIVE_MAX_N_OBJECTS : N_MANY - 10);
		for (unsigned o = 0; o < result.n; o++) {
			const struct vz_live_object *object = &result.objects[o];
			int k = find_which(object, t_s);

			CHECK(k >= 0);
			CHECK_EQ(seen[k]++, 0);
			CHECK(!ids[k] || ids[k] == object->id);
			ids[k] = object->id;
			last_id = object->id > last_id ? object->id : last_id;
			CHECK_EQ(object->right - object->left, 8);
			CHECK_EQ(object->bottom - object->top, 8);
		}
	}
	CHECK(last_id > VZ_LIVE_MAX_N_OBJECTS && last_id <= N_MANY);
	(void) vz_live_free(live);
	free_picture(&picture);
}

/* --- Sizes ----------------------------------------------------------------------------------- */

TEST(live_works_on_every_size)
{
	static struct vz_live_result result;

	for (size_t i = 0; i < N_PLANE_SIZES; i++)
		for (uint32_t rounding = 0; rounding < 2; rounding++) {
			uint32_t w = plane_sizes[i].width, h = plane_sizes[i].height;
			struct vz_picture picture;
			struct vz_live *live;

			/* Nothing is left of a side of 1 that is rounded down. */
			if (!rounding && (w == 1 || h == 1))
				continue;
			test_case(plane_sizes[i].label);
			picture = make_picture(w, h, plane_sizes[i].padding, rounding);
			CHECK_EQ(vz_live_new(w, h, &live), 0);
			for (unsigned frame = 0; frame < 120; frame++) {
				for (unsigned p = 0; p < VZ_PICTURE_N_PLANES; p++)
					fill_random(&picture.planes[p], frame < 80 ? 8 : 256);
				CHECK_EQ(vz_live_step(live, &picture, frame / FPS, &result), 0);
				for (unsigned k = 0; k < result.n; k++) {
					CHECK(result.objects[k].left <= result.objects[k].right);
					CHECK(result.objects[k].top <= result.objects[k].bottom);
					CHECK(result.objects[k].right < w);
					CHECK(result.objects[k].bottom < h);
				}
			}
			for (unsigned p = 0; p < VZ_PICTURE_N_PLANES; p++)
				check_padding(&picture.planes[p]);
			free_picture(&picture);
			(void) vz_live_free(live);
		}
}

TEST(live_refuses_what_makes_no_sense)
{
	struct vz_live *live = NULL;

	CHECK_EQ(vz_live_new(0, 4, &live), -EINVAL);
	CHECK_EQ(vz_live_new(4, 16385, &live), -EINVAL);
	CHECK(!live);
	CHECK(!vz_live_free(NULL));
}
