#include "users/users.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "jobs/jobs.h"
#include "loop/loop-test.h"
#include "users/user-store.h"
#include "users/users-private.h"
#include "util/log.h"

#include "folder.h"
#include "test.h"

#define DAY 86400

static int64_t clock_s;

static int64_t fake_now_s(void)
{
	return clock_s;
}

struct rig {
	char dir[64];
	struct vz_loop *loop;
	struct vz_jobs *jobs;
	struct vz_users *users;
	int r; /* 1: not answered */
	int64_t wait_us;
	char token[VZ_TOKEN_MAX + 1];
	unsigned n_told;
};

static void on_told(void *data)
{
	((struct rig *) data)->n_told++;
}

static void start(struct rig *rig)
{
	const struct vz_users_options options = { .dir = rig->dir, .idle_s = 30 * DAY };
	struct vz_users_listener *listener;

	CHECK_EQ(vz_loop_new_test(&rig->loop), 0);
	CHECK_EQ(vz_jobs_new(rig->loop, NULL, &rig->jobs), 0);
	CHECK_EQ(vz_users_new(rig->loop, rig->jobs, &options, &rig->users), 0);
	rig->users->now_s = fake_now_s;
	CHECK_EQ(vz_users_add_listener(rig->users, on_told, rig, &listener), 0);
}

static void stop(struct rig *rig)
{
	vz_users_stop(rig->users);
	vz_jobs_free(rig->jobs, 10000000);
	vz_users_free(rig->users);
	vz_loop_free(rig->loop);
}

static void begin(struct rig *rig)
{
	(void) vz_log_configure("error", NULL);
	memset(rig, 0, sizeof(*rig));
	clock_s = time(NULL);
	test_make_folder(rig->dir);
	start(rig);
}

static void end(struct rig *rig)
{
	stop(rig);
	test_remove_folder(rig->dir);
}

static void restart(struct rig *rig)
{
	stop(rig);
	start(rig);
}

static void on_done(int r, void *data)
{
	((struct rig *) data)->r = r;
}

static void on_login(int r, const char *token, int64_t wait_us, void *data)
{
	struct rig *rig = data;

	CHECK_EQ(r == 0, token != NULL);
	rig->r = r;
	rig->wait_us = wait_us;
	snprintf(rig->token, sizeof(rig->token), "%s", token ? token : "");
}

static int wait_for(struct rig *rig, int started)
{
	if (started < 0)
		return started;
	rig->r = 1;
	vz_loop_test_advance(rig->loop, 0);
	for (unsigned i = 0; i < 2000 && rig->r == 1; i++)
		(void) vz_loop_test_step(rig->loop, 10);
	CHECK(rig->r != 1);
	return rig->r;
}

static int add(struct rig *rig, const char *name, enum vz_role role)
{
	return wait_for(rig,
			vz_users_add(rig->users, name, role, "password of mine", on_done, rig));
}

static int login(struct rig *rig, const char *name, const char *password)
{
	return wait_for(rig, vz_users_login(rig->users, "10.0.0.1", name, password, on_login, rig));
}

static enum vz_role role_of(struct rig *rig, const char *token)
{
	struct vz_identity identity;

	vz_users_identify(rig->users, token, &identity);
	return identity.role;
}

TEST(users_first_admin_and_others)
{
	struct rig rig;

	begin(&rig);
	CHECK_EQ(vz_users_get_state(rig.users), VZ_USERS_NONE);
	CHECK_EQ(wait_for(&rig, vz_users_add_first(rig.users, "Anna", "short", on_done, &rig)),
		 -EKEYREJECTED);
	CHECK_EQ(wait_for(&rig,
			  vz_users_add_first(rig.users, "a b", "password of mine", on_done, &rig)),
		 -EINVAL);
	CHECK_EQ(wait_for(&rig,
			  vz_users_add_first(rig.users, "Anna", "password of mine", on_done, &rig)),
		 0);
	CHECK_EQ(vz_users_get_state(rig.users), VZ_USERS_READY);
	CHECK_EQ(vz_users_find(rig.users, "anna")->role, VZ_ROLE_ADMIN);
	CHECK_EQ(wait_for(&rig,
			  vz_users_add_first(rig.users, "eve", "password of mine", on_done, &rig)),
		 -EALREADY);
	CHECK_EQ(add(&rig, "berta", VZ_ROLE_VIEWER), 0);
	CHECK_EQ(add(&rig, "berta", VZ_ROLE_VIEWER), -EEXIST);
	CHECK_EQ(add(&rig, "carla", VZ_ROLE_NONE), -EINVAL);
	CHECK_EQ(wait_for(&rig, vz_users_remove(rig.users, "anna", on_done, &rig)), -EBUSY);
	CHECK_EQ(wait_for(&rig,
			  vz_users_set_role(rig.users, "berta", VZ_ROLE_ADMIN, on_done, &rig)),
		 0);
	CHECK_EQ(wait_for(&rig, vz_users_remove(rig.users, "anna", on_done, &rig)), 0);
	restart(&rig);
	CHECK_STR(vz_users_next(rig.users, NULL)->name, "berta");
	CHECK(!vz_users_next(rig.users, vz_users_next(rig.users, NULL)));
	end(&rig);
}

