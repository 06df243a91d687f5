/*
 * The parts of the users among themselves: users.c (who there is), users-change.c (the queue of
 * changes) and users-login.c (sessions). Thread: loop, but for what a worker is given.
 */
#pragma once

#include "jobs/jobs.h"
#include "loop/loop.h"
#include "users/throttle.h"
#include "users/user-list.h"
#include "users/users.h"
#include "util/list.h"

#define VZ_CHANGES_MAX	      100
#define VZ_LOGINS_MAX	      128
#define VZ_LOGINS_PER_ADDRESS 16
#define VZ_LOGINS_AT_ONCE     2

/* A change of the file, or what else has to wait for the disk; one at a time. */
struct vz_users_task {
	struct vz_list in_tasks;
	struct vz_users *users;
	enum vz_users_task_kind { VZ_USERS_DO_CHANGE, VZ_USERS_DO_RELOAD, VZ_USERS_DO_SAVE } kind;
	char *dir; /* the worker's own */
	vz_users_done_fn *fn;
	void *data;
	/* VZ_USERS_DO_CHANGE */
	struct vz_user_change change;
	char *password; /* NULL: none */
	/* VZ_USERS_DO_SAVE */
	char *text;
	size_t size;
	/* What came of it. */
	int r;
	struct vz_user_list list;
	char error[160];
};

struct vz_users {
	struct vz_loop *loop;
	struct vz_jobs *jobs; /* NULL: stopped */
	char *dir;	      /* NULL: none */
	struct vz_user_list list;
	enum vz_users_state state;
	char fault[256];
	struct vz_list listeners;
	bool is_telling;

	/* The watch on the folder. */
	int inotify_fd;
	struct vz_fd_source *inotify_source;

	struct vz_list tasks; /* the first of them is with a worker */
	unsigned n_tasks;
	bool is_busy, reload_waits;

	struct vz_sessions sessions;
	struct vz_timer *sessions_timer; /* to write them soon */
	struct vz_timer *expiry_timer;
	int64_t (*now_s)(void); /* a seam for tests */
	bool sessions_failed;	/* told already */

	struct vz_throttle throttle;
	struct vz_timer *login_timer; /* to begin what has come */
	struct vz_list logins;	      /* those that wait, then those with a worker */
	unsigned n_logins, n_judging;
};

/* Takes in what the file holds: @list is taken. @r and @error are of reading it. */
void vz_users_adopt(struct vz_users *users, int r, struct vz_user_list *list, const char *error);
void vz_users_tell(struct vz_users *users);

/* Queues what has been filled in of a task (taken, also on failure). */
int vz_users_queue(struct vz_users *users, struct vz_users_task *task);
struct vz_users_task *vz_users_task_new(struct vz_users *users, enum vz_users_task_kind kind);
struct vz_users_task *vz_users_task_free(struct vz_users_task *task);
VZ_DEFINE_CLEANUP(vz_users_task_free, struct vz_users_task *, vz_users_task_free)
/* Reads the file anew, soon. */
void vz_users_reload(struct vz_users *users);
/* Answers what waits. */
void vz_users_stop_tasks(struct vz_users *users);

int vz_users_load_sessions(struct vz_users *users);
/* Ends those whose user has gone or has another password. */
void vz_users_prune_sessions(struct vz_users *users);
void vz_users_touch_sessions_file(struct vz_users *users);
void vz_users_save_sessions_now(struct vz_users *users);
void vz_users_stop_logins(struct vz_users *users);
