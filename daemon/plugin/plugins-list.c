/*
 * What `vizyd --list-plugins` prints: of the files alone, none of which is loaded.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/config.h"
#include "plugin/manifest.h"
#include "plugin/plugins.h"

static int is_library(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return length > 3 && !strcmp(entry->d_name + length - 3, ".so");
}

/* Whether the configuration loads @name; with *@ret_optional. */
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

static void print(const struct vz_config *config, const char *dir, const char *file, FILE *out)
{
	VZ_CLEANUP(vz_freep) char *path = NULL;
	struct vz_manifest manifest;
	const struct vz_plugin *plugin = &manifest.plugin;
	int fd;

	if (asprintf(&path, "%s/%s", dir, file) < 0) {
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
		is_configured(config, plugin->name) ? "loaded" : "not loaded");
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
	const char *dir = config->plugin_dir;
	struct dirent **entries = NULL;
	int n = scandir(dir, &entries, is_library, alphasort);

	if (n < 0 && errno != ENOENT)
		return -errno;
	for (int i = 0; i < n; i++) {
		print(config, dir, entries[i]->d_name, out);
		free(entries[i]);
	}
	free(entries);
	if (n <= 0)
		fprintf(stderr, "There is no plugin in %s\n", dir);
	print_all_missing(config, dir, out);
	return ferror(out) ? -EIO : 0;
}
