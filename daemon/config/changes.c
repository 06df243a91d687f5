#include "config/changes.h"

#include <string.h>

#include "config/config.h"
#include "config/keys.h"
#include "util/cleanup.h"

const char *vz_effect_text(enum vz_effect effect)
{
	switch (effect) {
	case VZ_EFFECT_RELOAD:
		return "at a reload";
	case VZ_EFFECT_CAMERA:
		return "at a reload, with the camera opened anew";
	case VZ_EFFECT_RESTART:
		break;
	}
	return "at a restart";
}

/* --- The sample ----------------------------------------------------------------------------- */

static void print_help(const char *help, FILE *out)
{
	for (const char *line = help; line; line = *line ? line : NULL) {
		int size = (int) strcspn(line, "\n");

		fprintf(out, "# %.*s\n", size, line);
		line += size;
		line += *line == '\n';
	}
}

static void print_key(const struct vz_key *key, FILE *out)
{
	/* Folders depend on how it was built. */
	const char *value = key->def && (*key->def != '/' || !key->def[1]) ? key->def : NULL;

	print_help(key->help, out);
	if (key->effect != VZ_EFFECT_RELOAD)
		fprintf(out, "# (%s)\n", vz_effect_text(key->effect));
	if (!value)
		value = key->example;
	fprintf(out, value ? "#%s = %s\n" : "#%s =\n", key->name, value);
}

void vz_config_print_keys(FILE *out)
{
	const char *section = "";

	for (size_t i = 0; i < vz_n_keys; i++) {
		if (strcmp(section, vz_keys[i].section) != 0)
			fprintf(out, "\n[%s]\n", vz_keys[i].section);
		section = vz_keys[i].section;
		print_key(&vz_keys[i], out);
	}
}

/* --- Differences ---------------------------------------------------------------------------- */

static const void *field_of(const struct vz_config *config, const struct vz_key *key)
{
	return (const char *) config + key->offset;
}

static bool is_same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool is_same_list(const struct vz_config_list *a, const struct vz_config_list *b)
{
	if (a->n_items != b->n_items || a->is_default != b->is_default)
		return false;
	for (unsigned i = 0; i < a->n_items; i++)
		if (strcmp(a->items[i], b->items[i]) != 0)
			return false;
	return true;
}

bool vz_config_lists_differ(const struct vz_config_list *a, const struct vz_config_list *b)
{
	return !is_same_list(a, b);
}

static bool is_same(const struct vz_key *key, const void *a, const void *b)
{
	switch (key->kind) {
	case VZ_KEY_STRING:
	case VZ_KEY_WORD:
		return is_same_text(*(char *const *) a, *(char *const *) b);
	case VZ_KEY_LIST:
		return is_same_list(a, b);
	case VZ_KEY_BOOL:
		return *(const bool *) a == *(const bool *) b;
	case VZ_KEY_UINT:
		return *(const unsigned *) a == *(const unsigned *) b;
	case VZ_KEY_DOUBLE:
		break;
	}
	return !memcmp(a, b, sizeof(double));
}

static const struct vz_config_value *next_of(const struct vz_config_value *value, const char *name)
{
	while (value && strcmp(value->name, name) != 0)
		value = value->next;
	return value;
}

/* Whether the two say the same of @name, in the same order. */
static bool is_same_section(const struct vz_config_value *a, const struct vz_config_value *b,
			    const char *name)
{
	for (a = next_of(a, name), b = next_of(b, name); a && b;
	     a = next_of(a->next, name), b = next_of(b->next, name))
		if (strcmp(a->key, b->key) != 0 || strcmp(a->value, b->value) != 0)
			return false;
	return !a && !b;
}

static const struct {
	const char *kind;
	size_t offset;
} section_lists[] = {
	{ "plugin", offsetof(struct vz_config, plugin_values) },
	{ "gpio", offsetof(struct vz_config, gpio_values) },
};

static const struct vz_config_value *values_of(const struct vz_config *config, size_t offset)
{
	return *(struct vz_config_value *const *) ((const char *) config + offset);
}

