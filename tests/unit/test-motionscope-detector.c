#include "motionscope-planes.h"

#include <errno.h>
#include <math.h>

#include "motionscope/detector.h"
#include "motionscope/tracker.h"

#define WIDTH	  160
#define HEIGHT	  120
#define N_FRAMES  60
#define N_SAMPLES 21u

static void get_place(unsigned i, double *ret_x, double *ret_y)
{
	double t_s = i / 50.0;

	*ret_x = 12.3 + 112 * t_s;
	*ret_y = 100.6 - 170 * t_s + 140 * t_s * t_s;
}

/* A ball of 11 px, there from the first frame on, with noise of 2 levels over a slanted ground. */
static void draw(struct vz_picture *picture, unsigned i)
{
	double cx, cy;

	get_place(i, &cx, &cy);
	for (int y = 0; y < HEIGHT; y++)
		for (int x = 0; x < WIDTH; x++) {
			double cover = fmin(fmax(6 - hypot(x - cx, y - cy), 0), 1);
			double ground = 70 + 0.2 * x + 0.1 * y;
			double noise = (random_number() % 7000 / 1000.0) - 3.5;

			vz_plane_get_row(&picture->planes[0], (uint32_t) y)[x] =
				(uint8_t) lrint(ground + cover * (170 - ground) + noise);
		}
	for (unsigned p = 1; p < VZ_PICTURE_N_PLANES; p++)
		for (uint32_t y = 0; y < HEIGHT / 2; y++)
			memset(vz_plane_get_row(&picture->planes[p], y), 128, WIDTH / 2);
}

static struct vz_picture make_picture(uint32_t width, uint32_t height, uint32_t padding)
{
	struct vz_picture picture;

	picture.planes[0] = make_plane(width, height, padding);
	picture.planes[1] = make_plane((width + 1) / 2, (height + 1) / 2, padding);
	picture.planes[2] = make_plane((width + 1) / 2, (height + 1) / 2, 0);
	return picture;
}

static void free_picture(struct vz_picture *picture)
{
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++)
		free_plane(&picture->planes[i]);
}

TEST(detector_and_tracker_find_a_thrown_ball_to_a_third_of_a_pixel)
{
	static struct vz_picture frames[N_FRAMES];
	struct vz_picture samples[N_SAMPLES];
	const struct vz_track *tracks;
	const struct vz_blobs *blobs;
	struct vz_detector *detector;
	struct vz_tracker *tracker;
	double squares = 0;

	CHECK_EQ(vz_detector_new(WIDTH, HEIGHT, &detector), 0);
	CHECK_EQ(vz_tracker_new(WIDTH, HEIGHT, &tracker), 0);
	for (unsigned i = 0; i < N_FRAMES; i++) {
		frames[i] = make_picture(WIDTH, HEIGHT, i % 5);
		draw(&frames[i], i);
	}
	for (unsigned i = 0; i < N_SAMPLES; i++)
		samples[i] = frames[i * (N_FRAMES - 1) / (N_SAMPLES - 1)];
	CHECK_EQ(vz_detector_set_background(detector, samples, N_SAMPLES, 25), 0);
	CHECK_NEAR(vz_detector_get_noise(detector, 0), 2.6, 0.4);
	for (unsigned i = 0; i < N_FRAMES; i++) {
		CHECK_EQ(vz_detector_step(detector, &frames[i], &blobs), 0);
		CHECK_EQ(vz_tracker_step(tracker, i, i / 50.0, blobs), 0);
	}
	CHECK_EQ(vz_tracker_finish(tracker), 0);
	CHECK_EQ(vz_tracker_get_tracks(tracker, &tracks), 1);
	CHECK_EQ(tracks[0].n, N_FRAMES);
	for (unsigned i = 0; i < N_FRAMES; i++) {
		const struct vz_track_point *p = &tracks[0].points[i];
		double x, y;

		get_place(i, &x, &y);
		CHECK_EQ(p->how, VZ_TRACK_MEASURED);
		squares += (p->x_px - x) * (p->x_px - x) + (p->y_px - y) * (p->y_px - y);
	}
	CHECK(sqrt(squares / N_FRAMES) < 0.3);
	for (unsigned i = 0; i < N_FRAMES; i++)
		free_picture(&frames[i]);
	(void) vz_tracker_free(tracker);
	(void) vz_detector_free(detector);
}

TEST(detector_works_on_every_size)
{
	for (size_t i = 0; i < N_PLANE_SIZES; i++) {
		uint32_t w = plane_sizes[i].width, h = plane_sizes[i].height;
		struct vz_picture samples[3];
		const struct vz_blobs *blobs;
		struct vz_detector *detector;

		test_case(plane_sizes[i].label);
		CHECK_EQ(vz_detector_new(w, h, &detector), 0);
		for (unsigned s = 0; s < 3; s++) {
			samples[s] = make_picture(w, h, plane_sizes[i].padding);
			for (unsigned p = 0; p < VZ_PICTURE_N_PLANES; p++)
				fill_random(&samples[s].planes[p], 256);
		}
		CHECK_EQ(vz_detector_set_background(detector, samples, 3, 25), 0);
		for (unsigned s = 0; s < 3; s++)
			CHECK_EQ(vz_detector_step(detector, &samples[s], &blobs), 0);
		for (unsigned s = 0; s < 3; s++)
			free_picture(&samples[s]);
		(void) vz_detector_free(detector);
	}
}

TEST(detector_refuses_what_makes_no_sense)
{
	struct vz_picture sample = make_picture(4, 4, 0);
	struct vz_detector *detector;

	CHECK_EQ(vz_detector_new(0, 4, &detector), -EINVAL);
	CHECK_EQ(vz_detector_new(4, 16385, &detector), -EINVAL);
	CHECK_EQ(vz_detector_new(4, 4, &detector), 0);
	CHECK_EQ(vz_detector_set_background(detector, &sample, 0, 25), -EINVAL);
	CHECK_EQ(vz_detector_set_background(detector, &sample, 1, 0.5), -EINVAL);
	CHECK_EQ(vz_detector_set_background(detector, &sample, 1, NAN), -EINVAL);
	free_picture(&sample);
	(void) vz_detector_free(detector);
}
