#include "dash/patch.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "util/json.h"

/*
 * An operation never changes a value: it makes new containers from the top down to the place it
 * changes, and shares the rest. So a point appended to a long trace does not copy the trace's
 * neighbours, and a component that stays keeps its properties object.
 */

#define MARK	     "__dash_patch_update"
#define MAX_LOCATION 64

struct operation {
	const struct kind *kind;
	struct json_object *location;
	struct json_object *value; /* of params */
	int64_t index;		   /* of params, for Insert */
};

/* Makes the new value at the location from the old one, which is NULL where there is none. */
typedef int operate_fn(const struct operation *op, struct json_object *old,
		       struct json_object **ret);

struct kind {
	const char *name;
	operate_fn *operate; /* NULL: Delete, which concerns the container */
};

/* --- Copies ---------------------------------------------------------------------------------- */

/* Takes @element, also on failure. */
static int push(struct json_object *array, struct json_object *element)
{
	if (!json_object_array_add(array, element))
		return 0;
	json_object_put(element);
	return -ENOMEM;
}

/* Puts the elements from @from to before @to behind those of @array. */
static int push_range(struct json_object *array, struct json_object *source, size_t from, size_t to)
{
	int r = 0;

	for (size_t i = from; i < to && !r; i++)
		r = push(array, json_object_get(json_object_array_get_idx(source, i)));
	return r;
}

/* @value (taken, also on failure) under @key. */
static int put(struct json_object *object, const char *key, struct json_object *value)
{
	if (!json_object_object_add(object, key, value))
		return 0;
	json_object_put(value);
	return -ENOMEM;
}

/* All members of @source but @except. */
static int put_all(struct json_object *object, struct json_object *source, const char *except)
{
	struct lh_entry *entry;
	int r = 0;

	lh_foreach(json_object_get_object(source), entry)
	{
		if (r || (except && !strcmp(lh_entry_k(entry), except)))
			continue;
		r = put(object, lh_entry_k(entry),
			json_object_get((struct json_object *) lh_entry_v(entry)));
	}
	return r;
}

static int finish(int r, struct json_object *made, struct json_object **ret)
{
	if (r < 0 || !made) {
		json_object_put(made);
		return r < 0 ? r : -ENOMEM;
	}
	*ret = made;
	return 0;
}

static int keep(struct json_object *value, struct json_object **ret)
{
	*ret = json_object_get(value);
	return 0;
}

/* --- Operations ------------------------------------------------------------------------------ */

static bool is_array(struct json_object *value)
{
	return json_object_is_type(value, json_type_array);
}

static int assign(const struct operation *op, struct json_object *old, struct json_object **ret)
{
	*ret = json_object_get(op->value);
	return 0;
}

static int merge(const struct operation *op, struct json_object *old, struct json_object **ret)
{
	struct json_object *made;
	int r;

	if (!json_object_is_type(op->value, json_type_object) ||
	    (old && !json_object_is_type(old, json_type_object)))
		return -EINVAL;
	made = json_object_new_object();
	if (!made)
		return -ENOMEM;
	r = old ? put_all(made, old, NULL) : 0;
	if (!r)
		r = put_all(made, op->value, NULL);
	return finish(r, made, ret);
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
	r = push_range(made, old, 0, at);
	if (!r)
		r = n ? push_range(made, extra, 0, n) : push(made, json_object_get(extra));
	if (!r)
		r = push_range(made, old, at, length);
	return finish(r, made, ret);
}

static int extend(const struct operation *op, struct json_object *old, struct json_object **ret)
{
	size_t n;

	if (!is_array(old) || !is_array(op->value))
		return -EINVAL;
	n = json_object_array_length(op->value);
	if (!n)
		return keep(old, ret);
	return splice(old, json_object_array_length(old), op->value, n, ret);
}

static int append(const struct operation *op, struct json_object *old, struct json_object **ret)
{
	if (!is_array(old))
		return -EINVAL;
	return splice(old, json_object_array_length(old), op->value, 0, ret);
}

static int prepend(const struct operation *op, struct json_object *old, struct json_object **ret)
{
	return is_array(old) ? splice(old, 0, op->value, 0, ret) : -EINVAL;
}

