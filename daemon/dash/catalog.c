#include "dash/catalog.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dash/component.h"
#include "util/cleanup.h"

/* Deeper is no layout, which says so itself. */
#define MAX_DEPTH 128

/* What is longer is no misspelt name. */
#define MAX_NAME 64

static int complain(char **ret_error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int complain(char **ret_error, const char *format, ...)
{
	va_list args;
	int r;

	va_start(args, format);
	r = vasprintf(ret_error, format, args);
	va_end(args);
	return r < 0 ? -ENOMEM : -EINVAL;
}

/* --- Did you mean …? ------------------------------------------------------------------------ */

/* The number of letters to change, insert or leave out; case counts for nothing. */
static unsigned distance(const char *a, const char *b)
{
	size_t n_a = strlen(a), n_b = strlen(b);
	unsigned row[MAX_NAME + 1];

	if (n_a > MAX_NAME || n_b > MAX_NAME)
		return MAX_NAME;
	for (unsigned j = 0; j <= n_b; j++)
		row[j] = j;
	for (size_t i = 1; i <= n_a; i++) {
		unsigned diagonal = row[0];

		row[0] = (unsigned) i;
		for (size_t j = 1; j <= n_b; j++) {
			bool same = tolower((unsigned char) a[i - 1]) ==
				    tolower((unsigned char) b[j - 1]);
			unsigned best = diagonal + !same;

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[n_b];
}

/* The nearest of the names that were offered, if one is near enough to be meant. */
struct guess {
	const char *name, *nearest;
	unsigned distance;
};

static struct guess guess_begin(const char *name)
{
	/* A transposition is two letters; a third of a longer name may be wrong. */
	size_t allowed = strlen(name) / 3;

	return (struct guess){ name, NULL, (unsigned) (allowed < 2 ? 2 : allowed) + 1 };
}

static void guess_offer(struct guess *guess, const char *name)
{
	unsigned d = distance(guess->name, name);

	if (d < guess->distance && d < strlen(name)) {
		guess->distance = d;
		guess->nearest = name;
	}
}

#define MEANT(guess)                                                                       \
	(guess).nearest ? "; did you mean '" : "", (guess).nearest ? (guess).nearest : "", \
		(guess).nearest ? "'?" : ""

/* --- One component -------------------------------------------------------------------------- */

static const struct vz_catalog_space *find_space(const struct vz_catalog *catalog, const char *name)
{
	for (unsigned i = 0; i < catalog->n_spaces; i++)
		if (!strcmp(catalog->spaces[i].name, name))
			return &catalog->spaces[i];
	return NULL;
}

static const struct vz_catalog_type *find_type(const struct vz_catalog_space *space,
					       const char *name)
{
	for (unsigned i = 0; i < space->n_types; i++)
		if (!strcmp(space->types[i].name, name))
			return &space->types[i];
	return NULL;
}

static const char *string_of(struct json_object *component, const char *key)
{
	return json_object_get_string(json_object_object_get(component, key));
}

/*
 * A namespace that is none of ours belongs to whoever brings its script, and is not judged, unless
 * it is one of ours misspelt. By two letters at most: dash_bootstrap_components is no slip of the
 * pen.
 */
static int judge_space(const struct vz_catalog *catalog, const char *space, const char *type,
		       char **ret_error)
{
	struct guess guess = { space, NULL, 3 };

	for (unsigned i = 0; i < catalog->n_spaces; i++) {
		guess_offer(&guess, catalog->spaces[i].name);
		/* Who writes "dcc" means it. */
		if (!strcmp(catalog->spaces[i].short_name, space))
			guess = (struct guess){ space, catalog->spaces[i].name, 0 };
	}
	if (!guess.nearest)
		return 0;
	return complain(ret_error, "%.64s.%.64s: no such namespace%s%s%s", space, type,
			MEANT(guess));
}

static int complain_of_type(const struct vz_catalog_space *space, const char *type,
			    char **ret_error)
{
	struct guess guess = guess_begin(type);

	for (unsigned i = 0; i < space->n_types; i++)
		guess_offer(&guess, space->types[i].name);
	return complain(ret_error, "%s.%.64s: no such component in %s%s%s%s", space->short_name,
			type, space->name, MEANT(guess));
}

static bool has_property(const struct vz_catalog_space *space, const struct vz_catalog_type *type,
			 const char *name)
{
	/* What every component has, some of it set by the renderer. */
	static const char *const common[] = { "id", "setProps", "loading_state", "componentPath" };

	for (const char *p = type->properties; *p; p += strlen(p) + 1)
		if (!strcmp(p, name))
			return true;
	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		if (!strcmp(common[i], name))
			return true;
	return name[0] == '_' ||
	       (space->has_wildcards && (!strncmp(name, "data-", 5) || !strncmp(name, "aria-", 5)));
}

static int complain_of_property(const struct vz_catalog_space *space,
				const struct vz_catalog_type *type, struct json_object *props,
				const char *property, char **ret_error)
{
	struct json_object *id = json_object_object_get(props, "id");
	struct guess guess = guess_begin(property);

	for (const char *p = type->properties; *p; p += strlen(p) + 1)
		guess_offer(&guess, p);
	return complain(ret_error, "%s.%s%s%.64s%s has no property '%.64s'%s%s%s",
			space->short_name, type->name, id ? " '" : "",
			id ? json_object_get_string(id) : "", id ? "'" : "", property,
			MEANT(guess));
}

/* Finds a component's entry, which is NULL when it is not for us to judge. */
static int look_up(const struct vz_catalog *catalog, struct json_object *component,
		   const struct vz_catalog_space **ret_space,
		   const struct vz_catalog_type **ret_type, char **ret_error)
{
	const char *space = string_of(component, "namespace"), *type = string_of(component, "type");

	*ret_type = NULL;
	*ret_space = find_space(catalog, space);
	if (!*ret_space)
		return judge_space(catalog, space, type, ret_error);
	*ret_type = find_type(*ret_space, type);
	return *ret_type ? 0 : complain_of_type(*ret_space, type, ret_error);
}

static int check_component(const struct vz_catalog *catalog, struct json_object *component,
			   struct json_object *props, char **ret_error)
{
	const struct vz_catalog_space *space;
	const struct vz_catalog_type *type;
	struct lh_entry *entry;
	int r;

	r = look_up(catalog, component, &space, &type, ret_error);
	if (r < 0 || !type)
		return r;
	lh_foreach(json_object_get_object(props), entry)
	{
		const char *name = lh_entry_k(entry);

		if (!has_property(space, type, name))
			return complain_of_property(space, type, props, name, ret_error);
	}
	return 0;
}

/* --- All of a value -------------------------------------------------------------------------- */

static int check_value(const struct vz_catalog *catalog, struct json_object *value, unsigned depth,
		       char **ret_error)
{
	struct json_object *props;
	struct lh_entry *entry;
	int r = 0;

	if (depth == MAX_DEPTH)
		return 0;
	if (json_object_is_type(value, json_type_array)) {
		size_t n = json_object_array_length(value);

		for (size_t i = 0; i < n && r >= 0; i++)
			r = check_value(catalog, json_object_array_get_idx(value, i), depth + 1,
					ret_error);
		return r;
	}
	if (!json_object_is_type(value, json_type_object))
		return 0;
	props = vz_component_props(value);
	if (props)
		r = check_component(catalog, value, props, ret_error);
	lh_foreach(json_object_get_object(props ? props : value), entry)
	{
		if (r >= 0)
			r = check_value(catalog, (struct json_object *) lh_entry_v(entry),
					depth + 1, ret_error);
	}
	return r;
}

int vz_catalog_check(const struct vz_catalog *catalog, struct json_object *value, char **ret_error)
{
	return catalog ? check_value(catalog, value, 0, ret_error) : 0;
}

/* --- One property of a callback --------------------------------------------------------------- */

static bool has_id(struct json_object *props, const char *id)
{
	VZ_CLEANUP(vz_freep) char *text = NULL;
	struct json_object *value = json_object_object_get(props, "id");

	/* Out of memory it is not found, and then not judged. */
	return value && vz_component_id_string(value, &text) >= 0 && !strcmp(text, id);
}

/* Borrowed, or NULL. */
static struct json_object *find_component(struct json_object *value, const char *id, unsigned depth)
{
	struct json_object *props, *found = NULL;
	struct lh_entry *entry;

	if (depth == MAX_DEPTH)
		return NULL;
	if (json_object_is_type(value, json_type_array)) {
		size_t n = json_object_array_length(value);

		for (size_t i = 0; i < n && !found; i++)
			found = find_component(json_object_array_get_idx(value, i), id, depth + 1);
		return found;
	}
	if (!json_object_is_type(value, json_type_object))
		return NULL;
	props = vz_component_props(value);
	if (props && has_id(props, id))
		return value;
	lh_foreach(json_object_get_object(props ? props : value), entry)
	{
		if (!found)
			found = find_component((struct json_object *) lh_entry_v(entry), id,
					       depth + 1);
	}
	return found;
}

int vz_catalog_check_property(const struct vz_catalog *catalog, struct json_object *tree,
			      const char *id, const char *property, char **ret_error)
{
	const struct vz_catalog_space *space;
	const struct vz_catalog_type *type;
	struct json_object *component;
	int r;

	component = catalog ? find_component(tree, id, 0) : NULL;
	if (!component)
		return 0;
	r = look_up(catalog, component, &space, &type, ret_error);
	if (r < 0 || !type || has_property(space, type, property))
		return r;
	return complain_of_property(space, type, vz_component_props(component), property,
				    ret_error);
}
