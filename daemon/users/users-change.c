/*
 * What waits for the disk: changes of the users, reading them anew, writing the sessions. One at a
 * time and in order, so that what we know is never older than what was answered. (Face: users.h.)
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "users/password.h"
#include "users/user-store.h"
#include "users/users-private.h"
#include "util/log.h"

/* --- A task ---------------------------------------------------------------------------------- */

struct vz_users_task *vz_users_task_new(struct vz_users *users, enum vz_users_task_kind kind)
{
	struct vz_users_task *task = calloc(1, sizeof(*task));

	if (!task)
		return NULL;
	vz_list_init(&task->in_tasks);
	task->users = users;
	task->kind = kind;
	/* What a worker never came to. */
	task->r = -ESHUTDOWN;
	if (!users->dir)
		return task;
	task->dir = strdup(users->dir);
	if (task->dir)
		return task;
	free(task);
	return NULL;
}

struct vz_users_task *vz_users_task_free(struct vz_users_task *task)
{
	if (!task)
		return NULL;
	vz_list_remove(&task->in_tasks);
	vz_password_wipe(task->password);
	free(task->password);
	vz_user_list_deinit(&task->list);
	free(task->text);
	free(task->dir);
	free(task);
	return NULL;
}

static void run_change(struct vz_users_task *task)
{
	int r = 0;

	if (task->password) {
		r = vz_password_hash(task->password, task->change.hash);
		if (r >= 0)
			r = vz_random_bytes(&task->change.serial, sizeof(task->change.serial));
	}
	if (r >= 0)
		r = vz_user_store_change(task->dir, &task->change, false, &task->list, task->error);
	task->r = r;
}

/* On a worker. */
static void run(void *data)
{
	struct vz_users_task *task = data;

	if (!task->dir)
		task->r = -ENODEV;
	else if (task->kind == VZ_USERS_DO_CHANGE)
		run_change(task);
	else if (task->kind == VZ_USERS_DO_RELOAD)
		task->r = vz_user_store_load(task->dir, &task->list, task->error);
	else
		task->r = vz_user_store_write(task->dir, VZ_SESSIONS_FILE, task->text, task->size);
}

static void note_written(struct vz_users *users, int r)
{
	/* A full disk is told once, not at every login. */
	if (r < 0 && r != -ESHUTDOWN && !users->sessions_failed)
		(void) vz_warn_errno(USERS, r,
				     "Cannot write " VZ_SESSIONS_FILE
				     ": after a restart one has to log in again");
	users->sessions_failed = r < 0;
}

static void log_change(const struct vz_users_task *task)
{
	/* Those are somebody's mistakes, and he is told. */
	static const int mistakes[] = { -EEXIST,   -ENOENT, -EUSERS,	   -EBUSY,
					-EALREADY, -EINVAL, -EKEYREJECTED, -ESHUTDOWN };

	for (size_t i = 0; i < VZ_N_ELEMENTS(mistakes); i++) {
		if (task->r == mistakes[i])
			return;
	}
	if (task->r < 0)
		vz_log(USERS, ERROR, "Cannot change the users: %s",
		       task->error[0] ? task->error : strerror(-task->r));
}

static void start_next(struct vz_users *users);

static void done(void *data)
{
	struct vz_users_task *task = data;
	struct vz_users *users = task->users;
	int r = task->r;

	vz_list_remove(&task->in_tasks);
	users->n_tasks--;
	users->is_busy = false;
	if (task->kind == VZ_USERS_DO_SAVE) {
		note_written(users, r);
	} else if (task->kind == VZ_USERS_DO_RELOAD) {
		if (r != -ESHUTDOWN)
			vz_users_adopt(users, r, &task->list, task->error);
	} else {
		log_change(task);
		if (r == 0)
			vz_users_adopt(users, 0, &task->list, "");
	}
	if (task->fn)
		task->fn(r, task->data);
	vz_users_task_free(task);
	start_next(users);
}

/* --- The queue ------------------------------------------------------------------------------- */

static void fail(struct vz_users *users, struct vz_users_task *task, int r)
{
	vz_list_remove(&task->in_tasks);
	users->n_tasks--;
	if (task->fn)
		task->fn(r, task->data);
	vz_users_task_free(task);
}

