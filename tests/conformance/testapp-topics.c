#include "testapp.h"

const struct testapp_topic *const testapp_topics[] = {
	&testapp_initial, &testapp_kept,     &testapp_load,   &testapp_nested, &testapp_plain,
	&testapp_props,	  &testapp_services, &testapp_shared, &testapp_values, NULL,
};
