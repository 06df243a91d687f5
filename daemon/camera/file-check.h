/*
 * Whether a video file is whole: what a stranger has sent is looked at before it is kept.
 * Thread: any; it reads the file once, without decoding it.
 */
#pragma once

#include <stdint.h>

struct vz_file_extent {
	uint32_t width_px, height_px;
	uint64_t n_frames;	    /* that are there */
	uint64_t n_frames_promised; /* by its head; 0: that does not say */
};

/*
 * Returns 0, what vz_file_reader_open() does, -ENODATA (not one picture of it can be decoded),
 * -EFBIG (larger than it may be), or -EPIPE: it breaks off, and *@ret says where.
 */
int vz_file_check(const char *path, struct vz_file_extent *ret);
