/*
 * What the patterns of a callback mean in one call: which components, and which of them triggered.
 * A browser says so in its request, and is checked against the patterns; for shared callbacks the
 * layout says it, and the request adds what was edited. A round, which nobody asked for, spreads
 * what has changed over as many calls as MATCH makes of it.
 *
 * Owned by the call. Thread: loop; a worker reads ids and marks and sets Outputs.
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

#include "util/cleanup.h"

struct vz_arrival;
struct vz_call;
struct vz_callback;
struct vz_property;
struct vz_request;

struct vz_cell {
	char *id; /* canonical string */
	/* Of a shared callback, if anybody has named it yet; one that triggered always has. */
	struct vz_property *property;
	struct json_object *value; /* what the browser sent, or an Output's new value */
	bool has_value;
	bool is_triggered; /* of an Input */
};

struct vz_group {
	struct vz_cell *cells;
	unsigned n;
	bool is_list; /* its value is an array */
};

struct vz_matches {
	struct json_object *match; /* {"index": 3}: what MATCH means */
	struct vz_group *inputs, *states, *outputs;
	unsigned n_inputs, n_states, n_outputs;
};

/* Matches of @callback without any cell yet. Returns 0 or -ENOMEM. */
int vz_matches_new(const struct vz_callback *callback, struct vz_matches **ret);
struct vz_matches *vz_matches_free(struct vz_matches *matches);
VZ_DEFINE_CLEANUP(vz_matches_free, struct vz_matches *, vz_matches_free)
/* Adds a cell for the component @id (copied). Returns 0, with *@ret valid until the next, or
 * -ENOMEM. */
int vz_group_add(struct vz_group *group, const char *id, struct vz_cell **ret);
/* The cell, or NULL past the end. */
struct vz_cell *vz_group_get(struct vz_group *groups, unsigned n_groups, unsigned index,
			     unsigned nth);

/*
 * Of the layout, where MATCH is @match (borrowed). Returns 0, -ENOENT (a component that is no
 * list's is not there: nothing to call) or -ENOMEM.
 */
int vz_matches_resolve(const struct vz_callback *callback, struct json_object *match,
		       struct vz_matches **ret);
/*
 * Of a request (wildcard-request.c). Returns 0, -EINVAL with a sentence in @text, or -ENOMEM. What
 * triggered is marked, in shared callbacks also by a property.
 */
int vz_matches_read(const struct vz_callback *callback, const struct vz_request *request,
		    char *text, size_t size, struct vz_matches **ret);
/*
 * Gives @call, which has its matches, the values of Inputs and States: of shared properties the
 * layout's, unless just edited, else the browser's. Returns 0 or -ENOMEM.
 */
int vz_matches_put_values(struct vz_call *call);

/*
 * The calls that are due in a round: an array of what MATCH means in each. Returns 0 or -ENOMEM.
 */
struct vz_cause {
	struct vz_property *const *triggers; /* what has changed */
	size_t n_triggers;
	const struct vz_arrival *arrivals; /* what has come or gone */
	size_t n_arrivals;
	bool is_initial; /* the start */
};
int vz_wildcard_spread(const struct vz_callback *callback, const struct vz_cause *cause,
		       struct json_object **ret);
void vz_arrivals_free(struct vz_arrival *arrivals, size_t n);
/* Marks what of @triggers is among the Inputs of @call. */
void vz_matches_mark(struct vz_call *call, struct vz_property *const *triggers, size_t n_triggers);
/* Whether both calls mean the same components; NULL is a call without patterns. */
bool vz_matches_are_same(const struct vz_matches *a, const struct vz_matches *b);
/* What triggered @from counts as having triggered @to, too. Both may be NULL. */
void vz_matches_take_marks(struct vz_matches *to, const struct vz_matches *from);
