/*
 * The index page as text. Everything in it that is not ours is escaped for its place. Pure.
 */
#pragma once

#include "util/buf.h"

struct vz_index {
	const char *title;
	const char *layout_hash;
	const char *const
		*scripts; /* addresses in loading order, NULL-terminated; the last one starts */
	const char *const *styles;
	const char *worker; /* the address of the websocket worker */
	bool stock;	    /* the worker is that of dash-renderer, without our adapter */
	/* What a program adds, after ours and before the start. NULL: none. */
	const char *const *asset_scripts, *const *asset_styles;
	/* Of all addresses here: "/" or "/…/" with nothing to escape in it. NULL: "/". */
	const char *prefix;
};

void vz_index_write(struct vz_buf *buf, const struct vz_index *index);
/* Text for a place between tags or in a quoted attribute. */
void vz_index_escape(struct vz_buf *buf, const char *text);

/*
 * The value of Content-Security-Policy for a page under @host (checked by vz_host_parse()).
 *
 * No script is inline and none comes from elsewhere. Styles are another matter:
 * dash-core-components puts style elements into the page (its sliders, dropdowns and date pickers
 * bring their rules that way), and Plotly sets style attributes as text; both need 'unsafe-inline'
 * for styles, which cannot run code. "ws:" with our own name is for Safari before 15.4, to which
 * 'self' means http alone.
 */
void vz_index_write_policy(struct vz_buf *buf, const char *host);
