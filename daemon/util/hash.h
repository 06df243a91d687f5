/* FNV-1a of a string: short, and good for the short keys that ids and properties are. */
#pragma once

#include <stdint.h>

static inline uint32_t vz_hash(const char *text)
{
	uint32_t hash = 2166136261u;

	for (; *text; text++)
		hash = (hash ^ (unsigned char) *text) * 16777619u;
	return hash;
}
