#include "util/map.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "test.h"

static int values[512];

static const char *key_of(unsigned i)
{
	static char key[16];

	snprintf(key, sizeof(key), "key-%u", i);
	return key;
}

TEST(map_finds_what_was_added)
{
	struct vz_map map = { 0 };

	CHECK(!vz_map_find(&map, "a"));
	CHECK(!vz_map_remove(&map, "a"));
	CHECK_EQ(vz_map_add(&map, "a", &values[1]), 0);
	CHECK_EQ(vz_map_add(&map, "a", &values[2]), -EEXIST);
	CHECK(vz_map_find(&map, "a") == &values[1]);
	CHECK(!vz_map_find(&map, "b"));
	CHECK(vz_map_remove(&map, "a") == &values[1]);
	CHECK(!vz_map_find(&map, "a"));
	CHECK_EQ(map.n_entries, 0);
	vz_map_deinit(&map);
}

/* Random adding and removing against a plain table: removal closes the gaps that probing left. */
TEST(map_agrees_with_a_table)
{
	static bool there[512];
	struct vz_map map = { 0 };
	unsigned seed = 3, n = 0;

	for (int step = 0; step < 50000; step++) {
		unsigned i;

		seed = seed * 1103515245u + 12345u;
		i = seed >> 16 & (step < 25000 ? 511 : 63);
		if (seed >> 30 & 1) {
			CHECK_EQ(vz_map_add(&map, key_of(i), &values[i]), there[i] ? -EEXIST : 0);
			there[i] = true;
		} else {
			CHECK(vz_map_remove(&map, key_of(i)) == (there[i] ? &values[i] : NULL));
			there[i] = false;
		}
	}
	for (unsigned i = 0; i < 512; i++) {
		CHECK(vz_map_find(&map, key_of(i)) == (there[i] ? &values[i] : NULL));
		n += there[i];
	}
	CHECK_EQ(map.n_entries, n);
	vz_map_deinit(&map);
}

TEST(map_moves_entries)
{
	struct vz_map from = { 0 }, to = { 0 };
	struct vz_map_slot *slot;
	unsigned n = 0;

	for (unsigned i = 0; i < 100; i++)
		CHECK_EQ(vz_map_add(i % 2 ? &from : &to, key_of(i), &values[i]), 0);
	CHECK_EQ(vz_map_reserve(&to, from.n_entries), 0);
	vz_map_move(&to, &from);
	CHECK_EQ(from.n_entries, 0);
	CHECK(!vz_map_find(&from, key_of(1)));
	CHECK_EQ(to.n_entries, 100);
	vz_map_for_each(slot, &to)
	{
		CHECK(slot->value == vz_map_find(&to, slot->key));
		n++;
	}
	CHECK_EQ(n, 100);
	vz_map_deinit(&from);
	vz_map_deinit(&to);
}

TEST(map_refuses_what_no_memory_holds)
{
	struct vz_map map = { 0 };

	CHECK_EQ(vz_map_reserve(&map, SIZE_MAX / 2), -ENOMEM);
	CHECK_EQ(vz_map_add(&map, "a", &values[0]), 0);
	vz_map_deinit(&map);
}
