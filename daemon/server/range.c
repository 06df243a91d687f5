#include "server/range.h"

#include <string.h>
#include <strings.h>

/* A number of digits alone. Of one that is larger than any file it matters only that it is large.
 */
static bool parse_number(const char **text, uint64_t *ret)
{
	const char *at = *text;
	uint64_t value = 0;

	for (; *at >= '0' && *at <= '9'; at++) {
		uint64_t digit = (uint64_t) (*at - '0');

		value = value > (UINT64_MAX - digit) / 10 ? UINT64_MAX : value * 10 + digit;
	}
	if (at == *text)
		return false;
	*text = at;
	*ret = value;
	return true;
}

static const char *skip_blanks(const char *text)
{
	return text + strspn(text, " \t");
}

/* The last @n bytes. */
static enum vz_range_verdict choose_end(uint64_t n, uint64_t size, struct vz_range *ret)
{
	if (!n || !size)
		return VZ_RANGE_NOTHING;
	n = n < size ? n : size;
	*ret = (struct vz_range){ size - n, n };
	return VZ_RANGE_PART;
}

enum vz_range_verdict vz_range_choose(const char *range, uint64_t size, struct vz_range *ret)
{
	uint64_t first = 0, last = UINT64_MAX;
	bool has_first;

	*ret = (struct vz_range){ 0, size };
	if (!range || strncasecmp(range, "bytes=", 6) != 0)
		return VZ_RANGE_ALL;
	range = skip_blanks(range + 6);
	has_first = parse_number(&range, &first);
	if (*range++ != '-')
		return VZ_RANGE_ALL;
	if (!parse_number(&range, &last) && !has_first)
		return VZ_RANGE_ALL;
	/* Several are nothing that a browser asks of a video. */
	if (*skip_blanks(range) || (has_first && last < first))
		return VZ_RANGE_ALL;
	if (!has_first)
		return choose_end(last, size, ret);
	if (first >= size)
		return VZ_RANGE_NOTHING;
	*ret = (struct vz_range){ first, (last < size ? last + 1 : size) - first };
	return VZ_RANGE_PART;
}

bool vz_range_counts(const char *if_range, const char *etag)
{
	return !if_range || !*if_range || !strcmp(if_range, etag);
}
