/*
 * The ledger: whose code runs at this moment, written where the next start can read it when this
 * process dies. Each thread notes the plugin that it is in. When a signal kills the process, its
 * handler writes down the plugin of the thread that was hit; and for deaths without a handler
 * (SIGKILL, a plugin that calls exit()) the loop thread's stays in the file as well.
 *
 * There is one ledger in a process, as there is one set of signal handlers.
 */
#pragma once

#include <stdbool.h>

/* A stay in a plugin's code; they nest. The texts are borrowed until it ends. */
struct vz_visit {
	const char *plugin, *where; /* NULL: in nobody's */
};

/* How the run before this one ended. */
struct vz_crash {
	char plugin[32]; /* "": in no plugin's code, or it ended well */
	char where[32];	 /* "a callback" */
	int signal;	 /* 0: killed without one, or it called exit() */
};

/*
 * Reads what the last run left in @dir, and begins anew: the calling thread is the loop's, and
 * fatal signals are handled from here on. Returns 0, with *@ret filled, or a negative errno; then
 * nothing is kept.
 */
int vz_ledger_open(const char *dir, struct vz_crash *ret);
/*
 * Where the code of a plugin is, so that a thread of its own that faults in it is known too. NULL
 * takes it away. Thread: loop.
 */
void vz_ledger_set_code(const char *plugin, const void *somewhere_in_it);
/* This run ended well. */
void vz_ledger_close(void);

/* The calling thread enters and leaves a plugin. Cheap: two stores, on the loop 64 bytes. Thread:
 * any. */
struct vz_visit vz_ledger_enter(const char *plugin, const char *where);
void vz_ledger_leave(struct vz_visit before);
