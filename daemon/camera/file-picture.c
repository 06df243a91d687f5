#include "camera/file-reader.h"

#include <errno.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <stdlib.h>
#include <string.h>

#include "camera/file-private.h"
#include "camera/levels.h"
#include "camera/pool.h"

/* The scaler writes whole vectors. */
#define SCALER_MARGIN_BYTES 64u

void vz_file_picture_recycle(void *picture)
{
	AVFrame *frame = picture;

	av_frame_free(&frame);
}

void vz_file_picture_deinit(struct vz_file_picture *picture)
{
	av_frame_free(&picture->picture);
}

/* --- To frames ---------------------------------------------------------------------------- */

static bool is_yuv(enum AVPixelFormat format)
{
	const AVPixFmtDescriptor *d = av_pix_fmt_desc_get(format);

	return d && !(d->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) &&
	       d->nb_components >= 3;
}

/* The formats with J are the old way to say full range. */
static bool is_full_range(const AVFrame *picture)
{
	switch (picture->format) {
	case AV_PIX_FMT_YUVJ420P:
	case AV_PIX_FMT_YUVJ422P:
	case AV_PIX_FMT_YUVJ444P:
	case AV_PIX_FMT_YUVJ440P:
	case AV_PIX_FMT_YUVJ411P:
		return true;
	default:
		return picture->color_range == AVCOL_RANGE_JPEG;
	}
}

/* Returns the parts of red and blue in luma; where the file does not say, as players guess. */
static void find_matrix(const AVFrame *picture, double *ret_kr, double *ret_kb)
{
	enum AVColorSpace space = picture->colorspace;

	if (space == AVCOL_SPC_UNSPECIFIED && picture->height >= 720 && !is_full_range(picture))
		space = AVCOL_SPC_BT709;
	switch (space) {
	case AVCOL_SPC_BT709:
		*ret_kr = 0.2126;
		*ret_kb = 0.0722;
		break;
	case AVCOL_SPC_BT2020_NCL:
	case AVCOL_SPC_BT2020_CL:
		*ret_kr = 0.2627;
		*ret_kb = 0.0593;
		break;
	case AVCOL_SPC_SMPTE240M:
		*ret_kr = 0.212;
		*ret_kb = 0.087;
		break;
	default:
		*ret_kr = 0.299;
		*ret_kb = 0.114;
		break;
	}
}

static bool is_same_size(const struct vz_file_reader *reader, const AVFrame *picture)
{
	return ((uint32_t) picture->width & ~1u) == reader->width_px &&
	       ((uint32_t) picture->height & ~1u) == reader->height_px;
}

static bool is_planar_420(const struct vz_file_reader *reader, const AVFrame *picture)
{
	return (picture->format == AV_PIX_FMT_YUV420P || picture->format == AV_PIX_FMT_YUVJ420P) &&
	       is_same_size(reader, picture) && picture->linesize[0] > 0 &&
	       picture->linesize[1] > 0 && picture->linesize[2] > 0;
}

static int lend(struct vz_pool *pool, struct vz_file_picture *picture, struct vz_frame **ret)
{
	AVFrame *av = picture->picture;
	struct vz_frame *frame;
	int r;

	r = vz_pool_acquire_foreign(pool, av, &frame);
	if (r < 0)
		return r;
	picture->picture = NULL;
	for (unsigned i = 0; i < VZ_FRAME_N_PLANES; i++) {
		frame->plane[i] = av->data[i];
		frame->stride_bytes[i] = (uint32_t) av->linesize[i];
	}
	*ret = frame;
	return 0;
}

static int set_up_scaler(struct vz_file_reader *reader, const AVFrame *picture)
{
	const int *table = sws_getCoefficients(SWS_CS_ITU601);
	struct SwsContext *scaler;

	if (reader->scaler && reader->scaler_width == picture->width &&
	    reader->scaler_height == picture->height && reader->scaler_format == picture->format)
		return 0;
	sws_freeContext(reader->scaler);
	reader->scaler = NULL;
	scaler = sws_alloc_context();
	if (!scaler)
		return -ENOMEM;
	/* An odd last row or column is left out, not squeezed in. */
	(void) av_opt_set_int(scaler, "srcw", picture->width & ~1, 0);
	(void) av_opt_set_int(scaler, "srch", picture->height & ~1, 0);
	(void) av_opt_set_int(scaler, "src_format", picture->format, 0);
	(void) av_opt_set_int(scaler, "dstw", reader->width_px, 0);
	(void) av_opt_set_int(scaler, "dsth", reader->height_px, 0);
	(void) av_opt_set_int(scaler, "dst_format", AV_PIX_FMT_YUV420P, 0);
	(void) av_opt_set_int(scaler, "sws_flags", SWS_BILINEAR | SWS_ACCURATE_RND, 0);
	/* YUV keeps its range and matrix here and gets the right ones afterwards; all else has
	 * full range. */
	(void) av_opt_set_int(scaler, "src_range", 1, 0);
	(void) av_opt_set_int(scaler, "dst_range", 1, 0);
	if (sws_init_context(scaler, NULL, NULL) < 0) {
		sws_freeContext(scaler);
		return -EBADMSG;
	}
	(void) sws_setColorspaceDetails(scaler, table, 1, table, 1, 0, 1 << 16, 1 << 16);
	reader->scaler = scaler;
	reader->scaler_width = picture->width;
	reader->scaler_height = picture->height;
	reader->scaler_format = picture->format;
	return 0;
}

