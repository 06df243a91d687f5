/*
 * Mods on their way to browsers, with a note for each of what may come back (converge.h).
 * Thread: loop.
 */
#pragma once

#include <stdint.h>

struct vz_app;
struct vz_callback;
struct vz_client;
struct vz_mods;
struct vz_property;

/* Sends @mods to every client that is online but @except (which may be NULL). */
void vz_broadcast(struct vz_app *app, struct vz_mods *mods, const struct vz_client *except);
/* Sends all shared values to everybody: what helps when mods were lost. */
void vz_broadcast_everything(struct vz_app *app);
/*
 * Sends @mods to one client, whoever it is; what is shared goes to those that vz_app_shares_with()
 * lets see it.
 */
void vz_push_to(struct vz_client *client, struct vz_mods *mods);
/*
 * Notes that @mods reach @client as the answer to a call of @callback, which wakes every callback
 * that listens but that one.
 */
void vz_note_answer(struct vz_client *client, const struct vz_mods *mods,
		    const struct vz_callback *callback);
/* Notes that the client is sent all shared values by other means; quietly over our own link. */
void vz_note_everything(struct vz_client *client, const struct vz_mods *snapshot);
/* Sends all shared values to one client, if it may see them. */
void vz_push_everything(struct vz_client *client);

/* Promises to assert the truth of @property to @client soon; see converge.h. */
void vz_promise(struct vz_client *client, struct vz_property *property);
/* Keeps the promises that are due. */
void vz_keep_promises(struct vz_app *app, int64_t now_us);
