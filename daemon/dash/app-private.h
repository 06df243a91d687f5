/*
 * The insides of an app, for the files of this folder that share them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "dash/app.h"
#include "dash/table.h"
#include "util/list.h"

struct vz_callback;
struct vz_layout;
struct vz_post_box;
struct vz_mods;
struct vz_property;
struct vz_round;

/* The built-in callback that makes the stock worker announce each tab: no Output, no Input. */
#define VZ_HELLO_OUTPUT "hello"

struct vz_app {
	struct vz_app_options options; /* with the defaults filled in */
	char *boot_id;
	struct vz_layout *layout;
	uint64_t structure; /* hash of the components as the program gave them */

	struct vz_list callbacks; /* in order of registration */
	struct vz_table callbacks_by_output;
	struct vz_table properties;
	struct vz_list patterns; /* the properties of patterns */
	struct vz_list shared;	 /* the properties that are */
	uint64_t last_mark;
	char *last_error;

	struct vz_list clients; /* in order of arrival */
	struct vz_list offline; /* those whose link is lost, the next to expire first */
	struct vz_table clients_by_id, clients_by_renderer;
	unsigned n_clients;
	uint64_t last_client_id;
	struct vz_list client_listeners;
	unsigned notifying; /* depth of listener calls */

	bool login_required;		  /* by a program or by the server */
	bool login_asked, login_enforced; /* by the one, by the other */
	bool guest_view;
	struct vz_blob *layout_for_nobody; /* where it is: the page as it was built */
	struct vz_list devices;		   /* in order of arrival */
	struct vz_list device_listeners;
	unsigned notifying_devices; /* depth of listener calls */

	struct vz_list links;
	struct vz_list props_requests; /* unanswered ones, the next to expire first */
	uint64_t last_props_request;
	int64_t roll_call_us;	  /* when the next one is; INT64_MAX: no tab of the stock worker */
	struct vz_list due_calls; /* blocking calls that were not answered, the oldest first */
	struct vz_list out_calls; /* those that a worker has, and that are not overdue, likewise */
	unsigned n_overdue;
	struct vz_list promises; /* of converge.h, the next first */

	struct vz_post_box *post_box;

	struct vz_round *round; /* the open one */
	uint64_t last_round;

	/* Encoded or collected on demand, forgotten when it no longer holds. */
	struct vz_blob *dependencies;
	struct vz_mods *snapshot;
	char layout_hash[17];

	struct vz_app_counters counters;
	int64_t now_us;	     /* the latest time that we were told */
	int64_t deadline_us; /* the latest that we told */
	bool is_stopping;
};

/* The time now, for what no message caused. */
int64_t vz_app_now(struct vz_app *app);
/* Tells the host when to tick, if that has changed. */
void vz_app_update_deadline(struct vz_app *app);
/* Keeps the text for vz_app_last_error(); returns @r. */
int vz_app_set_error(struct vz_app *app, int r, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Keeps the layout as it is now for those who are not logged in. Returns 0 or -ENOMEM. */
int vz_app_note_layout(struct vz_app *app);
void vz_app_forget_noted_layout(struct vz_app *app);
void vz_app_forget_dependencies(struct vz_app *app);
void vz_app_forget_snapshot(struct vz_app *app);
/* What vz_app_push_mods() does to all clients. Borrows @mods. */
int vz_app_apply_mods(struct vz_app *app, struct vz_mods *mods);
/* All shared values, borrowed; collected when it is asked for. Returns 0 or -ENOMEM. */
int vz_app_get_snapshot(struct vz_app *app, struct vz_mods **ret);
