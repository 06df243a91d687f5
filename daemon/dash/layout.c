#include "dash/layout.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dash/component.h"
#include "dash/patch.h"
#include "dash/survey.h"
#include "util/blob.h"
#include "util/json.h"
#include "util/map.h"

struct vz_layout {
	struct json_object *root;
	struct vz_map ids; /* id to props, which the tree owns */
	unsigned n_components;
	struct vz_blob *encoded;	   /* NULL after a change */
	struct vz_layout_entry *patterned; /* while is_listed */
	size_t n_patterned;
	bool is_listed;
	bool notes_changes;
	struct json_object *changes; /* NULL: none */
};

int vz_layout_new(struct vz_layout **ret)
{
	struct vz_layout *layout = calloc(1, sizeof(*layout));

	if (!layout)
		return -ENOMEM;
	*ret = layout;
	return 0;
}

static void forget_list(struct vz_layout *layout)
{
	for (size_t i = 0; i < layout->n_patterned; i++) {
		free(layout->patterned[i].id);
		json_object_put(layout->patterned[i].id_object);
	}
	free(layout->patterned);
	layout->patterned = NULL;
	layout->n_patterned = 0;
	layout->is_listed = false;
}

struct vz_layout *vz_layout_free(struct vz_layout *layout)
{
	if (!layout)
		return NULL;
	forget_list(layout);
	json_object_put(layout->changes);
	vz_map_deinit(&layout->ids);
	json_object_put(layout->root);
	vz_blob_unref(layout->encoded);
	free(layout);
	return NULL;
}

/* --- The tree -------------------------------------------------------------------------------- */

static bool check_root(struct json_object *root)
{
	size_t n;

	if (!json_object_is_type(root, json_type_array))
		return vz_component_check(root);
	n = json_object_array_length(root);
	for (size_t i = 0; i < n; i++)
		if (!vz_component_check(json_object_array_get_idx(root, i)))
			return false;
	return true;
}

int vz_layout_set_root(struct vz_layout *layout, struct json_object *root, char **ret_bad)
{
	VZ_CLEANUP(json_object_putp) struct json_object *owned = root;
	VZ_CLEANUP(vz_survey_deinit) struct vz_survey survey = { 0 };
	int r;

	if (!check_root(root))
		return -EINVAL;
	r = vz_survey_value(&survey, root);
	if (r == -EEXIST && ret_bad)
		*ret_bad = vz_steal(survey.duplicate);
	if (r < 0)
		return r;

	forget_list(layout);
	vz_map_deinit(&layout->ids);
	layout->ids = survey.ids;
	survey.ids = (struct vz_map){ 0 };
	layout->n_components = survey.n_components;
	json_object_put(layout->root);
	layout->root = vz_steal(owned);
	layout->encoded = vz_blob_unref(layout->encoded);
	return 0;
}

struct json_object *vz_layout_root(struct vz_layout *layout)
{
	return layout->root;
}

struct json_object *vz_layout_find(struct vz_layout *layout, const char *id)
{
	return vz_map_find(&layout->ids, id);
}

struct json_object *vz_layout_get(struct vz_layout *layout, const char *id, const char *property)
{
	return json_object_object_get(vz_layout_find(layout, id), property);
}

unsigned vz_layout_n_components(const struct vz_layout *layout)
{
	return layout->n_components;
}

/* --- Setting a property ---------------------------------------------------------------------- */

static bool is_container(struct json_object *value)
{
	return json_object_is_type(value, json_type_array) ||
	       json_object_is_type(value, json_type_object);
}

/* Whether @value leaves a component its id. */
static int check_same_id(const char *id, struct json_object *value)
{
	VZ_CLEANUP(vz_freep) char *text = NULL;
	int r;

	r = vz_component_id_string(value, &text);
	if (r < 0)
		return r;
	return strcmp(text, id) ? -EINVAL : 0;
}

/* An id that @coming brings must be nowhere but in what @going takes away. */
static int check_ids(const struct vz_layout *layout, const struct vz_survey *going,
		     const struct vz_survey *coming)
{
	struct vz_map_slot *slot;

	vz_map_for_each(slot, &coming->ids)
	{
		if (vz_map_find(&layout->ids, slot->key) && !vz_map_find(&going->ids, slot->key))
			return -EEXIST;
	}
	return 0;
}

/* What @here has with a pattern id and @there has not. */
static void note_changes(struct vz_layout *layout, const struct vz_map *here,
			 const struct vz_map *there)
{
	struct vz_map_slot *slot;

	vz_map_for_each(slot, here)
	{
		struct json_object *id;

		if (slot->key[0] != '{' || vz_map_find(there, slot->key))
			continue;
		if (!layout->changes)
			layout->changes = json_object_new_array();
		id = json_object_new_string(slot->key);
		if (!layout->changes || json_object_array_add(layout->changes, id) < 0)
			json_object_put(id);
	}
}

