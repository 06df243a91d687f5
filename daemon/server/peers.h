/*
 * How many connections each address has, so that one machine cannot take all of them. Addresses in
 * the table are those with connections. Thread: loop. Owned by the server.
 */
#pragma once

#include <sys/socket.h>

#include "util/list.h"

struct vz_peer;

struct vz_peers {
	struct vz_list buckets[64];
	unsigned max_per_address; /* 0: no limit */
};

void vz_peers_init(struct vz_peers *peers, unsigned max_per_address);
void vz_peers_deinit(struct vz_peers *peers);

/*
 * Counts one more connection of @address. Returns 0 with a place in *@ret that vz_peer_release()
 * gives back, -EMFILE (that address has enough) or -ENOMEM. An IPv6 network (/64) counts as one
 * address, because every machine in one can have as many as it likes.
 */
int vz_peers_acquire(struct vz_peers *peers, const struct sockaddr *address, struct vz_peer **ret);
/* Takes NULL; returns NULL. */
struct vz_peer *vz_peer_release(struct vz_peer *peer);
