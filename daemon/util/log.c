#include "util/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#ifdef HAVE_SYSTEMD
/* The place is that of the caller, which we say ourselves. */
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>
#endif

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

/* --- Writing -------------------------------------------------------------------------------- */

#define MAX_LINE 1024

/* What is known of a line beside its text. */
struct origin {
	enum vz_topic topic;
	enum vz_level level;
	enum vz_event event;
	const char *subject;
	const char *file, *function;
	int line, r;
};

/* JOURNAL_STREAM is "DEVICE:INODE" of what systemd connected to the journal (systemd.exec(5)). */
static bool is_to_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat st;

	return stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
	       fstat(STDERR_FILENO, &st) == 0 && st.st_dev == device && st.st_ino == inode;
}

#ifdef HAVE_SYSTEMD
#define MAX_FIELDS 12

struct fields {
	struct iovec vectors[MAX_FIELDS];
	int n;
	char texts[MAX_FIELDS][128];
};

__attribute__((format(printf, 2, 3))) static void add_field(struct fields *fields,
							    const char *format, ...)
{
	char *text = fields->texts[fields->n];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text, sizeof(fields->texts[0]), format, args);
	va_end(args);
	if (n < 0)
		return;
	if ((size_t) n >= sizeof(fields->texts[0]))
		n = sizeof(fields->texts[0]) - 1;
	fields->vectors[fields->n++] = (struct iovec){ text, (size_t) n };
}

/* As the sources are named from the top, wherever they were built. */
static const char *skip_up(const char *file)
{
	const char *top = strstr(file, "daemon/");

	return top ? top : file;
}

/* Returns whether the journal has it. @line is "MESSAGE=…". */
static bool write_to_journal(const struct origin *origin, char *line, size_t length)
{
	const struct vz_event_kind *kind = &vz_event_kinds[origin->event];
	struct fields fields = { .n = 0 };

	fields.vectors[fields.n++] = (struct iovec){ line, length };
	add_field(&fields, "PRIORITY=%d", origin->level);
	add_field(&fields, "SYSLOG_IDENTIFIER=vizyd");
	add_field(&fields, "VIZYD_TOPIC=%s", topic_names[origin->topic]);
	if (origin->file) {
		add_field(&fields, "CODE_FILE=%s", skip_up(origin->file));
		add_field(&fields, "CODE_LINE=%d", origin->line);
		add_field(&fields, "CODE_FUNC=%s", origin->function);
	}
	if (origin->r < 0)
		add_field(&fields, "ERRNO=%d", -origin->r);
	if (kind->message_id)
		add_field(&fields, "MESSAGE_ID=%s", kind->message_id);
	if (kind->field && origin->subject)
		add_field(&fields, "%s=%s", kind->field, origin->subject);
	return sd_journal_sendv(fields.vectors, fields.n) >= 0;
}

/* sd_journal_sendv() drops what nobody takes. */
static bool is_journal_there(void)
{
	return access("/run/systemd/journal/socket", W_OK) == 0;
}
#else
static bool write_to_journal(const struct origin *origin, char *line, size_t length)
{
	(void) origin;
	(void) line;
	(void) length;
	return false;
}

static bool is_journal_there(void)
{
	return false;
}
#endif

static size_t cut(size_t length)
{
	return length > MAX_LINE - 2 ? MAX_LINE - 2 : length;
}

/* "TOPIC: text[: error]" at @at; returns the end. */
__attribute__((format(printf, 4, 0))) static size_t put_text(const struct origin *origin,
							     char line[MAX_LINE], size_t at,
							     const char *format, va_list args)
{
	int n;

	at += (size_t) snprintf(line + at, MAX_LINE - at, "%s: ", topic_names[origin->topic]);
	n = vsnprintf(line + at, MAX_LINE - at - 1, format, args);
	at = cut(n > 0 ? at + (size_t) n : at);
	if (origin->r >= 0 || at == MAX_LINE - 2)
		return at;
	n = snprintf(line + at, MAX_LINE - at - 1, ": %s", strerror(-origin->r));
	return cut(n > 0 ? at + (size_t) n : at);
}

__attribute__((format(printf, 2, 0))) static void write_line(const struct origin *origin,
							     const char *format, va_list args)
{
	static const char field[] = "MESSAGE=";
	bool is_journal = is_to_journal(), is_native = is_journal && is_journal_there();
	char line[MAX_LINE];
	size_t start = 0, length;

	if (is_native)
		start = (size_t) snprintf(line, sizeof(line), "%s", field);
	else if (is_journal)
		start = (size_t) snprintf(line, sizeof(line), "<%d>", origin->level);
	length = put_text(origin, line, start, format, args);
	keep_on_one_line(line, length);
	if (is_native && write_to_journal(origin, line, length))
		return;
	start = is_native ? start : 0;
	line[length++] = '\n';
	(void) !write(STDERR_FILENO, line + start, length - start);
}

void vz_log_line(enum vz_topic topic, enum vz_level level, const char *format, ...)
{
	const struct origin origin = { .topic = topic, .level = level };
	va_list args;

	va_start(args, format);
	write_line(&origin, format, args);
	va_end(args);
}

void vz_log_write(enum vz_topic topic, enum vz_level level, enum vz_event event,
		  const char *subject, const char *file, int line, const char *function,
		  const char *format, ...)
{
	const struct origin origin = {
		.topic = topic,
		.level = level,
		.event = event,
		.subject = subject,
		.file = file,
		.line = line,
		.function = function,
	};
	va_list args;

	va_start(args, format);
	write_line(&origin, format, args);
	va_end(args);
}

int vz_log_write_errno(enum vz_topic topic, enum vz_level level, int r, const char *file, int line,
		       const char *function, const char *format, ...)
{
	const struct origin origin = {
		.topic = topic,
		.level = level,
		.file = file,
		.line = line,
		.function = function,
		.r = r,
	};
	va_list args;

	if (!vz_log_enabled(topic, level))
		return r;
	va_start(args, format);
	write_line(&origin, format, args);
	va_end(args);
	return r;
}
