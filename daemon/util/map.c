#include "util/map.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "util/hash.h"

void vz_map_deinit(struct vz_map *map)
{
	struct vz_map_slot *slot;

	vz_map_for_each(slot, map) free(slot->key);
	free(map->slots);
	*map = (struct vz_map){ 0 };
}

/* The slot that has @key, or the free one where it would go; there is always one. */
static struct vz_map_slot *find_slot(const struct vz_map *map, const char *key, uint32_t hash)
{
	size_t mask = map->n_slots - 1, i = hash & mask;

	while (map->slots[i].key &&
	       (map->slots[i].hash != hash || strcmp(map->slots[i].key, key) != 0))
		i = (i + 1) & mask;
	return &map->slots[i];
}

int vz_map_reserve(struct vz_map *map, size_t n)
{
	struct vz_map grown = { .n_slots = map->n_slots ? map->n_slots : 16 };

	if (n > SIZE_MAX / 64)
		return -ENOMEM;
	/* At most three quarters full: beyond that, linear probing takes long steps. */
	while ((map->n_entries + n) * 4 > grown.n_slots * 3)
		grown.n_slots *= 2;
	if (grown.n_slots == map->n_slots)
		return 0;
	grown.slots = calloc(grown.n_slots, sizeof(*grown.slots));
	if (!grown.slots)
		return -ENOMEM;
	vz_map_move(&grown, map);
	*map = grown;
	return 0;
}

void vz_map_move(struct vz_map *to, struct vz_map *from)
{
	struct vz_map_slot *slot;

	vz_map_for_each(slot, from)
	{
		*find_slot(to, slot->key, slot->hash) = *slot;
		to->n_entries++;
	}
	free(from->slots);
	*from = (struct vz_map){ 0 };
}

int vz_map_add(struct vz_map *map, const char *key, void *value)
{
	uint32_t hash = vz_hash(key);
	struct vz_map_slot *slot;
	int r;

	r = vz_map_reserve(map, 1);
	if (r < 0)
		return r;
	slot = find_slot(map, key, hash);
	if (slot->key)
		return -EEXIST;
	slot->key = strdup(key);
	if (!slot->key)
		return -ENOMEM;
	slot->hash = hash;
	slot->value = value;
	map->n_entries++;
	return 0;
}

void *vz_map_find(const struct vz_map *map, const char *key)
{
	return map->n_entries ? find_slot(map, key, vz_hash(key))->value : NULL;
}

void *vz_map_remove(struct vz_map *map, const char *key)
{
	size_t mask = map->n_slots - 1, hole, i;
	struct vz_map_slot *slot;
	void *value;

	slot = map->n_entries ? find_slot(map, key, vz_hash(key)) : NULL;
	if (!slot || !slot->key)
		return NULL;
	value = slot->value;
	free(slot->key);
	map->n_entries--;

	/*
	 * Instead of leaving a mark behind, which would lengthen every later search, each entry
	 * that had to step over this slot is moved back into it.
	 */
	hole = (size_t) (slot - map->slots);
	for (i = (hole + 1) & mask; map->slots[i].key; i = (i + 1) & mask) {
		size_t home = map->slots[i].hash & mask;

		if (((i - home) & mask) >= ((i - hole) & mask)) {
			map->slots[hole] = map->slots[i];
			hole = i;
		}
	}
	map->slots[hole] = (struct vz_map_slot){ 0 };
	return value;
}
