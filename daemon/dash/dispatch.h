/*
 * From a request to a call: find the callback, check that both sides mean the same one, tell edits
 * from echoes, share the Inputs, and decide for each value whether the browser's or ours counts.
 * What comes of the call is outcome.h's. Thread: loop.
 */
#pragma once

#include <stdint.h>

struct vz_app;
struct vz_request;
struct vz_requester;

/*
 * Serves @request (borrowed). @requester is answered, now or when a worker is done: it is moved to
 * the call then.
 */
void vz_dispatch_request(struct vz_app *app, struct vz_requester *requester,
			 struct vz_request *request, int64_t now_us);
