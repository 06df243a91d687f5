/*
 * Which names the device answers to, and whose pages may talk to it.
 *
 * A browser tells two things that a page cannot forge: the Host that it asked for, and the Origin
 * of the page that asks. Without a look at the first, any web site could point a name of its own at
 * the device's address and drive it from a visitor's browser (DNS rebinding); without a look at the
 * second, any web site could open a websocket to it. What a school network needs passes: addresses,
 * localhost, names without a dot, names under the local suffixes (.local, .lan, .home, .home.arpa,
 * .internal, .localhost, .localdomain), and the machine's own host name. A name in the public DNS
 * must be listed with its origin ("http://cam7.school.example"); the list entry "*" turns both
 * checks off.
 *
 * Pure. Thread: any.
 */
#pragma once

#include <stdbool.h>

#define VZ_HOST_MAX 256

/* "name", "name:80", "1.2.3.4", "[::1]:80": lower case in @name, brackets kept; port 0: none given.
 */
struct vz_host {
	char name[VZ_HOST_MAX];
	unsigned port;
};

/* Returns 0 or -EINVAL. */
int vz_host_parse(const char *text, struct vz_host *ret);

/* @allowed is NULL-terminated or NULL. @machine is the host name of the machine, or NULL. */
bool vz_host_is_ours(const struct vz_host *host, const char *machine, const char *const *allowed);

/*
 * Whether a page of @origin ("http://host:port") may talk to a server that the browser calls @host:
 * its own page, or one on the list. A missing or empty @origin may not.
 */
bool vz_origin_is_allowed(const char *origin, const struct vz_host *host,
			  const char *const *allowed);
