/*
 * The reel: what moved in each picture of a clip, kept so that one can go back to it: of each blob
 * its box and a margin, and its outline. Everywhere else a picture is as good as the
 * background. A whole clip would not fit into memory; this does, up to a budget, and beyond it
 * nothing more is kept.
 *
 * Thread: any; one at a time.
 */
#pragma once

#include "motionscope/blobs.h"

struct vz_reel_piece {
	struct vz_motion_blob blob;
	uint32_t left, top; /* of its box with the margin, in the picture; both even */
	struct vz_picture picture;
	struct vz_plane outline;
};

struct vz_reel_frame {
	uint32_t frame;
	double t_s;
	struct vz_reel_piece *pieces;
	unsigned n;
};

struct vz_reel {
	struct vz_reel_frame *frames; /* in the order in which they came */
	size_t n, n_allocated;
	size_t size_bytes, max_bytes;
};

void vz_reel_init(struct vz_reel *reel, size_t max_bytes);
void vz_reel_deinit(struct vz_reel *reel);

/*
 * Adds the next picture: @outline is what @blobs were measured in. Returns 0, -ENOSPC (it would be
 * more than the budget; so will be all that follow) or -ENOMEM.
 */
int vz_reel_add(struct vz_reel *reel, uint32_t frame, double t_s, const struct vz_picture *picture,
		const struct vz_plane *outline, const struct vz_blobs *blobs);

/* The index of @frame, or -1. */
long vz_reel_find(const struct vz_reel *reel, uint32_t frame);

/*
 * Writes into @ret what the picture had from (@left, @top) on, both even: @background there, which
 * has the size of the pictures, and what was kept of the frame over it. What lies beyond the
 * picture stays as it was.
 */
void vz_reel_show(const struct vz_reel_frame *frame, const struct vz_picture *background, long left,
		  long top, struct vz_picture *ret);
/* The same of the outline, which is 0 where there is none, and beyond the picture. */
void vz_reel_show_outline(const struct vz_reel_frame *frame, long left, long top,
			  struct vz_plane *ret);
