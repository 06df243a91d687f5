/*
 * One completed picture of a camera, as YUV 4:2:0 in three planes (I420 order: Y, Cb, Cr). Counted:
 * whoever keeps a frame takes a reference, and the last vz_frame_unref(), on whatever thread,
 * gives the memory back to its source. Nobody copies: the planes point into the source's own
 * buffers and are read-only. Levels are JFIF's: BT.601 with the full range 0..255.
 *
 * Thread: reading, vz_frame_ref() and vz_frame_unref() on any.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define VZ_FRAME_N_PLANES   3
#define VZ_FRAME_MAX_VALUES 16

/* The value of a control that the source really used for this frame. */
struct vz_frame_value {
	uint32_t control; /* index into the camera's control table */
	double value;
};

struct vz_frame {
	uint32_t width_px, height_px; /* of the luma plane; both even */
	const uint8_t *plane[VZ_FRAME_N_PLANES];
	uint32_t stride_bytes[VZ_FRAME_N_PLANES];

	/* When the sensor began to read the frame out, CLOCK_MONOTONIC; of a file, its time stamps
	 * laid on that clock. */
	int64_t timestamp_ns;
	/* The source's own count, from 0. A gap is a lost frame. */
	uint64_t sequence;
	/* The source's own time: of a file, the time stamp in the file; of the simulated camera,
	 * the scene's time. Else equal to timestamp_ns. */
	int64_t source_timestamp_ns;
	/* Rises each time the source is started anew. */
	uint32_t generation;

	/* Delivered values that came with the frame. */
	uint32_t n_values;
	struct vz_frame_value values[VZ_FRAME_MAX_VALUES];

	/* Private to the source. */
	int refs;
	void (*release)(struct vz_frame *frame, void *data);
	void *release_data;
};

struct vz_frame *vz_frame_ref(struct vz_frame *frame);
/* Takes NULL; returns NULL. */
struct vz_frame *vz_frame_unref(struct vz_frame *frame);

#ifdef __cplusplus
}
#endif
