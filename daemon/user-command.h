/*
 * `vizyd user`: the users of the device, from a shell; also while the daemon runs, which notices.
 */
#pragma once

/* @argv begins with "user". Returns the exit status: 0, 1 (it could not be done) or 2 (usage). */
int vz_user_command(int argc, char **argv);
