/*
 * Users with each allocation of the loop's thread refused in turn, or all from one on: nothing is
 * leaked or answered twice, and nobody is let in who would not be.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "jobs/jobs.h"
#include "loop/loop-test.h"
#include "scarce.h"
#include "folder.h"
#include "test.h"
#include "users/user-store.h"
#include "users/users.h"
#include "util/log.h"

static char dir[64];

static void on_login(int r, const char *token, int64_t wait_us, void *data)
{
	CHECK(r == -EACCES || r == -ENOMEM || r == -EAGAIN || r == -ESHUTDOWN);
	CHECK(!token);
	++*(unsigned *) data;
}

static void on_done(int r, void *data)
{
	++*(unsigned *) data;
}

static unsigned ask(struct vz_users *users, unsigned *n_done)
{
	struct vz_identity identity;
	unsigned n = 0;

	n += vz_users_login(users, "10.0.0.1", "anna", "not the one", on_login, n_done) == 0;
	n += vz_users_set_guests(users, false, on_done, n_done) == 0;
	n += vz_users_add_first(users, "eve", "password of hers", on_done, n_done) == 0;
	vz_users_identify(users, "0123", &identity);
	CHECK_EQ(identity.role, VZ_ROLE_NONE);
	return n;
}

/* Returns whether memory ran out in it. */
static bool live(unsigned n, bool for_good)
{
	const struct vz_users_options options = { .dir = dir, .idle_s = 1000 };
	unsigned n_asked = 0, n_done = 0, i;
	struct vz_users *users = NULL;
	struct vz_jobs *jobs = NULL;
	struct vz_loop *loop;
	bool ran_out;

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	CHECK_EQ(vz_jobs_new(loop, NULL, &jobs), 0);
	scarce_begin(n, for_good);
	if (vz_users_new(loop, jobs, &options, &users) == 0) {
		CHECK(vz_users_get_state(users) != VZ_USERS_NONE);
		n_asked = ask(users, &n_done);
		vz_loop_test_advance(loop, 0);
	}
	ran_out = scarce_end();
	for (i = 0; i < 10000 && n_done < n_asked; i++)
		(void) vz_loop_test_step(loop, 1);
	CHECK_EQ(n_done, n_asked);
	if (users)
		vz_users_stop(users);
	vz_jobs_free(jobs, 10000000);
	CHECK_EQ(n_done, n_asked);
	if (users)
		CHECK(!vz_users_find(users, "eve"));
	vz_users_free(users);
	vz_loop_free(loop);
	return ran_out;
}

static void make(void)
{
	struct vz_user_change change = {
		.action = VZ_USER_ADD_FIRST, .name = "anna", .hash = "$y$", .role = VZ_ROLE_ADMIN
	};
	struct vz_user_list list = { 0 };
	char error[160];

	(void) vz_log_configure("error,users:error", NULL);
	test_make_folder(dir);
	CHECK_EQ(vz_user_store_change(dir, &change, false, &list, error), 0);
	vz_user_list_deinit(&list);
}

static void clear(void)
{
	test_remove_folder(dir);
}

TEST(users_survive_one_refusal)
{
	unsigned n = 0;

	make();
	while (live(n, false))
		n++;
	CHECK(n > 20);
	clear();
}

TEST(users_survive_the_end_of_memory)
{
	unsigned n = 0;

	make();
	while (live(n, true))
		n++;
	CHECK(n > 20);
	clear();
}
