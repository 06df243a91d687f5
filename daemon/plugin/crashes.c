#include "plugin/crashes.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "config/state.h"
#include "loop/loop.h"
#include "plugin/ledger.h"
#include "plugin/module-private.h"
#include "plugin/plugins-private.h"
#include "util/json.h"
#include "util/log.h"

#define SECTION "plugins"

static struct json_object *find(struct vz_plugins *plugins, const char *name)
{
	struct json_object *all = vz_state_get(plugins->options.state, SECTION);
	struct json_object *one = NULL;

	(void) vz_json_get_object(all, name, &one);
	return one;
}

unsigned vz_crashes_count(struct vz_plugins *plugins, const char *name)
{
	int64_t n = 0;

	if (vz_json_get_int(find(plugins, name), "crashes", &n) < 0 || n < 0)
		return 0;
	return n > 1000 ? 1000 : (unsigned) n;
}

const char *vz_crashes_text(struct vz_plugins *plugins, const char *name)
{
	const char *text = "";

	(void) vz_json_get_string(find(plugins, name), "text", &text);
	return text;
}

bool vz_crashes_is_disabled(struct json_object *state, const char *name)
{
	struct json_object *section = NULL, *one = NULL;
	int64_t n = 0;

	(void) vz_json_get_object(state, SECTION, &section);
	(void) vz_json_get_object(section, name, &one);
	return vz_json_get_int(one, "crashes", &n) == 0 && n >= VZ_CRASHES_MAX;
}

/* A copy of the section without the crashes that are to be forgotten. NULL: out of memory. */
static struct json_object *copy(struct vz_plugins *plugins, const char *forgotten, bool is_all)
{
	struct json_object *all = vz_state_get(plugins->options.state, SECTION);
	struct json_object *kept = json_object_new_object();
	struct json_object_iter it;

	if (!kept || !json_object_is_type(all, json_type_object))
		return kept;
	json_object_object_foreachC(all, it)
	{
		bool is_disabled = vz_crashes_count(plugins, it.key) >= VZ_CRASHES_MAX;

		if (is_all ? !is_disabled : (forgotten && !strcmp(it.key, forgotten)))
			continue;
		if (json_object_object_add(kept, it.key, json_object_get(it.val)) < 0) {
			json_object_put(it.val);
			json_object_put(kept);
			return NULL;
		}
	}
	return kept;
}

void vz_crashes_forget(struct vz_plugins *plugins, const char *name)
{
	struct json_object *kept;

	if (!vz_state_get(plugins->options.state, SECTION))
		return;
	kept = copy(plugins, name, !name);
	if (!kept || vz_state_set(plugins->options.state, SECTION, kept) < 0)
		vz_log(PLUGIN, WARNING, "Crashes are not forgotten: out of memory");
}

/* --- The last run --------------------------------------------------------------------------- */

static void describe(const struct vz_crash *crash, char *text, size_t size)
{
	if (crash->signal == SIGABRT)
		(void) snprintf(text, size, "in %s (aborted, or it hung and the watchdog ended it)",
				crash->where);
	else if (crash->signal)
		(void) snprintf(text, size, "in %s (%s)", crash->where, strsignal(crash->signal));
	else
		(void) snprintf(text, size, "in %s (it ended the daemon, or was killed)",
				crash->where);
}

static struct json_object *make_entry(unsigned n_crashes, const char *text)
{
	struct json_object *entry = json_object_new_object();
	struct json_object *number = json_object_new_int((int) n_crashes);
	struct json_object *where = json_object_new_string(text);

	if (entry && number && where &&
	    json_object_object_add(entry, "crashes", json_object_get(number)) == 0 &&
	    json_object_object_add(entry, "text", json_object_get(where)) == 0) {
		json_object_put(number);
		json_object_put(where);
		return entry;
	}
	json_object_put(number);
	json_object_put(where);
	json_object_put(entry);
	return NULL;
}

static int write_down(struct vz_plugins *plugins, const char *name, unsigned n_crashes,
		      const char *text)
{
	VZ_CLEANUP(json_object_putp) struct json_object *section = copy(plugins, name, false);
	struct json_object *entry = make_entry(n_crashes, text);
	int r;

	if (!section || !entry || json_object_object_add(section, name, entry) < 0) {
		json_object_put(entry);
		return -ENOMEM;
	}
	r = vz_state_set(plugins->options.state, SECTION, vz_steal(section));
	return r < 0 ? r : vz_state_flush(plugins->options.state);
}

static void judge(struct vz_plugins *plugins, const struct vz_crash *crash)
{
	unsigned n = vz_crashes_count(plugins, crash->plugin) + 1;
	char text[160];
	int r;

	describe(crash, text, sizeof(text));
	vz_log(PLUGIN, ERROR, "The daemon died in the plugin %s, %s: %u in a row", crash->plugin,
	       text, n);
	r = write_down(plugins, crash->plugin, n, text);
	if (r < 0)
		(void) vz_log_errno(PLUGIN, r, "The crash of %s is not remembered", crash->plugin);
}

static void on_long_run(void *data)
{
	vz_crashes_forget(data, NULL);
}

void vz_crashes_begin(struct vz_plugins *plugins, const char *dir)
{
	struct vz_crash crash = { 0 };
	int r = dir ? vz_ledger_open(dir, &crash) : -ENOENT;

	if (r < 0) {
		(void) vz_warn_errno(PLUGIN, r, "A plugin that crashes will not be known (%s)",
				     dir ? dir : "no folder");
		return;
	}
	if (crash.plugin[0])
		judge(plugins, &crash);
	r = vz_timer_new(plugins->options.loop, on_long_run, plugins, &plugins->forget);
	if (r == 0)
		vz_timer_start(plugins->forget, VZ_CRASHES_FORGET_US);
}

void vz_crashes_end(struct vz_plugins *plugins)
{
	vz_crashes_forget(plugins, NULL);
	vz_ledger_close();
}
