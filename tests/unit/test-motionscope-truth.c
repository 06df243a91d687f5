/*
 * The whole chain over the scene of the simulated camera, of which is known what is where: a ball
 * that is thrown, a pendulum, two carts that collide; with the sensor's noise and the blur of the
 * exposure. And two balls that cross, which the scene has not.
 */
#include "motionscope-planes.h"
#include "motionscope-scene.h"

#include <math.h>

#include "camera/simulated.h"
#include "motionscope/detector.h"
#include "motionscope/refine.h"
#include "motionscope/tracker.h"

#define WIDTH	   640u
#define HEIGHT	   480u
#define N_FRAMES   190
#define N_SAMPLES  21
#define MAX_RMS_PX 0.3
/* Of g, the period and momentum. */
#define MAX_OFF 0.005

/* --- The clip ----------------------------------------------------------------------------------
 */

typedef void (*draw_fn)(int frame, struct vz_picture *ret);

struct run {
	struct vz_detector *detector;
	struct vz_tracker *tracker;
	struct vz_reel reel;
	struct vz_track tracks[VZ_TRACKER_MAX_TRACKS];
	size_t n_tracks;
};

static struct vz_picture make_picture(void)
{
	struct vz_picture picture;

	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++)
		picture.planes[i] =
			i ? make_plane(WIDTH / 2, HEIGHT / 2, 0) : make_plane(WIDTH, HEIGHT, 0);
	return picture;
}

static void free_picture(struct vz_picture *picture)
{
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++)
		free_plane(&picture->planes[i]);
}

static void find_background(struct run *run, draw_fn draw, int n_frames)
{
	struct vz_picture samples[N_SAMPLES];

	for (int i = 0; i < N_SAMPLES; i++) {
		samples[i] = make_picture();
		draw(i * (n_frames - 1) / (N_SAMPLES - 1), &samples[i]);
	}
	CHECK_EQ(vz_detector_new(WIDTH, HEIGHT, &run->detector), 0);
	CHECK_EQ(vz_detector_set_background(run->detector, samples, N_SAMPLES, 25), 0);
	for (int i = 0; i < N_SAMPLES; i++)
		free_picture(&samples[i]);
}

static void copy_tracks(struct run *run)
{
	const struct vz_track *tracks;

	CHECK_EQ(vz_tracker_finish(run->tracker), 0);
	run->n_tracks = vz_tracker_get_tracks(run->tracker, &tracks);
	for (size_t i = 0; i < run->n_tracks; i++)
		for (size_t k = 0; k < tracks[i].n; k++) {
			CHECK_EQ(vz_track_add(&run->tracks[i], &tracks[i].points[k]), 0);
			run->tracks[i].n_missed = 0;
		}
}

static void start(struct run *run, draw_fn draw, int n_frames)
{
	struct vz_picture picture = make_picture();
	const struct vz_blobs *blobs;

	*run = (struct run){ 0 };
	vz_reel_init(&run->reel, SIZE_MAX);
	find_background(run, draw, n_frames);
	CHECK_EQ(vz_tracker_new(WIDTH, HEIGHT, &run->tracker), 0);
	for (int i = 0; i < n_frames; i++) {
		draw(i, &picture);
		CHECK_EQ(vz_detector_step(run->detector, &picture, &blobs), 0);
		CHECK_EQ(vz_reel_add(&run->reel, (uint32_t) i, i / FPS, &picture,
				     vz_detector_get_outline(run->detector), blobs),
			 0);
		CHECK_EQ(vz_tracker_step(run->tracker, (uint32_t) i, i / FPS, blobs), 0);
	}
	copy_tracks(run);
	CHECK_EQ(vz_refine_tracks(&run->reel, vz_detector_get_background(run->detector),
				  run->tracks, run->n_tracks),
		 0);
	free_picture(&picture);
}

static void end(struct run *run)
{
	for (size_t i = 0; i < run->n_tracks; i++)
		vz_track_deinit(&run->tracks[i]);
	vz_reel_deinit(&run->reel);
	(void) vz_tracker_free(run->tracker);
	(void) vz_detector_free(run->detector);
}

/* --- The scene ----------------------------------------------------------------------------------
 */

static struct vz_scene_image *image;
static struct vz_sensor *sensor;

static void draw_scene(int frame, struct vz_picture *ret)
{
	develop_scene(image, sensor, (unsigned) frame, 2, ret);
}

/* The body is where it was in the middle of the exposure. */
static struct vz_simulated_body get_truth(int frame, enum vz_scene_body which)
{
	struct vz_simulated_truth truth;

	vz_simulated_get_truth(llrint((frame / FPS - EXPOSURE_US * 1e-6 / 2) * 1e9), WIDTH, HEIGHT,
			       &truth);
	return which == VZ_SCENE_BALL	     ? truth.ball
	       : which == VZ_SCENE_BOB	     ? truth.bob
	       : which == VZ_SCENE_CART_LEFT ? truth.cart_left
					     : truth.cart_right;
}

