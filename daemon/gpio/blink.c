#include "gpio/blink.h"

#include <string.h>

#include "util/cleanup.h"

/* The first two are what a property that is false or true comes to. */
const struct vz_blink vz_blinks[] = {
	{ "off", "Off", { 0 }, false },
	{ "on", "On", { 0 }, true },
	{ "blink", "Blink", { 500000, 500000 }, true },
	{ "slow", "Slow", { 1000000, 1000000 }, true },
	{ "fast", "Fast", { 125000, 125000 }, true },
	{ "flash", "Flash", { 100000, 1900000 }, true },
	{ "heartbeat", "Heartbeat", { 100000, 150000, 100000, 850000 }, true },
};

const unsigned vz_n_blinks = VZ_N_ELEMENTS(vz_blinks);

const struct vz_blink *vz_blink_find(const char *name)
{
	for (unsigned i = 0; i < vz_n_blinks; i++)
		if (!strcmp(vz_blinks[i].name, name))
			return &vz_blinks[i];
	return NULL;
}

bool vz_blink_level(const struct vz_blink *blink, int64_t since_us, int64_t *ret_next_us)
{
	int64_t period_us = 0, left_us;

	for (unsigned i = 0; i < VZ_BLINK_MAX_STEPS; i++)
		period_us += blink->steps_us[i];
	*ret_next_us = INT64_MAX;
	if (!period_us)
		return blink->level;
	left_us = since_us % period_us;
	for (unsigned i = 0; i < VZ_BLINK_MAX_STEPS; i++) {
		if (left_us < blink->steps_us[i]) {
			*ret_next_us = blink->steps_us[i] - left_us;
			return i % 2 == 0;
		}
		left_us -= blink->steps_us[i];
	}
	return blink->level;
}
