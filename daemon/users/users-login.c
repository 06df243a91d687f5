/*
 * Logging in and out, and who a browser is. (Face: users.h.)
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "users/password.h"
#include "users/user-store.h"
#include "users/users-private.h"
#include "util/log.h"
#include "util/whole-file.h"

/*
 * Sessions are written so long after the first change: a class that logs in costs a few writes, and
 * hardly anybody has to do so again, or is back who has logged out, when the plug is pulled.
 */
#define SETTLE_US 50000
#define RETRY_US  10000000
/* A session in use is written again when what is written is older than this part of its life. */
#define TOUCH_PART   20
#define SWEEP_MAX_US (INT64_C(600) * 1000000)

struct login {
	struct vz_list in_logins;
	struct vz_users *users;
	char address[VZ_THROTTLE_KEY_MAX];
	char name[VZ_USER_NAME_MAX + 1]; /* "": no name that a user could have */
	char hash[VZ_USER_HASH_BYTES];	 /* "": nobody's */
	uint64_t serial;
	char *password;
	bool is_judging;
	int r;
	vz_login_fn *fn;
	void *data;
};

/* --- The file of sessions -------------------------------------------------------------------- */

static int print_sessions(const struct vz_users *users, char **ret, size_t *ret_size)
{
	struct vz_buf buf = { 0 };

	vz_sessions_print(&buf, &users->sessions);
	return vz_buf_finish(&buf, ret, ret_size);
}

static void on_sessions_timer(void *data)
{
	VZ_CLEANUP(vz_users_task_freep) struct vz_users_task *task = NULL;
	struct vz_users *users = data;
	int r = -ENOMEM;

	task = vz_users_task_new(users, VZ_USERS_DO_SAVE);
	if (task)
		r = print_sessions(users, &task->text, &task->size);
	if (r >= 0)
		r = vz_users_queue(users, vz_steal(task));
	/* Later, then. */
	if (r < 0 && r != -ESHUTDOWN)
		vz_timer_start(users->sessions_timer, RETRY_US);
}

void vz_users_touch_sessions_file(struct vz_users *users)
{
	if (users->dir && !vz_timer_is_running(users->sessions_timer))
		vz_timer_start(users->sessions_timer, SETTLE_US);
}

/* At the end, when there are no workers any more. */
void vz_users_save_sessions_now(struct vz_users *users)
{
	VZ_CLEANUP(vz_freep) char *text = NULL;
	size_t size;
	int r;

	r = print_sessions(users, &text, &size);
	if (r >= 0)
		r = vz_user_store_write(users->dir, VZ_SESSIONS_FILE, text, size);
	if (r < 0)
		(void) vz_warn_errno(USERS, r, "Cannot write " VZ_SESSIONS_FILE);
}

/* Returns 0 or -ENOMEM: without its sessions a device still works. */
static int read_sessions(struct vz_users *users)
{
	VZ_CLEANUP(vz_freep) char *text = NULL;
	int fd = open(users->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), r;
	size_t size;

	if (fd < 0)
		return 0;
	r = vz_whole_file_read(fd, VZ_SESSIONS_FILE, VZ_USERS_FILE_MAX_BYTES, &text, &size);
	(void) close(fd);
	if (r == 0)
		r = vz_sessions_parse(&users->sessions, text, size);
	if (r < 0 && r != -ENOENT && r != -ENOMEM) {
		vz_log(USERS, WARNING,
		       VZ_SESSIONS_FILE
		       " is damaged or cannot be read: everybody has to log in again");
		return 0;
	}
	return r == -ENOMEM ? r : 0;
}

/* --- Their end ------------------------------------------------------------------------------- */

static bool is_over(const struct vz_session *session, void *data)
{
	const struct vz_users *users = data;
	const struct vz_user *user = vz_users_find(users, session->name);

	return !user || user->serial != session->serial;
}

void vz_users_prune_sessions(struct vz_users *users)
{
	if (vz_sessions_prune(&users->sessions, users->now_s(), is_over, users))
		vz_users_touch_sessions_file(users);
}

static void start_sweep(struct vz_users *users)
{
	int64_t us = users->sessions.idle_s < SWEEP_MAX_US / 1000000
			     ? users->sessions.idle_s * 500000
			     : SWEEP_MAX_US;

	vz_timer_start(users->expiry_timer, us > 500000 ? us : 500000);
}

