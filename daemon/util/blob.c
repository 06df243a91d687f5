#include "util/blob.h"

#include <stdlib.h>
#include <string.h>

struct vz_blob *vz_blob_new(size_t capacity)
{
	struct vz_blob *blob;

	if (capacity > SIZE_MAX / 2)
		return NULL;
	blob = malloc(sizeof(*blob) + VZ_BLOB_HEAD_ROOM + capacity);
	if (!blob)
		return NULL;
	*blob = (struct vz_blob){
		.refs = 1,
		.capacity = capacity,
		.data = (uint8_t *) (blob + 1) + VZ_BLOB_HEAD_ROOM,
	};
	return blob;
}

struct vz_blob *vz_blob_new_copy(const void *data, size_t size)
{
	struct vz_blob *blob = vz_blob_new(size);

	if (!blob)
		return NULL;
	if (size)
		memcpy(blob->data, data, size);
	blob->size = size;
	return blob;
}

struct vz_blob *vz_blob_ref(struct vz_blob *blob)
{
	__atomic_add_fetch(&blob->refs, 1, __ATOMIC_RELAXED);
	return blob;
}

struct vz_blob *vz_blob_unref(struct vz_blob *blob)
{
	if (blob && __atomic_sub_fetch(&blob->refs, 1, __ATOMIC_ACQ_REL) == 0)
		free(blob);
	return NULL;
}
