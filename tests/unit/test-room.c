#include "../../plugins/thermostat/room.h"

#include <math.h>

#include "test.h"

static void run(struct room *room, unsigned minutes)
{
	for (unsigned i = 0; i < 2 * minutes; i++)
		room_step(room, 0.5);
}

TEST(room_comes_to_rest_near_its_target)
{
	static const struct {
		const char *label;
		double from, target, heater;
	} cases[] = {
		{ "cold", 5, 20, 0.6 },
		{ "hot", 35, 20, 0.6 },
		{ "near full power", 12, 28, 0.9 },
		{ "hardly above outside", 20, 10, 0.23 },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct room room = { .celsius = cases[i].from, .target_celsius = cases[i].target };

		test_case(cases[i].label);
		run(&room, 300);
		CHECK(fabs(room.celsius - cases[i].target) < 1.5);
		CHECK(fabs(room.heater - cases[i].heater) < 0.05);
	}
}

TEST(room_heats_with_what_there_is_and_never_cools)
{
	struct room cold = { .celsius = 5, .target_celsius = 28 }, hot = cold;

	hot.celsius = 30;
	hot.target_celsius = 10;
	room_step(&cold, 0.5);
	room_step(&hot, 0.5);
	CHECK(cold.heater == 1);
	CHECK(hot.heater == 0);
	CHECK(cold.celsius > 5);
	CHECK(hot.celsius < 30);
}

TEST(room_has_no_chance_in_it)
{
	struct room a = ROOM_INIT, b = ROOM_INIT;

	run(&a, 77);
	run(&b, 77);
	CHECK(a.celsius == b.celsius);
	CHECK(a.heater == b.heater);
}
