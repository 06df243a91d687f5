/*
 * Scope-bound ownership, after the kernel's and systemd's habit: a local owns what it points at and
 * gives it up with vz_steal().
 */
#pragma once

#include <stdlib.h>

#define VZ_CLEANUP(fn) __attribute__((cleanup(fn)))

/* Takes the value out of @p and leaves NULL, so that its cleanup finds nothing. */
#define vz_steal(p)                                                                                \
	__extension__({                                                                            \
		__typeof__(&(p)) steal_from_ = &(p);                                               \
		__typeof__(p) steal_value_ = *steal_from_;                                         \
		*steal_from_ = NULL;                                                               \
		steal_value_;                                                                      \
	})

/* Defines name##p(type *), the cleanup that calls @fn on a pointer that is not NULL. */
#define VZ_DEFINE_CLEANUP(name, type, fn)                                                          \
	static inline void name##p(type *p)                                                        \
	{                                                                                          \
		if (*p)                                                                            \
			(void) fn(*p);                                                             \
	}

static inline void vz_freep(void *p)
{
	free(*(void **) p);
}

#define vz_container_of(ptr, type, member)                                                         \
	((type *) ((char *) (ptr) - offsetof(type, member)))

#define VZ_N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))
