#include "camera/convert.h"

/* Strides are whole cache lines, so that no line of a plane begins in the middle of a vector. */
#define ALIGNMENT 64u

static uint32_t align(uint32_t bytes)
{
	return (bytes + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
}

size_t vz_planes_size(uint32_t width_px, uint32_t height_px)
{
	size_t luma = (size_t) align(width_px) * height_px;
	size_t chroma = (size_t) align(width_px / 2) * (height_px / 2);

	return luma + 2 * chroma;
}

void vz_planes_init(struct vz_planes *planes, uint8_t *memory, uint32_t width_px,
		    uint32_t height_px)
{
	planes->stride_bytes[0] = align(width_px);
	planes->stride_bytes[1] = planes->stride_bytes[2] = align(width_px / 2);
	planes->plane[0] = memory;
	planes->plane[1] = memory + (size_t) planes->stride_bytes[0] * height_px;
	planes->plane[2] = planes->plane[1] + (size_t) planes->stride_bytes[1] * (height_px / 2);
}

static uint8_t clamp(int value)
{
	return value < 0 ? 0 : value > 255 ? 255 : (uint8_t) value;
}

/*
 * 16..235 to 0..255 and 16..240 around 128 to 0..255: 298/256 is 255/219, 292/256 is 255/224,
 * rounded so that the ends of the range meet.
 */
static uint8_t stretch_luma(uint8_t y)
{
	return clamp(((y - 16) * 298 + 128) >> 8);
}

static uint8_t stretch_chroma(uint8_t c)
{
	return clamp((((c - 128) * 292 + 128) >> 8) + 128);
}

void vz_convert_stretch_luma(uint8_t *dst, uint32_t dst_stride_bytes, const uint8_t *src,
			     uint32_t src_stride_bytes, uint32_t width_px, uint32_t height_px)
{
	for (uint32_t y = 0; y < height_px; y++) {
		uint8_t *restrict to = dst + (size_t) y * dst_stride_bytes;
		const uint8_t *restrict from = src + (size_t) y * src_stride_bytes;

		for (uint32_t x = 0; x < width_px; x++)
			to[x] = stretch_luma(from[x]);
	}
}

void vz_convert_stretch_chroma(uint8_t *dst, uint32_t dst_stride_bytes, const uint8_t *src,
			       uint32_t src_stride_bytes, uint32_t width_px, uint32_t height_px)
{
	for (uint32_t y = 0; y < height_px; y++) {
		uint8_t *restrict to = dst + (size_t) y * dst_stride_bytes;
		const uint8_t *restrict from = src + (size_t) y * src_stride_bytes;

		for (uint32_t x = 0; x < width_px; x++)
			to[x] = stretch_chroma(from[x]);
	}
}

/* Two loops instead of a test inside one: the compiler makes vector code of loops without tests. */
static void split_line(uint8_t *restrict even, uint8_t *restrict odd, const uint8_t *restrict from,
		       uint32_t n, bool stretch)
{
	if (!stretch) {
		for (uint32_t x = 0; x < n; x++) {
			even[x] = from[2 * x];
			odd[x] = from[2 * x + 1];
		}
		return;
	}
	for (uint32_t x = 0; x < n; x++) {
		even[x] = stretch_chroma(from[2 * x]);
		odd[x] = stretch_chroma(from[2 * x + 1]);
	}
}

void vz_convert_interleaved_chroma(const struct vz_planes *dst, const uint8_t *src,
				   uint32_t src_stride_bytes, uint32_t width_px, uint32_t height_px,
				   bool swapped, bool stretch)
{
	unsigned even = swapped ? 2 : 1, odd = swapped ? 1 : 2;

	for (uint32_t y = 0; y < height_px / 2; y++)
		split_line(dst->plane[even] + (size_t) y * dst->stride_bytes[even],
			   dst->plane[odd] + (size_t) y * dst->stride_bytes[odd],
			   src + (size_t) y * src_stride_bytes, width_px / 2, stretch);
}

static void packed_luma_line(uint8_t *restrict to, const uint8_t *restrict from, uint32_t n,
			     bool stretch)
{
	if (!stretch) {
		for (uint32_t x = 0; x < n; x++)
			to[x] = from[2 * x];
		return;
	}
	for (uint32_t x = 0; x < n; x++)
		to[x] = stretch_luma(from[2 * x]);
}

/* @upper and @lower point at the Cb of two neighbouring lines. */
static void packed_chroma_line(uint8_t *restrict cb, uint8_t *restrict cr,
			       const uint8_t *restrict upper, const uint8_t *restrict lower,
			       uint32_t n, bool stretch)
{
	for (uint32_t x = 0; x < n; x++) {
		cb[x] = (uint8_t) ((upper[4 * x] + lower[4 * x] + 1) >> 1);
		cr[x] = (uint8_t) ((upper[4 * x + 2] + lower[4 * x + 2] + 1) >> 1);
	}
	if (!stretch)
		return;
	for (uint32_t x = 0; x < n; x++) {
		cb[x] = stretch_chroma(cb[x]);
		cr[x] = stretch_chroma(cr[x]);
	}
}

void vz_convert_packed_422(const struct vz_planes *dst, const uint8_t *src,
			   uint32_t src_stride_bytes, uint32_t width_px, uint32_t height_px,
			   bool swapped, bool stretch)
{
	const uint8_t *luma = src + (swapped ? 1 : 0), *chroma = src + (swapped ? 0 : 1);

	for (uint32_t y = 0; y < height_px; y++)
		packed_luma_line(dst->plane[0] + (size_t) y * dst->stride_bytes[0],
				 luma + (size_t) y * src_stride_bytes, width_px, stretch);

	for (uint32_t y = 0; y < height_px / 2; y++) {
		const uint8_t *upper = chroma + (size_t) (2 * y) * src_stride_bytes;

		packed_chroma_line(dst->plane[1] + (size_t) y * dst->stride_bytes[1],
				   dst->plane[2] + (size_t) y * dst->stride_bytes[2], upper,
				   upper + src_stride_bytes, width_px / 2, stretch);
	}
}

/* The matrix of JPEG (BT.601, full range), in 16 bits of fraction. */
static uint8_t luma_of(int r, int g, int b)
{
	return clamp((19595 * r + 38470 * g + 7471 * b + 32768) >> 16);
}

static uint8_t cb_of(int r, int g, int b)
{
	return clamp(((-11059 * r - 21709 * g + 32768 * b + 32768) >> 16) + 128);
}

static uint8_t cr_of(int r, int g, int b)
{
	return clamp(((32768 * r - 27439 * g - 5329 * b + 32768) >> 16) + 128);
}

static void rgb_luma_line(uint8_t *restrict to, const uint8_t *restrict from, uint32_t n,
			  unsigned step, unsigned red)
{
	for (uint32_t x = 0; x < n; x++, from += step)
		to[x] = luma_of(from[red], from[1], from[2 - red]);
}

static void rgb_chroma_line(uint8_t *restrict cb, uint8_t *restrict cr,
			    const uint8_t *restrict upper, const uint8_t *restrict lower,
			    uint32_t n, unsigned step, unsigned red)
{
	for (uint32_t x = 0; x < n; x++, upper += 2 * step, lower += 2 * step) {
		int sum[3];

		for (unsigned i = 0; i < 3; i++)
			sum[i] = (upper[i] + upper[i + step] + lower[i] + lower[i + step] + 2) >> 2;
		cb[x] = cb_of(sum[red], sum[1], sum[2 - red]);
		cr[x] = cr_of(sum[red], sum[1], sum[2 - red]);
	}
}

void vz_convert_rgb(const struct vz_planes *dst, const uint8_t *src, uint32_t src_stride_bytes,
		    uint32_t width_px, uint32_t height_px, unsigned step_bytes, unsigned red)
{
	for (uint32_t y = 0; y < height_px; y++)
		rgb_luma_line(dst->plane[0] + (size_t) y * dst->stride_bytes[0],
			      src + (size_t) y * src_stride_bytes, width_px, step_bytes, red);

	for (uint32_t y = 0; y < height_px / 2; y++) {
		const uint8_t *upper = src + (size_t) (2 * y) * src_stride_bytes;

		rgb_chroma_line(dst->plane[1] + (size_t) y * dst->stride_bytes[1],
				dst->plane[2] + (size_t) y * dst->stride_bytes[2], upper,
				upper + src_stride_bytes, width_px / 2, step_bytes, red);
	}
}

void vz_convert_shrink_chroma(uint8_t *dst, uint32_t dst_stride_bytes, const uint8_t *src,
			      uint32_t src_stride_bytes, uint32_t width_px, uint32_t height_px,
			      unsigned step_x, unsigned step_y)
{
	for (uint32_t y = 0; y < height_px; y++) {
		uint8_t *restrict to = dst + (size_t) y * dst_stride_bytes;
		const uint8_t *restrict upper = src + (size_t) (y * step_y) * src_stride_bytes;
		/* The same line twice, and the same sample twice, where a step is 1. */
		const uint8_t *lower = upper + (step_y - 1) * (size_t) src_stride_bytes;
		unsigned right = step_x - 1;

		for (uint32_t x = 0; x < width_px; x++) {
			const uint8_t *u = upper + (size_t) x * step_x,
				      *l = lower + (size_t) x * step_x;

			to[x] = (uint8_t) ((u[0] + u[right] + l[0] + l[right] + 2) >> 2);
		}
	}
}
