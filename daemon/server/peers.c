#include "server/peers.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"

struct vz_peer {
	struct vz_list in_bucket;
	uint64_t key[2];
	unsigned n_connections;
};

void vz_peers_init(struct vz_peers *peers, unsigned max_per_address)
{
	size_t i;

	for (i = 0; i < VZ_N_ELEMENTS(peers->buckets); i++)
		vz_list_init(&peers->buckets[i]);
	peers->max_per_address = max_per_address;
}

void vz_peers_deinit(struct vz_peers *peers)
{
	struct vz_peer *peer, *tmp;
	size_t i;

	for (i = 0; i < VZ_N_ELEMENTS(peers->buckets); i++) {
		vz_list_for_each_safe(peer, tmp, &peers->buckets[i], in_bucket)
		{
			vz_list_remove(&peer->in_bucket);
			free(peer);
		}
	}
}

/* IPv4 in both its forms gives one key; of IPv6, the network's half. */
static void make_key(const struct sockaddr *address, uint64_t key[2])
{
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *) address;
	uint32_t v4;

	key[0] = key[1] = 0;
	if (address->sa_family == AF_INET) {
		v4 = ntohl(((const struct sockaddr_in *) address)->sin_addr.s_addr);
	} else if (address->sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr)) {
		memcpy(&v4, &in6->sin6_addr.s6_addr[12], sizeof(v4));
		v4 = ntohl(v4);
	} else {
		if (address->sa_family == AF_INET6)
			memcpy(&key[0], in6->sin6_addr.s6_addr, sizeof(key[0]));
		key[1] = 1;
		return;
	}
	key[0] = v4;
}

static struct vz_list *find_bucket(struct vz_peers *peers, const uint64_t key[2])
{
	uint64_t hash = (key[0] ^ key[1]) * UINT64_C(0x9e3779b97f4a7c15);

	return &peers->buckets[(hash >> 32) % VZ_N_ELEMENTS(peers->buckets)];
}

int vz_peers_acquire(struct vz_peers *peers, const struct sockaddr *address, struct vz_peer **ret)
{
	struct vz_list *bucket;
	struct vz_peer *peer;
	uint64_t key[2];

	make_key(address, key);
	bucket = find_bucket(peers, key);
	vz_list_for_each(peer, bucket, in_bucket)
	{
		if (memcmp(peer->key, key, sizeof(key)))
			continue;
		if (peers->max_per_address && peer->n_connections >= peers->max_per_address)
			return -EMFILE;
		peer->n_connections++;
		*ret = peer;
		return 0;
	}

	peer = calloc(1, sizeof(*peer));
	if (!peer)
		return -ENOMEM;
	memcpy(peer->key, key, sizeof(key));
	peer->n_connections = 1;
	vz_list_add(bucket, &peer->in_bucket);
	*ret = peer;
	return 0;
}

struct vz_peer *vz_peer_release(struct vz_peer *peer)
{
	if (peer && --peer->n_connections == 0) {
		vz_list_remove(&peer->in_bucket);
		free(peer);
	}
	return NULL;
}
