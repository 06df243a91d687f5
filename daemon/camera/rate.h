/*
 * How many frames a second come, from their own time stamps: steady although they arrive in
 * bursts. Thread: whoever owns it.
 */
#pragma once

#include <stdint.h>

#define VZ_RATE_N_TIMES 256u

struct vz_rate {
	int64_t times_ns[VZ_RATE_N_TIMES];
	unsigned n_times, next;
};

void vz_rate_reset(struct vz_rate *rate);
void vz_rate_add(struct vz_rate *rate, int64_t time_ns);
/* Over the last second, or from the last two frames when they are further apart; 0 at first. */
double vz_rate_get(const struct vz_rate *rate);
