#include "motionscope-planes.h"

#include <math.h>

#include "motionscope/lattice.h"

static double get(const struct vz_plane *plane, double x, double y)
{
	double px = fmin(fmax(x, 0), plane->width_px - 1.0);
	double py = fmin(fmax(y, 0), plane->height_px - 1.0), sum = 0;

	for (uint32_t row = 0; row < plane->height_px; row++)
		for (uint32_t column = 0; column < plane->width_px; column++)
			sum += fmax(1 - fabs(px - column), 0) * fmax(1 - fabs(py - row), 0) *
			       vz_plane_get_row(plane, row)[column];
	return sum;
}

static void get_place(const struct vz_lattice *lattice, unsigned column, unsigned row,
		      double *ret_x, double *ret_y)
{
	double c = cos(lattice->angle_rad), s = sin(lattice->angle_rad);

	*ret_x = lattice->left_px + lattice->step_px * (c * column - s * row);
	*ret_y = lattice->top_px + lattice->step_px * (s * column + c * row);
}

static void check(const struct vz_lattice *lattice, const struct vz_picture *picture,
		  const float values[VZ_PICTURE_N_PLANES][VZ_LATTICE_MAX_PLACES])
{
	for (unsigned row = 0; row < lattice->n_rows; row++)
		for (unsigned column = 0; column < lattice->n_columns; column++) {
			unsigned place = row * lattice->n_columns + column;
			double x, y;

			get_place(lattice, column, row, &x, &y);

			CHECK_NEAR((double) values[0][place], get(&picture->planes[0], x, y), 1e-3);
			for (unsigned i = 1; i < VZ_PICTURE_N_PLANES; i++)
				CHECK_NEAR((double) values[i][place],
					   get(&picture->planes[i], x / 2 - 0.25, y / 2 - 0.25),
					   1e-3);
		}
}

TEST(lattice_looks_up_what_a_sum_over_all_pixels_gives)
{
	static const double steps[] = { 1, 1.7, 0.5, 1, 1.3 };
	static const double angles[] = { 0, 0, 0, 0.4, -2.1 };
	static struct vz_lattice_values values;

	for (size_t i = 0; i < N_PLANE_SIZES; i++) {
		struct vz_picture picture;

		test_case(plane_sizes[i].label);
		for (unsigned p = 0; p < VZ_PICTURE_N_PLANES; p++) {
			uint32_t w = plane_sizes[i].width, h = plane_sizes[i].height;

			picture.planes[p] = make_plane(p ? (w + 1) / 2 : w, p ? (h + 1) / 2 : h,
						       plane_sizes[i].padding);
			fill_random(&picture.planes[p], 256);
		}
		for (unsigned s = 0; s < 5; s++) {
			/* From outside the picture into it. */
			struct vz_lattice lattice = { -3.4, -2.7, steps[s], 9, 7, angles[s] };

			vz_lattice_look_up(&lattice, &picture, &picture, 0, 0, &values);
			check(&lattice, &picture, values.seen);
			check(&lattice, &picture, values.behind);
			for (unsigned k = 0; k < 9 * 7; k++) {
				double x, y;

				get_place(&lattice, k % 9, k / 9, &x, &y);
				CHECK_EQ(values.is_inside[k],
					 x >= 0 && y >= 0 && x <= plane_sizes[i].width - 1.0 &&
						 y <= plane_sizes[i].height - 1.0);
			}
		}
		for (unsigned p = 0; p < VZ_PICTURE_N_PLANES; p++)
			free_plane(&picture.planes[p]);
	}
}

TEST(lattice_takes_a_window_for_the_part_that_it_is)
{
	static struct vz_lattice_values whole, part;
	struct vz_lattice lattice = { 11.3, 9.6, 1, 8, 6, 0 };
	struct vz_picture picture, window;

	for (unsigned p = 0; p < VZ_PICTURE_N_PLANES; p++) {
		unsigned n = p ? 1 : 2;
		struct vz_plane *plane = &picture.planes[p];

		*plane = make_plane(20 * n, 16 * n, 3);
		fill_random(plane, 256);
		window.planes[p] = make_plane(8 * n, 6 * n, 1);
		for (uint32_t y = 0; y < 6 * n; y++)
			memcpy(vz_plane_get_row(&window.planes[p], y),
			       vz_plane_get_row(plane, y + 4 * n) + 5 * n, 8 * n);
	}
	vz_lattice_look_up(&lattice, &picture, &picture, 0, 0, &whole);
	vz_lattice_look_up(&lattice, &picture, &window, 10, 8, &part);
	for (unsigned p = 0; p < VZ_PICTURE_N_PLANES; p++)
		for (unsigned k = 0; k < 8 * 6; k++)
			CHECK_EQ(part.seen[p][k], whole.seen[p][k]);
	for (unsigned p = 0; p < VZ_PICTURE_N_PLANES; p++) {
		free_plane(&picture.planes[p]);
		free_plane(&window.planes[p]);
	}
}
