#include "util/json-private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * A reader of its own rather than a check in front of json-c's: one pass, one opinion of what the
 * text means, and about half the time. It makes json-c values through json-c's constructors.
 *
 * A duplicate key is looked for in the object that is being filled. json-c hashes keys with a
 * seed of its own for each process, so nobody outside can choose keys that collide, and an object
 * of n members costs O(n).
 */

/* What a container costs in memory, told in scalars: max_values then bounds the bytes, too. */
#define ARRAY_COST  2u
#define OBJECT_COST 4u
/* json-c gives every object room for 16 members; above this many objects, they are fitted. */
#define N_ROOMY_OBJECTS 64u

const struct vz_json_limits vz_json_default_limits = {
	.max_bytes = 16u << 20,
	.max_depth = 32,
	.max_values = 500000,
};

static int parse_value(struct vz_json_parser *p, struct json_object **ret);

int vz_json_fail(struct vz_json_parser *p, int r, const char *at, const char *what)
{
	if (p->error) {
		p->error->offset = (size_t) (at - p->start);
		snprintf(p->error->text, sizeof(p->error->text), "byte %zu: %s", p->error->offset,
			 what);
	}
	return r;
}

static int charge(struct vz_json_parser *p, unsigned cost)
{
	if (p->limits->max_values - p->n_values < cost)
		return vz_json_fail(p, -E2BIG, p->at, "more values than are allowed");
	p->n_values += cost;
	return 0;
}

static void skip_space(struct vz_json_parser *p)
{
	while (p->at < p->end &&
	       (*p->at == ' ' || *p->at == '\n' || *p->at == '\t' || *p->at == '\r'))
		p->at++;
}

/* Takes @c, after white space; false leaves the place where it was missed. */
static bool take(struct vz_json_parser *p, char c)
{
	skip_space(p);
	if (p->at == p->end || *p->at != c)
		return false;
	p->at++;
	return true;
}

/* --- Scalars ---------------------------------------------------------------------------------- */

static int parse_string_value(struct vz_json_parser *p, struct json_object **ret)
{
	struct vz_json_text text;
	int r;

	p->at++;
	r = vz_json_parse_string(p, false, &text);
	if (r < 0)
		return r;
	/* Bounded by max_bytes, which is far below INT_MAX. */
	*ret = json_object_new_string_len(text.data, (int) text.size);
	return *ret ? 0 : -ENOMEM;
}

/* --- Containers ------------------------------------------------------------------------------ */

static int enter(struct vz_json_parser *p, unsigned cost)
{
	if (p->depth == p->limits->max_depth)
		return vz_json_fail(p, -E2BIG, p->at, "nested deeper than is allowed");
	p->depth++;
	p->at++;
	return charge(p, cost - 1);
}

static int parse_element(struct vz_json_parser *p, struct json_object *array)
{
	VZ_CLEANUP(json_object_putp) struct json_object *value = NULL;
	int r;

	r = parse_value(p, &value);
	if (r < 0)
		return r;
	if (json_object_array_add(array, value) < 0)
		return -ENOMEM;
	(void) vz_steal(value);
	return 0;
}

static int parse_array(struct vz_json_parser *p, struct json_object **ret)
{
	VZ_CLEANUP(json_object_putp) struct json_object *array = NULL;
	int r;

	r = enter(p, ARRAY_COST);
	if (r < 0)
		return r;
	array = json_object_new_array_ext(4);
	if (!array)
		return -ENOMEM;
	if (!take(p, ']')) {
		do {
			r = parse_element(p, array);
			if (r < 0)
				return r;
		} while (take(p, ','));
		if (!take(p, ']'))
			return vz_json_fail(p, -EBADMSG, p->at,
					    "expected ',' or ']' after the element");
	}
	p->depth--;
	*ret = vz_steal(array);
	return 0;
}

static int parse_key(struct vz_json_parser *p, struct json_object *object, struct vz_json_text *ret)
{
	const char *from;
	int r;

	if (!take(p, '"'))
		return vz_json_fail(p, -EBADMSG, p->at, "expected '\"' before a key");
	from = p->at - 1;
	r = charge(p, 1);
	if (r < 0)
		return r;
	r = vz_json_parse_string(p, true, ret);
	if (r < 0)
		return r;
	/* json-c's keys are C strings: a NUL would cut the key, and "a\0b" pass for "a". */
	if (memchr(ret->data, '\0', ret->size))
		return vz_json_fail(p, -EBADMSG, from, "a NUL character in a key");
	if (json_object_object_get_ex(object, ret->data, NULL))
		return vz_json_fail(p, -EBADMSG, from, "a key that the object has already");
	return 0;
}

