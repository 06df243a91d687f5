/*
 * Values of a call as what they should be. A browser may send anything: each of these tells the
 * requester what was expected and what came instead, and returns -EINVAL, so that a callback
 * begins with
 *
 *	r = vz_call_input_number(call, 0, 5, 30, &celsius);
 *	if (r < 0)
 *		return r;
 *
 * Thread: that of the call.
 */
#pragma once

#include <errno.h>

#include <vizyd/dash.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The @index-th Input as a number from @min to @max, both included. */
static inline int vz_call_input_number(struct vz_call *call, unsigned index, double min, double max,
				       double *ret)
{
	struct json_object *value = vz_call_input(call, index);
	double number;

	if (!json_object_is_type(value, json_type_int) &&
	    !json_object_is_type(value, json_type_double)) {
		(void) vz_call_fail(call, -EINVAL,
				    "Input %u: expected a number from %g to %g, got %s", index, min,
				    max, json_type_to_name(json_object_get_type(value)));
		return -EINVAL;
	}
	number = json_object_get_double(value);
	if (!(number >= min && number <= max)) {
		(void) vz_call_fail(call, -EINVAL,
				    "Input %u: expected a number from %g to %g, got %g", index, min,
				    max, number);
		return -EINVAL;
	}
	*ret = number;
	return 0;
}

static inline int vz_call_text_of(struct vz_call *call, const char *kind, unsigned index,
				  struct json_object *value, const char **ret)
{
	if (value && !json_object_is_type(value, json_type_string)) {
		(void) vz_call_fail(call, -EINVAL, "%s %u: expected a text, got %s", kind, index,
				    json_type_to_name(json_object_get_type(value)));
		return -EINVAL;
	}
	*ret = value ? json_object_get_string(value) : "";
	return 0;
}

/*
 * The @index-th Input or State as a text, borrowed until the function returns; null, which an empty
 * text box has, is "".
 */
static inline int vz_call_input_text(struct vz_call *call, unsigned index, const char **ret)
{
	return vz_call_text_of(call, "Input", index, vz_call_input(call, index), ret);
}

static inline int vz_call_state_text(struct vz_call *call, unsigned index, const char **ret)
{
	return vz_call_text_of(call, "State", index, vz_call_state(call, index), ret);
}

#ifdef __cplusplus
}
#endif
