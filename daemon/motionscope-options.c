#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "motionscope-command.h"
#include "motionscope/derivative.h"
#include "util/complain.h"

enum {
	OPTION_THRESHOLD = 256,
	OPTION_RANGE,
	OPTION_POINT,
	OPTION_SCALE,
	OPTION_WINDOW,
	OPTION_CSV,
	OPTION_JSON,
	OPTION_VERSION,
	OPTION_HELP,
};

static const char usage[] =
	"Usage: vizyd-motionscope FILE [OPTION]...\n"
	"Finds what moves in the video FILE and prints where it is in each frame.\n"
	"\n"
	"  --threshold PERCENT   how much a pixel must differ from the background, 1..100 (25)\n"
	"  --range FIRST:LAST    only these frames, counted from 0; either may be left out\n"
	"  --point X,Y@FRAME     also follow what is at that place of that frame, by its looks;\n"
	"                        may be given several times\n"
	"  --scale PX_PER_UNIT   pixels per unit of length, for the derivatives in JSON\n"
	"  --window N            points for a derivative, odd, 3..101 (5)\n"
	"  --csv FILE            write the points there; - is standard output, and the default\n"
	"  --json FILE           write points, derivatives and parameters there\n"
	"  --version             print the version and end\n"
	"  --help                print this and end\n";

static const struct option long_options[] = {
	{ "threshold", required_argument, NULL, OPTION_THRESHOLD },
	{ "range", required_argument, NULL, OPTION_RANGE },
	{ "point", required_argument, NULL, OPTION_POINT },
	{ "scale", required_argument, NULL, OPTION_SCALE },
	{ "window", required_argument, NULL, OPTION_WINDOW },
	{ "csv", required_argument, NULL, OPTION_CSV },
	{ "json", required_argument, NULL, OPTION_JSON },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ NULL, 0, NULL, 0 },
};

/* --- Numbers -------------------------------------------------------------------------------- */

/* A finite number at *@text, which moves behind it. */
static bool take_number(const char **text, double *ret)
{
	char *end;
	double value;

	/* strtod() would pass over space. */
	if (!strchr("+-.0123456789", **text) || !**text)
		return false;
	value = strtod(*text, &end);
	if (end == *text || !isfinite(value))
		return false;
	*text = end;
	*ret = value;
	return true;
}

static bool take_frame(const char **text, uint32_t *ret)
{
	unsigned long long value;
	char *end;

	if (**text < '0' || **text > '9')
		return false;
	errno = 0;
	value = strtoull(*text, &end, 10);
	if (errno || value >= UINT32_MAX)
		return false;
	*text = end;
	*ret = (uint32_t) value;
	return true;
}

static int read_number(const char *option, const char *text, double min, double max, double *ret)
{
	const char *rest = text;
	double value;

	if (!take_number(&rest, &value) || *rest || !(value >= min) || value > max)
		return vz_complain(-EINVAL, "--%s: expected a number from %g to %g, found '%s'",
				   option, min, max, text);
	*ret = value;
	return 0;
}

static int read_window(const char *text, unsigned *ret)
{
	const char *rest = text;
	uint32_t value;

	if (!take_frame(&rest, &value) || *rest || value < VZ_DERIVATIVE_MIN_WINDOW ||
	    value > VZ_DERIVATIVE_MAX_WINDOW || value % 2 == 0)
		return vz_complain(-EINVAL,
				   "--window: expected an odd number from %u to %u, found '%s'",
				   VZ_DERIVATIVE_MIN_WINDOW, VZ_DERIVATIVE_MAX_WINDOW, text);
	*ret = value;
	return 0;
}

static int read_range(const char *text, struct options *ret)
{
	const char *rest = text;

	ret->tracking.first = 0;
	ret->tracking.last = VZ_TRACKING_TO_THE_END;
	if ((*rest != ':' && !take_frame(&rest, &ret->tracking.first)) || *rest++ != ':' ||
	    (*rest && !take_frame(&rest, &ret->tracking.last)) || *rest)
		return vz_complain(-EINVAL,
				   "--range: expected FIRST:LAST, frames counted from 0, found "
				   "'%s'",
				   text);
	if (ret->tracking.first > ret->tracking.last)
		return vz_complain(-EINVAL,
				   "--range: the first frame, %u, comes after the last, %u",
				   ret->tracking.first, ret->tracking.last);
	return 0;
}

static int read_point(const char *text, struct options *ret)
{
	struct vz_tracking_point point;
	const char *rest = text;

	if (ret->tracking.n_points == VZ_TRACKING_MAX_POINTS)
		return vz_complain(-EINVAL, "--point: more than %u", VZ_TRACKING_MAX_POINTS);
	if (!take_number(&rest, &point.x_px) || *rest++ != ',' ||
	    !take_number(&rest, &point.y_px) || *rest++ != '@' ||
	    !take_frame(&rest, &point.frame) || *rest)
		return vz_complain(-EINVAL,
				   "--point: expected X,Y@FRAME, such as 120,45.5@0, found '%s'",
				   text);
	ret->tracking.points[ret->tracking.n_points++] = point;
	return 0;
}

/* --- The command line ------------------------------------------------------------------------ */

static int read_option(int c, const char *text, struct options *ret)
{
	switch (c) {
	case OPTION_THRESHOLD:
		return read_number("threshold", text, 1, 100, &ret->tracking.threshold_percent);
	case OPTION_RANGE:
		return read_range(text, ret);
	case OPTION_POINT:
		return read_point(text, ret);
	case OPTION_SCALE:
		return read_number("scale", text, 1e-9, 1e9, &ret->px_per_unit);
	case OPTION_WINDOW:
		return read_window(text, &ret->window);
	case OPTION_CSV:
		ret->csv = text;
		return 0;
	case OPTION_JSON:
		ret->json = text;
		return 0;
	case OPTION_VERSION:
		puts("vizyd-motionscope " VZ_VERSION);
		return 1;
	case OPTION_HELP:
		fputs(usage, stdout);
		return 1;
	default:
		fputs("Try 'vizyd-motionscope --help'.\n", stderr);
		return -EINVAL;
	}
}

static int check(struct options *options)
{
	if (!options->csv && !options->json)
		options->csv = "-";
	if (options->csv && options->json && !strcmp(options->csv, options->json))
		return vz_complain(-EINVAL, "--csv and --json both write to '%s'", options->csv);
	for (unsigned i = 0; i < options->tracking.n_points; i++)
		if (options->tracking.points[i].frame < options->tracking.first ||
		    options->tracking.points[i].frame > options->tracking.last)
			return vz_complain(-EINVAL, "--point: frame %u is not within --range",
					   options->tracking.points[i].frame);
	return 0;
}

int options_read(int argc, char **argv, struct options *ret)
{
	int c, r;

	*ret = (struct options){
		.tracking = { .threshold_percent = VZ_DETECTOR_DEFAULT_THRESHOLD_PERCENT,
			      .last = VZ_TRACKING_TO_THE_END },
		.window = VZ_DERIVATIVE_DEFAULT_WINDOW,
	};
	while ((c = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		r = read_option(c, optarg, ret);
		if (r)
			return r;
	}
	if (optind == argc)
		return vz_complain(-EINVAL,
				   "expected a video file; try 'vizyd-motionscope --help'");
	if (optind + 1 < argc)
		return vz_complain(-EINVAL, "unexpected argument '%s'", argv[optind + 1]);
	ret->file = argv[optind];
	return check(ret);
}
