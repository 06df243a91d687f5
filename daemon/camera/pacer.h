/*
 * A pacer lets a source's thread sleep until a moment of CLOCK_MONOTONIC, and lets the loop wake
 * it at once when the source is to stop. Moments are absolute, so that lateness does not add up.
 *
 * Thread: wait on the source's thread, the rest on the loop.
 */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct vz_pacer {
	pthread_mutex_t lock;
	pthread_cond_t stop_cond;
	bool stop; /* guarded by lock */
};

/* Returns 0 or a negative errno. */
int vz_pacer_init(struct vz_pacer *pacer);
void vz_pacer_deinit(struct vz_pacer *pacer);
/* Ends the wait that runs and all later ones. */
void vz_pacer_stop(struct vz_pacer *pacer);
/* Returns true at @at_ns, at once if that has passed; false when stopped. */
bool vz_pacer_wait(struct vz_pacer *pacer, int64_t at_ns);

int64_t vz_pacer_now_ns(void);
