/*
 * Mods: new values for properties of components, applied and sent as one unit. A set of mods is
 * filled, then only read; it is counted so that one set can wait in many outboxes, and keeps its
 * encoding so that a broadcast is serialized once.
 *
 * Each mod is either quiet (the browser's own callbacks do not run: Dash for devices' `mod`) or
 * notifies them (`mod_n`). Thread: loop.
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/cleanup.h"

struct vz_blob;

struct vz_mod {
	char *id; /* canonical string; @property lies in the same allocation */
	char *property;
	struct json_object *value; /* NULL is null; may be a Patch */
	bool notify;
	bool patch;

	/* Of mods.c: the chain of mods for one component; places count from 1, and 0 is none. */
	bool is_first;
	uint32_t id_hash, next, last;
};

struct vz_mods {
	int refs;
	size_t n_mods, n_allocated;
	struct vz_mod *mods;
	uint32_t *table; /* of mods.c: where the chain of a component begins */
	size_t n_table;
	/* For our own link, made on first use by vz_message_encode_mods(). */
	struct vz_blob *encoded;

	/* Of vz_mods_join(): what it made of this set and the one with that number. */
	struct vz_mods *joined;
	uint64_t joined_with, number; /* 0: none */
};

int vz_mods_new(struct vz_mods **ret);
struct vz_mods *vz_mods_ref(struct vz_mods *mods);
struct vz_mods *vz_mods_unref(struct vz_mods *mods);
VZ_DEFINE_CLEANUP(vz_mods_unref, struct vz_mods *, vz_mods_unref)

/*
 * Sets one property; a plain value replaces what @mods already has for it, a Patch is put behind.
 * Borrows all, taking its own reference of @value. Returns 0 or -ENOMEM. @mods must not be shared.
 * When one of the two was to notify, the outcome does.
 */
int vz_mods_set(struct vz_mods *mods, const char *id, const char *property,
		struct json_object *value, bool notify);
/* Sets everything of @from, in order. */
int vz_mods_merge(struct vz_mods *mods, const struct vz_mods *from);
/*
 * What @older and, behind it, @newer come to: a set to be read only. Where many outboxes have both
 * to send, all get the same one, so that it is made and encoded once; it is remembered until @older
 * is freed or joined with another. Returns 0 and a reference, or -ENOMEM.
 */
int vz_mods_join(struct vz_mods *older, struct vz_mods *newer, struct vz_mods **ret);
/* Whether vz_mods_join() of the two would find what it made before. */
bool vz_mods_is_joined(const struct vz_mods *older, const struct vz_mods *newer);
/*
 * Removes what @newer replaces with plain values; returns how many mods went. A mod that notifies
 * gives way only to one that does, too. @mods must not be shared.
 */
size_t vz_mods_drop_replaced(struct vz_mods *mods, const struct vz_mods *newer);
bool vz_mods_is_empty(const struct vz_mods *mods);
/* The plain value for a property, or NULL; Patches may stand behind it. */
const struct vz_mod *vz_mods_find(const struct vz_mods *mods, const char *id, const char *property);
/*
 * Reads {id: {property: value}} (borrowed). Returns 0, -EINVAL (not of that form) or -ENOMEM.
 */
int vz_mods_from_json(struct json_object *object, bool notify, struct vz_mods **ret);
