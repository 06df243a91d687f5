#include "server/header.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

int vz_header_parse_length(const char *text, int64_t *ret)
{
	int64_t length = 0;

	if (!*text)
		return -EINVAL;
	for (; *text; text++) {
		if (!isdigit((unsigned char) *text) || length > (INT64_MAX - 9) / 10)
			return -EINVAL;
		length = length * 10 + (*text - '0');
	}
	*ret = length;
	return 0;
}

/* The next part of a comma-separated list without the blanks around it, or false at the end. */
static bool next_part(const char **text, const char **ret_part, size_t *ret_size)
{
	const char *start, *end;

	if (!**text)
		return false;
	end = start = *text;
	/* A comma inside quotes belongs to an entity tag. */
	for (bool quoted = false; *end && (quoted || *end != ','); end++) {
		if (*end == '"')
			quoted = !quoted;
	}
	*text = *end ? end + 1 : end;
	while (start < end && isspace((unsigned char) *start))
		start++;
	while (end > start && isspace((unsigned char) end[-1]))
		end--;
	*ret_part = start;
	*ret_size = (size_t) (end - start);
	return true;
}

/* "gzip;q=0" and "gzip; q=0.000" refuse. */
static bool is_refused(const char *parameters, size_t size)
{
	const char *end = parameters + size, *p = memchr(parameters, '=', size);

	if (!p)
		return false;
	for (p++; p < end; p++) {
		if (*p >= '1' && *p <= '9')
			return false;
	}
	return true;
}

bool vz_header_accepts_gzip(const char *text)
{
	const char *part;
	size_t size, name;

	while (next_part(&text, &part, &size)) {
		for (name = 0; name < size && part[name] != ';' && part[name] != ' '; name++)
			;
		if (name == 4 && strncasecmp(part, "gzip", 4) == 0)
			return !is_refused(part + name, size - name);
	}
	return false;
}

bool vz_header_matches_etag(const char *text, const char *etag)
{
	const char *part;
	size_t size;

	while (next_part(&text, &part, &size)) {
		if (size == 1 && *part == '*')
			return true;
		if (size > 2 && strncmp(part, "W/", 2) == 0) {
			part += 2;
			size -= 2;
		}
		if (size == strlen(etag) && memcmp(part, etag, size) == 0)
			return true;
	}
	return false;
}

bool vz_header_get_cookie(const char *text, const char *name, char *ret, size_t ret_size)
{
	size_t name_size = strlen(name), size;

	while (*text) {
		/* lws puts a comma between two headers. */
		text += strspn(text, " \t;,");
		size = strcspn(text, ";,");
		if (size > name_size && strncmp(text, name, name_size) == 0 &&
		    text[name_size] == '=' && size - name_size - 1 < ret_size) {
			size -= name_size + 1;
			memcpy(ret, text + name_size + 1, size);
			ret[size] = '\0';
			return true;
		}
		text += size;
	}
	return false;
}

bool vz_header_has_word(const char *text, const char *word)
{
	const char *part;
	size_t size;

	while (next_part(&text, &part, &size)) {
		if (size == strlen(word) && strncasecmp(part, word, size) == 0)
			return true;
	}
	return false;
}

/* "v1_2m0f3c": the version, then the last m, then nothing but hexadecimal digits. */
static bool is_fingerprint(const char *part, size_t size)
{
	size_t i, m = size;

	if (size < 4 || part[0] != 'v')
		return false;
	while (m > 0 && isxdigit((unsigned char) part[m - 1]))
		m--;
	if (m == size || m < 3 || part[m - 1] != 'm')
		return false;
	for (i = 1; i < m - 1; i++) {
		if (!isalnum((unsigned char) part[i]) && part[i] != '_' && part[i] != '-')
			return false;
	}
	return true;
}

bool vz_fingerprint_strip(const char *path, char *ret, size_t size)
{
	const char *name = strrchr(path, '/'), *first, *second;

	name = name ? name + 1 : path;
	first = strchr(name, '.');
	second = first ? strchr(first + 1, '.') : NULL;
	if (!second || !is_fingerprint(first + 1, (size_t) (second - first - 1)))
		return false;
	if ((size_t) (first - path) + strlen(second) >= size)
		return false;
	memcpy(ret, path, (size_t) (first - path));
	strcpy(ret + (first - path), second);
	return true;
}

bool vz_path_is_file(const char *path)
{
	const char *name = strrchr(path, '/');

	return strchr(name ? name : path, '.') != NULL;
}
