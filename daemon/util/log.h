/*
 * Log lines on standard error, one topic per folder. A line starts with its syslog priority in
 * angle brackets when standard error goes to the journal (sd-daemon(3)), and is plain text on a
 * terminal. Thread: any; a line is one write(2).
 */
#pragma once

#include <errno.h>
#include <stdbool.h>

enum vz_level { VZ_ERROR = 3, VZ_WARNING = 4, VZ_NOTICE = 5, VZ_INFO = 6, VZ_DEBUG = 7 };

enum vz_topic {
	VZ_TOPIC_DAEMON,
	VZ_TOPIC_DASH,
	VZ_TOPIC_SERVER,
	VZ_TOPIC_CAM,
	VZ_TOPIC_PANEL,
	VZ_TOPIC_CONFIG,
	VZ_TOPIC_PLUGIN,
	VZ_TOPIC_GPIO,
	VZ_TOPIC_USERS,
	VZ_N_TOPICS
};

/*
 * Sets what is shown from a list such as "info,cam:debug": a level for all topics, then one per
 * topic; what it does not say is info. Returns 0 or -EINVAL, with the bad word in *@ret_bad
 * (borrowed from @spec) when not NULL.
 */
int vz_log_configure(const char *spec, const char **ret_bad);

/* Whether vz_log_configure() would take it; sets nothing. */
int vz_log_check(const char *spec, const char **ret_bad);

bool vz_log_enabled(enum vz_topic topic, enum vz_level level);

void vz_log_line(enum vz_topic topic, enum vz_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* As vz_log_line() with ": <text of -r>" behind it; returns @r, so that it can end a function. */
int vz_log_line_errno(enum vz_topic topic, enum vz_level level, int r, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#define vz_log(topic, level, ...)                                         \
	(vz_log_enabled(VZ_TOPIC_##topic, VZ_##level)                     \
		 ? vz_log_line(VZ_TOPIC_##topic, VZ_##level, __VA_ARGS__) \
		 : (void) 0)
#define vz_log_errno(topic, r, ...)  vz_log_line_errno(VZ_TOPIC_##topic, VZ_ERROR, r, __VA_ARGS__)
#define vz_warn_errno(topic, r, ...) vz_log_line_errno(VZ_TOPIC_##topic, VZ_WARNING, r, __VA_ARGS__)
