#include "plugin/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <ucontext.h>
#include <unistd.h>

#include "util/cleanup.h"

#define MAGIC 0x76697a31u

/* The file: mapped, so that what was stored last outlives the process in the page cache. */
struct record {
	uint32_t magic;
	int32_t signal;
	char crashed[32], crashed_in[32];
	char loop[32], loop_in[32];
};

static const int fatal_signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP };

static struct record *record; /* NULL: no ledger */
static char *record_path;
static pid_t record_pid;
static struct sigaction before[VZ_N_ELEMENTS(fatal_signals)];

/* Of the executable itself, so that a signal handler may read them. */
static _Thread_local struct vz_visit current;
static _Thread_local bool is_loop;

/* A handler after a stack overflow needs a stack of its own, on each thread that runs plugins. */
static _Thread_local char handler_stack[16384] __attribute__((aligned(16)));
static _Thread_local bool is_prepared;

static void copy_text(char to[32], const char *from)
{
	size_t i = 0;

	for (; from && from[i] && i < 31; i++)
		to[i] = from[i];
	to[i] = '\0';
}

/* --- Code ----------------------------------------------------------------------------------- */

/* What the handler looks up for threads that the daemon does not know. More plugins than these:
 * unknown. */
static struct code {
	char plugin[32];
	uintptr_t begin, end; /* end is 0 while the entry does not hold */
} codes[32];

struct search {
	uintptr_t address;
	struct code *found;
};

static int match_library(struct dl_phdr_info *info, size_t size, void *data)
{
	struct search *search = data;
	uintptr_t begin = UINTPTR_MAX, end = 0;
	bool is_it = false;

	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
		uintptr_t from = info->dlpi_addr + segment->p_vaddr;

		if (segment->p_type != PT_LOAD)
			continue;
		is_it = is_it ||
			(search->address >= from && search->address < from + segment->p_memsz);
		begin = from < begin ? from : begin;
		end = from + segment->p_memsz > end ? from + segment->p_memsz : end;
	}
	if (is_it) {
		search->found->begin = begin;
		search->found->end = end;
	}
	return is_it;
}

void vz_ledger_set_code(const char *plugin, const void *somewhere_in_it)
{
	struct search search = { .address = (uintptr_t) somewhere_in_it };

	for (size_t i = 0; i < VZ_N_ELEMENTS(codes); i++) {
		if (!strcmp(codes[i].plugin, plugin))
			codes[i] = (struct code){ 0 };
		if (!search.found && !codes[i].end)
			search.found = &codes[i];
	}
	if (!somewhere_in_it || !search.found)
		return;
	copy_text(search.found->plugin, plugin);
	(void) dl_iterate_phdr(match_library, &search);
}

static uintptr_t place_of_fault(const void *context)
{
	const ucontext_t *user = context;

#if defined(__x86_64__)
	return (uintptr_t) user->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
	return (uintptr_t) user->uc_mcontext.pc;
#elif defined(__arm__)
	return (uintptr_t) user->uc_mcontext.arm_pc;
#else
	(void) user;
	return 0;
#endif
}

static const char *plugin_at(uintptr_t place)
{
	for (size_t i = 0; i < VZ_N_ELEMENTS(codes); i++)
		if (place >= codes[i].begin && place < codes[i].end)
			return codes[i].plugin;
	return NULL;
}

/* --- Death ---------------------------------------------------------------------------------- */

static void on_fatal_signal(int number, siginfo_t *info, void *context)
{
	struct vz_visit visit = current;
	size_t i = 0;

	if (!visit.plugin)
		visit = (struct vz_visit){ plugin_at(place_of_fault(context)),
					   "a thread of its own" };
	/* A child that a plugin forked has its own life. */
	if (record && getpid() == record_pid && visit.plugin) {
		copy_text(record->crashed_in, visit.where);
		copy_text(record->crashed, visit.plugin);
		record->signal = number;
	}
	while (i < VZ_N_ELEMENTS(fatal_signals) - 1 && fatal_signals[i] != number)
		i++;
	(void) sigaction(number, &before[i], NULL);
	/*
	 * A fault happens again when its instruction does, now with whoever handled it before: the
	 * core dump shows the very place. What was sent has to be sent again.
	 */
	if (info->si_code <= 0 || number == SIGABRT || number == SIGTRAP || number == SIGSYS)
		(void) raise(number);
}

