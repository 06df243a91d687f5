/*
 * A service says how a callback's updates travel and who gets them: the bits of enum vz_service in
 * vizyd/dash.h. Here is what the bits mean to the rest of the core, each question asked by name.
 */
#pragma once

#include <stdbool.h>

#include "vizyd/dash.h"

/* Whether the bits go together; else a sentence that says which do not, static. NULL is fine. */
const char *vz_service_check(unsigned service);

static inline bool vz_service_is_shared(unsigned service)
{
	return service & VZ_SERVICE_SHARED;
}

static inline bool vz_service_shares_inputs(unsigned service)
{
	return service & VZ_SERVICE_SHARE_INPUTS;
}

static inline bool vz_service_is_serialized(unsigned service)
{
	return service & VZ_SERVICE_SERIALIZED;
}

static inline bool vz_service_is_most_recent(unsigned service)
{
	return service & VZ_SERVICE_MOST_RECENT;
}
