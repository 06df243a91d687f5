#include "users/sessions.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "util/cleanup.h"

#include "test.h"

#define DAY 86400

static struct vz_sessions make(void)
{
	return (struct vz_sessions){ .idle_s = 30 * DAY };
}

TEST(sessions_are_found_by_their_token_and_by_nothing_else)
{
	struct vz_sessions sessions = make();
	char token[VZ_TOKEN_MAX + 1], other[VZ_TOKEN_MAX + 1];
	struct vz_session *session, *second;
	uint64_t id;

	CHECK_EQ(vz_sessions_add(&sessions, "anna", 7, 1000, token, &session), 0);
	id = session->id;
	CHECK_EQ(strlen(token), 64);
	CHECK_EQ(vz_sessions_add(&sessions, "anna", 7, 1000, other, &second), 0);
	CHECK(strcmp(token, other) != 0);
	CHECK_EQ(vz_sessions_find(&sessions, token, 1000)->id, id);
	CHECK_EQ(vz_sessions_find_id(&sessions, id, 1000)->id, id);
	CHECK_STR(vz_sessions_find(&sessions, other, 1000)->name, "anna");
	token[63] = token[63] == 'a' ? 'b' : 'a';
	CHECK(!vz_sessions_find(&sessions, token, 1000));
	CHECK(!vz_sessions_find(&sessions, "", 1000));
	token[63] = '\0';
	CHECK(!vz_sessions_find(&sessions, token, 1000));
	CHECK(!vz_sessions_find_id(&sessions, 0, 1000));
	vz_sessions_deinit(&sessions);
}

TEST(sessions_expire_and_a_clock_that_goes_back_a_little_ends_none)
{
	static const struct {
		const char *label;
		int64_t now_s;
		bool is_there;
	} cases[] = {
		{ "at once", 100 * DAY, true },
		{ "on the last day", 130 * DAY, true },
		{ "a second later", 130 * DAY + 1, false },
		{ "a clock one day behind", 99 * DAY, true },
		{ "a clock a month behind", 70 * DAY, true },
		{ "a clock that knows nothing", 0, false },
		{ "a clock of the far future", INT64_MAX / 4, false },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct vz_sessions sessions = make();
		char token[VZ_TOKEN_MAX + 1];
		struct vz_session *session;

		test_case(cases[i].label);
		CHECK_EQ(vz_sessions_add(&sessions, "anna", 7, 100 * DAY, token, &session), 0);
		CHECK_EQ(vz_sessions_find(&sessions, token, cases[i].now_s) != NULL,
			 cases[i].is_there);
		CHECK_EQ(vz_sessions_prune(&sessions, cases[i].now_s, NULL, NULL),
			 !cases[i].is_there);
		vz_sessions_deinit(&sessions);
	}
}

static bool is_bertas(const struct vz_session *session, void *data)
{
	return strcmp(session->name, "berta") == 0;
}

TEST(sessions_end_for_one_user)
{
	struct vz_sessions sessions = make();
	char anna[VZ_TOKEN_MAX + 1], berta[VZ_TOKEN_MAX + 1];
	struct vz_session *session;

	CHECK_EQ(vz_sessions_add(&sessions, "berta", 1, 5, berta, &session), 0);
	CHECK_EQ(vz_sessions_add(&sessions, "anna", 1, 5, anna, &session), 0);
	CHECK_EQ(vz_sessions_add(&sessions, "berta", 1, 5, berta, &session), 0);
	CHECK_EQ(vz_sessions_prune(&sessions, 5, is_bertas, NULL), 2);
	CHECK(!vz_sessions_find(&sessions, berta, 5));
	CHECK(vz_sessions_find(&sessions, anna, 5));
	vz_sessions_deinit(&sessions);
}

