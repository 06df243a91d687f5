/*
 * An intrusive, circular, doubly linked list. A node that is in no list points at itself, so
 * vz_list_remove() may be called on it again. Thread: whoever owns the list.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "util/cleanup.h"

struct vz_list {
	struct vz_list *next, *prev;
};

#define VZ_LIST_INIT(l)                                                                            \
	{                                                                                          \
		&(l), &(l)                                                                         \
	}

static inline void vz_list_init(struct vz_list *l)
{
	l->next = l->prev = l;
}

static inline bool vz_list_is_empty(const struct vz_list *l)
{
	return l->next == l;
}

/* Puts @node before @at: at the end, when @at is the list's head. */
static inline void vz_list_add(struct vz_list *at, struct vz_list *node)
{
	node->prev = at->prev;
	node->next = at;
	at->prev->next = node;
	at->prev = node;
}

static inline void vz_list_remove(struct vz_list *node)
{
	node->prev->next = node->next;
	node->next->prev = node->prev;
	vz_list_init(node);
}

#define vz_list_entry(node, type, member) vz_container_of(node, type, member)

#define vz_list_first(l, type, member)                                                             \
	(vz_list_is_empty(l) ? NULL : vz_list_entry((l)->next, type, member))

#define vz_list_for_each(it, l, member)                                                            \
	for (it = vz_list_entry((l)->next, __typeof__(*it), member); &it->member != (l);           \
	     it = vz_list_entry(it->member.next, __typeof__(*it), member))

/* The body may remove and free @it, and nothing else. */
#define vz_list_for_each_safe(it, tmp, l, member)                                                  \
	for (it = vz_list_entry((l)->next, __typeof__(*it), member),                               \
	    tmp = vz_list_entry(it->member.next, __typeof__(*it), member);                         \
	     &it->member != (l);                                                                   \
	     it = tmp, tmp = vz_list_entry(it->member.next, __typeof__(*it), member))
