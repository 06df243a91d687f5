#include "util/json-private.h"

#include <errno.h>
#include <string.h>

/* Strings: from the text of a message, and back into one. */

/*
 * How many of the @left bytes at @s are one UTF-8 character, or 0 when they are none: an overlong
 * form, half of a surrogate pair and a value above U+10FFFF are no characters.
 */
static unsigned utf8_length(const unsigned char *s, size_t left)
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
static bool is_plain_8(const char *s, char also)
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

/* --- Reading --------------------------------------------------------------------------------- */

static int parse_hex4(struct vz_json_parser *p, uint32_t *ret)
{
	uint32_t value = 0;

	for (int i = 0; i < 4; i++, p->at++) {
		unsigned char c = p->at < p->end ? (unsigned char) *p->at : 0;

		if (c >= '0' && c <= '9')
			value = value << 4 | (c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			value = value << 4 | ((c | 0x20) - 'a' + 10u);
		else
			return vz_json_fail(p, -EBADMSG, p->at,
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
static int parse_unicode_escape(struct vz_json_parser *p)
{
	uint32_t c = 0, low = 0;
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
static int parse_escape(struct vz_json_parser *p)
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
		return vz_json_fail(p, -EBADMSG, p->at,
				    "expected one of \"\\/bfnrtu after the backslash");
	vz_buf_putc(&p->scratch, meanings[found - letters]);
	p->at++;
	return 0;
}

/* Goes to the next byte that is a quote, an escape or wrong. */
static int skip_plain(struct vz_json_parser *p)
{
	for (;;) {
		unsigned char c;
		unsigned n;

		while (p->end - p->at >= 8 && is_plain_8(p->at, '"'))
			p->at += 8;
		if (p->at == p->end)
			return vz_json_fail(p, -EBADMSG, p->at,
					    "expected '\"' at the end of the string");
		c = (unsigned char) *p->at;
		if (c == '"' || c == '\\')
			return 0;
		if (c < 0x20)
			return vz_json_fail(p, -EBADMSG, p->at, "a control character in a string");
		n = utf8_length((const unsigned char *) p->at, (size_t) (p->end - p->at));
		if (!n)
			return vz_json_fail(p, -EBADMSG, p->at, "not UTF-8");
		p->at += n;
	}
}

int vz_json_parse_string(struct vz_json_parser *p, bool copy, struct vz_json_text *ret)
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
	*ret = (struct vz_json_text){ run, (size_t) (p->at - run) };
	p->at++;
	if (!copy)
		return 0;

	vz_buf_append(&p->scratch, ret->data, ret->size);
	*ret = (struct vz_json_text){ p->scratch.data, p->scratch.size };
	vz_buf_putc(&p->scratch, '\0');
	ret->data = p->scratch.data;
	return p->scratch.failed ? -ENOMEM : 0;
}

/* --- Printing --------------------------------------------------------------------------------- */

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

void vz_json_put_string(struct vz_buf *buf, const char *text, size_t size, bool in_page)
{
	const char *at = text, *run = text, *end = text + size;

	vz_buf_putc(buf, '"');
	while (at < end) {
		unsigned n;

		if (end - at >= 8 && is_plain_8(at, in_page ? '<' : '"')) {
			at += 8;
			continue;
		}
		n = utf8_length((const unsigned char *) at, (size_t) (end - at));
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
	vz_json_put_string(buf, text, size, true);
}
