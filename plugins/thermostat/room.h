/*
 * A simulated room with a heater: warmth leaks away through the walls, and a proportional
 * controller heats the more the colder it is. No clock and no chance in it: the same steps give the
 * same temperatures.
 */
#pragma once

struct room {
	double celsius; /* of the air */
	double target_celsius;
	double heater; /* 0: off, 1: full power */
};

#define ROOM_INIT                                   \
	{                                           \
		.celsius = 12, .target_celsius = 20 \
	}

/* Lets @minutes go by, at most one at a time. */
static inline void room_step(struct room *room, double minutes)
{
	const double outside_celsius = 5, full_power_celsius = 25, inertia_minutes = 20;
	const double band_celsius = 3; /* how much too cold it is at full power */
	double heater = (room->target_celsius - room->celsius) / band_celsius + 0.5;

	room->heater = heater < 0 ? 0 : heater > 1 ? 1 : heater;
	room->celsius += (outside_celsius + room->heater * full_power_celsius - room->celsius) *
			 minutes / inertia_minutes;
}
