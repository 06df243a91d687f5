#include "config/changes.h"

#include <stdio.h>
#include <string.h>

#include "config/config.h"
#include "config/keys.h"
#include "test.h"

static char told[1024];

static void tell(const struct vz_config_change *change, void *data)
{
	size_t n = strlen(told);

	(void) data;
	snprintf(told + n, sizeof(told) - n, "[%s]%s%s=%d;", change->section,
		 change->key ? " " : "", change->key ? change->key : "", change->effect);
}

static unsigned compare(const struct vz_config *a, const struct vz_config *b)
{
	told[0] = '\0';
	return vz_config_compare(a, b, tell, NULL);
}

static void set(struct vz_config *config, const char *section, const char *key, const char *value)
{
	CHECK_EQ(vz_config_set(config, section, key, value, NULL), 0);
}

TEST(changes_of_every_kind_are_told_with_their_effect)
{
	VZ_CLEANUP(vz_config_freep) struct vz_config *a = NULL;
	VZ_CLEANUP(vz_config_freep) struct vz_config *b = NULL;

	CHECK_EQ(vz_config_new(&a), 0);
	CHECK_EQ(vz_config_new(&b), 0);
	CHECK_EQ(compare(a, b), 0);
	CHECK_STR(told, "");

	set(b, "server", "title", "Lab");
	set(b, "camera", "fps", "12.5");
	set(b, "camera", "file_once", "yes");
	set(b, "daemon", "workers", "3");
	set(b, "plugins", "load", "example");
	CHECK_EQ(compare(a, b), 5);
	CHECK_STR(told, "[server] title=2;[camera] fps=1;[camera] file_once=1;"
			"[daemon] workers=0;[plugins] load=2;");
	set(a, "server", "title", "Lab");
	set(a, "camera", "fps", "12.5");
	set(a, "camera", "file_once", "yes");
	set(a, "daemon", "workers", "3");
	CHECK_EQ(compare(a, b), 1);
}

TEST(changes_of_sections_are_told_once)
{
	VZ_CLEANUP(vz_config_freep) struct vz_config *a = NULL;
	VZ_CLEANUP(vz_config_freep) struct vz_config *b = NULL;

	CHECK_EQ(vz_config_new(&a), 0);
	CHECK_EQ(vz_config_new(&b), 0);
	set(a, "gpio same", "line", "1");
	set(a, "gpio other", "line", "2");
	set(a, "gpio other", "bias", "pull-up");
	set(a, "gpio gone", "line", "3");
	set(a, "plugin example", "label", "A");
	set(b, "gpio other", "line", "2");
	set(b, "gpio other", "bias", "pull-down");
	set(b, "gpio same", "line", "1");
	set(b, "gpio new", "line", "4");
	set(b, "plugin example", "label", "A");
	CHECK_EQ(compare(a, b), 3);
	CHECK_STR(told, "[gpio other]=2;[gpio gone]=2;[gpio new]=2;");
	CHECK(vz_config_section_differs(a, b, "gpio other"));
	CHECK(vz_config_section_differs(a, b, "gpio new"));
	CHECK(!vz_config_section_differs(a, b, "gpio same"));
	CHECK(!vz_config_section_differs(a, b, "plugin example"));
	CHECK(vz_config_sections_differ(a, b, "gpio"));
	CHECK(!vz_config_sections_differ(a, b, "plugin"));
}

TEST(changes_exchange_leaves_what_needs_a_restart)
{
	VZ_CLEANUP(vz_config_freep) struct vz_config *a = NULL;
	VZ_CLEANUP(vz_config_freep) struct vz_config *b = NULL;
	const char *title;

	CHECK_EQ(vz_config_new(&a), 0);
	CHECK_EQ(vz_config_new(&b), 0);
	set(b, "server", "title", "Lab");
	set(b, "server", "prefix", "/cam/");
	set(b, "server", "listen", ":1");
	set(b, "camera", "fps", "12.5");
	set(b, "gpio lamp", "line", "4");
	title = a->title;
	vz_config_exchange(a, b);
	CHECK_STR(a->title, "Lab");
	CHECK_STR(a->prefix, "/");
	CHECK_STR(a->listen.items[0], ":1");
	CHECK_NEAR(a->fps, 12.5, 0);
	CHECK(a->gpio_values);
	CHECK(b->title == title);
	CHECK_STR(b->prefix, "/cam/");
	CHECK(!b->gpio_values);
}

TEST(changes_every_key_is_documented)
{
	for (size_t i = 0; i < vz_n_keys; i++) {
		test_case(vz_keys[i].name);
		CHECK(vz_keys[i].help && *vz_keys[i].help);
		CHECK(!vz_keys[i].help || vz_keys[i].help[strlen(vz_keys[i].help) - 1] != '\n');
	}
	test_case(NULL);
}
