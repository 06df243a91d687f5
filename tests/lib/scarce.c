#include "scarce.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

#ifndef __has_feature /* clang's way of asking; gcc defines macros */
#define __has_feature(name) 0
#endif

/* The address sanitizer's runtime replaces malloc() itself, and names its own functions so. */
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define REAL(name) __interceptor_##name
#else
#define REAL(name) __libc_##name
#endif

/* The thread sanitizer's allocates before it is ready to see code of ours; it keeps its own. */
#if defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
#define REPLACES 0
#else
#define REPLACES 1
#endif

/* Of one thread: what others allocate meanwhile would make no two runs alike, and sanitizers cannot
 * start a thread without memory. */
static _Thread_local bool active, lasting, refused;
static _Thread_local unsigned left;

void scarce_begin(unsigned n, bool for_good)
{
	if (!REPLACES)
		test_skip("malloc() cannot be replaced under the thread sanitizer");
	left = n;
	lasting = for_good;
	refused = false;
	active = true;
}

bool scarce_end(void)
{
	active = false;
	return refused;
}

#if REPLACES
void *REAL(malloc)(size_t size);
void *REAL(calloc)(size_t n, size_t size);
void *REAL(realloc)(void *old, size_t size);

static bool refuse(void)
{
	if (!active || (refused && !lasting))
		return false;
	if (left) {
		left--;
		return false;
	}
	refused = true;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return refuse() ? NULL : REAL(malloc)(size);
}

void *calloc(size_t n, size_t size)
{
	return refuse() ? NULL : REAL(calloc)(n, size);
}

void *realloc(void *old, size_t size)
{
	return refuse() ? NULL : REAL(realloc)(old, size);
}

/* The sanitizers' own one would go past us. */
#undef strdup
char *strdup(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = malloc(size);

	return copy ? memcpy(copy, text, size) : NULL;
}
#endif
