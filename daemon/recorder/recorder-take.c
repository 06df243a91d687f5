#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "camera/camera.h"
#include "recorder/recorder-private.h"

/* --- What is missing ------------------------------------------------------------------------ */

/* Of a step: stamps are rounded, and a frame that is due at a moment is not before it. */
#define ROUNDING 1e-4

/* How many of the @n frames that lie evenly between two stamps are before @at_ns. */
static uint64_t count_before(int64_t from_ns, double step_ns, uint64_t n, int64_t at_ns)
{
	double before = ceil((double) (at_ns - from_ns) / step_ns - ROUNDING) - 1;

	return before <= 0 ? 0 : before >= (double) n ? n : (uint64_t) before;
}

/*
 * How many frames of the recording the camera numbered between the newest one seen and this one.
 * Their stamps are unknown; they are taken to be spread evenly, which matters at both ends of the
 * recording alone.
 */
static uint64_t count_gap(const struct vz_recorder *recorder, const struct vz_frame *frame)
{
	const struct vz_capture *capture = &recorder->capture;
	const struct vz_recorder_seen *seen = &recorder->seen;
	uint64_t n;
	double step_ns;

	if (!seen->is_known || frame->sequence <= seen->sequence + 1 ||
	    frame->timestamp_ns <= seen->stamp_ns)
		return 0;
	n = frame->sequence - seen->sequence - 1;
	step_ns = (double) (frame->timestamp_ns - seen->stamp_ns) / (double) (n + 1);
	return count_before(seen->stamp_ns, step_ns, n, capture->last_ns) -
	       count_before(seen->stamp_ns, step_ns, n, capture->first_ns);
}

static void expect(struct vz_recorder *recorder, uint64_t n_gap, unsigned n_missed)
{
	recorder->n_expected += n_gap;
	/* What came and found no place is no fault of the camera's. */
	recorder->n_lost += n_gap > n_missed ? n_gap - n_missed : 0;
}

/* --- Frames --------------------------------------------------------------------------------- */

/*
 * By how much the first frame is later than asked for. One that follows a frame from before is the
 * first that there was; so is one that comes sooner than one frame follows another.
 */
static int64_t find_late_ns(const struct vz_recorder *recorder, const struct vz_frame *frame)
{
	int64_t late_ns = frame->timestamp_ns - recorder->capture.first_ns;
	double fps = recorder->next.fps;

	if (recorder->seen.is_known || (fps > 0 && (double) late_ns * fps < 1e9))
		return 0;
	return late_ns;
}

/* The camera's name and the rest are the loop's. */
static void prepare_take(struct vz_recorder *recorder, const struct vz_frame *frame)
{
	recorder->next.width_px = frame->width_px;
	recorder->next.height_px = frame->height_px;
	recorder->next.late_ns = find_late_ns(recorder, frame);
	vz_recorder_ring_loop(recorder);
}

/* One that is not taken is missed. */
static void take_frame(struct vz_recorder *recorder, struct vz_frame *frame)
{
	/* Out of memory, the next frame may have more luck. */
	if (!recorder->take &&
	    vz_spool_begin(recorder->spool, &recorder->next, &recorder->take) < 0)
		return;
	if (vz_take_add(recorder->take, frame) < 0)
		return;
	if (!recorder->n_frames++)
		recorder->first_stamp_ns = frame->timestamp_ns;
	recorder->last_stamp_ns = frame->timestamp_ns;
}

void vz_recorder_end(struct vz_recorder *recorder)
{
	if (recorder->take)
		vz_take_end(recorder->take, vz_capture_end_name(recorder->capture.end),
			    recorder->n_expected, recorder->n_lost);
	recorder->take = NULL;
	vz_recorder_ring_loop(recorder);
}

/* Returns whether @frame belongs to the recording. */
static bool look_at(struct vz_recorder *recorder, const struct vz_frame *frame, unsigned n_missed)
{
	uint64_t n_gap = count_gap(recorder, frame);
	enum vz_capture_verdict verdict;

	if (find_late_ns(recorder, frame) > 0)
		vz_capture_slip(&recorder->capture, frame->timestamp_ns);
	verdict = vz_capture_frame(&recorder->capture, frame->timestamp_ns);
	if (verdict != VZ_CAPTURE_SKIP)
		expect(recorder, n_gap, n_missed);
	if (verdict == VZ_CAPTURE_TAKE && recorder->n_expected++ == n_gap)
		prepare_take(recorder, frame);
	else if (verdict == VZ_CAPTURE_FINISH)
		vz_recorder_end(recorder);
	recorder->seen = (struct vz_recorder_seen){ true, frame->sequence, frame->timestamp_ns };
	return verdict == VZ_CAPTURE_TAKE;
}

void vz_recorder_judge(struct vz_recorder *recorder, struct vz_frame *frame, unsigned n_missed)
{
	if (look_at(recorder, frame, n_missed))
		take_frame(recorder, frame);
}

void vz_recorder_miss(struct vz_recorder *recorder, const struct vz_frame *frame, unsigned n_missed)
{
	(void) look_at(recorder, frame, n_missed);
}

/* What the ring has of it already, be it all. */
static void take_from_ring(struct vz_recorder *recorder)
{
	size_t n = recorder->ring ? vz_frame_ring_n_frames(recorder->ring) : 0;

	/* With nothing in the ring, that a frame has been seen is still true. */
	if (n)
		recorder->seen.is_known = false;
	recorder->n_frames = recorder->n_expected = recorder->n_lost = 0;
	for (size_t i = 0; i < n; i++)
		vz_recorder_judge(recorder, vz_frame_ring_get(recorder->ring, i),
				  vz_frame_ring_get_missed(recorder->ring, i));
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
