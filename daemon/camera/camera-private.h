/*
 * The inside of struct vz_camera, for the files that make it up: camera.c (states), camera-run.c
 * (frames from the source's thread), camera-controls.c, stream.c. Tests use it to put a source of
 * their own behind a camera.
 */
#pragma once

#include "camera/brightness.h"
#include "camera/camera.h"
#include "camera/rate.h"
#include "util/list.h"

struct json_object;
struct vz_camera_run;
struct vz_timer;

#define VZ_CAMERA_MAX_LISTENERS 8

struct vz_camera {
	struct vz_loop *loop;
	const struct vz_source_ops *ops; /* NULL: "auto" has not found one yet */
	char *id;			 /* given to open(); may be NULL */
	struct vz_source_format wish, format;
	int64_t linger_us, retry_us;

	struct vz_source *source; /* NULL: not open */
	char *name;
	struct vz_control_table controls; /* kept while the source is lost */
	struct json_object *saved;	  /* everything asked, also what this source has not */
	double brightness;
	bool has_tone;
	uint8_t tone[256];

	/* Another one was asked for, and has not been opened yet. */
	bool is_changed;
	enum vz_camera_state state;
	char text[256];
	uint32_t generation;
	struct vz_camera_run *run; /* exists while LIVE */

	/* By state: starts (STOPPED), stops after the linger time (LIVE, ENDED), tries again
	 * (LOST). */
	struct vz_timer *step_timer;
	/* Spaces out what listeners hear of delivered values. */
	struct vz_timer *tell_timer;
	struct vz_timer *stall_timer;
	/* Looks for a camera while a drawing stands in for it. */
	struct vz_timer *look_timer;
	uint64_t n_captured_at_stall_check;
	bool is_delivered_changed;

	struct vz_list streams;
	unsigned n_wanting;
	struct vz_camera_counters counters;
	struct vz_rate rate;
	int64_t last_frame_us;
	uint64_t next_sequence;

	struct vz_camera_listener listeners[VZ_CAMERA_MAX_LISTENERS];
	unsigned n_listeners;
};

/* As vz_camera_new() with the source given; @options->source is not read. */
int vz_camera_new_with_ops(struct vz_loop *loop, const struct vz_camera_options *options,
			   const struct vz_source_ops *ops, const char *id, struct vz_camera **ret);

/* camera.c */
void vz_camera_notify(struct vz_camera *camera, unsigned changes);
/* To be called when n_wanting has changed. */
void vz_camera_update_wanted(struct vz_camera *camera);
/* The source failed (-errno), or has played to its end (0). Ends the run. */
void vz_camera_lose(struct vz_camera *camera, int r);

/* camera-text.c */
const char *vz_camera_describe_error(int r);
/* Writes camera->text for its state; @r is why it is lost. */
void vz_camera_describe(struct vz_camera *camera, int r);

/* camera-run.c: makes camera->run and starts the source, or stops it and frees the run. */
int vz_camera_start_run(struct vz_camera *camera);
void vz_camera_stop_run(struct vz_camera *camera);

/* camera-controls.c */
/* Takes @table in place of the present one and gives it what was asked before. Returns whether it
 * differs. */
bool vz_camera_adopt_controls(struct vz_camera *camera, struct vz_control_table *table);
void vz_camera_take_delivered(struct vz_camera *camera, const struct vz_frame *frame);
void vz_camera_on_tell(void *data);

/* stream.c: gives a reference to each stream that wants one. Borrows @frame. */
void vz_camera_distribute(struct vz_camera *camera, struct vz_frame *frame);
