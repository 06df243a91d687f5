/*
 * Roles: whoever has the role "admin" sees who is connected, in a table that follows every coming
 * and going. It is pushed to the browsers of admins alone; for everybody else there is nothing to
 * see, and nothing in the layout either. Who is who comes from the plugin "login".
 */
#include <string.h>
#include <time.h>
#include <vizyd/panel.h>
#include <vizyd/plugin.h>

/* Wall clock time at which a client came, "14:05:09". */
static struct json_object *came_at(struct vz_app *app, struct vz_client *client)
{
	time_t when =
		time(NULL) - (vz_app_now_us(app) - vz_client_get_connected_us(client)) / 1000000;
	struct tm parts;
	char text[16] = "";

	if (localtime_r(&when, &parts))
		(void) strftime(text, sizeof(text), "%H:%M:%S", &parts);
	return vz_text(text);
}

/* What people call the browser, out of what it calls itself. */
static const char *browser_of(struct vz_client *client)
{
	/* Chrome says "Safari" too, and Edge says all three: the order decides. */
	static const char *const names[] = { "Edg", "Firefox", "Chrome", "Safari" };
	const char *agent = vz_client_get_user_agent(client);

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strstr(agent, names[i]))
			return i == 0 ? "Edge" : names[i];
	return "another";
}

#define TH(text)  vz_html_th(.children = vz_text(text))
#define TD(value) vz_html_td(.children = value)

/* clang-format off */
static struct json_object *row(struct vz_app *app, struct vz_client *client)
{
	const char *user = vz_client_get_user(client);
	struct vz_device *device = vz_client_get_device(client);

	return vz_html_tr(.children = vz_array(
		TD(vz_number((double) vz_client_get_id(client))),
		TD(vz_text(user ? user : "nobody")),
		TD(vz_text(vz_client_get_role(client))),
		TD(vz_text(vz_client_get_address(client))),
		TD(vz_text(browser_of(client))),
		TD(came_at(app, client)),
		TD(vz_text(device ? vz_device_get_title(device) : "")),
		TD(vz_text(vz_client_is_online(client) ? "online" : "lost"))));
}
/* clang-format on */

static struct json_object *table(struct vz_app *app)
{
	struct json_object *rows = json_object_new_array();
	struct vz_client *client = NULL;

	while ((client = vz_app_next_client(app, client)))
		vz_array_add(&rows, row(app, client));
	/* clang-format off */
	return vz_html_table(.className = "vz-table", .children = vz_array(
		vz_html_thead(.children = vz_html_tr(.children = vz_array(
			TH("No."), TH("User"), TH("Role"), TH("Address"), TH("Browser"), TH("Since"),
			TH("Device"), TH("Link")))),
		vz_html_tbody(.children = rows)));
	/* clang-format on */
}

static int show(struct vz_app *app, struct vz_client *client, struct json_object *children)
{
	return vz_app_push_mods(app,
				vz_object({ "roles-table", vz_object({ "children", children }) }),
				client);
}

static bool is_admin(struct vz_client *client)
{
	return vz_client_is_online(client) && !strcmp(vz_client_get_role(client), "admin");
}

static void on_client(struct vz_app *app, struct vz_client *changed, enum vz_client_event event,
		      void *data)
{
	struct vz_client *client = NULL;

	/* Who is no admin any more must not go on reading. */
	if (event == VZ_CLIENT_USER_CHANGED && !is_admin(changed))
		(void) show(app, changed, vz_text("For admins only."));
	while ((client = vz_app_next_client(app, client)))
		if (is_admin(client))
			(void) show(app, client, table(app));
}

static int init(struct vz_app *app, struct json_object *config, void **ret_data)
{
	/* clang-format off */
	int r = vz_app_add_tab(app, "Who is here",
		vz_panel_group("Connected",
			vz_html_div(.id = "roles-table", .className = "vz-scroll",
				.children = vz_text("For admins only."))));
	/* clang-format on */

	return r < 0 ? r : vz_app_add_client_listener(app, on_client, NULL, NULL);
}

VZ_PLUGIN(.name = "roles", .version = "1.0",
	  .description = "A live table of who is connected, for admins", .init = init);
