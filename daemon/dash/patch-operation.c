#include <errno.h>
#include <math.h>
#include <string.h>

#include "dash/patch-private.h"
#include "util/json.h"

/* --- Copies ---------------------------------------------------------------------------------- */

int vz_copy_push(struct json_object *array, struct json_object *element)
{
	if (!json_object_array_add(array, element))
		return 0;
	json_object_put(element);
	return -ENOMEM;
}

int vz_copy_push_range(struct json_object *array, struct json_object *source, size_t from,
		       size_t to)
{
	int r = 0;

	for (size_t i = from; i < to && !r; i++)
		r = vz_copy_push(array, json_object_get(json_object_array_get_idx(source, i)));
	return r;
}

int vz_copy_put(struct json_object *object, const char *key, struct json_object *value)
{
	if (!json_object_object_add(object, key, value))
		return 0;
	json_object_put(value);
	return -ENOMEM;
}

int vz_copy_put_all(struct json_object *object, struct json_object *source, const char *except)
{
	struct lh_entry *entry;
	int r = 0;

	lh_foreach(json_object_get_object(source), entry)
	{
		if (r || (except && !strcmp(lh_entry_k(entry), except)))
			continue;
		r = vz_copy_put(object, lh_entry_k(entry),
				json_object_get((struct json_object *) lh_entry_v(entry)));
	}
	return r;
}

int vz_copy_finish(int r, struct json_object *made, struct json_object **ret)
{
	if (r < 0 || !made) {
		json_object_put(made);
		return r < 0 ? r : -ENOMEM;
	}
	*ret = made;
	return 0;
}

int vz_copy_keep(struct json_object *value, struct json_object **ret)
{
	*ret = json_object_get(value);
	return 0;
}

/* --- Operations ------------------------------------------------------------------------------ */

static bool is_array(struct json_object *value)
{
	return json_object_is_type(value, json_type_array);
}

static int assign(const struct vz_patch_operation *op, struct json_object *old,
		  struct json_object **ret)
{
	*ret = json_object_get(op->value);
	return 0;
}

static int merge(const struct vz_patch_operation *op, struct json_object *old,
		 struct json_object **ret)
{
	struct json_object *made;
	int r;

	if (!json_object_is_type(op->value, json_type_object) ||
	    (old && !json_object_is_type(old, json_type_object)))
		return -EINVAL;
	made = json_object_new_object();
	if (!made)
		return -ENOMEM;
	r = old ? vz_copy_put_all(made, old, NULL) : 0;
	if (!r)
		r = vz_copy_put_all(made, op->value, NULL);
	return vz_copy_finish(r, made, ret);
}

/* Puts @n of @extra's elements, or @extra itself when @n is 0, before the @at-th of @old. */
static int splice(struct json_object *old, size_t at, struct json_object *extra, size_t n,
		  struct json_object **ret)
{
	size_t length = json_object_array_length(old);
	struct json_object *made = json_object_new_array_ext((int) (length + n + 1));
	int r;

	if (!made)
		return -ENOMEM;
	r = vz_copy_push_range(made, old, 0, at);
	if (!r)
		r = n ? vz_copy_push_range(made, extra, 0, n)
		      : vz_copy_push(made, json_object_get(extra));
	if (!r)
		r = vz_copy_push_range(made, old, at, length);
	return vz_copy_finish(r, made, ret);
}

static int extend(const struct vz_patch_operation *op, struct json_object *old,
		  struct json_object **ret)
{
	size_t n;

	if (!is_array(old) || !is_array(op->value))
		return -EINVAL;
	n = json_object_array_length(op->value);
	if (!n)
		return vz_copy_keep(old, ret);
	return splice(old, json_object_array_length(old), op->value, n, ret);
}

static int append(const struct vz_patch_operation *op, struct json_object *old,
		  struct json_object **ret)
{
	if (!is_array(old))
		return -EINVAL;
	return splice(old, json_object_array_length(old), op->value, 0, ret);
}

static int prepend(const struct vz_patch_operation *op, struct json_object *old,
		   struct json_object **ret)
{
	return is_array(old) ? splice(old, 0, op->value, 0, ret) : -EINVAL;
}

static int insert(const struct vz_patch_operation *op, struct json_object *old,
		  struct json_object **ret)
{
	int64_t length, at = op->index;

	if (!is_array(old))
		return -EINVAL;
	length = (int64_t) json_object_array_length(old);
	if (at < 0 && at >= -length)
		at += length;
	/* The renderer puts at the end what does not fit. */
	if (at < 0 || at > length)
		at = length;
	return splice(old, (size_t) at, op->value, 0, ret);
}

