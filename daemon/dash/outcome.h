/*
 * The outcome of a call: what the function set, on its way to the layout, to the callbacks that
 * chain on it, to every browser or to one, and the answer to whoever asked. Thread: loop.
 */
#pragma once

struct vz_call;

/* Runs the function on the loop, in a round if it is shared, and delivers what comes of it. */
void vz_outcome_run(struct vz_call *call);
/* Delivers what came of a function that a worker has run. */
void vz_outcome_deliver(struct vz_call *call);
