/*
 * The letter box: mods that other threads push. They wait here, merged with each other, for the
 * loop to take them all at once; the newest value of a property replaces the one that waits.
 * Counted, because the loop may come to empty it when the app has gone. Public face:
 * vz_app_post_mods(). Thread: any, except where a line says loop.
 */
#pragma once

#include <json-c/json.h>
#include <stdint.h>

struct vz_app;
struct vz_post_box;

/* Properties that may wait; more are refused, as a place where nobody takes anything must not grow.
 */
#define VZ_POST_MAX_MODS 4096

/* Thread: loop. Returns 0 or -ENOMEM. */
int vz_post_box_new(struct vz_app *app, struct vz_post_box **ret);
/* For who may still post when the app has gone, which then is -ESHUTDOWN. Thread: loop. */
struct vz_post_box *vz_post_box_ref(struct vz_post_box *box);
/* Takes NULL; returns NULL. Thread: loop. */
struct vz_post_box *vz_post_box_unref(struct vz_post_box *box);
/* vz_app_post_mods(), which has its words. */
int vz_post_box_put(struct vz_post_box *box, struct json_object *mods, uint64_t client_id);
/* The app goes, and what waits is dropped. Takes NULL; returns NULL. Thread: loop. */
struct vz_post_box *vz_post_box_free(struct vz_post_box *box);