static int parse_member(struct vz_json_parser *p, struct json_object *object)
{
	VZ_CLEANUP(json_object_putp) struct json_object *value = NULL;
	VZ_CLEANUP(vz_freep) char *long_key = NULL;
	char short_key[64], *key = short_key;
	struct vz_json_text text;
	int r;

	r = parse_key(p, object, &text);
	if (r < 0)
		return r;
	if (text.size >= sizeof(short_key)) {
		key = long_key = malloc(text.size + 1);
		if (!key)
			return -ENOMEM;
	}
	memcpy(key, text.data, text.size + 1);

	if (!take(p, ':'))
		return vz_json_fail(p, -EBADMSG, p->at, "expected ':' after the key");
	r = parse_value(p, &value);
	if (r < 0)
		return r;
	if (json_object_object_add_ex(object, key, value, JSON_C_OBJECT_ADD_KEY_IS_NEW) < 0)
		return -ENOMEM;
	(void) vz_steal(value);
	return 0;
}

static int parse_object(struct vz_json_parser *p, struct json_object **ret)
{
	VZ_CLEANUP(json_object_putp) struct json_object *object = NULL;
	int r;

	r = enter(p, OBJECT_COST);
	if (r < 0)
		return r;
	object = json_object_new_object();
	if (!object)
		return -ENOMEM;
	if (!take(p, '}')) {
		do {
			r = parse_member(p, object);
			if (r < 0)
				return r;
		} while (take(p, ','));
		if (!take(p, '}'))
			return vz_json_fail(p, -EBADMSG, p->at,
					    "expected ',' or '}' after the value");
	}
	/* Only thrift: when there is no memory for a smaller table, the larger one stays. */
	if (++p->n_objects > N_ROOMY_OBJECTS && json_object_object_length(object) <= 4)
		(void) lh_table_resize(json_object_get_object(object),
				       2 * json_object_object_length(object) + 1);
	p->depth--;
	*ret = vz_steal(object);
	return 0;
}

static int parse_word(struct vz_json_parser *p, struct json_object **ret)
{
	size_t left = (size_t) (p->end - p->at);

	if (left >= 4 && !memcmp(p->at, "null", 4)) {
		p->at += 4;
		*ret = NULL;
		return 0;
	}
	if (left >= 4 && !memcmp(p->at, "true", 4)) {
		p->at += 4;
		*ret = json_object_new_boolean(true);
		return *ret ? 0 : -ENOMEM;
	}
	if (left >= 5 && !memcmp(p->at, "false", 5)) {
		p->at += 5;
		*ret = json_object_new_boolean(false);
		return *ret ? 0 : -ENOMEM;
	}
	return vz_json_fail(p, -EBADMSG, p->at, "expected a value");
}

static int parse_value(struct vz_json_parser *p, struct json_object **ret)
{
	int r;

	skip_space(p);
	if (p->at == p->end)
		return vz_json_fail(p, -EBADMSG, p->at, "expected a value");
	r = charge(p, 1);
	if (r < 0)
		return r;
	switch (*p->at) {
	case '{':
		return parse_object(p, ret);
	case '[':
		return parse_array(p, ret);
	case '"':
		return parse_string_value(p, ret);
	case '-':
	case '0' ... '9':
		return vz_json_parse_number(p, ret);
	default:
		return parse_word(p, ret);
	}
}

int vz_json_parse(const char *text, size_t size, const struct vz_json_limits *limits,
		  struct vz_json_error *error, struct json_object **ret)
{
	struct vz_json_parser p = {
		.start = text,
		.at = text,
		.end = text + size,
		.limits = limits ? limits : &vz_json_default_limits,
		.error = error,
	};
	VZ_CLEANUP(json_object_putp) struct json_object *value = NULL;
	int r;

	if (size > p.limits->max_bytes || size > INT32_MAX)
		return vz_json_fail(&p, -E2BIG, text, "more bytes than are allowed");
	r = parse_value(&p, &value);
	if (!r) {
		skip_space(&p);
		if (p.at != p.end)
			r = vz_json_fail(&p, -EBADMSG, p.at, "expected the end of the text");
	}
	vz_buf_deinit(&p.scratch);
	if (r < 0)
		return r;
	*ret = vz_steal(value);
	return 0;
}
