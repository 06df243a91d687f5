#include "dash/pattern.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dash/component.h"
#include "util/json.h"

static int read_key(struct vz_pattern_key *key, const char *name, struct json_object *value)
{
	static const char *const words[] = { NULL, "MATCH", "ALL", "ALLSMALLER" };
	const char *word;
	unsigned i;

	key->name = strdup(name);
	if (!key->name)
		return -ENOMEM;
	if (!json_object_is_type(value, json_type_array)) {
		key->value = json_object_get(value);
		return 0;
	}
	word = json_object_get_string(json_object_array_get_idx(value, 0));
	for (i = VZ_WILDCARD_MATCH; word && i <= VZ_WILDCARD_ALLSMALLER; i++)
		if (!strcmp(word, words[i]))
			key->wildcard = i;
	return key->wildcard ? 0 : -EINVAL;
}

static int compare_keys(const void *a, const void *b)
{
	return strcmp(((const struct vz_pattern_key *) a)->name,
		      ((const struct vz_pattern_key *) b)->name);
}

static int read_keys(struct vz_pattern *pattern, struct json_object *id)
{
	struct lh_entry *entry;
	int r;

	lh_foreach(json_object_get_object(id), entry)
	{
		struct vz_pattern_key *key = &pattern->keys[pattern->n_keys++];

		r = read_key(key, lh_entry_k(entry), (struct json_object *) lh_entry_v(entry));
		if (r < 0)
			return r;
		pattern->has_match |= key->wildcard == VZ_WILDCARD_MATCH;
		pattern->is_list |=
			key->wildcard == VZ_WILDCARD_ALL || key->wildcard == VZ_WILDCARD_ALLSMALLER;
	}
	qsort(pattern->keys, pattern->n_keys, sizeof(*pattern->keys), compare_keys);
	return 0;
}

int vz_pattern_read(struct json_object *id, struct vz_pattern **ret)
{
	VZ_CLEANUP(vz_pattern_freep) struct vz_pattern *pattern = NULL;
	int r;

	*ret = NULL;
	if (!json_object_is_type(id, json_type_object))
		return 0;
	pattern = calloc(1, sizeof(*pattern));
	if (!pattern)
		return -ENOMEM;
	pattern->keys = calloc((size_t) json_object_object_length(id) + 1, sizeof(*pattern->keys));
	if (!pattern->keys)
		return -ENOMEM;
	r = read_keys(pattern, id);
	if (r < 0)
		return r;
	if (pattern->is_list || pattern->has_match)
		*ret = vz_steal(pattern);
	return 0;
}

int vz_pattern_read_text(const char *id, struct json_object **ret_id, struct vz_pattern **ret)
{
	VZ_CLEANUP(json_object_putp) struct json_object *object = NULL;
	int r;

	*ret_id = NULL;
	*ret = NULL;
	if (id[0] != '{')
		return 0;
	r = vz_json_parse(id, strlen(id), NULL, NULL, &object);
	if (r >= 0)
		r = vz_pattern_read(object, ret);
	if (r >= 0)
		*ret_id = vz_steal(object);
	return r < 0 && r != -ENOMEM ? -EINVAL : r;
}

struct vz_pattern *vz_pattern_free(struct vz_pattern *pattern)
{
	unsigned i;

	if (!pattern)
		return NULL;
	for (i = 0; pattern->keys && i < pattern->n_keys; i++) {
		free(pattern->keys[i].name);
		json_object_put(pattern->keys[i].value);
	}
	free(pattern->keys);
	free(pattern);
	return NULL;
}

/* --- The order of values --------------------------------------------------------------------- */

/* What JavaScript takes for a number: the renderer counts "10" as one. */
static bool read_number(struct json_object *value, double *ret)
{
	const char *text;
	char *end;

	if (vz_json_is_number(value)) {
		*ret = json_object_get_double(value);
		return true;
	}
	if (!json_object_is_type(value, json_type_string))
		return false;
	text = json_object_get_string(value);
	if (!*text || strspn(text, " 0123456789+-.eE") != strlen(text))
		return false;
	*ret = strtod(text, &end);
	return end != text && end[strspn(end, " ")] == '\0' && isfinite(*ret);
}

static int rank(struct json_object *value)
{
	double number;

	if (read_number(value, &number))
		return 0;
	return json_object_is_type(value, json_type_boolean) ? 1 : 2;
}

