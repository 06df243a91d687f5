/*
 * A dependency is an Output, Input or State of a callback: a property of a component, named
 * "id.property", or, with a pattern in place of the id, those of several components. A property is
 * the other end of it: who makes its value, who listens to it, and whether it is shared, which
 * means that the layout has its truth and every browser a view of it.
 *
 * Properties are found by one hash look-up, and live as long as the app: what waits in a round or
 * in a client's list of pushed values may point at one, and a plugin that is loaded again finds
 * its own. Thread: loop.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "dash/table.h"
#include "util/buf.h"
#include "util/list.h"

struct json_object;
struct vz_app;
struct vz_callback;
struct vz_pattern;

/*
 * The property of a pattern means those of every component whose id the pattern matches. These are
 * properties of their own, made when their component first takes part in anything, and have the
 * listeners and so on of every pattern that matches beside their own, so that whoever asks one need
 * not know.
 */
struct vz_property {
	struct vz_table_node node;
	struct vz_list in_patterns; /* app->patterns, if it has a pattern */
	struct vz_pattern *pattern;
	struct json_object *id_object; /* of a pattern id, with wildcards or without */
	struct vz_list in_shared;      /* app->shared, while it is shared */
	char *id, *name;
	/* Whose Output it is: several by allow_duplicate only. */
	struct vz_callback **producers;
	size_t n_producers;
	/* The shared callbacks that have it as an Input, and how many others do: called, or in
	 * browsers. */
	struct vz_callback **listeners;
	size_t n_listeners;
	unsigned n_private_listeners, n_clientside_listeners;
	unsigned n_sharing; /* dependencies that make it shared */
	bool pushed;	    /* push_mods to all, or an alternate output, made it shared */
};

struct vz_dependency {
	struct vz_property *property;
	char *text; /* "id.property" as the renderer names a changed property: nothing escaped */
	bool is_duplicate; /* an Output that other callbacks may have, too */
	bool is_optional;  /* an Input or State that is null when its component is missing */
};

/* Returns 0, -EINVAL (not "id.property", or a pattern with an unknown wildcard) or -ENOMEM. */
int vz_dependency_init(struct vz_dependency *dependency, struct vz_app *app, const char *text);
void vz_dependency_deinit(struct vz_dependency *dependency);
/* Whether it names this property of this component. */
bool vz_dependency_equal(const struct vz_dependency *dependency, const char *id,
			 const char *property);

/*
 * Appends what identifies a callback with these Outputs in every request: "id.prop" for one,
 * "..a.p...b.q.." for several, dots in ids escaped. An Output that other callbacks may have, too,
 * gets
 * "@" and @token, which tells them apart; so do requests, but not answers.
 */
void vz_dependency_identity(struct vz_buf *buf, const struct vz_dependency *outputs, unsigned n,
			    const char *token);

/* The property, or NULL when nobody has named it yet. One hash look-up. */
struct vz_property *vz_property_find(struct vz_app *app, const char *id, const char *name);
/* The same, made when there is none. Returns 0 or -ENOMEM. */
int vz_property_get(struct vz_app *app, const char *id, const char *name, struct vz_property **ret);
/*
 * Adds and removes a shared callback that has it as an Input, and one that has it as an Output,
 * which changes nothing when that is there or not there already. The first of each returns 0 or
 * -ENOMEM.
 */
int vz_property_add_listener(struct vz_property *property, struct vz_callback *callback);
void vz_property_remove_listener(struct vz_property *property, struct vz_callback *callback);
int vz_property_add_producer(struct vz_property *property, struct vz_callback *callback);
void vz_property_remove_producer(struct vz_property *property, struct vz_callback *callback);
/* Whether both mean the same property of some component. */
bool vz_property_overlaps(const struct vz_property *a, const struct vz_property *b);
/*
 * Walks what @property may mean: itself alone, or for a pattern all properties that overlap it.
 * Starts with @last NULL, and ends with NULL. Nothing may be added to the app meanwhile.
 */
struct vz_property *vz_property_next(struct vz_app *app, struct vz_property *property,
				     struct vz_property *last);
static inline bool vz_property_is_shared(const struct vz_property *property)
{
	return property->pushed || property->n_sharing;
}
/*
 * Whether a push of it wakes the browser's callbacks. Shared callbacks have already run on the
 * server; those that are not shared run nowhere else.
 */
static inline bool vz_property_notifies(const struct vz_property *property)
{
	return property->n_private_listeners || property->n_clientside_listeners;
}
/* To be called when `pushed` or `n_sharing` has changed: keeps the app's list of shared ones. */
void vz_property_update(struct vz_app *app, struct vz_property *property);
void vz_properties_free(struct vz_app *app);