TEST(sessions_are_bounded_the_oldest_makes_room)
{
	struct vz_sessions sessions = make();
	char first[VZ_TOKEN_MAX + 1], token[VZ_TOKEN_MAX + 1], other[VZ_TOKEN_MAX + 1];
	struct vz_session *session;

	CHECK_EQ(vz_sessions_add(&sessions, "berta", 1, 0, other, &session), 0);
	CHECK_EQ(vz_sessions_add(&sessions, "anna", 1, 1, first, &session), 0);
	for (unsigned i = 0; i < VZ_SESSIONS_MAX_PER_USER; i++)
		CHECK_EQ(vz_sessions_add(&sessions, "anna", 1, 2 + i, token, &session), 0);
	CHECK_EQ(sessions.n_sessions, VZ_SESSIONS_MAX_PER_USER + 1);
	CHECK(!vz_sessions_find(&sessions, first, 100));
	CHECK(vz_sessions_find(&sessions, other, 100));

	for (unsigned i = 0; i < 2 * VZ_SESSIONS_MAX; i++) {
		char name[16];

		snprintf(name, sizeof(name), "u%u", i);
		CHECK_EQ(vz_sessions_add(&sessions, name, 1, 1000 + i, token, &session), 0);
	}
	CHECK_EQ(sessions.n_sessions, VZ_SESSIONS_MAX);
	CHECK(vz_sessions_find(&sessions, token, 4000));
	vz_sessions_deinit(&sessions);
}

TEST(sessions_survive_as_text_without_their_tokens)
{
	struct vz_sessions sessions = make(), read = make();
	char token[VZ_TOKEN_MAX + 1];
	VZ_CLEANUP(vz_freep) char *text = NULL;
	struct vz_session *session;
	struct vz_buf buf = { 0 };
	size_t size;

	CHECK_EQ(vz_sessions_add(&sessions, "anna", UINT64_C(0xfedcba9876543210), 12345, token,
				 &session),
		 0);
	CHECK_EQ(vz_sessions_add(&sessions, "b.c-d", 0, 7, token, &session), 0);
	vz_sessions_print(&buf, &sessions);
	CHECK_EQ(vz_buf_finish(&buf, &text, &size), 0);
	CHECK(!strstr(text, token));
	CHECK_EQ(vz_sessions_parse(&read, text, size), 0);
	CHECK_EQ(read.n_sessions, 2);
	CHECK_STR(vz_sessions_find(&read, token, 7)->name, "b.c-d");
	CHECK_EQ(read.sessions[0].serial == UINT64_C(0xfedcba9876543210), true);
	CHECK_EQ(read.sessions[0].seen_s, 12345);

	/* Torn anywhere, it is nothing. */
	for (size_t cut = 0; cut + 2 < size; cut++) {
		struct vz_sessions torn = make();

		CHECK_EQ(vz_sessions_parse(&torn, text, cut), -EBADMSG);
		CHECK_EQ(torn.n_sessions, 0);
		vz_sessions_deinit(&torn);
	}
	vz_sessions_deinit(&sessions);
	vz_sessions_deinit(&read);
}

TEST(sessions_of_strange_files_are_none)
{
	static const char *const texts[] = {
		"[]",
		"null",
		"{\"version\":2,\"sessions\":[]}",
		"{\"version\":1}",
		"{\"version\":1,\"sessions\":[1]}",
		"{\"version\":1,\"sessions\":[{\"hash\":\"00\",\"user\":\"a\",\"serial\":"
		"\"0000000000000000\",\"seen\":1}]}",
		"{\"version\":1,\"sessions\":[{\"hash\":"
		"\"0000000000000000000000000000000000000000000000000000000000000000\",\"user\":"
		"\"a\",\"serial\":\"0000000000000000\",\"seen\":-1}]}",
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(texts); i++) {
		struct vz_sessions sessions = make();

		test_case(texts[i]);
		CHECK_EQ(vz_sessions_parse(&sessions, texts[i], strlen(texts[i])), -EBADMSG);
		CHECK_EQ(sessions.n_sessions, 0);
		vz_sessions_deinit(&sessions);
	}
}
