#include "dash/dependency.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dash/app-private.h"
#include "dash/component.h"
#include "dash/pattern.h"
#include "util/cleanup.h"
#include "util/json.h"

/* A pattern id in its canonical form, however a program has written it. */
static int canonicalize(char **id)
{
	VZ_CLEANUP(json_object_putp) struct json_object *object = NULL;
	char *canonical;
	int r;

	if (**id != '{')
		return 0;
	r = vz_json_parse(*id, strlen(*id), NULL, NULL, &object);
	if (r >= 0)
		r = vz_component_id_string(object, &canonical);
	if (r < 0)
		return r == -ENOMEM ? r : -EINVAL;
	free(*id);
	*id = canonical;
	return 0;
}

int vz_dependency_init(struct vz_dependency *dependency, struct vz_app *app, const char *text)
{
	VZ_CLEANUP(vz_freep) char *id = NULL;
	VZ_CLEANUP(vz_freep) char *name = NULL;
	VZ_CLEANUP(vz_freep) char *joined = NULL;
	size_t id_size, name_size;
	int r;

	r = vz_component_split(text, &id, &name);
	if (r < 0)
		return r;
	if (!*id || !*name)
		return -EINVAL;
	r = canonicalize(&id);
	if (r < 0)
		return r;

	id_size = strlen(id);
	name_size = strlen(name) + 1;
	joined = malloc(id_size + 1 + name_size);
	if (!joined)
		return -ENOMEM;
	memcpy(joined, id, id_size);
	joined[id_size] = '.';
	memcpy(joined + id_size + 1, name, name_size);

	r = vz_property_get(app, id, name, &dependency->property);
	if (r < 0)
		return r;
	dependency->text = vz_steal(joined);
	return 0;
}

void vz_dependency_deinit(struct vz_dependency *dependency)
{
	free(dependency->text);
	memset(dependency, 0, sizeof(*dependency));
}

bool vz_dependency_equal(const struct vz_dependency *dependency, const char *id,
			 const char *property)
{
	return id && property && !strcmp(dependency->property->id, id) &&
	       !strcmp(dependency->property->name, property);
}

static void append_output(struct vz_buf *buf, const struct vz_dependency *output, const char *token)
{
	const struct vz_property *property = output->property;
	const char *p;

	/* A pattern id is JSON, which the renderer does not escape here. */
	for (p = property->id; *p; p++) {
		if (*p == '.' && property->id[0] != '{')
			vz_buf_putc(buf, '\\');
		vz_buf_putc(buf, *p);
	}
	vz_buf_putc(buf, '.');
	vz_buf_puts(buf, property->name);
	if (!output->is_duplicate)
		return;
	vz_buf_putc(buf, '@');
	vz_buf_puts(buf, token);
}

void vz_dependency_identity(struct vz_buf *buf, const struct vz_dependency *outputs, unsigned n,
			    const char *token)
{
	unsigned i;

	if (n == 1) {
		append_output(buf, &outputs[0], token);
		return;
	}

	vz_buf_puts(buf, "..");
	for (i = 0; i < n; i++) {
		if (i)
			vz_buf_puts(buf, "...");
		append_output(buf, &outputs[i], token);
	}
	vz_buf_puts(buf, "..");
}

static uint64_t hash_of(const char *id, const char *name)
{
	return vz_table_hash_string(vz_table_hash_string(VZ_TABLE_SEED, id), name);
}

struct vz_property *vz_property_find(struct vz_app *app, const char *id, const char *name)
{
	struct vz_table_node *node = vz_table_find(&app->properties, hash_of(id, name));

	for (; node; node = vz_table_find_next(node)) {
		struct vz_property *p = vz_container_of(node, struct vz_property, node);

		if (!strcmp(p->id, id) && !strcmp(p->name, name))
			return p;
	}
	return NULL;
}

static void property_free(struct vz_property *property)
{
	vz_list_remove(&property->in_shared);
	vz_list_remove(&property->in_patterns);
	vz_pattern_free(property->pattern);
	json_object_put(property->id_object);
	free(property->producers);
	free(property->listeners);
	free(property->id);
	free(property->name);
	free(property);
}

/* What holds for every component that @pattern matches holds for @property, one of those. */
static int inherit(struct vz_property *property, const struct vz_property *pattern)
{
	size_t i;
	int r = 0;

	for (i = 0; r >= 0 && i < pattern->n_listeners; i++)
		r = vz_property_add_listener(property, pattern->listeners[i]);
	for (i = 0; r >= 0 && i < pattern->n_producers; i++)
		r = vz_property_add_producer(property, pattern->producers[i]);
	property->n_private_listeners += pattern->n_private_listeners;
	property->n_clientside_listeners += pattern->n_clientside_listeners;
	property->n_sharing += pattern->n_sharing;
	return r;
}

