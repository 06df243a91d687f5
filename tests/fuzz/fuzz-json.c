/* What is read and printed reads back as the same, and json-c understands it as we do. */
#include <string.h>

#include "fuzz.h"
#include "util/json.h"

/* json-c holds an integer beyond 64 bits as the largest one; for us it is a double. */
static bool has_long_integer(const char *text)
{
	size_t n;

	for (; *text; text += n ? n : 1) {
		n = strspn(text, "0123456789");
		if (n >= 19)
			return true;
	}
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json_object *value = NULL, *again = NULL;
	struct vz_json_error error = { 0 };
	struct vz_buf buf = { 0 };
	char *text = NULL;
	size_t n = 0;

	if (vz_json_parse((const char *) data, size, NULL, &error, &value) < 0) {
		EXPECT(*error.text && error.offset <= size);
		return 0;
	}
	vz_json_print(&buf, value);
	EXPECT(!vz_buf_finish(&buf, &text, &n));
	EXPECT(!vz_json_parse(text, n, NULL, NULL, &again));
	EXPECT(vz_json_equal(value, again));
	json_object_put(again);

	if (!has_long_integer(text)) {
		again = json_tokener_parse(text);
		EXPECT(vz_json_equal(value, again));
		json_object_put(again);
	}
	json_object_put(value);
	free(text);
	return 0;
}
