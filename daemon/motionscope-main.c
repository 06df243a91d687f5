#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "motionscope-command.h"

#define EXIT_USAGE 2

int fail(const char *format, ...)
{
	va_list args;

	fputs("vizyd-motionscope: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return -EINVAL;
}

int main(int argc, char **argv)
{
	struct options options;
	struct clip clip;
	int r;

	r = options_read(argc, argv, &options);
	if (r)
		return r > 0 ? EXIT_SUCCESS : EXIT_USAGE;
	r = clip_track(&options, &clip);
	if (r < 0)
		return EXIT_FAILURE;
	if (!clip.n_tracks)
		(void) fail("%s: nothing has moved that is found at --threshold %g", options.file,
			    options.threshold_percent);
	if (options.csv)
		r = print_csv(&options, &clip);
	if (r == 0 && options.json)
		r = print_json(&options, &clip);
	clip_deinit(&clip);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
