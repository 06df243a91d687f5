#include "config/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/keys.h"
#include "folder.h"
#include "test.h"

static char dir[64];

static const char *in_dir(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void make_dir(void)
{
	test_make_folder(dir);
}

static void remove_dir(void)
{
	test_remove_folder(dir);
}

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(in_dir(name), "w");

	CHECK(file);
	fputs(text, file);
	fclose(file);
}

TEST(config_defaults)
{
	VZ_CLEANUP(vz_config_freep) struct vz_config *config = NULL;

	CHECK_EQ(vz_config_new(&config), 0);
	CHECK_EQ(config->listen.n_items, 1);
	CHECK_STR(config->listen.items[0], ":8080");
	CHECK_STR(config->camera, "auto");
	CHECK_STR(config->prefix, "/");
	CHECK_EQ(config->jpeg_quality_percent, 80);
	CHECK(!config->file_once);
}

TEST(config_file_and_drop_ins)
{
	VZ_CLEANUP(vz_config_freep) struct vz_config *config = NULL;
	VZ_CLEANUP(vz_freep) char *error = NULL;

	make_dir();
	write_file("a.conf", "# a comment\n[server]\nlisten = 127.0.0.1:81\nlisten = [::1]:82\n"
			     "[camera]\nsource = simulated\nfps = 12.5\nfile_once = yes\n");
	CHECK_EQ(mkdir(in_dir("a.conf.d"), 0700), 0);
	write_file("a.conf.d/20.conf", "[camera]\nwidth = 640\n");
	write_file("a.conf.d/10.conf", "[camera]\nwidth = 320\nheight = 240\n");
	write_file("a.conf.d/ignored.txt", "[nonsense\n");
	CHECK_EQ(vz_config_new(&config), 0);
	CHECK_EQ(vz_config_load(config, in_dir("a.conf"), false, &error), 0);
	CHECK_EQ(config->listen.n_items, 2);
	CHECK_STR(config->listen.items[1], "[::1]:82");
	CHECK_STR(config->camera, "simulated");
	CHECK_NEAR(config->fps, 12.5, 0);
	CHECK_EQ(config->width_px, 640);
	CHECK_EQ(config->height_px, 240);
	CHECK(config->file_once);
	remove_dir();
}

TEST(config_takes_prefixes)
{
	static const char *const prefixes[] = { "/", "/cam/", "/lab/bench-1/v1.2/", "/~me/" };
	VZ_CLEANUP(vz_config_freep) struct vz_config *config = NULL;
	const char *expected;

	CHECK_EQ(vz_config_new(&config), 0);
	for (size_t i = 0; i < VZ_N_ELEMENTS(prefixes); i++) {
		test_case(prefixes[i]);
		CHECK_EQ(vz_config_set(config, "server", "prefix", prefixes[i], &expected), 0);
		CHECK_STR(config->prefix, prefixes[i]);
	}
	test_case(NULL);
}

TEST(config_says_what_is_wrong)
{
	static const struct {
		const char *label, *text, *expected;
	} cases[] = {
		{ "no such key", "[camera]\nsorce = auto\n", ":2: [camera] has no key 'sorce'" },
		{ "no such section", "\n[cam]\nfps = 1\n", ":3: [cam] has no key 'fps'" },
		{ "not a number", "[camera]\nfps = fast\n",
		  ":2: [camera] fps: expected a number from 0 to 1000, found 'fast'" },
		{ "out of range", "[camera]\njpeg_quality = 101\n",
		  "expected a number from 1 to 100, found '101'" },
		{ "not whole", "[camera]\nwidth = 1.5\n", "expected a number from 0 to 8192" },
		{ "not a number either", "[camera]\nfps = nan\n", "found 'nan'" },
		{ "not a bool", "[camera]\nfile_once = maybe\n", "expected yes or no" },
		{ "a long line",
		  "[camera]\nsource = 0123456789012345678901234567890123456789012345678901234567890"
		  "12345678901234567890123456789012345678901234567890123456789012345678901234567890"
		  "1234567890123456789012345678901234567890123456789012345678901234567890\nfps = "
		  "1\n",
		  ":2: expected a line of 198 characters at most" },
		{ "not an address", "[server]\nlisten = localhost\n",
		  ":2: [server] listen: expected ADDRESS:PORT" },
		{ "half an address", "[server]\nlisten = [::1:80\n", "found '[::1:80'" },
		{ "a prefix without its first /", "[server]\nprefix = cam/\n",
		  ":2: [server] prefix: expected a path that begins and ends with /, such as "
		  "/cam/" },
		{ "a prefix without its last /", "[server]\nprefix = /cam\n", "found '/cam'" },
		{ "a prefix with nothing between two /", "[server]\nprefix = //\n", "found '//'" },
		{ "a prefix that goes up", "[server]\nprefix = /cam/../\n", "found '/cam/../'" },
		{ "a prefix to be escaped", "[server]\nprefix = /a b/\n", "found '/a b/'" },
		{ "no such camera", "[camera]\nsource = webcam\n",
		  ":2: [camera] source: expected auto, simulated[:N]" },
		{ "no file", "[camera]\nsource = file:\n", "found 'file:'" },
		{ "not ini", "[camera]\nfps\n", ":2: expected [section] or key = value" },
	};

	make_dir();
	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		VZ_CLEANUP(vz_config_freep) struct vz_config *config = NULL;
		VZ_CLEANUP(vz_freep) char *error = NULL;

		test_case(cases[i].label);
		write_file("b.conf", cases[i].text);
		CHECK_EQ(vz_config_new(&config), 0);
		CHECK_EQ(vz_config_load(config, in_dir("b.conf"), true, &error), -EINVAL);
		CHECK(error);
		CHECK(strstr(error, "b.conf"));
		CHECK(strstr(error, cases[i].expected));
	}
	test_case(NULL);
	remove_dir();
}

