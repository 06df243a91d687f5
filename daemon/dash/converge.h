/*
 * What was pushed to one browser lately and may still be on its way, so that a request from there
 * can be told apart: an edit by a person, or the echo of a push. Pure bookkeeping; who acts on the
 * verdict is dispatch.c.
 *
 * The server has the truth of each shared property, the last arrival wins, and everybody else is
 * pushed the new value. Two things can go wrong, both measured in dash-renderer 3.4.1. A push that
 * wakes the browser's callbacks comes back as a request: taken for an edit, it makes two browsers
 * play ping-pong for ever. And an edit that crosses a push on its way leaves that browser showing
 * the push, while the truth is the edit: its value must be asserted to the sender too. That is not
 * done at once but when the browser has left the property alone for a moment, because a person who
 * drags is already further on and would be jerked back.
 *
 * Owned by the client; property and listener are only compared. Thread: loop.
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/list.h"

/* After this the echo of a push has come, or never will. */
#define VZ_CONVERGE_EXPIRY_US 3000000
/*
 * After this a quiet push has reached the page, or never will: a tab that has heard nothing for
 * twelve seconds asks, dials anew after five more (ui/link/connection.js), and then gets
 * everything.
 */
#define VZ_CONVERGE_QUIET_US 20000000
/* How long a property must rest before its truth is asserted to the one who edits it. */
#define VZ_CONVERGE_REST_US 150000

struct vz_converge {
	struct vz_list items; /* one per property that was pushed lately */
	int64_t all_quiet_us; /* when every shared value was set quietly (welcome) */
};

/* A promise to assert the truth of @property again to @owner, once @at_us has come. */
struct vz_reassert {
	struct vz_list in_queue; /* ordered by @at_us, since the delay is always the same */
	int64_t at_us;
	void *owner;
	const void *property;
};

enum vz_verdict {
	VZ_VERDICT_EDIT,      /* take the value, and run */
	VZ_VERDICT_CONTESTED, /* the same, but a push may have overwritten it in the browser */
	VZ_VERDICT_ECHO,      /* nothing to do */
	VZ_VERDICT_STALE, /* an echo, and the browser is left with another value than the truth */
};

void vz_converge_init(struct vz_converge *converge);
void vz_converge_deinit(struct vz_converge *converge);

/*
 * Notes that @value of @property is on its way: to come back once from each of @listeners (the
 * callbacks that it wakes there), or, if there are none, quietly. Cancels the promise to assert the
 * property, which this push fulfils. Values are borrowed and referenced. Returns 0 or -ENOMEM,
 * which costs no more than a needless call.
 */
int vz_converge_push(struct vz_converge *converge, const void *property, struct json_object *value,
		     const void *const *listeners, size_t n_listeners, int64_t now_us);
/* Notes that all shared values were set quietly. */
void vz_converge_push_all_quietly(struct vz_converge *converge, int64_t now_us);
/* Judges @value, which the browser sent to @listener, while the truth is @truth. */
enum vz_verdict vz_converge_judge(struct vz_converge *converge, const void *property,
				  const void *listener, struct json_object *value,
				  struct json_object *truth, int64_t now_us);
/*
 * Puts the promise to assert @property at the end of @queue, moving the one that is there already.
 * Returns 0 or -ENOMEM.
 */
int vz_converge_promise(struct vz_converge *converge, const void *property, void *owner,
			struct vz_list *queue, int64_t now_us);
/* Whether there is one. */
bool vz_converge_has_promised(const struct vz_converge *converge, const void *property);
/* Frees what has expired. */
void vz_converge_expire(struct vz_converge *converge, int64_t now_us);
