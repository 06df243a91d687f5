/*
 * Log lines on standard error, one topic per folder: plain text on a terminal. When standard error
 * goes to the journal, they go there themselves, with fields: VIZYD_TOPIC=, CODE_FILE=,
 * CODE_LINE=, CODE_FUNC=, ERRNO=, and those of log-events.h. Where there is no libsystemd, a line
 * starts with its priority in angle brackets instead (sd-daemon(3)).
 *
 * Thread: any; a line is one write(2) or sendmsg(2).
 */
#pragma once

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#include "util/log-events.h"

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

/* A line from elsewhere, whose place in our sources means nothing. */
void vz_log_line(enum vz_topic topic, enum vz_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Where in the sources, and what it is about; @subject is a name for the event's field, or NULL. */
void vz_log_write(enum vz_topic topic, enum vz_level level, enum vz_event event,
		  const char *subject, const char *file, int line, const char *function,
		  const char *format, ...) __attribute__((format(printf, 8, 9)));
/* The same with ": <text of -r>" behind it; returns @r, so that it can end a function. */
int vz_log_write_errno(enum vz_topic topic, enum vz_level level, int r, const char *file, int line,
		       const char *function, const char *format, ...)
	__attribute__((format(printf, 7, 8)));

#define vz_log(topic, level, ...) vz_log_event(topic, level, NONE, NULL, __VA_ARGS__)
/* vz_log_event(CAM, WARNING, CAMERA_LOST, name, "%s is lost", name) */
#define vz_log_event(topic, level, event, subject, ...)                                            \
	(vz_log_enabled(VZ_TOPIC_##topic, VZ_##level)                                              \
		 ? vz_log_write(VZ_TOPIC_##topic, VZ_##level, VZ_EVENT_##event, subject, __FILE__, \
				__LINE__, __func__, __VA_ARGS__)                                   \
		 : (void) 0)
#define vz_log_errno(topic, r, ...) \
	vz_log_write_errno(VZ_TOPIC_##topic, VZ_ERROR, r, __FILE__, __LINE__, __func__, __VA_ARGS__)
#define vz_warn_errno(topic, r, ...)                                                      \
	vz_log_write_errno(VZ_TOPIC_##topic, VZ_WARNING, r, __FILE__, __LINE__, __func__, \
			   __VA_ARGS__)
