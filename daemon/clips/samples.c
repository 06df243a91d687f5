#include "clips/samples.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MIN_SAMPLES	 9u
#define MIN_FRAMES	 60u
#define MAX_SAMPLE_BYTES (UINT64_C(128) << 20)

static void free_picture(struct vz_picture *picture)
{
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		free(picture->planes[i].data);
		picture->planes[i].data = NULL;
	}
}

static int copy_picture(const struct vz_picture *picture, struct vz_picture *ret)
{
	struct vz_picture copy = *picture;
	bool is_whole = true;

	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		struct vz_plane *to = &copy.planes[i];

		to->stride_bytes = to->width_px;
		to->data = malloc((size_t) to->width_px * to->height_px);
		is_whole = is_whole && to->data;
		for (uint32_t y = 0; to->data && y < to->height_px; y++)
			memcpy(vz_plane_get_row(to, y), vz_plane_get_row(&picture->planes[i], y),
			       to->width_px);
	}
	if (!is_whole) {
		free_picture(&copy);
		return -ENOMEM;
	}
	*ret = copy;
	return 0;
}

/* With all places full every other sample goes, and from there on half as many are taken. */
static void thin_out(struct vz_samples *samples)
{
	unsigned n = 0;

	for (unsigned i = 0; i < samples->n; i++)
		if (i % 2 == 0)
			samples->pictures[n++] = samples->pictures[i];
		else
			free_picture(&samples->pictures[i]);
	samples->n = n;
	samples->step *= 2;
}

static unsigned find_max(uint32_t width_px, uint32_t height_px)
{
	uint64_t n = MAX_SAMPLE_BYTES / ((uint64_t) width_px * height_px * 3 / 2 + 1);

	return n > VZ_SAMPLES_MAX ? VZ_SAMPLES_MAX : n < MIN_SAMPLES ? MIN_SAMPLES : (unsigned) n;
}

void vz_samples_find_range(uint32_t first, uint32_t last, uint32_t *ret_first, uint32_t *ret_last)
{
	uint32_t n = last - first;
	uint32_t wider = n < MIN_FRAMES ? (MIN_FRAMES - n) / 2 : 0;

	*ret_first = first > wider ? first - wider : 0;
	*ret_last = last > UINT32_MAX - wider ? UINT32_MAX : last + wider;
}

uint32_t vz_samples_find_step(uint32_t width_px, uint32_t height_px, uint32_t n)
{
	unsigned max = find_max(width_px, height_px);
	uint32_t step = 1;

	while (n && (n - 1) / step + 1 > max)
		step *= 2;
	return step;
}

int vz_samples_offer(struct vz_samples *samples, const struct vz_picture *picture, uint32_t index)
{
	int r;

	if (!samples->max) {
		samples->step = 1;
		samples->max = find_max(picture->planes[0].width_px, picture->planes[0].height_px);
	}
	if (index % samples->step)
		return 0;
	if (samples->n == samples->max) {
		thin_out(samples);
		if (index % samples->step)
			return 0;
	}
	r = copy_picture(picture, &samples->pictures[samples->n]);
	if (r == 0)
		samples->n++;
	return r;
}

void vz_samples_deinit(struct vz_samples *samples)
{
	for (unsigned i = 0; i < samples->n; i++)
		free_picture(&samples->pictures[i]);
	*samples = (struct vz_samples){ 0 };
}
