#include "measure.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("bench: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(EXIT_FAILURE);
}

long parse_number(const char *name, const char *text, long min)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end || value < min)
		fail("%s: expected a number from %ld on, got '%s'", name, min, text);
	return value;
}

int64_t now_ns(void)
{
	struct timespec t;

	(void) clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t) t.tv_sec * 1000000000 + t.tv_nsec;
}

/* --- Of another process ---------------------------------------------------------------------- */

/* The first line of a file in /proc, or NULL when the thread has ended. */
static char *read_line(char *line, size_t size, pid_t pid, const char *task, const char *name)
{
	char path[512];
	char *got;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%s/%s", (int) pid, task, name);
	file = fopen(path, "r");
	if (!file)
		return NULL;
	got = fgets(line, (int) size, file);
	fclose(file);
	if (got)
		line[strcspn(line, "\n")] = '\0';
	return got;
}

int64_t cpu_ns(pid_t pid, const char *thread)
{
	char path[64], line[128];
	struct dirent *task;
	int64_t total = 0;
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", (int) pid);
	tasks = opendir(path);
	if (!tasks)
		fail("process %d: %s", (int) pid, strerror(errno));
	while ((task = readdir(tasks))) {
		if (task->d_name[0] == '.')
			continue;
		if (thread && (!read_line(line, sizeof(line), pid, task->d_name, "comm") ||
			       strcmp(line, thread) != 0))
			continue;
		/* The first of its three numbers is the time on a processor, to the nanosecond. */
		if (read_line(line, sizeof(line), pid, task->d_name, "schedstat"))
			total += strtoll(line, NULL, 10);
	}
	closedir(tasks);
	return total;
}

/* The number behind "key:" in a status file, or -1. */
static long find_number(const char *path, const char *key)
{
	size_t size = strlen(key);
	char line[256];
	FILE *file = fopen(path, "r");
	long value = -1;

	if (!file)
		return -1;
	while (value < 0 && fgets(line, sizeof(line), file))
		if (strncmp(line, key, size) == 0 && line[size] == ':')
			value = strtol(line + size + 1, NULL, 10);
	fclose(file);
	return value;
}

long status_kb(pid_t pid, const char *key)
{
	char path[64];
	long value;

	snprintf(path, sizeof(path), "/proc/%d/status", (int) pid);
	value = find_number(path, key);
	if (value < 0)
		fail("%s has no %s", path, key);
	return value;
}

long wakeups(pid_t pid)
{
	char path[512];
	struct dirent *task;
	long total = 0, value;
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", (int) pid);
	tasks = opendir(path);
	if (!tasks)
		fail("process %d: %s", (int) pid, strerror(errno));
	while ((task = readdir(tasks))) {
		if (task->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/proc/%d/task/%s/status", (int) pid, task->d_name);
		value = find_number(path, "voluntary_ctxt_switches");
		total += value > 0 ? value : 0;
	}
	closedir(tasks);
	return total;
}

/* --- Samples --------------------------------------------------------------------------------- */

void samples_add(struct samples *samples, double value)
{
	size_t n = samples->n_allocated ? 2 * samples->n_allocated : 1024;
	double *grown;

	if (samples->n == samples->n_allocated) {
		grown = realloc(samples->values, n * sizeof(*grown));
		if (!grown)
			fail("out of memory");
		samples->values = grown;
		samples->n_allocated = n;
	}
	samples->values[samples->n++] = value;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *) a, y = *(const double *) b;

	return x < y ? -1 : x > y;
}

double samples_percentile(struct samples *samples, double percent)
{
	if (!samples->n)
		return 0;
	qsort(samples->values, samples->n, sizeof(*samples->values), compare);
	return samples->values[(size_t) (percent / 100 * (double) (samples->n - 1) + 0.5)];
}