int vz_pattern_compare(struct json_object *a, struct json_object *b)
{
	int rank_a = rank(a), rank_b = rank(b);
	double x, y;

	if (rank_a != rank_b)
		return rank_a < rank_b ? -1 : 1;
	if (rank_a == 1)
		return json_object_get_boolean(a) - json_object_get_boolean(b);
	if (read_number(a, &x) && read_number(b, &y))
		return (x > y) - (x < y);
	return strcmp(json_object_get_string(a) ?: "", json_object_get_string(b) ?: "");
}

/* --- Matching -------------------------------------------------------------------------------- */

static bool key_matches(const struct vz_pattern_key *key, struct json_object *value,
			struct json_object *match)
{
	struct json_object *wanted;

	if (key->wildcard == VZ_WILDCARD_NONE)
		return vz_json_equal(key->value, value);
	if (key->wildcard == VZ_WILDCARD_ALL || !match ||
	    !json_object_object_get_ex(match, key->name, &wanted))
		return true;
	if (key->wildcard == VZ_WILDCARD_MATCH)
		return vz_pattern_compare(value, wanted) == 0;
	return vz_pattern_compare(value, wanted) < 0;
}

bool vz_pattern_matches(const struct vz_pattern *pattern, struct json_object *id,
			struct json_object *match)
{
	struct json_object *value;
	unsigned i;

	if (!json_object_is_type(id, json_type_object) ||
	    (unsigned) json_object_object_length(id) != pattern->n_keys)
		return false;
	for (i = 0; i < pattern->n_keys; i++)
		if (!json_object_object_get_ex(id, pattern->keys[i].name, &value) ||
		    !key_matches(&pattern->keys[i], value, match))
			return false;
	return true;
}

bool vz_pattern_overlaps(const struct vz_pattern *a, const struct vz_pattern *b)
{
	unsigned i;

	if (a->n_keys != b->n_keys)
		return false;
	for (i = 0; i < a->n_keys; i++) {
		const struct vz_pattern_key *x = &a->keys[i], *y = &b->keys[i];

		if (strcmp(x->name, y->name) != 0)
			return false;
		if (!x->wildcard && !y->wildcard && !vz_json_equal(x->value, y->value))
			return false;
	}
	return true;
}

int vz_pattern_take_match(const struct vz_pattern *pattern, struct json_object *id,
			  struct json_object *match)
{
	unsigned i;

	for (i = 0; i < pattern->n_keys; i++) {
		const struct vz_pattern_key *key = &pattern->keys[i];
		struct json_object *value = json_object_object_get(id, key->name), *before;

		if (key->wildcard != VZ_WILDCARD_MATCH)
			continue;
		if (json_object_object_get_ex(match, key->name, &before)) {
			if (vz_pattern_compare(before, value) != 0)
				return -EINVAL;
			continue;
		}
		if (json_object_object_add(match, key->name, json_object_get(value)) < 0) {
			json_object_put(value);
			return -ENOMEM;
		}
	}
	return 0;
}

const struct vz_pattern_key *vz_pattern_find(const struct vz_pattern *pattern, const char *name,
					     enum vz_wildcard wildcard)
{
	unsigned i;

	for (i = 0; i < pattern->n_keys; i++)
		if (pattern->keys[i].wildcard == wildcard && !strcmp(pattern->keys[i].name, name))
			return &pattern->keys[i];
	return NULL;
}

int vz_pattern_make_id(const struct vz_pattern *pattern, struct json_object *match,
		       struct json_object **ret)
{
	VZ_CLEANUP(json_object_putp) struct json_object *id = json_object_new_object();
	unsigned i;

	if (!id)
		return -ENOMEM;
	for (i = 0; i < pattern->n_keys; i++) {
		const struct vz_pattern_key *key = &pattern->keys[i];
		struct json_object *value = key->value;

		if (key->wildcard && !json_object_object_get_ex(match, key->name, &value))
			return 1;
		if (json_object_object_add(id, key->name, json_object_get(value)) < 0) {
			json_object_put(value);
			return -ENOMEM;
		}
	}
	*ret = vz_steal(id);
	return 0;
}

bool vz_pattern_has_match_of(const struct vz_pattern *pattern, const struct vz_pattern *other)
{
	unsigned i;

	for (i = 0; i < pattern->n_keys; i++)
		if (pattern->keys[i].wildcard == VZ_WILDCARD_ALLSMALLER)
			return false;
	for (i = 0; i < other->n_keys; i++)
		if (other->keys[i].wildcard == VZ_WILDCARD_MATCH &&
		    !vz_pattern_find(pattern, other->keys[i].name, VZ_WILDCARD_MATCH))
			return false;
	return true;
}