/* --- Measures -----------------------------------------------------------------------------------
 */

/* Least squares of degree @degree (1 or 2) over points with x[i] at t[i]: *@ret has 3 places. */
static void fit(const double *t, const double *x, int n, int degree, double *ret)
{
	double m[3][4] = { { 0 } };

	for (int i = 0; i < n; i++) {
		double powers[3] = { 1, t[i] - t[0], (t[i] - t[0]) * (t[i] - t[0]) };

		for (int r = 0; r <= degree; r++) {
			for (int c = 0; c <= degree; c++)
				m[r][c] += powers[r] * powers[c];
			m[r][3] += powers[r] * x[i];
		}
	}
	for (int c = 0; c <= degree; c++)
		for (int r = 0; r <= degree; r++) {
			double factor = r == c ? 0 : m[r][c] / m[c][c];

			for (int k = 0; k < 4 && r != c; k++)
				m[r][k] -= factor * m[c][k];
		}
	for (int r = 0; r < 3; r++)
		ret[r] = r <= degree ? m[r][3] / m[r][r] : 0;
}

struct way {
	double t[N_FRAMES], x[N_FRAMES], y[N_FRAMES];
	int frames[N_FRAMES], n;
};

/* The place of the only track that is with the body: wherever it is all in the picture, from the
 * second such frame in a row on, since the first track of a body may begin one late. */
static void follow(const struct run *run, struct vz_simulated_body (*get)(int, enum vz_scene_body),
		   enum vz_scene_body which, struct way *ret)
{
	double squares = 0;
	size_t with = SIZE_MAX;

	ret->n = 0;
	for (int i = 1; i < N_FRAMES; i++) {
		struct vz_simulated_body body = get(i, which);
		bool is_found = false;

		if (ret->n && !body.is_visible)
			break;
		if (!body.is_visible || !get(i - 1, which).is_visible)
			continue;
		for (size_t k = 0; k < run->n_tracks; k++)
			for (size_t j = 0; j < run->tracks[k].n; j++) {
				const struct vz_track_point *p = &run->tracks[k].points[j];
				double distance = hypot(p->x_px - body.x_px, p->y_px - body.y_px);

				if (p->frame != (uint32_t) i || distance > body.half_height_px)
					continue;
				/* Another one that passes near. */
				if (with != SIZE_MAX && with != k)
					continue;
				with = k;
				is_found = true;
				squares += distance * distance;
				ret->t[ret->n] = p->t_s;
				ret->x[ret->n] = p->x_px;
				ret->y[ret->n] = p->y_px;
				ret->frames[ret->n++] = i;
			}
		if (!is_found)
			test_fail(__FILE__, __LINE__, "body %d is lost in frame %d", which, i);
	}
	if (sqrt(squares / ret->n) > MAX_RMS_PX)
		test_fail(__FILE__, __LINE__, "body %d: rms is %g px of %d points", which,
			  sqrt(squares / ret->n), ret->n);
}

/* Over the longest flight: from one bounce to the next vy only grows. */
static void check_g(const struct way *way)
{
	struct vz_simulated_truth truth;
	int first = 0, best_first = 0, best_n = 0;
	double c[3];

	vz_simulated_get_truth(0, WIDTH, HEIGHT, &truth);
	for (int i = 1; i <= way->n; i++) {
		bool goes_on = i < way->n && way->frames[i] == way->frames[i - 1] + 1 &&
			       get_truth(way->frames[i], VZ_SCENE_BALL).vy_px_per_s >
				       get_truth(way->frames[i - 1], VZ_SCENE_BALL).vy_px_per_s;

		if (goes_on)
			continue;
		if (i - first > best_n) {
			best_n = i - first;
			best_first = first;
		}
		first = i;
	}
	fit(way->t + best_first, way->y + best_first, best_n, 2, c);
	CHECK_NEAR(2 * c[2] / truth.g_px_per_s2, 1, MAX_OFF);
}

/* Between passages through the middle in one direction. */
static void check_period(const struct way *way)
{
	double k = sin(25 * M_PI / 180), last = NAN, sum = 0, expected;
	struct vz_simulated_truth truth;
	int n = 0;

	vz_simulated_get_truth(0, WIDTH, HEIGHT, &truth);
	expected = 4 * vz_scene_elliptic_k(k) * sqrt(VZ_SCENE_PENDULUM_M / VZ_SCENE_G);
	for (int i = 1; i < way->n; i++) {
		double a = way->x[i - 1] - truth.pivot_x_px, b = way->x[i] - truth.pivot_x_px, t;

		if (a >= 0 || b < 0)
			continue;
		t = way->t[i - 1] + (way->t[i] - way->t[i - 1]) * a / (a - b);
		if (!isnan(last)) {
			sum += t - last;
			n++;
		}
		last = t;
	}
	CHECK(n >= 1);
	CHECK_NEAR(sum / n / expected, 1, MAX_OFF);
}

