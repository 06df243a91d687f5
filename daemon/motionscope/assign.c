#include "motionscope/assign.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "util/cleanup.h"

/*
 * Each row has a column of its own beyond the real ones, "none", so that every row finds one: the
 * matrix is n x (m + n), and there is always a complete assignment.
 */
struct problem {
	const double *costs;
	unsigned n_rows, n_real, n_columns;
	double cost_of_none;
	double *row_price, *column_price; /* duals: cost - both prices is never negative */
	double *distance;		  /* of the columns from the row in hand */
	int *row_of;			  /* of each column; -1: free */
	int *column_of;			  /* of each row */
	int *came_from;			  /* the row before each column on the shortest path */
	char *is_done;
};

static double get_cost(const struct problem *p, unsigned row, unsigned column)
{
	if (column >= p->n_real)
		return column - p->n_real == row ? p->cost_of_none : VZ_ASSIGN_NEVER;
	return p->costs[(size_t) row * p->n_real + column];
}

static void relax(struct problem *p, unsigned row, double base)
{
	for (unsigned j = 0; j < p->n_columns; j++) {
		double d;

		if (p->is_done[j])
			continue;
		d = base + get_cost(p, row, j) - p->row_price[row] - p->column_price[j];
		if (d < p->distance[j]) {
			p->distance[j] = d;
			p->came_from[j] = (int) row;
		}
	}
}

static unsigned find_nearest(const struct problem *p)
{
	unsigned best = p->n_columns;

	for (unsigned j = 0; j < p->n_columns; j++)
		if (!p->is_done[j] && (best == p->n_columns || p->distance[j] < p->distance[best]))
			best = j;
	return best;
}

/* Dijkstra from @start to the nearest free column, over reduced costs. Returns that column. */
static unsigned find_path(struct problem *p, unsigned start)
{
	unsigned row = start, column;
	double base = 0;

	for (unsigned j = 0; j < p->n_columns; j++)
		p->distance[j] = INFINITY;
	memset(p->is_done, 0, p->n_columns);
	for (;;) {
		relax(p, row, base);
		column = find_nearest(p);
		base = p->distance[column];
		if (p->row_of[column] < 0)
			return column;
		p->is_done[column] = 1;
		row = (unsigned) p->row_of[column];
	}
}

static void update_prices(struct problem *p, unsigned start, double length)
{
	p->row_price[start] += length;
	for (unsigned j = 0; j < p->n_columns; j++) {
		if (!p->is_done[j])
			continue;
		p->row_price[p->row_of[j]] += length - p->distance[j];
		p->column_price[j] -= length - p->distance[j];
	}
}

/* Along the path backwards, each row takes the column that it came to. */
static void augment(struct problem *p, unsigned start, unsigned column)
{
	int row, next;

	do {
		row = p->came_from[column];
		next = p->column_of[row];
		p->row_of[column] = row;
		p->column_of[row] = (int) column;
		column = (unsigned) next;
	} while (row != (int) start);
}

static void solve(struct problem *p)
{
	for (unsigned j = 0; j < p->n_columns; j++)
		p->row_of[j] = -1;
	for (unsigned i = 0; i < p->n_rows; i++)
		p->column_of[i] = -1;
	for (unsigned i = 0; i < p->n_rows; i++) {
		unsigned column = find_path(p, i);

		update_prices(p, i, p->distance[column]);
		augment(p, i, column);
	}
}

int vz_assign(const double *costs, unsigned n_rows, unsigned n_columns, double cost_of_none,
	      int *ret)
{
	unsigned n_all = n_rows + n_columns;
	VZ_CLEANUP(vz_freep)
	double *numbers = calloc(n_rows + 2 * (size_t) n_all + 1, sizeof(double));
	VZ_CLEANUP(vz_freep) int *indices = calloc(2 * (size_t) n_all + 1, sizeof(int));
	VZ_CLEANUP(vz_freep) char *flags = calloc(n_all + 1, 1);
	struct problem p = {
		.costs = costs,
		.n_rows = n_rows,
		.n_real = n_columns,
		.n_columns = n_all,
		.cost_of_none = cost_of_none,
		.row_price = numbers,
		.column_price = numbers + n_rows,
		.distance = numbers + n_rows + n_all,
		.row_of = indices,
		.came_from = indices + n_all,
		.column_of = ret,
		.is_done = flags,
	};

	if (!numbers || !indices || !flags)
		return -ENOMEM;
	solve(&p);
	for (unsigned i = 0; i < n_rows; i++)
		if (ret[i] >= (int) n_columns)
			ret[i] = -1;
	return 0;
}
