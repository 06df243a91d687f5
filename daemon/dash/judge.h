/*
 * What a program hands in, against the app's catalog: layouts, values and the properties of
 * callbacks. What browsers send is not judged: nobody reads their errors. Each returns 0, -EINVAL
 * with the text for vz_app_last_error(), or -ENOMEM; without a catalog, 0.
 */
#pragma once

#include <json-c/json.h>

struct vz_app;
struct vz_call;
struct vz_callback;

/* A layout, or the values of mods. */
int vz_judge_value(struct vz_app *app, struct json_object *value);
/* Whether those of its components that the layout already has know its properties. */
int vz_judge_callback(const struct vz_callback *callback);
/* What its function has set. */
int vz_judge_call(struct vz_call *call);
