/*
 * The keys of the configuration file: one row each. Private to config/.
 */
#pragma once

#include <stddef.h>

#include "config/changes.h"

enum vz_key_kind {
	VZ_KEY_STRING,
	VZ_KEY_UINT,
	VZ_KEY_DOUBLE,
	VZ_KEY_BOOL,
	VZ_KEY_LIST,
	VZ_KEY_WORD
};

struct vz_key {
	const char *section, *name;
	enum vz_key_kind kind;
	size_t offset;		  /* of the field in struct vz_config */
	double min, max;	  /* of numbers */
	const char *def;	  /* NULL: empty */
	const char *expected;	  /* for error messages: "a number from 1 to 240" */
	const char *const *words; /* that a word may be, ended by NULL */
	const char *form;	  /* regex(7) of a string or an item of a list; NULL: any */
	enum vz_effect effect;
	const char *help;    /* what the sample says above it, in lines */
	const char *example; /* that the sample shows where there is no default */
};

extern const struct vz_key vz_keys[];
extern const size_t vz_n_keys;
