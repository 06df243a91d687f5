#include "test.h"

#include "motionscope/assign.h"
#include "motionscope-planes.h"

#define MAX_N 6

static double cost_of(const double *costs, unsigned n_rows, unsigned n_columns, double none,
		      const int *columns)
{
	double sum = 0;

	for (unsigned i = 0; i < n_rows; i++)
		sum += columns[i] < 0 ? none : costs[i * n_columns + (unsigned) columns[i]];
	return sum;
}

/* Every way there is. */
static double find_best(const double *costs, unsigned n_rows, unsigned n_columns, double none,
			unsigned row, unsigned used)
{
	double best;

	if (row == n_rows)
		return 0;
	best = none + find_best(costs, n_rows, n_columns, none, row + 1, used);
	for (unsigned j = 0; j < n_columns; j++) {
		double sum;

		if (used & 1u << j)
			continue;
		sum = costs[row * n_columns + j] +
		      find_best(costs, n_rows, n_columns, none, row + 1, used | 1u << j);
		best = sum < best ? sum : best;
	}
	return best;
}

TEST(assign_costs_as_little_as_the_best_of_all_ways)
{
	double costs[MAX_N * MAX_N];
	int columns[MAX_N];

	for (unsigned round = 0; round < 500; round++) {
		unsigned n_rows = random_number() % (MAX_N + 1);
		unsigned n_columns = random_number() % (MAX_N + 1), used = 0;
		double none = random_number() % 100;

		for (unsigned i = 0; i < n_rows * n_columns; i++)
			costs[i] = random_number() % 5 ? random_number() % 120 : VZ_ASSIGN_NEVER;
		CHECK_EQ(vz_assign(costs, n_rows, n_columns, none, columns), 0);
		for (unsigned i = 0; i < n_rows; i++) {
			if (columns[i] < 0)
				continue;
			CHECK(columns[i] < (int) n_columns);
			CHECK(!(used & 1u << columns[i]));
			used |= 1u << columns[i];
		}
		CHECK_NEAR(cost_of(costs, n_rows, n_columns, none, columns),
			   find_best(costs, n_rows, n_columns, none, 0, 0), 1e-3);
	}
}

TEST(assign_is_global_where_greed_would_swap)
{
	/* Greed takes the 1 and leaves the 100. */
	static const double costs[] = { 1, 2, 2, 100 };
	int columns[2];

	CHECK_EQ(vz_assign(costs, 2, 2, 1000, columns), 0);
	CHECK_EQ(columns[0], 1);
	CHECK_EQ(columns[1], 0);
}
