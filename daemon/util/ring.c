#include "util/ring.h"

#include <stddef.h>

bool vz_ring_push(struct vz_ring *ring, void *item)
{
	unsigned head = __atomic_load_n(&ring->head, __ATOMIC_RELAXED);

	if (head - __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE) == VZ_RING_SIZE)
		return false;
	ring->slots[head % VZ_RING_SIZE] = item;
	__atomic_store_n(&ring->head, head + 1, __ATOMIC_RELEASE);
	return true;
}

void *vz_ring_pop(struct vz_ring *ring)
{
	unsigned tail = __atomic_load_n(&ring->tail, __ATOMIC_RELAXED);
	void *item;

	if (tail == __atomic_load_n(&ring->head, __ATOMIC_ACQUIRE))
		return NULL;
	item = ring->slots[tail % VZ_RING_SIZE];
	__atomic_store_n(&ring->tail, tail + 1, __ATOMIC_RELEASE);
	return item;
}
