/*
 * Mods meet the layout: all of them or none. Thread: loop.
 */
#pragma once

struct vz_app;
struct vz_mods;
struct vz_property;

/*
 * Sets every one of @mods in the layout and makes its property shared. Returns 0 and the
 * properties in the order of the mods, to free(), or what vz_layout_set() returns for the first
 * that does not go, with its component id in *@ret_bad (borrowed from @mods).
 */
int vz_apply(struct vz_app *app, const struct vz_mods *mods, struct vz_property ***ret_properties,
	     const char **ret_bad);
