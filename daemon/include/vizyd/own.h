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

#define VZ_OWN_TRACK_VIEW(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(src) TEXT(label) VALUE(size) NUMBER(aspect) VALUE(tracks) VALUE(crosses) \
	VALUE(line) TEXT(line_text) VALUE(hover) TEXT(className) VALUE(hovered) VALUE(pressed)
VZ_DEFINE_COMPONENT_(vz_own_track_view, VZ_OWN_TRACK_VIEW);
#define vz_own_track_view(...) \
	vz_own_track_view_new(VZ_OWN, "TrackView", VZ_GIVEN_(vz_own_track_view, VZ_OWN_TRACK_VIEW, __VA_ARGS__))

#define VZ_OWN_VIDEO_UPLOAD(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(label) TEXT(target) TEXT(accept) NUMBER(max_bytes) TEXT(className) VALUE(sent)
VZ_DEFINE_COMPONENT_(vz_own_video_upload, VZ_OWN_VIDEO_UPLOAD);
#define vz_own_video_upload(...) \
	vz_own_video_upload_new(VZ_OWN, "VideoUpload", VZ_GIVEN_(vz_own_video_upload, VZ_OWN_VIDEO_UPLOAD, __VA_ARGS__))

/* All of them: X(type, struct, list of properties). */
#define VZ_OWN_COMPONENTS(X) \
	X(LiveView, vz_own_live_view, VZ_OWN_LIVE_VIEW) \
	X(TrackView, vz_own_track_view, VZ_OWN_TRACK_VIEW) \
	X(VideoUpload, vz_own_video_upload, VZ_OWN_VIDEO_UPLOAD)
