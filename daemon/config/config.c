#include "config/config.h"

#include <errno.h>
#include <glob.h>
#include <ini.h>
#include <math.h>
#include <regex.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "config/keys.h"

static void *field_of(struct vz_config *config, const struct vz_key *key)
{
	return (char *) config + key->offset;
}

static void list_clear(struct vz_config_list *list)
{
	for (unsigned i = 0; i < list->n_items; i++)
		free(list->items[i]);
	*list = (struct vz_config_list){ 0 };
}

static int list_add(struct vz_config_list *list, const char *value)
{
	char *copy;

	if (list->is_default)
		list_clear(list);
	if (list->n_items == VZ_CONFIG_MAX_LIST)
		return -E2BIG;
	copy = strdup(value);
	if (!copy)
		return -ENOMEM;
	list->items[list->n_items++] = copy;
	return 0;
}

static int set_number(const struct vz_key *key, const char *value, double *ret)
{
	char *end;
	double number;

	errno = 0;
	number = strtod(value, &end);
	if (end == value || *end || errno || !isfinite(number))
		return -EINVAL;
	if (number < key->min || number > key->max)
		return -EINVAL;
	if (key->kind == VZ_KEY_UINT && number != floor(number))
		return -EINVAL;
	*ret = number;
	return 0;
}

static int parse_bool(const char *value, bool *ret)
{
	static const struct {
		const char *word;
		bool value;
	} words[] = {
		{ "yes", true }, { "true", true },   { "on", true },   { "1", true },
		{ "no", false }, { "false", false }, { "off", false }, { "0", false },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(words); i++) {
		if (!strcasecmp(words[i].word, value)) {
			*ret = words[i].value;
			return 0;
		}
	}
	return -EINVAL;
}

static int set_string(char **field, const char *value)
{
	char *copy = strdup(value);

	if (!copy)
		return -ENOMEM;
	free(*field);
	*field = copy;
	return 0;
}

static bool is_word_of(const struct vz_key *key, const char *value)
{
	for (const char *const *word = key->words; *word; word++)
		if (!strcmp(*word, value))
			return true;
	return false;
}

/* Returns 0, -EINVAL when it has not, or -ENOMEM. */
static int check_form(const struct vz_key *key, const char *value)
{
	regex_t form;
	int r;

	if (!key->form)
		return 0;
	r = regcomp(&form, key->form, REG_EXTENDED | REG_NOSUB);
	if (r)
		return r == REG_ESPACE ? -ENOMEM : -EINVAL;
	r = regexec(&form, value, 0, NULL, 0);
	regfree(&form);
	return r == REG_ESPACE ? -ENOMEM : r ? -EINVAL : 0;
}

static int set_key(struct vz_config *config, const struct vz_key *key, const char *value)
{
	void *field = field_of(config, key);
	double number = 0;
	int r;

	r = check_form(key, value);
	if (r < 0)
		return r;
	switch (key->kind) {
	case VZ_KEY_STRING:
		return set_string(field, value);
	case VZ_KEY_WORD:
		return is_word_of(key, value) ? set_string(field, value) : -EINVAL;
	case VZ_KEY_LIST:
		return *value ? list_add(field, value) : -EINVAL;
	case VZ_KEY_BOOL:
		return parse_bool(value, field);
	case VZ_KEY_UINT:
		r = set_number(key, value, &number);
		if (r < 0)
			return r;
		*(unsigned *) field = (unsigned) number;
		return 0;
	case VZ_KEY_DOUBLE:
		return set_number(key, value, field);
	}
	return -EINVAL;
}

/* --- Sections that others understand -------------------------------------------------------- */

static struct vz_config_value *value_free(struct vz_config_value *value)
{
	struct vz_config_value *next = value->next;

	free(value->name);
	free(value->key);
	free(value->value);
	free(value->origin);
	free(value);
	return next;
}

static int set_origin(const struct vz_config *config, struct vz_config_value *value)
{
	free(vz_steal(value->origin));
	if (config->reading_path &&
	    asprintf(&value->origin, "%s:%d", config->reading_path, config->reading_line) < 0) {
		value->origin = NULL;
		return -ENOMEM;
	}
	return 0;
}

static int set_named_value(const struct vz_config *config, struct vz_config_value **at,
			   const char *name, const char *key, const char *text)
{
	struct vz_config_value *value;
	int r;

	for (; *at; at = &(*at)->next) {
		if (strcmp((*at)->name, name) || strcmp((*at)->key, key))
			continue;
		r = set_origin(config, *at);
		return r < 0 ? r : set_string(&(*at)->value, text);
	}
	value = calloc(1, sizeof(*value));
	if (!value)
		return -ENOMEM;
	value->name = strdup(name);
	value->key = strdup(key);
	value->value = strdup(text);
	if (!value->name || !value->key || !value->value || set_origin(config, value) < 0) {
		(void) value_free(value);
		return -ENOMEM;
	}
	*at = value;
	return 0;
}

/* What follows @prefix in @section; NULL: it is another. */
static const char *name_of(const char *section, const char *prefix)
{
	size_t size = strlen(prefix);

	return strncmp(section, prefix, size) ? NULL : section + size + strspn(section + size, " ");
}

int vz_config_set(struct vz_config *config, const char *section, const char *key, const char *value,
		  const char **ret_expected)
{
	const char *name;

	name = name_of(section, "plugin ");
	if (name)
		return set_named_value(config, &config->plugin_values, name, key, value);
	name = name_of(section, "gpio ");
	if (name)
		return set_named_value(config, &config->gpio_values, name, key, value);
	for (size_t i = 0; i < vz_n_keys; i++) {
		if (strcmp(vz_keys[i].section, section) || strcmp(vz_keys[i].name, key))
			continue;
		if (ret_expected)
			*ret_expected = vz_keys[i].expected;
		return set_key(config, &vz_keys[i], value);
	}
	return -ENOENT;
}

