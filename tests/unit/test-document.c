#include "config/document.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/cleanup.h"
#include "util/json.h"
#include "util/log.h"
#include "folder.h"
#include "test.h"

static char dir[64];
static int dir_fd;

static void make_dir(void)
{
	(void) vz_log_configure("error", NULL);
	test_make_folder(dir);
	dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CHECK(dir_fd >= 0);
}

static void remove_dir(void)
{
	close(dir_fd);
	test_remove_folder(dir);
}

static void write_file(const char *name, const char *text)
{
	int fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	CHECK(fd >= 0);
	CHECK_EQ(write(fd, text, strlen(text)), (ssize_t) strlen(text));
	close(fd);
}

static const char *read_file(const char *name)
{
	static char text[256];
	int fd = openat(dir_fd, name, O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	return n < 0 ? NULL : text;
}

/* Version 1 had seconds, 2 has milliseconds, and 3 another name for them. */
static int to_milliseconds(struct json_object *root)
{
	struct json_object *wait = NULL;

	if (!json_object_object_get_ex(root, "wait", &wait))
		return -ENOENT;
	return json_object_object_add(root, "wait",
				      json_object_new_int(1000 * json_object_get_int(wait)));
}

static int rename_wait(struct json_object *root)
{
	struct json_object *wait = json_object_get(json_object_object_get(root, "wait"));

	json_object_object_del(root, "wait");
	return json_object_object_add(root, "wait_ms", wait);
}

static int (*const steps[])(struct json_object *root) = { NULL, to_milliseconds, rename_wait };
static const struct vz_document_format format = {
	.name = "x.json", .max_bytes = 128, .version = 3, .migrate = steps
};

TEST(document_versions)
{
	static const struct {
		const char *label, *text, *expected, *aside;
	} cases[] = {
		{ "no file", NULL, "{\"version\":3}", NULL },
		{ "today's", "{\"wait_ms\":5,\"version\":3}", "{\"wait_ms\":5,\"version\":3}",
		  NULL },
		{ "one before", "{\"wait\":5,\"version\":2}", "{\"version\":3,\"wait_ms\":5}",
		  NULL },
		{ "two before", "{\"wait\":5,\"version\":1}", "{\"version\":3,\"wait_ms\":5000}",
		  NULL },
		{ "without a number", "{\"wait\":5}", "{\"wait_ms\":5000,\"version\":3}", NULL },
		{ "a step that fails", "{\"version\":1}", "{\"version\":3}", "x.json.bad" },
		{ "newer", "{\"wait_min\":5,\"version\":4}", "{\"version\":3}",
		  "x.json.version-4" },
		{ "a number that is none", "{\"version\":\"3\"}", "{\"version\":3}", "x.json.bad" },
		{ "a number too small", "{\"version\":0}", "{\"version\":3}", "x.json.bad" },
		{ "cut", "{\"wait_ms\":5,\"ver", "{\"version\":3}", "x.json.bad" },
		{ "another type", "[3]", "{\"version\":3}", "x.json.bad" },
		{ "too large",
		  "{\"a\":"
		  "\"01234567890123456789012345678901234567890123456789012345678901234567890123"
		  "4567890123456789012345678901234567890123456789012345678901234567890123456789\"}",
		  "{\"version\":3}", "x.json.bad" },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		VZ_CLEANUP(json_object_putp) struct json_object *root = NULL;
		VZ_CLEANUP(json_object_putp) struct json_object *expected = NULL;

		test_case(cases[i].label);
		make_dir();
		if (cases[i].text)
			write_file("x.json", cases[i].text);
		CHECK_EQ(vz_document_load(dir_fd, &format, &root), 0);
		expected = json_tokener_parse(cases[i].expected);
		CHECK(vz_json_equal(root, expected));
		/* What is set aside is as it was; what is not, is where it was. */
		if (cases[i].aside)
			CHECK_STR(read_file(cases[i].aside), cases[i].text);
		else if (cases[i].text)
			CHECK_STR(read_file("x.json"), cases[i].text);
		CHECK((read_file("x.json") != NULL) == (cases[i].text && !cases[i].aside));
		remove_dir();
	}
	test_case(NULL);
}

TEST(document_what_was_set_aside_before_stays)
{
	static const char *const texts[] = { "one", "two", "three" };
	static const char *const names[] = { "x.json.bad", "x.json.bad-2", "x.json.bad-3" };

	make_dir();
	for (size_t i = 0; i < VZ_N_ELEMENTS(texts); i++) {
		VZ_CLEANUP(json_object_putp) struct json_object *root = NULL;

		write_file("x.json", texts[i]);
		CHECK_EQ(vz_document_load(dir_fd, &format, &root), 0);
	}
	for (size_t i = 0; i < VZ_N_ELEMENTS(texts); i++)
		CHECK_STR(read_file(names[i]), texts[i]);
	remove_dir();
}

TEST(document_that_cannot_be_read_stays)
{
	struct json_object *root = NULL;

	make_dir();
	/* A link is not followed: it might lead out of the folder. */
	CHECK_EQ(symlinkat("/etc/passwd", dir_fd, "x.json"), 0);
	CHECK_EQ(vz_document_load(dir_fd, &format, &root), -ELOOP);
	CHECK(!root);
	CHECK_EQ(faccessat(dir_fd, "x.json", F_OK, AT_SYMLINK_NOFOLLOW), 0);
	remove_dir();
}
