#include "panels/page.h"

#include <errno.h>
#include <stdio.h>

#include "dash/app.h"
#include "dash/component.h"
#include "panels/build.h"
#include "panels/camera-panel.h"
#include "util/json.h"

#define TABS_ID "vz-tabs"

/* Takes @content, which is NULL when it could not be made. */
static struct json_object *make_tab(const char *label, const char *value,
				    struct json_object *content)
{
	return vz_component_new(VZ_DCC, "Tab", "label", vz_text(label), "value", vz_text(value),
				"className", vz_text("vz-tab"), "selected_className",
				vz_text("vz-tab-selected"), "children", content, NULL);
}

/* Takes @camera. The tab that a browser shows is its own, and is kept when the page is loaded
 * again. */
static struct json_object *make_tabs(struct json_object *camera, const struct vz_page_tab *tabs,
				     unsigned n_tabs)
{
	VZ_CLEANUP(json_object_putp)
	struct json_object *all =
		vz_component_new(VZ_DCC, "Tabs", "id", vz_text(TABS_ID), "value", vz_text("camera"),
				 "className", vz_text("vz-tabs"), "parent_className",
				 vz_text("vz-tabs-page"), "content_className",
				 vz_text("vz-tabs-content"), "persistence", vz_bool(true),
				 "persistence_type", vz_text("session"), "children",
				 vz_array(make_tab("Camera", "camera", camera)), NULL);

	for (unsigned i = 0; i < n_tabs; i++) {
		struct json_object *component = json_object_get(tabs[i].component);
		char value[80];

		(void) snprintf(value, sizeof(value), "%s-%u", tabs[i].owner, tabs[i].index);
		if (vz_component_add_child(all, make_tab(tabs[i].label, value, component)) < 0)
			return NULL;
	}
	return vz_steal(all);
}

int vz_page_build(struct vz_app *app, const char *title, struct vz_camera_panel *camera,
		  const struct vz_page_tab *tabs, unsigned n_tabs)
{
	struct json_object *panel = NULL, *root;
	int r;

	r = vz_camera_panel_render(camera, &panel);
	if (r < 0)
		return r;
	if (n_tabs)
		panel = make_tabs(panel, tabs, n_tabs);
	root = vz_div("vz-page",
		      vz_element("Header", "vz-header", vz_html("H1", "vz-title", title),
				 vz_camera_panel_render_status(camera)),
		      panel);
	if (!root)
		return -ENOMEM;
	r = vz_app_set_layout(app, root);
	if (r < 0)
		return r;
	return vz_camera_panel_connect(camera);
}
