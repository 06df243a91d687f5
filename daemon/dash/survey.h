/*
 * A survey: the components of one value, wherever in it they are. The layout makes one of what
 * comes and one of what goes.
 */
#pragma once

#include <json-c/json.h>

#include "util/cleanup.h"
#include "util/map.h"

struct vz_survey {
	struct vz_map ids; /* id to props, which the value owns */
	unsigned n_components;
	unsigned depth;	 /* while it is made */
	char *duplicate; /* the id that was met twice, or NULL */
};

/* Adds the components of @value. Returns 0, -EINVAL (an id that is none, or too deep), -EEXIST or
 * -ENOMEM. */
int vz_survey_value(struct vz_survey *survey, struct json_object *value);
void vz_survey_deinit(struct vz_survey *survey);
