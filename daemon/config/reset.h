/*
 * Back to the state of the factory: what the state folder has, but for films.
 */
#pragma once

#include <stdbool.h>

/*
 * Empties the folder @dir_fd, which the caller has locked. Users, sessions and all else are
 * removed; the settings (state.json) are kept aside in the folder "before-reset", in place of those
 * of an earlier reset; recordings and uploaded clips stay unless @with_recordings. What a power cut
 * leaves of it the next reset removes.
 *
 * Returns how many entries went, or a negative errno of the first that could not; then the others
 * have still been tried.
 */
int vz_reset_folder(int dir_fd, bool with_recordings);
