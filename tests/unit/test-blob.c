#include "util/blob.h"

#include <pthread.h>

#include "test.h"

TEST(blob_has_head_room)
{
	struct vz_blob *blob = vz_blob_new(100);

	CHECK(blob != NULL);
	CHECK_EQ(blob->size, 0);
	CHECK_EQ(blob->capacity, 100);
	/* All of it is ours to write. */
	memset(blob->data - VZ_BLOB_HEAD_ROOM, 'h', VZ_BLOB_HEAD_ROOM);
	memset(blob->data, 'd', blob->capacity);
	CHECK(!vz_blob_unref(blob));
}

TEST(blob_copies)
{
	static const char text[] = "picture";
	struct vz_blob *blob = vz_blob_new_copy(text, sizeof(text));
	struct vz_blob *empty = vz_blob_new_copy(NULL, 0);

	CHECK_EQ(blob->size, sizeof(text));
	CHECK_STR((const char *) blob->data, text);
	CHECK_EQ(empty->size, 0);
	vz_blob_unref(blob);
	vz_blob_unref(empty);
	CHECK(!vz_blob_unref(NULL));
}

TEST(blob_too_large_is_refused)
{
	CHECK(!vz_blob_new(SIZE_MAX - 10));
	CHECK(!vz_blob_new(SIZE_MAX / 2 + 1));
}

static void *share(void *data)
{
	for (int i = 0; i < 10000; i++)
		vz_blob_unref(vz_blob_ref(data));
	vz_blob_unref(data);
	return NULL;
}

TEST(blob_is_counted_by_many_threads)
{
	struct vz_blob *blob = vz_blob_new_copy("x", 1);
	pthread_t threads[4];

	for (int i = 0; i < 4; i++)
		CHECK_EQ(pthread_create(&threads[i], NULL, share, vz_blob_ref(blob)), 0);
	for (int i = 0; i < 4; i++)
		CHECK_EQ(pthread_join(threads[i], NULL), 0);
	CHECK_EQ(blob->refs, 1);
	vz_blob_unref(blob);
}
