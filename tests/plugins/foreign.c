/* A library that is none of ours; that it was loaded would be seen. */
#include <stdlib.h>

__attribute__((constructor)) static void run_too_early(void)
{
	abort();
}

__attribute__((visibility("default"))) int answer(void);
int answer(void)
{
	return 42;
}
