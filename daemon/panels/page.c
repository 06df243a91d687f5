#include "panels/page.h"

#include <errno.h>

#include "dash/app.h"
#include "panels/build.h"
#include "panels/camera-panel.h"

int vz_page_build(struct vz_app *app, const char *title, struct vz_camera_panel *camera)
{
	struct json_object *panel = NULL, *root;
	int r;

	r = vz_camera_panel_render(camera, &panel);
	if (r < 0)
		return r;
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
