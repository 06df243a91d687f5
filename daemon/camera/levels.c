#include "camera/levels.h"

#include <math.h>
#include <stddef.h>

#define BITS 14
#define ONE  (1 << BITS)

#define KR_601 0.299
#define KB_601 0.114

static int fixed(double value)
{
	return (int) lrint(value * ONE);
}

/*
 * Red, green and blue of an RGB vector with luma 0 and one colour difference 1, then their 601
 * luma and colour differences: the columns of the matrix from one YCbCr to the other.
 */
static void column(double kr, double kb, double cb, double cr, double *ret_y, double *ret_cb,
		   double *ret_cr)
{
	double kg = 1 - kr - kb;
	double red = 2 * (1 - kr) * cr, blue = 2 * (1 - kb) * cb;
	double green = -(kr * red + kb * blue) / kg;
	double y = KR_601 * red + (1 - KR_601 - KB_601) * green + KB_601 * blue;

	*ret_y = y;
	*ret_cb = (blue - y) / (2 * (1 - KB_601));
	*ret_cr = (red - y) / (2 * (1 - KR_601));
}

void vz_levels_init(struct vz_levels *levels, double kr, double kb, bool is_full_range)
{
	double y_scale = is_full_range ? 1 : 255.0 / 219, c_scale = is_full_range ? 1 : 255.0 / 224;
	double y_zero = is_full_range ? 0 : 16;
	double y, cb, cr;

	column(kr, kb, 1, 0, &y, &cb, &cr);
	levels->y_from_cb = fixed(y * c_scale);
	levels->cb_from_cb = fixed(cb * c_scale);
	levels->cr_from_cb = fixed(cr * c_scale);
	column(kr, kb, 0, 1, &y, &cb, &cr);
	levels->y_from_cr = fixed(y * c_scale);
	levels->cb_from_cr = fixed(cb * c_scale);
	levels->cr_from_cr = fixed(cr * c_scale);
	levels->y_from_y = fixed(y_scale);
	levels->y_offset = ONE / 2 - fixed(y_scale * y_zero);
	levels->chroma_offset = ONE / 2 + 128 * ONE;
}

static inline uint8_t to_byte(int value)
{
	value >>= BITS;
	return (uint8_t) (value < 0 ? 0 : value > 255 ? 255 : value);
}

static void apply_luma(const struct vz_levels *l, uint32_t n, const uint8_t *y, const uint8_t *cb,
		       const uint8_t *cr, uint8_t *to)
{
	for (uint32_t i = 0; i < n / 2; i++) {
		int colour =
			l->y_offset + l->y_from_cb * (cb[i] - 128) + l->y_from_cr * (cr[i] - 128);

		to[2 * i] = to_byte(l->y_from_y * y[2 * i] + colour);
		to[2 * i + 1] = to_byte(l->y_from_y * y[2 * i + 1] + colour);
	}
}

static void apply_chroma(const struct vz_levels *l, uint32_t n, const uint8_t *cb,
			 const uint8_t *cr, uint8_t *to_cb, uint8_t *to_cr)
{
	for (uint32_t i = 0; i < n; i++) {
		int u = cb[i] - 128, v = cr[i] - 128;

		to_cb[i] = to_byte(l->cb_from_cb * u + l->cb_from_cr * v + l->chroma_offset);
		to_cr[i] = to_byte(l->cr_from_cb * u + l->cr_from_cr * v + l->chroma_offset);
	}
}

void vz_levels_apply(const struct vz_levels *levels, uint32_t width_px, uint32_t height_px,
		     const uint8_t *const from[VZ_FRAME_N_PLANES],
		     const uint32_t from_strides[VZ_FRAME_N_PLANES],
		     uint8_t *const to[VZ_FRAME_N_PLANES],
		     const uint32_t to_strides[VZ_FRAME_N_PLANES])
{
	for (uint32_t row = 0; row < height_px / 2; row++) {
		const uint8_t *cb = from[1] + (size_t) row * from_strides[1];
		const uint8_t *cr = from[2] + (size_t) row * from_strides[2];

		/* Luma first: in place, it still needs the chroma as it was. */
		for (uint32_t y = 2 * row; y < 2 * row + 2; y++)
			apply_luma(levels, width_px, from[0] + (size_t) y * from_strides[0], cb, cr,
				   to[0] + (size_t) y * to_strides[0]);
		apply_chroma(levels, width_px / 2, cb, cr, to[1] + (size_t) row * to_strides[1],
			     to[2] + (size_t) row * to_strides[2]);
	}
}