static void start_next(struct vz_users *users)
{
	struct vz_users_task *task;
	int r;

	while (users->jobs && !users->is_busy) {
		task = vz_list_first(&users->tasks, struct vz_users_task, in_tasks);
		if (!task)
			return;
		if (task->kind == VZ_USERS_DO_RELOAD)
			users->reload_waits = false;
		r = vz_jobs_add(users->jobs, run, done, task);
		if (r < 0)
			fail(users, task, r);
		else
			users->is_busy = true;
	}
}

int vz_users_queue(struct vz_users *users, struct vz_users_task *task)
{
	int r = !users->jobs ? -ESHUTDOWN : users->n_tasks >= VZ_CHANGES_MAX ? -EAGAIN : 0;

	if (r < 0) {
		vz_users_task_free(task);
		return r;
	}
	vz_list_add(&users->tasks, &task->in_tasks);
	users->n_tasks++;
	start_next(users);
	return 0;
}

void vz_users_reload(struct vz_users *users)
{
	struct vz_users_task *task;

	if (users->reload_waits)
		return;
	task = vz_users_task_new(users, VZ_USERS_DO_RELOAD);
	users->reload_waits = task;
	if (!task || vz_users_queue(users, task) < 0) {
		users->reload_waits = false;
		vz_log(USERS, WARNING, "The users have changed and could not be read anew");
	}
}

void vz_users_stop_tasks(struct vz_users *users)
{
	struct vz_users_task *task, *tmp;
	bool is_first = users->is_busy;

	/* The first one's job is done when the workers end. */
	vz_list_for_each_safe(task, tmp, &users->tasks, in_tasks)
	{
		if (!is_first)
			fail(users, task, -ESHUTDOWN);
		is_first = false;
	}
}

/* --- Changes --------------------------------------------------------------------------------- */

static int queue_change(struct vz_users *users, const struct vz_user_change *change,
			const char *name, const char *password, vz_users_done_fn *fn, void *data)
{
	VZ_CLEANUP(vz_users_task_freep) struct vz_users_task *task = NULL;

	if (password && vz_password_judge(password))
		return -EKEYREJECTED;
	task = vz_users_task_new(users, VZ_USERS_DO_CHANGE);
	if (!task)
		return -ENOMEM;
	task->change = *change;
	if (name && vz_user_name_make(name, task->change.name) < 0)
		return -EINVAL;
	if (password) {
		task->password = strdup(password);
		if (!task->password)
			return -ENOMEM;
	}
	task->fn = fn;
	task->data = data;
	return vz_users_queue(users, vz_steal(task));
}

int vz_users_add(struct vz_users *users, const char *name, enum vz_role role, const char *password,
		 vz_users_done_fn *fn, void *data)
{
	const struct vz_user_change change = { .action = VZ_USER_ADD, .role = role };

	if (role == VZ_ROLE_NONE)
		return -EINVAL;
	return queue_change(users, &change, name, password, fn, data);
}

int vz_users_add_first(struct vz_users *users, const char *name, const char *password,
		       vz_users_done_fn *fn, void *data)
{
	const struct vz_user_change change = { .action = VZ_USER_ADD_FIRST, .role = VZ_ROLE_ADMIN };

	return queue_change(users, &change, name, password, fn, data);
}

int vz_users_remove(struct vz_users *users, const char *name, vz_users_done_fn *fn, void *data)
{
	const struct vz_user_change change = { .action = VZ_USER_REMOVE };

	return queue_change(users, &change, name, NULL, fn, data);
}

int vz_users_set_role(struct vz_users *users, const char *name, enum vz_role role,
		      vz_users_done_fn *fn, void *data)
{
	const struct vz_user_change change = { .action = VZ_USER_SET_ROLE, .role = role };

	if (role == VZ_ROLE_NONE)
		return -EINVAL;
	return queue_change(users, &change, name, NULL, fn, data);
}

int vz_users_set_password(struct vz_users *users, const char *name, const char *password,
			  vz_users_done_fn *fn, void *data)
{
	const struct vz_user_change change = { .action = VZ_USER_SET_PASSWORD };

	return queue_change(users, &change, name, password, fn, data);
}

int vz_users_set_guests(struct vz_users *users, bool allowed, vz_users_done_fn *fn, void *data)
{
	const struct vz_user_change change = { .action = VZ_USER_SET_GUESTS,
					       .allows_guests = allowed };

	return queue_change(users, &change, NULL, NULL, fn, data);
}
