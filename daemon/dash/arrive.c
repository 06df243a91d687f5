#include "dash/arrive.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dash/app-private.h"
#include "dash/callback.h"
#include "dash/layout.h"
#include "dash/pattern.h"
#include "dash/round.h"
#include "dash/service.h"
#include "util/json.h"
#include "util/log.h"

static void note(struct vz_round *round, struct vz_callback *c, const struct vz_property *property,
		 struct json_object *id, bool is_output)
{
	size_t n = c->n_round_arrivals;
	struct vz_arrival *grown;

	if ((n & (n - 1)) == 0) {
		grown = realloc(c->round_arrivals, (n ? 2 * n : 1) * sizeof(*grown));
		if (!grown) {
			c->app->counters.callbacks_failed++;
			vz_warn_errno(DASH, -ENOMEM, "Cannot call '%s'", c->output);
			return;
		}
		c->round_arrivals = grown;
	}
	c->round_arrivals[c->n_round_arrivals++] =
		(struct vz_arrival){ json_object_get(id), property, is_output };
	vz_round_add(round, c);
}

static bool is_called_at_start(const struct vz_callback *c)
{
	return c->service & VZ_SERVICE_SERVER_INITIAL;
}

/* Whoever has what @p means as an Input or Output. */
static void tell(struct vz_round *round, const struct vz_property *p, struct json_object *id,
		 bool has_come, const struct vz_callback *by)
{
	size_t i;

	for (i = 0; i < p->n_listeners; i++) {
		struct vz_callback *c = p->listeners[i];

		if (c != by && c->n_outputs &&
		    (p->pattern->is_list || (has_come && is_called_at_start(c))))
			note(round, c, p, id, false);
	}
	for (i = 0; has_come && i < p->n_producers; i++) {
		struct vz_callback *c = p->producers[i];

		if (c != by && vz_service_is_shared(c->service) && is_called_at_start(c))
			note(round, c, p, id, true);
	}
}

static void arrive(struct vz_round *round, const char *id, const struct vz_callback *by)
{
	VZ_CLEANUP(json_object_putp) struct json_object *object = NULL;
	bool has_come = vz_layout_find(round->app->layout, id);
	const struct vz_property *p;

	if (vz_json_parse(id, strlen(id), NULL, NULL, &object) < 0)
		return;
	vz_list_for_each(p, &round->app->patterns, in_patterns)
	{
		if (vz_pattern_matches(p->pattern, object, NULL))
			tell(round, p, object, has_come, by);
	}
}

void vz_arrive(struct vz_round *round, struct vz_callback *by)
{
	VZ_CLEANUP(json_object_putp)
	struct json_object *changes = vz_layout_take_changes(round->app->layout);
	size_t i, n = changes ? json_object_array_length(changes) : 0;

	for (i = 0; i < n; i++)
		arrive(round, json_object_get_string(json_object_array_get_idx(changes, i)), by);
}
