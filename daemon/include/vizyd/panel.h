/*
 * Words for what most panels consist of, in the looks of the house: groups with a title, and rows
 *of a label, a read-out and a control.
 *
 *	vz_panel_columns(
 *		vz_panel_group("Room",
 *			vz_panel_row("Target", "room-target-says", vz_dcc_slider(…)),
 *			vz_panel_note("Measured at the window.")))
 *
 * Each returns a reference, or NULL when out of memory, and takes what it is given, as
 *vizyd/component.h says. The classes are those of ui/assets/vizyd.css.
 */
#pragma once

#include <vizyd/components.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Groups beside each other where there is room, else one below the other. */
#define vz_panel_columns(...) \
	vz_html_div(.className = "vz-columns", .children = vz_array(__VA_ARGS__))

/* A card with a title and what belongs together. */
#define vz_panel_group(title_, ...)                                                    \
	vz_html_section(.className = "vz-group",                                       \
			.children = vz_array(vz_html_h2(.className = "vz-group-title", \
							.children = vz_text(title_)),  \
					     __VA_ARGS__))

/* Buttons in a row. */
#define vz_panel_buttons(...) \
	vz_html_div(.className = "vz-buttons", .children = vz_array(__VA_ARGS__))

static inline struct json_object *vz_panel_button(const char *id, const char *label)
{
	return vz_html_button(.id = id, .n_clicks = 0, .className = "vz-button",
			      .children = vz_text(label));
}

/*
 * A control below its label and a read-out on the right, whose children callbacks set. @read_out_id
 * may be NULL: no read-out.
 */
static inline struct json_object *vz_panel_row(const char *label, const char *read_out_id,
					       struct json_object *control)
{
	return vz_html_div(.className = "vz-control",
			   .children = vz_array(vz_html_span(.className = "vz-control-label",
							     .children = vz_text(label)),
						vz_html_span(.id = read_out_id,
							     .className = "vz-control-value",
							     .children = vz_text("")),
						control));
}

/* A sentence in small letters. */
static inline struct json_object *vz_panel_note(const char *text)
{
	return vz_html_p(.className = "vz-note", .children = vz_text(text));
}

#ifdef __cplusplus
}
#endif
