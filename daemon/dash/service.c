#include "dash/service.h"

#include <stddef.h>

#define ALL_BITS                                                                      \
	(VZ_SERVICE_LINK | VZ_SERVICE_SERVER_INITIAL | VZ_SERVICE_NO_CLIENT_INITIAL | \
	 VZ_SERVICE_SHARED | VZ_SERVICE_SHARE_INPUTS | VZ_SERVICE_SERIALIZED |        \
	 VZ_SERVICE_MOST_RECENT)

const char *vz_service_check(unsigned service)
{
	if (service & ~(unsigned) ALL_BITS)
		return "an unknown service bit is set";
	if (vz_service_shares_inputs(service) && !vz_service_is_shared(service))
		return "'share inputs' needs 'shared': others would see an Input without its "
		       "Output";
	if (service & VZ_SERVICE_SERVER_INITIAL && !vz_service_is_shared(service))
		return "'server initial' needs 'shared': nobody else would see the outcome";
	if (vz_service_is_most_recent(service) && !vz_service_is_serialized(service))
		return "'most recent' needs 'serialized': without a queue nothing waits";
	return NULL;
}
