#include "dash/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BUCKETS 16

uint64_t vz_table_hash(uint64_t seed, const void *data, size_t size)
{
	const unsigned char *p = data;
	size_t i;

	for (i = 0; i < size; i++)
		seed = (seed ^ p[i]) * 1099511628211ull;
	return seed;
}

uint64_t vz_table_hash_string(uint64_t seed, const char *text)
{
	return vz_table_hash(seed, text, strlen(text) + 1);
}

/* FNV's low bits are its weakest: fold the high half in before the mask takes them. */
static size_t bucket_of(const struct vz_table *table, uint64_t hash)
{
	return (size_t) (hash ^ hash >> 32) & (table->n_buckets - 1);
}

void vz_table_deinit(struct vz_table *table)
{
	free(table->buckets);
	memset(table, 0, sizeof(*table));
}

static void put(struct vz_table *table, struct vz_table_node *node)
{
	struct vz_table_node **bucket = &table->buckets[bucket_of(table, node->hash)];

	node->next = *bucket;
	*bucket = node;
}

static int grow(struct vz_table *table)
{
	struct vz_table grown = { .n_nodes = table->n_nodes };
	size_t i;

	grown.n_buckets = table->n_buckets ? table->n_buckets * 2 : FIRST_BUCKETS;
	grown.buckets = calloc(grown.n_buckets, sizeof(struct vz_table_node *));
	if (!grown.buckets)
		return -ENOMEM;

	for (i = 0; i < table->n_buckets; i++)
		while (table->buckets[i]) {
			struct vz_table_node *node = table->buckets[i];

			table->buckets[i] = node->next;
			put(&grown, node);
		}

	free(table->buckets);
	*table = grown;
	return 0;
}

int vz_table_add(struct vz_table *table, struct vz_table_node *node, uint64_t hash)
{
	if (table->n_nodes >= table->n_buckets && grow(table) < 0 && !table->buckets)
		return -ENOMEM;

	node->hash = hash;
	put(table, node);
	table->n_nodes++;
	return 0;
}

void vz_table_remove(struct vz_table *table, struct vz_table_node *node)
{
	struct vz_table_node **at = &table->buckets[bucket_of(table, node->hash)];

	while (*at != node)
		at = &(*at)->next;
	*at = node->next;
	node->next = NULL;
	table->n_nodes--;
}

static struct vz_table_node *skip(struct vz_table_node *node, uint64_t hash)
{
	while (node && node->hash != hash)
		node = node->next;
	return node;
}

struct vz_table_node *vz_table_find(const struct vz_table *table, uint64_t hash)
{
	return table->buckets ? skip(table->buckets[bucket_of(table, hash)], hash) : NULL;
}

struct vz_table_node *vz_table_find_next(const struct vz_table_node *node)
{
	return skip(node->next, node->hash);
}

struct vz_table_node *vz_table_next(const struct vz_table *table, const struct vz_table_node *last)
{
	size_t i = last ? bucket_of(table, last->hash) + 1 : 0;

	if (last && last->next)
		return last->next;
	while (i < table->n_buckets && !table->buckets[i])
		i++;
	return i < table->n_buckets ? table->buckets[i] : NULL;
}