static int clear(const struct vz_patch_operation *op, struct json_object *old,
		 struct json_object **ret)
{
	switch (json_object_get_type(old)) {
	case json_type_array:
		return vz_copy_finish(0, json_object_new_array_ext(1), ret);
	case json_type_object:
		return vz_copy_finish(0, json_object_new_object(), ret);
	case json_type_string:
		return vz_copy_finish(0, json_object_new_string(""), ret);
	default:
		return -EINVAL;
	}
}

static int reverse(const struct vz_patch_operation *op, struct json_object *old,
		   struct json_object **ret)
{
	struct json_object *made;
	size_t i;
	int r = 0;

	if (!is_array(old))
		return -EINVAL;
	i = json_object_array_length(old);
	made = json_object_new_array_ext((int) i + 1);
	while (made && i-- && !r)
		r = vz_copy_push_range(made, old, i, i + 1);
	return vz_copy_finish(r, made, ret);
}

static int remove_equal(const struct vz_patch_operation *op, struct json_object *old,
			struct json_object **ret)
{
	struct json_object *made;
	size_t length;
	int r = 0;

	if (!is_array(old))
		return -EINVAL;
	length = json_object_array_length(old);
	made = json_object_new_array_ext((int) length + 1);
	for (size_t i = 0; made && i < length && !r; i++)
		if (!vz_json_equal(json_object_array_get_idx(old, i), op->value))
			r = vz_copy_push_range(made, old, i, i + 1);
	return vz_copy_finish(r, made, ret);
}

/* A whole number stays one while both were and it fits; what is not finite is not JSON. */
static int calculate(const struct vz_patch_operation *op, struct json_object *old, char sign,
		     struct json_object **ret)
{
	int64_t x, y, whole;
	double value;
	bool overflow;

	if (!vz_json_is_number(old) || !vz_json_is_number(op->value))
		return -EINVAL;
	x = json_object_get_int64(old);
	y = json_object_get_int64(op->value);
	overflow = json_object_is_type(old, json_type_double) ||
		   json_object_is_type(op->value, json_type_double);
	if (sign == '+') {
		overflow |= __builtin_add_overflow(x, y, &whole);
		value = json_object_get_double(old) + json_object_get_double(op->value);
	} else if (sign == '-') {
		overflow |= __builtin_sub_overflow(x, y, &whole);
		value = json_object_get_double(old) - json_object_get_double(op->value);
	} else if (sign == '*') {
		overflow |= __builtin_mul_overflow(x, y, &whole);
		value = json_object_get_double(old) * json_object_get_double(op->value);
	} else {
		overflow = true;
		value = json_object_get_double(old) / json_object_get_double(op->value);
	}
	if (!overflow)
		return vz_copy_finish(0, json_object_new_int64(whole), ret);
	return isfinite(value) ? vz_copy_finish(0, json_object_new_double(value), ret) : -EINVAL;
}

/* "+" puts texts together, in JavaScript as in Python. */
static int concatenate(struct json_object *a, struct json_object *b, struct json_object **ret)
{
	size_t size_a = (size_t) json_object_get_string_len(a);
	size_t size_b = (size_t) json_object_get_string_len(b);
	char *text;
	int r;

	if (size_a + size_b > INT32_MAX)
		return -EINVAL;
	text = malloc(size_a + size_b + 1);
	if (!text)
		return -ENOMEM;
	memcpy(text, json_object_get_string(a), size_a);
	memcpy(text + size_a, json_object_get_string(b), size_b);
	r = vz_copy_finish(0, json_object_new_string_len(text, (int) (size_a + size_b)), ret);
	free(text);
	return r;
}

static int add(const struct vz_patch_operation *op, struct json_object *old,
	       struct json_object **ret)
{
	if (json_object_is_type(old, json_type_string) &&
	    json_object_is_type(op->value, json_type_string))
		return concatenate(old, op->value, ret);
	return calculate(op, old, '+', ret);
}

static int subtract(const struct vz_patch_operation *op, struct json_object *old,
		    struct json_object **ret)
{
	return calculate(op, old, '-', ret);
}

static int multiply(const struct vz_patch_operation *op, struct json_object *old,
		    struct json_object **ret)
{
	return calculate(op, old, '*', ret);
}

static int divide(const struct vz_patch_operation *op, struct json_object *old,
		  struct json_object **ret)
{
	return calculate(op, old, '/', ret);
}

static const struct vz_patch_kind kinds[] = {
	{ "Assign", assign },	    { "Merge", merge },	    { "Extend", extend },
	{ "Append", append },	    { "Prepend", prepend }, { "Insert", insert, true },
	{ "Delete", NULL },	    { "Clear", clear },	    { "Reverse", reverse },
	{ "Remove", remove_equal }, { "Add", add },	    { "Sub", subtract },
	{ "Mul", multiply },	    { "Div", divide },
};

const struct vz_patch_kind *vz_patch_kind_find(const char *name)
{
	for (size_t i = 0; i < VZ_N_ELEMENTS(kinds); i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}
