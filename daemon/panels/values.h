/*
 * Values of a page that a panel sets: collected, and pushed as one unit where they differ from what
 * the page has.
 *
 * Thread: loop.
 */
#pragma once

#include <json-c/json.h>

struct vz_app;

struct vz_values {
	struct vz_app *app;
	struct json_object *mods; /* NULL: nothing yet, or out of memory */
};

/* Takes @value; VZ_NULL is JSON null. */
void vz_values_set(struct vz_values *values, const char *id, const char *property,
		   struct json_object *value);
/* Returns what vz_app_push_mods() does. */
int vz_values_push(struct vz_values *values);
/* A number on the page, or @otherwise. */
double vz_values_get_number(struct vz_app *app, const char *id, const char *property,
			    double otherwise);
