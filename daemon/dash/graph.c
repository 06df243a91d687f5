#include "dash/graph.h"

#include <errno.h>

#include "dash/app-private.h"
#include "dash/callback.h"
#include "dash/layout.h"
#include "dash/service.h"
#include "util/buf.h"

static bool is_shared(const struct vz_callback *c)
{
	return vz_service_is_shared(c->service);
}

static bool is_duplicate(const struct vz_callback *c, const struct vz_property *property)
{
	int index = vz_callback_find_output_property(c, property);

	return index >= 0 && c->outputs[index].is_duplicate;
}

static int check_producers(struct vz_callback *c, const struct vz_dependency *output,
			   const struct vz_property *p)
{
	size_t i;

	for (i = 0; i < p->n_producers; i++) {
		const struct vz_callback *other = p->producers[i];

		if (!output->is_duplicate && !is_duplicate(other, p))
			return vz_app_set_error(c->app, -EEXIST,
						"Output '%s' is that of another callback; name it "
						"in allow_duplicate if both may set it",
						output->text);
		/* The one would set it for everybody, the other behind the server's back. */
		if (is_shared(c) != is_shared(other))
			return vz_app_set_error(c->app, -EPERM,
						"Output '%s' is that of a callback that is "
						"%sshared",
						output->text, is_shared(other) ? "" : "not ");
	}
	return 0;
}

static int check_output(struct vz_callback *c, const struct vz_dependency *output)
{
	struct vz_property *p = NULL;
	int r;

	while ((p = vz_property_next(c->app, output->property, p))) {
		r = check_producers(c, output, p);
		if (r < 0)
			return r;
		if (is_shared(c) && p->n_private_listeners)
			return vz_app_set_error(c->app, -EPERM,
						"shared Output '%s' is the Input of a callback "
						"that is not shared",
						output->text);
	}
	return 0;
}

static int check_input(struct vz_callback *c, const struct vz_dependency *input)
{
	struct vz_property *p = NULL;
	size_t i;

	while ((p = vz_property_next(c->app, input->property, p)))
		for (i = 0; i < p->n_producers; i++)
			if (is_shared(p->producers[i]))
				return vz_app_set_error(c->app, -EPERM,
							"Input '%s' of a callback that is not "
							"shared is a shared Output",
							input->text);
	return 0;
}

/*
 * A chain that begins on the server cannot go on in one browser, nor would it in all of them. A
 * clientside callback is no link of a chain: it makes each browser's view of what all have.
 */
static int check_neighbours(struct vz_callback *c)
{
	unsigned i;
	int r = 0;

	for (i = 0; r >= 0 && i < c->n_outputs; i++)
		r = check_output(c, &c->outputs[i]);
	if (is_shared(c) || vz_callback_is_clientside(c))
		return r;
	for (i = 0; r >= 0 && i < c->n_inputs; i++)
		r = check_input(c, &c->inputs[i]);
	return r;
}

/* --- Tying ----------------------------------------------------------------------------------- */

/*
 * A callback is tied to the properties that it names and, by a pattern, to those of every component
 * that the pattern matches; patterns that overlap stay apart.
 */
static struct vz_property *next_tied(struct vz_callback *c, const struct vz_dependency *dependency,
				     struct vz_property *last)
{
	struct vz_property *p = last;

	do
		p = vz_property_next(c->app, dependency->property, p);
	while (p && p->pattern && p != dependency->property);
	return p;
}

static void share(struct vz_callback *c, struct vz_property *property, int change)
{
	property->n_sharing += (unsigned) change;
	vz_property_update(c->app, property);
}

/* The lists of its properties: what can fail. */
static int enlist(struct vz_callback *c)
{
	struct vz_property *p = NULL;
	unsigned i;
	int r = 0;

	for (i = 0; i < c->n_inputs && is_shared(c); i++)
		while (r >= 0 && (p = next_tied(c, &c->inputs[i], p)))
			r = vz_property_add_listener(p, c);
	for (i = 0; r >= 0 && i < c->n_outputs; i++)
		while (r >= 0 && (p = next_tied(c, &c->outputs[i], p)))
			r = vz_property_add_producer(p, c);
	return r;
}

static void delist(struct vz_callback *c)
{
	struct vz_property *p = NULL;
	unsigned i;

	for (i = 0; i < c->n_inputs; i++)
		while ((p = next_tied(c, &c->inputs[i], p)))
			vz_property_remove_listener(p, c);
	for (i = 0; i < c->n_outputs; i++)
		while ((p = next_tied(c, &c->outputs[i], p)))
			vz_property_remove_producer(p, c);
}

