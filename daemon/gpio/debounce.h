/*
 * Debouncing over time stamps: a level counts when it has stayed for the whole period. Pure: no
 * clock, no timer; who feeds it asks when it wants to be ticked. What it reports carries the stamp
 * of the edge with which the level began, not that of when this was certain.
 *
 * Embedded and owned by the line. Times are microseconds of one clock.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct vz_debounce {
	int64_t period_us; /* 0: every edge counts at once */
	bool level;	   /* that counts */
	bool raw;	   /* of the last edge */
	int64_t raw_us;	   /* since when */
};

/* A level that counts from @at_us on. */
struct vz_debounced {
	bool level;
	int64_t at_us;
};

void vz_debounce_init(struct vz_debounce *debounce, int64_t period_us, bool level);
/*
 * An edge to @level at @at_us, not before the last one. Writes up to two changes, in order, of
 * which the first had settled before this edge; returns how many.
 */
unsigned vz_debounce_feed(struct vz_debounce *debounce, bool level, int64_t at_us,
			  struct vz_debounced ret[2]);
/* The same for time that passes without an edge: at most one change. */
unsigned vz_debounce_tick(struct vz_debounce *debounce, int64_t now_us, struct vz_debounced ret[1]);
/* When a tick may change something; INT64_MAX: never. */
int64_t vz_debounce_deadline_us(const struct vz_debounce *debounce);
