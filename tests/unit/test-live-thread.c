/*
 * The thread that tracks live, at the simulated camera, which knows what it shows; and that it
 * rests while it is not wanted.
 */
#include "camera-rig.h"

#include <math.h>

#include "camera/simulated.h"
#include "live/live-thread.h"

struct seen {
	unsigned n, n_learning, n_ball, n_boxed;
};

/* Whether an object's box holds the ball's place, and its centre is near. */
static bool is_boxed(const struct vz_live_frame *frame, const struct vz_simulated_body *ball)
{
	for (unsigned i = 0; i < frame->result.n; i++) {
		const struct vz_live_object *object = &frame->result.objects[i];

		if (ball->x_px >= object->left && ball->x_px <= object->right &&
		    ball->y_px >= object->top && ball->y_px <= object->bottom &&
		    hypot(ball->x_px - object->x_px, ball->y_px - object->y_px) <
			    ball->half_width_px)
			return true;
	}
	return false;
}

static void on_found(const struct vz_live_frame *frame, void *data)
{
	struct seen *seen = data;
	struct vz_simulated_truth truth;

	seen->n++;
	seen->n_learning += frame->result.is_learning;
	if (frame->result.is_learning) {
		CHECK_EQ(frame->result.n, 0);
		return;
	}
	vz_simulated_get_truth(frame->source_timestamp_ns, frame->width_px, frame->height_px,
			       &truth);
	if (!truth.ball.is_visible)
		return;
	seen->n_ball++;
	seen->n_boxed += is_boxed(frame, &truth.ball);
}

static struct vz_loop *make_loop(void)
{
	struct vz_loop *loop = NULL;

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	return loop;
}

static struct vz_camera *make_camera(struct vz_loop *loop)
{
	const struct vz_camera_options options = { .source = "simulated",
						   .format = { 320, 240, 60 } };
	struct vz_camera *camera = NULL;

	CHECK_EQ(vz_camera_new(loop, &options, &camera), 0);
	return camera;
}

TEST(live_thread_boxes_the_ball_of_a_camera)
{
	struct vz_loop *loop = make_loop();
	struct vz_camera *camera = make_camera(loop);
	struct vz_live_thread *live;
	struct seen seen = { 0 };
	unsigned n;

	CHECK_EQ(vz_live_thread_new(loop, camera, on_found, &seen, &live), 0);
	CHECK_EQ(vz_live_thread_set_wanted(live, true), 0);
	/* A slow machine misses frames: each has its time, and so has the learning. */
	PUMP_UNTIL(loop, seen.n > seen.n_learning);
	for (unsigned i = 1; i <= 8; i++)
		PUMP_UNTIL(loop, seen.n_ball >= 5 * i);
	CHECK(seen.n_learning >= 15);
	CHECK(seen.n_boxed > 0.7 * seen.n_ball);
	CHECK(vz_live_thread_get_counters(live)->tracked >= seen.n);
	CHECK_EQ(vz_live_thread_get_counters(live)->failed, 0);

	n = seen.n_learning;
	vz_live_thread_retake(live);
	PUMP_UNTIL(loop, seen.n_learning > n);

	CHECK_EQ(vz_live_thread_set_wanted(live, false), 0);
	n = seen.n;
	for (unsigned i = 0; i < 200; i++)
		(void) vz_loop_test_step(loop, 1);
	CHECK_EQ(seen.n, n);
	/* Wanted again it begins anew. */
	n = seen.n_learning;
	CHECK_EQ(vz_live_thread_set_wanted(live, true), 0);
	PUMP_UNTIL(loop, seen.n_learning > n);
	(void) vz_live_thread_free(live);
	(void) vz_camera_free(camera);
	(void) vz_loop_free(loop);
}

TEST(live_thread_costs_nothing_before_it_is_wanted)
{
	struct vz_loop *loop = make_loop();
	struct vz_camera *camera = make_camera(loop);
	struct vz_live_thread *live;
	struct seen seen = { 0 };

	CHECK_EQ(vz_live_thread_new(loop, camera, on_found, &seen, &live), 0);
	for (unsigned i = 0; i < 200; i++)
		(void) vz_loop_test_step(loop, 1);
	CHECK_EQ(seen.n, 0);
	CHECK_EQ(vz_camera_get_counters(camera)->captured, 0);
	(void) vz_live_thread_free(live);
	CHECK(!vz_live_thread_free(NULL));
	(void) vz_camera_free(camera);
	(void) vz_loop_free(loop);
}
