/*
 * Readiness and watchdog of the service manager (sd_notify(3)), nothing without systemd.
 * Thread: loop.
 */
#pragma once

#include <stdint.h>

void vz_notify_ready(const char *status);
void vz_notify_status(const char *status);
void vz_notify_stopping(void);
void vz_notify_watchdog(void);
/* The watchdog's interval to keep in microseconds, 0 when there is none. */
uint64_t vz_notify_watchdog_us(void);
