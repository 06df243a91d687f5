#include "camera/mjpeg.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

#include "util/cleanup.h"

struct vz_mjpeg {
	tjhandle handle;
	bool is_broken; /* by the last picture: a new handle before the next */
	uint32_t width_px, height_px;
	/* Chroma on the picture's own grid where that is finer than ours. */
	uint8_t *scratch;
	size_t scratch_size;
};

VZ_DEFINE_CLEANUP(vz_mjpeg_free, struct vz_mjpeg *, vz_mjpeg_free)

int vz_mjpeg_new(uint32_t width_px, uint32_t height_px, struct vz_mjpeg **ret)
{
	VZ_CLEANUP(vz_mjpeg_freep) struct vz_mjpeg *m = calloc(1, sizeof(*m));

	if (!m)
		return -ENOMEM;
	m->width_px = width_px;
	m->height_px = height_px;
	m->handle = tjInitDecompress();
	if (!m->handle)
		return -ENOMEM;
	*ret = vz_steal(m);
	return 0;
}

struct vz_mjpeg *vz_mjpeg_free(struct vz_mjpeg *mjpeg)
{
	if (!mjpeg)
		return NULL;
	if (mjpeg->handle)
		tjDestroy(mjpeg->handle);
	free(mjpeg->scratch);
	free(mjpeg);
	return NULL;
}

static int reserve_scratch(struct vz_mjpeg *m, size_t size)
{
	uint8_t *scratch;

	if (m->scratch_size >= size)
		return 0;
	scratch = realloc(m->scratch, size);
	if (!scratch)
		return -ENOMEM;
	m->scratch = scratch;
	m->scratch_size = size;
	return 0;
}

/* A warning is a picture with a fault in it (a cut cable, a lost packet): better none than that. */
static int decompress(struct vz_mjpeg *m, const uint8_t *data, size_t size, uint8_t **planes,
		      int *strides)
{
	if (tjDecompressToYUVPlanes(m->handle, data, (unsigned long) size, planes,
				    (int) m->width_px, strides, (int) m->height_px,
				    TJFLAG_ACCURATEDCT))
		return -EBADMSG;
	return 0;
}

static int decode_420(struct vz_mjpeg *m, const uint8_t *data, size_t size,
		      const struct vz_planes *dst)
{
	uint8_t *planes[3] = { dst->plane[0], dst->plane[1], dst->plane[2] };
	int strides[3];

	for (int i = 0; i < 3; i++)
		strides[i] = (int) dst->stride_bytes[i];
	return decompress(m, data, size, planes, strides);
}

static int decode_grey(struct vz_mjpeg *m, const uint8_t *data, size_t size,
		       const struct vz_planes *dst)
{
	uint8_t *planes[3] = { dst->plane[0], NULL, NULL };
	int strides[3] = { (int) dst->stride_bytes[0], 0, 0 };
	int r;

	r = decompress(m, data, size, planes, strides);
	if (r < 0)
		return r;
	for (int i = 1; i < 3; i++)
		memset(dst->plane[i], 128, (size_t) dst->stride_bytes[i] * (m->height_px / 2));
	return 0;
}

/* @step_x and @step_y: how many of the picture's chroma samples make one of ours. */
static int decode_finer(struct vz_mjpeg *m, const uint8_t *data, size_t size,
			const struct vz_planes *dst, unsigned step_x, unsigned step_y)
{
	uint32_t width = m->width_px / 2 * step_x, height = m->height_px / 2 * step_y;
	size_t chroma = (size_t) width * height;
	uint8_t *planes[3];
	int strides[3] = { (int) dst->stride_bytes[0], (int) width, (int) width };
	int r;

	r = reserve_scratch(m, 2 * chroma);
	if (r < 0)
		return r;
	planes[0] = dst->plane[0];
	planes[1] = m->scratch;
	planes[2] = m->scratch + chroma;
	r = decompress(m, data, size, planes, strides);
	if (r < 0)
		return r;
	for (int i = 1; i < 3; i++)
		vz_convert_shrink_chroma(dst->plane[i], dst->stride_bytes[i], planes[i], width,
					 m->width_px / 2, m->height_px / 2, step_x, step_y);
	return 0;
}

/*
 * libjpeg-turbo 2.1 returns from a header that it cannot read in the middle of it, and goes on
 * there with the next picture: after an error we begin anew.
 */
static int begin_anew(struct vz_mjpeg *m)
{
	if (m->handle)
		tjDestroy(m->handle);
	m->handle = tjInitDecompress();
	return m->handle ? 0 : -ENOMEM;
}

static int decode(struct vz_mjpeg *m, const uint8_t *data, size_t size, const struct vz_planes *dst)
{
	int width, height, subsampling, colours;

	if (tjDecompressHeader3(m->handle, data, (unsigned long) size, &width, &height,
				&subsampling, &colours))
		return -EBADMSG;
	if (width != (int) m->width_px || height != (int) m->height_px)
		return -ERANGE;
	if (colours != TJCS_YCbCr && colours != TJCS_GRAY)
		return -EOPNOTSUPP;

	switch (subsampling) {
	case TJSAMP_420:
		return decode_420(m, data, size, dst);
	case TJSAMP_422:
		return decode_finer(m, data, size, dst, 1, 2);
	case TJSAMP_444:
		return decode_finer(m, data, size, dst, 2, 2);
	case TJSAMP_GRAY:
		return decode_grey(m, data, size, dst);
	default:
		return -EOPNOTSUPP;
	}
}

int vz_mjpeg_decode(struct vz_mjpeg *mjpeg, const uint8_t *data, size_t size,
		    const struct vz_planes *dst)
{
	int r;

	if (mjpeg->is_broken) {
		r = begin_anew(mjpeg);
		if (r < 0)
			return r;
	}
	r = decode(mjpeg, data, size, dst);
	mjpeg->is_broken = r < 0;
	return r;
}
