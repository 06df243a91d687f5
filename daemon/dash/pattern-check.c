/*
 * The rules that dash-renderer 3.4.1 has for wildcards, checked when a callback is registered, as
 * there they would be a message in a console that nobody reads. (Declared in callback.h.)
 */
#include <errno.h>
#include <string.h>

#include "dash/app-private.h"
#include "dash/callback.h"
#include "dash/pattern.h"

static bool has_key(const struct vz_dependency *dependency, const char *name,
		    enum vz_wildcard wildcard)
{
	const struct vz_pattern *pattern = dependency->property->pattern;

	return pattern && vz_pattern_find(pattern, name, wildcard);
}

/* A MATCH of @a's that @b does not have, or NULL. */
static const char *find_other_match(const struct vz_dependency *a, const struct vz_dependency *b)
{
	const struct vz_pattern *pattern = a->property->pattern;
	unsigned i;

	for (i = 0; pattern && i < pattern->n_keys; i++)
		if (pattern->keys[i].wildcard == VZ_WILDCARD_MATCH &&
		    !has_key(b, pattern->keys[i].name, VZ_WILDCARD_MATCH))
			return pattern->keys[i].name;
	return NULL;
}

static int check_output(struct vz_callback *c, unsigned index)
{
	const struct vz_dependency *output = &c->outputs[index], *first = &c->outputs[0];
	const struct vz_pattern *pattern = output->property->pattern;
	unsigned i;

	for (i = 0; pattern && i < pattern->n_keys; i++)
		if (pattern->keys[i].wildcard == VZ_WILDCARD_ALLSMALLER)
			return vz_app_set_error(c->app, -EINVAL,
						"Output '%s' has ALLSMALLER: expected MATCH or ALL",
						output->text);
	if (find_other_match(output, first) || find_other_match(first, output))
		return vz_app_set_error(c->app, -EINVAL,
					"Output '%s' has MATCH on other keys than Output '%s'",
					output->text, first->text);
	for (i = 0; i < index; i++)
		if (vz_property_overlaps(c->outputs[i].property, output->property))
			return vz_app_set_error(c->app, -EINVAL,
						"Output '%s' means some of what Output '%s' means",
						output->text, c->outputs[i].text);
	return 0;
}

/*
 * Where no Output has a MATCH, that of the Input which triggered tells the calls apart; then there
 * is nothing to be smaller than.
 */
static int check_argument(struct vz_callback *c, const struct vz_dependency *argument)
{
	static struct vz_property nothing;
	const struct vz_dependency none = { .property = &nothing };
	const struct vz_dependency *output = c->n_outputs ? &c->outputs[0] : &none;
	const struct vz_pattern *pattern = argument->property->pattern;
	const char *other = find_other_match(argument, output);
	unsigned i;

	if (!pattern)
		return 0;
	if (argument->is_optional)
		return vz_app_set_error(c->app, -EINVAL,
					"allow_optional '%s': what a pattern means may be missing "
					"with ALL only",
					argument->text);
	if (other && output->property->pattern && output->property->pattern->has_match)
		return vz_app_set_error(c->app, -EINVAL,
					"'%s' has MATCH on '%s', which Output '%s' has not",
					argument->text, other, output->text);
	for (i = 0; i < pattern->n_keys; i++)
		if (pattern->keys[i].wildcard == VZ_WILDCARD_ALLSMALLER &&
		    !has_key(output, pattern->keys[i].name, VZ_WILDCARD_MATCH))
			return vz_app_set_error(c->app, -EINVAL,
						"'%s' has ALLSMALLER on '%s', for which an Output "
						"with MATCH is needed",
						argument->text, pattern->keys[i].name);
	return 0;
}

int vz_callback_check_patterns(struct vz_callback *c)
{
	unsigned i;
	int r = 0;

	for (i = 0; r >= 0 && i < c->n_outputs; i++) {
		c->has_patterns |= c->outputs[i].property->pattern != NULL;
		r = check_output(c, i);
	}
	for (i = 0; r >= 0 && i < c->n_inputs; i++) {
		c->has_patterns |= c->inputs[i].property->pattern != NULL;
		r = check_argument(c, &c->inputs[i]);
	}
	for (i = 0; r >= 0 && i < c->n_states; i++) {
		c->has_patterns |= c->states[i].property->pattern != NULL;
		r = check_argument(c, &c->states[i]);
	}
	return r;
}
