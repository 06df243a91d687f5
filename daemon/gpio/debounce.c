#include "gpio/debounce.h"

void vz_debounce_init(struct vz_debounce *debounce, int64_t period_us, bool level)
{
	*debounce = (struct vz_debounce){ .period_us = period_us, .level = level, .raw = level };
}

int64_t vz_debounce_deadline_us(const struct vz_debounce *debounce)
{
	if (debounce->raw == debounce->level)
		return INT64_MAX;
	return debounce->raw_us + debounce->period_us;
}

unsigned vz_debounce_tick(struct vz_debounce *debounce, int64_t now_us, struct vz_debounced ret[1])
{
	if (now_us < vz_debounce_deadline_us(debounce))
		return 0;
	debounce->level = debounce->raw;
	ret[0] = (struct vz_debounced){ debounce->level, debounce->raw_us };
	return 1;
}

unsigned vz_debounce_feed(struct vz_debounce *debounce, bool level, int64_t at_us,
			  struct vz_debounced ret[2])
{
	unsigned n = vz_debounce_tick(debounce, at_us, ret);

	/* Two edges in one direction: one between them was lost, so the level has not stayed. */
	debounce->raw = level;
	debounce->raw_us = at_us;
	if (!debounce->period_us)
		n += vz_debounce_tick(debounce, at_us, ret + n);
	return n;
}
