#include "util/json.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/json-private.h"

/*
 * A reader of its own rather than a check in front of json-c's: one pass, one opinion of what the
 * text means, and less than half the time. It makes json-c values through json-c's constructors.
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
#define NUMBER_MAX	1000u

const struct vz_json_limits vz_json_default_limits = {
	.max_bytes = 16u << 20,
	.max_depth = 32,
	.max_values = 500000,
};

struct parser {
	const char *start, *at, *end;
	const struct vz_json_limits *limits;
	unsigned depth, n_values, n_objects;
	struct vz_json_error *error;
	struct vz_buf scratch; /* a string whose escapes are resolved, or a key */
};

struct text {
	const char *data;
	size_t size;
};

static int parse_value(struct parser *p, struct json_object **ret);

static int fail(struct parser *p, int r, const char *at, const char *what)
{
	if (p->error) {
		p->error->offset = (size_t) (at - p->start);
		snprintf(p->error->text, sizeof(p->error->text), "byte %zu: %s", p->error->offset,
			 what);
	}
	return r;
}

static int charge(struct parser *p, unsigned cost)
{
	if (p->limits->max_values - p->n_values < cost)
		return fail(p, -E2BIG, p->at, "more values than are allowed");
	p->n_values += cost;
	return 0;
}

static void skip_space(struct parser *p)
{
	while (p->at < p->end &&
	       (*p->at == ' ' || *p->at == '\n' || *p->at == '\t' || *p->at == '\r'))
		p->at++;
}

/* Takes @c, after white space; false leaves the place where it was missed. */
static bool take(struct parser *p, char c)
{
	skip_space(p);
	if (p->at == p->end || *p->at != c)
		return false;
	p->at++;
	return true;
}

/* --- Strings --------------------------------------------------------------------------------- */

