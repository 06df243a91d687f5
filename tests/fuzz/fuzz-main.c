/* Runs a fuzz target over a corpus directory, as an ordinary test: fuzz-x CORPUS [ROUNDS]. */
#include "fuzz.h"

#include <dirent.h>
#include <string.h>

static uint32_t random_state = 1;

static uint32_t next_random(void)
{
	random_state = random_state * 1664525u + 1013904223u;
	return random_state >> 8;
}

/* Damages @data in place: bytes changed, a run taken out, or the end cut off. Returns the size. */
static size_t damage(uint8_t *data, size_t size)
{
	static const char marks[] = "{}[]\",:\\0e-.u\xff\x80 ";

	for (unsigned n = 1 + next_random() % 3; n && size > 1; n--) {
		size_t at = next_random() % size, length;

		switch (next_random() % 4) {
		case 0:
			data[at] = (uint8_t) marks[next_random() % (sizeof(marks) - 1)];
			break;
		case 1:
			data[at] ^= (uint8_t) (1u << next_random() % 8);
			break;
		case 2:
			length = 1 + next_random() % (size - at);
			memmove(data + at, data + at + length, size - at - length);
			size -= length;
			break;
		default:
			length = next_random() % (size - at);
			memmove(data + next_random() % (size - length), data + at, length);
		}
	}
	return size;
}

/* A copy of just the right size, so that a sanitizer sees each byte read too far. */
static void run_once(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size + !size);

	if (!copy)
		abort();
	memcpy(copy, data, size);
	(void) LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static void run_file(const char *path, unsigned n_rounds)
{
	static uint8_t data[1 << 20], work[1 << 20];
	FILE *file = fopen(path, "rb");
	size_t size;

	if (!file) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	size = fread(data, 1, sizeof(data), file);
	fclose(file);
	run_once(data, size);
	for (unsigned i = 0; i < n_rounds; i++) {
		memcpy(work, data, size);
		run_once(work, damage(work, size));
	}
}

int main(int argc, char **argv)
{
	unsigned n_rounds = argc > 2 ? (unsigned) atoi(argv[2]) : 200, n_files = 0;
	DIR *directory = argc > 1 ? opendir(argv[1]) : NULL;
	struct dirent *entry;

	if (!directory) {
		fprintf(stderr, "usage: %s CORPUS [ROUNDS]\n", argv[0]);
		return EXIT_FAILURE;
	}
	while ((entry = readdir(directory))) {
		char path[4096];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", argv[1], entry->d_name);
		run_file(path, n_rounds);
		n_files++;
	}
	closedir(directory);
	printf("%u files, %u inputs\n", n_files, n_files * (n_rounds + 1));
	return n_files ? EXIT_SUCCESS : EXIT_FAILURE;
}