/* The numbers in its properties: @change is 1 or -1. */
static void count(struct vz_callback *c, int change)
{
	struct vz_property *p = NULL;
	unsigned i;

	for (i = 0; i < c->n_inputs; i++)
		while ((p = next_tied(c, &c->inputs[i], p))) {
			if (vz_callback_is_clientside(c))
				p->n_clientside_listeners += (unsigned) change;
			else if (!is_shared(c))
				p->n_private_listeners += (unsigned) change;
			else if (vz_service_shares_inputs(c->service))
				share(c, p, change);
		}
	for (i = 0; i < c->n_outputs && is_shared(c); i++)
		while ((p = next_tied(c, &c->outputs[i], p)))
			share(c, p, change);
}

static int tie(struct vz_callback *c)
{
	int r = enlist(c);

	if (r < 0) {
		delist(c);
		return r;
	}
	c->is_attached = true;
	if (c->has_patterns && is_shared(c))
		vz_layout_note_changes(c->app->layout);
	count(c, 1);
	return 0;
}

void vz_graph_remove(struct vz_callback *c)
{
	if (!c->is_attached)
		return;
	c->is_attached = false;
	count(c, -1);
	delist(c);
}

/* --- Circles and depth ----------------------------------------------------------------------- */

static bool find_way_back(struct vz_callback *c, struct vz_callback *start);

/* The same by way of one property. */
static bool find_way_by(struct vz_callback *c, struct vz_property *p, struct vz_callback *start)
{
	size_t i;

	for (i = 0; i < p->n_listeners; i++) {
		struct vz_callback *next = p->listeners[i];

		if (next == c || (next != start && next->mark == start->mark))
			continue;
		next->mark = start->mark;
		next->came_from = c;
		next->came_by = p;
		if (next == start || find_way_back(next, start))
			return true;
	}
	return false;
}

/* Walks downstream of @c; whether the walk comes back to @start. Each callback is seen once. */
static bool find_way_back(struct vz_callback *c, struct vz_callback *start)
{
	struct vz_property *p = NULL;
	unsigned i;

	for (i = 0; i < c->n_outputs; i++)
		while ((p = vz_property_next(c->app, c->outputs[i].property, p)))
			if (find_way_by(c, p, start))
				return true;
	return false;
}

/* The way back, told from its end: each step prepends its property. */
static void print_way(struct vz_buf *buf, struct vz_callback *c, struct vz_callback *start)
{
	struct vz_property *by = c->came_by;

	if (c->came_from != start)
		print_way(buf, c->came_from, start);
	vz_buf_printf(buf, "%s.%s -> ", by->id, by->name);
}

static int refuse_circle(struct vz_callback *c)
{
	VZ_CLEANUP(vz_freep) char *way = NULL;
	struct vz_buf buf = { 0 };
	struct vz_callback *first = c->came_from;

	print_way(&buf, c, c);
	/* It ends where it began: with what the first step was taken by. */
	while (first->came_from != c)
		first = first->came_from;
	vz_buf_printf(&buf, "%s.%s", first->came_by->id, first->came_by->name);
	if (vz_buf_finish(&buf, &way, NULL) < 0)
		return -ENOMEM;
	return vz_app_set_error(c->app, -ELOOP, "a circle of shared callbacks: %s", way);
}

/* Everything downstream of @c lies deeper than it. Ends, as there is no circle. */
static void push_down(struct vz_callback *c)
{
	struct vz_property *p = NULL;
	unsigned i;
	size_t j;

	for (i = 0; i < c->n_outputs; i++)
		while ((p = vz_property_next(c->app, c->outputs[i].property, p)))
			for (j = 0; j < p->n_listeners; j++) {
				struct vz_callback *next = p->listeners[j];

				if (next == c || next->depth > c->depth)
					continue;
				next->depth = c->depth + 1;
				push_down(next);
			}
}

static void set_depth(struct vz_callback *c)
{
	struct vz_property *p = NULL;
	unsigned i;
	size_t j;

	for (i = 0; i < c->n_inputs; i++)
		while ((p = vz_property_next(c->app, c->inputs[i].property, p)))
			for (j = 0; j < p->n_producers; j++)
				if (p->producers[j] != c && p->producers[j]->depth >= c->depth)
					c->depth = p->producers[j]->depth + 1;
	push_down(c);
}

int vz_graph_add(struct vz_callback *c)
{
	int r;

	r = check_neighbours(c);
	if (r < 0)
		return r;
	r = tie(c);
	if (r < 0 || !is_shared(c))
		return r;

	c->mark = ++c->app->last_mark;
	if (find_way_back(c, c)) {
		r = refuse_circle(c);
		vz_graph_remove(c);
		return r;
	}
	set_depth(c);
	return 0;
}
