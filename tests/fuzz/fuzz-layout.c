/*
 * A layout and what is done to it: {"root": …, "steps": [{"id", "property", "value"}, …]}. A step
 * that fails changes nothing, and after each the index says what a fresh index of the same tree
 * says.
 */
#include <string.h>

#include "dash/layout.h"
#include "fuzz.h"
#include "util/blob.h"
#include "util/json.h"

static char *encode(struct vz_layout *layout)
{
	struct vz_blob *blob = NULL;
	char *text;

	EXPECT(!vz_layout_encode(layout, &blob));
	text = strndup((const char *) blob->data, blob->size);
	vz_blob_unref(blob);
	return text;
}

static void check_index(struct vz_layout *layout, const char *text)
{
	struct vz_layout *fresh = NULL;
	struct json_object *root = NULL;

	if (vz_json_parse(text, strlen(text), NULL, NULL, &root) < 0)
		return; /* deeper than the reader takes */
	EXPECT(!vz_layout_new(&fresh));
	EXPECT(!vz_layout_set_root(fresh, root, NULL));
	EXPECT(vz_layout_n_components(fresh) == vz_layout_n_components(layout));
	vz_layout_free(fresh);
}

static void run_step(struct vz_layout *layout, struct json_object *step)
{
	char *before = encode(layout), *after;
	const char *id, *property;
	int r;

	if (!vz_json_get_string(step, "id", &id) &&
	    !vz_json_get_string(step, "property", &property)) {
		r = vz_layout_set(layout, id, property,
				  json_object_get(json_object_object_get(step, "value")));
		after = encode(layout);
		EXPECT(!r || !strcmp(before, after));
		check_index(layout, after);
		free(after);
	}
	free(before);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json_object *script = NULL, *root, *steps;
	struct vz_layout *layout = NULL;
	char *bad = NULL;
	size_t n;

	if (vz_json_parse((const char *) data, size, NULL, NULL, &script) < 0)
		return 0;
	root = json_object_get(json_object_object_get(script, "root"));
	EXPECT(!vz_layout_new(&layout));
	if (!vz_layout_set_root(layout, root, &bad) &&
	    !vz_json_get_array(script, "steps", &steps)) {
		n = json_object_array_length(steps);
		for (size_t i = 0; i < n && i < 50; i++)
			run_step(layout, json_object_array_get_idx(steps, i));
	}
	free(bad);
	vz_layout_free(layout);
	json_object_put(script);
	return 0;
}
