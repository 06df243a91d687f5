/*
 * A clip: a video file of which any frame can be had by its number. Opening it reads through the
 * file once, without decoding, and notes when each frame is to be shown. Frames count from 0 in
 * the order in which they are shown, which is that in which a decoder gives them.
 *
 * The libav libraries are in the module "file" and loaded with the first clip, so these are
 * pointers: vz_clip_load() gives them.
 *
 * Thread: one at a time for each clip; vz_clip_load() on any.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vizyd/frame.h"

struct vz_clip;

struct vz_clip_info {
	uint32_t width_px, height_px; /* even */
	double fps;		      /* on average; 0: the file does not say */
	size_t n_frames;
	/* When each is to be shown, rising; those of the file itself, so the first need not be 0.
	 */
	const int64_t *times_ns;
};

struct vz_clip_ops {
	/*
	 * @is_cancelled (atomic, may be NULL) ends it early. Returns 0, what vz_file_reader_open()
	 * does, -ENODATA (not one frame), -EFBIG (too many) or -ECANCELED.
	 */
	int (*open)(const char *path, const bool *is_cancelled, struct vz_clip **ret);
	/* Takes NULL; returns NULL. Frames that are out stay valid. */
	struct vz_clip *(*close)(struct vz_clip *clip);
	/* Borrowed until the clip is closed. */
	const struct vz_clip_info *(*get_info)(const struct vz_clip *clip);
	/*
	 * The frame number @index, with its reference: its sequence is its number, and both time
	 * stamps are its time in the file. A frame that is broken gives the next that is not. The
	 * next one after the last that was read costs its decoding; any other, decoding from the
	 * key frame before it. Returns 0, -ERANGE (there are not so many), -EBUSY (all frames of
	 * its pool are out: give some back), -EBADMSG, -EIO or -ENOMEM.
	 */
	int (*read)(struct vz_clip *clip, size_t index, struct vz_frame **ret);
};

/* Those of clip.c itself: for programs that link the libav libraries. */
extern const struct vz_clip_ops vz_clip_ops;

/* Returns 0, -EOPNOTSUPP (built without video files) or -ELIBBAD. */
int vz_clip_load(const struct vz_clip_ops **ret);

/* What went wrong with a file, for a person: "it is no video that can be read". Static. */
const char *vz_clip_describe_error(int r);