static void on_sweep(void *data)
{
	struct vz_users *users = data;

	start_sweep(users);
	/* First those that use theirs say so. */
	vz_users_tell(users);
	if (!vz_sessions_prune(&users->sessions, users->now_s(), NULL, NULL))
		return;
	vz_users_touch_sessions_file(users);
	vz_users_tell(users);
}

static void start_logins(struct vz_users *users);

static void on_login_timer(void *data)
{
	start_logins(data);
}

int vz_users_load_sessions(struct vz_users *users)
{
	int r;

	r = vz_timer_new(users->loop, on_login_timer, users, &users->login_timer);
	if (r >= 0)
		r = vz_timer_new(users->loop, on_sessions_timer, users, &users->sessions_timer);
	if (r >= 0)
		r = vz_timer_new(users->loop, on_sweep, users, &users->expiry_timer);
	if (r < 0)
		return r;
	start_sweep(users);
	return users->dir ? read_sessions(users) : 0;
}

/* --- Who somebody is ------------------------------------------------------------------------- */

static void touch(struct vz_users *users, struct vz_session *session)
{
	int64_t now_s = users->now_s();

	/* Never back: a clock that was wrong for a while must not shorten anything. */
	if (now_s <= session->seen_s)
		return;
	if (now_s - session->seen_s > users->sessions.idle_s / TOUCH_PART) {
		session->seen_s = now_s;
		vz_users_touch_sessions_file(users);
	}
}

static void set_nobody(struct vz_users *users, struct vz_identity *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (!vz_users_allows_guests(users))
		return;
	strcpy(ret->name, VZ_GUEST_NAME);
	ret->role = VZ_ROLE_VIEWER;
}

static void set_identity(struct vz_users *users, struct vz_session *session,
			 struct vz_identity *ret)
{
	const struct vz_user *user = session ? vz_users_find(users, session->name) : NULL;

	if (!user || user->serial != session->serial) {
		set_nobody(users, ret);
		return;
	}
	memset(ret, 0, sizeof(*ret));
	ret->session_id = session->id;
	ret->role = user->role;
	strcpy(ret->name, user->name);
	touch(users, session);
}

void vz_users_identify(struct vz_users *users, const char *token, struct vz_identity *ret)
{
	struct vz_session *session = NULL;

	if (token)
		session = vz_sessions_find(&users->sessions, token, users->now_s());
	set_identity(users, session, ret);
}

bool vz_users_refresh(struct vz_users *users, struct vz_identity *identity)
{
	struct vz_identity now = { 0 };
	struct vz_session *session = NULL;
	bool is_changed;

	if (identity->session_id)
		session =
			vz_sessions_find_id(&users->sessions, identity->session_id, users->now_s());
	/* Who was logged in does not go on as a guest without noticing. */
	if (session || (!identity->session_id && identity->role != VZ_ROLE_NONE))
		set_identity(users, session, &now);
	if (identity->session_id && !now.session_id)
		memset(&now, 0, sizeof(now));
	is_changed = now.session_id != identity->session_id || now.role != identity->role ||
		     strcmp(now.name, identity->name) != 0;
	*identity = now;
	return is_changed;
}

void vz_users_logout(struct vz_users *users, const char *token)
{
	struct vz_session *session = vz_sessions_find(&users->sessions, token, users->now_s());

	if (!session)
		return;
	vz_log(USERS, INFO, "%s logs out", session->name);
	vz_sessions_remove(&users->sessions, session);
	vz_users_touch_sessions_file(users);
	vz_users_tell(users);
}

/* --- Logging in ------------------------------------------------------------------------------ */

static void login_free(struct login *login)
{
	vz_list_remove(&login->in_logins);
	vz_password_wipe(login->password);
	free(login->password);
	explicit_bzero(login->hash, sizeof(login->hash));
	free(login);
}

static void answer(struct login *login, int r, const char *token, int64_t wait_us)
{
	struct vz_users *users = login->users;

	vz_list_remove(&login->in_logins);
	users->n_logins--;
	users->n_judging -= login->is_judging;
	login->fn(r, token, wait_us, login->data);
	login_free(login);
}

