/*
 * What the page fetches when it loads, and the hash by which a tab that is open knows that it
 * shows another page than the one we have now. (Public face: dash/app.h.)
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "dash/app-private.h"
#include "dash/callback.h"
#include "dash/component.h"
#include "dash/judge.h"
#include "dash/layout.h"
#include "dash/link.h"
#include "util/blob.h"
#include "util/buf.h"

/* What a component is, and what is in it; not its values, which may come from anywhere. */
static uint64_t hash_structure(uint64_t hash, struct json_object *value)
{
	struct json_object_iter it;
	size_t i, n;

	if (json_object_is_type(value, json_type_array)) {
		n = json_object_array_length(value);
		for (i = 0; i < n; i++)
			hash = hash_structure(hash, json_object_array_get_idx(value, i));
		return hash;
	}
	if (!json_object_is_type(value, json_type_object))
		return hash;

	if (vz_component_check(value)) {
		struct json_object *props = vz_component_props(value);

		hash = vz_table_hash_string(hash, "(");
		hash = vz_table_hash_string(hash,
					    json_object_get_string(
						    json_object_object_get(value, "namespace")));
		hash = vz_table_hash_string(hash, json_object_get_string(
							  json_object_object_get(value, "type")));
		hash = vz_table_hash_string(hash, json_object_get_string(
							  json_object_object_get(props, "id"))
							  ?: "");
	}
	json_object_object_foreachC(value, it) hash = hash_structure(hash, it.val);
	return vz_component_check(value) ? vz_table_hash_string(hash, ")") : hash;
}

int vz_app_set_layout(struct vz_app *app, struct json_object *root)
{
	VZ_CLEANUP(vz_freep) char *bad = NULL;
	bool is_first = !vz_layout_root(app->layout);
	uint64_t structure = hash_structure(vz_table_hash_string(VZ_TABLE_SEED, VZ_VERSION), root);
	int r;

	/* Made with the words of vizyd/component.h, it is NULL when any part of it was. */
	if (!root)
		return vz_app_set_error(app, -ENOMEM,
					"the layout could not be made: out of memory, or a value in it "
					"is NULL (0 is vz_number(0), null is VZ_NULL)");
	r = vz_judge_value(app, root);
	if (r < 0) {
		json_object_put(root);
		return r;
	}
	r = vz_layout_set_root(app->layout, root, &bad);
	if (r == -EEXIST)
		return vz_app_set_error(app, r, "two components have the id '%s'", bad ? bad : "");
	if (r == -EINVAL)
		return vz_app_set_error(app, r, "the layout is no component, nor a list of them");
	if (r < 0)
		return r;

	if (app->login_required) {
		r = vz_app_note_layout(app);
		if (r < 0)
			return r;
	}
	app->structure = structure;
	app->layout_hash[0] = '\0';
	vz_app_forget_snapshot(app);
	if (!is_first)
		vz_links_send_reload(app);
	return 0;
}

int vz_app_encode_layout(struct vz_app *app, struct vz_blob **ret)
{
	if (app->login_required) {
		/* Who asks is not known before there is a link: nobody. */
		*ret = vz_blob_ref(app->layout_for_nobody);
		return 0;
	}
	return vz_layout_encode(app->layout, ret);
}

int vz_app_note_layout(struct vz_app *app)
{
	struct vz_blob *blob = NULL;
	int r = vz_layout_encode(app->layout, &blob);

	if (r < 0)
		return r;
	vz_blob_unref(app->layout_for_nobody);
	app->layout_for_nobody = blob;
	return 0;
}

void vz_app_forget_noted_layout(struct vz_app *app)
{
	app->layout_for_nobody = vz_blob_unref(app->layout_for_nobody);
}

void vz_app_forget_dependencies(struct vz_app *app)
{
	app->dependencies = vz_blob_unref(app->dependencies);
	app->layout_hash[0] = '\0';
}

static int make_dependencies(struct vz_app *app)
{
	const struct vz_callback hello = {
		.output = (char *) VZ_HELLO_OUTPUT,
		.service = VZ_SERVICE_LINK,
	};
	struct vz_buf buf = { 0 };
	struct vz_callback *c;

	vz_buf_putc(&buf, '[');
	vz_callback_describe(&hello, true, &buf);
	vz_list_for_each(c, &app->callbacks, in_app)
	{
		vz_buf_putc(&buf, ',');
		vz_callback_describe(c, false, &buf);
	}
	vz_buf_putc(&buf, ']');
	return vz_buf_finish_blob(&buf, &app->dependencies);
}

int vz_app_encode_dependencies(struct vz_app *app, struct vz_blob **ret)
{
	int r = app->dependencies ? 0 : make_dependencies(app);

	if (r < 0)
		return r;
	*ret = vz_blob_ref(app->dependencies);
	return 0;
}

const char *vz_app_layout_hash(struct vz_app *app)
{
	struct vz_callback *c;
	uint64_t hash = app->structure;

	if (app->layout_hash[0])
		return app->layout_hash;
	/* The same facts as in the dependencies, but without their text: this cannot fail. */
	vz_list_for_each(c, &app->callbacks, in_app) hash = vz_callback_hash(c, hash);
	snprintf(app->layout_hash, sizeof(app->layout_hash), "%016llx", (unsigned long long) hash);
	return app->layout_hash;
}