TEST(users_log_in_and_out)
{
	char first[VZ_TOKEN_MAX + 1];
	struct rig rig;

	begin(&rig);
	CHECK_EQ(add(&rig, "anna", VZ_ROLE_ADMIN), 0);
	CHECK_EQ(login(&rig, "anna", "password of yours"), -EACCES);
	CHECK_EQ(login(&rig, "nobody", "password of mine"), -EACCES);
	CHECK_EQ(login(&rig, "", "password of mine"), -EACCES);
	CHECK_EQ(login(&rig, " ANNA ", "password of mine"), 0);
	strcpy(first, rig.token);
	CHECK_EQ(login(&rig, "anna", "password of mine"), 0);
	CHECK(strcmp(first, rig.token) != 0);
	CHECK_EQ(role_of(&rig, first), VZ_ROLE_ADMIN);
	CHECK_EQ(role_of(&rig, NULL), VZ_ROLE_NONE);
	/* That browser only. */
	vz_users_logout(rig.users, first);
	CHECK_EQ(role_of(&rig, first), VZ_ROLE_NONE);
	CHECK_EQ(role_of(&rig, rig.token), VZ_ROLE_ADMIN);
	/* A restart logs nobody out, and nobody in again. */
	restart(&rig);
	CHECK_EQ(role_of(&rig, rig.token), VZ_ROLE_ADMIN);
	CHECK_EQ(role_of(&rig, first), VZ_ROLE_NONE);
	end(&rig);
}

TEST(users_sessions_end_with_the_password_and_follow_the_role)
{
	struct vz_identity identity;
	struct rig rig;

	begin(&rig);
	CHECK_EQ(add(&rig, "anna", VZ_ROLE_ADMIN), 0);
	CHECK_EQ(add(&rig, "berta", VZ_ROLE_USER), 0);
	CHECK_EQ(login(&rig, "berta", "password of mine"), 0);
	vz_users_identify(rig.users, rig.token, &identity);
	CHECK_EQ(identity.role, VZ_ROLE_USER);
	CHECK_STR(identity.name, "berta");
	CHECK(!vz_users_refresh(rig.users, &identity));
	CHECK_EQ(wait_for(&rig,
			  vz_users_set_role(rig.users, "berta", VZ_ROLE_VIEWER, on_done, &rig)),
		 0);
	CHECK(vz_users_refresh(rig.users, &identity));
	CHECK_EQ(identity.role, VZ_ROLE_VIEWER);

	rig.n_told = 0;
	CHECK_EQ(wait_for(&rig, vz_users_set_password(rig.users, "berta", "another password",
						      on_done, &rig)),
		 0);
	CHECK(rig.n_told > 0);
	CHECK(vz_users_refresh(rig.users, &identity));
	CHECK_EQ(identity.role, VZ_ROLE_NONE);
	CHECK_EQ(role_of(&rig, rig.token), VZ_ROLE_NONE);
	CHECK_EQ(login(&rig, "berta", "password of mine"), -EACCES);
	CHECK_EQ(login(&rig, "berta", "another password"), 0);

	/* A user of the same name is not the one who was logged in. */
	CHECK_EQ(wait_for(&rig, vz_users_remove(rig.users, "berta", on_done, &rig)), 0);
	CHECK_EQ(add(&rig, "berta", VZ_ROLE_ADMIN), 0);
	CHECK_EQ(role_of(&rig, rig.token), VZ_ROLE_NONE);
	end(&rig);
}

