#include "server/account.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/account-page.h"
#include "server/conn.h"
#include "server/form.h"
#include "server/gate.h"
#include "server/server-private.h"
#include "users/password.h"

#define NEXT_MAX 512

/* Somebody who waits for his password to be judged. */
struct attempt {
	struct vz_exchange *exchange; /* NULL: he has gone */
	struct vz_users *users;
	bool is_setup;
	char address[64];
	char name[256], next[NEXT_MAX];
	char password[VZ_PASSWORD_MAX + 2];
};

static struct vz_server *server_of(struct vz_exchange *exchange)
{
	return vz_exchange_get_conn(exchange)->server;
}

/* --- Ways ------------------------------------------------------------------------------------ */

void vz_account_show_way(struct vz_exchange *exchange, unsigned status, const char *why)
{
	const struct vz_conn *conn = vz_exchange_get_conn(exchange);

	switch (vz_gate_get_state(conn->server)) {
	case VZ_GATE_SETUP:
		vz_account_go(exchange, "/setup", NULL);
		return;
	case VZ_GATE_REQUIRED:
		if (conn->identity.role == VZ_ROLE_NONE) {
			vz_account_go_to_login(exchange,
					       vz_account_check_next(
						       vz_exchange_get_request(exchange)->path));
			return;
		}
		break;
	default:
		break;
	}
	vz_account_write(exchange, &(struct vz_account_page){
					   .page = "closed", .status = status, .error = why });
}

/*
 * Whether the page for @state is the one to show now. Returns false when it has answered, with the
 * way to another.
 */
static bool is_in_place(struct vz_exchange *exchange, enum vz_gate_state state)
{
	enum vz_gate_state now = vz_gate_get_state(server_of(exchange));

	if (now == state)
		return true;
	if (now == VZ_GATE_OPEN)
		vz_account_go(exchange, "/", NULL);
	else if (now == VZ_GATE_SETUP)
		vz_account_go(exchange, "/setup", NULL);
	else if (now == VZ_GATE_REQUIRED)
		vz_account_go(exchange, "/login", NULL);
	else
		vz_account_write(exchange,
				 &(struct vz_account_page){
					 .page = "closed",
					 .status = 503,
					 .error = vz_users_get_fault(server_of(exchange)->users) });
	return false;
}

/* --- A password that is judged --------------------------------------------------------------- */

static void attempt_free(struct attempt *attempt)
{
	explicit_bzero(attempt, sizeof(*attempt));
	free(attempt);
}

static void on_gone(void *data)
{
	((struct attempt *) data)->exchange = NULL;
}

static void refuse(const struct attempt *attempt, unsigned status, const char *error,
		   unsigned retry_s)
{
	if (attempt->exchange)
		vz_account_write(attempt->exchange,
				 &(struct vz_account_page){ .page = attempt->is_setup ? "setup"
										      : "login",
							    .status = status,
							    .error = error,
							    .name = attempt->name,
							    .next = attempt->next,
							    .retry_s = retry_s });
}

static void refuse_for_now(const struct attempt *attempt, int64_t wait_us)
{
	unsigned s = (unsigned) ((wait_us + 999999) / 1000000);
	char error[160];

	snprintf(error, sizeof(error),
		 "Too many wrong passwords. The next one will be looked at in %u %s.", s,
		 s == 1 ? "second" : "seconds");
	refuse(attempt, 429, error, s);
}

static void on_login(int r, const char *token, int64_t wait_us, void *data)
{
	struct attempt *attempt = data;

	if (r == 0 && attempt->exchange)
		vz_account_go(attempt->exchange, vz_account_check_next(attempt->next), token);
	/* Nobody has the text of this session. */
	else if (r == 0)
		vz_users_logout(attempt->users, token);
	else if (r == -EACCES)
		refuse(attempt, 403, "Wrong name or password.", 0);
	else if (r == -EAGAIN)
		refuse_for_now(attempt, wait_us);
	else
		refuse(attempt, 503, vz_user_error_text(r), 1);
	attempt_free(attempt);
}

/* Takes @attempt. */
static void log_in(struct attempt *attempt)
{
	int r;

	r = vz_users_login(attempt->users, attempt->address, attempt->name, attempt->password,
			   on_login, attempt);
	explicit_bzero(attempt->password, sizeof(attempt->password));
	if (r == 0)
		return;
	if (r == -EBUSY)
		refuse(attempt, 429, "Too many log in at this moment. Try again.", 1);
	else
		refuse(attempt, 503, vz_user_error_text(r), 1);
	attempt_free(attempt);
}

