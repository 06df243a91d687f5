#include "server/template.h"

#include <string.h>

#include "server/index.h"

static const char *find(const struct vz_template_value *values, const char *name, size_t size)
{
	for (; values->name; values++) {
		if (strlen(values->name) == size && strncmp(values->name, name, size) == 0)
			return values->value;
	}
	return NULL;
}

void vz_template_write(struct vz_buf *buf, const char *text, const struct vz_template_value *values)
{
	const char *start, *end, *value;

	while ((start = strstr(text, "{{")) && (end = strstr(start, "}}"))) {
		vz_buf_append(buf, text, (size_t) (start - text));
		value = find(values, start + 2, (size_t) (end - start - 2));
		if (value)
			vz_index_escape(buf, value);
		text = end + 2;
	}
	vz_buf_puts(buf, text);
}
