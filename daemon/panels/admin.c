#include "panels/admin.h"

#include <string.h>

#include "vizyd/dash.h"

static bool is_local(const struct vz_client *client)
{
	const char *address = vz_client_get_address(client);

	return !strncmp(address, "127.", 4) || !strcmp(address, "::1") ||
	       !strncmp(address, "::ffff:127.", 11);
}

bool vz_admin_is(struct vz_app *app, const char *admin, const struct vz_client *client)
{
	if (!client)
		return false;
	if (!strcmp(vz_client_get_role(client), "admin"))
		return true;
	if (vz_app_is_login_required(app))
		return false;
	return !strcmp(admin, "anyone") || (!strcmp(admin, "local") && is_local(client));
}

const char *vz_admin_text(struct vz_app *app, const char *admin)
{
	if (vz_app_is_login_required(app) || !strcmp(admin, "nobody"))
		return "Only a user with the role “admin”";
	if (!strcmp(admin, "anyone"))
		return "Anyone";
	return "A user with the role “admin”, or a browser on this machine itself,";
}
