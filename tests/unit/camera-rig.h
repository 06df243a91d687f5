/*
 * What the camera's tests share: a loop that is stepped until something is true, and the
 * simulated source with a plug that can be pulled.
 */
#pragma once

#include "test.h"

#include "camera/camera-private.h"
#include "camera/encode.h"
#include "loop/loop-test.h"
#include "util/blob.h"

/*
 * Steps the loop, and its clock by a millisecond each time, until @condition, which is evaluated
 * once a step, or for some 10 s.
 */
#define PUMP_UNTIL(loop, condition)                                             \
	do {                                                                    \
		int pump_left_ = 10000;                                         \
		bool pump_done_;                                                \
		while (!(pump_done_ = (condition)) && pump_left_-- > 0) {       \
			(void) vz_loop_test_step(loop, 1);                      \
			vz_loop_test_advance(loop, 1000);                       \
		}                                                               \
		if (!pump_done_)                                                \
			test_fail(__FILE__, __LINE__, "never: %s", #condition); \
	} while (0)

static struct {
	struct vz_sink sink;
	int open_result, start_result;
	unsigned n_opened, n_started, n_stopped, n_closed;
	unsigned n_sets, n_clears;
	unsigned last_control;
	double last_value;
} plug;

static int plug_open(const char *id, struct vz_control_table *controls, char **ret_name,
		     struct vz_source **ret)
{
	int r;

	if (plug.open_result < 0)
		return plug.open_result;
	r = vz_simulated_source.open(id, controls, ret_name, ret);
	plug.n_opened += r == 0;
	return r;
}

static int plug_start(struct vz_source *source, const struct vz_source_format *format,
		      const struct vz_control_table *controls, const struct vz_sink *sink,
		      uint32_t generation, struct vz_source_format *ret_format)
{
	int r;

	if (plug.start_result < 0)
		return plug.start_result;
	plug.sink = *sink;
	r = vz_simulated_source.start(source, format, controls, sink, generation, ret_format);
	plug.n_started += r == 0;
	return r;
}

static void plug_stop(struct vz_source *source)
{
	plug.n_stopped++;
	vz_simulated_source.stop(source);
}

static int plug_set_control(struct vz_source *source, unsigned control, double value)
{
	plug.n_sets++;
	plug.last_control = control;
	plug.last_value = value;
	return vz_simulated_source.set_control(source, control, value);
}

static int plug_clear_control(struct vz_source *source, unsigned control)
{
	plug.n_clears++;
	return vz_simulated_source.clear_control(source, control);
}

static struct vz_source *plug_close(struct vz_source *source)
{
	plug.n_closed++;
	return vz_simulated_source.close(source);
}

static const struct vz_source_ops plugged_source = {
	"plugged",	  plug_open,	      plug_start, plug_stop,
	plug_set_control, plug_clear_control, plug_close,
};

struct rig {
	struct vz_loop *loop;
	struct vz_camera *camera;
	unsigned changes; /* all that was heard */
	unsigned n_changes[8];
};

static inline void rig_on_change(struct vz_camera *camera, unsigned changes, void *data)
{
	struct rig *rig = data;

	rig->changes |= changes;
	for (int i = 0; i < 8; i++)
		rig->n_changes[i] += changes >> i & 1;
}

static inline struct rig rig_new(int open_result)
{
	struct vz_camera_options options = {
		.format = { 160, 120, 100 },
		.linger_us = 50000,
		.retry_us = 20000,
	};
	struct rig rig = { 0 };

	memset(&plug, 0, sizeof(plug));
	plug.open_result = open_result;
	CHECK_EQ(vz_loop_new_test(&rig.loop), 0);
	CHECK_EQ(vz_camera_new_with_ops(rig.loop, &options, &plugged_source, NULL, &rig.camera), 0);
	return rig;
}

/* Apart from rig_new(), because @rig must have its place. */
static inline void rig_listen(struct rig *rig)
{
	vz_camera_add_listener(rig->camera, &(struct vz_camera_listener){ rig_on_change, rig });
}

static inline void rig_free(struct rig *rig)
{
	rig->camera = vz_camera_free(rig->camera);
	rig->loop = vz_loop_free(rig->loop);
	CHECK_EQ(plug.n_opened, plug.n_closed);
	CHECK_EQ(plug.n_started, plug.n_stopped);
}

static inline void rig_wake(void *data)
{
	if (data)
		(*(int *) data)++;
}