static int insert(const struct operation *op, struct json_object *old, struct json_object **ret)
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

static int clear(const struct operation *op, struct json_object *old, struct json_object **ret)
{
	switch (json_object_get_type(old)) {
	case json_type_array:
		return finish(0, json_object_new_array_ext(1), ret);
	case json_type_object:
		return finish(0, json_object_new_object(), ret);
	case json_type_string:
		return finish(0, json_object_new_string(""), ret);
	default:
		return -EINVAL;
	}
}

static int reverse(const struct operation *op, struct json_object *old, struct json_object **ret)
{
	struct json_object *made;
	size_t i;
	int r = 0;

	if (!is_array(old))
		return -EINVAL;
	i = json_object_array_length(old);
	made = json_object_new_array_ext((int) i + 1);
	while (made && i-- && !r)
		r = push_range(made, old, i, i + 1);
	return finish(r, made, ret);
}

static int remove_equal(const struct operation *op, struct json_object *old,
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
			r = push_range(made, old, i, i + 1);
	return finish(r, made, ret);
}

static bool is_number(struct json_object *value)
{
	return json_object_is_type(value, json_type_int) ||
	       json_object_is_type(value, json_type_double);
}

/* A whole number stays one while both were and it fits; what is not finite is not JSON. */
static int calculate(const struct operation *op, struct json_object *old, char sign,
		     struct json_object **ret)
{
	int64_t x, y, whole;
	double value;
	bool overflow;

	if (!is_number(old) || !is_number(op->value))
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
		return finish(0, json_object_new_int64(whole), ret);
	return isfinite(value) ? finish(0, json_object_new_double(value), ret) : -EINVAL;
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
	r = finish(0, json_object_new_string_len(text, (int) (size_a + size_b)), ret);
	free(text);
	return r;
}

static int add(const struct operation *op, struct json_object *old, struct json_object **ret)
{
	if (json_object_is_type(old, json_type_string) &&
	    json_object_is_type(op->value, json_type_string))
		return concatenate(old, op->value, ret);
	return calculate(op, old, '+', ret);
}

static int subtract(const struct operation *op, struct json_object *old, struct json_object **ret)
{
	return calculate(op, old, '-', ret);
}

static int multiply(const struct operation *op, struct json_object *old, struct json_object **ret)
{
	return calculate(op, old, '*', ret);
}

static int divide(const struct operation *op, struct json_object *old, struct json_object **ret)
{
	return calculate(op, old, '/', ret);
}

static const struct kind kinds[] = {
	{ "Assign", assign },	    { "Merge", merge },	    { "Extend", extend },
	{ "Append", append },	    { "Prepend", prepend }, { "Insert", insert },
	{ "Delete", NULL },	    { "Clear", clear },	    { "Reverse", reverse },
	{ "Remove", remove_equal }, { "Add", add },	    { "Sub", subtract },
	{ "Mul", multiply },	    { "Div", divide },
};

/* --- The way to the location ----------------------------------------------------------------- */

static int apply_at(const struct operation *op, struct json_object *old, size_t level,
		    struct json_object **ret);

static bool deletes_at(const struct operation *op, size_t level)
{
	return !op->kind->operate && level + 1 == json_object_array_length(op->location);
}

/* The new array in which the @index-th element has been changed or, by Delete, is gone. */
static int apply_in_array(const struct operation *op, struct json_object *array, int64_t index,
			  size_t level, struct json_object **ret)
{
	int64_t length = (int64_t) json_object_array_length(array);
	bool deletes = deletes_at(op, level);
	struct json_object *made, *element = NULL;
	int r = 0;

	if (index < 0)
		index += length;
	/* What is not there can be deleted, to no effect. */
	if (!op->kind->operate && (index < 0 || index >= length))
		return keep(array, ret);
	/* One behind the last is a new element; further out would be a hole. */
	if (index < 0 || index > length)
		return -EINVAL;
	if (!deletes) {
		r = apply_at(op, json_object_array_get_idx(array, (size_t) index), level + 1,
			     &element);
		if (r < 0)
			return r;
	}
	made = json_object_new_array_ext((int) length + 1);
	if (made)
		r = push_range(made, array, 0, (size_t) index);
	if (made && !r && !deletes) {
		r = push(made, element);
		element = NULL;
	}
	if (made && !r)
		r = push_range(made, array, (size_t) index + 1, (size_t) length);
	json_object_put(element);
	return finish(r, made, ret);
}