/* The sample's value of @key, with no more than the line's end behind it, in @section. */
static char *find_in_sample(const char *text, const struct vz_key *key)
{
	char section[64], line[64];
	const char *start, *end, *found;

	snprintf(section, sizeof(section), "\n[%s]\n", key->section);
	snprintf(line, sizeof(line), "\n#%s =", key->name);
	start = strstr(text, section);
	found = start ? strstr(start, line) : NULL;
	end = start ? strstr(start + 1, "\n[") : NULL;
	if (!found || (end && found > end))
		return NULL;
	found += strlen(line);
	found += *found == ' ';
	return strndup(found, strcspn(found, "\n"));
}

TEST(config_sample_has_every_key_with_its_default)
{
	VZ_CLEANUP(vz_freep) char *text = calloc(1, 65536);
	FILE *file = fopen(VZ_SAMPLE, "r");

	CHECK(text && file);
	CHECK(fread(text, 1, 65535, file) > 0);
	fclose(file);
	for (size_t i = 0; i < vz_n_keys; i++) {
		VZ_CLEANUP(vz_freep) char *value = find_in_sample(text, &vz_keys[i]);

		test_case(vz_keys[i].name);
		CHECK(value);
		/* Folders depend on the build. A list that is empty shows an example. */
		if (vz_keys[i].def && vz_keys[i].def[0] != '/')
			CHECK_STR(value, vz_keys[i].def);
	}
	test_case(NULL);
}

TEST(config_missing_file)
{
	VZ_CLEANUP(vz_config_freep) struct vz_config *config = NULL;
	VZ_CLEANUP(vz_freep) char *error = NULL;

	CHECK_EQ(vz_config_new(&config), 0);
	CHECK_EQ(vz_config_load(config, "/nonexistent/x.conf", true, &error), 0);
	CHECK(!error);
	CHECK_EQ(vz_config_load(config, "/nonexistent/x.conf", false, &error), -ENOENT);
	CHECK(strstr(error, "/nonexistent/x.conf: No such file"));
}

TEST(config_list_is_bounded)
{
	VZ_CLEANUP(vz_config_freep) struct vz_config *config = NULL;
	const char *expected;

	CHECK_EQ(vz_config_new(&config), 0);
	for (int i = 0; i < VZ_CONFIG_MAX_LIST; i++)
		CHECK_EQ(vz_config_set(config, "server", "listen", ":1", &expected), 0);
	CHECK_EQ(vz_config_set(config, "server", "listen", ":1", &expected), -E2BIG);
	CHECK_EQ(config->listen.n_items, VZ_CONFIG_MAX_LIST);
	CHECK(!config->listen.items[VZ_CONFIG_MAX_LIST]);
}

TEST(config_gpio_sections)
{
	VZ_CLEANUP(vz_config_freep) struct vz_config *config = NULL;
	VZ_CLEANUP(vz_freep) char *error = NULL;
	const struct vz_config_value *v;

	make_dir();
	write_file("c.conf", "[gpio button]\nline = GPIO17\n\npress = a.n_clicks\n"
			     "[gpio lamp]\nline = 3\n[gpio button]\nline = GPIO4\n");
	CHECK_EQ(vz_config_new(&config), 0);
	CHECK_EQ(vz_config_load(config, in_dir("c.conf"), false, &error), 0);
	v = config->gpio_values;
	CHECK(v);
	CHECK_STR(v->name, "button");
	CHECK_STR(v->key, "line");
	/* The later one, and where it stands. */
	CHECK_STR(v->value, "GPIO4");
	CHECK(strstr(v->origin, "c.conf:8"));
	v = v->next;
	CHECK(v);
	CHECK_STR(v->key, "press");
	CHECK(strstr(v->origin, "c.conf:4"));
	v = v->next;
	CHECK(v);
	CHECK_STR(v->name, "lamp");
	CHECK(!v->next);
	CHECK(!config->plugin_values);
	CHECK_EQ(vz_config_set(config, "gpio lamp", "line", "5", NULL), 0);
	CHECK_STR(v->value, "5");
	CHECK(!v->origin);
	remove_dir();
}
