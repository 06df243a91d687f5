/*
 * Our own components, as component.h says; what they do: ui/components.
 * Written by ui/components.mjs: do not edit.
 */
#pragma once

#include <vizyd/component.h>

/* clang-format off */

#define VZ_OWN_LIVE_VIEW(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(camera) TEXT(src) TEXT(label) TRUTH(show_status) VALUE(overlay) \
	TRUTH(pointer_events) TEXT(className) VALUE(style) TEXT(fit) TEXT(state) NUMBER(fps) \
	NUMBER(frame) VALUE(picture) VALUE(pointer)
VZ_DEFINE_COMPONENT_(vz_own_live_view, VZ_OWN_LIVE_VIEW);
#define vz_own_live_view(...) \
	vz_own_live_view_new(VZ_OWN, "LiveView", VZ_GIVEN_(vz_own_live_view, VZ_OWN_LIVE_VIEW, __VA_ARGS__))

/* All of them: X(type, struct, list of properties). */
#define VZ_OWN_COMPONENTS(X) \
	X(LiveView, vz_own_live_view, VZ_OWN_LIVE_VIEW)
