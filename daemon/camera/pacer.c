#include "camera/pacer.h"

#include <errno.h>
#include <time.h>

#define NS_PER_S INT64_C(1000000000)

int vz_pacer_init(struct vz_pacer *pacer)
{
	pthread_condattr_t attr;
	int r;

	r = -pthread_condattr_init(&attr);
	if (r < 0)
		return r;
	r = -pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	if (r == 0)
		r = -pthread_cond_init(&pacer->stop_cond, &attr);
	(void) pthread_condattr_destroy(&attr);
	if (r < 0)
		return r;
	r = -pthread_mutex_init(&pacer->lock, NULL);
	if (r < 0) {
		(void) pthread_cond_destroy(&pacer->stop_cond);
		return r;
	}
	pacer->stop = false;
	return 0;
}

void vz_pacer_deinit(struct vz_pacer *pacer)
{
	(void) pthread_mutex_destroy(&pacer->lock);
	(void) pthread_cond_destroy(&pacer->stop_cond);
}

void vz_pacer_stop(struct vz_pacer *pacer)
{
	pthread_mutex_lock(&pacer->lock);
	pacer->stop = true;
	pthread_cond_signal(&pacer->stop_cond);
	pthread_mutex_unlock(&pacer->lock);
}

bool vz_pacer_wait(struct vz_pacer *pacer, int64_t at_ns)
{
	struct timespec at = { .tv_sec = at_ns / NS_PER_S, .tv_nsec = at_ns % NS_PER_S };
	bool stop;
	int r = 0;

	if (at_ns < 0)
		at = (struct timespec){ 0 };
	pthread_mutex_lock(&pacer->lock);
	while (!pacer->stop && r != ETIMEDOUT)
		r = pthread_cond_timedwait(&pacer->stop_cond, &pacer->lock, &at);
	stop = pacer->stop;
	pthread_mutex_unlock(&pacer->lock);
	return !stop;
}

int64_t vz_pacer_now_ns(void)
{
	struct timespec now;

	(void) clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}
