/*
 * Cameras, for plugins. A feed is one camera that is open: its controls, its state, and its
 * pictures under a name, which a LiveView shows (its property `camera`) and other programs fetch
 * (`?camera=NAME`). The camera runs while somebody watches; one that is lost is tried again by
 * itself.
 *
 * Names of controls are libcamera's (ExposureTime, AnalogueGain, …), also for cameras that are not
 * libcamera's. Thread: loop.
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vz_app;
struct vz_feed;

/* --- Controls ------------------------------------------------------------------------------ */

enum vz_control_kind { VZ_CONTROL_BOOL, VZ_CONTROL_INT, VZ_CONTROL_FLOAT, VZ_CONTROL_MENU };

#define VZ_CONTROL_NAME_MAX 48

/* What the camera announced, what was asked for, and what it says that it does. */
struct vz_control {
	char name[VZ_CONTROL_NAME_MAX]; /* "ExposureTime"; element of an array: "ColourGains[0]" */
	char unit[8];			/* "us", "fps", "K", "" */
	enum vz_control_kind kind;
	double min, max, step, def; /* of a menu: 0 .. n_choices - 1; step 0: continuous */
	const char **choices;	    /* of a menu, NULL-terminated */

	bool is_asked; /* false: the camera's own default or automatic */
	double asked;
	bool is_delivered; /* false: the camera does not report it, or no frame has come */
	double delivered;
};

/* --- States and changes -------------------------------------------------------------------- */

enum vz_camera_state {
	VZ_CAMERA_STOPPED, /* open, nobody watches */
	VZ_CAMERA_LIVE,
	VZ_CAMERA_LOST, /* not there, or failing; tried again every few seconds */
	VZ_CAMERA_ENDED /* a file that plays once has been played */
};

enum vz_camera_change {
	VZ_CAMERA_CHANGED_STATE = 1u << 0,
	VZ_CAMERA_CHANGED_CONTROLS = 1u << 1, /* another set of controls: a new source came */
	VZ_CAMERA_CHANGED_ASKED = 1u << 2,
	VZ_CAMERA_CHANGED_DELIVERED = 1u << 3, /* at most 4 times a second */
	VZ_CAMERA_CHANGED_FORMAT = 1u << 4,
};

/* @changes is a set of enum vz_camera_change. It may close the feed only from a posted function. */
typedef void vz_feed_fn(struct vz_feed *feed, unsigned changes, void *data);

struct vz_feed_spec {
	const char *name; /* 1 to 64 letters, digits, '-', '_' or '.'; "main" is the daemon's own */
	const char *source; /* "auto", "simulated[:1-99]", "file:PATH", "libcamera[:ID]" */
	uint32_t width_px, height_px; /* 0: the source's own choice */
	double fps;		      /* 0: the source's own choice */
	int quality_percent;	      /* of the JPEGs, 1 to 100; 0: 80 */
	bool file_once;		      /* play a file once instead of in a loop */
	vz_feed_fn *changed;	      /* may be NULL */
	void *data;
};

/* --- Feeds --------------------------------------------------------------------------------- */

/*
 * Opens a camera and shows its pictures under @spec->name; @spec is copied. That the camera is not
 * there is no error but the state LOST. Returns 0, -EINVAL (the name or the source is not of a
 * known form), -EEXIST (a camera of that name is shown already) or -ENOMEM; vz_app_last_error()
 * says which.
 */
int vz_app_open_feed(struct vz_app *app, const struct vz_feed_spec *spec, struct vz_feed **ret);
/* Who watches is sent away. Takes NULL; returns NULL. */
struct vz_feed *vz_feed_close(struct vz_feed *feed);
/*
 * The cameras that are connected and found by libcamera, as [{"source": "libcamera:ID", "title":
 * …}]; also those that are in use. The first call may take 100 ms. *@ret is a reference. Returns 0
 * or -ENOMEM.
 */
int vz_app_list_cameras(struct vz_app *app, struct json_object **ret);

const char *vz_feed_get_name(const struct vz_feed *feed);
enum vz_camera_state vz_feed_get_state(const struct vz_feed *feed);
/* One line for a person: "Simulated camera, 640x480, 30 fps" or why it is lost. Borrowed. */
const char *vz_feed_get_text(const struct vz_feed *feed);
/* What the camera calls itself, and what kind of source it is: "simulated", "file", "libcamera". */
const char *vz_feed_get_title(const struct vz_feed *feed);
const char *vz_feed_get_kind(const struct vz_feed *feed);
unsigned vz_feed_n_watchers(const struct vz_feed *feed);

/* Borrowed until the camera announces another set; NULL behind the last. */
const struct vz_control *vz_feed_get_control(const struct vz_feed *feed, unsigned index);
/*
 * Asks for a value, clamped to the control's range; kept while the camera is lost. A value that an
 * automatic decides over waits until that is off. Returns 0, -ENOENT (no such control) or -ENOMEM.
 */
int vz_feed_set_control(struct vz_feed *feed, const char *name, double value);
/* Everything, brightness too, as the camera has it by itself. */
void vz_feed_reset(struct vz_feed *feed);
/* Brightness as a person means it, 0 to 100 with 50 neutral, laid on what the camera has. */
int vz_feed_set_brightness(struct vz_feed *feed, double brightness);
double vz_feed_get_brightness(const struct vz_feed *feed);

/* What was asked for, to be saved: a reference, or NULL when out of memory. */
struct json_object *vz_feed_save(struct vz_feed *feed);
/* Asks for what was saved (borrowed; NULL or of another form: nothing), also of controls that come
 * later. */
void vz_feed_load(struct vz_feed *feed, struct json_object *saved);

#ifdef __cplusplus
}
#endif