/* Momentum along the track before (or after) the collision, in kg px/s; *@ret_size: with no signs.
 */
static double find_momentum(const struct way *ways, bool is_before, double *ret_size)
{
	double sum = 0;

	*ret_size = 0;
	for (int k = 0; k < 2; k++) {
		enum vz_scene_body which = VZ_SCENE_CART_LEFT + k;
		double sign = is_before ? 1 : -1, mass = 0, c[3];
		int first = -1, n = 0;

		for (int i = 0; i < ways[k].n; i++) {
			struct vz_simulated_body body = get_truth(ways[k].frames[i], which);

			if (body.vx_px_per_s * (k ? -1 : 1) * sign <= 0)
				continue;
			first = first < 0 ? i : first;
			mass = body.mass_kg;
			n++;
		}
		CHECK(n >= 15);
		fit(ways[k].t + first, ways[k].x + first, n, 1, c);
		sum += mass * c[1];
		*ret_size += mass * fabs(c[1]);
	}
	return sum;
}

TEST(truth_of_a_throw_a_pendulum_and_a_collision_is_found)
{
	static struct way ball, bob, carts[2];
	static struct run run;
	double before, after, size;

	CHECK_EQ(vz_scene_image_new(WIDTH, HEIGHT, &image), 0);
	CHECK_EQ(vz_sensor_new(0, &sensor), 0);
	start(&run, draw_scene, N_FRAMES);
	follow(&run, get_truth, VZ_SCENE_BOB, &bob);
	check_period(&bob);
	follow(&run, get_truth, VZ_SCENE_BALL, &ball);
	check_g(&ball);
	follow(&run, get_truth, VZ_SCENE_CART_LEFT, &carts[0]);
	follow(&run, get_truth, VZ_SCENE_CART_RIGHT, &carts[1]);
	before = find_momentum(carts, true, &size);
	after = find_momentum(carts, false, &size);
	CHECK_NEAR((after - before) / size, 0, MAX_OFF);
	end(&run);
	(void) vz_scene_image_free(image);
	(void) vz_sensor_free(sensor);
}

/* --- Two balls that cross ------------------------------------------------------------------------
 */

#define N_CROSSING 60
#define N_STEPS	   8 /* of the exposure */
#define RADIUS_PX  9.0

static struct vz_simulated_body get_crossing(int frame, enum vz_scene_body which)
{
	bool is_second = which == VZ_SCENE_BOB;
	double t = frame / FPS - EXPOSURE_US * 1e-6 / 2;

	return (struct vz_simulated_body){
		.x_px = is_second ? 600.3 - 360 * t : 40.6 + 360 * t,
		.y_px = is_second ? 120.2 + 150 * t : 130.4 + 40 * t + 70 * t * t,
		.half_height_px = RADIUS_PX,
		.is_visible = frame >= 0 && frame < N_CROSSING,
	};
}

/* How much of the pixel a ball covers, over the exposure. */
static double find_cover(double x, double y, int frame, enum vz_scene_body which)
{
	double sum = 0;

	for (int i = 0; i < N_STEPS; i++) {
		struct vz_simulated_body a = get_crossing(frame, which);
		struct vz_simulated_body b = get_crossing(frame + 1, which);
		double part = EXPOSURE_US * 1e-6 * FPS * ((i + 0.5) / N_STEPS - 0.5);
		double cx = a.x_px + part * (b.x_px - a.x_px);
		double cy = a.y_px + part * (b.y_px - a.y_px);

		if (fabs(x - cx) < RADIUS_PX + 1 && fabs(y - cy) < RADIUS_PX + 1)
			sum += fmin(fmax(RADIUS_PX + 0.5 - hypot(x - cx, y - cy), 0), 1);
	}
	return sum / N_STEPS;
}

static void draw_crossing(int frame, struct vz_picture *ret)
{
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		struct vz_plane *plane = &ret->planes[i];
		double step = i ? 2 : 1;

		for (uint32_t row = 0; row < plane->height_px; row++)
			for (uint32_t column = 0; column < plane->width_px; column++) {
				double x = column * step + (step - 1) / 2;
				double y = row * step + (step - 1) / 2;
				double value = i ? 128 : 90 + 25 * sin(x / 7) * cos(y / 11);

				value += find_cover(x, y, frame, VZ_SCENE_BALL) *
					 ((i ? 150 : 190) - value);
				value += find_cover(x, y, frame, VZ_SCENE_BOB) *
					 ((i ? 110 : 180) - value);
				value += random_number() % 6000 / 1000.0 - 3;
				vz_plane_get_row(plane, row)[column] = (uint8_t) lrint(value);
			}
	}
}

TEST(truth_of_two_balls_that_cross_is_found)
{
	static struct way first, second;
	static struct run run;

	start(&run, draw_crossing, N_CROSSING);
	follow(&run, get_crossing, VZ_SCENE_BALL, &first);
	follow(&run, get_crossing, VZ_SCENE_BOB, &second);
	end(&run);
}
