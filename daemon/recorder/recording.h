/*
 * What is known of a recording beside its pictures: the file recording.json in its folder. It is
 * there from the first frame on; the stamps of the frames come with the last.
 *
 * Thread: one at a time. Owned by the store; others get copies.
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recorder/mkv.h"
#include "util/buf.h"

#define VZ_RECORDING_FORMAT   1
#define VZ_RECORDING_ID_MAX   31
#define VZ_RECORDING_NAME_MAX 120 /* bytes */
#define VZ_RECORDING_VIDEO    "video.mkv"
#define VZ_RECORDING_SIDECAR  "recording.json"

struct vz_recording {
	char id[VZ_RECORDING_ID_MAX + 1];     /* of its folder: digits, '-' */
	char name[VZ_RECORDING_NAME_MAX + 1]; /* "": nobody has named it */
	bool is_kept;			      /* never removed to make room */
	bool is_salvaged;  /* it broke off, and is as long as what was found of it */
	int64_t created_s; /* since 1970; later than that of each recording before */
	char camera[128];
	uint32_t width_px, height_px;
	double fps; /* of the camera, by its numbers and stamps; 0: not known */

	char trigger[32];	      /* who: "page", "motion", "api", "line NAME" */
	int64_t trigger_ns, shift_ns; /* CLOCK_MONOTONIC; of the settings */
	char end[16];		      /* vz_capture_end_name() */
	/* How much later than asked for the first frame is: the ring did not reach back so far, or
	 * the camera had to be started. */
	int64_t late_ns;

	size_t n_frames;
	uint64_t n_dropped;  /* frames that the camera numbered for it and that are not in it */
	uint64_t n_lost;     /* those of them that the camera did not give; not known of salvaged */
	int64_t duration_ns; /* from the first frame to the last */
	uint64_t bytes;	     /* on the disk */
};

/* Whether it is one that an id can be. */
bool vz_recording_is_id(const char *id);
/* Prints the sidecar; @frames may be NULL. */
void vz_recording_print(struct vz_buf *buf, const struct vz_recording *recording,
			const struct vz_mkv_frame *frames, size_t n_frames);
/*
 * Reads a sidecar; @ret is all set on success. Returns 0 or -EBADMSG. A format that is newer than
 * ours is -EPROTONOSUPPORT.
 */
int vz_recording_parse(struct json_object *sidecar, struct vz_recording *ret);
/*
 * Notes what follows from the frames: their number, drops, duration, rate. @n_expected is at least
 * how many there should be.
 */
void vz_recording_count(struct vz_recording *recording, const struct vz_mkv_frame *frames,
			size_t n_frames, uint64_t n_expected);
/* What a person calls it: its name, else when it was made, "24 Nov 14:15:07". */
void vz_recording_title(const struct vz_recording *recording, char *ret, size_t size);