/* Returns NULL when it has answered. */
static struct attempt *read_attempt(struct vz_exchange *exchange, const char *body, size_t size,
				    bool is_setup)
{
	struct attempt *attempt = calloc(1, sizeof(*attempt));

	if (!attempt) {
		vz_exchange_answer_text(exchange, 503, "Out of memory");
		return NULL;
	}
	attempt->exchange = exchange;
	attempt->users = server_of(exchange)->users;
	attempt->is_setup = is_setup;
	snprintf(attempt->address, sizeof(attempt->address), "%s",
		 vz_exchange_get_conn(exchange)->address);
	/* What cannot be read or is too long is no name and no password. */
	(void) vz_form_get(body, size, "name", attempt->name, sizeof(attempt->name));
	(void) vz_form_get(body, size, "password", attempt->password, sizeof(attempt->password));
	(void) vz_form_get(body, size, "next", attempt->next, sizeof(attempt->next));
	return attempt;
}

/* --- Login ----------------------------------------------------------------------------------- */

static void read_next(struct vz_exchange *exchange, char next[NEXT_MAX])
{
	if (!vz_http_query_get(vz_exchange_get_conn(exchange)->wsi, "next", next, NEXT_MAX))
		next[0] = '\0';
}

void vz_login_answer(struct vz_exchange *exchange)
{
	const struct vz_conn *conn = vz_exchange_get_conn(exchange);
	char next[NEXT_MAX];

	if (!is_in_place(exchange, VZ_GATE_REQUIRED))
		return;
	read_next(exchange, next);
	if (conn->identity.session_id)
		vz_account_go(exchange, vz_account_check_next(next), NULL);
	else
		vz_account_write(exchange, &(struct vz_account_page){
						   .page = "login", .status = 200, .next = next });
}

void vz_login_answer_post(struct vz_exchange *exchange, const char *body, size_t size)
{
	struct attempt *attempt;

	if (!is_in_place(exchange, VZ_GATE_REQUIRED))
		return;
	attempt = read_attempt(exchange, body, size, false);
	if (!attempt)
		return;
	vz_exchange_wait(exchange, on_gone, attempt);
	log_in(attempt);
}

/* --- Logout ---------------------------------------------------------------------------------- */

void vz_logout_answer(struct vz_exchange *exchange)
{
	const struct vz_conn *conn = vz_exchange_get_conn(exchange);

	if (!is_in_place(exchange, VZ_GATE_REQUIRED))
		return;
	if (!conn->identity.session_id)
		vz_account_go(exchange, "/login", NULL);
	else
		vz_account_write(exchange,
				 &(struct vz_account_page){ .page = "logout",
							    .status = 200,
							    .name = conn->identity.name });
}

void vz_logout_answer_post(struct vz_exchange *exchange, const char *body, size_t size)
{
	const struct vz_http_request *request = vz_exchange_get_request(exchange);

	if (!is_in_place(exchange, VZ_GATE_REQUIRED))
		return;
	vz_users_logout(server_of(exchange)->users, request->session);
	vz_account_go(exchange, "/login", "");
}

/* --- The first administrator ----------------------------------------------------------------- */

void vz_setup_answer(struct vz_exchange *exchange)
{
	if (is_in_place(exchange, VZ_GATE_SETUP))
		vz_account_write(exchange, &(struct vz_account_page){ .page = "setup",
								      .status = 200,
								      .name = "admin" });
}

static void on_first(int r, void *data)
{
	struct attempt *attempt = data;

	if (r == 0 && attempt->exchange) {
		log_in(attempt);
		return;
	}
	if (r == -EALREADY && attempt->exchange)
		vz_account_go(attempt->exchange, "/login", NULL);
	else if (r < 0)
		refuse(attempt, r == -EINVAL || r == -EKEYREJECTED ? 422 : 503,
		       vz_user_error_text(r), 0);
	attempt_free(attempt);
}

static const char *judge_first(const struct attempt *attempt, const char *body, size_t size)
{
	char again[VZ_PASSWORD_MAX + 2];
	const char *error = vz_password_judge(attempt->password);
	bool is_same;

	(void) vz_form_get(body, size, "again", again, sizeof(again));
	is_same = strcmp(again, attempt->password) == 0;
	explicit_bzero(again, sizeof(again));
	if (error)
		return error;
	return is_same ? NULL : "The two passwords are not the same.";
}

void vz_setup_answer_post(struct vz_exchange *exchange, const char *body, size_t size)
{
	struct attempt *attempt;
	const char *error;
	int r;

	if (!is_in_place(exchange, VZ_GATE_SETUP))
		return;
	attempt = read_attempt(exchange, body, size, true);
	if (!attempt)
		return;
	error = judge_first(attempt, body, size);
	r = error ? -EKEYREJECTED
		  : vz_users_add_first(attempt->users, attempt->name, attempt->password, on_first,
				       attempt);
	if (r == 0) {
		vz_exchange_wait(exchange, on_gone, attempt);
		return;
	}
	refuse(attempt, r == -EINVAL || error ? 422 : 503, error ? error : vz_user_error_text(r),
	       0);
	attempt_free(attempt);
}
