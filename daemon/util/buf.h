/*
 * A growing run of bytes, for building JSON and pages. A failed allocation is remembered: further
 * calls do nothing, and vz_buf_finish() reports it once. Thread: whoever owns it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vz_blob;

struct vz_buf {
	char *data;
	size_t size, capacity;
	bool failed;
};

void vz_buf_deinit(struct vz_buf *buf);
void vz_buf_append(struct vz_buf *buf, const void *data, size_t size);
void vz_buf_puts(struct vz_buf *buf, const char *text);
void vz_buf_putc(struct vz_buf *buf, char c);
void vz_buf_printf(struct vz_buf *buf, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Makes room for @size more bytes and returns where they go, or NULL. */
char *vz_buf_reserve(struct vz_buf *buf, size_t size);

/*
 * Hands the bytes over: *@ret_data is NUL-terminated and freed by the caller with free(). @buf is
 * empty afterwards, on failure too. Returns 0 or -ENOMEM.
 */
int vz_buf_finish(struct vz_buf *buf, char **ret_data, size_t *ret_size);
/* The same as a blob, for sending. */
int vz_buf_finish_blob(struct vz_buf *buf, struct vz_blob **ret);
