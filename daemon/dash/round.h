/*
 * A round: everything that one cause changes on the server before anybody else gets a word in. The
 * mods of a browser, the device or the start are applied to the layout, the shared callbacks that
 * listen run in dependency order, each at most once, and in the end all of it goes out as one unit.
 *
 * A round lies on the stack of whoever opens it. What happens while one is open joins it.
 * Thread: loop.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "util/list.h"

struct vz_app;
struct vz_callback;
struct vz_client;
struct vz_mods;
struct vz_property;

struct vz_round {
	struct vz_app *app;
	struct vz_mods *mods;	/* what has changed */
	struct vz_list pending; /* callbacks to run, by depth */
	struct vz_list again;	/* those that have run, and would have to run again */
	uint64_t number, client_id;
	bool is_lost; /* mods were lost for want of memory: everything has to be sent */
};

/*
 * Opens @round, which the client @client_id caused (0: none), unless one is open already. Returns
 * whether it did; then vz_round_close() must follow.
 */
bool vz_round_open(struct vz_app *app, struct vz_round *round, uint64_t client_id);
/*
 * Applies @mods to the layout, all or none, and lets run what listens. @by, the callback whose
 * outcome they are, may be NULL; it is not run by them. A round must be open. Returns 0, or
 * -ENOENT, -EINVAL, -EEXIST (as vz_layout_set(), @ret_bad names the place, borrowed from @mods) or
 * -ENOMEM.
 */
int vz_round_apply(struct vz_app *app, struct vz_mods *mods, struct vz_callback *by,
		   const char **ret_bad);
/* Lets @callback run in @round, or again after it; why is noted with the callback. */
void vz_round_add(struct vz_round *round, struct vz_callback *callback);
/* Lets @callback run in the open round, as the initial call that the start makes. */
void vz_round_add_initial(struct vz_app *app, struct vz_callback *callback);
/* Notes that @callback runs in the open round, if one is: another cause will make it run again. */
void vz_round_note_run(struct vz_app *app, struct vz_callback *callback);
/* Runs what is pending. */
void vz_round_run(struct vz_round *round);
/*
 * Sends everything to all clients, and closes it. @except is told nothing but what @told, what its
 * own answer will carry, lacks; both may be NULL. Then runs the rounds that follow.
 */
void vz_round_close(struct vz_round *round, struct vz_client *except, const struct vz_mods *told);
