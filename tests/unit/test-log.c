#include "util/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

static char captured[4096];

/* Runs @fn with standard error in a file, whose text is then in captured. */
static void capture(void (*fn)(void))
{
	char path[] = "/tmp/vizyd-test-log-XXXXXX";
	int saved = dup(STDERR_FILENO), fd = mkstemp(path);
	ssize_t n;

	CHECK(saved >= 0 && fd >= 0);
	(void) unlink(path);
	fflush(stderr);
	dup2(fd, STDERR_FILENO);
	fn();
	dup2(saved, STDERR_FILENO);
	close(saved);
	n = pread(fd, captured, sizeof(captured) - 1, 0);
	close(fd);
	CHECK(n >= 0);
	captured[n] = '\0';
}

static void configure(const char *spec)
{
	CHECK_EQ(vz_log_configure(spec, NULL), 0);
}

TEST(log_levels_by_topic)
{
	configure("warning,cam:debug");
	CHECK(vz_log_enabled(VZ_TOPIC_CAM, VZ_DEBUG));
	CHECK(!vz_log_enabled(VZ_TOPIC_DASH, VZ_INFO));
	CHECK(vz_log_enabled(VZ_TOPIC_DASH, VZ_WARNING));
	configure("INFO");
	CHECK(!vz_log_enabled(VZ_TOPIC_CAM, VZ_DEBUG));
	CHECK(vz_log_enabled(VZ_TOPIC_CAM, VZ_INFO));
	configure("");
	CHECK(vz_log_enabled(VZ_TOPIC_CAM, VZ_INFO));
}

TEST(log_refuses_unknown_words)
{
	static const struct {
		const char *spec, *bad;
	} cases[] = {
		{ "loud", "loud" },
		{ "info,nose:debug", "nose:debug" },
		{ "debug,cam:", "cam:" },
		{ "error,,info", ",info" },
	};

	configure("info");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *bad = NULL;

		test_case(cases[i].spec);
		CHECK_EQ(vz_log_configure(cases[i].spec, &bad), -EINVAL);
		CHECK_STR(bad, cases[i].bad);
		/* Half of a bad list is not taken over. */
		CHECK(!vz_log_enabled(VZ_TOPIC_SERVER, VZ_DEBUG));
		CHECK(vz_log_enabled(VZ_TOPIC_SERVER, VZ_INFO));
	}
}

static void log_some(void)
{
	vz_log(CAM, INFO, "frame %d", 5);
	vz_log(CAM, DEBUG, "not shown");
	(void) vz_warn_errno(SERVER, -ENOENT, "Cannot open %s", "x");
}

TEST(log_lines)
{
	configure("info");
	(void) unsetenv("JOURNAL_STREAM");
	capture(log_some);
	CHECK_STR(captured, "cam: frame 5\nserver: Cannot open x: No such file or directory\n");
	/* Standard error was connected to something else since. */
	(void) setenv("JOURNAL_STREAM", "1:2", 1);
	capture(log_some);
	(void) unsetenv("JOURNAL_STREAM");
	CHECK_STR(captured, "cam: frame 5\nserver: Cannot open x: No such file or directory\n");
}

static void log_to_stream(void)
{
	char stream[64];
	struct stat st;

	CHECK_EQ(fstat(STDERR_FILENO, &st), 0);
	snprintf(stream, sizeof(stream), "%llu:%llu", (unsigned long long) st.st_dev,
		 (unsigned long long) st.st_ino);
	(void) setenv("JOURNAL_STREAM", stream, 1);
	log_some();
	(void) unsetenv("JOURNAL_STREAM");
}

/* With a journal it has got them, which the test of the service looks at. */
TEST(log_lines_without_a_journal_have_their_priority)
{
	configure("info");
	capture(log_to_stream);
	if (access("/run/systemd/journal/socket", W_OK) == 0)
		CHECK_STR(captured, "");
	else
		CHECK_STR(captured, "<6>cam: frame 5\n"
				    "<4>server: Cannot open x: No such file or directory\n");
}

TEST(log_events_have_numbers_of_their_own)
{
	for (int i = VZ_EVENT_CAMERA_LOST; i < VZ_N_EVENTS; i++) {
		const char *id = vz_event_kinds[i].message_id;

		CHECK(id && strlen(id) == 32 && strspn(id, "0123456789abcdef") == 32);
		for (int k = VZ_EVENT_CAMERA_LOST; id && k < i; k++)
			CHECK(strcmp(id, vz_event_kinds[k].message_id) != 0);
	}
}

static void log_long(void)
{
	static char text[3000];

	memset(text, 'x', sizeof(text) - 1);
	vz_log(DASH, INFO, "%s", text);
	(void) vz_log_errno(DASH, -EIO, "%s", text);
}

TEST(log_long_lines_are_cut)
{
	char *second;

	configure("info");
	capture(log_long);
	second = strchr(captured, '\n');
	CHECK(second != NULL);
	CHECK(second - captured < 1024);
	CHECK_EQ(second[strlen(second) - 1], '\n');
	CHECK(!strchr(second + 1, '\n')[1]);
}

static int errno_line;

static void log_errno(void)
{
	errno_line = vz_log_errno(DASH, -EBUSY, "Busy");
}

TEST(log_errno_returns_what_it_was_given)
{
	configure("error");
	capture(log_errno);
	CHECK_EQ(errno_line, -EBUSY);
	CHECK_STR(captured, "dash: Busy: Device or resource busy\n");
}

static void say_lines(void)
{
	vz_log(CAM, ERROR, "from a browser: %s", "one\n<3>dash: two\r\x1b[31m\x7fthree");
}

TEST(log_what_a_browser_sent_begins_no_line)
{
	configure("info");
	(void) unsetenv("JOURNAL_STREAM");
	capture(say_lines);
	CHECK_STR(captured, "cam: from a browser: one <3>dash: two  [31m three\n");
}
