/*
 * Matroska as far as a recording needs it: one video of JPEG pictures (V_MJPEG), time stamps in
 * microseconds, each picture in a cluster of its own. A file that breaks off anywhere is good up to
 * its last whole cluster, and an end can be written to it later. Each cluster also has, in an
 * element that players pass over, the sensor's stamp in nanoseconds and the frame's number, so that
 * nothing is known only to who wrote it.
 *
 * After RFC 8794 (EBML) and RFC 9559 (Matroska). Pure. Thread: any.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

struct vz_mkv_video {
	uint32_t width_px, height_px;
	double fps;	   /* on average; 0: not said */
	int64_t created_s; /* since 1970 */
};

/* How the file ends. All zero: it has not yet. */
struct vz_mkv_end {
	int64_t duration_us;
	uint64_t cues_offset; /* in the file */
	uint64_t size;	      /* of the file */
};

struct vz_mkv_frame {
	int64_t time_us;  /* from the first frame on */
	int64_t stamp_ns; /* the sensor's */
	uint64_t sequence;
	uint64_t offset; /* of its cluster in the file */
};

#define VZ_MKV_HEAD_BYTES	 256u
#define VZ_MKV_CLUSTER_BYTES	 45u /* before the picture's own */
#define VZ_MKV_MAX_PICTURE_BYTES ((size_t) 1 << 27)

/* Appends VZ_MKV_HEAD_BYTES, whatever @end says: it can be written again in place. */
void vz_mkv_write_head(struct vz_buf *buf, const struct vz_mkv_video *video,
		       const struct vz_mkv_end *end);
/* What stands before a picture; its offset is not used. */
void vz_mkv_put_cluster(uint8_t cluster[VZ_MKV_CLUSTER_BYTES], const struct vz_mkv_frame *frame,
			size_t picture_bytes);
/* The other way round; the offset is left alone. Returns 0 or -EBADMSG. */
int vz_mkv_parse_cluster(const uint8_t cluster[VZ_MKV_CLUSTER_BYTES], struct vz_mkv_frame *ret,
			 size_t *ret_picture_bytes);
/* The index by which players jump. */
void vz_mkv_write_cues(struct vz_buf *buf, const struct vz_mkv_frame *frames, size_t n_frames);
