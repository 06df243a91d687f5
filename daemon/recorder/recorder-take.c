#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "camera/camera.h"
#include "recorder/recorder-private.h"

/* The camera's name and the rest are the loop's. */
static int begin_take(struct vz_recorder *recorder, const struct vz_frame *frame)
{
	struct vz_recording *next = &recorder->next;

	next->width_px = frame->width_px;
	next->height_px = frame->height_px;
	next->late_ns = recorder->is_covered ? 0 : frame->timestamp_ns - recorder->capture.first_ns;
	return vz_spool_begin(recorder->spool, next, &recorder->take);
}

/* One that is not taken is missed by its sequence number. */
static void take_frame(struct vz_recorder *recorder, struct vz_frame *frame)
{
	/* Out of memory, the next frame may have more luck. */
	if (!recorder->take && begin_take(recorder, frame) < 0)
		return;
	if (vz_take_add(recorder->take, frame) < 0)
		return;
	if (!recorder->n_frames++)
		recorder->first_stamp_ns = frame->timestamp_ns;
	recorder->last_stamp_ns = frame->timestamp_ns;
}

static void expect(struct vz_recorder *recorder, const struct vz_frame *frame)
{
	if (!recorder->n_expected) {
		recorder->first_sequence = frame->sequence;
		vz_recorder_ring_loop(recorder);
	}
	recorder->n_expected = frame->sequence - recorder->first_sequence + 1;
}

void vz_recorder_end(struct vz_recorder *recorder)
{
	if (recorder->take)
		vz_take_end(recorder->take, vz_capture_end_name(recorder->capture.end),
			    recorder->n_expected);
	recorder->take = NULL;
	vz_recorder_ring_loop(recorder);
}

void vz_recorder_judge(struct vz_recorder *recorder, struct vz_frame *frame)
{
	switch (vz_capture_frame(&recorder->capture, frame->timestamp_ns)) {
	case VZ_CAPTURE_TAKE:
		expect(recorder, frame);
		take_frame(recorder, frame);
		break;
	case VZ_CAPTURE_FINISH:
		vz_recorder_end(recorder);
		break;
	default:
		recorder->is_covered = true;
		break;
	}
}

void vz_recorder_miss(struct vz_recorder *recorder, const struct vz_frame *frame)
{
	switch (vz_capture_frame(&recorder->capture, frame->timestamp_ns)) {
	case VZ_CAPTURE_TAKE:
		expect(recorder, frame);
		break;
	case VZ_CAPTURE_FINISH:
		vz_recorder_end(recorder);
		break;
	default:
		break;
	}
}

/* What the ring has of it already, be it all. */
static void take_from_ring(struct vz_recorder *recorder)
{
	size_t n = recorder->ring ? vz_frame_ring_n_frames(recorder->ring) : 0;

	recorder->is_covered = false;
	recorder->n_frames = recorder->n_expected = 0;
	for (size_t i = 0; i < n; i++)
		vz_recorder_judge(recorder, vz_frame_ring_get(recorder->ring, i));
}

int vz_recorder_begin(struct vz_recorder *recorder, int64_t at_ns, const char *by)
{
	(void) snprintf(recorder->next.trigger, sizeof(recorder->next.trigger), "%s", by);
	recorder->next.trigger_ns = at_ns;
	recorder->next.shift_ns = recorder->capture.settings.shift_ns;
	take_from_ring(recorder);
	vz_recorder_ring_loop(recorder);
	return 0;
}
