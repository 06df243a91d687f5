/*
 * A recorder on a camera whose frames come by hand, for its tests.
 */
#pragma once

#include "spool-rig.h"

#include <errno.h>

#include "camera/camera-private.h"
#include "camera/pool.h"
#include "recorder/recorder.h"

/*
 * A camera whose frames come when the test says so, with the stamps that it says: what is chosen
 * shall follow from the stamps alone, not from when anything arrives.
 */
static struct {
	struct vz_sink sink;
	uint32_t generation;
	unsigned n_started;
	bool is_running;
	uint32_t width_px, height_px;
	double fps;
} hand;

static inline int hand_open(const char *id, struct vz_control_table *controls, char **ret_name,
			    struct vz_source **ret)
{
	*ret_name = strdup("Hand");
	*ret = (struct vz_source *) &hand;
	return 0;
}

static inline int hand_start(struct vz_source *source, const struct vz_source_format *format,
			     const struct vz_control_table *controls, const struct vz_sink *sink,
			     uint32_t generation, struct vz_source_format *ret_format)
{
	hand.sink = *sink;
	hand.generation = generation;
	hand.n_started++;
	hand.is_running = true;
	*ret_format = (struct vz_source_format){ hand.width_px, hand.height_px, hand.fps, false };
	return 0;
}

static inline void hand_stop(struct vz_source *source)
{
	hand.is_running = false;
}

static inline int hand_set_control(struct vz_source *source, unsigned control, double value)
{
	return -ENOENT;
}

static inline struct vz_source *hand_close(struct vz_source *source)
{
	return NULL;
}

static const struct vz_source_ops hand_source = {
	.kind = "hand",
	.open = hand_open,
	.start = hand_start,
	.stop = hand_stop,
	.set_control = hand_set_control,
	.close = hand_close,
};

struct rig {
	struct vz_loop *loop;
	struct vz_camera *camera;
	struct vz_recorder *recorder;
	struct vz_pool *pool;
	uint64_t sequence;
	unsigned n_saved, n_changed;
	struct vz_recording last;
};

static inline void on_changed(struct vz_recorder *recorder, void *data)
{
	((struct rig *) data)->n_changed++;
}

static inline void on_saved(struct vz_recorder *recorder, const struct vz_recording *recording,
			    void *data)
{
	struct rig *rig = data;

	rig->n_saved++;
	rig->last = *recording;
}

#define MS INT64_C(1000000)
#define S  INT64_C(1000000000)
/* Far ahead of the clock, so that nothing is ever too late. */
#define T0 (INT64_C(4000000) * S)

/* Of pictures of any size. */
static inline void rig_init_size(struct rig *rig, size_t memory_bytes, uint32_t width_px,
				 uint32_t height_px, double fps)
{
	const struct vz_camera_options camera_options = { .linger_us = 1000 };
	struct vz_recorder_options options = {
		.dir = rig_dir,
		.memory_bytes = memory_bytes,
		.disk_bytes = 400 << 20,
	};

	*rig = (struct rig){ 0 };
	memset(&hand, 0, sizeof(hand));
	hand.width_px = width_px;
	hand.height_px = height_px;
	hand.fps = fps;
	rig_make_dir();
	CHECK_EQ(vz_loop_new_test(&rig->loop), 0);
	CHECK_EQ(vz_camera_new_with_ops(rig->loop, &camera_options, &hand_source, NULL,
					&rig->camera),
		 0);
	CHECK_EQ(vz_pool_new(width_px, height_px, 8, NULL, &rig->pool), 0);
	options.loop = rig->loop;
	options.camera = rig->camera;
	CHECK_EQ(vz_recorder_new(&options, &rig->recorder), 0);
	vz_recorder_add_listener(rig->recorder,
				 &(struct vz_recorder_listener){ on_changed, on_saved, rig });
	STEP_UNTIL(rig->loop, vz_recorder_get_status(rig->recorder).spool.is_open);
}

static inline void rig_init(struct rig *rig, size_t memory_bytes)
{
	rig_init_size(rig, memory_bytes, RIG_WIDTH, RIG_HEIGHT, 100);
}

static inline void rig_deinit(struct rig *rig)
{
	rig->recorder = vz_recorder_free(rig->recorder);
	rig->camera = vz_camera_free(rig->camera);
	rig->pool = vz_pool_free(rig->pool);
	rig->loop = vz_loop_free(rig->loop);
	rig_remove_dir();
}

static inline void set(struct rig *rig, int64_t shift_ns, int64_t duration_ns)
{
	vz_recorder_set_settings(rig->recorder,
				 &(struct vz_recorder_settings){
					 { .shift_ns = shift_ns, .duration_ns = duration_ns },
					 75 });
}

static inline bool is_in(const struct rig *rig, enum vz_capture_state state)
{
	return vz_recorder_get_status(rig->recorder).state == state;
}

static inline void start_camera(struct rig *rig)
{
	for (int i = 0; !hand.is_running && i < 100; i++) {
		vz_loop_test_advance(rig->loop, 1000);
		(void) vz_loop_test_step(rig->loop, 1);
	}
	CHECK(hand.is_running);
}

/* A frame at @stamp_ns, all the way into the recorder's hands. @level: of all its luma, or -1. */
static inline void feed(struct rig *rig, int64_t stamp_ns, int level)
{
	uint64_t before = vz_camera_get_counters(rig->camera)->captured;
	uint8_t *planes[VZ_FRAME_N_PLANES];
	struct vz_frame *frame = NULL;

	/* The recorder gives buffers back in its own time. */
	STEP_UNTIL(rig->loop, vz_pool_acquire(rig->pool, planes, &frame) == 0);
	for (unsigned p = 0; p < 3; p++)
		memset(planes[p],
		       p	   ? 128
		       : level < 0 ? rig_level(rig->sequence)
				   : level,
		       (size_t) frame->stride_bytes[p] * (p ? hand.height_px / 2 : hand.height_px));
	frame->timestamp_ns = frame->source_timestamp_ns = stamp_ns;
	frame->sequence = rig->sequence++;
	frame->generation = hand.generation;
	hand.sink.frame(frame, hand.sink.data);
	STEP_UNTIL(rig->loop, vz_camera_get_counters(rig->camera)->captured > before);
	/* And over to the other thread, so that none is lost for want of a place in between. */
	for (int i = 0; i < 500 && __atomic_load_n(&frame->refs, __ATOMIC_ACQUIRE) > 0; i++)
		(void) vz_loop_test_step(rig->loop, 1);
}

/* Stamps that are not even: every 10 ms, and every seventh 4 ms late. */
static inline int64_t stamp_of(uint64_t n)
{
	return T0 + (int64_t) n * 10 * MS + (n % 7 == 3 ? 4 * MS : 0);
}

static inline void feed_many(struct rig *rig, unsigned n)
{
	while (n--)
		feed(rig, stamp_of(rig->sequence), -1);
}
