#include "recorder/stir.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#define CELLS_ACROSS 20u
#define WEIGHT	     0.1
#define DEFAULT	     75
/* A pixel differs when it does so by this times its cell's noise, which is four standard deviations
 * of it, and this many levels. */
#define NOISE_TIMES  5.0
#define NOISE_LEVELS 2.0
/* What differs in a cell, summed in levels beyond that: at sensitivity 1 ten levels of each of its
 * pixels, and with each step less by the same part; at least some pixels that are hot today. */
#define LEAST_MOTION_LEVELS 10.0
#define MOST_SENSITIVE	    1536.0
#define MIN_MOTION	    120.0
/* Of all cells, in percent: more than this is light, or so many that became lighter or darker. */
#define LIGHT_PERCENT	   90u
#define EXPOSURE_PERCENT   60u
#define MIN_EXPOSURE_LEVEL 1.0

struct cell {
	double noise;  /* usual difference of a pixel that does not move, in levels */
	double motion; /* usual sum of what differs beyond that */
};

/* What a cell shows now, compared with before. */
struct change {
	double shift; /* of its mean, in levels */
	double noise, motion;
};

struct vz_stir {
	struct vz_frame *before;
	double sensitivity; /* 0..1 */
	struct cell *cells;
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

	stir->sensitivity = part < 0 ? 0 : part > 1 ? 1 : part;
}

void vz_stir_reset(struct vz_stir *stir)
{
	stir->before = vz_frame_unref(stir->before);
	free(vz_steal(stir->cells));
	stir->n_compared = 0;
}

/* --- A cell ---------------------------------------------------------------------------------- */

/* Each sum is at most 255 * 16384. */
static int32_t sum_row(const uint8_t *a, const uint8_t *b, uint32_t n)
{
	int32_t sum = 0;

	for (uint32_t x = 0; x < n; x++)
		sum += a[x] - b[x];
	return sum;
}

/* Differences less @shift, up to @most each, and what is beyond that. */
static void split_row(const uint8_t *a, const uint8_t *b, uint32_t n, int shift, int most,
		      uint32_t *noise, uint32_t *motion)
{
	uint32_t below = 0, beyond = 0;

	for (uint32_t x = 0; x < n; x++) {
		int differs = abs(a[x] - b[x] - shift);
		int part = differs < most ? differs : most;

		below += (uint32_t) part;
		beyond += (uint32_t) (differs - part);
	}
	*noise += below;
	*motion += beyond;
}

static const uint8_t *get_row(const struct vz_frame *frame, uint32_t x, uint32_t y)
{
	return frame->plane[0] + (size_t) y * frame->stride_bytes[0] + x;
}

/* A light that changes or flickers shifts all pixels of a cell alike. */
static struct change measure(const struct vz_stir *stir, const struct vz_frame *frame, uint32_t i)
{
	const struct vz_frame *before = stir->before;
	uint32_t side = stir->side_px, x = i % stir->n_x * side, y = i / stir->n_x * side;
	uint32_t width = frame->width_px - x < side ? frame->width_px - x : side;
	uint32_t height = frame->height_px - y < side ? frame->height_px - y : side;
	double n = (double) width * height,
	       most = NOISE_LEVELS + NOISE_TIMES * stir->cells[i].noise;
	/* Before anything is known of the noise, all is noise. */
	int limit = stir->n_compared == 0 || most > 255 ? 255 : (int) most;
	uint64_t noise = 0, motion = 0;
	int64_t sum = 0;
	double shift;

	for (uint32_t row = y; row < y + height; row++)
		sum += sum_row(get_row(frame, x, row), get_row(before, x, row), width);
	shift = (double) sum / n;
	for (uint32_t row = y; row < y + height; row++) {
		uint32_t row_noise = 0, row_motion = 0;

		split_row(get_row(frame, x, row), get_row(before, x, row), width,
			  (int) lrint(shift), limit, &row_noise, &row_motion);
		noise += row_noise;
		motion += row_motion;
	}
	return (struct change){ shift, (double) noise / n, (double) motion };
}

/* While it warms up the averages are those of all so far. */
static bool judge(struct vz_stir *stir, struct cell *cell, const struct change *now)
{
	bool is_new = stir->n_compared < VZ_STIR_WARM_UP;
	double area = (double) stir->side_px * stir->side_px;
	/* What is usual times this, so that each step of the slider feels alike. */
	double factor = 4 - 2.8 * stir->sensitivity;
	double least = fmax(MIN_MOTION,
			    LEAST_MOTION_LEVELS * area * pow(MOST_SENSITIVE, -stir->sensitivity));
	bool is_moving = !is_new && now->motion > cell->motion * factor + least;
	double weight = is_new ? 1.0 / (stir->n_compared + 1) : WEIGHT;

	/* What moves becomes usual too, only later: a curtain in the wind. */
	if (is_moving)
		weight /= 4;
	cell->noise += (now->noise - cell->noise) * weight;
	cell->motion += (now->motion - cell->motion) * weight;
	return is_moving;
}

/* --- A frame --------------------------------------------------------------------------------- */

static int begin(struct vz_stir *stir, struct vz_frame *frame)
{
	vz_stir_reset(stir);
	stir->side_px = frame->width_px / CELLS_ACROSS;
	if (stir->side_px < 4)
		stir->side_px = 4;
	stir->n_x = (frame->width_px + stir->side_px - 1) / stir->side_px;
	stir->n_y = (frame->height_px + stir->side_px - 1) / stir->side_px;
	stir->cells = calloc((size_t) stir->n_x * stir->n_y, sizeof(*stir->cells));
	if (!stir->cells)
		return -ENOMEM;
	stir->before = vz_frame_ref(frame);
	return -EAGAIN;
}

/* Returns whether anything moves that is no change of the light. */
static bool compare(struct vz_stir *stir, const struct vz_frame *frame)
{
	uint32_t n_cells = stir->n_x * stir->n_y;
	uint32_t n_moving = 0, n_lighter = 0, n_darker = 0, n_shifted;

	for (uint32_t i = 0; i < n_cells; i++) {
		struct change now = measure(stir, frame, i);

		n_moving += judge(stir, &stir->cells[i], &now);
		n_lighter += now.shift > MIN_EXPOSURE_LEVEL;
		n_darker += now.shift < -MIN_EXPOSURE_LEVEL;
	}
	n_shifted = n_lighter > n_darker ? n_lighter : n_darker;
	return n_moving > 0 && n_moving * 100 <= n_cells * LIGHT_PERCENT &&
	       n_shifted * 100 <= n_cells * EXPOSURE_PERCENT;
}

int vz_stir_add(struct vz_stir *stir, struct vz_frame *frame)
{
	const struct vz_frame *before = stir->before;
	bool is_moving;

	if (!before || before->width_px != frame->width_px ||
	    before->height_px != frame->height_px || frame->timestamp_ns < before->timestamp_ns)
		return begin(stir, frame);
	if (frame->timestamp_ns - before->timestamp_ns < VZ_STIR_STEP_NS)
		return -EAGAIN;
	is_moving = compare(stir, frame);
	if (stir->n_compared <= VZ_STIR_WARM_UP)
		stir->n_compared++;
	(void) vz_frame_unref(stir->before);
	stir->before = vz_frame_ref(frame);
	return is_moving;
}
