/*
 * A pool of workers with each allocation refused in turn, or all from one on: what is taken is done
 * once, and what is not taken is left alone.
 */
#include <errno.h>
#include <stdlib.h>

#include "jobs/jobs.h"
#include "loop/loop-test.h"
#include "scarce.h"
#include "test.h"

static void run(void *data)
{
}

static void done(void *data)
{
	++*(unsigned *) data;
}

/* Returns whether memory ran out in it. */
static bool live(unsigned n, bool for_good)
{
	unsigned n_taken = 0, n_done = 0, i;
	struct vz_jobs *jobs = NULL;
	struct vz_loop *loop;
	bool ran_out;
	int r;

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	scarce_begin(n, for_good);
	r = vz_jobs_new(loop, NULL, &jobs);
	CHECK(r == 0 || r == -ENOMEM);
	for (i = 0; r == 0 && i < 3; i++) {
		int added = vz_jobs_add(jobs, run, done, &n_done);

		/* Starting a thread needs memory, too, and then says -EAGAIN. */
		CHECK(added == 0 || added == -ENOMEM || added == -EAGAIN);
		n_taken += added == 0;
	}
	ran_out = scarce_end();
	for (i = 0; i < 10000 && n_done < n_taken; i++)
		(void) vz_loop_test_step(loop, 1);
	CHECK_EQ(n_done, n_taken);
	vz_jobs_free(jobs, 10000000);
	CHECK_EQ(n_done, n_taken);
	vz_loop_free(loop);
	return ran_out;
}

TEST(jobs_survive_one_refusal)
{
	unsigned n = 0;

	while (live(n, false))
		n++;
	CHECK(n > 4);
}

TEST(jobs_survive_the_end_of_memory)
{
	unsigned n = 0;

	while (live(n, true))
		n++;
	CHECK(n > 4);
}
