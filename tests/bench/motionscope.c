/*
 * The motionscope on one core: detection and tracking of a picture, and what is the least that can
 * be done with one: copying it, and one pass over its luma plane. Prints one line of JSON.
 *
 *	bench-motionscope WIDTH HEIGHT
 *
 * The pictures have noise of two levels over a pattern, and two balls that move.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "measure.h"
#include "motionscope/detector.h"
#include "motionscope/tracker.h"

#define N_PICTURES 6u
#define N_SAMPLES  5u
#define RUN_NS	   400000000
#define FPS	   50.0

struct bench {
	uint32_t width, height;
	size_t size;
	struct vz_picture pictures[N_PICTURES];
	uint8_t *copy;
	struct vz_detector *detector;
	struct vz_tracker *tracker;
	unsigned n;
	uint64_t n_blobs, sum;
};

/* --- Pictures --------------------------------------------------------------------------------- */

static uint32_t random_state = 1;

/* About normal, of standard deviation 2. */
static double find_noise(void)
{
	double sum = 0;

	for (int i = 0; i < 4; i++) {
		random_state = random_state * 1664525u + 1013904223u;
		sum += (random_state >> 8) / 16777216.0 - 0.5;
	}
	return sum * 2 * sqrt(3);
}

static double find_luma(const struct bench *b, unsigned i, double x, double y)
{
	double ground = 100 + 40 * sin(x / 23) * cos(y / 31), radius = b->height / 30.0;

	for (int ball = 0; ball < 2; ball++) {
		double part = (i + 0.5) / N_PICTURES;
		double cx = b->width * (ball ? 1 - part : part);
		double cy = b->height * (0.3 + 0.35 * ball + 0.2 * part * part);
		double cover = fmin(fmax(radius - hypot(x - cx, y - cy), 0), 1);

		ground += cover * (220 - ground);
	}
	return ground;
}

static void make_picture(struct bench *b, unsigned i)
{
	uint8_t *data = malloc(b->size);

	if (!data)
		fail("out of memory");
	for (unsigned p = 0; p < VZ_PICTURE_N_PLANES; p++) {
		uint32_t width = p ? b->width / 2 : b->width,
			 height = p ? b->height / 2 : b->height;
		struct vz_plane *plane = &b->pictures[i].planes[p];

		*plane = (struct vz_plane){ data, width, height, width };
		data += (size_t) width * height;
		for (uint32_t y = 0; y < height; y++)
			for (uint32_t x = 0; x < width; x++) {
				double value = p ? 128 : find_luma(b, i, x, y);

				vz_plane_get_row(plane, y)[x] =
					(uint8_t) lrint(value + find_noise());
			}
	}
}

/* --- Work --------------------------------------------------------------------------------------
 */

static void run_step(struct bench *b)
{
	const struct vz_blobs *blobs;

	if (vz_detector_step(b->detector, &b->pictures[b->n % N_PICTURES], &blobs) < 0 ||
	    vz_tracker_step(b->tracker, b->n, b->n / FPS, blobs) < 0)
		fail("out of memory");
	b->n_blobs += blobs->n;
	b->n++;
	/* As if the clip began anew, else the tracks grow for ever. */
	if (b->n % (64 * N_PICTURES) == 0) {
		(void) vz_tracker_free(b->tracker);
		if (vz_tracker_new(b->width, b->height, &b->tracker) < 0)
			fail("out of memory");
	}
}

static void run_copy(struct bench *b)
{
	memcpy(b->copy, b->pictures[b->n++ % N_PICTURES].planes[0].data, b->size);
	__asm__ volatile("" : : "r"(b->copy) : "memory");
}

static void run_luma(struct bench *b)
{
	const struct vz_plane *a = &b->pictures[b->n++ % N_PICTURES].planes[0];
	const uint8_t *behind = vz_detector_get_background(b->detector)->planes[0].data;
	size_t n = (size_t) b->width * b->height;
	uint32_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (uint32_t) abs(a->data[i] - behind[i]);
	b->sum += sum;
}

static double own_cpu_ns(void)
{
	struct timespec t;

	(void) clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double) t.tv_sec * 1e9 + (double) t.tv_nsec;
}

/* How many a second. */
static double find_rate(struct bench *b, void (*run)(struct bench *b))
{
	double start = own_cpu_ns(), end;
	long n = 0;

	do {
		run(b);
		n++;
		end = own_cpu_ns();
	} while (end - start < RUN_NS);
	return (double) n / (end - start) * 1e9;
}

int main(int argc, char **argv)
{
	static struct bench b;
	double steps, copies, passes;

	if (argc != 3)
		fail("expected a width and a height");
	b.width = (uint32_t) parse_number("width", argv[1], 16) & ~1u;
	b.height = (uint32_t) parse_number("height", argv[2], 16) & ~1u;
	b.size = (size_t) b.width * b.height * 3 / 2;
	b.copy = malloc(b.size);
	for (unsigned i = 0; i < N_PICTURES; i++)
		make_picture(&b, i);
	if (!b.copy || vz_detector_new(b.width, b.height, &b.detector) < 0 ||
	    vz_tracker_new(b.width, b.height, &b.tracker) < 0 ||
	    vz_detector_set_background(b.detector, b.pictures, N_SAMPLES,
				       VZ_DETECTOR_DEFAULT_THRESHOLD_PERCENT) < 0)
		fail("no detector");
	steps = find_rate(&b, run_step);
	if (b.n_blobs != 2 * (uint64_t) b.n)
		fail("%.2f objects in a picture of two", (double) b.n_blobs / b.n);
	copies = find_rate(&b, run_copy);
	passes = find_rate(&b, run_luma);
	printf("{\"steps_per_second\":%.1f,\"copies_per_second\":%.1f,\"passes_per_second\":%.1f}"
	       "\n",
	       steps, copies, passes);
	return EXIT_SUCCESS;
}