bool vz_config_section_differs(const struct vz_config *now, const struct vz_config *other,
			       const char *section)
{
	for (size_t i = 0; i < VZ_N_ELEMENTS(section_lists); i++) {
		size_t size = strlen(section_lists[i].kind), offset = section_lists[i].offset;

		if (!strncmp(section, section_lists[i].kind, size) && section[size] == ' ')
			return !is_same_section(values_of(now, offset), values_of(other, offset),
						section + size + 1);
	}
	return false;
}

struct comparison {
	const struct vz_config *now, *other;
	vz_config_change_fn *changed;
	void *data;
	unsigned n;
};

static void tell(struct comparison *comparison, const char *section, const char *key,
		 enum vz_effect effect)
{
	const struct vz_config_change change = { section, key, effect };

	comparison->n++;
	if (comparison->changed)
		comparison->changed(&change, comparison->data);
}

/* Those that @in has; of those that the other one has too, only with @both. */
static void compare_names(struct comparison *comparison, const char *kind, size_t offset,
			  const struct vz_config *in, bool both)
{
	const struct vz_config_value *first = values_of(in, offset);
	const struct vz_config *against =
		in == comparison->now ? comparison->other : comparison->now;

	for (const struct vz_config_value *v = first; v; v = v->next) {
		char section[128];

		if (next_of(first, v->name) != v)
			continue;
		if (!both && next_of(values_of(against, offset), v->name))
			continue;
		if (is_same_section(first, values_of(against, offset), v->name))
			continue;
		(void) snprintf(section, sizeof(section), "%s %s", kind, v->name);
		tell(comparison, section, NULL, VZ_EFFECT_RELOAD);
	}
}

unsigned vz_config_compare(const struct vz_config *now, const struct vz_config *other,
			   vz_config_change_fn *changed, void *data)
{
	struct comparison comparison = { now, other, changed, data, 0 };

	for (size_t i = 0; i < vz_n_keys; i++)
		if (!is_same(&vz_keys[i], field_of(now, &vz_keys[i]), field_of(other, &vz_keys[i])))
			tell(&comparison, vz_keys[i].section, vz_keys[i].name, vz_keys[i].effect);
	for (size_t i = 0; i < VZ_N_ELEMENTS(section_lists); i++) {
		size_t offset = section_lists[i].offset;

		compare_names(&comparison, section_lists[i].kind, offset, now, true);
		compare_names(&comparison, section_lists[i].kind, offset, other, false);
	}
	return comparison.n;
}

struct kind_search {
	const char *kind;
	bool is_found;
};

static void note_kind(const struct vz_config_change *change, void *data)
{
	struct kind_search *search = data;

	if (!change->key && !strncmp(change->section, search->kind, strlen(search->kind)))
		search->is_found = true;
}

bool vz_config_sections_differ(const struct vz_config *now, const struct vz_config *other,
			       const char *kind)
{
	struct kind_search search = { kind, false };

	(void) vz_config_compare(now, other, note_kind, &search);
	return search.is_found;
}

static size_t size_of(const struct vz_key *key)
{
	switch (key->kind) {
	case VZ_KEY_LIST:
		return sizeof(struct vz_config_list);
	case VZ_KEY_BOOL:
		return sizeof(bool);
	case VZ_KEY_UINT:
		return sizeof(unsigned);
	case VZ_KEY_DOUBLE:
		return sizeof(double);
	case VZ_KEY_STRING:
	case VZ_KEY_WORD:
		break;
	}
	return sizeof(char *);
}

static void swap(void *a, void *b, size_t size)
{
	char kept[sizeof(struct vz_config_list)];

	memcpy(kept, a, size);
	memcpy(a, b, size);
	memcpy(b, kept, size);
}

void vz_config_exchange(struct vz_config *now, struct vz_config *other)
{
	for (size_t i = 0; i < vz_n_keys; i++)
		if (vz_keys[i].effect != VZ_EFFECT_RESTART)
			swap((char *) now + vz_keys[i].offset, (char *) other + vz_keys[i].offset,
			     size_of(&vz_keys[i]));
	for (size_t i = 0; i < VZ_N_ELEMENTS(section_lists); i++)
		swap((char *) now + section_lists[i].offset,
		     (char *) other + section_lists[i].offset, sizeof(void *));
}
