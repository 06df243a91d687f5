/*
 * The requester: who waits for the outcome of a call. Every request gets exactly one answer; a
 * requester is empty once it has got it. Thread: loop.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dash/message.h"
#include "vizyd/role.h"

struct vz_app;
struct vz_client;
struct vz_http_call;
struct vz_mods;

enum vz_requester_kind {
	VZ_REQUESTER_NONE, /* the device, the start, or nobody any more */
	VZ_REQUESTER_LINK,
	VZ_REQUESTER_HTTP,
};

struct vz_requester {
	enum vz_requester_kind kind;
	uint64_t client_id; /* of the tab that caused it, also over HTTP; 0: none is known */
	struct vz_http_call *http;
	enum vz_role role; /* what it may */
	/* Until a call has its own copy; borrowed, NULL: nobody. */
	const char *user;
	/* Lines for an answer over HTTP that is no error, each with its end; borrowed, or NULL. */
	const char *headers;
	char request_id[VZ_REQUEST_ID_MAX + 1];
};

/* Moves it to where it will wait; @from is empty afterwards, but keeps the client's id. */
void vz_requester_move(struct vz_requester *to, struct vz_requester *from);
/*
 * Whether the answer must carry the new values, because this tab is not told by mods: the stock
 * worker's tabs and every HTTP request.
 */
bool vz_requester_wants_values(struct vz_app *app, const struct vz_requester *requester);

/* These answer, if somebody still waits. A requester that has gone is dropped silently. */
void vz_answer_values(struct vz_app *app, struct vz_requester *requester,
		      const struct vz_mods *response);
void vz_answer_prevent(struct vz_app *app, struct vz_requester *requester);
/* @r gives the HTTP status: -EINVAL is the requester's fault (400), -EACCES 403, others ours (500).
 */
void vz_answer_error(struct vz_app *app, struct vz_requester *requester, int r, const char *format,
		     ...) __attribute__((format(printf, 4, 5)));
/*
 * Says why a value does not go into the layout: @r is what vz_layout_set() returned for component
 * @bad (NULL when memory ran out).
 */
void vz_describe_misfit(char *text, size_t size, int r, const char *bad);
