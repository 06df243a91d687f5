#include "users/sessions.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "users/password.h"
#include "util/json.h"

#define VERSION 1

void vz_sessions_deinit(struct vz_sessions *sessions)
{
	free(sessions->sessions);
	sessions->sessions = NULL;
	sessions->n_sessions = 0;
}

/* --- One of them ----------------------------------------------------------------------------- */

static void print_hex(const uint8_t *bytes, size_t n, char *ret)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		*ret++ = digits[bytes[i] >> 4];
		*ret++ = digits[bytes[i] & 15];
	}
	*ret = '\0';
}

static bool is_token(const char *token)
{
	return strlen(token) == VZ_TOKEN_MAX && strspn(token, "0123456789abcdef") == VZ_TOKEN_MAX;
}

static bool is_expired(const struct vz_sessions *sessions, const struct vz_session *session,
		       int64_t now_s)
{
	int64_t age_s = now_s - session->seen_s;

	return age_s > sessions->idle_s || -age_s > sessions->idle_s;
}

void vz_sessions_remove(struct vz_sessions *sessions, struct vz_session *session)
{
	*session = sessions->sessions[--sessions->n_sessions];
}

/* --- Making ---------------------------------------------------------------------------------- */

/* The one that was not used for longest, of one user or, if NULL, of all. */
static struct vz_session *find_oldest(struct vz_sessions *sessions, const char *name)
{
	struct vz_session *oldest = NULL;

	for (size_t i = 0; i < sessions->n_sessions; i++) {
		struct vz_session *s = &sessions->sessions[i];

		if (name && strcmp(s->name, name))
			continue;
		if (!oldest || s->seen_s < oldest->seen_s ||
		    (s->seen_s == oldest->seen_s && s->id < oldest->id))
			oldest = s;
	}
	return oldest;
}

static size_t count(const struct vz_sessions *sessions, const char *name)
{
	size_t n = 0;

	for (size_t i = 0; i < sessions->n_sessions; i++)
		n += strcmp(sessions->sessions[i].name, name) == 0;
	return n;
}

static int append(struct vz_sessions *sessions, const struct vz_session *session,
		  struct vz_session **ret)
{
	size_t size = (sessions->n_sessions + 1) * sizeof(*session);
	struct vz_session *s = realloc(sessions->sessions, size);

	if (!s)
		return -ENOMEM;
	sessions->sessions = s;
	s += sessions->n_sessions++;
	*s = *session;
	s->id = ++sessions->last_id;
	*ret = s;
	return 0;
}

int vz_sessions_add(struct vz_sessions *sessions, const char *name, uint64_t serial, int64_t now_s,
		    char ret_token[VZ_TOKEN_MAX + 1], struct vz_session **ret)
{
	struct vz_session session = { .serial = serial, .seen_s = now_s };
	uint8_t token[VZ_TOKEN_BYTES];
	int r;

	r = vz_random_bytes(token, sizeof(token));
	if (r < 0)
		return r;
	if (count(sessions, name) >= VZ_SESSIONS_MAX_PER_USER)
		vz_sessions_remove(sessions, find_oldest(sessions, name));
	else if (sessions->n_sessions >= VZ_SESSIONS_MAX)
		vz_sessions_remove(sessions, find_oldest(sessions, NULL));
	print_hex(token, sizeof(token), ret_token);
	vz_sha256(ret_token, VZ_TOKEN_MAX, session.token_hash);
	snprintf(session.name, sizeof(session.name), "%s", name);
	return append(sessions, &session, ret);
}

/* --- Finding --------------------------------------------------------------------------------- */

static struct vz_session *if_alive(struct vz_sessions *sessions, struct vz_session *session,
				   int64_t now_s)
{
	return is_expired(sessions, session, now_s) ? NULL : session;
}

struct vz_session *vz_sessions_find(struct vz_sessions *sessions, const char *token, int64_t now_s)
{
	uint8_t hash[VZ_SHA256_BYTES];

	if (!is_token(token))
		return NULL;
	/* Whatever the time of the comparison tells is of a hash that nobody can aim at. */
	vz_sha256(token, VZ_TOKEN_MAX, hash);
	for (size_t i = 0; i < sessions->n_sessions; i++) {
		struct vz_session *s = &sessions->sessions[i];

		if (memcmp(s->token_hash, hash, sizeof(hash)) == 0)
			return if_alive(sessions, s, now_s);
	}
	return NULL;
}

