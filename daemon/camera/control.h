/*
 * The controls of a camera: what the source announced at run time, what was asked for and what
 * the source said that it delivered. Names are libcamera's (ExposureTime, AnalogueGain, …), also
 * for sources that are not libcamera.
 *
 * Thread: loop. Owned by the camera.
 */
#pragma once

#include "vizyd/camera.h"

struct vz_control_table {
	struct vz_control *controls;
	unsigned n_controls, n_allocated;
};

void vz_control_table_deinit(struct vz_control_table *table);
/* Appends a copy of @control, choices included. Returns its index or -ENOMEM. */
int vz_control_table_add(struct vz_control_table *table, const struct vz_control *control);
/* Index of the control, or -ENOENT. */
int vz_control_find(const struct vz_control_table *table, const char *name);
/* The nearest value that the control takes; NaN becomes the default. */
double vz_control_clamp(const struct vz_control *control, double value);

/*
 * Asked values as {name: value}, for the state file. Returns a reference or NULL (out of memory).
 */
struct json_object *vz_control_table_save(const struct vz_control_table *table);
/* Sets asked values from such an object, clamped; unknown names and wrong types are skipped. */
void vz_control_table_load(struct vz_control_table *table, struct json_object *object);
