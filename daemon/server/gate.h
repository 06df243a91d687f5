/*
 * Who may in. Where the server can be reached from elsewhere than this machine, or the
 * configuration says so, one has to log in: each request and each handshake is judged here, against
 * the role that its route needs, and each connection that lasts is judged again when users or
 * sessions change. While there is no user, nothing is served but the page that asks for the first.
 *
 * Thread: loop.
 */
#pragma once

#include <stdbool.h>

#include "dash/app.h"
#include "users/users.h"

struct vz_conn;
struct vz_exchange;
struct vz_server;

/* What a route needs, in the table of routes.c. */
struct vz_access {
	enum vz_role role; /* VZ_ROLE_NONE: anybody */
	/* Who may not is shown the way, not an error: what people type into the address line. */
	bool is_page;
	/* A handshake of who may not is let in, to be told so: link.c. */
	bool tells;
	/* Also while there is no user yet: the first page and what it is made of. */
	bool is_first;
};

/* What the gate is, for /status and the page. */
enum vz_gate_state {
	VZ_GATE_OPEN,	  /* nobody has to log in: this machine alone is served */
	VZ_GATE_REQUIRED, /* one has to log in */
	VZ_GATE_SETUP,	  /* the first user is awaited */
	VZ_GATE_UNUSABLE, /* the file of the users is damaged: nobody gets in */
};

/* Once the listeners are there. Returns 0 or -ENOMEM. */
int vz_gate_init(struct vz_server *server);
void vz_gate_deinit(struct vz_server *server);
/* The listeners have changed. Returns 0 or -ENOMEM; then one has to log in at any rate. */
int vz_gate_update(struct vz_server *server);
enum vz_gate_state vz_gate_get_state(const struct vz_server *server);
/* "open", "required", "setup", "unusable". */
const char *vz_gate_state_name(enum vz_gate_state state);

/*
 * Finds out who asks, which conn->identity then says, and whether he may. Returns true, or false
 * when it has answered: 401, 403 or 503, or a page that shows the way.
 */
bool vz_gate_admit(struct vz_exchange *exchange, const struct vz_access *access);
/* The same for a handshake: returns 0, or the status that refuses it with a sentence. */
unsigned vz_gate_judge_upgrade(struct vz_exchange *exchange, const struct vz_access *access,
			       const char **ret_why);
/* Whether somebody who was let in may see what needs @role, such as details. */
bool vz_gate_may(const struct vz_conn *conn, enum vz_role role);
/* Who it is, for the core. Borrows from @conn. */
struct vz_speaker vz_gate_get_speaker(const struct vz_conn *conn);
