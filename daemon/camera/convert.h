/*
 * Pixels of cameras that do not deliver I420, laid out as I420 in planes of our own. JPEG, and so
 * everything behind the encoder, takes luma and chroma over the full range of 0..255; video
 * often uses 16..235 and 16..240, and is stretched on the way where @stretch is set.
 *
 * Pure arithmetic on borrowed memory. Widths and heights are even. Thread: any.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Three planes to write: Y, Cb, Cr, the chroma planes half as wide and half as high. */
struct vz_planes {
	uint8_t *plane[3];
	uint32_t stride_bytes[3];
};

/* How much memory three planes of this size take; the strides suit vector instructions. */
size_t vz_planes_size(uint32_t width_px, uint32_t height_px);
/* Lays the planes out in @memory, which has vz_planes_size() bytes. */
void vz_planes_init(struct vz_planes *planes, uint8_t *memory, uint32_t width_px,
		    uint32_t height_px);

/* Copies one plane, stretched as luma or as chroma. */
void vz_convert_stretch_luma(uint8_t *dst, uint32_t dst_stride_bytes, const uint8_t *src,
			     uint32_t src_stride_bytes, uint32_t width_px, uint32_t height_px);
void vz_convert_stretch_chroma(uint8_t *dst, uint32_t dst_stride_bytes, const uint8_t *src,
			       uint32_t src_stride_bytes, uint32_t width_px, uint32_t height_px);

/*
 * Takes interleaved chroma (NV12: Cb first; NV21: @swapped) apart into the second and third of
 * @dst. The sizes are those of the picture.
 */
void vz_convert_interleaved_chroma(const struct vz_planes *dst, const uint8_t *src,
				   uint32_t src_stride_bytes, uint32_t width_px, uint32_t height_px,
				   bool swapped, bool stretch);

/*
 * Packed 4:2:2: Y Cb Y Cr, or with @swapped Cb Y Cr Y (UYVY). The chroma of two lines is averaged.
 */
void vz_convert_packed_422(const struct vz_planes *dst, const uint8_t *src,
			   uint32_t src_stride_bytes, uint32_t width_px, uint32_t height_px,
			   bool swapped, bool stretch);

/*
 * RGB of @step_bytes (3 or 4) a pixel, red at byte @red of it, green at 1 and blue at 2 - @red.
 * The chroma is of the average of four pixels.
 */
void vz_convert_rgb(const struct vz_planes *dst, const uint8_t *src, uint32_t src_stride_bytes,
		    uint32_t width_px, uint32_t height_px, unsigned step_bytes, unsigned red);

/*
 * Chroma of a finer grid: averages blocks of @step_x by @step_y samples (1 or 2 each)
 * to @width_px by @height_px samples.
 */
void vz_convert_shrink_chroma(uint8_t *dst, uint32_t dst_stride_bytes, const uint8_t *src,
			      uint32_t src_stride_bytes, uint32_t width_px, uint32_t height_px,
			      unsigned step_x, unsigned step_y);

#ifdef __cplusplus
}
#endif