static int inherit_all(struct vz_app *app, struct vz_property *property)
{
	struct vz_property *pattern;
	int r = 0;

	if (!property->id_object || property->pattern)
		return 0;
	vz_list_for_each(pattern, &app->patterns, in_patterns)
	{
		if (vz_property_overlaps(pattern, property))
			r = inherit(property, pattern);
		if (r < 0)
			return r;
	}
	return 0;
}

static int property_new(struct vz_app *app, const char *id, const char *name,
			struct vz_property **ret)
{
	struct vz_property *p = calloc(1, sizeof(*p));
	int r = -ENOMEM;

	if (!p)
		return r;
	vz_list_init(&p->in_shared);
	vz_list_init(&p->in_patterns);
	p->id = strdup(id);
	p->name = strdup(name);
	if (p->id && p->name)
		r = vz_pattern_read_text(id, &p->id_object, &p->pattern);
	if (r >= 0)
		r = inherit_all(app, p);
	if (r >= 0)
		r = vz_table_add(&app->properties, &p->node, hash_of(id, name));
	if (r < 0) {
		property_free(p);
		return r;
	}
	if (p->pattern)
		vz_list_add(&app->patterns, &p->in_patterns);
	vz_property_update(app, p);
	*ret = p;
	return 0;
}

int vz_property_get(struct vz_app *app, const char *id, const char *name, struct vz_property **ret)
{
	struct vz_property *p = vz_property_find(app, id, name);

	if (!p)
		return property_new(app, id, name, ret);
	*ret = p;
	return 0;
}

/* --- What a pattern means -------------------------------------------------------------------- */

bool vz_property_overlaps(const struct vz_property *a, const struct vz_property *b)
{
	if (a == b)
		return true;
	if (strcmp(a->name, b->name) != 0)
		return false;
	if (a->pattern && b->pattern)
		return vz_pattern_overlaps(a->pattern, b->pattern);
	if (a->pattern)
		return vz_pattern_matches(a->pattern, b->id_object, NULL);
	return b->pattern && vz_pattern_matches(b->pattern, a->id_object, NULL);
}

struct vz_property *vz_property_next(struct vz_app *app, struct vz_property *property,
				     struct vz_property *last)
{
	struct vz_table_node *node = last ? &last->node : NULL;

	if (!property->pattern)
		return last ? NULL : property;
	while ((node = vz_table_next(&app->properties, node))) {
		struct vz_property *p = vz_container_of(node, struct vz_property, node);

		if (vz_property_overlaps(property, p))
			return p;
	}
	return NULL;
}

/* --- Who is tied to it ----------------------------------------------------------------------- */

/* The room of a list is the power of two above its length, and need not be noted. */
static int add(struct vz_callback ***list, size_t *n, struct vz_callback *callback)
{
	struct vz_callback **grown;
	size_t i;

	for (i = 0; i < *n; i++)
		if ((*list)[i] == callback)
			return 0;
	if ((*n & (*n - 1)) == 0) {
		grown = realloc(*list, (*n ? *n * 2 : 1) * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		*list = grown;
	}
	(*list)[(*n)++] = callback;
	return 0;
}

static void take_out(struct vz_callback **list, size_t *n, struct vz_callback *callback)
{
	size_t i;

	for (i = 0; i < *n; i++)
		if (list[i] == callback)
			break;
	if (i == *n)
		return;
	--*n;
	memmove(&list[i], &list[i + 1], (*n - i) * sizeof(*list));
}

int vz_property_add_listener(struct vz_property *property, struct vz_callback *callback)
{
	return add(&property->listeners, &property->n_listeners, callback);
}

void vz_property_remove_listener(struct vz_property *property, struct vz_callback *callback)
{
	take_out(property->listeners, &property->n_listeners, callback);
}

int vz_property_add_producer(struct vz_property *property, struct vz_callback *callback)
{
	return add(&property->producers, &property->n_producers, callback);
}

void vz_property_remove_producer(struct vz_property *property, struct vz_callback *callback)
{
	take_out(property->producers, &property->n_producers, callback);
}

void vz_property_update(struct vz_app *app, struct vz_property *property)
{
	bool listed = !vz_list_is_empty(&property->in_shared);

	if (vz_property_is_shared(property) == listed)
		return;

	vz_list_remove(&property->in_shared);
	if (!listed)
		vz_list_add(&app->shared, &property->in_shared);
	vz_app_forget_snapshot(app);
}

void vz_properties_free(struct vz_app *app)
{
	size_t i;

	for (i = 0; i < app->properties.n_buckets; i++)
		while (app->properties.buckets[i]) {
			struct vz_property *p = vz_container_of(app->properties.buckets[i],
								struct vz_property, node);

			vz_table_remove(&app->properties, &p->node);
			property_free(p);
		}
	vz_table_deinit(&app->properties);
}
