#include "panels/page.h"

#include <errno.h>
#include <stdio.h>

#include "dash/app.h"
#include "panels/account-panel.h"
#include "panels/camera-panel.h"
#include "vizyd/dcc.h"
#include "vizyd/html.h"

/* Takes @content, which is NULL when it could not be made. */
static struct json_object *make_tab(const char *label, const char *value, const char *class_name,
				    struct json_object *content)
{
	char all_names[64];

	(void) snprintf(all_names, sizeof(all_names), "vz-tab %s", class_name ? class_name : "");
	return vz_dcc_tab(.label = vz_text(label), .value = value,
			  .className = class_name ? all_names : "vz-tab",
			  .selected_className = "vz-tab-selected", .children = content);
}

/* Takes @camera. The tab that a browser shows is its own, and is kept when the page is loaded
 * again. */
static struct json_object *make_tabs(struct json_object *camera, const struct vz_page *page)
{
	struct json_object *all = vz_array(make_tab("Camera", "camera", NULL, camera));

	for (unsigned i = 0; i < page->n_tabs; i++) {
		const struct vz_page_tab *tab = &page->tabs[i];
		char value[80];

		(void) snprintf(value, sizeof(value), "%s-%u", tab->owner, tab->index);
		vz_array_add(&all, make_tab(tab->label, value, tab->class_name,
					    json_object_get(tab->component)));
	}
	return vz_dcc_tabs(.id = VZ_PAGE_TABS_ID, .value = "camera", .className = "vz-tabs",
			   .parent_className = "vz-tabs-page",
			   .content_className = "vz-tabs-content", .persistence = vz_bool(true),
			   .persistence_type = "session", .children = all);
}

int vz_page_build(struct vz_app *app, const struct vz_page *page)
{
	struct json_object *panel = NULL, *children, *root;
	int r;

	r = vz_camera_panel_render(page->camera,
				   page->below == VZ_NULL ? VZ_NULL : json_object_get(page->below),
				   &panel);
	if (r < 0)
		return r;
	if (page->n_tabs)
		panel = make_tabs(panel, page);
	/* clang-format off */
	children = vz_array(
		vz_html_header(.className = "vz-header", .children = vz_array(
			vz_html_h1(.id = VZ_PAGE_TITLE_ID, .className = "vz-title",
				.children = vz_text(page->title)),
			vz_camera_panel_render_status(page->camera),
			vz_account_panel_render(page->account))));
	/* clang-format on */
	if (page->notice)
		vz_array_add(&children, json_object_get(page->notice));
	vz_array_add(&children, panel);
	root = vz_html_div(.id = VZ_PAGE_ID, .className = VZ_PAGE_CLASS, .children = children);
	if (!root)
		return -ENOMEM;
	r = vz_app_set_layout(app, root);
	if (r < 0)
		return r;
	return vz_camera_panel_connect(page->camera);
}
