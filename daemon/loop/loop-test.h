/*
 * The loop for tests: nothing happens until it is stepped. Descriptors are real and are polled;
 * the clock stands still until vz_loop_test_advance().
 */
#pragma once

#include "loop/loop.h"

int vz_loop_new_test(struct vz_loop **ret);
/* Moves the clock, running each timer when its moment comes, in order. */
void vz_loop_test_advance(struct vz_loop *loop, int64_t us);
/* Runs what was posted and what is readable, waiting at most @timeout_ms. Returns how many ran. */
int vz_loop_test_step(struct vz_loop *loop, int timeout_ms);
