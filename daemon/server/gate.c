#include "server/gate.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "server/account.h"
#include "server/conn.h"
#include "server/exchange.h"
#include "server/listen.h"
#include "server/server-private.h"
#include "util/log.h"

static const char set_up_first[] = "Nobody has set this device up yet: open its page in a browser";

/* --- What it is ------------------------------------------------------------------------------ */

enum vz_gate_state vz_gate_get_state(const struct vz_server *server)
{
	if (!server->is_gated)
		return VZ_GATE_OPEN;
	switch (vz_users_get_state(server->users)) {
	case VZ_USERS_NONE:
		return VZ_GATE_SETUP;
	case VZ_USERS_READY:
		return VZ_GATE_REQUIRED;
	default:
		return VZ_GATE_UNUSABLE;
	}
}

const char *vz_gate_state_name(enum vz_gate_state state)
{
	static const char *const names[] = {
		[VZ_GATE_OPEN] = "open",
		[VZ_GATE_REQUIRED] = "required",
		[VZ_GATE_SETUP] = "setup",
		[VZ_GATE_UNUSABLE] = "unusable",
	};

	return names[state];
}

bool vz_gate_may(const struct vz_conn *conn, enum vz_role role)
{
	return !conn->server->is_gated || conn->identity.role >= role;
}

struct vz_speaker vz_gate_get_speaker(const struct vz_conn *conn)
{
	const struct vz_identity *who = &conn->identity;

	return (struct vz_speaker){
		.is_known = conn->server->is_gated,
		/* Guests are nobody; whether they may look, the core has been told. */
		.user = who->session_id ? who->name : NULL,
		.role = who->session_id ? vz_role_name(who->role) : NULL,
	};
}

/* --- A request ------------------------------------------------------------------------------- */

static void identify(struct vz_exchange *exchange)
{
	const struct vz_http_request *request = vz_exchange_get_request(exchange);
	struct vz_conn *conn = vz_exchange_get_conn(exchange);

	memset(&conn->identity, 0, sizeof(conn->identity));
	if (conn->server->is_gated)
		vz_users_identify(conn->server->users,
				  request->session[0] ? request->session : NULL, &conn->identity);
}

/* Returns 0, or the status that refuses it with a sentence. */
static unsigned judge(struct vz_exchange *exchange, const struct vz_access *access,
		      const char **ret_why)
{
	const struct vz_conn *conn = vz_exchange_get_conn(exchange);
	enum vz_gate_state state = vz_gate_get_state(conn->server);

	if (state == VZ_GATE_OPEN || access->is_first)
		return 0;
	if (state == VZ_GATE_UNUSABLE) {
		*ret_why = vz_users_get_fault(conn->server->users);
		return 503;
	}
	if (state == VZ_GATE_SETUP) {
		*ret_why = set_up_first;
		return 403;
	}
	if (conn->identity.role >= access->role)
		return 0;
	*ret_why = conn->identity.role == VZ_ROLE_NONE
			   ? "One has to log in here, in a browser at /login"
			   : "Your role does not allow this";
	return conn->identity.role == VZ_ROLE_NONE ? 401 : 403;
}

bool vz_gate_admit(struct vz_exchange *exchange, const struct vz_access *access)
{
	const struct vz_http_request *request = vz_exchange_get_request(exchange);
	const char *why = NULL;
	unsigned status;

	identify(exchange);
	status = judge(exchange, access, &why);
	if (!status)
		return true;
	if (access->is_page && (request->method == VZ_GET || request->method == VZ_HEAD))
		vz_account_show_way(exchange, status, why);
	else
		vz_exchange_answer_text(exchange, status, why);
	return false;
}

unsigned vz_gate_judge_upgrade(struct vz_exchange *exchange, const struct vz_access *access,
			       const char **ret_why)
{
	identify(exchange);
	return access->tells ? 0 : judge(exchange, access, ret_why);
}

/* --- When it changes ------------------------------------------------------------------------- */

static void judge_again(struct vz_conn *conn)
{
	struct vz_server *server = conn->server;
	bool is_changed = vz_users_refresh(server->users, &conn->identity);

	/* While the file cannot be read nobody is anybody, and all have to go. */
	if (!conn->ops || !conn->ops->identified)
		return;
	if (is_changed || conn->identity.role == VZ_ROLE_NONE)
		conn->ops->identified(conn);
}

static void judge_all_again(struct vz_server *server)
{
	struct vz_conn *conn, *tmp;

	if (!server->is_gated || server->is_closing)
		return;
	vz_list_for_each_safe(conn, tmp, &server->conns, in_conns) judge_again(conn);
}

static void on_users(void *data)
{
	struct vz_server *server = data;

	if (!server->is_gated)
		return;
	vz_app_set_guest_view(server->app, vz_users_allows_guests(server->users));
	judge_all_again(server);
}

int vz_gate_update(struct vz_server *server)
{
	bool is_gated = server->users && (server->login_always || !vz_listen_is_local(server));
	int r;

	if (!server->users || is_gated == server->is_gated)
		return 0;
	if (is_gated) {
		server->is_gated = true;
		vz_log(SERVER, INFO, "One has to log in%s",
		       vz_users_get_state(server->users) == VZ_USERS_NONE
			       ? "; the first page asks for an administrator"
			       : "");
	}
	r = vz_app_enforce_login(server->app, is_gated);
	if (r < 0)
		return r;
	server->is_gated = is_gated;
	if (is_gated)
		on_users(server);
	else
		vz_app_set_guest_view(server->app, false);
	return 0;
}

int vz_gate_init(struct vz_server *server)
{
	int r;

	if (!server->users)
		return 0;
	r = vz_users_add_listener(server->users, on_users, server, &server->users_listener);
	return r < 0 ? r : vz_gate_update(server);
}

void vz_gate_deinit(struct vz_server *server)
{
	server->users_listener = vz_users_listener_free(server->users_listener);
}
