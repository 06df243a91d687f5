#include "motionscope/lattice.h"

#include <math.h>

/* Along one axis: the two pixels beside each place, in the picture and in the window. */
struct axis {
	uint32_t low[VZ_LATTICE_MAX_SIDE], high[VZ_LATTICE_MAX_SIDE];
	uint32_t window_low[VZ_LATTICE_MAX_SIDE], window_high[VZ_LATTICE_MAX_SIDE];
	float part[VZ_LATTICE_MAX_SIDE];
};

static uint32_t clamp(long value, uint32_t size)
{
	return value < 0 ? 0 : value >= (long) size ? size - 1 : (uint32_t) value;
}

/* @size and @window_size are of the plane, @begin is where its window begins. */
static void find_axis(double first, double step, unsigned n, uint32_t size, long begin,
		      uint32_t window_size, struct axis *ret)
{
	for (unsigned i = 0; i < n; i++) {
		double at = fmin(fmax(first + i * step, 0), size - 1.0);

		ret->low[i] = (uint32_t) at;
		ret->high[i] = clamp((long) ret->low[i] + 1, size);
		ret->window_low[i] = clamp((long) ret->low[i] - begin, window_size);
		ret->window_high[i] = clamp((long) ret->high[i] - begin, window_size);
		ret->part[i] = (float) (at - ret->low[i]);
	}
}

static void look_up_row(const uint8_t *restrict above, const uint8_t *restrict below,
			const uint32_t *restrict low, const uint32_t *restrict high,
			const float *restrict part, float v, unsigned n, float *restrict ret)
{
	for (unsigned i = 0; i < n; i++) {
		float a = above[low[i]], b = below[low[i]];
		float top = a + part[i] * ((float) above[high[i]] - a);
		float bottom = b + part[i] * ((float) below[high[i]] - b);

		ret[i] = top + v * (bottom - top);
	}
}

static void look_up_plane(const struct vz_lattice *lattice, const struct vz_plane *background,
			  const struct vz_plane *window, const struct axis *x, const struct axis *y,
			  float *ret_seen, float *ret_behind)
{
	for (unsigned row = 0; row < lattice->n_rows; row++) {
		size_t first = (size_t) row * lattice->n_columns;

		look_up_row(vz_plane_get_row(window, y->window_low[row]),
			    vz_plane_get_row(window, y->window_high[row]), x->window_low,
			    x->window_high, x->part, y->part[row], lattice->n_columns,
			    ret_seen + first);
		look_up_row(vz_plane_get_row(background, y->low[row]),
			    vz_plane_get_row(background, y->high[row]), x->low, x->high, x->part,
			    y->part[row], lattice->n_columns, ret_behind + first);
	}
}

static void find_inside(const struct vz_lattice *lattice, const struct vz_plane *luma, bool *ret)
{
	for (unsigned row = 0; row < lattice->n_rows; row++) {
		double y = lattice->top_px + row * lattice->step_px;

		for (unsigned column = 0; column < lattice->n_columns; column++) {
			double x = lattice->left_px + column * lattice->step_px;

			*ret++ = x >= 0 && y >= 0 && x <= luma->width_px - 1.0 &&
				 y <= luma->height_px - 1.0;
		}
	}
}

void vz_lattice_look_up(const struct vz_lattice *lattice, const struct vz_picture *background,
			const struct vz_picture *window, long left, long top,
			struct vz_lattice_values *ret)
{
	struct axis x, y;

	find_inside(lattice, &background->planes[0], ret->is_inside);
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		const struct vz_plane *plane = &background->planes[i], *part = &window->planes[i];
		/* A pixel of chroma lies in the middle of four of luma. */
		double scale = i ? 0.5 : 1, shift = i ? -0.25 : 0;
		double step = lattice->step_px * scale;

		/* Both chroma planes have one size. */
		if (i < 2) {
			find_axis(lattice->left_px * scale + shift, step, lattice->n_columns,
				  plane->width_px, i ? left / 2 : left, part->width_px, &x);
			find_axis(lattice->top_px * scale + shift, step, lattice->n_rows,
				  plane->height_px, i ? top / 2 : top, part->height_px, &y);
		}
		look_up_plane(lattice, plane, part, &x, &y, ret->seen[i], ret->behind[i]);
	}
}
