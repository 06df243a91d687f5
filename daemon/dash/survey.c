#include "dash/survey.h"

#include <errno.h>
#include <stdlib.h>

#include "dash/component.h"

/* Above what the reader lets in, so that only a Patch can get there, which grows a value. */
#define MAX_DEPTH 128

void vz_survey_deinit(struct vz_survey *survey)
{
	vz_map_deinit(&survey->ids);
	free(survey->duplicate);
}

static int survey_component(struct vz_survey *survey, struct json_object *props)
{
	struct json_object *id_value = json_object_object_get(props, "id");
	VZ_CLEANUP(vz_freep) char *id = NULL;
	int r;

	survey->n_components++;
	if (!id_value)
		return 0;
	r = vz_component_id_string(id_value, &id);
	if (r < 0)
		return r;
	r = vz_map_add(&survey->ids, id, props);
	if (r == -EEXIST)
		survey->duplicate = vz_steal(id);
	return r;
}

static int survey_object(struct vz_survey *survey, struct json_object *object)
{
	struct json_object *props = vz_component_props(object);
	struct lh_entry *entry;
	int r = props ? survey_component(survey, props) : 0;

	/* Other keys of a component hold none. */
	if (r < 0 || props)
		return r < 0 ? r : vz_survey_value(survey, props);
	lh_foreach(json_object_get_object(object), entry)
	{
		r = vz_survey_value(survey, (struct json_object *) lh_entry_v(entry));
		if (r < 0)
			return r;
	}
	return 0;
}

static int survey_array(struct vz_survey *survey, struct json_object *array)
{
	size_t n = json_object_array_length(array);
	int r = 0;

	for (size_t i = 0; i < n && !r; i++)
		r = vz_survey_value(survey, json_object_array_get_idx(array, i));
	return r;
}

int vz_survey_value(struct vz_survey *survey, struct json_object *value)
{
	bool is_array = json_object_is_type(value, json_type_array);
	int r;

	if (!is_array && !json_object_is_type(value, json_type_object))
		return 0;
	if (survey->depth == MAX_DEPTH)
		return -EINVAL;
	survey->depth++;
	r = is_array ? survey_array(survey, value) : survey_object(survey, value);
	survey->depth--;
	return r;
}
