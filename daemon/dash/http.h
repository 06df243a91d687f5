/*
 * A callback request that came by POST: the same dispatch, another way back. Public face in
 * dash/app.h. Thread: loop.
 */
#pragma once

#include "dash/app.h"

struct vz_reply;
struct vz_requester;

/* Tells it where its requester waits now, so that it can be abandoned there. */
void vz_http_call_set_requester(struct vz_http_call *call, struct vz_requester *requester);
/*
 * Calls the function with the answer, once; frees @call as soon as nobody has a handle. @headers
 * are lines, each with its end, or NULL; an error goes without them.
 */
void vz_http_call_answer(struct vz_http_call *call, unsigned status, const struct vz_reply *reply,
			 const char *headers);
