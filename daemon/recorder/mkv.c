#include "recorder/mkv.h"

#include <errno.h>
#include <string.h>

#define SEEK_BYTES    26u /* a SeekHead with one entry */
#define SEGMENT_START 52u /* where the segment's own offsets count from */
/* Of a cluster: the sizes of what is in it are fixed but for the picture's. */
#define CLUSTER_FIXED_BYTES (VZ_MKV_CLUSTER_BYTES - 8)
#define BLOCK_HEAD_BYTES    4u
/* 2001-01-01, from where Matroska counts, since 1970. */
#define EPOCH_S INT64_C(978307200)

/* --- EBML ----------------------------------------------------------------------------------- */

static void put(struct vz_buf *buf, const char *bytes, size_t n)
{
	vz_buf_append(buf, bytes, n);
}

#define PUT(buf, literal) put(buf, literal, sizeof(literal) - 1)

static void store_be(uint8_t *to, uint64_t value, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		to[i] = (uint8_t) (value >> 8 * (n - 1 - i));
}

static uint64_t load_be(const uint8_t *from, unsigned n)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < n; i++)
		value = value << 8 | from[i];
	return value;
}

static void put_be(struct vz_buf *buf, uint64_t value, unsigned n)
{
	uint8_t bytes[8];

	store_be(bytes, value, n);
	vz_buf_append(buf, bytes, n);
}

static void put_double(struct vz_buf *buf, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	put_be(buf, bits, 8);
}

/* --- The head ------------------------------------------------------------------------------- */

/* Until there is an index to point at, so many bytes that mean nothing. */
static void write_seek_head(struct vz_buf *buf, const struct vz_mkv_end *end)
{
	if (!end->cues_offset) {
		put_be(buf, 0xec80 | (SEEK_BYTES - 2), 2);
		for (unsigned i = 2; i < SEEK_BYTES; i++)
			vz_buf_putc(buf, 0);
		return;
	}
	PUT(buf, "\x11\x4d\x9b\x74\x95\x4d\xbb\x92\x53\xab\x84\x1c\x53\xbb\x6b\x53\xac\x88");
	put_be(buf, end->cues_offset - SEGMENT_START, 8);
}

static void write_info(struct vz_buf *buf, const struct vz_mkv_video *video,
		       const struct vz_mkv_end *end)
{
	PUT(buf, "\x15\x49\xa9\x66\xad");
	/* A microsecond is the unit of all times. */
	PUT(buf, "\x2a\xd7\xb1\x83\x00\x03\xe8");
	PUT(buf, "\x44\x89\x88");
	put_double(buf, (double) end->duration_us);
	PUT(buf, "\x44\x61\x88");
	put_be(buf, (uint64_t) (video->created_s - EPOCH_S) * 1000000000, 8);
	PUT(buf, "\x4d\x80\x85vizyd\x57\x41\x85vizyd");
}

static void write_tracks(struct vz_buf *buf, const struct vz_mkv_video *video)
{
	double step_ns = video->fps > 0 ? 1e9 / video->fps : 0;

	PUT(buf, "\x16\x54\xae\x6b\xb9\xae\xb7");
	PUT(buf, "\xd7\x81\x01\x73\xc5\x81\x01\x83\x81\x01\x9c\x81\x00\x86\x87V_MJPEG");
	/* Of no use to a player when it is not known, and harmless. */
	if (step_ns >= 1 && step_ns < 4e9)
		PUT(buf, "\x23\xe3\x83\x84");
	else
		PUT(buf, "\xec\x86\x00\x00");
	put_be(buf, step_ns >= 1 && step_ns < 4e9 ? (uint64_t) (step_ns + 0.5) : 0, 4);
	PUT(buf, "\xe0\x97\xb0\x84");
	put_be(buf, video->width_px, 4);
	PUT(buf, "\xba\x84");
	put_be(buf, video->height_px, 4);
	/* BT.601, full range: a frame's levels. */
	PUT(buf, "\x55\xb0\x88\x55\xb1\x81\x05\x55\xb9\x81\x02");
}

