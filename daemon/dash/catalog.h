/*
 * The catalog: which components a page can show, by namespace and type, and which properties each
 * has. With it a layout is judged when it is made, and a misspelt name is an error that says so,
 * and not a hole in the page. It is data: dash/ knows nothing of a component but what stands there.
 * Components of other namespaces, whose scripts a plugin brings, are not judged.
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

struct vz_catalog_type {
	const char *name;
	const char *properties; /* each ends with NUL, the list with an empty one */
};

struct vz_catalog_space {
	const char *name;	/* "dash_core_components" */
	const char *short_name; /* "dcc" */
	const struct vz_catalog_type *types;
	unsigned n_types;
	bool has_wildcards; /* data-* and aria-* */
};

struct vz_catalog {
	const struct vz_catalog_space *spaces;
	unsigned n_spaces;
};

/* What the pages of the daemon can show: Dash's HTML and Core Components, and our own. */
extern const struct vz_catalog vz_dash_catalog;

/*
 * Judges every component in @value, wherever it is. Returns 0, -EINVAL and in *@ret_error what is
 * wrong with the first (to free()), or -ENOMEM. Without a @catalog all is well.
 */
int vz_catalog_check(const struct vz_catalog *catalog, struct json_object *value, char **ret_error);
/*
 * Judges "id.property" of a callback: whether the component @id (canonical) in @tree, if it is
 * there, has the property. Returns as vz_catalog_check().
 */
int vz_catalog_check_property(const struct vz_catalog *catalog, struct json_object *tree,
			      const char *id, const char *property, char **ret_error);
