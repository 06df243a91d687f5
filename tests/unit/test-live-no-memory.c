/*
 * Live tracking, once for every allocation in it, with that allocation refused, or with all that
 * follow: each picture is tracked or refused, nothing crashes or leaks, and with memory back what
 * moves is found where it is.
 */
#include "motionscope-planes.h"
#include "scarce.h"

#include <errno.h>
#include <math.h>

#include "camera/camera.h"
#include "live/live-thread.h"
#include "loop/loop-test.h"

#define WIDTH  97u
#define HEIGHT 61u
#define SIDE   9
#define STEP_S 0.1
/* Two seconds of learning, then what moves; so often with little memory, and then with plenty. */
#define N_SCARCE 34
#define N_AFTER	 45
#define ROW	 20

struct clip {
	struct vz_live *live;
	struct vz_picture picture;
	struct vz_live_result result;
	int n; /* pictures */
};

static int get_column(const struct clip *clip)
{
	return 4 * (clip->n % 28) - 2 * SIDE;
}

static void draw(struct clip *clip)
{
	int left = get_column(clip);

	for (int y = 0; y < (int) HEIGHT; y++)
		for (int x = 0; x < (int) WIDTH; x++) {
			bool is_in = y >= ROW && y < ROW + SIDE && x >= left && x < left + SIDE;

			vz_plane_get_row(&clip->picture.planes[0], (uint32_t) y)[x] =
				(uint8_t) ((is_in ? 200 : 60) + random_number() % 5);
		}
}

static int step(struct clip *clip)
{
	clip->n++;
	draw(clip);
	return vz_live_step(clip->live, &clip->picture, clip->n * STEP_S, &clip->result);
}

static void make_picture(struct vz_picture *ret)
{
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		ret->planes[i] = make_plane(i ? WIDTH / 2 : WIDTH, i ? HEIGHT / 2 : HEIGHT, 0);
		memset(ret->planes[i].data, 128,
		       (size_t) ret->planes[i].stride_bytes * ret->planes[i].height_px);
	}
}

/* Whether the one object is where the square is. */
static bool is_found(const struct clip *clip)
{
	const struct vz_live_object *object = &clip->result.objects[0];

	return clip->result.n == 1 && hypot(object->x_px - (get_column(clip) + (SIDE - 1) / 2.0),
					    object->y_px - (ROW + (SIDE - 1) / 2.0)) < 1;
}

/* With memory back it may have to learn again, and the square to cross the picture. */
static bool is_found_in_the_end(struct clip *clip)
{
	unsigned n_found = 0;

	for (int i = 0; i < N_AFTER; i++) {
		CHECK_EQ(step(clip), 0);
		n_found += is_found(clip);
	}
	return n_found >= 6;
}

/* Returns whether memory ran out in it. */
static bool track(unsigned n, bool for_good)
{
	struct clip clip = { 0 };
	bool ran_out;

	make_picture(&clip.picture);
	scarce_begin(n, for_good);
	if (vz_live_new(WIDTH, HEIGHT, &clip.live) == 0)
		for (int i = 0; i < N_SCARCE; i++) {
			int r = step(&clip);

			CHECK(r == 0 || r == -ENOMEM);
			CHECK(r == 0 || clip.result.n == 0);
		}
	ran_out = scarce_end();
	if (!clip.live)
		CHECK_EQ(vz_live_new(WIDTH, HEIGHT, &clip.live), 0);
	CHECK(is_found_in_the_end(&clip));
	(void) vz_live_free(clip.live);
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++)
		free_plane(&clip.picture.planes[i]);
	return ran_out;
}

TEST(live_survives_one_refusal)
{
	unsigned n = 0;

	while (track(n, false))
		n++;
	CHECK(n > 50);
}

TEST(live_survives_the_end_of_memory)
{
	unsigned n = 0;

	while (track(n, true))
		n++;
	CHECK(n > 50);
}

/* --- The thread ------------------------------------------------------------------------------ */

static void on_found(const struct vz_live_frame *frame, void *data)
{
	(*(unsigned *) data)++;
}

/* Of the loop's side; the worker's has its memory. Returns whether that ran out. */
static bool run_thread(unsigned n, bool for_good)
{
	const struct vz_camera_options options = { .source = "simulated",
						   .format = { 64, 64, 120 } };
	struct vz_live_thread *live = NULL;
	struct vz_camera *camera;
	struct vz_loop *loop;
	unsigned n_found = 0;
	bool ran_out;
	int r;

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	CHECK_EQ(vz_camera_new(loop, &options, &camera), 0);
	scarce_begin(n, for_good);
	r = vz_live_thread_new(loop, camera, on_found, &n_found, &live);
	CHECK(r == 0 || (r == -ENOMEM && !live));
	if (r == 0) {
		r = vz_live_thread_set_wanted(live, true);
		CHECK(r == 0 || r == -ENOMEM || r == -EAGAIN);
	}
	ran_out = scarce_end();
	if (live) {
		CHECK_EQ(vz_live_thread_set_wanted(live, true), 0);
		for (int i = 0; !n_found && i < 10000; i++) {
			(void) vz_loop_test_step(loop, 1);
			vz_loop_test_advance(loop, 1000);
		}
		CHECK(n_found);
	}
	(void) vz_live_thread_free(live);
	(void) vz_camera_free(camera);
	(void) vz_loop_free(loop);
	return ran_out;
}

TEST(live_thread_survives_refusals)
{
	unsigned n = 0;

	while (run_thread(n, false) | run_thread(n, true))
		n++;
	CHECK(n >= 2);
}
