/*
 * The messages that wait until a browser's socket takes them. Replies wait in order and all arrive.
 * Mods wait as sets and merge: a newer value of a property replaces the older one wherever in the
 * queue it waits, Patches keep their order. So the queue of a browser that cannot keep up holds
 * each property at most once, instead of growing.
 *
 * Both are bounded. When more mods wait than the quota allows, they are dropped, and one message
 * with the current value of every shared property goes out behind the replies instead; mods that
 * come before it has gone are in it already. When more replies wait than the hard limit, the outbox
 * is full for good, and its owner closes the connection.
 *
 * Over the stock worker one socket carries many tabs; mods of each tab merge apart, by renderer id.
 *
 * Pure: no socket, no clock. Thread: loop. Owned by the websocket connection.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/list.h"

struct vz_blob;
struct vz_mods;

struct vz_outbox_limits {
	size_t mods_bytes, reply_bytes;
	unsigned n_mods, n_replies;
};
extern const struct vz_outbox_limits vz_outbox_default_limits;

struct vz_outbox {
	const struct vz_outbox_limits *limits;
	/* Returns a reference to the set of all shared values. */
	int (*snapshot)(void *data, const char *renderer_id, struct vz_mods **ret);
	void *data;

	struct vz_list items;
	struct vz_list resyncs; /* tabs that get the snapshot when items is empty */
	size_t mods_bytes, reply_bytes;
	unsigned n_mods, n_replies;
	uint64_t n_coalesced;
};

void vz_outbox_init(struct vz_outbox *outbox, const struct vz_outbox_limits *limits,
		    int (*snapshot)(void *data, const char *renderer_id, struct vz_mods **ret),
		    void *data);
void vz_outbox_deinit(struct vz_outbox *outbox);

/* Queues a message that must arrive; takes its own reference. Returns 0, -ENOBUFS or -ENOMEM. */
int vz_outbox_add_reply(struct vz_outbox *outbox, struct vz_blob *text);
/* Queues mods for a tab (NULL: the link's only one). Returns 0 or -ENOMEM. */
int vz_outbox_add_mods(struct vz_outbox *outbox, const char *renderer_id, struct vz_mods *mods);
bool vz_outbox_is_empty(const struct vz_outbox *outbox);
/* Takes the next message. Returns 1 with a reference in *@ret, 0 when nothing waits, or -ENOMEM. */
int vz_outbox_take(struct vz_outbox *outbox, struct vz_blob **ret);
