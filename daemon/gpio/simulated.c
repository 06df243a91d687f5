/*
 * Lines of a desk: a level that the page moves. Edges wait in a queue of the kernel's kind, which
 * drops the oldest, and come from the loop, never from within the call that made them.
 */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#include "gpio/backend.h"
#include "gpio/line-spec.h"
#include "loop/loop.h"

#define MAX_WAITING 16 /* as the kernel has for one line */

struct simulated {
	struct vz_line_source source;
	struct vz_loop *loop;
	const struct vz_line_sink *sink;
	struct vz_timer *timer;
	bool is_output, active;
	struct vz_edge waiting[MAX_WAITING];
	unsigned first, n_waiting;
	uint32_t seqno;
};

static struct simulated *simulated_of(struct vz_line_source *source)
{
	return vz_container_of(source, struct simulated, source);
}

static void on_timer(void *data)
{
	struct simulated *simulated = data;

	while (simulated->n_waiting) {
		struct vz_edge edge = simulated->waiting[simulated->first];

		simulated->first = (simulated->first + 1) % MAX_WAITING;
		simulated->n_waiting--;
		simulated->sink->edge(&edge, simulated->sink->data);
	}
}

static void simulated_close(struct vz_line_source *source)
{
	struct simulated *simulated = simulated_of(source);

	simulated->timer = vz_timer_free(simulated->timer);
	free(simulated);
}

static int simulated_open(struct vz_loop *loop, const struct vz_line_spec *spec, bool active,
			  const struct vz_line_sink *sink, struct vz_line_source **ret)
{
	struct simulated *simulated = calloc(1, sizeof(*simulated));
	int r;

	if (!simulated)
		return -ENOMEM;
	simulated->source.backend = &vz_gpio_simulated;
	simulated->loop = loop;
	simulated->sink = sink;
	simulated->is_output = spec->is_output;
	simulated->active = active;
	r = vz_timer_new(loop, on_timer, simulated, &simulated->timer);
	if (r < 0) {
		free(simulated);
		return r;
	}
	*ret = &simulated->source;
	return 0;
}

static int simulated_get(struct vz_line_source *source)
{
	return simulated_of(source)->active;
}

static int simulated_set(struct vz_line_source *source, bool active)
{
	struct simulated *simulated = simulated_of(source);

	if (!simulated->is_output)
		return -EPERM;
	simulated->active = active;
	return 0;
}

static int simulated_move(struct vz_line_source *source, bool active)
{
	struct simulated *simulated = simulated_of(source);
	unsigned at;

	if (simulated->is_output)
		return -EPERM;
	if (simulated->active == active)
		return 0;
	simulated->active = active;
	if (simulated->n_waiting == MAX_WAITING) {
		simulated->first = (simulated->first + 1) % MAX_WAITING;
		simulated->n_waiting--;
	}
	at = (simulated->first + simulated->n_waiting++) % MAX_WAITING;
	simulated->waiting[at] = (struct vz_edge){
		.active = active,
		.at_us = vz_loop_now_us(simulated->loop),
		.seqno = ++simulated->seqno,
	};
	vz_timer_start(simulated->timer, 0);
	return 0;
}

const struct vz_gpio_backend vz_gpio_simulated = {
	.open = simulated_open,
	.close = simulated_close,
	.get = simulated_get,
	.set = simulated_set,
	.move = simulated_move,
};