/* Takes the entries of @going out of the index and puts those of @coming in; cannot fail. */
static void exchange(struct vz_layout *layout, struct vz_survey *going, struct vz_survey *coming)
{
	struct vz_map_slot *slot;

	if (going->ids.n_entries || coming->ids.n_entries)
		forget_list(layout);
	if (layout->notes_changes) {
		note_changes(layout, &coming->ids, &going->ids);
		note_changes(layout, &going->ids, &coming->ids);
	}
	vz_map_for_each(slot, &going->ids)
	{
		(void) vz_map_remove(&layout->ids, slot->key);
	}
	vz_map_move(&layout->ids, &coming->ids);
	layout->n_components += coming->n_components - going->n_components;
}

/* Replaces @old by @value (taken, also on failure), one of which may hold components. */
static int set_container(struct vz_layout *layout, struct json_object *props, const char *property,
			 struct json_object *old, struct json_object *value)
{
	VZ_CLEANUP(json_object_putp) struct json_object *owned = value;
	VZ_CLEANUP(vz_survey_deinit) struct vz_survey going = { 0 };
	VZ_CLEANUP(vz_survey_deinit) struct vz_survey coming = { 0 };
	int r;

	r = vz_survey_value(&coming, value);
	if (!r)
		r = vz_survey_value(&going, old);
	if (!r)
		r = check_ids(layout, &going, &coming);
	if (!r)
		r = vz_map_reserve(&layout->ids, coming.ids.n_entries);
	if (r < 0)
		return r;
	/* Frees @old; @going's keys are its own, and its pointers are not followed any more. */
	if (json_object_object_add(props, property, value) < 0)
		return -ENOMEM;
	(void) vz_steal(owned);
	exchange(layout, &going, &coming);
	return 0;
}

/* The value that a Patch makes of the present one, in place of the Patch itself. */
static int resolve_patch(struct json_object *old, struct json_object **value)
{
	struct json_object *patched;
	int r;

	if (!vz_patch_check(*value))
		return 0;
	r = vz_patch_apply(old, *value, &patched);
	if (r < 0)
		return r;
	json_object_put(*value);
	*value = patched;
	return 0;
}

int vz_layout_set(struct vz_layout *layout, const char *id, const char *property,
		  struct json_object *value)
{
	VZ_CLEANUP(json_object_putp) struct json_object *owned = value;
	struct json_object *props = vz_layout_find(layout, id);
	struct json_object *old;
	int r;

	if (!props)
		return -ENOENT;
	old = json_object_object_get(props, property);
	r = resolve_patch(old, &owned);
	if (!r && !strcmp(property, "id"))
		r = check_same_id(id, owned);
	if (r < 0)
		return r;

	if (is_container(old) || is_container(owned)) {
		r = set_container(layout, props, property, old, vz_steal(owned));
		if (r < 0)
			return r;
	} else {
		if (json_object_object_add(props, property, owned) < 0)
			return -ENOMEM;
		(void) vz_steal(owned);
	}
	layout->encoded = vz_blob_unref(layout->encoded);
	return 0;
}

int vz_layout_encode(struct vz_layout *layout, struct vz_blob **ret)
{
	struct vz_buf buf = { 0 };
	int r;

	if (!layout->encoded) {
		vz_json_print(&buf, layout->root);
		r = vz_buf_finish_blob(&buf, &layout->encoded);
		if (r < 0)
			return r;
	}
	*ret = vz_blob_ref(layout->encoded);
	return 0;
}

/* --- Components with pattern ids -------------------------------------------------------------- */

static int list_component(struct vz_layout *layout, struct json_object *props)
{
	struct json_object *id = json_object_object_get(props, "id");
	struct vz_layout_entry *grown;
	size_t n = layout->n_patterned;
	int r;

	if (!json_object_is_type(id, json_type_object))
		return 0;
	if ((n & (n - 1)) == 0) {
		grown = realloc(layout->patterned, (n ? 2 * n : 1) * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		layout->patterned = grown;
	}
	r = vz_component_id_string(id, &layout->patterned[n].id);
	if (r < 0)
		return r;
	layout->patterned[n].id_object = json_object_get(id);
	layout->n_patterned++;
	return 0;
}

/* As deep as the surveys let it become. */
static int list_value(struct vz_layout *layout, struct json_object *value)
{
	struct json_object *props = vz_component_props(value);
	struct lh_entry *entry;
	int r = 0;

	if (json_object_is_type(value, json_type_array)) {
		size_t n = json_object_array_length(value);

		for (size_t i = 0; i < n && !r; i++)
			r = list_value(layout, json_object_array_get_idx(value, i));
		return r;
	}
	if (!json_object_is_type(value, json_type_object))
		return 0;
	if (props) {
		r = list_component(layout, props);
		value = props;
	}
	lh_foreach(json_object_get_object(value), entry)
	{
		if (!r)
			r = list_value(layout, (struct json_object *) lh_entry_v(entry));
	}
	return r;
}

int vz_layout_list_patterned(struct vz_layout *layout, const struct vz_layout_entry **ret,
			     size_t *ret_n)
{
	int r = layout->is_listed ? 0 : list_value(layout, layout->root);

	if (r < 0) {
		forget_list(layout);
		return r;
	}
	layout->is_listed = true;
	*ret = layout->patterned;
	*ret_n = layout->n_patterned;
	return 0;
}

void vz_layout_note_changes(struct vz_layout *layout)
{
	layout->notes_changes = true;
}

struct json_object *vz_layout_take_changes(struct vz_layout *layout)
{
	return vz_steal(layout->changes);
}
