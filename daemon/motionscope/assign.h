/*
 * The assignment: which of n tracks goes with which of m blobs, so that the sum of the costs is the
 * least there is, by shortest augmenting paths with dual prices (R. Jonker, A. Volgenant, A
 * shortest augmenting path algorithm for dense and sparse linear assignment problems, Computing 38,
 * 1987).
 *
 * Thread: any; pure function.
 */
#pragma once

/* Costs of this and more never go together. */
#define VZ_ASSIGN_NEVER 1e12

/*
 * @costs has @n_rows x @n_columns values, row by row, each finite and at least 0. A row that goes
 * with none costs @cost_of_none, so no pair dearer than that is made. *@ret gets a column for each
 * row, or -1. Time: rows^2 * (rows + columns). Returns 0 or -ENOMEM.
 */
int vz_assign(const double *costs, unsigned n_rows, unsigned n_columns, double cost_of_none,
	      int *ret);