struct vz_session *vz_sessions_find_id(struct vz_sessions *sessions, uint64_t id, int64_t now_s)
{
	for (size_t i = 0; i < sessions->n_sessions; i++) {
		if (sessions->sessions[i].id == id)
			return if_alive(sessions, &sessions->sessions[i], now_s);
	}
	return NULL;
}

size_t vz_sessions_prune(struct vz_sessions *sessions, int64_t now_s,
			 bool (*is_over)(const struct vz_session *session, void *data), void *data)
{
	size_t i = 0, before = sessions->n_sessions;

	while (i < sessions->n_sessions) {
		struct vz_session *s = &sessions->sessions[i];

		if (is_expired(sessions, s, now_s) || (is_over && is_over(s, data)))
			vz_sessions_remove(sessions, s);
		else
			i++;
	}
	return before - sessions->n_sessions;
}

/* --- Text ------------------------------------------------------------------------------------ */

void vz_sessions_print(struct vz_buf *buf, const struct vz_sessions *sessions)
{
	char hex[2 * VZ_SHA256_BYTES + 1];

	vz_buf_printf(buf, "{\"version\":%d,\"sessions\":[", VERSION);
	for (size_t i = 0; i < sessions->n_sessions; i++) {
		const struct vz_session *s = &sessions->sessions[i];

		print_hex(s->token_hash, sizeof(s->token_hash), hex);
		/* Names need no escaping. */
		vz_buf_printf(buf,
			      "%s\n{\"hash\":\"%s\",\"user\":\"%s\",\"serial\":\"%016" PRIx64
			      "\",\"seen\":%" PRId64 "}",
			      i ? "," : "", hex, s->name, s->serial, s->seen_s);
	}
	vz_buf_puts(buf, "]}\n");
}

static int read_hex(const char *text, uint8_t *ret, size_t n)
{
	if (strlen(text) != 2 * n || strspn(text, "0123456789abcdef") != 2 * n)
		return -EINVAL;
	for (size_t i = 0; i < n; i++) {
		char pair[3] = { text[2 * i], text[2 * i + 1], '\0' };

		ret[i] = (uint8_t) strtoul(pair, NULL, 16);
	}
	return 0;
}

static int parse_session(struct json_object *object, struct vz_session *ret)
{
	const char *hash, *name, *serial;
	uint8_t bytes[8];

	memset(ret, 0, sizeof(*ret));
	if (vz_json_get_string(object, "hash", &hash) < 0 ||
	    vz_json_get_string(object, "user", &name) < 0 ||
	    vz_json_get_string(object, "serial", &serial) < 0 ||
	    vz_json_get_int(object, "seen", &ret->seen_s) < 0)
		return -EBADMSG;
	if (read_hex(hash, ret->token_hash, sizeof(ret->token_hash)) < 0 ||
	    read_hex(serial, bytes, sizeof(bytes)) < 0 || vz_user_name_make(name, ret->name) < 0)
		return -EBADMSG;
	/* Beyond these a difference could overflow. */
	if (ret->seen_s < 0 || ret->seen_s > INT64_MAX / 2)
		return -EBADMSG;
	for (size_t i = 0; i < sizeof(bytes); i++)
		ret->serial = ret->serial << 8 | bytes[i];
	return 0;
}

static int parse_all(struct vz_sessions *sessions, struct json_object *array)
{
	size_t n = json_object_array_length(array), before = sessions->n_sessions;
	struct vz_session session, *added;
	int r = n > VZ_SESSIONS_MAX ? -EBADMSG : 0;

	for (size_t i = 0; i < n && r == 0; i++) {
		r = parse_session(json_object_array_get_idx(array, i), &session);
		if (r == 0)
			r = append(sessions, &session, &added);
	}
	if (r < 0)
		sessions->n_sessions = before;
	return r;
}

int vz_sessions_parse(struct vz_sessions *sessions, const char *text, size_t size)
{
	VZ_CLEANUP(json_object_putp) struct json_object *root = NULL;
	struct json_object *array;
	int64_t version;
	int r;

	r = vz_json_parse(text, size, &vz_json_default_limits, NULL, &root);
	if (r < 0)
		return r == -ENOMEM ? r : -EBADMSG;
	if (vz_json_get_int(root, "version", &version) < 0 || version != VERSION ||
	    vz_json_get_array(root, "sessions", &array) < 0)
		return -EBADMSG;
	return parse_all(sessions, array);
}
