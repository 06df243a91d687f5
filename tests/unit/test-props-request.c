#include "dash/props-request.h"

#include <errno.h>

#include "core.h"
#include "dash/client.h"

struct answer {
	int n, r;
	char *values; /* as JSON */
};

static void keep(int r, struct json_object *values, void *data)
{
	struct answer *answer = data;

	answer->n++;
	answer->r = r;
	free(answer->values);
	answer->values = values ? strdup(json_object_to_json_string_ext(values, 0)) : NULL;
}

static struct vz_app *start(struct tab *tab, bool is_stock)
{
	struct vz_app *app = core_new(NULL);

	core_set_layout(app, VZ_IDS("x", "y"));
	if (is_stock)
		tab_start_stock(app, tab, "a");
	else
		tab_start_own(app, tab, "a");
	return app;
}

static struct vz_client *first(struct vz_app *app)
{
	return vz_app_next_client(app, NULL);
}

/* Answers the oldest question that was not read yet. */
static void answer_with(struct tab *tab, const char *payload)
{
	struct json_object *question = tab_next(tab);

	CHECK(question);
	CHECK_STR(message_string(question, "type"), "get_props_request");
	tab_say(tab,
		"{\"type\":\"get_props_response\",\"rendererId\":\"%s\",\"requestId\":\"%s\","
		"\"payload\":%s}",
		tab->id, message_string(question, "requestId"), payload);
}

TEST(props_are_asked_for_over_both_links)
{
	int is_stock;

	for (is_stock = 0; is_stock < 2; is_stock++) {
		struct answer answer = { 0 };
		struct vz_app *app;
		struct tab a;

		test_case(is_stock ? "stock" : "own");
		app = start(&a, is_stock);
		CHECK_EQ(vz_client_get_props(first(app), VZ_IDS("x.value", "x.min"), 0, keep,
					     &answer, NULL),
			 0);
		answer_with(&a, "{\"value\":7,\"min\":0,\"max\":9}");
		CHECK_EQ(answer.n, 1);
		CHECK_EQ(answer.r, 0);
		CHECK_STR(answer.values, "{\"x\":{\"value\":7,\"min\":0}}");
		core_wait(app, 60000000);
		CHECK_EQ(answer.n, 1);
		free(answer.values);
		tab_close(&a);
		vz_app_free(app);
	}
}

TEST(props_of_several_components_come_together)
{
	struct answer answer = { 0 };
	struct tab a;
	struct vz_app *app = start(&a, false);

	CHECK_EQ(vz_client_get_props(first(app),
				     VZ_IDS("x.value", "{\"i\":1,\"t\":\"p\"}.value", "x.step"), 0,
				     keep, &answer, NULL),
		 0);
	CHECK(equals(json_object_object_get(tab_next(&a), "payload"),
		     "{\"componentId\":\"x\",\"properties\":[\"value\",\"step\"]}"));
	CHECK(equals(json_object_object_get(tab_next(&a), "payload"),
		     "{\"componentId\":\"{\\\"i\\\":1,\\\"t\\\":\\\"p\\\"}\",\"properties\":"
		     "[\"value\"]}"));
	CHECK(tab_is_quiet(&a));
	a.n_read -= 2;
	/* A component that is absent, and a property that was never set. */
	answer_with(&a, "{\"value\":null}");
	CHECK_EQ(answer.n, 0);
	answer_with(&a, "{}");
	CHECK_EQ(answer.n, 1);
	CHECK_STR(answer.values,
		  "{\"x\":{\"value\":null},\"{\\\"i\\\":1,\\\"t\\\":\\\"p\\\"}\":{}}");
	free(answer.values);
	tab_close(&a);
	vz_app_free(app);
}

TEST(props_question_has_an_end)
{
	struct answer slow = { 0 }, fast = { 0 };
	struct tab a;
	struct vz_app *app = start(&a, false);

	CHECK_EQ(vz_client_get_props(first(app), VZ_IDS("x.value"), 0, keep, &slow, NULL), 0);
	CHECK_EQ(vz_client_get_props(first(app), VZ_IDS("x.value"), 1000000, keep, &fast, NULL), 0);
	core_wait(app, 999999);
	CHECK_EQ(fast.n, 0);
	core_wait(app, 1);
	CHECK_EQ(fast.n, 1);
	CHECK_EQ(fast.r, -ETIMEDOUT);
	CHECK(!fast.values);
	core_wait(app, 28000000);
	CHECK_EQ(slow.n, 0);
	core_wait(app, 1000000);
	CHECK_EQ(slow.r, -ETIMEDOUT);
	/* Too late, twice. */
	answer_with(&a, "{\"value\":1}");
	answer_with(&a, "{\"value\":1}");
	CHECK_EQ(slow.n + fast.n, 2);
	tab_close(&a);
	vz_app_free(app);
}

TEST(props_question_ends_with_the_link)
{
	struct answer lost = { 0 }, bye = { 0 }, moved = { 0 };
	struct vz_client *c;
	struct tab a, b;
	struct vz_app *app = start(&a, false);

	CHECK_EQ(vz_client_get_props(first(app), VZ_IDS("x.value"), 0, keep, &lost, NULL), 0);
	tab_close(&a);
	CHECK_EQ(lost.n, 1);
	CHECK_EQ(lost.r, -ENOTCONN);
	CHECK_EQ(vz_client_get_props(first(app), VZ_IDS("x.value"), 0, keep, &lost, NULL),
		 -ENOTCONN);

	/* The answer would come over a socket that the tab has left. */
	tab_start_own(app, &a, "a");
	CHECK_EQ(vz_client_get_props(first(app), VZ_IDS("x.value"), 0, keep, &moved, NULL), 0);
	tab_start_own(app, &b, "a");
	CHECK_EQ(moved.r, -ENOTCONN);
	tab_close(&a);

	c = first(app);
	CHECK_EQ(vz_client_get_props(c, VZ_IDS("x.value"), 0, keep, &bye, NULL), 0);
	tab_say(&b, "{\"type\":\"bye\",\"rendererId\":\"a\"}");
	CHECK_EQ(bye.r, -ENOTCONN);
	CHECK_EQ(lost.n + moved.n + bye.n, 3);
	tab_close(&b);
	vz_app_free(app);
}

