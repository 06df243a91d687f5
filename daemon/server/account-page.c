#include "server/account-page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/conn.h"
#include "server/form.h"
#include "server/server-private.h"
#include "server/suites.h"
#include "server/template.h"
#include "users/sessions.h"
#include "util/blob.h"
#include "util/buf.h"

/* A browser forgets a cookie after 400 days at most; how long a session lives, the server says. */
#define COOKIE_S (400 * 86400)
/* Nothing is loaded but the style and the icon, and the form goes nowhere else. */
#define POLICY                                                                            \
	"Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self'; " \
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'\r\n"

static struct vz_server *server_of(struct vz_exchange *exchange)
{
	return vz_exchange_get_conn(exchange)->server;
}

/* --- A page ---------------------------------------------------------------------------------- */

static void write_page(struct vz_buf *buf, const struct vz_server *server, const char *text,
		       const struct vz_account_page *page)
{
	const char *const *styles = vz_suites_get_styles(server->suites);
	char prefix[256];
	const struct vz_template_value values[] = {
		{ "title", server->title },
		{ "prefix", prefix },
		{ "style", styles && *styles ? *styles : "" },
		{ "page_style", vz_suites_get_page_style(server->suites) },
		{ "error", page->error },
		{ "name", page->name },
		{ "next", page->next },
		{ NULL, NULL },
	};

	/* Without its last '/', with which each address behind it begins. */
	snprintf(prefix, sizeof(prefix), "%.*s", (int) strlen(server->prefix) - 1, server->prefix);
	vz_template_write(buf, text, values);
}

void vz_account_write(struct vz_exchange *exchange, const struct vz_account_page *page)
{
	struct vz_server *server = server_of(exchange);
	VZ_CLEANUP(vz_blob_unrefp) struct vz_blob *body = NULL;
	const char *text = vz_suites_get_page(server->suites, page->page);
	struct vz_buf buf = { 0 };
	char more[512];

	if (!text) {
		vz_exchange_answer_text(exchange, 503, page->error ? page->error : "No such page");
		return;
	}
	write_page(&buf, server, text, page);
	if (vz_buf_finish_blob(&buf, &body) < 0) {
		vz_exchange_answer_text(exchange, 503, "Out of memory");
		return;
	}
	if (page->retry_s)
		snprintf(more, sizeof(more), POLICY "Retry-After: %u\r\n", page->retry_s);
	else
		snprintf(more, sizeof(more), POLICY);
	vz_exchange_answer(exchange, &(struct vz_answer){ .status = page->status,
							  .type = "text/html; charset=utf-8",
							  .more = more,
							  .body = body });
}

/* --- Ways on --------------------------------------------------------------------------------- */

/* "/" and what follows, but not "//host" or "/\host", which lead elsewhere. */
const char *vz_account_check_next(const char *next)
{
	const char *p;

	if (!next || next[0] != '/' || next[1] == '/' || next[1] == '\\')
		return "/";
	for (p = next; *p; p++) {
		if ((unsigned char) *p <= ' ' || *p == 0x7f)
			return "/";
	}
	return next;
}

/* By what the page says of itself: the scheme that the browser used, through whatever proxy. */
static bool is_https(struct vz_exchange *exchange)
{
	return strncasecmp(vz_exchange_get_request(exchange)->origin, "https:", 6) == 0;
}

static int write_cookie(struct vz_exchange *exchange, const char *token, char **ret)
{
	*ret = NULL;
	if (!token)
		return 0;
	return asprintf(ret,
			"Set-Cookie: " VZ_SESSION_COOKIE
			"=%s; Path=%s; Max-Age=%d; HttpOnly; SameSite=Strict%s\r\n",
			token, server_of(exchange)->prefix, token[0] ? COOKIE_S : 0,
			is_https(exchange) ? "; Secure" : "");
}

void vz_account_go(struct vz_exchange *exchange, const char *path, const char *token)
{
	VZ_CLEANUP(vz_freep) char *cookie = NULL;
	VZ_CLEANUP(vz_freep) char *more = NULL;

	if (write_cookie(exchange, token, &cookie) < 0)
		cookie = NULL;
	if ((token && !cookie) || asprintf(&more, "%sLocation: %s%s\r\n", cookie ? cookie : "",
					   server_of(exchange)->prefix, path + 1) < 0) {
		more = NULL;
		vz_exchange_answer_text(exchange, 503, "Out of memory");
		return;
	}
	vz_exchange_answer(exchange, &(struct vz_answer){ .status = 303, .more = more });
}

void vz_account_go_to_login(struct vz_exchange *exchange, const char *next)
{
	VZ_CLEANUP(vz_freep) char *escaped = vz_form_escape(next);
	VZ_CLEANUP(vz_freep) char *path = NULL;

	if (strcmp(next, "/") == 0)
		vz_account_go(exchange, "/login", NULL);
	else if (!escaped || asprintf(&path, "/login?next=%s", escaped) < 0)
		vz_exchange_answer_text(exchange, 503, "Out of memory");
	else
		vz_account_go(exchange, path, NULL);
}
