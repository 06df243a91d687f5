/*
 * A question to one browser: which values do these properties have there? The renderer answers it
 * component by component, from its own store, over both kinds of link. It is asked, put together
 * and answered here; public face in vizyd/dash.h. Thread: loop.
 */
#pragma once

#include <stdint.h>

struct vz_app;
struct vz_client;
struct vz_message;

/* The browser has answered a part of one; what was not asked is ignored. */
void vz_props_requests_receive(struct vz_client *client, const struct vz_message *message);
/* Ends all that @client was asked with @r: its link is gone, and with it the answers. */
void vz_props_requests_end(struct vz_client *client, int r);
/* Ends those that have waited too long. */
void vz_props_requests_expire(struct vz_app *app, int64_t now_us);
/* Ends all, as the app stops. */
void vz_props_requests_stop(struct vz_app *app);
/* When the next one has; INT64_MAX: none. */
int64_t vz_props_requests_next_us(const struct vz_app *app);
