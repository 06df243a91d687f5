/*
 * Whether anything moves: the luma of a frame against that of one shortly before, in square cells
 * of a twentieth of the picture's width. In each cell, pixels that differ by more than the sensor's
 * noise there are summed, less what the whole cell became lighter or darker; a ball of a few pixels
 * stands out so. What is usual there, such as a clock's pendulum, is a running average; what is well
 * above that is motion. When most cells change alike that is the light or the exposure.
 *
 * Pure but for its memory. Thread: one at a time.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "util/cleanup.h"
#include "vizyd/frame.h"

/* Frames nearer to each other than this are not compared: too little happens in between. */
#define VZ_STIR_STEP_NS INT64_C(30000000)
/* So many comparisons until it knows what is usual. */
#define VZ_STIR_WARM_UP 15u

struct vz_stir;

/* Returns 0 or -ENOMEM. */
int vz_stir_new(struct vz_stir **ret);
struct vz_stir *vz_stir_free(struct vz_stir *stir);
VZ_DEFINE_CLEANUP(vz_stir_free, struct vz_stir *, vz_stir_free)

/* 1 (a person walks through) .. 100 (a fly); at first 75. */
void vz_stir_set_sensitivity(struct vz_stir *stir, double sensitivity);
/* Forgets what is usual, and gives back the frame that it keeps. */
void vz_stir_reset(struct vz_stir *stir);
/*
 * Compares @frame, of which it keeps a reference until the next that is compared. Returns 1
 * (something moves), 0 (nothing does), -EAGAIN (too early to say: the last answer still holds) or
 * -ENOMEM.
 */
int vz_stir_add(struct vz_stir *stir, struct vz_frame *frame);
