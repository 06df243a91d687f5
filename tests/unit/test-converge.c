#include "dash/converge.h"

#include "core.h"

/* --- The bookkeeping alone -------------------------------------------------------------------- */

static const int property, other, c1, c2;
static const void *const both[] = { &c1, &c2 };

static int push(struct vz_converge *c, int value, size_t n_listeners, int64_t now_us)
{
	struct json_object *v = json_object_new_int(value);
	int r = vz_converge_push(c, &property, v, both, n_listeners, now_us);

	json_object_put(v);
	return r;
}

static enum vz_verdict judge(struct vz_converge *c, const void *listener, int value, int truth,
			     int64_t now_us)
{
	struct json_object *v = json_object_new_int(value), *t = json_object_new_double(truth);
	enum vz_verdict verdict = vz_converge_judge(c, &property, listener, v, t, now_us);

	json_object_put(v);
	json_object_put(t);
	return verdict;
}

TEST(converge_takes_an_edit_when_nothing_is_on_its_way)
{
	struct vz_converge c;

	vz_converge_init(&c);
	CHECK_EQ(judge(&c, &c1, 1, 0, 0), VZ_VERDICT_EDIT);
	vz_converge_deinit(&c);
}

TEST(converge_expects_one_echo_from_each_listener)
{
	struct vz_converge c;

	vz_converge_init(&c);
	CHECK_EQ(push(&c, 5, 2, 0), 0);
	CHECK_EQ(judge(&c, &c1, 5, 5, 10), VZ_VERDICT_ECHO);
	CHECK_EQ(judge(&c, &c1, 5, 5, 20), VZ_VERDICT_CONTESTED); /* c2's is still to come */
	CHECK_EQ(judge(&c, &c2, 5, 5, 30), VZ_VERDICT_ECHO);
	CHECK_EQ(judge(&c, &c2, 5, 5, 40), VZ_VERDICT_EDIT);
	vz_converge_deinit(&c);
}

TEST(converge_lets_an_echo_take_older_ones_with_it)
{
	struct vz_converge c;

	vz_converge_init(&c);
	CHECK_EQ(push(&c, 1, 1, 0), 0);
	CHECK_EQ(push(&c, 2, 1, 1), 0);
	CHECK_EQ(push(&c, 3, 1, 2), 0);
	/* The browser merged the first two. */
	CHECK_EQ(judge(&c, &c1, 2, 3, 10), VZ_VERDICT_ECHO);
	CHECK_EQ(judge(&c, &c1, 1, 3, 11), VZ_VERDICT_CONTESTED);
	CHECK_EQ(judge(&c, &c1, 3, 3, 12), VZ_VERDICT_ECHO);
	CHECK_EQ(judge(&c, &c1, 3, 3, 13), VZ_VERDICT_EDIT);
	vz_converge_deinit(&c);
}

TEST(converge_calls_an_echo_stale_when_nothing_newer_follows)
{
	struct vz_list queue = VZ_LIST_INIT(queue);
	struct vz_converge c;

	vz_converge_init(&c);
	CHECK_EQ(push(&c, 5, 1, 0), 0);
	CHECK_EQ(judge(&c, &c1, 9, 0, 10), VZ_VERDICT_CONTESTED);
	CHECK_EQ(judge(&c, &c1, 5, 9, 20), VZ_VERDICT_STALE);
	/* A promise will bring the truth: nothing to add. */
	CHECK_EQ(push(&c, 5, 1, 30), 0);
	CHECK_EQ(vz_converge_promise(&c, &property, &c, &queue, 40), 0);
	CHECK_EQ(judge(&c, &c1, 5, 9, 50), VZ_VERDICT_ECHO);
	vz_converge_deinit(&c);
	CHECK(vz_list_is_empty(&queue));
}

