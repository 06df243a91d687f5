/*
 * What log lines are about, and the few events that somebody may search the journal for.
 * README.md lists them. Pure.
 */
#pragma once

enum vz_event {
	VZ_EVENT_NONE,
	/* Of a camera, a plugin, a line, without a number of its own. */
	VZ_EVENT_CAMERA,
	VZ_EVENT_PLUGIN,
	VZ_EVENT_LINE,
	VZ_EVENT_CAMERA_LOST,	  /* the camera is lost */
	VZ_EVENT_CAMERA_BACK,	  /* it is back */
	VZ_EVENT_PLUGIN_FAILED,	  /* it cannot be loaded */
	VZ_EVENT_PLUGIN_DISABLED, /* it has crashed too often */
	VZ_EVENT_LINE_MISSING,	  /* there is no such chip or line now */
	VZ_EVENT_LINE_DISABLED,	  /* its configuration is wrong */
	VZ_EVENT_STATE_DAMAGED,	  /* set aside */
	VZ_EVENT_STATE_NEWER,	  /* set aside */
	VZ_EVENT_STATE_UNSAVED,	  /* it cannot be written */
	VZ_EVENT_CONFIG_READ,	  /* read anew */
	VZ_EVENT_CONFIG_REFUSED,  /* what was read anew is wrong */
	VZ_EVENT_RESET,		  /* back to the state of the factory */
	VZ_EVENT_LOGIN_REFUSED,	  /* a wrong password */
	VZ_EVENT_NOT_ALIVE,	  /* it does not go on: the watchdog is not fed any more */
	VZ_N_EVENTS
};

struct vz_event_kind {
	const char *message_id; /* of sd-id128(3), 32 hex digits; NULL: none */
	const char *field;	/* of the subject's name: "VIZYD_CAMERA"; NULL: it has none */
};

extern const struct vz_event_kind vz_event_kinds[VZ_N_EVENTS];