int vz_config_new(struct vz_config **ret)
{
	VZ_CLEANUP(vz_config_freep) struct vz_config *config = calloc(1, sizeof(*config));
	int r;

	if (!config)
		return -ENOMEM;
	for (size_t i = 0; i < vz_n_keys; i++) {
		if (!vz_keys[i].def)
			continue;
		r = set_key(config, &vz_keys[i], vz_keys[i].def);
		if (r < 0)
			return r;
	}
	config->listen.is_default = true;
	*ret = vz_steal(config);
	return 0;
}

struct vz_config *vz_config_free(struct vz_config *config)
{
	if (!config)
		return NULL;
	for (size_t i = 0; i < vz_n_keys; i++) {
		void *field = field_of(config, &vz_keys[i]);

		if (vz_keys[i].kind == VZ_KEY_STRING || vz_keys[i].kind == VZ_KEY_WORD)
			free(*(char **) field);
		else if (vz_keys[i].kind == VZ_KEY_LIST)
			list_clear(field);
	}
	while (config->plugin_values)
		config->plugin_values = value_free(config->plugin_values);
	while (config->gpio_values)
		config->gpio_values = value_free(config->gpio_values);
	free(config);
	return NULL;
}

/* --- Files --------------------------------------------------------------------------------- */

struct load {
	struct vz_config *config;
	const char *path;
	char *error; /* of the first fault */
	int r;
};

static void load_fault(struct load *load, int line, int r, const char *section, const char *name,
		       const char *value, const char *expected)
{
	int n;

	/* -ENOENT of a load means a missing file. */
	load->r = r == -ENOENT ? -EINVAL : r;
	if (r == -ENOENT)
		n = asprintf(&load->error, "%s:%d: [%s] has no key '%s'", load->path, line, section,
			     name);
	else if (r == -EINVAL)
		n = asprintf(&load->error, "%s:%d: [%s] %s: expected %s, found '%s'", load->path,
			     line, section, name, expected, value);
	else
		n = asprintf(&load->error, "%s:%d: [%s] %s: %s", load->path, line, section, name,
			     strerror(-r));
	if (n < 0)
		load->error = NULL;
}

/* Debian's inih hands no line numbers to the handler, so the lines are counted as it reads them. */
struct line_reader {
	FILE *file;
	int line;
	struct load *load;
};

/* inih would take the rest for another line, and complain of that. */
static void fault_long_line(struct load *load, int line, int size)
{
	if (load->r < 0)
		return;
	load->r = -EINVAL;
	if (asprintf(&load->error, "%s:%d: expected a line of %d characters at most", load->path,
		     line, size - 2) < 0)
		load->error = NULL;
}

static char *read_line(char *buffer, int size, void *stream)
{
	struct line_reader *reader = stream;
	char *line = fgets(buffer, size, reader->file);

	reader->line++;
	if (line && strlen(line) == (size_t) size - 1 && line[size - 2] != '\n')
		fault_long_line(reader->load, reader->line, size);
	return line;
}

/* Called by inih for each "name = value". */
static int on_value(void *user, const char *section, const char *name, const char *value)
{
	struct line_reader *reader = user;
	const char *expected = "";
	int r;

	/* After the first fault the rest is only read, because inih cannot be told to stop. */
	if (reader->load->r < 0)
		return 1;
	reader->load->config->reading_path = reader->load->path;
	reader->load->config->reading_line = reader->line;
	r = vz_config_set(reader->load->config, section, name, value, &expected);
	reader->load->config->reading_path = NULL;
	if (r < 0)
		load_fault(reader->load, reader->line, r, section, name, value, expected);
	return 1;
}

static int load_file(struct load *load)
{
	struct line_reader reader = { .file = fopen(load->path, "re"), .load = load };
	int r;

	if (!reader.file) {
		load->r = -errno;
		if (asprintf(&load->error, "%s: %s", load->path, strerror(errno)) < 0)
			load->error = NULL;
		return load->r;
	}
	r = ini_parse_stream(read_line, &reader, on_value, &reader);
	fclose(reader.file);
	if (load->r < 0)
		return load->r;
	if (!r)
		return 0;
	load->r = r == -2 ? -ENOMEM : -EINVAL;
	if (r > 0 &&
	    asprintf(&load->error, "%s:%d: expected [section] or key = value", load->path, r) < 0)
		load->error = NULL;
	return load->r;
}

static int load_drop_ins(struct load *load, const char *path)
{
	VZ_CLEANUP(vz_freep) char *pattern = NULL;
	glob_t found;
	int r;

	if (asprintf(&pattern, "%s.d/*.conf", path) < 0)
		return load->r = -ENOMEM;
	r = glob(pattern, 0, NULL, &found);
	if (r == GLOB_NOMATCH)
		return 0;
	if (r)
		return load->r = r == GLOB_NOSPACE ? -ENOMEM : -EIO;
	for (size_t i = 0; i < found.gl_pathc && !load->r; i++) {
		load->path = found.gl_pathv[i];
		(void) load_file(load);
	}
	globfree(&found);
	return load->r;
}

int vz_config_load(struct vz_config *config, const char *path, bool optional, char **ret_error)
{
	struct load load = { .config = config, .path = path };

	(void) load_file(&load);
	if (load.r == -ENOENT && optional) {
		free(vz_steal(load.error));
		load.r = 0;
	}
	if (!load.r)
		(void) load_drop_ins(&load, path);
	if (load.r < 0 && ret_error)
		*ret_error = load.error;
	else
		free(load.error);
	return load.r;
}
