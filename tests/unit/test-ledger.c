#include "plugin/ledger.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

static char dir[64];

static void make_dir(void)
{
	strcpy(dir, "/tmp/vizyd-test-XXXXXX");
	CHECK(mkdtemp(dir));
}

static void remove_dir(void)
{
	char path[128];

	(void) snprintf(path, sizeof(path), "%s/plugins.ledger", dir);
	(void) unlink(path);
	CHECK_EQ(rmdir(dir), 0);
}

static void *crash_on_a_thread(void *data)
{
	(void) vz_ledger_enter("worker", "a callback");
	(void) raise(SIGFPE);
	return NULL;
}

static void die(const char *how)
{
	const struct rlimit no_core = { 0, 0 };
	struct vz_visit outer, inner;
	pthread_t thread;

	(void) setrlimit(RLIMIT_CORE, &no_core);
	outer = vz_ledger_enter("outer", "init()");
	inner = vz_ledger_enter("inner", "a timer");
	if (!strcmp(how, "inner"))
		(void) raise(SIGBUS);
	vz_ledger_leave(inner);
	if (!strcmp(how, "outer"))
		abort();
	if (!strcmp(how, "killed"))
		(void) raise(SIGKILL);
	if (!strcmp(how, "exit"))
		_exit(1);
	vz_ledger_leave(outer);
	if (!strcmp(how, "nobody"))
		abort();
	if (!strcmp(how, "child")) {
		(void) vz_ledger_enter("parent", "a timer");
		if (fork() == 0) {
			(void) vz_ledger_enter("child", "a timer");
			(void) raise(SIGSEGV);
		}
		(void) wait(NULL);
		vz_ledger_leave((struct vz_visit){ 0 });
	}
	/* The loop is in a plugin too, and has done nothing wrong. */
	if (!strcmp(how, "worker")) {
		(void) vz_ledger_enter("outer", "a callback");
		(void) pthread_create(&thread, NULL, crash_on_a_thread, NULL);
		(void) pthread_join(thread, NULL);
	}
	vz_ledger_close();
	_exit(0);
}

static void run(const char *how)
{
	struct vz_crash crash;
	pid_t child = fork();

	CHECK(child >= 0);
	if (child == 0) {
		/* Not a sanitizer's, which would report deaths that are meant. */
		(void) signal(SIGBUS, SIG_DFL);
		(void) signal(SIGFPE, SIG_DFL);
		(void) signal(SIGSEGV, SIG_DFL);
		if (vz_ledger_open(dir, &crash) < 0)
			_exit(2);
		die(how);
	}
	CHECK_EQ(waitpid(child, NULL, 0), child);
}

TEST(ledger_says_in_whose_code_it_died)
{
	static const struct {
		const char *how, *plugin, *where;
		int signal;
	} cases[] = {
		{ "well", "", "", 0 },
		{ "inner", "inner", "a timer", SIGBUS },
		{ "outer", "outer", "init()", SIGABRT },
		{ "killed", "outer", "init()", 0 },
		{ "exit", "outer", "init()", 0 },
		{ "nobody", "", "", 0 },
		{ "worker", "worker", "a callback", SIGFPE },
		{ "child", "", "", 0 },
	};

	make_dir();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vz_crash crash;

		test_case(cases[i].how);
		run(cases[i].how);
		CHECK_EQ(vz_ledger_open(dir, &crash), 0);
		vz_ledger_close();
		CHECK_STR(crash.plugin, cases[i].plugin);
		CHECK_STR(crash.where, cases[i].where);
		CHECK_EQ(crash.signal, cases[i].signal);
	}
	test_case(NULL);
	remove_dir();
}

TEST(ledger_that_cannot_be)
{
	struct vz_crash crash;

	CHECK_EQ(vz_ledger_open("/nowhere/at/all", &crash), -ENOENT);
	/* Visits do no harm then. */
	vz_ledger_leave(vz_ledger_enter("somebody", "a timer"));
	vz_ledger_close();
}

TEST(ledger_of_another_kind_is_begun_anew)
{
	struct vz_crash crash;
	char path[128];
	FILE *file;

	make_dir();
	(void) snprintf(path, sizeof(path), "%s/plugins.ledger", dir);
	file = fopen(path, "w");
	CHECK(file);
	for (unsigned i = 0; i < 1000; i++)
		CHECK(fputs("no ledger ", file) >= 0);
	CHECK_EQ(fclose(file), 0);
	CHECK_EQ(vz_ledger_open(dir, &crash), 0);
	CHECK_STR(crash.plugin, "");
	CHECK_EQ(vz_ledger_open(dir, &crash), -EBUSY);
	vz_ledger_close();
	CHECK(access(path, F_OK) < 0);
	remove_dir();
}
