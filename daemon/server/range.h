/*
 * The part of a file that a request asks for with Range, after RFC 9110, section 14: by it browsers
 * seek in videos, and downloads go on where they broke off. Pure. Thread: any.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum vz_range_verdict {
	VZ_RANGE_ALL,	 /* no range, one that is to be ignored, or several: all of it, 200 */
	VZ_RANGE_PART,	 /* 206 */
	VZ_RANGE_NOTHING /* there are no such bytes: 416 */
};

struct vz_range {
	uint64_t first, size; /* in bytes; of ALL, the whole */
};

/*
 * What the value of Range (NULL or "": none) asks for of a file of @size bytes. @ret is set unless
 * the verdict is NOTHING.
 */
enum vz_range_verdict vz_range_choose(const char *range, uint64_t size, struct vz_range *ret);
/*
 * Whether Range counts, given the value of If-Range (NULL or "": none) and the entity tag of the
 * file with its quotes. We send no Last-Modified, so that a date is never that of the file.
 */
bool vz_range_counts(const char *if_range, const char *etag);
