/*
 * A compressor of frames to JPEG pictures, by libjpeg-turbo straight from the YUV planes. It keeps
 * its memory from one picture to the next.
 *
 * Owned by the one who compresses; used on one thread at a time.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "util/cleanup.h"
#include "vizyd/frame.h"

struct vz_blob;
struct vz_jpeg;

/* Returns 0 or -ENOMEM. */
int vz_jpeg_new(struct vz_jpeg **ret);
struct vz_jpeg *vz_jpeg_free(struct vz_jpeg *jpeg);
VZ_DEFINE_CLEANUP(vz_jpeg_free, struct vz_jpeg *, vz_jpeg_free)

/*
 * The picture of @frame, borrowed until the next one, with @luma (of the frame's stride) in place
 * of its own luma plane if that is not NULL. @quality_percent is 1..100. Returns 0, -EINVAL (no
 * size that a picture can have) or -ENOMEM.
 */
int vz_jpeg_encode(struct vz_jpeg *jpeg, const struct vz_frame *frame, const uint8_t *luma,
		   int quality_percent, const uint8_t **ret_data, size_t *ret_size);
/* The same as a blob with the frame's time stamp and sequence; NULL: it could not be made. */
struct vz_blob *vz_jpeg_encode_blob(struct vz_jpeg *jpeg, const struct vz_frame *frame,
				    const uint8_t *luma, int quality_percent);
