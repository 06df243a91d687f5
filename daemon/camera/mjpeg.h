/*
 * A decoder of Motion JPEG pictures (what a USB camera sends above 640x480) to I420 planes, by
 * libjpeg-turbo. Pictures come over a cable from a cheap device: a broken one is an error to skip.
 *
 * Owned by the one who converts; used on one thread at a time.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "camera/convert.h"

#ifdef __cplusplus
extern "C" {
#endif

struct vz_mjpeg;

/* Makes a decoder of pictures of exactly this size. Returns 0 or -ENOMEM. */
int vz_mjpeg_new(uint32_t width_px, uint32_t height_px, struct vz_mjpeg **ret);
struct vz_mjpeg *vz_mjpeg_free(struct vz_mjpeg *mjpeg);

/*
 * Returns 0, -EBADMSG (not a JPEG picture, or broken), -ERANGE (of another size),
 * -EOPNOTSUPP (neither grey nor YCbCr 4:2:0, 4:2:2, 4:4:4) or -ENOMEM.
 */
int vz_mjpeg_decode(struct vz_mjpeg *mjpeg, const uint8_t *data, size_t size,
		    const struct vz_planes *dst);

#ifdef __cplusplus
}
#endif
