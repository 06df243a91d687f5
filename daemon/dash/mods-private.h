/* Walking mods one component at a time, for the encoders. */
#pragma once

#include "dash/mods.h"

/* Runs over the first mod of each component. */
#define vz_mods_for_each_component(mod, set)                                     \
	for (mod = (set)->mods; mod && mod < (set)->mods + (set)->n_mods; mod++) \
		if (mod->is_first)

/* The next mod for the same component, in the order of setting, or NULL. */
const struct vz_mod *vz_mods_next_of_component(const struct vz_mods *mods,
					       const struct vz_mod *mod);
