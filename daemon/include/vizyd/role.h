/*
 * What one may do, from least to most: each role may what those before it may. The order and the
 * names are here and nowhere else. Thread: any.
 */
#pragma once

#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

enum vz_role {
	VZ_ROLE_NONE,	/* nobody: sees nothing */
	VZ_ROLE_VIEWER, /* sees what is shared, and moves nothing */
	VZ_ROLE_USER,	/* moves the controls */
	VZ_ROLE_ADMIN,	/* also what concerns the appliance itself: plugins, users, GPIO outputs */
};

/* "viewer", "user", "admin"; "" for VZ_ROLE_NONE and what is no role. Static. */
static inline const char *vz_role_name(enum vz_role role)
{
	switch (role) {
	case VZ_ROLE_VIEWER:
		return "viewer";
	case VZ_ROLE_USER:
		return "user";
	case VZ_ROLE_ADMIN:
		return "admin";
	default:
		return "";
	}
}

/* The role of that name, VZ_ROLE_NONE when there is none. @name may be NULL. */
static inline enum vz_role vz_role_find(const char *name)
{
	int role = VZ_ROLE_ADMIN;

	while (role > VZ_ROLE_NONE && (!name || strcmp(vz_role_name((enum vz_role) role), name)))
		role--;
	return (enum vz_role) role;
}

#ifdef __cplusplus
}
#endif
