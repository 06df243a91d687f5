#include "panels/live-overlay.h"

#include <math.h>
#include <stdio.h>

#include "live/live-thread.h"
#include "util/json.h"
#include "vizyd/component.h"

/* As those of ui/graphs/figure.js. */
static const char *const colours[] = { "#3b82f6", "#f97316", "#22a06b", "#e0475b", "#9b6ef3",
				       "#a87050", "#e377c2", "#7f8c8d", "#b5a91f", "#17a2b8" };

/* The centres of pixels are at whole numbers here, and half a pixel further where it is drawn. A
 * quarter of a pixel is enough to see, and short to write. */
static struct json_object *place(double x, double y)
{
	return vz_array(vz_number(round(4 * x) / 4 + 0.5), vz_number(round(4 * y) / 4 + 0.5));
}

/* Around all of its pixels. */
static struct json_object *make_box(const struct vz_live_object *object, const char *colour)
{
	double left = object->left - 0.5, right = object->right + 0.5;
	double top = object->top - 0.5, bottom = object->bottom + 0.5;

	return vz_object({ "type", vz_text("polyline") }, { "closed", vz_bool(true) },
			 { "color", vz_text(colour) },
			 { "width", vz_number(object->is_bridged ? 1 : 2) },
			 { "points", vz_array(place(left, top), place(right, top),
					      place(right, bottom), place(left, bottom)) });
}

static struct json_object *make_trail(const struct vz_live_object *object, const char *colour)
{
	struct json_object *points = vz_array();

	for (unsigned i = 0; i < object->n_trail; i++)
		vz_array_add(&points, place(object->trail[i].x_px, object->trail[i].y_px));
	return vz_object({ "type", vz_text("polyline") }, { "color", vz_text(colour) },
			 { "points", points });
}

static struct json_object *make_number(const struct vz_live_object *object, const char *colour)
{
	char text[16];

	(void) snprintf(text, sizeof(text), "%u", object->id);
	return vz_object({ "type", vz_text("text") }, { "color", vz_text(colour) },
			 { "x", vz_number(object->right + 2) }, { "y", vz_number(object->top) },
			 { "text", vz_text(text) });
}

struct json_object *vz_live_overlay_make(const struct vz_live_frame *frame)
{
	struct json_object *shapes = vz_array();

	if (frame->result.is_learning)
		vz_array_add(&shapes, vz_object({ "type", vz_text("text") }, { "x", vz_number(8) },
						{ "y", vz_number(frame->height_px - 12.0) },
						{ "text", vz_text("Looking at what stays …") }));
	for (unsigned i = 0; i < frame->result.n; i++) {
		const struct vz_live_object *object = &frame->result.objects[i];
		const char *colour = colours[(object->id - 1) % VZ_N_ELEMENTS(colours)];

		vz_array_add(&shapes, make_trail(object, colour));
		vz_array_add(&shapes, make_box(object, colour));
		vz_array_add(&shapes, make_number(object, colour));
	}
	return shapes;
}
