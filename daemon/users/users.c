#include "users/users.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#include "users/user-store.h"
#include "users/users-private.h"
#include "util/log.h"

struct vz_users_listener {
	struct vz_list in_users;
	vz_users_fn *fn; /* NULL: removed while they are told */
	void *data;
	bool *is_telling;
};

/* --- Telling --------------------------------------------------------------------------------- */

static void free_removed(struct vz_users *users)
{
	struct vz_users_listener *l, *tmp;

	vz_list_for_each_safe(l, tmp, &users->listeners, in_users)
	{
		if (l->fn)
			continue;
		vz_list_remove(&l->in_users);
		free(l);
	}
}

void vz_users_tell(struct vz_users *users)
{
	struct vz_users_listener *l;
	bool is_outer = !users->is_telling;

	users->is_telling = true;
	vz_list_for_each(l, &users->listeners, in_users)
	{
		if (l->fn)
			l->fn(l->data);
	}
	if (!is_outer)
		return;
	users->is_telling = false;
	free_removed(users);
}

int vz_users_add_listener(struct vz_users *users, vz_users_fn *fn, void *data,
			  struct vz_users_listener **ret)
{
	struct vz_users_listener *l = calloc(1, sizeof(*l));

	if (!l)
		return -ENOMEM;
	l->fn = fn;
	l->data = data;
	l->is_telling = &users->is_telling;
	vz_list_add(&users->listeners, &l->in_users);
	*ret = l;
	return 0;
}

struct vz_users_listener *vz_users_listener_free(struct vz_users_listener *listener)
{
	if (!listener)
		return NULL;
	/* Whoever walks the list may stand on it. */
	listener->fn = NULL;
	if (*listener->is_telling)
		return NULL;
	vz_list_remove(&listener->in_users);
	free(listener);
	return NULL;
}

/* --- What the file holds --------------------------------------------------------------------- */

static void set_fault(struct vz_users *users, int r, const char *error)
{
	bool is_damaged = r == -EBADMSG;
	char fault[sizeof(users->fault)];

	snprintf(fault, sizeof(fault), "%s (%.100s)",
		 is_damaged    ? "The file of the users is damaged"
		 : !users->dir ? "There is no folder to keep users in"
			       : "The file of the users cannot be read",
		 error);
	if (users->state == VZ_USERS_UNUSABLE && strcmp(fault, users->fault) == 0)
		return;
	strcpy(users->fault, fault);
	vz_log(USERS, ERROR, "%s: nobody is let in who is not. %s", fault,
	       is_damaged ? "'vizyd user add NAME --role admin' begins a new one and keeps the old "
			    "as " VZ_USERS_FILE_BAD
			  : "Once it can be, 'vizyd user list' shows it");
}

/* Out of memory is of the moment: what we know stays. */
void vz_users_adopt(struct vz_users *users, int r, struct vz_user_list *list, const char *error)
{
	if (r == -ENOMEM) {
		(void) vz_warn_errno(USERS, r, "Cannot read the users anew");
		return;
	}
	vz_user_list_deinit(&users->list);
	if (r < 0) {
		set_fault(users, r, error);
		users->state = VZ_USERS_UNUSABLE;
	} else {
		users->list = *list;
		memset(list, 0, sizeof(*list));
		users->fault[0] = '\0';
		users->state = users->list.n_users ? VZ_USERS_READY : VZ_USERS_NONE;
	}
	/* Sessions wait until their users can be read again. */
	if (users->state != VZ_USERS_UNUSABLE)
		vz_users_prune_sessions(users);
	vz_users_tell(users);
}

enum vz_users_state vz_users_get_state(const struct vz_users *users)
{
	return users->state;
}

const char *vz_users_get_fault(const struct vz_users *users)
{
	return users->fault;
}

const struct vz_user *vz_users_next(const struct vz_users *users, const struct vz_user *user)
{
	size_t i = user ? (size_t) (user - users->list.users) + 1 : 0;

	return i < users->list.n_users ? &users->list.users[i] : NULL;
}

const struct vz_user *vz_users_find(const struct vz_users *users, const char *name)
{
	return vz_user_list_find(&users->list, name);
}

