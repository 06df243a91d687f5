#include "panels/admin.h"

#include <string.h>

#include "vizyd/dash.h"

static bool is_local(const char *address)
{
	return !strncmp(address, "127.", 4) || !strcmp(address, "::1") ||
	       !strncmp(address, "::ffff:127.", 11);
}

enum vz_role vz_admin_role_of_nobody(const char *address, void *admin)
{
	const char *word = admin;

	if (!strcmp(word, "anyone") || (!strcmp(word, "local") && is_local(address)))
		return VZ_ROLE_ADMIN;
	return VZ_ROLE_USER;
}

const char *vz_admin_who(struct vz_call *call)
{
	const struct vz_client *client = vz_call_client(call);

	if (vz_call_get_user(call))
		return vz_call_get_user(call);
	return client ? vz_client_get_address(client) : "Somebody";
}

const char *vz_admin_text(struct vz_app *app, const char *admin)
{
	if (vz_app_is_login_required(app) || !strcmp(admin, "nobody"))
		return "Only a user with the role “admin”";
	if (!strcmp(admin, "anyone"))
		return "Anyone";
	return "A user with the role “admin”, or a browser on this machine itself,";
}
