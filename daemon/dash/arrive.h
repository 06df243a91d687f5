/*
 * Components that come or go: a change of children, on the server, may bring a row that shared
 * callbacks mean by their patterns, or take one away. Thread: loop.
 */
#pragma once

struct vz_callback;
struct vz_round;

/*
 * Lets run what looks at the components with pattern ids that came or went since the last time. A
 * callback that the start calls is called for those that came, as the start would have; a list that
 * is another now is a change for everybody who has it as an Input. As at the start, none that has
 * no Outputs is called, nor is @by (may be NULL), whose outcome they are.
 */
void vz_arrive(struct vz_round *round, struct vz_callback *by);
