#include "util/heap.h"

#include <malloc.h>

#define KEPT_BYTES (8 * 1024 * 1024)

void vz_heap_init(void)
{
#ifdef __GLIBC__
	(void) mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
	(void) mallopt(M_MMAP_THRESHOLD, KEPT_BYTES);
#endif
}
