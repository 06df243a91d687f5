/*
 * Sessions: who has logged in with which browser. The browser holds 256 random bits; here, and on
 * the disk, is only their hash. A session ends by logging out, by a change of its user's password
 * or the user's removal, and when it was not used for so long; whoever was away longest makes room
 * in a table that is full.
 *
 * Time is seconds since 1970, because sessions outlive the process. A clock that is wrong by more
 * than the time for which a session may stand idle ends it, in whichever direction it is wrong; by
 * less, it does not.
 *
 * Pure but for the random bits. Thread: whoever owns it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "users/user.h"
#include "util/buf.h"
#include "util/sha256.h"

#define VZ_SESSIONS_MAX		 1024
#define VZ_SESSIONS_MAX_PER_USER 64
#define VZ_TOKEN_BYTES		 32
#define VZ_TOKEN_MAX		 (2 * VZ_TOKEN_BYTES) /* as text, without the end */

struct vz_session {
	uint64_t id; /* of this run of the program; never 0 */
	uint8_t token_hash[VZ_SHA256_BYTES];
	char name[VZ_USER_NAME_MAX + 1];
	uint64_t serial; /* of the user's password */
	int64_t seen_s;	 /* when it was used last */
};

struct vz_sessions {
	struct vz_session *sessions;
	size_t n_sessions;
	uint64_t last_id;
	int64_t idle_s; /* for how long a session lives that is not used */
};

void vz_sessions_deinit(struct vz_sessions *sessions);
/*
 * A new one of that user. Returns 0, with the text for the browser and a pointer that is good until
 * the next call, or -ENOMEM, or what the system's random numbers returned.
 */
int vz_sessions_add(struct vz_sessions *sessions, const char *name, uint64_t serial, int64_t now_s,
		    char ret_token[VZ_TOKEN_MAX + 1], struct vz_session **ret);
/* The session of a browser's text, or by its id; NULL: none, or it has expired. */
struct vz_session *vz_sessions_find(struct vz_sessions *sessions, const char *token, int64_t now_s);
struct vz_session *vz_sessions_find_id(struct vz_sessions *sessions, uint64_t id, int64_t now_s);
void vz_sessions_remove(struct vz_sessions *sessions, struct vz_session *session);
/* Removes those that @is_over says, which may be NULL, or that have expired. Returns how many. */
size_t vz_sessions_prune(struct vz_sessions *sessions, int64_t now_s,
			 bool (*is_over)(const struct vz_session *session, void *data), void *data);

void vz_sessions_print(struct vz_buf *buf, const struct vz_sessions *sessions);
/*
 * Adds those of a file. Returns 0, -EBADMSG (not as it was written: who was logged in logs in
 * again) or -ENOMEM; then none is added.
 */
int vz_sessions_parse(struct vz_sessions *sessions, const char *text, size_t size);
