/*
 * The camera: one source, its controls and its state, and who wants its frames. It starts the
 * source when the first consumer comes, stops it some seconds after the last has gone, and keeps
 * trying when the source is lost.
 *
 * Thread: loop. Listeners are told of changes on the loop.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "camera/control.h"
#include "camera/source.h"
#include "camera/stream.h"
#include "util/cleanup.h"

struct vz_camera;
struct vz_loop;

struct vz_camera_listener {
	/* @changes is a set of enum vz_camera_change. */
	void (*changed)(struct vz_camera *camera, unsigned changes, void *data);
	void *data;
};

struct vz_camera_options {
	/* "auto", "simulated[:1-99]", "file:PATH", "libcamera[:ID]"; checked by vz_camera_new().
	 * auto: the first camera of libcamera, for which a simulated one stands in until there is
	 * one. */
	const char *source;
	struct vz_source_format format;
	bool file_once;	   /* play a file once instead of in a loop */
	int64_t linger_us; /* how long the source runs on with no consumer; 0: 3 s */
	int64_t retry_us;  /* between attempts when lost; 0: 2 s */
};

struct vz_camera_counters {
	uint64_t captured, lost; /* lost: gaps in the sequence numbers */
	uint64_t dropped;	 /* replaced in a stream's slot before its consumer took it */
};

/*
 * Makes the camera and opens its source once. That it cannot be opened is no error but the state
 * LOST. Returns 0, -EINVAL (@options->source is not of a known form) or -ENOMEM.
 */
int vz_camera_new(struct vz_loop *loop, const struct vz_camera_options *options,
		  struct vz_camera **ret);
/*
 * Takes another source or format in place of its own: what was asked is forgotten, streams and
 * listeners stay, who wants frames gets those of the new one. Returns 0, -EINVAL (as
 * vz_camera_new()) or -ENOMEM: then it is as it was.
 */
int vz_camera_change(struct vz_camera *camera, const struct vz_camera_options *options);
/* Stops and closes. Streams must have been removed. Frames that are out stay valid. */
struct vz_camera *vz_camera_free(struct vz_camera *camera);
VZ_DEFINE_CLEANUP(vz_camera_free, struct vz_camera *, vz_camera_free)

void vz_camera_add_listener(struct vz_camera *camera, const struct vz_camera_listener *listener);
enum vz_camera_state vz_camera_get_state(const struct vz_camera *camera);
/* "live", "stopped", "lost", "ended". */
const char *vz_camera_state_name(enum vz_camera_state state);
/* One line for a person: "Simulated camera, 640x480, 30 fps" or why it is lost. Borrowed. */
const char *vz_camera_get_text(const struct vz_camera *camera);
const char *vz_camera_get_kind(const struct vz_camera *camera); /* "simulated", …; "none" */
const char *vz_camera_get_name(const struct vz_camera *camera);
const struct vz_source_format *vz_camera_get_format(const struct vz_camera *camera);
/* Frames per second over the last second. */
double vz_camera_get_fps(const struct vz_camera *camera);
const struct vz_control_table *vz_camera_get_controls(const struct vz_camera *camera);
const struct vz_camera_counters *vz_camera_get_counters(const struct vz_camera *camera);

/*
 * Asks for a value, clamped to the control's range; kept and applied again after the source is
 * lost. Setting ExposureTime or AnalogueGain to a number while AeEnable is on is kept until it is
 * off. Returns 0, or -ENOENT (no such control).
 */
int vz_camera_set_control(struct vz_camera *camera, const char *name, double value);
/* Forgets what was asked: the source's defaults again, for all. */
void vz_camera_reset_controls(struct vz_camera *camera);
/* Asked values of before, from the state file (borrowed); for controls that come later too. */
void vz_camera_load_controls(struct vz_camera *camera, struct json_object *saved);
struct json_object *vz_camera_save_controls(struct vz_camera *camera);

/*
 * Brightness as a person means it, 0..100 with 50 neutral, laid on what the source has: exposure
 * value first, then digital brightness and contrast; where it has none of these, on a tone curve
 * that the encoder applies (vz_camera_get_tone()).
 */
int vz_camera_set_brightness(struct vz_camera *camera, double brightness);
double vz_camera_get_brightness(const struct vz_camera *camera);

/* 256 output levels for luma, or NULL for identity. Borrowed until the brightness changes. */
const uint8_t *vz_camera_get_tone(const struct vz_camera *camera);