/* Fills @planes with the picture in its own levels. */
static int scale(struct vz_file_reader *reader, const AVFrame *picture,
		 uint8_t *planes[VZ_FRAME_N_PLANES], const uint32_t *strides)
{
	int to_strides[4] = { (int) strides[0], (int) strides[1], (int) strides[2], 0 };
	uint8_t *to[4] = { planes[0], planes[1], planes[2], NULL };
	int r;

	r = set_up_scaler(reader, picture);
	if (r < 0)
		return r;
	r = sws_scale(reader->scaler, (const uint8_t *const *) picture->data, picture->linesize, 0,
		      picture->height & ~1, to, to_strides);
	return r < 0 ? -EBADMSG : 0;
}

/* Memory for a picture that is to be turned; it stays the reader's. */
static int get_scratch(struct vz_file_reader *reader, uint8_t *ret[VZ_FRAME_N_PLANES],
		       uint32_t *ret_strides)
{
	size_t size = (size_t) reader->width_px * reader->height_px;

	if (!reader->scratch)
		reader->scratch = malloc(size + size / 2 + SCALER_MARGIN_BYTES);
	if (!reader->scratch)
		return -ENOMEM;
	ret[0] = reader->scratch;
	ret[1] = ret[0] + size;
	ret[2] = ret[1] + size / 4;
	ret_strides[0] = reader->width_px;
	ret_strides[1] = ret_strides[2] = reader->width_px / 2;
	return 0;
}

/* The planes of @picture in its own levels, as it is stored: its own, or converted. */
static int find_planes(struct vz_file_reader *reader, const AVFrame *picture,
		       struct vz_frame *frame, uint8_t *planes[VZ_FRAME_N_PLANES],
		       const uint8_t *ret[VZ_FRAME_N_PLANES], uint32_t *ret_strides)
{
	uint8_t *to[VZ_FRAME_N_PLANES] = { planes[0], planes[1], planes[2] };
	int r = 0;

	if (is_planar_420(reader, picture)) {
		for (unsigned i = 0; i < VZ_FRAME_N_PLANES; i++) {
			ret[i] = picture->data[i];
			ret_strides[i] = (uint32_t) picture->linesize[i];
		}
		return 0;
	}
	if (vz_turn_is_any(&reader->turn))
		r = get_scratch(reader, to, ret_strides);
	else
		memcpy(ret_strides, frame->stride_bytes, sizeof(frame->stride_bytes));
	if (r == 0)
		r = scale(reader, picture, to, ret_strides);
	for (unsigned i = 0; i < VZ_FRAME_N_PLANES; i++)
		ret[i] = to[i];
	return r;
}

static int convert(struct vz_file_reader *reader, const AVFrame *picture, struct vz_frame *frame,
		   uint8_t *planes[VZ_FRAME_N_PLANES])
{
	const uint8_t *from[VZ_FRAME_N_PLANES];
	uint32_t from_strides[VZ_FRAME_N_PLANES];
	struct vz_levels levels;
	double kr, kb;
	int r;

	r = find_planes(reader, picture, frame, planes, from, from_strides);
	if (r < 0)
		return r;
	for (unsigned i = 0; vz_turn_is_any(&reader->turn) && i < VZ_FRAME_N_PLANES; i++) {
		vz_turn_plane(&reader->turn, from[i], from_strides[i], planes[i],
			      frame->stride_bytes[i], frame->width_px >> (i > 0),
			      frame->height_px >> (i > 0));
		from[i] = planes[i];
		from_strides[i] = frame->stride_bytes[i];
	}
	if (!is_yuv(picture->format))
		return 0;
	find_matrix(picture, &kr, &kb);
	vz_levels_init(&levels, kr, kb, is_full_range(picture));
	vz_levels_apply(&levels, frame->width_px, frame->height_px, from, from_strides, planes,
			frame->stride_bytes);
	return 0;
}

static bool is_as_a_frame(const struct vz_file_reader *reader, const AVFrame *picture)
{
	double kr, kb;

	find_matrix(picture, &kr, &kb);
	return !vz_turn_is_any(&reader->turn) && is_planar_420(reader, picture) &&
	       is_full_range(picture) && kr == 0.299;
}

int vz_file_reader_make_frame(struct vz_file_reader *reader, struct vz_pool *pool,
			      struct vz_file_picture *picture, struct vz_frame **ret)
{
	uint8_t *planes[VZ_FRAME_N_PLANES];
	struct vz_frame *frame;
	int r;

	if (is_as_a_frame(reader, picture->picture)) {
		r = lend(pool, picture, ret);
		vz_file_picture_deinit(picture);
		return r;
	}
	r = vz_pool_acquire(pool, planes, &frame);
	if (r == 0) {
		r = convert(reader, picture->picture, frame, planes);
		if (r < 0)
			(void) vz_frame_unref(frame);
		else
			*ret = frame;
	}
	vz_file_picture_deinit(picture);
	return r;
}
