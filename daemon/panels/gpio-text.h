/*
 * A line in words, for its panel. Each returns a reference, NULL when out of memory. Thread: loop.
 */
#pragma once

#include <json-c/json.h>
#include <stdint.h>

struct vz_line;

/* What the configuration says: "GPIO17 of pinctrl-bcm2711, input, pull-up; press: record.n_clicks"
 */
struct json_object *vz_gpio_text_spec(const struct vz_line *line);
/* How it is: "active; 12 edges; press at 12:03:04.123". @now_us is CLOCK_MONOTONIC. */
struct json_object *vz_gpio_text_state(const struct vz_line *line, int64_t now_us);
