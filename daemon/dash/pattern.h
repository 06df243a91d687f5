/*
 * A pattern: the id of a dependency in which wildcards stand for values of the components' own
 * pattern ids. {"index":["MATCH"],"type":"row"} means one row for each call, ["ALL"] all rows in
 * one call, ["ALLSMALLER"] those with an index below that of MATCH in the Outputs. What MATCH means
 * in one call is an object, {"index": 3}: the match.
 *
 * Pure; which components there are is asked in wildcard.h. Thread: whoever owns it.
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

#include "util/cleanup.h"

enum vz_wildcard {
	VZ_WILDCARD_NONE,
	VZ_WILDCARD_MATCH,
	VZ_WILDCARD_ALL,
	VZ_WILDCARD_ALLSMALLER,
};

struct vz_pattern_key {
	char *name;
	enum vz_wildcard wildcard;
	struct json_object *value; /* when there is no wildcard */
};

struct vz_pattern {
	unsigned n_keys;
	struct vz_pattern_key *keys; /* in the order of the canonical id: by name */
	bool is_list;		     /* ALL or ALLSMALLER: several components in one call */
	bool has_match;
};

/*
 * Reads the id of a dependency. Returns 0, with *@ret NULL for an id without a wildcard, -EINVAL
 * (an array that is none of the three words, or no id at all) or -ENOMEM. vz_pattern_read_text()
 * reads a canonical string.
 */
int vz_pattern_read(struct json_object *id, struct vz_pattern **ret);
int vz_pattern_read_text(const char *id, struct json_object **ret_id, struct vz_pattern **ret);
struct vz_pattern *vz_pattern_free(struct vz_pattern *pattern);
VZ_DEFINE_CLEANUP(vz_pattern_free, struct vz_pattern *, vz_pattern_free)

/* Whether it means the component @id where MATCH is @match; with NULL, in some call. */
bool vz_pattern_matches(const struct vz_pattern *pattern, struct json_object *id,
			struct json_object *match);
/* Whether some component is meant by both. */
bool vz_pattern_overlaps(const struct vz_pattern *a, const struct vz_pattern *b);
/*
 * Adds the values that MATCH has in @id, which it must mean, to @match. Returns 0, -EINVAL (another
 * value is there already) or -ENOMEM.
 */
int vz_pattern_take_match(const struct vz_pattern *pattern, struct json_object *id,
			  struct json_object *match);
/* The key of that name with that wildcard, or NULL. */
const struct vz_pattern_key *vz_pattern_find(const struct vz_pattern *pattern, const char *name,
					     enum vz_wildcard wildcard);
/* The renderer's order of id values: numbers and texts that are numbers, booleans, other texts. */
int vz_pattern_compare(struct json_object *a, struct json_object *b);
/*
 * The one id that a pattern without lists means where MATCH is @match. Returns 0 and a reference, 1
 * (a MATCH that @match does not know) or -ENOMEM.
 */
int vz_pattern_make_id(const struct vz_pattern *pattern, struct json_object *match,
		       struct json_object **ret);
/* Whether @pattern has every MATCH that @other has, and nothing that depends on MATCH otherwise. */
bool vz_pattern_has_match_of(const struct vz_pattern *pattern, const struct vz_pattern *other);
