/*
 * A life of a plugin, once for every allocation in it, with that allocation refused, or with all
 * that follow: nothing crashes or leaks, and what came of it is a state, not an accident.
 */
#include <stdlib.h>
#include <unistd.h>

#include "config/config.h"
#include "config/state.h"
#include "dash/app.h"
#include "loop/loop-test.h"
#include "plugin/plugins.h"
#include "scarce.h"
#include "test.h"

static struct vz_loop *loop;
static struct vz_app *app;
static struct vz_state *state;
static struct vz_config *config;

static void on_changed(void *data)
{
	unsigned *n_changes = data;

	(*n_changes)++;
}

static void begin(void)
{
	CHECK_EQ(vz_loop_new_test(&loop), 0);
	CHECK_EQ(vz_app_new(NULL, &app), 0);
	CHECK_EQ(vz_state_new_volatile(loop, &state), 0);
	CHECK_EQ(vz_config_new(&config), 0);
	CHECK_EQ(vz_config_set(config, "plugins", "dir", TEST_PLUGINS "/../../plugins", NULL), 0);
	CHECK_EQ(vz_config_set(config, "plugins", "load", "example effects nothing?optional", NULL),
		 0);
	CHECK_EQ(vz_config_set(config, "plugin example", "label", "Lamp", NULL), 0);
}

static void end(void)
{
	app = vz_app_free(app);
	state = vz_state_free(state);
	config = vz_config_free(config);
	loop = vz_loop_free(loop);
}

/* Returns whether an allocation was refused. */
static bool live(unsigned n, bool for_good)
{
	unsigned n_changes = 0;
	const struct vz_plugins_options options = {
		.loop = loop,
		.app = app,
		.state = state,
		.config = config,
		.changed = on_changed,
		.data = &n_changes,
	};
	VZ_CLEANUP(vz_plugins_freep) struct vz_plugins *plugins = NULL;
	struct vz_module *module = NULL;
	bool refused;

	scarce_begin(n, for_good);
	if (vz_plugins_new(&options, &plugins) == 0) {
		vz_plugins_load(plugins);
		module = vz_plugins_find(plugins, "example");
		if (module)
			(void) vz_module_reload(module);
	}
	refused = scarce_end();
	if (!refused) {
		CHECK_EQ(vz_module_get_state(module), VZ_MODULE_RUNNING);
		CHECK_STR(vz_module_get_tab(module, 0)->label, "Lamp");
	} else if (module && vz_module_get_state(module) != VZ_MODULE_RUNNING) {
		/* What went wrong for want of memory goes well with it. */
		CHECK_EQ(vz_module_reload(module), 0);
		CHECK_EQ(vz_module_get_state(module), VZ_MODULE_RUNNING);
		CHECK(vz_module_get_tab(module, 0));
	}
	return refused;
}

static void live_all(bool for_good)
{
	bool refused = true;

	for (unsigned n = 0; refused; n++) {
		begin();
		refused = live(n, for_good);
		end();
	}
}

TEST(plugins_each_allocation_fails_once)
{
	live_all(false);
}

TEST(plugins_memory_ends)
{
	live_all(true);
}