static void handle_signals(void)
{
	struct sigaction action = { .sa_flags = SA_SIGINFO | SA_ONSTACK };

	action.sa_sigaction = on_fatal_signal;
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < VZ_N_ELEMENTS(fatal_signals); i++)
		(void) sigaction(fatal_signals[i], &action, &before[i]);
}

static void ignore_signals(void)
{
	for (size_t i = 0; i < VZ_N_ELEMENTS(fatal_signals); i++)
		(void) sigaction(fatal_signals[i], &before[i], NULL);
}

/* Workers have all signals blocked; a fault that is blocked kills without its handler. */
static void unblock_faults(void)
{
	sigset_t faults;

	sigemptyset(&faults);
	for (size_t i = 0; i < VZ_N_ELEMENTS(fatal_signals); i++)
		/* What abort() raises it unblocks itself; the watchdog's is for the loop. */
		if (fatal_signals[i] != SIGABRT)
			sigaddset(&faults, fatal_signals[i]);
	(void) pthread_sigmask(SIG_UNBLOCK, &faults, NULL);
}

static void provide_handler_stack(void)
{
	stack_t stack = { 0 };

	/* A sanitizer brings one. */
	if (sigaltstack(NULL, &stack) < 0 || !(stack.ss_flags & SS_DISABLE))
		return;
	stack = (stack_t){ .ss_sp = handler_stack, .ss_size = sizeof(handler_stack) };
	(void) sigaltstack(&stack, NULL);
}

/* --- Life ----------------------------------------------------------------------------------- */

static void read_last(int fd, struct vz_crash *ret)
{
	struct record last;

	memset(ret, 0, sizeof(*ret));
	if (pread(fd, &last, sizeof(last), 0) != sizeof(last) || last.magic != MAGIC)
		return;
	if (last.crashed[0]) {
		copy_text(ret->plugin, last.crashed);
		copy_text(ret->where, last.crashed_in);
		ret->signal = last.signal;
	} else {
		copy_text(ret->plugin, last.loop);
		copy_text(ret->where, last.loop_in);
	}
}

static int map(int fd)
{
	void *memory;

	if (ftruncate(fd, 0) < 0 || ftruncate(fd, sizeof(*record)) < 0)
		return -errno;
	memory = mmap(NULL, sizeof(*record), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		return -errno;
	record = memory;
	record->magic = MAGIC;
	return 0;
}

int vz_ledger_open(const char *dir, struct vz_crash *ret)
{
	VZ_CLEANUP(vz_freep) char *path = NULL;
	int fd, r;

	if (record)
		return -EBUSY;
	if (asprintf(&path, "%s/plugins.ledger", dir) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (fd < 0)
		return -errno;
	read_last(fd, ret);
	r = map(fd);
	(void) close(fd);
	if (r < 0)
		return r;
	record_path = vz_steal(path);
	record_pid = getpid();
	is_loop = true;
	handle_signals();
	return 0;
}

void vz_ledger_close(void)
{
	if (!record)
		return;
	ignore_signals();
	(void) unlink(record_path);
	(void) munmap(record, sizeof(*record));
	free(vz_steal(record_path));
	record = NULL;
	is_loop = false;
}

/* --- Visits --------------------------------------------------------------------------------- */

static void note(struct vz_visit visit)
{
	current = visit;
	if (is_loop && record) {
		copy_text(record->loop_in, visit.where);
		copy_text(record->loop, visit.plugin);
	}
}

struct vz_visit vz_ledger_enter(const char *plugin, const char *where)
{
	struct vz_visit last = current;

	if (!is_prepared) {
		is_prepared = true;
		unblock_faults();
		provide_handler_stack();
	}
	note((struct vz_visit){ plugin, where });
	return last;
}

void vz_ledger_leave(struct vz_visit last)
{
	note(last);
}