TEST(converge_contests_edits_for_a_while_after_a_quiet_push)
{
	struct vz_converge c;

	vz_converge_init(&c);
	CHECK_EQ(push(&c, 5, 0, 0), 0);
	CHECK_EQ(judge(&c, &c1, 5, 5, 10), VZ_VERDICT_CONTESTED); /* quiet ones do not come back */
	CHECK_EQ(judge(&c, &c1, 6, 5, VZ_CONVERGE_QUIET_US - 1), VZ_VERDICT_CONTESTED);
	CHECK_EQ(judge(&c, &c1, 6, 5, VZ_CONVERGE_QUIET_US), VZ_VERDICT_EDIT);
	vz_converge_push_all_quietly(&c, 100000000);
	CHECK_EQ(judge(&c, &c1, 6, 5, 100000001), VZ_VERDICT_CONTESTED);
	CHECK_EQ(judge(&c, &c1, 6, 5, 100000000 + VZ_CONVERGE_QUIET_US), VZ_VERDICT_EDIT);
	vz_converge_deinit(&c);
}

TEST(converge_forgets_what_never_came_back)
{
	struct vz_converge c;
	int i;

	vz_converge_init(&c);
	for (i = 0; i < 10000; i++)
		CHECK_EQ(push(&c, i, 2, i), 0);
	vz_converge_expire(&c, 9999 + VZ_CONVERGE_EXPIRY_US);
	CHECK(vz_list_is_empty(&c.items));
	vz_converge_deinit(&c);
}

TEST(converge_keeps_one_promise_for_a_property_and_moves_it_back)
{
	struct vz_list queue = VZ_LIST_INIT(queue);
	struct vz_reassert *first;
	struct vz_converge c;

	vz_converge_init(&c);
	CHECK_EQ(vz_converge_promise(&c, &property, &c, &queue, 0), 0);
	CHECK_EQ(vz_converge_promise(&c, &other, &c, &queue, 10), 0);
	CHECK_EQ(vz_converge_promise(&c, &property, &c, &queue, 20), 0);
	first = vz_list_first(&queue, struct vz_reassert, in_queue);
	CHECK(first->property == &other);
	CHECK_EQ(first->at_us, 10 + VZ_CONVERGE_REST_US);
	CHECK(vz_converge_has_promised(&c, &property));
	/* A push to that browser fulfils it. */
	CHECK_EQ(push(&c, 5, 0, 30), 0);
	CHECK(!vz_converge_has_promised(&c, &property));
	vz_converge_deinit(&c);
	CHECK(vz_list_is_empty(&queue));
}

/* --- The whole core against models of browsers, over slow links ---------------------------------
 */

#define N_TABS	   3
#define MAX_EVENTS 20000

/* How long a page keeps what comes from a control that somebody has in hand (ui/link/hands.js). */
#define HAND_US 400000

enum event_kind { EDIT, TO_SERVER, TO_TAB, LET_GO };

struct event {
	int64_t at_us;
	unsigned order; /* of two at the same time, the one that was made first */
	enum event_kind kind;
	unsigned tab;
	int value;
};

struct sim_tab {
	struct vz_link *link;
	unsigned index;
	bool is_stock;
	unsigned n_requests;
	int shown, newest_own, held;
	bool is_holding;
	int64_t edited_us;
	int64_t to_server_us, to_tab_us; /* when the last message in that direction arrives */
};

static struct {
	struct vz_app *app;
	struct sim_tab tabs[N_TABS];
	struct event events[MAX_EVENTS];
	unsigned n_events, n_made, n_deliveries, n_jumps, n_runs;
	int64_t max_latency_us;
	uint64_t seed;
} sim;

static unsigned random_below(unsigned n)
{
	sim.seed = sim.seed * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned) (sim.seed >> 33) % n;
}

static void schedule(int64_t at_us, enum event_kind kind, unsigned tab, int value)
{
	struct event *e = &sim.events[sim.n_events++];

	CHECK(sim.n_events < MAX_EVENTS);
	*e = (struct event){ at_us, sim.n_made++, kind, tab, value };
}

/* Links keep the order and take their time. */
static void travel(struct sim_tab *tab, enum event_kind kind, int value)
{
	int64_t *last_us = kind == TO_TAB ? &tab->to_tab_us : &tab->to_server_us;
	int64_t at_us = core_now_us + random_below((unsigned) sim.max_latency_us + 1);

	if (at_us < *last_us)
		at_us = *last_us;
	*last_us = at_us;
	schedule(at_us, kind, tab->index, value);
}