TEST(users_guests)
{
	struct vz_identity guest, anna;
	struct rig rig;

	begin(&rig);
	CHECK_EQ(add(&rig, "anna", VZ_ROLE_ADMIN), 0);
	CHECK_EQ(wait_for(&rig, vz_users_set_guests(rig.users, true, on_done, &rig)), 0);
	vz_users_identify(rig.users, NULL, &guest);
	CHECK_EQ(guest.role, VZ_ROLE_VIEWER);
	CHECK_STR(guest.name, "guest");
	CHECK(!vz_users_refresh(rig.users, &guest));
	CHECK_EQ(login(&rig, "anna", "password of mine"), 0);
	vz_users_identify(rig.users, rig.token, &anna);
	vz_users_logout(rig.users, rig.token);
	/* Who was logged in does not go on as a guest. */
	CHECK(vz_users_refresh(rig.users, &anna));
	CHECK_EQ(anna.role, VZ_ROLE_NONE);
	CHECK_EQ(wait_for(&rig, vz_users_set_guests(rig.users, false, on_done, &rig)), 0);
	CHECK(vz_users_refresh(rig.users, &guest));
	CHECK_EQ(guest.role, VZ_ROLE_NONE);
	end(&rig);
}

TEST(users_expire_when_idle_and_not_when_used)
{
	struct vz_identity identity;
	struct rig rig;

	begin(&rig);
	CHECK_EQ(add(&rig, "anna", VZ_ROLE_ADMIN), 0);
	CHECK_EQ(login(&rig, "anna", "password of mine"), 0);
	vz_users_identify(rig.users, rig.token, &identity);
	for (unsigned i = 0; i < 5; i++) {
		clock_s += 20 * DAY;
		CHECK(!vz_users_refresh(rig.users, &identity));
	}
	/* A clock that goes back neither ends nor lengthens it. */
	clock_s -= 10 * DAY;
	CHECK_EQ(role_of(&rig, rig.token), VZ_ROLE_ADMIN);
	clock_s += 10 * DAY;
	clock_s += 31 * DAY;
	CHECK_EQ(role_of(&rig, rig.token), VZ_ROLE_NONE);
	CHECK(vz_users_refresh(rig.users, &identity));
	rig.n_told = 0;
	vz_loop_test_advance(rig.loop, INT64_C(700) * 1000000);
	CHECK(rig.n_told > 0);
	CHECK_EQ(rig.users->sessions.n_sessions, 0);
	end(&rig);
}

TEST(users_wrong_passwords_slow_down)
{
	struct rig rig;

	begin(&rig);
	CHECK_EQ(add(&rig, "anna", VZ_ROLE_ADMIN), 0);
	for (unsigned i = 0; i < 5; i++)
		CHECK_EQ(login(&rig, "anna", "a wrong password"), -EACCES);
	CHECK_EQ(login(&rig, "anna", "password of mine"), -EAGAIN);
	CHECK(rig.wait_us > 0 && rig.wait_us <= 1000000);
	/* That name from elsewhere too; another name from elsewhere not. */
	CHECK_EQ(wait_for(&rig, vz_users_login(rig.users, "10.0.0.2", "anna", "password of mine",
					       on_login, &rig)),
		 -EAGAIN);
	CHECK_EQ(wait_for(&rig, vz_users_login(rig.users, "10.0.0.2", "berta", "whatever it is",
					       on_login, &rig)),
		 -EACCES);
	vz_loop_test_advance(rig.loop, 1000000);
	CHECK_EQ(login(&rig, "anna", "password of mine"), 0);
	end(&rig);
}

static void count_answers(int r, const char *token, int64_t wait_us, void *data)
{
	CHECK(r == 0 || r == -ESHUTDOWN);
	++*(unsigned *) data;
}

/* Thirty who are right, at once and from two addresses; nobody slows anybody. */
TEST(users_many_log_in_at_once)
{
	unsigned n = 0, i;
	struct rig rig;

	begin(&rig);
	CHECK_EQ(add(&rig, "anna", VZ_ROLE_ADMIN), 0);
	for (i = 0; i < 2 * VZ_LOGINS_PER_ADDRESS; i++)
		CHECK_EQ(vz_users_login(rig.users, i % 2 ? "10.0.0.1" : "10.0.0.2", "anna",
					"password of mine", count_answers, &n),
			 0);
	CHECK_EQ(vz_users_login(rig.users, "10.0.0.1", "anna", "password of mine", count_answers,
				&n),
		 -EBUSY);
	vz_loop_test_advance(rig.loop, 0);
	for (i = 0; i < 3000 && n < 2 * VZ_LOGINS_PER_ADDRESS; i++)
		(void) vz_loop_test_step(rig.loop, 10);
	CHECK_EQ(n, 2 * VZ_LOGINS_PER_ADDRESS);
	CHECK_EQ(rig.users->sessions.n_sessions, 2 * VZ_LOGINS_PER_ADDRESS);
	end(&rig);
}

