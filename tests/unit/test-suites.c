#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/suites.h"
#include "util/blob.h"

static const char manifest[] =
	"{\"layout_scripts\":[\"/d/a.v1m1f.js\",\"/d/start.js\"],\"stock_scripts\":[\"/d/"
	"a.v1m1f.js\"],"
	"\"styles\":[],\"worker\":\"/d/w.js\",\"stock_worker\":\"/d/sw.js\",\"files\":{"
	"\"d/a.v1m1f.js\":{\"file\":\"d/a.v1m1f.js\",\"type\":\"text/javascript\",\"etag\":\"1f\","
	"\"immutable\":true,\"gzip\":\"d/a.v1m1f.js.gz\"},"
	"\"d/plain.css\":{\"file\":\"d/plain.css\",\"type\":\"text/css\",\"etag\":\"2e\","
	"\"immutable\":false},"
	"\"d/lost.css\":{\"file\":\"d/lost.css\",\"type\":\"text/css\",\"etag\":\"3\","
	"\"immutable\":false}}}";

static void write_file(const char *dir, const char *name, const char *text)
{
	char path[256];
	FILE *file;

	(void) snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "w");
	CHECK(file);
	CHECK_EQ(fwrite(text, 1, strlen(text), file), strlen(text));
	CHECK_EQ(fclose(file), 0);
}

/* A folder as ui/build.mjs makes it, with @text as its manifest. */
static void make_folder(char dir[64], const char *text)
{
	char sub[80];

	strcpy(dir, "/tmp/vizyd-suites-XXXXXX");
	CHECK(mkdtemp(dir));
	(void) snprintf(sub, sizeof(sub), "%s/d", dir);
	CHECK_EQ(mkdir(sub, 0700), 0);
	write_file(dir, "manifest.json", text);
	write_file(dir, "d/a.v1m1f.js", "script");
	write_file(dir, "d/a.v1m1f.js.gz", "packed");
	write_file(dir, "d/plain.css", "style");
	write_file(dir, "secret", "secret");
}

static void remove_folder(const char *dir)
{
	static const char *const names[] = { "d/a.v1m1f.js", "d/a.v1m1f.js.gz", "d/plain.css",
					     "manifest.json", "secret" };
	char path[128];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void) snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		(void) unlink(path);
	}
	(void) snprintf(path, sizeof(path), "%s/d", dir);
	(void) rmdir(path);
	(void) rmdir(dir);
}

TEST(only_what_the_manifest_lists_is_found)
{
	static const struct {
		const char *path, *etag;
		bool exact;
	} cases[] = {
		{ "/d/a.v1m1f.js", "1f", true },
		{ "/d/a.v0maaaa.js", "1f", false },
		{ "/d/a.js", "1f", false },
		{ "/d/plain.css", "2e", true },
		{ "/d/plain.v9m9.css", "2e", false },
		{ "/secret", NULL, false },
		{ "/manifest.json", NULL, false },
		{ "/d/../secret", NULL, false },
		{ "/../secret", NULL, false },
		{ "//d/plain.css", NULL, false },
		{ "/d/a.v1m1f.js.gz", NULL, false },
		{ "/d/", NULL, false },
		{ "/d", NULL, false },
		{ "/", NULL, false },
		{ "d/plain.css", NULL, false },
		{ "", NULL, false },
	};
	VZ_CLEANUP(vz_suites_freep) struct vz_suites *suites = NULL;
	char dir[64];

	make_folder(dir, manifest);
	CHECK_EQ(vz_suites_load(dir, NULL, &suites), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool exact = false;
		struct vz_file *file;

		test_case(cases[i].path);
		file = vz_suites_find(suites, cases[i].path, &exact);
		CHECK_EQ(file != NULL, cases[i].etag != NULL);
		if (!file)
			continue;
		CHECK_STR(file->etag, cases[i].etag);
		CHECK_EQ(exact, cases[i].exact);
	}
	remove_folder(dir);
}

TEST(files_are_read_once)
{
	VZ_CLEANUP(vz_suites_freep) struct vz_suites *suites = NULL;
	VZ_CLEANUP(vz_blob_unrefp) struct vz_blob *plain = NULL, *packed = NULL, *again = NULL;
	struct vz_blob *lost = NULL;
	struct vz_file *file;
	char dir[64];
	bool exact;

	make_folder(dir, manifest);
	CHECK_EQ(vz_suites_load(dir, NULL, &suites), 0);
	file = vz_suites_find(suites, "/d/a.js", &exact);
	CHECK(file && file->immutable);
	CHECK_EQ(vz_suites_read(suites, file, false, &plain), 0);
	CHECK_EQ(vz_suites_read(suites, file, true, &packed), 0);
	CHECK_EQ(plain->size, 6);
	CHECK_EQ(memcmp(plain->data, "script", 6), 0);
	CHECK_EQ(memcmp(packed->data, "packed", 6), 0);
	CHECK_EQ(vz_suites_read(suites, vz_suites_find(suites, "/d/lost.css", &exact), false,
				&lost),
		 -ENOENT);
	CHECK(!lost);
	remove_folder(dir);
	CHECK_EQ(vz_suites_read(suites, file, false, &again), 0);
	CHECK(again == plain);
}

TEST(lists_for_the_page)
{
	VZ_CLEANUP(vz_suites_freep) struct vz_suites *suites = NULL;
	char dir[64];

	make_folder(dir, manifest);
	CHECK_EQ(vz_suites_load(dir, NULL, &suites), 0);
	CHECK_STR(vz_suites_get_scripts(suites, false)[1], "/d/start.js");
	CHECK(!vz_suites_get_scripts(suites, false)[2]);
	CHECK(!vz_suites_get_scripts(suites, true)[1]);
	CHECK(!vz_suites_get_styles(suites)[0]);
	CHECK_STR(vz_suites_get_worker(suites, false), "/d/w.js");
	CHECK_STR(vz_suites_get_worker(suites, true), "/d/sw.js");
	remove_folder(dir);
}

TEST(folders_that_are_none_of_ours)
{
	static const struct {
		const char *label, *manifest;
	} cases[] = {
		{ "empty", "" },
		{ "not an object", "[]" },
		{ "no files", "{\"layout_scripts\":[],\"stock_scripts\":[],\"styles\":[]}" },
		{ "a path that climbs",
		  "{\"files\":{\"a\":{\"file\":\"../secret\",\"type\":\"t\",\"etag\":\"1\"}}}" },
		{ "an absolute path",
		  "{\"files\":{\"a\":{\"file\":\"/etc/passwd\",\"type\":\"t\",\"etag\":\"1\"}}}" },
		{ "a number for a path",
		  "{\"files\":{\"a\":{\"file\":1,\"type\":\"t\",\"etag\":\"1\"}}}" },
		{ "null for a file", "{\"files\":{\"a\":null}}" },
		{ "a number for a script",
		  "{\"files\":{},\"layout_scripts\":[1],\"stock_scripts\":[],\"styles\":[]}" },
	};
	struct vz_suites *suites = NULL;
	char dir[64], *error = NULL;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		test_case(cases[i].label);
		make_folder(dir, cases[i].manifest);
		error = NULL;
		CHECK_EQ(vz_suites_load(dir, &error, &suites), -EBADMSG);
		CHECK(error && strstr(error, "manifest.json"));
		CHECK(!suites);
		free(error);
		remove_folder(dir);
	}
	test_case("missing");
	error = NULL;
	CHECK_EQ(vz_suites_load("/nowhere/at/all", &error, &suites), -ENOENT);
	CHECK(error && strstr(error, "/nowhere/at/all"));
	free(error);
}
