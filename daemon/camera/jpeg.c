#include "camera/jpeg.h"

#include <errno.h>
#include <stdlib.h>
#include <turbojpeg.h>

#include "util/blob.h"

struct vz_jpeg {
	tjhandle handle;
	uint8_t *picture; /* large enough for any picture of the size */
	size_t picture_size;
};

int vz_jpeg_new(struct vz_jpeg **ret)
{
	VZ_CLEANUP(vz_jpeg_freep) struct vz_jpeg *jpeg = calloc(1, sizeof(*jpeg));

	if (!jpeg)
		return -ENOMEM;
	jpeg->handle = tjInitCompress();
	if (!jpeg->handle)
		return -ENOMEM;
	*ret = vz_steal(jpeg);
	return 0;
}

struct vz_jpeg *vz_jpeg_free(struct vz_jpeg *jpeg)
{
	if (!jpeg)
		return NULL;
	if (jpeg->handle)
		(void) tjDestroy(jpeg->handle);
	free(jpeg->picture);
	free(jpeg);
	return NULL;
}

static int make_room(struct vz_jpeg *jpeg, size_t wanted)
{
	uint8_t *larger;

	if (jpeg->picture_size >= wanted)
		return 0;
	larger = malloc(wanted);
	if (!larger)
		return -ENOMEM;
	free(jpeg->picture);
	jpeg->picture = larger;
	jpeg->picture_size = wanted;
	return 0;
}

int vz_jpeg_encode(struct vz_jpeg *jpeg, const struct vz_frame *frame, const uint8_t *luma,
		   int quality_percent, const uint8_t **ret_data, size_t *ret_size)
{
	int width = (int) frame->width_px, height = (int) frame->height_px;
	const uint8_t *planes[VZ_FRAME_N_PLANES] = { luma ? luma : frame->plane[0], frame->plane[1],
						     frame->plane[2] };
	unsigned long bound = tjBufSize(width, height, TJSAMP_420), size = bound;
	int strides[VZ_FRAME_N_PLANES], r;

	if (bound == (unsigned long) -1)
		return -EINVAL;
	r = make_room(jpeg, bound);
	if (r < 0)
		return r;
	for (unsigned i = 0; i < VZ_FRAME_N_PLANES; i++)
		strides[i] = (int) frame->stride_bytes[i];
	/* The accurate DCT costs nothing more where it is done by SIMD. */
	if (tjCompressFromYUVPlanes(jpeg->handle, planes, width, strides, height, TJSAMP_420,
				    &jpeg->picture, &size, quality_percent,
				    TJFLAG_NOREALLOC | TJFLAG_ACCURATEDCT) < 0)
		return -EINVAL;
	*ret_data = jpeg->picture;
	*ret_size = size;
	return 0;
}

struct vz_blob *vz_jpeg_encode_blob(struct vz_jpeg *jpeg, const struct vz_frame *frame,
				    const uint8_t *luma, int quality_percent)
{
	const uint8_t *data;
	struct vz_blob *blob;
	size_t size;

	if (vz_jpeg_encode(jpeg, frame, luma, quality_percent, &data, &size) < 0)
		return NULL;
	/*
	 * The bound is some ten times what a picture needs. Copying it out costs microseconds,
	 * and a client that is slow to take it holds no more than its bytes.
	 */
	blob = vz_blob_new_copy(data, size);
	if (!blob)
		return NULL;
	blob->timestamp_ns = frame->timestamp_ns;
	blob->sequence = frame->sequence;
	blob->width_px = frame->width_px;
	blob->height_px = frame->height_px;
	return blob;
}
