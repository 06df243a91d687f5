/*
 * What `vizyd --list-plugins` prints: of the files alone, none of which is loaded.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/config.h"
#include "config/state.h"
#include "plugin/crashes.h"
#include "plugin/manifest.h"
#include "plugin/plugins.h"
#include "util/json.h"

static int is_library(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return length > 3 && !strcmp(entry->d_name + length - 3, ".so");
}

/* Whether the configuration loads @name. */
static bool is_configured(const struct vz_config *config, const char *name)
{
	size_t length = strlen(name);

	for (unsigned i = 0; i < config->plugins.n_items; i++) {
		const char *at = config->plugins.items[i];

		while ((at = strstr(at, name))) {
			bool begins = at == config->plugins.items[i] || strchr(" \t,", at[-1]);

			if (begins && strchr(" \t,?", at[length]))
				return true;
			at += length;
		}
	}
	return false;
}

static const char *state_of(const struct vz_config *config, struct json_object *state,
			    const char *name)
{
	if (!is_configured(config, name))
		return "not loaded";
	return vz_crashes_is_disabled(state, name) ? "disabled: it crashed too often" : "loaded";
}

static void print(const struct vz_config *config, struct json_object *state, const char *file,
		  FILE *out)
{
	VZ_CLEANUP(vz_freep) char *path = NULL;
	struct vz_manifest manifest;
	const struct vz_plugin *plugin = &manifest.plugin;
	int fd;

	if (asprintf(&path, "%s/%s", config->plugin_dir, file) < 0) {
		path = NULL;
		return;
	}
	fd = vz_manifest_open(path, &manifest);
	if (fd < 0) {
		fprintf(out, "%.*s\tabi %u\t-\t-\t%s\tunusable: %s\n", (int) strlen(file) - 3, file,
			plugin->abi, path, manifest.error);
		return;
	}
	(void) close(fd);
	fprintf(out, "%s\tabi %u\t%s\t%s\t%s\t%s\n", plugin->name, plugin->abi,
		*plugin->version ? plugin->version : "-",
		*plugin->description ? plugin->description : "-", path,
		state_of(config, state, plugin->name));
}

static void print_missing(const struct vz_config *config, const char *dir, const char *word,
			  FILE *out)
{
	VZ_CLEANUP(vz_freep) char *path = NULL;
	int length = (int) strcspn(word, "?");

	if (asprintf(&path, "%s/%.*s.so", dir, length, word) < 0) {
		path = NULL;
		return;
	}
	if (access(path, F_OK) < 0)
		fprintf(out, "%.*s\t-\t-\t-\t%s\tmissing%s\n", length, word, path,
			word[length] ? ", optional" : "");
}

static void print_all_missing(const struct vz_config *config, const char *dir, FILE *out)
{
	for (unsigned i = 0; i < config->plugins.n_items; i++) {
		VZ_CLEANUP(vz_freep) char *words = strdup(config->plugins.items[i]);
		char *rest = NULL, *word;

		for (word = words ? strtok_r(words, " \t,", &rest) : NULL; word;
		     word = strtok_r(NULL, " \t,", &rest))
			print_missing(config, dir, word, out);
	}
}

int vz_plugins_list(const struct vz_config *config, FILE *out)
{
	VZ_CLEANUP(json_object_putp) struct json_object *state = NULL;
	const char *dir = config->plugin_dir;
	struct dirent **entries = NULL;
	int n = scandir(dir, &entries, is_library, alphasort);

	if (n < 0 && errno != ENOENT)
		return -errno;
	/* Who may not read it is told of the files alone. */
	if (config->state_dir)
		(void) vz_state_peek(config->state_dir, &state);
	for (int i = 0; i < n; i++) {
		print(config, state, entries[i]->d_name, out);
		free(entries[i]);
	}
	free(entries);
	if (n <= 0)
		fprintf(stderr, "There is no plugin in %s\n", dir);
	print_all_missing(config, dir, out);
	return ferror(out) ? -EIO : 0;
}
