/*
 * What the tools of this folder measure with: clocks, the processor time and memory of another
 * process as the kernel counts them, and the middle of many samples. Thread: one.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct samples {
	double *values;
	size_t n, n_allocated;
};

/* CLOCK_MONOTONIC, which the daemon stamps its pictures with. */
int64_t now_ns(void);

/*
 * Processor time that the threads of @pid have used so far, in ns; of those called @thread alone
 * when that is not NULL. The time of threads that have ended is not in it. Ends the program when
 * there is no such process.
 */
int64_t cpu_ns(pid_t pid, const char *thread);
/* A line of /proc/PID/status, such as "RssAnon", in kB. Ends the program when there is none. */
long status_kb(pid_t pid, const char *key);
/* How often the threads of @pid have been woken, by what /proc calls voluntary switches. */
long wakeups(pid_t pid);

/* Out of memory ends the program. */
void samples_add(struct samples *samples, double value);
/* The @percent-th of the samples, which it sorts; 0 of none. */
double samples_percentile(struct samples *samples, double percent);

/* "bench: " and the text to standard error; ends the program. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A number of the command line from @min on; anything else ends the program. */
long parse_number(const char *name, const char *text, long min);