static void sim_on_send(void *data, struct vz_blob *text)
{
}

static void sim_on_mods(void *data, const char *renderer_id, struct vz_mods *mods)
{
	const struct vz_mod *m = vz_mods_find(mods, "x", "value");

	if (m)
		travel(data, TO_TAB, json_object_get_int(m->value));
}

static void sim_on_close(void *data, uint16_t code, const char *reason)
{
	CHECK(!"a link was closed");
}

static void sim_say(struct sim_tab *tab, const char *output, const char *rest)
{
	char text[512];
	int n;

	n = snprintf(text, sizeof(text),
		     "{\"type\":\"callback_request\",\"rendererId\":\"t%u\",\"requestId\":\"t%u-%"
		     "u\","
		     "\"payload\":{\"output\":\"%s\",%s}}",
		     tab->index, tab->index, ++tab->n_requests, output, rest);
	vz_link_receive(tab->link, text, (size_t) n, core_now_us);
}

static void sim_request(struct sim_tab *tab, int value)
{
	char rest[256];

	snprintf(rest, sizeof(rest),
		 "\"inputs\":[{\"id\":\"x\",\"property\":\"value\",\"value\":%d}],"
		 "\"changedPropIds\":[\"x.value\"]",
		 value);
	sim_say(tab, "y.value", rest);
}

static void show(struct sim_tab *tab, int value)
{
	sim.n_jumps += value != tab->shown;
	tab->shown = value;
	/* The stock renderer asks for every set_props of an Input. */
	if (tab->is_stock)
		travel(tab, TO_SERVER, value);
}

static void happen(const struct event *e)
{
	struct sim_tab *tab = &sim.tabs[e->tab];

	switch (e->kind) {
	case EDIT:
		tab->shown = tab->newest_own = e->value;
		tab->edited_us = core_now_us;
		tab->is_holding = false;
		travel(tab, TO_SERVER, e->value);
		break;
	case TO_SERVER:
		sim_request(tab, e->value);
		break;
	case TO_TAB:
		sim.n_deliveries++;
		if (tab->is_stock || core_now_us >= tab->edited_us + HAND_US) {
			show(tab, e->value);
			break;
		}
		tab->held = e->value;
		tab->is_holding = true;
		schedule(tab->edited_us + HAND_US, LET_GO, tab->index, 0);
		break;
	case LET_GO:
		if (tab->is_holding && core_now_us >= tab->edited_us + HAND_US) {
			tab->is_holding = false;
			show(tab, tab->held);
		}
		break;
	}
}

static bool take_next(struct event *ret)
{
	unsigned i, next = 0;

	if (!sim.n_events)
		return false;
	for (i = 1; i < sim.n_events; i++)
		if (sim.events[i].at_us < sim.events[next].at_us ||
		    (sim.events[i].at_us == sim.events[next].at_us &&
		     sim.events[i].order < sim.events[next].order))
			next = i;
	*ret = sim.events[next];
	sim.events[next] = sim.events[--sim.n_events];
	return true;
}

static void run_until_quiet(void)
{
	struct event e;

	while (take_next(&e)) {
		while (core_deadline_us <= e.at_us)
			(void) core_tick(sim.app);
		core_now_us = e.at_us;
		happen(&e);
		/* Nothing is on its way: only a promise can go on. */
		if (!sim.n_events && core_tick(sim.app))
			continue;
	}
}

static const struct vz_link_ops sim_ops = { sim_on_send, sim_on_mods, sim_on_close };

