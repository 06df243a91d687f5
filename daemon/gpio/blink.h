/*
 * The patterns that an output can show, as a table: what it is at which moment, and when that
 * changes. Pure and constant. Thread: any.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define VZ_BLINK_MAX_STEPS 4

struct vz_blink {
	const char *name, *text; /* of the configuration; for people */
	/* How long it is on, off, on, … , around and around. No steps: @level, always. */
	int64_t steps_us[VZ_BLINK_MAX_STEPS];
	bool level;
};

extern const struct vz_blink vz_blinks[];
extern const unsigned vz_n_blinks;

/* For error messages. */
#define VZ_BLINK_NAMES "off, on, blink, slow, fast, flash or heartbeat"

/* NULL: there is none of that name. */
const struct vz_blink *vz_blink_find(const char *name);
/*
 * Whether it is on @since_us after its start, which is 0 or more; *@ret_next_us is how long this
 * lasts, INT64_MAX when for ever.
 */
bool vz_blink_level(const struct vz_blink *blink, int64_t since_us, int64_t *ret_next_us);
