#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/json-private.h"

/* Numbers, back into a text: the shortest that JavaScript reads as the same. */

/* @digits times ten to the power @exponent. */
struct decimal {
	uint64_t digits;
	int exponent;
};

static const char digit_pairs[] = "00010203040506070809101112131415161718192021222324"
				  "25262728293031323334353637383940414243444546474849"
				  "50515253545556575859606162636465666768697071727374"
				  "75767778798081828384858687888990919293949596979899";

static const uint64_t integer_powers[] = {
	UINT64_C(1),
	UINT64_C(10),
	UINT64_C(100),
	UINT64_C(1000),
	UINT64_C(10000),
	UINT64_C(100000),
	UINT64_C(1000000),
	UINT64_C(10000000),
	UINT64_C(100000000),
	UINT64_C(1000000000),
	UINT64_C(10000000000),
	UINT64_C(100000000000),
	UINT64_C(1000000000000),
	UINT64_C(10000000000000),
	UINT64_C(100000000000000),
	UINT64_C(1000000000000000),
	UINT64_C(10000000000000000),
	UINT64_C(100000000000000000),
	UINT64_C(1000000000000000000),
	UINT64_C(10000000000000000000),
};

/* Writes @value so that it ends at @end; returns where it starts. */
static char *write_digits(char *end, uint64_t value)
{
	while (value >= 100) {
		end -= 2;
		memcpy(end, digit_pairs + value % 100 * 2, 2);
		value /= 100;
	}
	if (value >= 10) {
		end -= 2;
		memcpy(end, digit_pairs + value * 2, 2);
	} else {
		*--end = (char) ('0' + value);
	}
	return end;
}

/*
 * Writes @value so that it ends at @end, with a point before the last @places of its digits, which
 * are fewer than all. In one go, since digits that were just written in pairs are slow to copy.
 */
static char *write_with_point(char *end, uint64_t value, int places)
{
	for (; places >= 2; places -= 2) {
		end -= 2;
		memcpy(end, digit_pairs + value % 100 * 2, 2);
		value /= 100;
	}
	if (places) {
		*--end = (char) ('0' + value % 10);
		value /= 10;
	}
	*--end = '.';
	return write_digits(end, value);
}

static int count_digits(uint64_t value)
{
	/* A little below the digits that so many bits are at most; then one more or none. */
	int n = (64 - __builtin_clzll(value | 1)) * 1233 >> 12;

	return n + (value >= integer_powers[n]);
}

/*
 * Tries @x as a decimal of @places places. The product is off by less than half a unit as long as
 * it is below 10^15, so rounding finds the only candidate; and as both sides of the quotient are
 * exact, it equals @x if and only if the decimal reads back as @x.
 */
static bool try_places(double x, int places, struct decimal *ret)
{
	double scaled = x * vz_json_exact_powers[places] + 0.5;
	int64_t digits;

	if (scaled > 1e15)
		return false;
	digits = (int64_t) scaled;
	if ((double) digits / vz_json_exact_powers[places] != x)
		return false;
	ret->digits = (uint64_t) digits;
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

	if (places < 1 || places >= VZ_JSON_N_EXACT_POWERS)
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

	if (places < 1 || places >= VZ_JSON_N_EXACT_POWERS || shift < 0)
		return false;
	mantissa = (uint64_t) ldexp(x, shift);
	/* Below a power of two, the step is half as wide; printf() may give a digit too many there.
	 */
	if (mantissa == UINT64_C(1) << 52)
		return false;
	do {
		power = (uint64_t) vz_json_exact_powers[places / 2];
		power *= (uint64_t) vz_json_exact_powers[places - places / 2];
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

/* 1.5e-7: @n digits at @digits, the first of which is worth 10^@exponent. */
static char *write_scientific(char *to, const char *digits, int n, int exponent)
{
	*to++ = *digits;
	if (n > 1) {
		*to++ = '.';
		memcpy(to, digits + 1, (size_t) n - 1);
		to += n - 1;
	}
	return to + snprintf(to, 8, "e%+d", exponent);
}

/* 0.0015 or 1500: @n digits, @point before the decimal point, which is none or fewer, or all. */
static char *write_plain(char *to, const char *digits, int n, int point)
{
	if (point <= 0) {
		memcpy(to, "0.00000", 7);
		to += 2 - point;
		memcpy(to, digits, (size_t) n);
		return to + n;
	}
	memcpy(to, digits, (size_t) n);
	memset(to + n, '0', (size_t) (point - n));
	return to + point;
}

static char *write_double(char *to, double value)
{
	char digits[24], *first;
	struct decimal d;
	int n, point;

	if (value == 0) {
		*to++ = '0';
		return to;
	}
	d = find_shortest(value);
	n = count_digits(d.digits);
	point = n + d.exponent;
	if (d.exponent < 0 && point > 0) {
		(void) write_with_point(to + n + 1, d.digits, -d.exponent);
		return to + n + 1;
	}
	first = write_digits(digits + sizeof(digits), d.digits);
	return point > 21 || point <= -6 ? write_scientific(to, first, n, point - 1)
					 : write_plain(to, first, n, point);
}

/*
 * Writes as JavaScript does: plain from 1e-6 to 1e21, with an exponent outside. Pattern ids are
 * compared as text with what the browser made of the same number.
 */
void vz_json_print_double(struct vz_buf *buf, double value)
{
	char *to;

	if (!isfinite(value)) {
		vz_buf_append(buf, "null", 4);
		return;
	}
	/* A sign, 17 digits, a point and up to 6 zeros, or an exponent. */
	to = vz_buf_reserve(buf, 48);
	if (!to)
		return;
	if (signbit(value))
		*to++ = '-';
	to = write_double(to, fabs(value));
	buf->size = (size_t) (to - buf->data);
}

void vz_json_put_int(struct vz_buf *buf, struct json_object *value)
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
