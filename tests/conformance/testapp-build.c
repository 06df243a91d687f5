/*
 * What topics put on the page, and the values that they answer with.
 */
#include "testapp.h"
#include "vizyd/dcc.h"
#include "vizyd/html.h"

void testapp_add_div(struct json_object *list, const char *id)
{
	json_object_array_add(list, vz_html_div(.id = id, .children = vz_text("")));
}

void testapp_add_button(struct json_object *list, const char *id)
{
	json_object_array_add(list,
			      vz_html_button(.id = id, .children = vz_text(id), .n_clicks = 0));
}

void testapp_add_slider(struct json_object *list, const char *id, int value)
{
	json_object_array_add(list, vz_dcc_slider(.id = id, .min = 0, .max = 100, .step = 1,
						  .value = value, .updatemode = "drag",
						  .marks = VZ_NULL));
}

void testapp_add_store(struct json_object *list, const char *id, const char *data)
{
	struct json_object *value = json_tokener_parse(data);

	/* Who writes null means it. */
	json_object_array_add(list, vz_dcc_store(.id = id, .data = value ? value : VZ_NULL));
}

void testapp_add_divs(struct json_object *list, const char *const *ids)
{
	while (*ids)
		testapp_add_div(list, *ids++);
}

void testapp_add_buttons(struct json_object *list, const char *const *ids)
{
	while (*ids)
		testapp_add_button(list, *ids++);
}

int testapp_clicks(struct vz_call *call, unsigned index)
{
	return json_object_get_int(vz_call_input(call, index));
}
