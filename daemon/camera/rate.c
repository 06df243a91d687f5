#include "camera/rate.h"

#define WINDOW_NS INT64_C(1000000000)

void vz_rate_reset(struct vz_rate *rate)
{
	rate->n_times = rate->next = 0;
}

/* The time @age frames ago. */
static int64_t get_time(const struct vz_rate *rate, unsigned age)
{
	return rate->times_ns[(rate->next + VZ_RATE_N_TIMES - 1 - age) % VZ_RATE_N_TIMES];
}

void vz_rate_add(struct vz_rate *rate, int64_t time_ns)
{
	/* A clock that jumps back would make nonsense of the whole window. */
	if (rate->n_times && time_ns <= get_time(rate, 0))
		vz_rate_reset(rate);
	rate->times_ns[rate->next] = time_ns;
	rate->next = (rate->next + 1) % VZ_RATE_N_TIMES;
	if (rate->n_times < VZ_RATE_N_TIMES)
		rate->n_times++;
}

double vz_rate_get(const struct vz_rate *rate)
{
	unsigned age = 1;

	if (rate->n_times < 2)
		return 0;
	while (age + 1 < rate->n_times && get_time(rate, 0) - get_time(rate, age + 1) <= WINDOW_NS)
		age++;
	return age * 1e9 / (double) (get_time(rate, 0) - get_time(rate, age));
}
