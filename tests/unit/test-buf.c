#include "util/buf.h"

#include <errno.h>
#include <stdlib.h>

#include "test.h"
#include "util/blob.h"

TEST(buf_grows)
{
	struct vz_buf buf = { 0 };
	char *data = NULL;
	size_t size = 0;

	for (int i = 0; i < 1000; i++)
		vz_buf_printf(&buf, "%03d,", i);
	vz_buf_puts(&buf, "end");
	vz_buf_putc(&buf, '.');
	vz_buf_append(&buf, "", 0);
	CHECK_EQ(vz_buf_finish(&buf, &data, &size), 0);
	CHECK_EQ(size, 4004);
	CHECK_EQ(data[size], '\0');
	CHECK(!strncmp(data, "000,001,", 8));
	CHECK_STR(data + 3996, "999,end.");
	CHECK(!buf.data && !buf.size);
	free(data);
}

TEST(buf_empty_is_a_string)
{
	struct vz_buf buf = { 0 };
	char *data = NULL;

	CHECK_EQ(vz_buf_finish(&buf, &data, NULL), 0);
	CHECK_STR(data, "");
	free(data);
}

TEST(buf_holds_any_bytes)
{
	struct vz_buf buf = { 0 };
	struct vz_blob *blob = NULL;

	vz_buf_append(&buf, "a\0b", 3);
	CHECK_EQ(vz_buf_finish_blob(&buf, &blob), 0);
	CHECK_EQ(blob->size, 3);
	CHECK(!memcmp(blob->data, "a\0b", 3));
	CHECK(!buf.data);
	vz_blob_unref(blob);
}

TEST(buf_reserves_without_counting)
{
	struct vz_buf buf = { 0 };
	char *to;

	vz_buf_puts(&buf, "ab");
	to = vz_buf_reserve(&buf, 5000);
	CHECK(to == buf.data + 2);
	memset(to, 'x', 5000);
	CHECK_EQ(buf.size, 2);
	CHECK(buf.capacity > 5002);
	vz_buf_deinit(&buf);
}

TEST(buf_remembers_a_failure)
{
	struct vz_buf buf = { 0 };
	struct vz_blob *blob = NULL;
	char *data = NULL;

	vz_buf_puts(&buf, "kept so far");
	CHECK(!vz_buf_reserve(&buf, SIZE_MAX / 2));
	vz_buf_puts(&buf, "ignored");
	vz_buf_printf(&buf, "%d", 5);
	CHECK_EQ(vz_buf_finish(&buf, &data, NULL), -ENOMEM);
	CHECK(!data);
	/* Empty again, and fit for use. */
	CHECK(!buf.failed && !buf.data);

	CHECK(!vz_buf_reserve(&buf, SIZE_MAX / 2));
	CHECK_EQ(vz_buf_finish_blob(&buf, &blob), -ENOMEM);
	CHECK(!blob && !buf.data);
}
