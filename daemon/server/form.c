#include "server/form.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "util/buf.h"

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char) (c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One character of @text, and on to the next. Returns it, or -EINVAL. */
static int decode_one(const char **text, const char *end)
{
	const char *p = *text;
	int high, low;

	if (*p != '%') {
		*text = p + 1;
		return *p == '+' ? ' ' : (unsigned char) *p;
	}
	if (end - p < 3)
		return -EINVAL;
	high = hex_value(p[1]);
	low = hex_value(p[2]);
	*text = p + 3;
	return high < 0 || low < 0 ? -EINVAL : high * 16 + low;
}

static int decode(const char *text, const char *end, char *ret, size_t ret_size)
{
	size_t n = 0;
	int c;

	while (text < end) {
		c = decode_one(&text, end);
		if (c <= 0)
			return -EINVAL;
		if (n + 1 >= ret_size)
			return -E2BIG;
		ret[n++] = (char) c;
	}
	ret[n] = '\0';
	return 0;
}

int vz_form_get(const char *body, size_t size, const char *name, char *ret, size_t ret_size)
{
	const char *end = body + size, *p = body, *next;
	size_t name_size = strlen(name);
	int r;

	ret[0] = '\0';
	for (; p < end; p = next + 1) {
		next = memchr(p, '&', (size_t) (end - p));
		if (!next)
			next = end;
		if ((size_t) (next - p) <= name_size || strncmp(p, name, name_size) ||
		    p[name_size] != '=')
			continue;
		r = decode(p + name_size + 1, next, ret, ret_size);
		if (r < 0)
			ret[0] = '\0';
		return r;
	}
	return -ENOENT;
}

char *vz_form_escape(const char *text)
{
	struct vz_buf buf = { 0 };
	char *ret;

	for (; *text; text++) {
		if (isalnum((unsigned char) *text) || strchr("-._~/", *text))
			vz_buf_putc(&buf, *text);
		else
			vz_buf_printf(&buf, "%%%02X", (unsigned char) *text);
	}
	return vz_buf_finish(&buf, &ret, NULL) < 0 ? NULL : ret;
}
