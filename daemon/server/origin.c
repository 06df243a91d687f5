#include "server/origin.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#define PORT_MAX 65535

/* Digits to the end of @text. */
static int parse_port(const char *text, unsigned *ret)
{
	unsigned port = 0;
	const char *p;

	if (!*text)
		return -EINVAL;
	for (p = text; *p; p++) {
		if (!isdigit((unsigned char) *p))
			return -EINVAL;
		port = port * 10 + (unsigned) (*p - '0');
		if (port > PORT_MAX)
			return -EINVAL;
	}
	if (port == 0)
		return -EINVAL;
	*ret = port;
	return 0;
}

static bool is_name(const char *text, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++) {
		if (!isalnum((unsigned char) text[i]) && !strchr("-._", text[i]))
			return false;
	}
	return size > 0 && text[0] != '.';
}

/* "[::1]" with a proper address inside. */
static bool is_bracketed(const char *text, size_t size)
{
	char address[INET6_ADDRSTRLEN];
	struct in6_addr in6;

	if (size < 4 || size - 2 >= sizeof(address) || text[0] != '[' || text[size - 1] != ']')
		return false;
	memcpy(address, text + 1, size - 2);
	address[size - 2] = '\0';
	return inet_pton(AF_INET6, address, &in6) == 1;
}

int vz_host_parse(const char *text, struct vz_host *ret)
{
	struct vz_host host = { .port = 0 };
	const char *end;
	size_t i, size;

	end = *text == '[' ? strchr(text, ']') : NULL;
	end = end ? end + 1 : strchr(text, ':');
	if (!end)
		end = text + strlen(text);
	size = (size_t) (end - text);
	if (size >= sizeof(host.name))
		return -EINVAL;
	if (*text == '[' ? !is_bracketed(text, size) : !is_name(text, size))
		return -EINVAL;
	if (*end && (*end != ':' || parse_port(end + 1, &host.port) < 0))
		return -EINVAL;

	for (i = 0; i < size; i++)
		host.name[i] = (char) tolower((unsigned char) text[i]);
	/* A name with the root's dot is the same name. */
	if (host.name[size - 1] == '.')
		host.name[size - 1] = '\0';
	*ret = host;
	return 0;
}

/* --- Host ------------------------------------------------------------------------------------ */

static bool is_address(const char *name)
{
	struct in_addr in;

	return name[0] == '[' || inet_pton(AF_INET, name, &in) == 1;
}

static bool has_local_suffix(const char *name)
{
	static const char *const suffixes[] = { ".local",      ".lan",	     ".home",
						".home.arpa",  ".localhost", ".internal",
						".localdomain" };
	size_t i, size = strlen(name), n;

	for (i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		n = strlen(suffixes[i]);
		if (size > n && strcmp(name + size - n, suffixes[i]) == 0)
			return true;
	}
	return false;
}

/* "http://host:port" or "https://…". */
static int parse_origin(const char *text, struct vz_host *ret)
{
	unsigned default_port;
	int r;

	if (strncasecmp(text, "http://", 7) == 0) {
		default_port = 80;
		text += 7;
	} else if (strncasecmp(text, "https://", 8) == 0) {
		default_port = 443;
		text += 8;
	} else {
		return -EINVAL;
	}
	r = vz_host_parse(text, ret);
	if (r < 0)
		return r;
	if (ret->port == 0)
		ret->port = default_port;
	return 0;
}

static bool is_listed(const char *name, const char *const *allowed)
{
	struct vz_host host;

	for (; allowed && *allowed; allowed++) {
		if (strcmp(*allowed, "*") == 0)
			return true;
		if (parse_origin(*allowed, &host) >= 0 && strcmp(host.name, name) == 0)
			return true;
	}
	return false;
}

bool vz_host_is_ours(const struct vz_host *host, const char *machine, const char *const *allowed)
{
	/* A name without a dot cannot be looked up in the public DNS, so no stranger can own it. */
	if (is_address(host->name) || !strchr(host->name, '.') || has_local_suffix(host->name))
		return true;
	if (machine && strcasecmp(machine, host->name) == 0)
		return true;
	return is_listed(host->name, allowed);
}

/* --- Origin ---------------------------------------------------------------------------------- */

static bool is_open(const char *const *allowed)
{
	for (; allowed && *allowed; allowed++) {
		if (strcmp(*allowed, "*") == 0)
			return true;
	}
	return false;
}

bool vz_origin_is_allowed(const char *origin, const struct vz_host *host,
			  const char *const *allowed)
{
	struct vz_host own, listed;
	unsigned host_port;
	bool https;

	if (is_open(allowed))
		return true;
	if (!origin || parse_origin(origin, &own) < 0)
		return false;

	/*
	 * The port that Host leaves out is that of the page's scheme, which behind a proxy that
	 * ends TLS is not ours.
	 */
	https = strncasecmp(origin, "https", 5) == 0;
	host_port = host->port ? host->port : (https ? 443 : 80);
	if (own.port == host_port && strcmp(own.name, host->name) == 0)
		return true;

	for (; allowed && *allowed; allowed++) {
		if (parse_origin(*allowed, &listed) >= 0 && listed.port == own.port &&
		    strcmp(listed.name, own.name) == 0 &&
		    (strncasecmp(*allowed, "https", 5) == 0) == https)
			return true;
	}
	return false;
}
