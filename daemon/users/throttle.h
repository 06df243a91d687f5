/*
 * Who types wrong passwords has to wait: an address, and the name that it tries, each on its own
 * account, so that nobody else does. Four are free; from the fifth on the next may come after one
 * second, then two, then four, up to fifteen minutes for an address and one minute for a name,
 * whose owner a stranger must not keep out for long. A quarter of an hour without any is forgotten.
 *
 * The table is bounded: who was wrong longest ago makes room. Pure. Thread: whoever owns it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "users/user.h"

#define VZ_THROTTLE_ENTRIES 256
#define VZ_THROTTLE_FREE    5 /* the fifth wrong one is the first that slows down */
#define VZ_THROTTLE_KEY_MAX 64

struct vz_throttle_entry {
	char key[VZ_THROTTLE_KEY_MAX]; /* "": free */
	unsigned n_wrong;
	int64_t last_us, until_us;
};

struct vz_throttle {
	struct vz_throttle_entry entries[VZ_THROTTLE_ENTRIES];
};

/*
 * Begins a try of @name from @address (text; of an IPv6 address the network's half counts).
 * Returns 0, having counted it as a wrong one, because several may be under way at once; or for how
 * many microseconds none may come.
 */
int64_t vz_throttle_begin(struct vz_throttle *throttle, const char *address, const char *name,
			  int64_t now_us);
/* It was the right one: takes it back for the address, and forgets all of the name. */
void vz_throttle_succeed(struct vz_throttle *throttle, const char *address, const char *name);
/* It was neither: it could not be judged. */
void vz_throttle_cancel(struct vz_throttle *throttle, const char *address, const char *name);