TEST(props_question_may_be_given_up_or_outlive_its_app)
{
	struct vz_props_request *request = NULL;
	struct answer given_up = { 0 }, rest = { 0 };
	struct tab a;
	struct vz_app *app = start(&a, false);

	CHECK_EQ(vz_client_get_props(first(app), VZ_IDS("x.value"), 0, keep, &given_up, &request),
		 0);
	CHECK_EQ(vz_client_get_props(first(app), VZ_IDS("x.value"), 0, keep, &rest, NULL), 0);
	CHECK(!vz_props_request_free(request));
	CHECK(!vz_props_request_free(NULL));
	answer_with(&a, "{\"value\":1}");
	CHECK_EQ(given_up.n, 0);
	CHECK_EQ(rest.n, 0);
	vz_app_stop(app);
	CHECK_EQ(rest.n, 1);
	CHECK_EQ(rest.r, -ESHUTDOWN);
	CHECK_EQ(vz_client_get_props(first(app), VZ_IDS("x.value"), 0, keep, &rest, NULL),
		 -ESHUTDOWN);
	tab_close(&a);
	CHECK_EQ(rest.n, 1);
	vz_app_free(app);
	CHECK_EQ(rest.n, 1);
}

TEST(props_questions_are_checked_and_bounded)
{
	struct answer answer = { 0 };
	struct tab a;
	struct vz_app *app = start(&a, false);
	struct vz_client *c = first(app);
	int i;

	CHECK_EQ(vz_client_get_props(c, VZ_IDS(NULL), 0, keep, &answer, NULL), -EINVAL);
	CHECK_EQ(vz_client_get_props(c, NULL, 0, keep, &answer, NULL), -EINVAL);
	CHECK_EQ(vz_client_get_props(c, VZ_IDS("x"), 0, keep, &answer, NULL), -EINVAL);
	CHECK_EQ(vz_client_get_props(c, VZ_IDS("x."), 0, keep, &answer, NULL), -EINVAL);
	CHECK_EQ(vz_client_get_props(c, VZ_IDS("x.value"), 0, NULL, NULL, NULL), -EINVAL);
	CHECK(tab_is_quiet(&a));
	for (i = 0; i < 32; i++)
		CHECK_EQ(vz_client_get_props(c, VZ_IDS("x.value"), 0, keep, &answer, NULL), 0);
	CHECK_EQ(vz_client_get_props(c, VZ_IDS("x.value"), 0, keep, &answer, NULL), -EBUSY);
	CHECK_EQ(answer.n, 0);
	tab_close(&a);
	CHECK_EQ(answer.n, 32);
	vz_app_free(app);
}

TEST(props_answers_of_strangers_are_ignored)
{
	static const char *const ids[] = {
		"",	      "props-1-1",  "props-2-0",
		"props-1-0x", "props-01-0", "props--1-0",
		"1",	      "props-1-",   "props-99999999999999999999-0",
	};
	struct answer answer = { 0 };
	struct tab a, b;
	struct vz_app *app = start(&a, false);
	size_t i;

	tab_start_own(app, &b, "b");
	CHECK_EQ(vz_client_get_props(first(app), VZ_IDS("x.value"), 0, keep, &answer, NULL), 0);
	for (i = 0; i < VZ_N_ELEMENTS(ids); i++)
		tab_say(&a,
			"{\"type\":\"get_props_response\",\"rendererId\":\"a\",\"requestId\":\"%"
			"s\","
			"\"payload\":{\"value\":1}}",
			ids[i]);
	tab_say(&b,
		"{\"type\":\"get_props_response\",\"rendererId\":\"b\",\"requestId\":\"props-1-0\","
		"\"payload\":{\"value\":1}}");
	tab_say(&b,
		"{\"type\":\"get_props_response\",\"rendererId\":\"a\",\"requestId\":\"props-1-0\","
		"\"payload\":{\"value\":1}}");
	CHECK_EQ(answer.n, 0);
	answer_with(&a, "{\"value\":2}");
	CHECK_STR(answer.values, "{\"x\":{\"value\":2}}");
	free(answer.values);
	tab_close(&a);
	tab_close(&b);
	vz_app_free(app);
}

struct asker {
	struct vz_app *app;
	struct answer answer;
};

/* Asks again, whatever came. */
static void ask_again(int r, struct json_object *values, void *data)
{
	struct asker *asker = data;
	struct vz_client *c = first(asker->app);

	if (c)
		(void) vz_client_get_props(c, VZ_IDS("y.value"), 0, keep, &asker->answer, NULL);
}

TEST(props_function_may_ask_again)
{
	struct asker asker = { 0 };
	struct tab a;

	asker.app = start(&a, false);
	CHECK_EQ(vz_client_get_props(first(asker.app), VZ_IDS("x.value"), 0, ask_again, &asker,
				     NULL),
		 0);
	answer_with(&a, "{\"value\":1}");
	answer_with(&a, "{\"value\":2}");
	CHECK_EQ(asker.answer.n, 1);
	CHECK_STR(asker.answer.values, "{\"y\":{\"value\":2}}");
	free(asker.answer.values);
	tab_close(&a);
	vz_app_free(asker.app);
}
