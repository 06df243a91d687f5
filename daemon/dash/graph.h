/*
 * The graph of callbacks: an edge wherever an Output is another callback's Input. Shared callbacks
 * chain on the server, so among them the graph has no circle and a depth for each, the order in
 * which a round runs them. A callback whose Output is its own Input is no circle: like the
 * renderer, we do not run it again for what it set itself.
 */
#pragma once

struct vz_callback;

/*
 * Ties @callback to its properties. Returns 0, -EEXIST, -ELOOP, -EPERM (as vz_app_add_callback())
 * or -ENOMEM; on failure it is tied to none.
 */
int vz_graph_add(struct vz_callback *callback);
/* Unties it; nothing happens when it is not tied. */
void vz_graph_remove(struct vz_callback *callback);
