/*
 * A video file, read from its beginning to its end: one picture after the other with its time
 * stamp, turned into frames. The libav libraries end here.
 *
 * Files are strangers' work. Only regular files are read, only by the file protocol, only in
 * containers that cannot point at other files, and only up to a size that fits into memory.
 *
 * Thread: one at a time.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "util/cleanup.h"
#include "vizyd/frame.h"

struct AVFrame;
struct vz_file_reader;
struct vz_pool;

struct vz_file_info {
	/* As it is to be seen, turned as the file says. Even: an odd last row or column is left
	 * out. */
	uint32_t width_px, height_px;
	unsigned rotation_deg; /* by which it has been turned, clockwise: 0, 90, 180 or 270 */
	/* The width of a pixel by its height; 1: square, or the file does not say. Pixels are not
	 * made square: each that is told is one that was filmed. */
	double pixel_aspect;
	double fps; /* on average; 0: the file does not say */
};

/* How far a reader has come. */
struct vz_file_count {
	uint64_t n_read;
	uint64_t n_promised; /* by the file's head; 0: that does not say */
	uint64_t n_spoilt;   /* parts of it that could not be decoded */
	bool breaks_off;     /* at the end: there should have been more */
};

struct vz_file_picture {
	struct AVFrame *picture;
	int64_t time_ns; /* of the file; rises from picture to picture */
};

/*
 * Returns 0, -ENOENT and the like, -EINVAL (no regular file), -EBADMSG (not a video that can be
 * read), -ENODATA (there is no video in it), -EOPNOTSUPP (no decoder), -EFBIG (too large) or
 * -ENOMEM.
 */
int vz_file_reader_open(const char *path, struct vz_file_reader **ret);
struct vz_file_reader *vz_file_reader_close(struct vz_file_reader *reader);
VZ_DEFINE_CLEANUP(vz_file_reader_close, struct vz_file_reader *, vz_file_reader_close)
const struct vz_file_info *vz_file_reader_get_info(const struct vz_file_reader *reader);

struct vz_file_count vz_file_reader_get_count(const struct vz_file_reader *reader);

/* Returns 1 and a picture, which is the caller's, 0 at the end, -EBADMSG, -EIO or -ENOMEM. */
int vz_file_reader_next(struct vz_file_reader *reader, struct vz_file_picture *ret);
void vz_file_picture_deinit(struct vz_file_picture *picture);
/* For vz_pool_new(). */
void vz_file_picture_recycle(void *picture);

/*
 * Makes a frame of the size of @info out of @picture, which it takes: the decoder's own memory if
 * that is what a frame needs, else converted into the pool's. Returns 0, -EBUSY (the pool is
 * empty), -EBADMSG (cannot be converted) or -ENOMEM.
 */
int vz_file_reader_make_frame(struct vz_file_reader *reader, struct vz_pool *pool,
			      struct vz_file_picture *picture, struct vz_frame **ret);
