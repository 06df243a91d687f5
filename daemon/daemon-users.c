/*
 * The users, in the folder of the state.
 */
#include "config/config.h"
#include "daemon-private.h"
#include "panels/account-panel.h"
#include "server/server.h"
#include "users/users.h"

#define DAY_S 86400

int vz_daemon_make_users(struct vz_daemon *daemon)
{
	const struct vz_users_options options = {
		.dir = daemon->config->state_dir,
		.idle_s = (int64_t) (daemon->config->session_days * DAY_S + 0.5),
	};

	return vz_users_new(daemon->loop, daemon->jobs, &options, &daemon->users);
}

void vz_daemon_tell_login(struct vz_daemon *daemon)
{
	bool is_required = vz_server_is_login_required(daemon->server);

	vz_account_panel_set_login(daemon->account, is_required,
				   is_required ? NULL
					       : "No login: only this machine itself is served");
	if (is_required == daemon->has_login)
		return;
	daemon->has_login = is_required;
	vz_daemon_rebuild_page(daemon);
}