/* What waits when the daemon ends is answered. */
TEST(users_end_with_much_to_do)
{
	unsigned n_logins = 0, i;
	struct rig rig;

	begin(&rig);
	CHECK_EQ(add(&rig, "anna", VZ_ROLE_ADMIN), 0);
	for (i = 0; i < 10; i++) {
		CHECK_EQ(vz_users_login(rig.users, "10.0.0.1", "anna", "password of mine",
					count_answers, &n_logins),
			 0);
		CHECK_EQ(vz_users_set_guests(rig.users, true, NULL, NULL), 0);
	}
	vz_loop_test_advance(rig.loop, 0);
	vz_users_stop(rig.users);
	CHECK_EQ(vz_users_set_guests(rig.users, true, NULL, NULL), -ESHUTDOWN);
	CHECK_EQ(vz_users_login(rig.users, "10.0.0.1", "anna", "x", count_answers, &n_logins),
		 -ESHUTDOWN);
	rig.jobs = vz_jobs_free(rig.jobs, 10000000);
	CHECK_EQ(n_logins, 10);
	end(&rig);
}

/* Another program changes the file, as `vizyd user` does. */
static void change_from_outside(struct rig *rig, const struct vz_user_change *change)
{
	struct vz_user_list list = { 0 };
	char error[160];

	CHECK_EQ(vz_user_store_change(rig->dir, change, false, &list, error), 0);
	vz_user_list_deinit(&list);
	rig->n_told = 0;
	for (unsigned i = 0; i < 2000 && !rig->n_told; i++)
		(void) vz_loop_test_step(rig->loop, 10);
	CHECK(rig->n_told > 0);
}

TEST(users_notice_what_a_shell_does)
{
	struct vz_user_change change = {
		.action = VZ_USER_ADD_FIRST, .name = "anna", .hash = "$y$", .role = VZ_ROLE_ADMIN
	};
	struct rig rig;

	begin(&rig);
	change_from_outside(&rig, &change);
	CHECK_EQ(vz_users_get_state(rig.users), VZ_USERS_READY);
	CHECK_EQ(wait_for(&rig, vz_users_set_password(rig.users, "anna", "password of mine",
						      on_done, &rig)),
		 0);
	CHECK_EQ(login(&rig, "anna", "password of mine"), 0);
	CHECK_EQ(role_of(&rig, rig.token), VZ_ROLE_ADMIN);
	change.action = VZ_USER_SET_PASSWORD;
	change.serial = 1;
	change_from_outside(&rig, &change);
	CHECK_EQ(role_of(&rig, rig.token), VZ_ROLE_NONE);
	end(&rig);
}

TEST(users_of_a_damaged_file_are_locked_out_not_in)
{
	char path[128];
	struct rig rig;
	FILE *file;

	begin(&rig);
	CHECK_EQ(add(&rig, "anna", VZ_ROLE_ADMIN), 0);
	CHECK_EQ(login(&rig, "anna", "password of mine"), 0);
	stop(&rig);
	(void) vz_log_configure("error,users:error", NULL);
	snprintf(path, sizeof(path), "%s/" VZ_USERS_FILE, rig.dir);
	file = fopen(path, "w");
	CHECK(file);
	fputs("{\"version\":1,\"users\":[", file);
	fclose(file);
	start(&rig);
	CHECK_EQ(vz_users_get_state(rig.users), VZ_USERS_UNUSABLE);
	CHECK(strstr(vz_users_get_fault(rig.users), "damaged"));
	CHECK_EQ(role_of(&rig, rig.token), VZ_ROLE_NONE);
	CHECK(!vz_users_allows_guests(rig.users));
	CHECK_EQ(wait_for(&rig,
			  vz_users_add_first(rig.users, "eve", "password of mine", on_done, &rig)),
		 -EBADMSG);
	CHECK_EQ(add(&rig, "eve", VZ_ROLE_ADMIN), -EBADMSG);
	end(&rig);
}

TEST(users_without_a_folder)
{
	const struct vz_users_options options = { .idle_s = DAY };
	struct vz_users *users;
	struct rig rig;

	begin(&rig);
	CHECK_EQ(vz_users_new(rig.loop, rig.jobs, &options, &users), 0);
	CHECK_EQ(vz_users_get_state(users), VZ_USERS_UNUSABLE);
	CHECK_EQ(wait_for(&rig,
			  vz_users_add_first(users, "eve", "password of mine", on_done, &rig)),
		 -ENODEV);
	vz_users_stop(users);
	vz_users_free(users);
	end(&rig);
}
