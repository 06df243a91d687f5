#include "util/json-private.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Numbers, from the text of a message. */

#define NUMBER_MAX 1000u

const double vz_json_exact_powers[VZ_JSON_N_EXACT_POWERS] = {
	1e0,  1e1,  1e2,  1e3,	1e4,  1e5,  1e6,  1e7,	1e8,  1e9,  1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

struct number {
	uint64_t mantissa;
	int exponent; /* of ten */
	bool negative, integral;
	bool exact; /* the mantissa holds all digits */
};

static bool is_digit(const struct vz_json_parser *p)
{
	return p->at < p->end && *p->at >= '0' && *p->at <= '9';
}

static void take_digits(struct vz_json_parser *p, struct number *n)
{
	for (; is_digit(p); p->at++) {
		unsigned digit = (unsigned) (*p->at - '0');

		if (n->mantissa > (UINT64_MAX - digit) / 10)
			n->exact = false;
		else
			n->mantissa = n->mantissa * 10 + digit;
	}
}

static int scan_fraction(struct vz_json_parser *p, struct number *n)
{
	const char *first;

	if (p->at == p->end || *p->at != '.')
		return 0;
	n->integral = false;
	first = ++p->at;
	if (!is_digit(p))
		return vz_json_fail(p, -EBADMSG, p->at, "expected a digit after the decimal point");
	take_digits(p, n);
	n->exponent -= (int) (p->at - first < 100000 ? p->at - first : 100000);
	return 0;
}

static int scan_exponent(struct vz_json_parser *p, struct number *n)
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
		return vz_json_fail(p, -EBADMSG, p->at, "expected a digit in the exponent");
	for (; is_digit(p); p->at++)
		if (exponent < 100000)
			exponent = exponent * 10 + (*p->at - '0');
	n->exponent += negative ? -exponent : exponent;
	return 0;
}

static int scan_number(struct vz_json_parser *p, struct number *n)
{
	int r;

	*n = (struct number){ .integral = true, .exact = true };
	if (*p->at == '-') {
		n->negative = true;
		p->at++;
	}
	if (!is_digit(p))
		return vz_json_fail(p, -EBADMSG, p->at, "expected a digit");
	if (*p->at == '0') {
		p->at++;
		if (is_digit(p))
			return vz_json_fail(p, -EBADMSG, p->at, "a number must not start with 0");
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
static int convert_double(struct vz_json_parser *p, const char *from, const struct number *n,
			  double *ret)
{
	double value = (double) n->mantissa;

	if (n->exact && n->mantissa <= (UINT64_C(1) << 53) &&
	    abs(n->exponent) < VZ_JSON_N_EXACT_POWERS) {
		if (n->exponent < 0)
			value /= vz_json_exact_powers[-n->exponent];
		else
			value *= vz_json_exact_powers[n->exponent];
		*ret = n->negative ? -value : value;
		return 0;
	}
	if (p->at - from > NUMBER_MAX)
		return vz_json_fail(p, -E2BIG, from, "a number of more than 1000 characters");
	p->scratch.size = 0;
	vz_buf_append(&p->scratch, from, (size_t) (p->at - from));
	vz_buf_putc(&p->scratch, '\0');
	if (p->scratch.failed)
		return -ENOMEM;
	value = strtod(p->scratch.data, NULL);
	if (!isfinite(value))
		return vz_json_fail(p, -EBADMSG, from, "a number beyond the range of a double");
	*ret = value;
	return 0;
}

int vz_json_parse_number(struct vz_json_parser *p, struct json_object **ret)
{
	const char *from = p->at;
	struct number n;
	double value = 0;
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
