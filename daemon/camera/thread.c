#include "camera/thread.h"

#include <signal.h>
#include <time.h>

int vz_thread_start(pthread_t *thread, const char *name, void *(*run)(void *data), void *data)
{
	sigset_t all, before;
	int r;

	(void) sigfillset(&all);
	(void) pthread_sigmask(SIG_SETMASK, &all, &before);
	r = -pthread_create(thread, NULL, run, data);
	(void) pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (r == 0)
		(void) pthread_setname_np(*thread, name);
	return r;
}

int64_t vz_thread_now_us(void)
{
	struct timespec now;

	(void) clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t) now.tv_sec * 1000000 + now.tv_nsec / 1000;
}
