/*
 * What libcamera has to say, in our log: its lines become ours, one level lower, because a camera
 * that works announces itself and every configuration at its "info".
 *
 * Thread: take_libcamera_log() on the loop, before libcamera starts; the lines on any.
 */
#pragma once

/*
 * Leaves everything as it is when LIBCAMERA_LOG_LEVELS or LIBCAMERA_LOG_FILE is set: then somebody
 * looks into libcamera itself. The levels of a module's log are the usual ones.
 */
void take_libcamera_log();
