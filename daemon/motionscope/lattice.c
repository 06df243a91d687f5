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

/* Where a place is in the picture. */
struct turn {
	double along, across; /* the step, in the picture's axes */
};

static struct turn find_turn(const struct vz_lattice *lattice)
{
	return (struct turn){
		lattice->step_px * cos(lattice->angle_rad),
		lattice->step_px * sin(lattice->angle_rad),
	};
}

static float interpolate(const struct vz_plane *plane, double x, double y, long left, long top)
{
	long column = (long) x, row = (long) y; /* neither is negative */
	const uint8_t *above = vz_plane_get_row(plane, clamp(row - top, plane->height_px));
	const uint8_t *below = vz_plane_get_row(plane, clamp(row + 1 - top, plane->height_px));
	uint32_t low = clamp(column - left, plane->width_px);
	uint32_t high = clamp(column + 1 - left, plane->width_px);
	float u = (float) (x - (double) column), v = (float) (y - (double) row);
	float upper = above[low] + u * ((float) above[high] - (float) above[low]);
	float lower = below[low] + u * ((float) below[high] - (float) below[low]);

	return upper + v * (lower - upper);
}

/* The same for a lattice that is turned: each place has its own pixels. */
static void look_up_turned(const struct vz_lattice *lattice, const struct vz_plane *background,
			   const struct vz_plane *window, bool is_half, long left, long top,
			   float *ret_seen, float *ret_behind)
{
	struct turn turn = find_turn(lattice);
	double scale = is_half ? 0.5 : 1, shift = is_half ? -0.25 : 0;
	double right = background->width_px - 1.0, bottom = background->height_px - 1.0;

	for (unsigned row = 0; row < lattice->n_rows; row++)
		for (unsigned column = 0; column < lattice->n_columns; column++) {
			double x = lattice->left_px + column * turn.along - row * turn.across;
			double y = lattice->top_px + column * turn.across + row * turn.along;

			x = fmin(fmax(x * scale + shift, 0), right);
			y = fmin(fmax(y * scale + shift, 0), bottom);
			*ret_seen++ = interpolate(window, x, y, left, top);
			*ret_behind++ = interpolate(background, x, y, 0, 0);
		}
}

static void find_inside(const struct vz_lattice *lattice, const struct vz_plane *luma, bool *ret)
{
	struct turn turn = find_turn(lattice);

	for (unsigned row = 0; row < lattice->n_rows; row++) {
		for (unsigned column = 0; column < lattice->n_columns; column++) {
			double x = lattice->left_px + column * turn.along - row * turn.across;
			double y = lattice->top_px + column * turn.across + row * turn.along;

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
		bool is_turned = lattice->angle_rad < 0 || lattice->angle_rad > 0;

		if (is_turned) {
			look_up_turned(lattice, plane, part, i > 0, i ? left / 2 : left,
				       i ? top / 2 : top, ret->seen[i], ret->behind[i]);
			continue;
		}
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
