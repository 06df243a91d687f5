/*
 * Headers that a function adds to the answer of its call. They stay in the call, so that a worker
 * can add some too, until the answer is sent.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dash/call.h"

#define MAX_HEADERS 8
#define MAX_BYTES   4096 /* of all lines, with ": " and their ends */

/* What is wrong is told by a function that returns @r and has no words of its own. */
static int __attribute__((format(printf, 3, 4)))
refuse(struct vz_call *call, int r, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL; /* then the text of @r has to do */
	va_end(args);
	free(call->header_error);
	call->header_error = text;
	call->header_result = r;
	return r;
}

/* How much of @name can stand in the name of a header. */
static size_t token_length(const char *name)
{
	return strspn(name, "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

/* How much of @value can stand in the value of one: no control characters, so no line ends. */
static size_t text_length(const char *value)
{
	size_t n = 0;

	while ((unsigned char) value[n] >= 0x20 && value[n] != 0x7f)
		n++;
	return n;
}

/* Those that say where an answer ends, what it is and how long it lives. */
static bool is_servers(const char *name)
{
	static const char *const names[] = {
		"Cache-Control",
		"Connection",
		"Content-Encoding",
		"Content-Length",
		"Content-Type",
		"ETag",
		"Keep-Alive",
		"Referrer-Policy",
		"Trailer",
		"Upgrade",
		"Transfer-Encoding",
		"Vary",
		"TE",
		"X-Content-Type-Options",
	};
	size_t i;

	for (i = 0; i < VZ_N_ELEMENTS(names); i++)
		if (!strcasecmp(names[i], name))
			return true;
	return false;
}

static bool has_header(const struct vz_call *call, const char *name)
{
	size_t length = strlen(name);
	const char *line = call->headers;

	for (; line && *line; line = strchr(line, '\n') + 1)
		if (!strncasecmp(line, name, length) && line[length] == ':')
			return true;
	return false;
}

static int check_header(struct vz_call *call, const char *name, const char *value)
{
	size_t n = token_length(name);

	if (!n || name[n])
		return refuse(call, -EINVAL,
			      "the name of a header: byte %zu is '%s', expected a token such as "
			      "Set-Cookie",
			      n, name[n] ? "no character of one" : "its end");
	if (is_servers(name))
		return refuse(call, -EINVAL, "header '%.64s': the server writes it itself", name);
	n = text_length(value);
	if (value[n])
		return refuse(call, -EINVAL,
			      "header '%.64s': byte %zu of its value is the control character "
			      "0x%02x",
			      name, n, (unsigned char) value[n]);
	if (strcasecmp(name, "Set-Cookie") && has_header(call, name))
		return refuse(call, -EEXIST, "header '%.64s': it is set already", name);
	return 0;
}

int vz_call_set_header(struct vz_call *call, const char *name, const char *value)
{
	size_t size;
	char *lines;
	int r;

	if (!name || !value)
		return refuse(call, -EINVAL, "a header: expected a name and a value");
	r = check_header(call, name, value);
	if (r < 0)
		return r;
	if (!call->is_http)
		return refuse(call, -ENOTSUP,
			      "header '%.64s': only an answer over HTTP has headers, and this call "
			      "did not come over HTTP",
			      name);
	size = strlen(name) + strlen(value) + strlen(": \r\n");
	if (call->n_headers == MAX_HEADERS || size > MAX_BYTES - call->headers_size)
		return refuse(call, -ENOSPC,
			      "header '%.64s': an answer takes %d headers and %d bytes of them",
			      name, MAX_HEADERS, MAX_BYTES);

	lines = realloc(call->headers, call->headers_size + size + 1);
	if (!lines)
		return -ENOMEM;
	(void) snprintf(lines + call->headers_size, size + 1, "%s: %s\r\n", name, value);
	call->headers = lines;
	call->headers_size += size;
	call->n_headers++;
	return 0;
}
