/*
 * What live tracking found, as shapes for the overlay of LiveView: of each object its box, its
 * number and its trail. Pure. Thread: any.
 */
#pragma once

#include <json-c/json.h>

struct vz_live_frame;

/* A reference, or NULL when out of memory. */
struct json_object *vz_live_overlay_make(const struct vz_live_frame *frame);
