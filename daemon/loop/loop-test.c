#include "loop/loop-test.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#include "loop/loop-private.h"

/* Any moment will do, but not 0, which an uninitialized field would match. */
#define START_US 1000000000

struct test_loop {
	struct vz_loop loop;
	int64_t now_us;
};

static struct test_loop *test_loop(struct vz_loop *loop)
{
	return vz_container_of(loop, struct test_loop, loop);
}

static int64_t test_now_us(struct vz_loop *loop)
{
	return test_loop(loop)->now_us;
}

/* Nobody waits for the timers of this loop. */
static void test_arm(struct vz_loop *loop)
{
}

static int test_run(struct vz_loop *loop)
{
	while (!vz_loop_is_quitting(loop))
		(void) vz_loop_dispatch(loop, -1);
	return 0;
}

static void test_free(struct vz_loop *loop)
{
	vz_loop_deinit(loop);
	free(test_loop(loop));
}

int vz_loop_new_test(struct vz_loop **ret)
{
	static const struct vz_loop_body body = { test_now_us, test_arm, test_run, test_free };
	struct test_loop *t;
	int r;

	t = calloc(1, sizeof(*t));
	if (!t)
		return -ENOMEM;
	t->now_us = START_US;
	r = vz_loop_init(&t->loop, &body);
	if (r < 0) {
		free(t);
		return r;
	}
	*ret = &t->loop;
	return 0;
}

void vz_loop_test_advance(struct vz_loop *loop, int64_t us)
{
	struct test_loop *t = test_loop(loop);
	int64_t end_us = t->now_us + us;

	/* Each timer finds the clock at its own moment, and may start others before the end. */
	while (vz_loop_next_us(loop) <= end_us) {
		if (vz_loop_next_us(loop) > t->now_us)
			t->now_us = vz_loop_next_us(loop);
		(void) vz_loop_run_timer(loop, t->now_us);
	}
	t->now_us = end_us;
}

int vz_loop_test_step(struct vz_loop *loop, int timeout_ms)
{
	return vz_loop_dispatch(loop, timeout_ms);
}
