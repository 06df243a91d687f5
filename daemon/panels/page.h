/*
 * The page: a header with the title, and below it the camera's panel; when there are tabs, as the
 * first of them. Thread: loop. Owned by the daemon.
 */
#pragma once

#include <json-c/json.h>

#include "util/cleanup.h"

struct vz_app;
struct vz_account_panel;
struct vz_camera_panel;

/* Of the heading, whose children are the title. */
#define VZ_PAGE_TITLE_ID "vz-title"
/* Of the tabs, whose value is the one that a browser shows. */
#define VZ_PAGE_TABS_ID "vz-tabs"

struct vz_page_tab {
	const char *label;
	/* Who added it and which of theirs it is: a browser keeps the tab that it shows by these.
	 */
	const char *owner;
	unsigned index;
	struct json_object *component; /* borrowed; the page takes its own reference */
	const char *class_name;	       /* of its label, beside the usual; NULL: none */
};

struct vz_page {
	const char *title;
	struct vz_camera_panel *camera;
	struct json_object *below; /* the live picture; borrowed, VZ_NULL: nothing */
	struct vz_account_panel *account;
	const struct vz_page_tab *tabs;
	unsigned n_tabs;
	struct json_object *notice; /* below the header; borrowed, NULL: none */
};

/* Puts the panels into the app's layout and connects the callbacks of the camera's tab. Returns 0
 * or a negative errno. */
int vz_page_build(struct vz_app *app, const struct vz_page *page);
