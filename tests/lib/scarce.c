#include "scarce.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#endif

/* The sanitizers' runtime replaces malloc() itself, and names its own functions so. */
#ifdef SANITIZED
#define REAL(name) __interceptor_##name
#else
#define REAL(name) __libc_##name
#endif

void *REAL(malloc)(size_t size);
void *REAL(calloc)(size_t n, size_t size);
void *REAL(realloc)(void *old, size_t size);

static bool active, lasting, refused;
static unsigned left;

void scarce_begin(unsigned n, bool for_good)
{
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