void vz_mkv_write_head(struct vz_buf *buf, const struct vz_mkv_video *video,
		       const struct vz_mkv_end *end)
{
	size_t start = buf->size;

	PUT(buf, "\x1a\x45\xdf\xa3\xa3\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04");
	PUT(buf, "\x42\xf3\x81\x08\x42\x82\x88matroska\x42\x87\x81\x04\x42\x85\x81\x02");
	PUT(buf, "\x18\x53\x80\x67");
	/* Not known while it is written. */
	put_be(buf,
	       end->size ? UINT64_C(1) << 56 | (end->size - SEGMENT_START)
			 : UINT64_C(0x01ffffffffffffff),
	       8);
	write_seek_head(buf, end);
	write_info(buf, video, end);
	write_tracks(buf, video);
	if (buf->failed)
		return;
	/* The rest of the head means nothing. */
	put_be(buf, 0xec80 | (VZ_MKV_HEAD_BYTES - (buf->size - start) - 2), 2);
	while (!buf->failed && buf->size - start < VZ_MKV_HEAD_BYTES)
		vz_buf_putc(buf, 0);
}

/* --- Clusters and cues ---------------------------------------------------------------------- */

/* Each byte that is always the same; the rest is zero here. */
static const uint8_t cluster_form[VZ_MKV_CLUSTER_BYTES] = {
	0x1f, 0x43, 0xb6, 0x75, 0x10, 0, 0, 0,	     /* Cluster, size */
	0xe7, 0x88, 0,	  0,	0,    0, 0, 0, 0, 0, /* Timestamp */
	0xec, 0x90, 0,	  0,	0,    0, 0, 0, 0, 0, /* Void: stamp and */
	0,    0,    0,	  0,	0,    0, 0, 0,	     /* number */
	0xa3, 0x10, 0,	  0,	0,		     /* SimpleBlock, size */
	0x81, 0,    0,	  0x80,			     /* track, relative time, key frame */
};
enum { AT_SIZE = 4, AT_TIME = 10, AT_STAMP = 20, AT_SEQUENCE = 28, AT_BLOCK_SIZE = 37 };

void vz_mkv_put_cluster(uint8_t cluster[VZ_MKV_CLUSTER_BYTES], const struct vz_mkv_frame *frame,
			size_t picture_bytes)
{
	memcpy(cluster, cluster_form, VZ_MKV_CLUSTER_BYTES);
	/* Sizes of four bytes begin with the bit that says so. */
	store_be(cluster + AT_SIZE, 0x10000000 | (picture_bytes + CLUSTER_FIXED_BYTES), 4);
	store_be(cluster + AT_TIME, (uint64_t) frame->time_us, 8);
	store_be(cluster + AT_STAMP, (uint64_t) frame->stamp_ns, 8);
	store_be(cluster + AT_SEQUENCE, frame->sequence, 8);
	store_be(cluster + AT_BLOCK_SIZE, 0x10000000 | (picture_bytes + BLOCK_HEAD_BYTES), 4);
}

int vz_mkv_parse_cluster(const uint8_t cluster[VZ_MKV_CLUSTER_BYTES], struct vz_mkv_frame *ret,
			 size_t *ret_picture_bytes)
{
	uint64_t size = load_be(cluster + AT_SIZE, 4) & 0x0fffffff;
	uint8_t expected[VZ_MKV_CLUSTER_BYTES];
	struct vz_mkv_frame frame = {
		.time_us = (int64_t) load_be(cluster + AT_TIME, 8),
		.stamp_ns = (int64_t) load_be(cluster + AT_STAMP, 8),
		.sequence = load_be(cluster + AT_SEQUENCE, 8),
		.offset = ret->offset,
	};

	if (size <= CLUSTER_FIXED_BYTES)
		return -EBADMSG;
	/* What we write has one form for each content. */
	vz_mkv_put_cluster(expected, &frame, size - CLUSTER_FIXED_BYTES);
	if (memcmp(cluster, expected, VZ_MKV_CLUSTER_BYTES) != 0)
		return -EBADMSG;
	*ret = frame;
	*ret_picture_bytes = size - CLUSTER_FIXED_BYTES;
	return 0;
}

#define CUE_BYTES 27u

void vz_mkv_write_cues(struct vz_buf *buf, const struct vz_mkv_frame *frames, size_t n_frames)
{
	PUT(buf, "\x1c\x53\xbb\x6b");
	put_be(buf, UINT64_C(1) << 56 | n_frames * CUE_BYTES, 8);
	for (size_t i = 0; i < n_frames; i++) {
		PUT(buf, "\xbb\x99\xb3\x88");
		put_be(buf, (uint64_t) frames[i].time_us, 8);
		PUT(buf, "\xb7\x8d\xf7\x81\x01\xf1\x88");
		put_be(buf, frames[i].offset - SEGMENT_START, 8);
	}
}
