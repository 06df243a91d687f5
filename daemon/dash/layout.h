/*
 * The layout: the tree of components with today's values of the shared properties, an index from
 * id to component, and the tree as JSON text. Components inside values (children, and whatever else
 * holds components) are indexed too, and re-indexed when a value is replaced.
 *
 * Thread: loop. Owned by the app.
 */
#pragma once

#include <json-c/json.h>
#include <stdint.h>

#include "util/cleanup.h"

struct vz_blob;
struct vz_layout;

int vz_layout_new(struct vz_layout **ret);
struct vz_layout *vz_layout_free(struct vz_layout *layout);
VZ_DEFINE_CLEANUP(vz_layout_free, struct vz_layout *, vz_layout_free)

/*
 * Replaces the whole tree with @root, a component or an array of components (taken, also on
 * failure). Returns 0, -EINVAL (not components), -EEXIST (two of one id; *@ret_bad, when not NULL,
 * names it, to free()) or -ENOMEM; on failure the old tree stays.
 */
int vz_layout_set_root(struct vz_layout *layout, struct json_object *root, char **ret_bad);
struct json_object *vz_layout_root(struct vz_layout *layout);

/* The props of the component @id (canonical string), borrowed, or NULL. One hash look-up. */
struct json_object *vz_layout_find(struct vz_layout *layout, const char *id);
/* The value of one property, borrowed; NULL is null, unset or no such component. */
struct json_object *vz_layout_get(struct vz_layout *layout, const char *id, const char *property);
/*
 * Sets one property, taking @value also on failure. A Patch (patch.h) is applied to the current
 * value. Returns 0, -ENOENT (no such component), -EINVAL (a Patch that does not fit, or an id that
 * would change), -EEXIST (a component in @value has an id that is taken elsewhere) or -ENOMEM;
 * on failure nothing has changed.
 */
int vz_layout_set(struct vz_layout *layout, const char *id, const char *property,
		  struct json_object *value);
unsigned vz_layout_n_components(const struct vz_layout *layout);

/* A component with a pattern id. */
struct vz_layout_entry {
	char *id;		       /* the canonical string */
	struct json_object *id_object; /* a reference */
};
/*
 * All components with pattern ids, in the order of the tree, borrowed until the next change; made
 * anew only after components came or went. Returns 0 or -ENOMEM.
 */
int vz_layout_list_patterned(struct vz_layout *layout, const struct vz_layout_entry **ret,
			     size_t *ret_n);

/*
 * Notes from now on which components with pattern ids come or go when a value is set. Those that
 * were noted are handed out once, as an array of their canonical ids to json_object_put(), NULL for
 * none; what memory did not suffice for is not among them. One that is there now has come.
 */
void vz_layout_note_changes(struct vz_layout *layout);
struct json_object *vz_layout_take_changes(struct vz_layout *layout);

/* The tree as JSON; made anew only after a change. A reference in *@ret. Returns 0 or -ENOMEM. */
int vz_layout_encode(struct vz_layout *layout, struct vz_blob **ret);
