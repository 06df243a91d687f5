#include "dash/table.h"

#include "test.h"

struct thing {
	struct vz_table_node node;
	uint64_t key;
};

TEST(table_finds_all_it_holds_through_growth)
{
	static struct thing things[1000];
	struct vz_table table = { 0 };
	uint64_t i;

	CHECK(!vz_table_find(&table, 1));
	for (i = 0; i < 1000; i++)
		CHECK_EQ(vz_table_add(&table, &things[i].node,
				      vz_table_hash(VZ_TABLE_SEED, &i, sizeof(i))),
			 0);
	CHECK_EQ(table.n_nodes, 1000);
	for (i = 0; i < 1000; i++)
		CHECK(vz_table_find(&table, vz_table_hash(VZ_TABLE_SEED, &i, sizeof(i))) ==
		      &things[i].node);
	for (i = 0; i < 1000; i += 2)
		vz_table_remove(&table, &things[i].node);
	for (i = 0; i < 1000; i++)
		CHECK_EQ(vz_table_find(&table, things[i].node.hash) != NULL, i % 2);
	vz_table_deinit(&table);
}

TEST(table_keeps_equal_hashes_apart)
{
	struct thing a, b, c;
	struct vz_table table = { 0 };
	struct vz_table_node *node;
	unsigned n = 0;

	CHECK_EQ(vz_table_add(&table, &a.node, 7), 0);
	CHECK_EQ(vz_table_add(&table, &b.node, 7), 0);
	CHECK_EQ(vz_table_add(&table, &c.node, 7 + 16), 0);
	for (node = vz_table_find(&table, 7); node; node = vz_table_find_next(node)) {
		CHECK(node == &a.node || node == &b.node);
		n++;
	}
	CHECK_EQ(n, 2);
	vz_table_remove(&table, &b.node);
	CHECK(vz_table_find(&table, 7) == &a.node);
	CHECK(!vz_table_find_next(&a.node));
	vz_table_deinit(&table);
}

TEST(table_hash_knows_where_a_string_ends)
{
	uint64_t ab_c = vz_table_hash_string(vz_table_hash_string(VZ_TABLE_SEED, "ab"), "c");
	uint64_t a_bc = vz_table_hash_string(vz_table_hash_string(VZ_TABLE_SEED, "a"), "bc");

	CHECK(ab_c != a_bc);
}
