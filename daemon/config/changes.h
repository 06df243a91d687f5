/*
 * What differs between the configuration that is in force and one that was read anew, and when each
 * key takes effect. Pure. Thread: loop.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

struct vz_config;
struct vz_config_list;

enum vz_effect {
	VZ_EFFECT_RESTART, /* only when the daemon starts */
	VZ_EFFECT_CAMERA,  /* at a reload, for which the camera is opened anew */
	VZ_EFFECT_RELOAD,  /* at a reload */
};

/* "at a reload", … for a person. */
const char *vz_effect_text(enum vz_effect effect);

/* Prints the keys with their defaults and what they mean, all as comments: a file to begin with.
 */
void vz_config_print_keys(FILE *out);

/* A key that differs, or a section such as "gpio lamp", which has no @key. */
struct vz_config_change {
	const char *section, *key;
	enum vz_effect effect;
};
typedef void vz_config_change_fn(const struct vz_config_change *change, void *data);

/*
 * Calls @changed, unless NULL, for each key of the table that differs, and once for each section
 * [plugin NAME] and [gpio NAME] that does; its strings are those of the configurations. Returns how
 * many there are.
 */
unsigned vz_config_compare(const struct vz_config *now, const struct vz_config *other,
			   vz_config_change_fn *changed, void *data);
/* Whether @section ("gpio lamp") says something else in the two. */
bool vz_config_section_differs(const struct vz_config *now, const struct vz_config *other,
			       const char *section);
/* Whether one of the sections "@kind NAME" does. */
bool vz_config_sections_differ(const struct vz_config *now, const struct vz_config *other,
			       const char *kind);
bool vz_config_lists_differ(const struct vz_config_list *a, const struct vz_config_list *b);
/*
 * Exchanges what takes effect without a restart, so that @now has the values of @other, and @other
 * the old ones: whoever borrowed them may use them until that is freed. The rest stays.
 */
void vz_config_exchange(struct vz_config *now, struct vz_config *other);
