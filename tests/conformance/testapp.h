/*
 * The parts of the page with one of everything (testapp.c). A *topic* is a file testapp-<topic>.c:
 * some components on the page, the callbacks on them, and what of them the tests may look up in
 * /status, under "test". What a topic remembers is its own, and static: there is one page.
 */
#pragma once

#include <stddef.h>

#include "dash/app.h"
#include "loop/loop.h"
#include "util/buf.h"
#include "vizyd/component.h"
#include "vizyd/dash.h"

/* A button over the link, which the load of a page does not press. */
#define TESTAPP_BUTTON (VZ_SERVICE_LINK | VZ_SERVICE_NO_CLIENT_INITIAL)

struct testapp {
	struct vz_loop *loop;
	struct vz_jobs *jobs; /* NULL while it ends */
	struct vz_app *app;
	struct vz_server *server; /* NULL until it runs */
	/* For testapp-load.c. */
	unsigned n_more_callbacks;
	size_t picture_bytes; /* 0: no pictures */
};

struct testapp_topic {
	/* Their data is the testapp. */
	const struct vz_callback_spec *callbacks;
	size_t n_callbacks;
	/* Appends components to the children of the page. */
	void (*add_components)(struct json_object *list);
	/* Optional: after the app, before its callbacks; 0 or a negative errno. */
	int (*start)(struct testapp *t);
	/* Optional: when nothing is called any more, before the app is freed; also after a start
	 * that failed. */
	void (*stop)(struct testapp *t);
	/* Optional: appends members, each with a comma before it. */
	void (*append_status)(struct vz_buf *buf);
	/* Optional: as the app's option of that name. */
	void (*on_overdue)(const struct vz_overdue *overdue);
};

/* Those of this program, ended by NULL. */
extern const struct testapp_topic *const testapp_topics[];

extern const struct testapp_topic testapp_initial;
extern const struct testapp_topic testapp_kept;
extern const struct testapp_topic testapp_load;
extern const struct testapp_topic testapp_nested;
extern const struct testapp_topic testapp_plain;
extern const struct testapp_topic testapp_props;
extern const struct testapp_topic testapp_services;
extern const struct testapp_topic testapp_shared;
extern const struct testapp_topic testapp_values;

/* --- testapp-build.c ------------------------------------------------------------------------- */

/* These append to the list of children. */
void testapp_add_div(struct json_object *list, const char *id);
void testapp_add_button(struct json_object *list, const char *id);
void testapp_add_slider(struct json_object *list, const char *id, int value);
/* @data is JSON. */
void testapp_add_store(struct json_object *list, const char *id, const char *data);
/* Several at once; @ids ends with NULL. */
void testapp_add_divs(struct json_object *list, const char *const *ids);
void testapp_add_buttons(struct json_object *list, const char *const *ids);

/* The @index-th Input as a number: how often its button was pressed. */
int testapp_clicks(struct vz_call *call, unsigned index);