static void sim_start(uint64_t seed, unsigned stock_mask, int64_t max_latency_us)
{
	const struct vz_link_info info = { "", "", "", "", { 0 } };
	unsigned i;

	memset(&sim, 0, sizeof(sim));
	sim.seed = seed * 2654435761u + 1;
	sim.max_latency_us = max_latency_us;
	sim.app = core_new(NULL);
	core_set_layout(sim.app, VZ_IDS("x", "y"));
	core_add(sim.app, VZ_SHARED, "y.value", "x.value", &sim.n_runs);
	for (i = 0; i < N_TABS; i++) {
		struct sim_tab *tab = &sim.tabs[i];
		char hello[128];

		tab->index = i;
		tab->edited_us = INT64_MIN / 2;
		tab->is_stock = stock_mask & 1u << i;
		CHECK_EQ(vz_link_open(sim.app, &info, &sim_ops, tab, &tab->link), 0);
		snprintf(hello, sizeof(hello),
			 "{\"type\":\"hello\",\"rendererId\":\"t%u\",\"payload\":{\"link\":1}}", i);
		if (tab->is_stock)
			sim_say(tab, "hello", "\"inputs\":[],\"changedPropIds\":[]");
		else
			vz_link_receive(tab->link, hello, strlen(hello), core_now_us);
	}
	run_until_quiet();
	core_wait(sim.app, 10000000);
	sim.n_deliveries = sim.n_jumps = 0;
}

static void sim_end(void)
{
	unsigned i;

	for (i = 0; i < N_TABS; i++) {
		if (sim.tabs[i].shown != core_get(sim.app, "x"))
			test_fail(__FILE__, __LINE__, "tab %u shows %d, the truth is %d", i,
				  sim.tabs[i].shown, core_get(sim.app, "x"));
		vz_link_closed(sim.tabs[i].link, core_now_us);
	}
	CHECK_EQ(core_get(sim.app, "y"), core_get(sim.app, "x") * 10);
	vz_app_free(sim.app);
}

static void conflict(uint64_t seed, unsigned stock_mask, int64_t max_latency_us, bool same_values)
{
	unsigned n_edits, i;
	char label[64];

	snprintf(label, sizeof(label), "seed %llu, stock %u", (unsigned long long) seed,
		 stock_mask);
	test_case(label);
	sim_start(seed, stock_mask, max_latency_us);
	/* Three people at nearly the same time, then whatever the dice say. */
	for (i = 0; i < N_TABS; i++)
		schedule(core_now_us + random_below(30000), EDIT, i, 100 + (int) i);
	n_edits = random_below(20);
	for (i = 0; i < n_edits; i++)
		schedule(core_now_us + random_below(2000000), EDIT, random_below(N_TABS),
			 same_values ? (int) random_below(3) : 1000 + (int) i);
	run_until_quiet();
	/* An edit costs two pushes and what puts the sender right; each may come back once. */
	CHECK(sim.n_deliveries <= (n_edits + N_TABS) * 2 * N_TABS);
	sim_end();
}

TEST(converge_simulation_ends_quiet_and_equal)
{
	uint64_t seed;

	for (seed = 0; seed < 1500; seed++) {
		conflict(seed, 0, 200000, false);
		conflict(seed, 7, 200000, false);
		conflict(seed, seed % 8, 200000, false);
		conflict(seed, seed % 8, 0, true);
	}
}

TEST(converge_simulation_ends_equal_where_the_network_stands_still_for_long)
{
	uint64_t seed;

	for (seed = 0; seed < 500; seed++)
		conflict(seed, 0, 9000000, seed % 2);
}

TEST(converge_simulation_ends_equal_when_values_come_again)
{
	uint64_t seed;

	for (seed = 0; seed < 1000; seed++)
		conflict(seed, seed % 8, 200000, true);
}

TEST(converge_simulation_never_jerks_who_drags_alone)
{
	uint64_t seed;

	for (seed = 0; seed < 500; seed++) {
		unsigned dragger = (unsigned) seed % N_TABS;
		int i;

		/* Whatever kind the others are: those that echo must not reach the dragger either.
		 */
		sim_start(seed, (unsigned) (seed / N_TABS) % 8, VZ_CONVERGE_REST_US * 2 / 3);
		for (i = 1; i <= 40; i++)
			schedule(core_now_us + i * 16000, EDIT, dragger, i);
		run_until_quiet();
		CHECK_EQ(core_get(sim.app, "x"), 40);
		CHECK_EQ(sim.n_runs, 40);
		/* To the dragger goes what he shows already, if anything. */
		CHECK_EQ(sim.n_jumps, 40 * (N_TABS - 1));
		sim_end();
	}
}
