#include "panels/page.h"

#include <errno.h>
#include <stdio.h>

#include "dash/app.h"
#include "panels/camera-panel.h"
#include "vizyd/dcc.h"
#include "vizyd/html.h"

#define TABS_ID "vz-tabs"

/* Takes @content, which is NULL when it could not be made. */
static struct json_object *make_tab(const char *label, const char *value,
				    struct json_object *content)
{
	return vz_dcc_tab(.label = vz_text(label), .value = value, .className = "vz-tab",
			  .selected_className = "vz-tab-selected", .children = content);
}

/* Takes @camera. The tab that a browser shows is its own, and is kept when the page is loaded
 * again. */
static struct json_object *make_tabs(struct json_object *camera, const struct vz_page_tab *tabs,
				     unsigned n_tabs)
{
	struct json_object *all = vz_array(make_tab("Camera", "camera", camera));

	for (unsigned i = 0; i < n_tabs; i++) {
		struct json_object *component = json_object_get(tabs[i].component);
		char value[80];

		(void) snprintf(value, sizeof(value), "%s-%u", tabs[i].owner, tabs[i].index);
		vz_array_add(&all, make_tab(tabs[i].label, value, component));
	}
	return vz_dcc_tabs(.id = TABS_ID, .value = "camera", .className = "vz-tabs",
			   .parent_className = "vz-tabs-page",
			   .content_className = "vz-tabs-content", .persistence = vz_bool(true),
			   .persistence_type = "session", .children = all);
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
	/* clang-format off */
	root = vz_html_div(.className = "vz-page", .children = vz_array(
		vz_html_header(.className = "vz-header", .children = vz_array(
			vz_html_h1(.className = "vz-title", .children = vz_text(title)),
			vz_camera_panel_render_status(camera))),
		panel));
	/* clang-format on */
	if (!root)
		return -ENOMEM;
	r = vz_app_set_layout(app, root);
	if (r < 0)
		return r;
	return vz_camera_panel_connect(camera);
}
