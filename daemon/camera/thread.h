/*
 * Starting a thread as every part of the camera does: named, and with all signals left to the
 * main thread.
 */
#pragma once

#include <pthread.h>
#include <stdint.h>

/* @name has at most 15 characters. Returns 0 or a negative errno. */
int vz_thread_start(pthread_t *thread, const char *name, void *(*run)(void *data), void *data);
/* For how long a thread has been at something: CLOCK_MONOTONIC. Thread: any. */
int64_t vz_thread_now_us(void);
