/*
 * Options that change while the server serves.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/gate.h"
#include "server/listen.h"
#include "server/server-private.h"
#include "util/cleanup.h"

#define DEFAULT_PER_ADDRESS 64

VZ_DEFINE_CLEANUP(vz_origins_free, char **, vz_origins_free)

int vz_origins_copy(const char *const *origins, char ***ret)
{
	VZ_CLEANUP(vz_origins_freep) char **copy = NULL;
	size_t n = 0;

	while (origins && origins[n])
		n++;
	copy = calloc(n + 1, sizeof(*copy));
	if (!copy)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		copy[i] = strdup(origins[i]);
		if (!copy[i])
			return -ENOMEM;
	}
	*ret = vz_steal(copy);
	return 0;
}

char **vz_origins_free(char **origins)
{
	for (char **origin = origins; origin && *origin; origin++)
		free(*origin);
	free(origins);
	return NULL;
}

unsigned vz_server_per_address(const struct vz_server_options *options)
{
	return options->max_connections_per_address ? options->max_connections_per_address
						    : DEFAULT_PER_ADDRESS;
}

int vz_server_reconfigure(struct vz_server *server, const struct vz_server_options *options,
			  char **ret_error)
{
	VZ_CLEANUP(vz_freep) char *title = strdup(options->title ? options->title : "Dash");
	VZ_CLEANUP(vz_origins_freep) char **origins = NULL;
	const char *bad = "";
	int r;

	*ret_error = NULL;
	if (!title || vz_origins_copy(options->allowed_origins, &origins) < 0)
		return -ENOMEM;
	r = vz_listen_set(server, options->listen, &bad);
	if (r < 0) {
		if (asprintf(ret_error, "%s: %s", bad, strerror(-r)) < 0)
			*ret_error = NULL;
		return r;
	}
	free(server->title);
	server->title = vz_steal(title);
	vz_origins_free(server->allowed_origins);
	server->allowed_origins = vz_steal(origins);
	server->peers.max_per_address = vz_server_per_address(options);
	server->login_always = options->login_always;
	/* Nobody has come in by a new address yet. */
	return vz_gate_update(server);
}