bool vz_users_allows_guests(const struct vz_users *users)
{
	return users->state == VZ_USERS_READY && users->list.allows_guests;
}

/* --- When somebody else changes it ----------------------------------------------------------- */

static bool is_of_users(const struct inotify_event *event)
{
	return (event->mask & IN_Q_OVERFLOW) ||
	       (event->len > 0 && strcmp(event->name, VZ_USERS_FILE) == 0);
}

static void on_inotify(int fd, void *data)
{
	char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
	struct vz_users *users = data;
	bool is_changed = false;
	ssize_t n, at;

	while ((n = read(fd, events, sizeof(events))) > 0) {
		for (at = 0; at < n;) {
			struct inotify_event *event = (struct inotify_event *) (events + at);

			is_changed |= is_of_users(event);
			at += (ssize_t) (sizeof(*event) + event->len);
		}
	}
	if (is_changed)
		vz_users_reload(users);
}

static int watch(struct vz_users *users)
{
	users->inotify_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (users->inotify_fd < 0)
		return -errno;
	if (inotify_add_watch(users->inotify_fd, users->dir,
			      IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CLOSE_WRITE |
				      IN_ONLYDIR) < 0)
		return -errno;
	return vz_loop_add_fd(users->loop, users->inotify_fd, on_inotify, users,
			      &users->inotify_source);
}

/* --- Life ------------------------------------------------------------------------------------ */

static int64_t real_now_s(void)
{
	return (int64_t) time(NULL);
}

static int load(struct vz_users *users)
{
	struct vz_user_list list = { 0 };
	char error[160] = "no state folder";
	int r = -ENODEV;

	if (users->dir)
		r = vz_user_store_load(users->dir, &list, error);
	if (r == -ENOMEM)
		return r;
	/* Until it is known: nothing must not look like nobody. */
	users->state = VZ_USERS_UNUSABLE;
	vz_users_adopt(users, r, &list, error);
	return 0;
}

int vz_users_new(struct vz_loop *loop, struct vz_jobs *jobs, const struct vz_users_options *options,
		 struct vz_users **ret)
{
	VZ_CLEANUP(vz_users_freep) struct vz_users *users = calloc(1, sizeof(*users));
	int r = 0;

	if (!users)
		return -ENOMEM;
	users->loop = loop;
	users->jobs = jobs;
	users->inotify_fd = -1;
	users->now_s = real_now_s;
	users->sessions.idle_s = options->idle_s;
	vz_list_init(&users->listeners);
	vz_list_init(&users->tasks);
	vz_list_init(&users->logins);
	if (options->dir) {
		users->dir = strdup(options->dir);
		if (!users->dir)
			return -ENOMEM;
		r = watch(users);
		if (r < 0)
			(void) vz_warn_errno(USERS, r,
					     "Changes by 'vizyd user' are seen after a restart "
					     "only: cannot watch %s",
					     users->dir);
	}
	r = vz_users_load_sessions(users);
	if (r >= 0)
		r = load(users);
	if (r < 0)
		return r;
	*ret = vz_steal(users);
	return 0;
}

void vz_users_stop(struct vz_users *users)
{
	users->jobs = NULL;
	vz_users_stop_tasks(users);
	vz_users_stop_logins(users);
}

struct vz_users *vz_users_free(struct vz_users *users)
{
	struct vz_users_listener *l, *tmp;

	if (!users)
		return NULL;
	vz_users_stop(users);
	if (users->sessions_timer && vz_timer_is_running(users->sessions_timer))
		vz_users_save_sessions_now(users);
	vz_timer_free(users->sessions_timer);
	vz_timer_free(users->expiry_timer);
	vz_timer_free(users->login_timer);
	vz_fd_source_free(users->inotify_source);
	if (users->inotify_fd >= 0)
		(void) close(users->inotify_fd);
	vz_list_for_each_safe(l, tmp, &users->listeners, in_users)
	{
		vz_list_remove(&l->in_users);
		free(l);
	}
	vz_sessions_deinit(&users->sessions);
	vz_user_list_deinit(&users->list);
	free(users->dir);
	free(users);
	return NULL;
}
