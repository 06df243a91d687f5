/*
 * What libcamera has to say, in our log: its lines become ours, one level lower, because a camera
 * that works announces itself and every configuration at its "info".
 *
 * Thread: take_libcamera_log() on the loop, before libcamera starts; the lines on any.
 */
#pragma once

/* Leaves everything as it is when LIBCAMERA_LOG_FILE says where the lines go. */
void take_libcamera_log();
