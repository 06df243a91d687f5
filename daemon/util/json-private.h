/* What the reader and the printer of JSON share. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The powers of ten that a double holds exactly. */
#define VZ_N_EXACT_POWERS 23
extern const double vz_exact_powers[VZ_N_EXACT_POWERS];

/*
 * How many of the @left bytes at @s are one UTF-8 character, or 0 when they are none: an overlong
 * form, half of a surrogate pair and a value above U+10FFFF are no characters.
 */
static inline unsigned vz_utf8_length(const unsigned char *s, size_t left)
{
	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4 || left < 2 || (s[1] & 0xc0) != 0x80)
		return 0;
	if (s[0] < 0xe0)
		return 2;
	if (left < 3 || (s[2] & 0xc0) != 0x80)
		return 0;
	if (s[0] < 0xf0) {
		if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] >= 0xa0))
			return 0;
		return 3;
	}
	if (left < 4 || (s[3] & 0xc0) != 0x80)
		return 0;
	if ((s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] >= 0x90))
		return 0;
	return 4;
}

/*
 * Whether eight bytes at once are characters that mean themselves inside a JSON string: not '"',
 * not
 * '\\', not @also, no control character, nothing outside ASCII. Subtracting one borrows into the
 * top bit of a byte that was zero; a borrow may also mark its neighbour, which only costs a slower
 * look.
 */
static inline bool vz_json_is_plain_8(const char *s, char also)
{
	const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
	uint64_t v, quote, backslash, other;

	memcpy(&v, s, sizeof(v));
	quote = v ^ (ones * '"');
	backslash = v ^ (ones * '\\');
	other = v ^ (ones * (unsigned char) also);
	return !((v | (v - ones * 0x20) | (quote - ones) | (backslash - ones) | (other - ones)) &
		 tops);
}
