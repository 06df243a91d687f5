#include "panels/account-panel.h"

#include <errno.h>
#include <stdlib.h>

#include "dash/app.h"
#include "loop/loop.h"
#include "panels/admin.h"
#include "panels/own-password.h"
#include "util/json.h"
#include "util/list.h"
#include "vizyd/components.h"
#include "vizyd/dash.h"

#define LINE_ID	   "account"
#define REFUSED_ID "refused"
/* Who drags what is not his is told once, not for every step. */
#define REFUSED_US 100000

/* What a client is about to be told. */
struct news {
	struct vz_list in_panel;
	uint64_t client_id;
	bool is_account;
	enum vz_role refused; /* VZ_ROLE_NONE: nothing was */
};

struct vz_account_panel {
	struct vz_account_panel_options options;
	struct vz_client_listener *listener;
	struct vz_timer *timer;
	struct vz_list news;
	unsigned n_refused;
	bool has_users;
	const char *note;
};

/* --- What it says --------------------------------------------------------------------------- */

static struct json_object *address(const struct vz_account_panel *panel, const char *name)
{
	return vz_textf("%s%s", panel->options.prefix, name);
}

static struct json_object *link_to(const struct vz_account_panel *panel, const char *name,
				   const char *label)
{
	VZ_CLEANUP(json_object_putp) struct json_object *href = address(panel, name);

	return href ? vz_html_a(.href = json_object_get_string(href), .children = vz_text(label))
		    : NULL;
}

/* A form, since a link would do it for whoever has the page fetched beforehand. */
static struct json_object *log_out_form(const struct vz_account_panel *panel)
{
	VZ_CLEANUP(json_object_putp) struct json_object *action = address(panel, "logout");

	if (!action)
		return NULL;
	return vz_html_form(.action = json_object_get_string(action), .method = "POST",
			    .children = vz_html_button(.type = "submit", .className = "vz-link",
						       .children = vz_text("Log out")));
}

static struct json_object *line_for(const struct vz_account_panel *panel,
				    const struct vz_client *client)
{
	const char *user = vz_client_get_user(client);
	struct json_object *line = vz_array();

	if (user)
		vz_array_add(&line, vz_html_span(.className = "vz-account-name",
						 .children = vz_textf("%s · %s", user,
								      vz_client_get_role(client))));
	else if (panel->has_users)
		vz_array_add(&line, vz_html_span(.children = vz_text("Guest: you may look")));
	else if (panel->note)
		vz_array_add(&line, vz_html_span(.children = vz_text(panel->note)));
	if (panel->has_users && user) {
		vz_array_add(&line, vz_own_password_render());
		vz_array_add(&line, log_out_form(panel));
	} else if (panel->has_users) {
		vz_array_add(&line, link_to(panel, "login", "Log in"));
	}
	return line;
}

static const char *page_class(const struct vz_client *client)
{
	if (vz_client_may(client, VZ_ROLE_ADMIN))
		return VZ_PAGE_CLASS " vz-admin";
	/* Who may not even look has a form of a plugin to fill in. */
	return vz_client_may(client, VZ_ROLE_VIEWER) && !vz_client_may(client, VZ_ROLE_USER)
		       ? VZ_PAGE_CLASS " vz-viewer"
		       : VZ_PAGE_CLASS;
}

static struct json_object *account_mods(const struct vz_account_panel *panel,
					const struct vz_client *client)
{
	return vz_object({ LINE_ID, vz_object({ "children", line_for(panel, client) }) },
			 { VZ_PAGE_ID, vz_object({ "className", vz_text(page_class(client)) }) });
}

/* Of two classes by turns, so that the browser shows it anew each time. */
static struct json_object *refused_mods(struct vz_account_panel *panel, enum vz_role needed)
{
	struct json_object *text =
		needed == VZ_ROLE_ADMIN
			? vz_textf("%s may do that.",
				   vz_admin_text(panel->options.app, panel->options.admin))
			: vz_text("You may look, and not change anything.");

	return vz_object({ REFUSED_ID,
			   vz_object({ "children", text },
				     { "className",
				       vz_text(++panel->n_refused % 2 ? "vz-refused vz-refused-odd"
								      : "vz-refused") }) });
}

