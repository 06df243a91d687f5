#include "dash/answer.h"

#include <errno.h>

#include "core.h"

TEST(answer_is_given_once)
{
	struct vz_app *app = core_new(NULL);
	struct vz_requester requester = { .kind = VZ_REQUESTER_LINK, .client_id = 1 }, moved;
	struct tab a;

	core_set_layout(app, VZ_IDS("x"));
	tab_start_own(app, &a, "a");
	strcpy(requester.request_id, "a-1");
	vz_requester_move(&moved, &requester);
	vz_answer_prevent(app, &requester); /* nobody waits there any more */
	CHECK(tab_is_quiet(&a));
	vz_answer_error(app, &moved, -EIO, "%s", "once");
	CHECK(tab_got_error(&a, "once"));
	vz_answer_prevent(app, &moved);
	CHECK(tab_is_quiet(&a));
	tab_close(&a);
	vz_app_free(app);
}

TEST(answer_to_a_client_that_has_gone_is_dropped)
{
	struct vz_app *app = core_new(NULL);
	struct vz_requester requester = { .kind = VZ_REQUESTER_LINK, .client_id = 77 };

	CHECK(!vz_requester_wants_values(app, &requester));
	vz_answer_prevent(app, &requester);
	CHECK_EQ(requester.kind, VZ_REQUESTER_NONE);
	vz_app_free(app);
}

TEST(answer_says_why_a_value_does_not_fit)
{
	char text[64];

	vz_describe_misfit(text, sizeof(text), -ENOENT, "x");
	CHECK_STR(text, "the layout has no component 'x'");
	vz_describe_misfit(text, sizeof(text), -ENOMEM, NULL);
	CHECK_STR(text, "out of memory");
	vz_describe_misfit(text, sizeof(text), -EINVAL, NULL);
	CHECK(strstr(text, "does not fit"));
}
