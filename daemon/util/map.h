/*
 * A hash table from strings to pointers, for indexes: component ids, properties. It owns copies of
 * its keys and never what the values point at. Look-ups of absent keys stay quick however much has
 * been added and removed. All zeros is an empty map. Thread: whoever owns it.
 *
 * The hash is not meant for keys that a stranger may add; what browsers send is only looked up.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct vz_map_slot {
	char *key; /* NULL: free */
	uint32_t hash;
	void *value;
};

struct vz_map {
	struct vz_map_slot *slots;
	size_t n_slots; /* a power of two, or 0 */
	size_t n_entries;
};

void vz_map_deinit(struct vz_map *map);
/* Returns 0, -EEXIST or -ENOMEM; copies @key. */
int vz_map_add(struct vz_map *map, const char *key, void *value);
/* NULL when @key is not there. */
void *vz_map_find(const struct vz_map *map, const char *key);
/* Returns the value that was there, or NULL. */
void *vz_map_remove(struct vz_map *map, const char *key);
/* Makes room for @n more entries. Returns 0 or -ENOMEM. */
int vz_map_reserve(struct vz_map *map, size_t n);
/*
 * Moves all entries of @from, which ends up empty, to @to. Room must have been reserved and no key
 * be in both; then it cannot fail.
 */
void vz_map_move(struct vz_map *to, struct vz_map *from);

#define vz_map_for_each(slot, map)                                                      \
	for (slot = (map)->slots; slot && slot < (map)->slots + (map)->n_slots; slot++) \
		if (slot->key)
