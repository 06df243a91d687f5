#include "plugin/plugins.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "config/config.h"
#include "config/state.h"
#include "dash/app.h"
#include "loop/loop-test.h"
#include "folder.h"
#include "test.h"
#include "vizyd/html.h"

/*
 * A daemon without sockets: real plugins, a real app, a loop that is stepped. Blocking calls go to
 * a thread that the test lets go when it wants to.
 */
static struct vz_loop *loop;
static struct vz_app *app;
static struct vz_state *state;
static struct vz_config *config;
static struct vz_plugins *plugins;
static char dir[64];
static unsigned n_changes;

static void on_changed(void *data)
{
	n_changes++;
}

static void install(const char *file, const char *name)
{
	char command[1024];

	/* As a maker does it: over the old file, in place. */
	(void) snprintf(command, sizeof(command), "cp %s/%s.so %s/%s.so", TEST_PLUGINS, file, dir,
			name);
	CHECK_EQ(system(command), 0);
}

static int64_t now(void *data)
{
	return vz_loop_now_us(loop);
}

static void begin(const char *load)
{
	const struct vz_app_options options = { .now = now };

	test_make_folder(dir);
	CHECK_EQ(vz_loop_new_test(&loop), 0);
	CHECK_EQ(vz_app_new(&options, &app), 0);
	CHECK_EQ(vz_state_new_volatile(loop, &state), 0);
	CHECK_EQ(vz_config_new(&config), 0);
	CHECK_EQ(vz_config_set(config, "plugins", "dir", dir, NULL), 0);
	CHECK_EQ(vz_config_set(config, "plugins", "load", load, NULL), 0);
}

static void load(void)
{
	const struct vz_plugins_options options = {
		.loop = loop,
		.app = app,
		.state = state,
		.config = config,
		.changed = on_changed,
	};

	CHECK_EQ(vz_plugins_new(&options, &plugins), 0);
	vz_plugins_load(plugins);
}

static void end(void)
{
	plugins = vz_plugins_free(plugins);
	app = vz_app_free(app);
	state = vz_state_free(state);
	config = vz_config_free(config);
	loop = vz_loop_free(loop);
	test_remove_folder(dir);
}

static struct vz_module *module(const char *name)
{
	struct vz_module *found = vz_plugins_find(plugins, name);

	CHECK(found);
	return found;
}

static void check_state(const char *name, enum vz_module_state wanted, const char *text)
{
	if (vz_module_get_state(module(name)) != wanted ||
	    !strstr(vz_module_get_text(module(name)), text))
		test_fail(__FILE__, __LINE__, "%s is %s (%s), expected %s (%s)", name,
			  vz_module_state_name(vz_module_get_state(module(name))),
			  vz_module_get_text(module(name)), vz_module_state_name(wanted), text);
}

/* Puts the tabs into the layout, as the daemon does. */
static void make_page(void)
{
	struct json_object *children = vz_array();
	struct vz_module *one = NULL;
	const struct vz_module_tab *tab;

	while ((one = vz_plugins_next(plugins, one)))
		for (unsigned i = 0; (tab = vz_module_get_tab(one, i)); i++)
			vz_array_add(&children, json_object_get(tab->component));
	CHECK_EQ(vz_app_set_layout(app, vz_html_div(.children = children)), 0);
	CHECK_EQ(vz_app_start(app), 0);
}

static const char *shown(const char *id)
{
	return json_object_get_string(vz_app_get(app, id, "children"));
}

TEST(plugins_load_and_go)
{
	begin("probe robots?optional");
	install("probe1", "probe");
	load();
	check_state("probe", VZ_MODULE_RUNNING, "");
	check_state("robots", VZ_MODULE_ABSENT, "robots.so is not there");
	CHECK_STR(vz_module_get_version(module("probe")), "1");
	CHECK_STR(vz_module_get_tab(module("probe"), 0)->label, "Probe");
	CHECK(!vz_module_get_tab(module("probe"), 1));

	make_page();
	CHECK_EQ(vz_app_push(app, "probe-in", "value", json_object_new_int(7)), 0);
	CHECK_STR(shown("probe-out"), "7");
	end();
}

TEST(plugins_that_cannot_be_loaded)
{
	static const struct {
		const char *file;
		const char *says;
	} cases[] = {
		{ "foreign", "no symbol 'vz_plugin'" },
		{ "table-abi", "plugin ABI 2, this daemon has 1" },
		{ "table-longer", "newer daemon" },
		{ "table-host", "newer daemon" },
		{ "table-no_init", "no init()" },
		{ "probe1", "expected the plugin 'table', found 'probe'" },
		{ NULL, "No such file" },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		test_case(cases[i].file ? cases[i].file : "missing");
		begin("table");
		if (cases[i].file)
			install(cases[i].file, "table");
		load();
		check_state("table", VZ_MODULE_FAILED, cases[i].says);
		end();
	}
	test_case(NULL);
}

TEST(plugins_with_a_shorter_table_run)
{
	begin("table");
	install("table-shorter", "table");
	load();
	check_state("table", VZ_MODULE_RUNNING, "");
	/* Behind its table is a pointer to nowhere that is not called. */
	end();
}

