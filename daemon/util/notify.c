#include "util/notify.h"

#ifdef HAVE_SYSTEMD
#include <stdlib.h>
#include <systemd/sd-daemon.h>
#include <time.h>

bool vz_notify_is_wanted(void)
{
	return getenv("NOTIFY_SOCKET");
}

void vz_notify_ready(const char *status)
{
	(void) sd_notifyf(0, "READY=1\nSTATUS=%s", status);
}

void vz_notify_status(const char *status)
{
	(void) sd_notifyf(0, "STATUS=%s", status);
}

void vz_notify_reloading(void)
{
	struct timespec now;

	(void) clock_gettime(CLOCK_MONOTONIC, &now);
	(void) sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld\nSTATUS=Reading the configuration",
			  (long long) now.tv_sec * 1000000 + now.tv_nsec / 1000);
}

void vz_notify_stopping(void)
{
	(void) sd_notify(0, "STOPPING=1");
}

void vz_notify_watchdog(void)
{
	(void) sd_notify(0, "WATCHDOG=1");
}

uint64_t vz_notify_watchdog_us(void)
{
	uint64_t interval_us = 0;

	return sd_watchdog_enabled(0, &interval_us) > 0 ? interval_us : 0;
}

int vz_notify_take_sockets(int *ret_first)
{
	*ret_first = SD_LISTEN_FDS_START;
	return sd_listen_fds(1);
}
#else
bool vz_notify_is_wanted(void)
{
	return false;
}

void vz_notify_ready(const char *status)
{
	(void) status;
}

void vz_notify_status(const char *status)
{
	(void) status;
}

void vz_notify_reloading(void)
{
}

void vz_notify_stopping(void)
{
}

void vz_notify_watchdog(void)
{
}

uint64_t vz_notify_watchdog_us(void)
{
	return 0;
}

int vz_notify_take_sockets(int *ret_first)
{
	*ret_first = -1;
	return 0;
}
#endif
