#include "util/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static const char *const topic_names[VZ_N_TOPICS] = {
	[VZ_TOPIC_DAEMON] = "daemon", [VZ_TOPIC_DASH] = "dash",	  [VZ_TOPIC_SERVER] = "server",
	[VZ_TOPIC_CAM] = "cam",	      [VZ_TOPIC_PANEL] = "panel", [VZ_TOPIC_CONFIG] = "config",
	[VZ_TOPIC_PLUGIN] = "plugin", [VZ_TOPIC_GPIO] = "gpio",	  [VZ_TOPIC_USERS] = "users",
};

static const struct {
	const char *name;
	enum vz_level level;
} level_names[] = {
	{ "error", VZ_ERROR }, { "warning", VZ_WARNING }, { "notice", VZ_NOTICE },
	{ "info", VZ_INFO },   { "debug", VZ_DEBUG },
};

/* Read by all threads, and written while they run: each by itself. */
static enum vz_level levels[VZ_N_TOPICS] = { [0 ... VZ_N_TOPICS - 1] = VZ_INFO };

static int find_level(const char *word, size_t length)
{
	for (size_t i = 0; i < sizeof(level_names) / sizeof(level_names[0]); i++)
		if (strlen(level_names[i].name) == length &&
		    !strncasecmp(word, level_names[i].name, length))
			return level_names[i].level;
	return -EINVAL;
}

static int find_topic(const char *word, size_t length)
{
	for (int i = 0; i < VZ_N_TOPICS; i++)
		if (strlen(topic_names[i]) == length && !strncasecmp(word, topic_names[i], length))
			return i;
	return -EINVAL;
}

static int configure_word(enum vz_level *wanted, const char *word, size_t length)
{
	const char *colon = memchr(word, ':', length);
	int level = find_level(colon ? colon + 1 : word,
			       colon ? length - (size_t) (colon + 1 - word) : length);
	int topic;

	if (level < 0)
		return level;
	if (!colon) {
		for (int i = 0; i < VZ_N_TOPICS; i++)
			wanted[i] = (enum vz_level) level;
		return 0;
	}
	topic = find_topic(word, (size_t) (colon - word));
	if (topic < 0)
		return topic;
	wanted[topic] = (enum vz_level) level;
	return 0;
}

/* A topic that @spec does not name is at info. */
static int parse(const char *spec, enum vz_level wanted[VZ_N_TOPICS], const char **ret_bad)
{
	const char *word = spec;

	for (int i = 0; i < VZ_N_TOPICS; i++)
		wanted[i] = VZ_INFO;
	while (*word) {
		size_t length = strcspn(word, ",");

		if (configure_word(wanted, word, length) < 0) {
			if (ret_bad)
				*ret_bad = word;
			return -EINVAL;
		}
		word += length;
		word += *word == ',';
	}
	return 0;
}

int vz_log_check(const char *spec, const char **ret_bad)
{
	enum vz_level wanted[VZ_N_TOPICS];

	return parse(spec, wanted, ret_bad);
}

int vz_log_configure(const char *spec, const char **ret_bad)
{
	enum vz_level wanted[VZ_N_TOPICS];
	int r = parse(spec, wanted, ret_bad);

	for (int i = 0; r == 0 && i < VZ_N_TOPICS; i++)
		__atomic_store_n(&levels[i], wanted[i], __ATOMIC_RELAXED);
	return r;
}

bool vz_log_enabled(enum vz_topic topic, enum vz_level level)
{
	return level <= __atomic_load_n(&levels[topic], __ATOMIC_RELAXED);
}

/* What a browser sent may be in it, and must not begin a line that looks like ours. */
static void keep_on_one_line(char *line, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char) line[i] < ' ' || line[i] == 0x7f)
			line[i] = ' ';
}

__attribute__((format(printf, 4, 0))) static void
write_line(enum vz_topic topic, enum vz_level level, int r, const char *format, va_list args)
{
	char line[1024];
	size_t length = 0;
	int n;

	/* JOURNAL_STREAM is set when systemd connected standard error to the journal. */
	if (getenv("JOURNAL_STREAM"))
		length += (size_t) snprintf(line, sizeof(line), "<%d>", level);
	length +=
		(size_t) snprintf(line + length, sizeof(line) - length, "%s: ", topic_names[topic]);
	n = vsnprintf(line + length, sizeof(line) - length - 1, format, args);
	if (n > 0)
		length += (size_t) n;
	if (length > sizeof(line) - 2)
		length = sizeof(line) - 2;
	if (r < 0 && length < sizeof(line) - 2) {
		n = snprintf(line + length, sizeof(line) - length - 1, ": %s", strerror(-r));
		if (n > 0)
			length += (size_t) n;
		if (length > sizeof(line) - 2)
			length = sizeof(line) - 2;
	}
	keep_on_one_line(line, length);
	line[length++] = '\n';
	(void) !write(STDERR_FILENO, line, length);
}

void vz_log_line(enum vz_topic topic, enum vz_level level, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	write_line(topic, level, 0, format, args);
	va_end(args);
}

int vz_log_line_errno(enum vz_topic topic, enum vz_level level, int r, const char *format, ...)
{
	va_list args;

	if (!vz_log_enabled(topic, level))
		return r;
	va_start(args, format);
	write_line(topic, level, r, format, args);
	va_end(args);
	return r;
}