TEST(plugins_whose_init_fails_leave_nothing)
{
	begin("probe");
	install("probe1", "probe");
	CHECK_EQ(vz_config_set(config, "plugin probe", "init", "fail", NULL), 0);
	load();
	check_state("probe", VZ_MODULE_FAILED, "init() returned -19 (No such device)");
	CHECK(!vz_module_get_tab(module("probe"), 0));
	/* Its Outputs are free: the same callbacks may come again. */
	CHECK_EQ(vz_config_set(config, "plugin probe", "init", "", NULL), 0);
	CHECK_EQ(vz_module_reload(module("probe")), 0);
	check_state("probe", VZ_MODULE_RUNNING, "");
	end();
}

TEST(plugins_own_ids_begin_with_their_name)
{
	begin("probe");
	install("probe1", "probe");
	CHECK_EQ(vz_config_set(config, "plugin probe", "init", "foreign id", NULL), 0);
	load();
	check_state("probe", VZ_MODULE_FAILED,
		    "id 'brightness': expected one that starts with 'probe-'");
	end();
}

TEST(plugins_hear_what_is_misspelt)
{
	static const struct {
		const char *init, *text;
	} cases[] = {
		{ "misspelt component",
		  "html.Dib: no such component in dash_html_components; did you "
		  "mean 'Div'?" },
		{ "misspelt property", "dcc.Input 'probe-in' has no property 'vlaue'; did you mean "
				       "'value'?" },
		{ "missing value", "out of memory, or a value in it is NULL" },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		test_case(cases[i].init);
		begin("probe");
		install("probe1", "probe");
		CHECK_EQ(vz_config_set(config, "plugin probe", "init", cases[i].init, NULL), 0);
		load();
		check_state("probe", VZ_MODULE_FAILED, cases[i].text);
		end();
	}
}

TEST(plugins_reload_takes_the_new_file)
{
	begin("probe");
	install("probe1", "probe");
	CHECK_EQ(vz_config_set(config, "plugin probe", "ticks", "yes", NULL), 0);
	load();
	make_page();
	vz_loop_test_advance(loop, 1000);
	(void) vz_loop_test_step(loop, 0);
	CHECK_STR(shown("probe-late"), "1");

	/* Over the file that is loaded: what runs is a copy, and is not hurt. */
	install("probe2", "probe");
	CHECK_EQ(vz_app_push(app, "probe-in", "value", json_object_new_int(8)), 0);
	CHECK_STR(shown("probe-out"), "8");
	CHECK_STR(vz_module_get_version(module("probe")), "1");

	for (unsigned i = 0; i < 20; i++) {
		install(i % 2 ? "probe1" : "probe2", "probe");
		CHECK_EQ(vz_module_reload(module("probe")), 0);
		check_state("probe", VZ_MODULE_RUNNING, "");
		CHECK_STR(vz_module_get_version(module("probe")), i % 2 ? "1" : "2");
		make_page();
		/* Timers and posts of the one before are gone, those of this one come. */
		vz_loop_test_advance(loop, 1000);
		(void) vz_loop_test_step(loop, 0);
		CHECK_STR(shown("probe-late"), i % 2 ? "1" : "2");
	}
	CHECK(n_changes >= 20);
	end();
}

TEST(plugins_reload_of_a_bad_file_and_back)
{
	begin("probe");
	install("probe1", "probe");
	load();
	install("foreign", "probe");
	CHECK(vz_module_reload(module("probe")) < 0);
	check_state("probe", VZ_MODULE_FAILED, "no symbol 'vz_plugin'");
	CHECK(!vz_module_get_tab(module("probe"), 0));
	install("probe2", "probe");
	CHECK_EQ(vz_module_reload(module("probe")), 0);
	check_state("probe", VZ_MODULE_RUNNING, "");
	end();
}

TEST(plugins_keep_what_they_saved)
{
	struct json_object *saved;

	begin("probe");
	install("probe1", "probe");
	load();
	CHECK_EQ(vz_module_reload(module("probe")), 0);
	saved = vz_state_get(state, "plugin probe");
	CHECK_EQ(json_object_get_int(json_object_object_get(saved, "starts")), 2);
	end();
}

TEST(plugins_words_that_name_none)
{
	static const char *const words[] = { "../x", "Robots", "robots?maybe", "a b .c" };

	for (size_t i = 0; i < VZ_N_ELEMENTS(words); i++) {
		const struct vz_plugins_options options = {
			.loop = NULL,
			.app = NULL,
			.changed = on_changed,
		};
		struct vz_plugins_options full = options;

		test_case(words[i]);
		begin("robots");
		/* The configuration does not take it; a program that fills one itself may. */
		CHECK_EQ(vz_config_set(config, "plugins", "load", words[i], NULL), -EINVAL);
		free(config->plugins.items[0]);
		config->plugins.items[0] = strdup(words[i]);
		full.loop = loop;
		full.app = app;
		full.state = state;
		full.config = config;
		CHECK_EQ(vz_plugins_new(&full, &plugins), -EINVAL);
		end();
	}
	test_case(NULL);
}