/* The user may have gone, or have another password, while it was judged. */
static int begin_session(struct login *login, char token[VZ_TOKEN_MAX + 1])
{
	struct vz_users *users = login->users;
	const struct vz_user *user = vz_users_find(users, login->name);
	struct vz_session *session;
	int r;

	if (!user || user->serial != login->serial)
		return -EACCES;
	r = vz_sessions_add(&users->sessions, user->name, user->serial, users->now_s(), token,
			    &session);
	if (r < 0)
		return r;
	vz_users_touch_sessions_file(users);
	return 0;
}

/* On a worker. */
static void judge(void *data)
{
	struct login *login = data;

	login->r = vz_password_verify(login->password, login->hash[0] ? login->hash : NULL);
}

static void on_judged(void *data)
{
	struct login *login = data;
	struct vz_users *users = login->users;
	char token[VZ_TOKEN_MAX + 1] = "";
	int r = login->r;

	if (r == 0)
		r = begin_session(login, token);
	if (r == 0) {
		vz_throttle_succeed(&users->throttle, login->address, login->name);
		vz_log(USERS, INFO, "%s logs in from %s", login->name, login->address);
	} else if (r == -EACCES) {
		vz_log_event(USERS, NOTICE, LOGIN_REFUSED, login->name,
			     "A wrong name or password from %s", login->address);
	} else {
		vz_throttle_cancel(&users->throttle, login->address, login->name);
	}
	answer(login, r, r == 0 ? token : NULL, 0);
	explicit_bzero(token, sizeof(token));
	start_logins(users);
}

/* What is known now, not what was when it began to wait. */
static void take_hash(struct login *login)
{
	const struct vz_user *user = vz_users_find(login->users, login->name);

	if (!user)
		return;
	strcpy(login->hash, user->hash);
	login->serial = user->serial;
}

static void start_login(struct login *login)
{
	struct vz_users *users = login->users;
	int64_t wait_us;
	int r;

	wait_us = vz_throttle_begin(&users->throttle, login->address, login->name,
				    vz_loop_now_us(users->loop));
	if (wait_us) {
		answer(login, -EAGAIN, NULL, wait_us);
		return;
	}
	take_hash(login);
	login->r = -ESHUTDOWN;
	r = vz_jobs_add(users->jobs, judge, on_judged, login);
	if (r < 0) {
		vz_throttle_cancel(&users->throttle, login->address, login->name);
		answer(login, r == -EAGAIN ? -ENOMEM : r, NULL, 0);
		return;
	}
	login->is_judging = true;
	users->n_judging++;
}

static struct login *find_waiting(struct vz_users *users)
{
	struct login *login;

	vz_list_for_each(login, &users->logins, in_logins)
	{
		if (!login->is_judging)
			return login;
	}
	return NULL;
}

/* Few at once, so that those who log in at the same time do not count as wrong for each other. */
static void start_logins(struct vz_users *users)
{
	struct login *login;

	while (users->jobs && users->n_judging < VZ_LOGINS_AT_ONCE && (login = find_waiting(users)))
		start_login(login);
}

static unsigned count_of(const struct vz_users *users, const char *address)
{
	const struct login *login;
	unsigned n = 0;

	vz_list_for_each(login, &users->logins, in_logins) n += !strcmp(login->address, address);
	return n;
}

int vz_users_login(struct vz_users *users, const char *address, const char *name,
		   const char *password, vz_login_fn *fn, void *data)
{
	struct login *login;

	if (!users->jobs)
		return -ESHUTDOWN;
	if (users->n_logins >= VZ_LOGINS_MAX || count_of(users, address) >= VZ_LOGINS_PER_ADDRESS)
		return -EBUSY;
	login = calloc(1, sizeof(*login));
	if (!login)
		return -ENOMEM;
	vz_list_init(&login->in_logins);
	login->users = users;
	login->fn = fn;
	login->data = data;
	snprintf(login->address, sizeof(login->address), "%s", address);
	(void) vz_user_name_make(name, login->name);
	login->password = strdup(password);
	if (!login->password) {
		login_free(login);
		return -ENOMEM;
	}
	vz_list_add(&users->logins, &login->in_logins);
	users->n_logins++;
	/* Not now: @fn is for later. */
	vz_timer_start(users->login_timer, 0);
	return 0;
}

void vz_users_stop_logins(struct vz_users *users)
{
	struct login *login, *tmp;

	vz_list_for_each_safe(login, tmp, &users->logins, in_logins)
	{
		if (!login->is_judging)
			answer(login, -ESHUTDOWN, NULL, 0);
	}
}
