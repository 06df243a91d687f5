/*
 * Another page for the main program of testapp.c, with patterns and what browsers do by themselves.
 */
#include "testwiring.h"

/* The tests wait for a slider before they begin. */
static void add_components(struct json_object *list)
{
	testapp_add_slider(list, "slider", 0);
}

static const struct testapp_topic first = { .add_components = add_components };

const struct testapp_topic *const testapp_topics[] = {
	&first,
	&testwiring_patterns,
	&testwiring_browser,
	NULL,
};
