#include "util/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/json-private.h"

const double vz_exact_powers[VZ_N_EXACT_POWERS] = {
	1e0,  1e1,  1e2,  1e3,	1e4,  1e5,  1e6,  1e7,	1e8,  1e9,  1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

/* --- Numbers --------------------------------------------------------------------------------- */

/* @digits times ten to the power @exponent. */
struct decimal {
	uint64_t digits;
	int exponent;
};

/* Writes @value so that it ends at @end; returns where it starts. */
static char *write_digits(char *end, uint64_t value)
{
	static const char pairs[] = "00010203040506070809101112131415161718192021222324"
				    "25262728293031323334353637383940414243444546474849"
				    "50515253545556575859606162636465666768697071727374"
				    "75767778798081828384858687888990919293949596979899";

	while (value >= 100) {
		end -= 2;
		memcpy(end, pairs + value % 100 * 2, 2);
		value /= 100;
	}
	if (value >= 10) {
		end -= 2;
		memcpy(end, pairs + value * 2, 2);
	} else {
		*--end = (char) ('0' + value);
	}
	return end;
}

/*
 * Tries @x as a decimal of @places places. The product is off by less than half a unit as long as
 * it is below 10^15, so rounding finds the only candidate; and as both sides of the quotient are
 * exact, it equals @x if and only if the decimal reads back as @x.
 */
static bool try_places(double x, int places, struct decimal *ret)
{
	double scaled = nearbyint(x * vz_exact_powers[places]);

	if (scaled > 1e15 || scaled / vz_exact_powers[places] != x)
		return false;
	ret->digits = (uint64_t) scaled;
	ret->exponent = -places;
	return true;
}

/* The power of ten in @x, or one less: ilogb() is exact, and log10(2) a little below 0.30103. */
static int estimate_log10(double x)
{
	return (int) floor(ilogb(x) * 0.30102999566398114);
}

static bool try_15_digits(double x, struct decimal *ret)
{
	int places = 14 - estimate_log10(x);

	if (places < 1 || places >= VZ_N_EXACT_POWERS)
		return false;
	return try_places(x, places, ret) || try_places(x, places - 1, ret);
}

#ifdef __SIZEOF_INT128__
/*
 * 16 or 17 digits, in whole numbers: @x is mantissa / 2^shift, so @x * 10^places is the quotient of
 * two numbers of at most 126 bits. A decimal reads back as @x if it is nearer than half the step to
 * the next double, and in the units of the dividend that step is 10^places.
 */
static bool try_exact(double x, struct decimal *ret)
{
	int places = 16 - estimate_log10(x), shift = 52 - ilogb(x);
	unsigned __int128 power, scaled, rest;
	uint64_t mantissa, digits, shorter;

	if (places < 1 || places >= VZ_N_EXACT_POWERS || shift < 0)
		return false;
	mantissa = (uint64_t) ldexp(x, shift);
	/* Below a power of two, the step is half as wide; printf() may give a digit too many there.
	 */
	if (mantissa == UINT64_C(1) << 52)
		return false;
	do {
		power = (uint64_t) vz_exact_powers[places / 2];
		power *= (uint64_t) vz_exact_powers[places - places / 2];
		scaled = power * mantissa;
		digits = (uint64_t) (scaled >> shift);
	} while (digits >= UINT64_C(100000000000000000) && places--);
	ret->exponent = -places;

	shorter = (digits + 5) / 10 * 10;
	/* Half way between two: the even one, as JavaScript. */
	if (shorter - digits == 5 && shorter / 10 % 2 &&
	    (unsigned __int128) digits << shift == scaled)
		shorter -= 10;
	rest = (unsigned __int128) shorter << shift;
	rest = rest < scaled ? scaled - rest : rest - scaled;
	if (2 * rest + (mantissa & 1) <= power) {
		ret->digits = shorter;
		return true;
	}
	/* 17 are always enough: the nearer of the two neighbours. */
	rest = scaled - ((unsigned __int128) digits << shift);
	ret->digits = digits + (2 * rest + (digits & 1) > (unsigned __int128) 1 << shift);
	return true;
}
#else
static bool try_exact(double x, struct decimal *ret)
{
	return false;
}
#endif

/* What is very large or very small is left to printf() and strtod(). */
static void try_printf(double x, struct decimal *ret)
{
	/* Below the normal numbers a double holds fewer digits, down to one. */
	int precision = x < 0x1p-1022 ? 1 : 15;
	char text[40];
	char *exponent;

	for (; precision <= 17; precision++) {
		snprintf(text, sizeof(text), "%.*e", precision - 1, x);
		if (precision == 17 || strtod(text, NULL) == x)
			break;
	}
	exponent = strchr(text, 'e');
	ret->exponent = atoi(exponent + 1) - (precision < 17 ? precision : 17) + 1;
	ret->digits = 0;
	for (const char *c = text; c < exponent; c++)
		if (*c != '.')
			ret->digits = ret->digits * 10 + (unsigned) (*c - '0');
}

/* The shortest decimal that reads back as @x, which is above zero and finite. */
static struct decimal find_shortest(double x)
{
	struct decimal d = { 0, 0 };

	if (x < 0x1p53 && x == (double) (uint64_t) x)
		d.digits = (uint64_t) x;
	else if (!(x < 1e9 && try_places(x, 6, &d)) && !try_15_digits(x, &d) && !try_exact(x, &d))
		try_printf(x, &d);
	while (d.digits % 100 == 0) {
		d.digits /= 100;
		d.exponent += 2;
	}
	if (d.digits % 10 == 0) {
		d.digits /= 10;
		d.exponent++;
	}
	return d;
}

/*
 * Writes as JavaScript does: plain from 1e-6 to 1e21, with an exponent outside. Pattern ids are
 * compared as text with what the browser made of the same number.
 */
void vz_json_print_double(struct vz_buf *buf, double value)
{
	char digits[24], *first;
	struct decimal d;
	int n, point;
	char *to;

	if (!isfinite(value)) {
		vz_buf_append(buf, "null", 4);
		return;
	}
	to = vz_buf_reserve(buf, 48);
	if (!to)
		return;
	if (signbit(value))
		*to++ = '-';
	if (value == 0) {
		*to++ = '0';
		buf->size = (size_t) (to - buf->data);
		return;
	}
	d = find_shortest(fabs(value));
	first = write_digits(digits + sizeof(digits), d.digits);
	n = (int) (digits + sizeof(digits) - first);
	point = n + d.exponent; /* how many digits stand before the decimal point */

	if (point > 21 || point <= -6) {
		*to++ = *first;
		if (n > 1) {
			*to++ = '.';
			memcpy(to, first + 1, (size_t) n - 1);
			to += n - 1;
		}
		to += snprintf(to, 8, "e%+d", point - 1);
	} else if (point <= 0) {
		memcpy(to, "0.00000", 7);
		to += 2 - point;
		memcpy(to, first, (size_t) n);
		to += n;
	} else if (point >= n) {
		memcpy(to, first, (size_t) n);
		memset(to + n, '0', (size_t) (point - n));
		to += point;
	} else {
		memcpy(to, first, (size_t) point);
		to += point;
		*to++ = '.';
		memcpy(to, first + point, (size_t) (n - point));
		to += n - point;
	}
	buf->size = (size_t) (to - buf->data);
}

static void print_int(struct vz_buf *buf, struct json_object *value)
{
	int64_t number = json_object_get_int64(value);
	uint64_t magnitude;
	char text[24], *first;

	/* json-c holds what is above INT64_MAX as unsigned, and get_int64() saturates. */
	if (number < 0)
		magnitude = (uint64_t) - (number + 1) + 1;
	else
		magnitude = json_object_get_uint64(value);
	first = write_digits(text + sizeof(text), magnitude);
	if (number < 0)
		*--first = '-';
	vz_buf_append(buf, first, (size_t) (text + sizeof(text) - first));
}

/* --- Strings --------------------------------------------------------------------------------- */

/* Writes what stands for the character of @n bytes (0: none) at @s; false: it stands for itself. */
static bool print_escaped(struct vz_buf *buf, const unsigned char *s, unsigned n, bool in_page)
{
	static const char letters[] = "\"\\\b\f\n\r\t", escapes[] = "\"\\bfnrt";
	const char *found;

	if (n == 0) {
		vz_buf_append(buf, "\xef\xbf\xbd", 3);
		return true;
	}
	if (n == 3 && s[0] == 0xe2 && s[1] == 0x80 && (s[2] == 0xa8 || s[2] == 0xa9)) {
		if (in_page)
			vz_buf_append(buf, s[2] == 0xa8 ? "\\u2028" : "\\u2029", 6);
		return in_page;
	}
	if (n > 1 || (*s >= 0x20 && *s != '"' && *s != '\\' && !(in_page && *s == '<')))
		return false;
	found = *s ? strchr(letters, *s) : NULL;
	if (found) {
		char escape[2] = { '\\', escapes[found - letters] };

		vz_buf_append(buf, escape, 2);
	} else {
		vz_buf_printf(buf, "\\u%04x", *s);
	}
	return true;
}

/* @in_page: also what would end a <script> or a line of JavaScript is escaped. */
static void print_string(struct vz_buf *buf, const char *text, size_t size, bool in_page)
{
	const char *at = text, *run = text, *end = text + size;

	vz_buf_putc(buf, '"');
	while (at < end) {
		unsigned n;

		if (end - at >= 8 && vz_json_is_plain_8(at, in_page ? '<' : '"')) {
			at += 8;
			continue;
		}
		n = vz_utf8_length((const unsigned char *) at, (size_t) (end - at));
		if (buf->failed)
			return;
		/* A run of plain characters is copied at once, when something else follows it. */
		if (n == 1 && *at >= 0x20 && *at != '"' && *at != '\\' && *at != '<') {
			at++;
			continue;
		}
		vz_buf_append(buf, run, (size_t) (at - run));
		if (!print_escaped(buf, (const unsigned char *) at, n, in_page))
			vz_buf_append(buf, at, n);
		at += n ? n : 1;
		run = at;
	}
	vz_buf_append(buf, run, (size_t) (at - run));
	vz_buf_putc(buf, '"');
}

void vz_json_print_string(struct vz_buf *buf, const char *text, size_t size)
{
	print_string(buf, text, size, true);
}

/* --- Values ---------------------------------------------------------------------------------- */

static void print_array(struct vz_buf *buf, struct json_object *array)
{
	size_t n = json_object_array_length(array);

	vz_buf_putc(buf, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			vz_buf_putc(buf, ',');
		vz_json_print(buf, json_object_array_get_idx(array, i));
	}
	vz_buf_putc(buf, ']');
}

static void print_object(struct vz_buf *buf, struct json_object *object)
{
	char separator = '{';
	struct lh_entry *entry;

	lh_foreach(json_object_get_object(object), entry)
	{
		const char *key = lh_entry_k(entry);

		vz_buf_putc(buf, separator);
		vz_json_print_string(buf, key, strlen(key));
		vz_buf_putc(buf, ':');
		vz_json_print(buf, (struct json_object *) lh_entry_v(entry));
		separator = ',';
	}
	if (separator == '{')
		vz_buf_putc(buf, '{');
	vz_buf_putc(buf, '}');
}

static void print_scalar(struct vz_buf *buf, struct json_object *value, bool in_page)
{
	switch (json_object_get_type(value)) {
	case json_type_boolean:
		vz_buf_puts(buf, json_object_get_boolean(value) ? "true" : "false");
		break;
	case json_type_int:
		print_int(buf, value);
		break;
	case json_type_double:
		vz_json_print_double(buf, json_object_get_double(value));
		break;
	case json_type_string:
		print_string(buf, json_object_get_string(value),
			     (size_t) json_object_get_string_len(value), in_page);
		break;
	default:
		vz_buf_append(buf, "null", 4);
	}
}

void vz_json_print(struct vz_buf *buf, struct json_object *value)
{
	if (buf->failed)
		return;
	switch (json_object_get_type(value)) {
	case json_type_array:
		print_array(buf, value);
		break;
	case json_type_object:
		print_object(buf, value);
		break;
	default:
		print_scalar(buf, value, true);
	}
}

static int compare_keys(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

void vz_json_print_flat_sorted(struct vz_buf *buf, struct json_object *object)
{
	size_t n = (size_t) json_object_object_length(object), i = 0;
	VZ_CLEANUP(vz_freep) const char **keys = malloc((n + 1) * sizeof(*keys));
	struct lh_entry *entry;

	if (!keys) {
		buf->failed = true;
		return;
	}
	lh_foreach(json_object_get_object(object), entry) keys[i++] = lh_entry_k(entry);
	qsort(keys, n, sizeof(*keys), compare_keys);

	vz_buf_putc(buf, '{');
	for (i = 0; i < n; i++) {
		struct json_object *value = json_object_object_get(object, keys[i]);

		if (i)
			vz_buf_putc(buf, ',');
		print_string(buf, keys[i], strlen(keys[i]), false);
		vz_buf_putc(buf, ':');
		if (json_object_is_type(value, json_type_array)) {
			vz_buf_putc(buf, '[');
			print_scalar(buf, json_object_array_get_idx(value, 0), false);
			vz_buf_putc(buf, ']');
		} else {
			print_scalar(buf, value, false);
		}
	}
	vz_buf_putc(buf, '}');
}