static int parse_hex4(struct parser *p, uint32_t *ret)
{
	uint32_t value = 0;

	for (int i = 0; i < 4; i++, p->at++) {
		unsigned char c = p->at < p->end ? (unsigned char) *p->at : 0;

		if (c >= '0' && c <= '9')
			value = value << 4 | (c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			value = value << 4 | ((c | 0x20) - 'a' + 10u);
		else
			return fail(p, -EBADMSG, p->at,
				    "expected four hexadecimal digits after \\u");
	}
	*ret = value;
	return 0;
}

static void put_utf8(struct vz_buf *buf, uint32_t c)
{
	char bytes[4];
	size_t n = 0;

	if (c < 0x80) {
		bytes[n++] = (char) c;
	} else if (c < 0x800) {
		bytes[n++] = (char) (0xc0 | c >> 6);
		bytes[n++] = (char) (0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		bytes[n++] = (char) (0xe0 | c >> 12);
		bytes[n++] = (char) (0x80 | (c >> 6 & 0x3f));
		bytes[n++] = (char) (0x80 | (c & 0x3f));
	} else {
		bytes[n++] = (char) (0xf0 | c >> 18);
		bytes[n++] = (char) (0x80 | (c >> 12 & 0x3f));
		bytes[n++] = (char) (0x80 | (c >> 6 & 0x3f));
		bytes[n++] = (char) (0x80 | (c & 0x3f));
	}
	vz_buf_append(buf, bytes, n);
}

/*
 * The four digits after \u. JavaScript's strings may hold half of a surrogate pair and its
 * stringify() writes it; UTF-8 cannot hold it, so it becomes U+FFFD.
 */
static int parse_unicode_escape(struct parser *p)
{
	uint32_t c, low;
	int r;

	r = parse_hex4(p, &c);
	if (r < 0)
		return r;
	if (c >= 0xd800 && c < 0xdc00 && p->end - p->at >= 6 && p->at[0] == '\\' &&
	    p->at[1] == 'u') {
		const char *second = p->at;

		p->at += 2;
		r = parse_hex4(p, &low);
		if (r < 0)
			return r;
		if (low >= 0xdc00 && low < 0xe000)
			c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
		else
			p->at = second;
	}
	if (c >= 0xd800 && c < 0xe000)
		c = 0xfffd;
	put_utf8(&p->scratch, c);
	return 0;
}

/* At a backslash. */
static int parse_escape(struct parser *p)
{
	static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
	const char *found;

	p->at++;
	if (p->at < p->end && *p->at == 'u') {
		p->at++;
		return parse_unicode_escape(p);
	}
	found = p->at < p->end && *p->at ? strchr(letters, *p->at) : NULL;
	if (!found)
		return fail(p, -EBADMSG, p->at, "expected one of \"\\/bfnrtu after the backslash");
	vz_buf_putc(&p->scratch, meanings[found - letters]);
	p->at++;
	return 0;
}

/* Goes to the next byte that is a quote, an escape or wrong. */
static int skip_plain(struct parser *p)
{
	for (;;) {
		unsigned char c;
		unsigned n;

		while (p->end - p->at >= 8 && vz_json_is_plain_8(p->at, '"'))
			p->at += 8;
		if (p->at == p->end)
			return fail(p, -EBADMSG, p->at, "expected '\"' at the end of the string");
		c = (unsigned char) *p->at;
		if (c == '"' || c == '\\')
			return 0;
		if (c < 0x20)
			return fail(p, -EBADMSG, p->at, "a control character in a string");
		n = vz_utf8_length((const unsigned char *) p->at, (size_t) (p->end - p->at));
		if (!n)
			return fail(p, -EBADMSG, p->at, "not UTF-8");
		p->at += n;
	}
}

/*
 * Behind the opening quote. What it returns lies in the text itself or, if it has escapes or
 * @copy asks for a NUL behind it, in the scratch buffer until the next string.
 */
static int parse_string(struct parser *p, bool copy, struct text *ret)
{
	const char *run = p->at;
	int r;

	p->scratch.size = 0;
	for (;;) {
		r = skip_plain(p);
		if (r < 0)
			return r;
		if (*p->at == '"')
			break;
		vz_buf_append(&p->scratch, run, (size_t) (p->at - run));
		r = parse_escape(p);
		if (r < 0)
			return r;
		run = p->at;
		copy = true;
	}
	*ret = (struct text){ run, (size_t) (p->at - run) };
	p->at++;
	if (!copy)
		return 0;

	vz_buf_append(&p->scratch, ret->data, ret->size);
	*ret = (struct text){ p->scratch.data, p->scratch.size };
	vz_buf_putc(&p->scratch, '\0');
	ret->data = p->scratch.data;
	return p->scratch.failed ? -ENOMEM : 0;
}

static int parse_string_value(struct parser *p, struct json_object **ret)
{
	struct text text;
	int r;

	p->at++;
	r = parse_string(p, false, &text);
	if (r < 0)
		return r;
	/* Bounded by max_bytes, which is far below INT_MAX. */
	*ret = json_object_new_string_len(text.data, (int) text.size);
	return *ret ? 0 : -ENOMEM;
}

/* --- Numbers --------------------------------------------------------------------------------- */

struct number {
	uint64_t mantissa;
	int exponent; /* of ten */
	bool negative, integral;
	bool exact; /* the mantissa holds all digits */
};

static bool is_digit(const struct parser *p)
{
	return p->at < p->end && *p->at >= '0' && *p->at <= '9';
}

static void take_digits(struct parser *p, struct number *n)
{
	for (; is_digit(p); p->at++) {
		unsigned digit = (unsigned) (*p->at - '0');

		if (n->mantissa > (UINT64_MAX - digit) / 10)
			n->exact = false;
		else
			n->mantissa = n->mantissa * 10 + digit;
	}
}

static int scan_fraction(struct parser *p, struct number *n)
{
	const char *first;

	if (p->at == p->end || *p->at != '.')
		return 0;
	n->integral = false;
	first = ++p->at;
	if (!is_digit(p))
		return fail(p, -EBADMSG, p->at, "expected a digit after the decimal point");
	take_digits(p, n);
	n->exponent -= (int) (p->at - first < 100000 ? p->at - first : 100000);
	return 0;
}

static int scan_exponent(struct parser *p, struct number *n)
{
	bool negative = false;
	int exponent = 0;

	if (p->at == p->end || (*p->at | 0x20) != 'e')
		return 0;
	n->integral = false;
	p->at++;
	if (p->at < p->end && (*p->at == '+' || *p->at == '-'))
		negative = *p->at++ == '-';
	if (!is_digit(p))
		return fail(p, -EBADMSG, p->at, "expected a digit in the exponent");
	for (; is_digit(p); p->at++)
		if (exponent < 100000)
			exponent = exponent * 10 + (*p->at - '0');
	n->exponent += negative ? -exponent : exponent;
	return 0;
}

static int scan_number(struct parser *p, struct number *n)
{
	int r;

	*n = (struct number){ .integral = true, .exact = true };
	if (*p->at == '-') {
		n->negative = true;
		p->at++;
	}
	if (!is_digit(p))
		return fail(p, -EBADMSG, p->at, "expected a digit");
	if (*p->at == '0') {
		p->at++;
		if (is_digit(p))
			return fail(p, -EBADMSG, p->at, "a number must not start with 0");
	} else {
		take_digits(p, n);
	}
	r = scan_fraction(p, n);
	return r < 0 ? r : scan_exponent(p, n);
}

/*
 * A mantissa below 2^53 and a power of ten up to 22 are both exact doubles, so that one operation
 * rounds correctly. The rest is strtod()'s. (No part of the daemon calls setlocale(), so its
 * decimal point is '.'.)
 */
static int convert_double(struct parser *p, const char *from, const struct number *n, double *ret)
{
	double value = (double) n->mantissa;

	if (n->exact && n->mantissa <= (UINT64_C(1) << 53) &&
	    abs(n->exponent) < VZ_N_EXACT_POWERS) {
		if (n->exponent < 0)
			value /= vz_exact_powers[-n->exponent];
		else
			value *= vz_exact_powers[n->exponent];
		*ret = n->negative ? -value : value;
		return 0;
	}
	if (p->at - from > NUMBER_MAX)
		return fail(p, -E2BIG, from, "a number of more than 1000 characters");
	p->scratch.size = 0;
	vz_buf_append(&p->scratch, from, (size_t) (p->at - from));
	vz_buf_putc(&p->scratch, '\0');
	if (p->scratch.failed)
		return -ENOMEM;
	value = strtod(p->scratch.data, NULL);
	if (!isfinite(value))
		return fail(p, -EBADMSG, from, "a number beyond the range of a double");
	*ret = value;
	return 0;
}

static int parse_number(struct parser *p, struct json_object **ret)
{
	const char *from = p->at;
	struct number n;
	double value;
	int r;

	r = scan_number(p, &n);
	if (r < 0)
		return r;
	if (n.integral && n.exact && n.mantissa <= INT64_MAX && (n.mantissa || !n.negative)) {
		int64_t magnitude = (int64_t) n.mantissa;

		*ret = json_object_new_int64(n.negative ? -magnitude : magnitude);
		return *ret ? 0 : -ENOMEM;
	}
	r = convert_double(p, from, &n, &value);
	if (r < 0)
		return r;
	*ret = json_object_new_double(value);
	return *ret ? 0 : -ENOMEM;
}

/* --- Containers ------------------------------------------------------------------------------ */

static int enter(struct parser *p, unsigned cost)
{
	if (p->depth == p->limits->max_depth)
		return fail(p, -E2BIG, p->at, "nested deeper than is allowed");
	p->depth++;
	p->at++;
	return charge(p, cost - 1);
}

static int parse_element(struct parser *p, struct json_object *array)
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

static int parse_array(struct parser *p, struct json_object **ret)
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
			return fail(p, -EBADMSG, p->at, "expected ',' or ']' after the element");
	}
	p->depth--;
	*ret = vz_steal(array);
	return 0;
}

