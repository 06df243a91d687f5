/*
 * What the configuration says of one line: a section [gpio NAME], key by key. Pure; who reads the
 * file adds where it stands to the messages. Owned by whoever made it, then by the line.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "gpio/action.h"
#include "gpio/binding.h"
#include "util/cleanup.h"

struct vz_blink;

/* A chip that is none: lines of it are driven from the page. */
#define VZ_CHIP_SIMULATED "simulated"

enum vz_bias { VZ_BIAS_AS_IS, VZ_BIAS_DISABLED, VZ_BIAS_PULL_UP, VZ_BIAS_PULL_DOWN };
/* Which changes act and are counted; both are always watched, since a level has two ends. */
enum vz_edges { VZ_EDGES_BOTH, VZ_EDGES_RISING, VZ_EDGES_FALLING };

struct vz_line_spec {
	char *name;	 /* letters, digits, '-' and '_' */
	char *chip;	 /* a label, a name or a path; NULL: whichever has a line of that name */
	char *line_name; /* NULL: by offset */
	unsigned offset;
	bool has_line;
	bool is_output;
	bool active_low;
	enum vz_bias bias;
	enum vz_edges edges;
	int64_t debounce_us;
	struct vz_thresholds thresholds;
	int64_t factory_reset_us; /* held for so long from the start on; 0: means nothing */
	struct vz_action actions[VZ_N_GESTURES];

	const struct vz_blink *initial;	     /* of an output */
	char *follows_id, *follows_property; /* NULL: none */
	struct json_object *values;	     /* {"text of a value": "pattern"}; NULL: by truth */
};

#define VZ_LINE_NAME_EXPECTED "a name of 1 to 32 letters, digits, '-' and '_'"

/* All defaults. Returns 0, -EINVAL (not VZ_LINE_NAME_EXPECTED) or -ENOMEM. */
int vz_line_spec_new(const char *name, struct vz_line_spec **ret);
struct vz_line_spec *vz_line_spec_free(struct vz_line_spec *spec);
VZ_DEFINE_CLEANUP(vz_line_spec_free, struct vz_line_spec *, vz_line_spec_free)

/*
 * Sets one key; '-' and '_' are the same in it. Returns 0, -ENOENT (no such key), -EINVAL
 * (*@ret_expected says what it takes, static) or -ENOMEM.
 */
int vz_line_spec_set(struct vz_line_spec *spec, const char *key, const char *value,
		     const char **ret_expected);
/* Whether @key, as somebody writes it, is the key @name. */
bool vz_line_spec_is_key(const char *name, const char *key);
/* Prints the keys with their defaults or examples and what they mean, all as comments. */
void vz_line_spec_print_keys(FILE *out);
/*
 * Whether the keys go together. Returns 0 or -EINVAL: *@ret_key is the one at fault and
 * *@ret_expected what it needs, both static.
 */
int vz_line_spec_check(const struct vz_line_spec *spec, const char **ret_key,
		       const char **ret_expected);
bool vz_line_spec_is_simulated(const struct vz_line_spec *spec);
/*
 * The pattern for @value (borrowed, NULL is null) of what the output follows: that of `values`, or
 * its "*", or off; without `values` the pattern that it names, or on for what is true in JavaScript
 * or not empty.
 */
const struct vz_blink *vz_line_spec_find_blink(const struct vz_line_spec *spec,
					       struct json_object *value);
