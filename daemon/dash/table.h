/*
 * A hash table whose nodes lie in the things it holds, so that adding one allocates nothing but,
 * now and then, a larger row of buckets. Keys stay with the owner: it asks for the nodes of a hash
 * and compares for itself, so a key may be several things: id and property. Thread: whoever owns
 * it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct vz_table_node {
	struct vz_table_node *next;
	uint64_t hash;
};

struct vz_table {
	struct vz_table_node **buckets; /* NULL until the first node; a power of two of them */
	size_t n_buckets, n_nodes;
};

#define VZ_TABLE_SEED 14695981039346656037ull

/* Hashes @size bytes on top of @seed (FNV-1a). */
uint64_t vz_table_hash(uint64_t seed, const void *data, size_t size);
/* Hashes a string with its final NUL, so that two strings in a row keep their border. */
uint64_t vz_table_hash_string(uint64_t seed, const char *text);

/* Frees the buckets; the nodes are their owners'. A zeroed table is an empty one. */
void vz_table_deinit(struct vz_table *table);
/* Returns 0 or -ENOMEM, which only the first node can meet: a full table just gets slower. */
int vz_table_add(struct vz_table *table, struct vz_table_node *node, uint64_t hash);
/* Removes @node, which must be in @table. */
void vz_table_remove(struct vz_table *table, struct vz_table_node *node);
/* The first node of that hash, and the one after @node; NULL when there is none. */
struct vz_table_node *vz_table_find(const struct vz_table *table, uint64_t hash);
struct vz_table_node *vz_table_find_next(const struct vz_table_node *node);
/* Walks all nodes, in no order; starts with @last NULL. Nothing may be added meanwhile. */
struct vz_table_node *vz_table_next(const struct vz_table *table, const struct vz_table_node *last);