static int parse_key(struct parser *p, struct json_object *object, struct text *ret)
{
	const char *from;
	int r;

	if (!take(p, '"'))
		return fail(p, -EBADMSG, p->at, "expected '\"' before a key");
	from = p->at - 1;
	r = charge(p, 1);
	if (r < 0)
		return r;
	r = parse_string(p, true, ret);
	if (r < 0)
		return r;
	/* json-c's keys are C strings: a NUL would cut the key, and "a\0b" pass for "a". */
	if (memchr(ret->data, '\0', ret->size))
		return fail(p, -EBADMSG, from, "a NUL character in a key");
	if (json_object_object_get_ex(object, ret->data, NULL))
		return fail(p, -EBADMSG, from, "a key that the object has already");
	return 0;
}

static int parse_member(struct parser *p, struct json_object *object)
{
	VZ_CLEANUP(json_object_putp) struct json_object *value = NULL;
	VZ_CLEANUP(vz_freep) char *long_key = NULL;
	char short_key[64], *key = short_key;
	struct text text;
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
		return fail(p, -EBADMSG, p->at, "expected ':' after the key");
	r = parse_value(p, &value);
	if (r < 0)
		return r;
	if (json_object_object_add_ex(object, key, value, JSON_C_OBJECT_ADD_KEY_IS_NEW) < 0)
		return -ENOMEM;
	(void) vz_steal(value);
	return 0;
}

static int parse_object(struct parser *p, struct json_object **ret)
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
			return fail(p, -EBADMSG, p->at, "expected ',' or '}' after the value");
	}
	/* Only thrift: when there is no memory for a smaller table, the larger one stays. */
	if (++p->n_objects > N_ROOMY_OBJECTS && json_object_object_length(object) <= 4)
		(void) lh_table_resize(json_object_get_object(object),
				       2 * json_object_object_length(object) + 1);
	p->depth--;
	*ret = vz_steal(object);
	return 0;
}

static int parse_word(struct parser *p, struct json_object **ret)
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
	return fail(p, -EBADMSG, p->at, "expected a value");
}

static int parse_value(struct parser *p, struct json_object **ret)
{
	int r;

	skip_space(p);
	if (p->at == p->end)
		return fail(p, -EBADMSG, p->at, "expected a value");
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
		return parse_number(p, ret);
	default:
		return parse_word(p, ret);
	}
}

int vz_json_parse(const char *text, size_t size, const struct vz_json_limits *limits,
		  struct vz_json_error *error, struct json_object **ret)
{
	struct parser p = {
		.start = text,
		.at = text,
		.end = text + size,
		.limits = limits ? limits : &vz_json_default_limits,
		.error = error,
	};
	VZ_CLEANUP(json_object_putp) struct json_object *value = NULL;
	int r;

	if (size > p.limits->max_bytes || size > INT32_MAX)
		return fail(&p, -E2BIG, text, "more bytes than are allowed");
	r = parse_value(&p, &value);
	if (!r) {
		skip_space(&p);
		if (p.at != p.end)
			r = fail(&p, -EBADMSG, p.at, "expected the end of the text");
	}
	vz_buf_deinit(&p.scratch);
	if (r < 0)
		return r;
	*ret = vz_steal(value);
	return 0;
}