/* The same for a member of an object; @object may be NULL, for one that begins to be. */
static int apply_in_object(const struct operation *op, struct json_object *object, const char *key,
			   size_t level, struct json_object **ret)
{
	bool deletes = deletes_at(op, level);
	struct json_object *made, *member = NULL;
	int r;

	if (!op->kind->operate && (!object || !json_object_object_get_ex(object, key, NULL)))
		return keep(object, ret);
	made = json_object_new_object();
	if (!made)
		return -ENOMEM;
	r = object ? put_all(made, object, deletes ? key : NULL) : 0;
	if (!r && !deletes) {
		r = apply_at(op, object ? json_object_object_get(object, key) : NULL, level + 1,
			     &member);
		if (!r)
			r = put(made, key, member);
	}
	return finish(r, made, ret);
}

static int apply_at(const struct operation *op, struct json_object *old, size_t level,
		    struct json_object **ret)
{
	struct json_object *key;

	if (level == json_object_array_length(op->location))
		return op->kind->operate ? op->kind->operate(op, old, ret) : -EINVAL;
	key = json_object_array_get_idx(op->location, level);
	if (is_array(old))
		return json_object_is_type(key, json_type_int)
			       ? apply_in_array(op, old, json_object_get_int64(key), level, ret)
			       : -EINVAL;
	if ((old && !json_object_is_type(old, json_type_object)) ||
	    (!json_object_is_type(key, json_type_string) &&
	     !(old && json_object_is_type(key, json_type_int))))
		return -EINVAL;
	/* A number as key of an object is its text, as in JavaScript. */
	return apply_in_object(op, old, json_object_get_string(key), level, ret);
}

/* --- The patch ------------------------------------------------------------------------------- */

bool vz_patch_check(struct json_object *value)
{
	struct json_object *field;

	return json_object_is_type(value, json_type_object) &&
	       json_object_object_get_ex(value, MARK, &field) &&
	       json_object_object_get_ex(value, "operations", &field) &&
	       json_object_is_type(field, json_type_array);
}

static int read_operation(struct json_object *json, struct operation *ret)
{
	struct json_object *params;
	const char *name;

	*ret = (struct operation){ 0 };
	if (vz_json_get_string(json, "operation", &name) < 0 ||
	    vz_json_get_array(json, "location", &ret->location) < 0 ||
	    json_object_array_length(ret->location) > MAX_LOCATION)
		return -EINVAL;
	for (size_t i = 0; i < VZ_N_ELEMENTS(kinds); i++)
		if (!strcmp(kinds[i].name, name))
			ret->kind = &kinds[i];
	if (!ret->kind)
		return -EINVAL;
	if (vz_json_get_object(json, "params", &params) < 0)
		return 0;
	ret->value = json_object_object_get(params, "value");
	if (ret->kind->operate == insert && vz_json_get_int(params, "index", &ret->index) < 0)
		return -EINVAL;
	return 0;
}

int vz_patch_apply(struct json_object *value, struct json_object *patch, struct json_object **ret)
{
	VZ_CLEANUP(json_object_putp) struct json_object *current = json_object_get(value);
	struct json_object *operations;
	size_t n;
	int r;

	if (!vz_patch_check(patch))
		return -EINVAL;
	operations = json_object_object_get(patch, "operations");
	n = json_object_array_length(operations);
	for (size_t i = 0; i < n; i++) {
		struct json_object *next = NULL;
		struct operation op;

		r = read_operation(json_object_array_get_idx(operations, i), &op);
		if (!r)
			r = apply_at(&op, current, 0, &next);
		if (r < 0)
			return r;
		json_object_put(current);
		current = next;
	}
	*ret = vz_steal(current);
	return 0;
}