/* --- Whom it tells -------------------------------------------------------------------------- */

static void push(struct vz_client *client, struct json_object *mods)
{
	if (mods)
		(void) vz_client_push_quietly(client, mods);
}

static void on_timer(void *data)
{
	struct vz_account_panel *panel = data;
	struct news *news;

	while ((news = vz_list_first(&panel->news, struct news, in_panel))) {
		struct vz_client *client = vz_app_find_client(panel->options.app, news->client_id);

		vz_list_remove(&news->in_panel);
		if (client && news->is_account)
			push(client, account_mods(panel, client));
		if (client && news->refused)
			push(client, refused_mods(panel, news->refused));
		free(news);
	}
}

static struct news *find_news(struct vz_account_panel *panel, uint64_t client_id)
{
	struct news *news;

	vz_list_for_each(news, &panel->news,
			 in_panel) if (news->client_id == client_id) return news;
	news = calloc(1, sizeof(*news));
	if (!news)
		return NULL;
	news->client_id = client_id;
	vz_list_add(&panel->news, &news->in_panel);
	return news;
}

/* Soon, so that a tab that has just come is welcomed first. */
static void tell_account(struct vz_account_panel *panel, const struct vz_client *client)
{
	struct news *news = find_news(panel, vz_client_get_id(client));

	if (!news)
		return;
	news->is_account = true;
	vz_timer_start(panel->timer, 0);
}

static void tell_refused(struct vz_account_panel *panel, const struct vz_client *client)
{
	struct news *news = find_news(panel, vz_client_get_id(client));

	if (!news)
		return;
	news->refused = vz_client_get_refused(client);
	if (!vz_timer_is_running(panel->timer))
		vz_timer_start(panel->timer, REFUSED_US);
}

static void on_client(struct vz_app *app, struct vz_client *client, enum vz_client_event event,
		      void *data)
{
	switch (event) {
	case VZ_CLIENT_CONNECTED:
	case VZ_CLIENT_RETURNED:
	case VZ_CLIENT_USER_CHANGED:
		tell_account(data, client);
		break;
	case VZ_CLIENT_REFUSED:
		tell_refused(data, client);
		break;
	default:
		break;
	}
}

void vz_account_panel_set_login(struct vz_account_panel *panel, bool has_users, const char *note)
{
	struct vz_client *client = NULL;

	panel->has_users = has_users;
	panel->note = note;
	while ((client = vz_app_next_client(panel->options.app, client)))
		tell_account(panel, client);
}

struct json_object *vz_account_panel_render(struct vz_account_panel *panel)
{
	return vz_html_div(.className = "vz-account",
			   .children =
				   vz_array(vz_html_div(.id = LINE_ID,
							.className = "vz-account-line"),
					    vz_html_div(.id = REFUSED_ID, .className = "vz-refused",
							.role = "status")));
}

/* --- Life ----------------------------------------------------------------------------------- */

int vz_account_panel_new(const struct vz_account_panel_options *options,
			 struct vz_account_panel **ret)
{
	VZ_CLEANUP(vz_account_panel_freep)
	struct vz_account_panel *panel = calloc(1, sizeof(*panel));
	int r;

	if (!panel)
		return -ENOMEM;
	panel->options = *options;
	vz_list_init(&panel->news);
	r = vz_timer_new(options->loop, on_timer, panel, &panel->timer);
	if (r >= 0)
		r = vz_app_add_client_listener(options->app, on_client, panel, &panel->listener);
	if (r < 0)
		return r;
	*ret = vz_steal(panel);
	return 0;
}

struct vz_account_panel *vz_account_panel_free(struct vz_account_panel *panel)
{
	struct news *news;

	if (!panel)
		return NULL;
	if (panel->listener)
		(void) vz_client_listener_free(panel->listener);
	panel->timer = vz_timer_free(panel->timer);
	while ((news = vz_list_first(&panel->news, struct news, in_panel))) {
		vz_list_remove(&news->in_panel);
		free(news);
	}
	free(panel);
	return NULL;
}
