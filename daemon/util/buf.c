#include "util/buf.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/blob.h"

void vz_buf_deinit(struct vz_buf *buf)
{
	free(buf->data);
	*buf = (struct vz_buf){ 0 };
}

char *vz_buf_reserve(struct vz_buf *buf, size_t size)
{
	size_t capacity = buf->capacity ? buf->capacity : 256;
	char *data;

	if (buf->failed)
		return NULL;
	if (buf->data && buf->capacity - buf->size > size)
		return buf->data + buf->size;
	if (size > SIZE_MAX / 4 || buf->size > SIZE_MAX / 4) {
		buf->failed = true;
		return NULL;
	}
	while (capacity - buf->size <= size)
		capacity *= 2;
	data = realloc(buf->data, capacity);
	if (!data) {
		buf->failed = true;
		return NULL;
	}
	buf->data = data;
	buf->capacity = capacity;
	return data + buf->size;
}

void vz_buf_append(struct vz_buf *buf, const void *data, size_t size)
{
	char *to = vz_buf_reserve(buf, size);

	if (!to)
		return;
	if (size)
		memcpy(to, data, size);
	buf->size += size;
}

void vz_buf_puts(struct vz_buf *buf, const char *text)
{
	vz_buf_append(buf, text, strlen(text));
}

void vz_buf_putc(struct vz_buf *buf, char c)
{
	char *to = vz_buf_reserve(buf, 1);

	if (!to)
		return;
	*to = c;
	buf->size++;
}

void vz_buf_printf(struct vz_buf *buf, const char *format, ...)
{
	va_list args, again;
	char *to;
	int n;

	va_start(args, format);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	to = n < 0 ? NULL : vz_buf_reserve(buf, (size_t) n + 1);
	if (to) {
		vsnprintf(to, (size_t) n + 1, format, again);
		buf->size += (size_t) n;
	} else {
		buf->failed = true;
	}
	va_end(again);
}

int vz_buf_finish(struct vz_buf *buf, char **ret_data, size_t *ret_size)
{
	if (!vz_buf_reserve(buf, 1)) {
		vz_buf_deinit(buf);
		return -ENOMEM;
	}
	buf->data[buf->size] = '\0';
	*ret_data = buf->data;
	if (ret_size)
		*ret_size = buf->size;
	*buf = (struct vz_buf){ 0 };
	return 0;
}

int vz_buf_finish_blob(struct vz_buf *buf, struct vz_blob **ret)
{
	struct vz_blob *blob = buf->failed ? NULL : vz_blob_new_copy(buf->data, buf->size);

	vz_buf_deinit(buf);
	if (!blob)
		return -ENOMEM;
	*ret = blob;
	return 0;
}
