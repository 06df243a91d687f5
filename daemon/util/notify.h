/*
 * Readiness, watchdog and sockets of the service manager (sd_notify(3), sd_listen_fds(3)), nothing
 * without systemd.
 * Thread: loop.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Whether somebody waits to hear that it is ready. */
bool vz_notify_is_wanted(void);
void vz_notify_ready(const char *status);
void vz_notify_status(const char *status);
/* Begins what the next vz_notify_ready() ends. */
void vz_notify_reloading(void);
void vz_notify_stopping(void);
void vz_notify_watchdog(void);
/* The watchdog's interval to keep in microseconds, 0 when there is none. */
uint64_t vz_notify_watchdog_us(void);
/*
 * How many sockets the service manager handed over, from descriptor *@ret_first on; they are the
 * caller's, and closed in programs that it starts. 0 for none, or a negative errno when what the
 * environment says of them is wrong. Asked a second time there are none.
 */
int vz_notify_take_sockets(int *ret_first);
