#include "recorder/stir.h"

#include <errno.h>
#include <stdlib.h>

#define CELLS_ACROSS 20u
#define WEIGHT	     0.1
#define DEFAULT	     75
/* Whatever the sensitivity, a change of so many levels per pixel, on average over a cell, is noise.
 */
#define FLOOR_LEVELS 0.6
/* Of all cells, in percent: more than this is light. */
#define LIGHT_PERCENT 90u

struct vz_stir {
	struct vz_frame *before;
	double factor;
	double *usual; /* levels per pixel, of each cell */
	uint32_t side_px, n_x, n_y;
	unsigned n_compared;
};

int vz_stir_new(struct vz_stir **ret)
{
	struct vz_stir *stir = calloc(1, sizeof(*stir));

	if (!stir)
		return -ENOMEM;
	vz_stir_set_sensitivity(stir, DEFAULT);
	*ret = stir;
	return 0;
}

struct vz_stir *vz_stir_free(struct vz_stir *stir)
{
	if (!stir)
		return NULL;
	vz_stir_reset(stir);
	free(stir);
	return NULL;
}

void vz_stir_set_sensitivity(struct vz_stir *stir, double sensitivity)
{
	double part = (sensitivity - 1) / 99;

	part = part < 0 ? 0 : part > 1 ? 1 : part;
	/* What is usual times this, so that each step of the slider feels alike. */
	stir->factor = 4 - 2.8 * part;
}

void vz_stir_reset(struct vz_stir *stir)
{
	stir->before = vz_frame_unref(stir->before);
	free(vz_steal(stir->usual));
	stir->n_compared = 0;
}

/* The sum of the differences in one row of a cell: at most 255 * 16384. */
static uint32_t sum_row(const uint8_t *a, const uint8_t *b, uint32_t n)
{
	uint32_t sum = 0;

	for (uint32_t x = 0; x < n; x++)
		sum += (uint32_t) abs(a[x] - b[x]);
	return sum;
}

/* Levels per pixel. */
static double measure(const struct vz_stir *stir, const struct vz_frame *frame, uint32_t cell_x,
		      uint32_t cell_y)
{
	uint32_t x = cell_x * stir->side_px, y = cell_y * stir->side_px;
	uint32_t width = frame->width_px - x < stir->side_px ? frame->width_px - x : stir->side_px;
	uint32_t height =
		frame->height_px - y < stir->side_px ? frame->height_px - y : stir->side_px;
	uint64_t sum = 0;

	for (uint32_t row = y; row < y + height; row++)
		sum += sum_row(frame->plane[0] + (size_t) row * frame->stride_bytes[0] + x,
			       stir->before->plane[0] +
				       (size_t) row * stir->before->stride_bytes[0] + x,
			       width);
	return (double) sum / ((double) width * height);
}

static int begin(struct vz_stir *stir, struct vz_frame *frame)
{
	vz_stir_reset(stir);
	stir->side_px = frame->width_px / CELLS_ACROSS;
	if (stir->side_px < 4)
		stir->side_px = 4;
	stir->n_x = (frame->width_px + stir->side_px - 1) / stir->side_px;
	stir->n_y = (frame->height_px + stir->side_px - 1) / stir->side_px;
	stir->usual = calloc((size_t) stir->n_x * stir->n_y, sizeof(*stir->usual));
	if (!stir->usual)
		return -ENOMEM;
	stir->before = vz_frame_ref(frame);
	return -EAGAIN;
}

/* One cell. While it warms up the average is that of all so far. */
static bool judge(struct vz_stir *stir, double *usual, double now)
{
	bool is_new = stir->n_compared < VZ_STIR_WARM_UP;
	bool is_moving = !is_new && now > *usual * stir->factor + FLOOR_LEVELS;
	double weight = is_new ? 1.0 / (stir->n_compared + 1) : WEIGHT;

	/* What moves becomes usual too, only later: a curtain in the wind. */
	*usual += (now - *usual) * (is_moving ? weight / 4 : weight);
	return is_moving;
}

int vz_stir_add(struct vz_stir *stir, struct vz_frame *frame)
{
	const struct vz_frame *before = stir->before;
	uint32_t n_moving = 0, n_cells;

	if (!before || before->width_px != frame->width_px ||
	    before->height_px != frame->height_px || frame->timestamp_ns < before->timestamp_ns)
		return begin(stir, frame);
	if (frame->timestamp_ns - before->timestamp_ns < VZ_STIR_STEP_NS)
		return -EAGAIN;
	n_cells = stir->n_x * stir->n_y;
	for (uint32_t i = 0; i < n_cells; i++)
		n_moving += judge(stir, &stir->usual[i],
				  measure(stir, frame, i % stir->n_x, i / stir->n_x));
	if (stir->n_compared <= VZ_STIR_WARM_UP)
		stir->n_compared++;
	(void) vz_frame_unref(stir->before);
	stir->before = vz_frame_ref(frame);
	return n_moving > 0 && n_moving * 100 <= n_cells * LIGHT_PERCENT;
}
