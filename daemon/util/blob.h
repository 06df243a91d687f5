/*
 * A blob is a run of bytes that several owners share: an encoded message or a JPEG picture. Before
 * the bytes there is head room, because libwebsockets and the video routes write their headers
 * in front of the data instead of copying it. Counted atomically: the encoder's thread makes one,
 * the loop sends it. The bytes do not change once a second owner has it; the head room belongs to
 * whoever sends on the loop thread, for the length of one write.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "util/cleanup.h"

#define VZ_BLOB_HEAD_ROOM 512

struct vz_blob {
	int refs; /* atomic */
	size_t size;
	size_t capacity;
	uint8_t *data; /* VZ_BLOB_HEAD_ROOM writable bytes lie before it */

	/* Of a picture: when its frame was exposed (CLOCK_MONOTONIC), and which one it was. */
	int64_t timestamp_ns;
	uint64_t sequence;
	uint32_t width_px, height_px;
};

/* Returns a blob with room for @capacity bytes and size 0, or NULL when out of memory. */
struct vz_blob *vz_blob_new(size_t capacity);
/* The same with a copy of @data in it. */
struct vz_blob *vz_blob_new_copy(const void *data, size_t size);
struct vz_blob *vz_blob_ref(struct vz_blob *blob);
/* Takes NULL; returns NULL. */
struct vz_blob *vz_blob_unref(struct vz_blob *blob);
VZ_DEFINE_CLEANUP(vz_blob_unref, struct vz_blob *, vz_blob_unref)
