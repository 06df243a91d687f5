/*
 * What one core does on its own: numbers as JSON text, and pictures as JPEG. Prints one line of
 *JSON.
 *
 *	bench-compute numbers		ns per number: ours, json-c's, and with six fixed places,
 *					which gives up the exact value and so is the floor
 *	bench-compute jpeg FILE		what libjpeg-turbo alone makes of that picture, over and
 *over
 */
#include <json-c/json.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <turbojpeg.h>

#include "measure.h"
#include "util/json.h"

#define N_NUMBERS  10000
#define RUN_NS	   200000000
#define QUALITY	   80
#define N_PLANES   3
#define FILE_BYTES (16 * 1024 * 1024)

/* --- Numbers --------------------------------------------------------------------------------- */

/* Of this process alone: what else runs on the core is not counted. */
static int64_t own_cpu_ns(void)
{
	struct timespec t;

	(void) clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t) t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Returns how many ns one call takes, of as many as fit into RUN_NS. */
static double time_of(void (*run)(void *data), void *data)
{
	int64_t start = own_cpu_ns(), end;
	long n = 0;

	do {
		run(data);
		n++;
		end = own_cpu_ns();
	} while (end - start < RUN_NS);
	return (double) (end - start) / (double) n;
}

struct numbers {
	double values[N_NUMBERS];
	struct json_object *array;
	char *text;
};

static void print_ours(void *data)
{
	const struct numbers *numbers = data;
	struct vz_buf buf = { 0 };

	vz_json_print(&buf, numbers->array);
	if (buf.failed)
		fail("out of memory");
	vz_buf_deinit(&buf);
}

static void print_json_c(void *data)
{
	const struct numbers *numbers = data;
	size_t size;

	(void) json_object_to_json_string_length(numbers->array, JSON_C_TO_STRING_PLAIN, &size);
}

static char *write_fixed(char *to, double value)
{
	uint64_t micros = (uint64_t) (value * 1e6 + 0.5), whole = micros / 1000000;
	char digits[24];
	int n = 0;

	micros %= 1000000;
	do
		digits[n++] = (char) ('0' + whole % 10);
	while ((whole /= 10));
	while (n)
		*to++ = digits[--n];
	*to++ = '.';
	for (n = 5; n >= 0; n--) {
		to[n] = (char) ('0' + micros % 10);
		micros /= 10;
	}
	return to + 6;
}

static void print_fixed(void *data)
{
	struct numbers *numbers = data;
	char *to = numbers->text;

	for (size_t i = 0; i < N_NUMBERS; i++) {
		to = write_fixed(to, numbers->values[i]);
		*to++ = ',';
	}
	/* The compiler must not find out that nobody reads it. */
	__asm__ volatile("" : : "r"(numbers->text) : "memory");
}

/* @places: how many a number has, or -1 for all that a double can. */
static void fill(struct numbers *numbers, int places)
{
	double scale = pow(10, places);

	json_object_put(numbers->array);
	numbers->array = json_object_new_array();
	srand(1);
	for (size_t i = 0; i < N_NUMBERS; i++) {
		double value = rand() / (double) RAND_MAX * 1000;

		numbers->values[i] = places < 0 ? value : round(value * scale) / scale;
		json_object_array_add(numbers->array, json_object_new_double(numbers->values[i]));
	}
}

static void run_numbers(void)
{
	struct numbers *numbers = calloc(1, sizeof(*numbers));
	double full, json_c, fixed, measured;

	numbers->text = malloc(N_NUMBERS * 32);
	if (!numbers->text)
		fail("out of memory");
	fill(numbers, -1);
	full = time_of(print_ours, numbers) / N_NUMBERS;
	json_c = time_of(print_json_c, numbers) / N_NUMBERS;
	fixed = time_of(print_fixed, numbers) / N_NUMBERS;
	fill(numbers, 3);
	measured = time_of(print_ours, numbers) / N_NUMBERS;
	printf("{\"full_ns\":%.2f,\"measured_ns\":%.2f,\"json_c_ns\":%.2f,\"fixed_ns\":%.2f}\n",
	       full, measured, json_c, fixed);
	json_object_put(numbers->array);
	free(numbers->text);
	free(numbers);
}

/* --- JPEG ------------------------------------------------------------------------------------ */

struct picture {
	tjhandle compressor;
	int width, height;
	unsigned char *planes[N_PLANES], *jpeg;
	unsigned long bound;
};

static void read_picture(struct picture *p, const char *path)
{
	unsigned char *file_bytes = malloc(FILE_BYTES);
	tjhandle reader = tjInitDecompress();
	FILE *file = fopen(path, "rb");
	int sampling, space, i;
	size_t size;

	if (!file || !reader || !file_bytes)
		fail("%s cannot be read", path);
	size = fread(file_bytes, 1, FILE_BYTES, file);
	fclose(file);
	if (tjDecompressHeader3(reader, file_bytes, size, &p->width, &p->height, &sampling,
				&space) < 0 ||
	    sampling != TJSAMP_420)
		fail("%s: expected a JPEG with 4:2:0 sampling", path);
	for (i = 0; i < N_PLANES; i++) {
		p->planes[i] = malloc(tjPlaneSizeYUV(i, p->width, 0, p->height, sampling));
		if (!p->planes[i])
			fail("out of memory");
	}
	if (tjDecompressToYUVPlanes(reader, file_bytes, size, p->planes, p->width, NULL, p->height,
				    0) < 0)
		fail("%s: %s", path, tjGetErrorStr2(reader));
	tjDestroy(reader);
	free(file_bytes);
}

static void compress(void *data)
{
	struct picture *p = data;
	unsigned long size = p->bound;

	if (tjCompressFromYUVPlanes(p->compressor, (const unsigned char **) p->planes, p->width,
				    NULL, p->height, TJSAMP_420, &p->jpeg, &size, QUALITY,
				    TJFLAG_NOREALLOC | TJFLAG_ACCURATEDCT) < 0)
		fail("%s", tjGetErrorStr2(p->compressor));
}

static void run_jpeg(const char *path)
{
	struct picture p = { .compressor = tjInitCompress() };
	double ns;

	read_picture(&p, path);
	p.bound = tjBufSize(p.width, p.height, TJSAMP_420);
	p.jpeg = malloc(p.bound);
	if (!p.compressor || !p.jpeg)
		fail("out of memory");
	ns = time_of(compress, &p);
	printf("{\"width\":%d,\"height\":%d,\"us\":%.2f,\"mpix_per_second\":%.2f}\n", p.width,
	       p.height, ns / 1000, p.width * 1000.0 * p.height / ns);
	tjDestroy(p.compressor);
	for (int i = 0; i < N_PLANES; i++)
		free(p.planes[i]);
	free(p.jpeg);
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "numbers") == 0)
		run_numbers();
	else if (argc == 3 && strcmp(argv[1], "jpeg") == 0)
		run_jpeg(argv[2]);
	else
		fail("expected numbers, or jpeg and a file");
	return EXIT_SUCCESS;
}
