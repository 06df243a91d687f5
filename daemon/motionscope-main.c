#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clips/print.h"
#include "motionscope-command.h"
#include "util/complain.h"

#define EXIT_USAGE   2
#define EXIT_PARTIAL 3

/* --- Tracking -------------------------------------------------------------------------------- */

static int show_progress(unsigned pass, uint32_t frame, uint32_t n_frames, void *data)
{
	if (frame % 8)
		return 0;
	if (pass)
		fprintf(stderr, "\rtracking %3u %% ", 100 * frame / n_frames);
	else
		fprintf(stderr, "\rbackground: frame %u ", frame);
	return 0;
}

/* Says what of the file is missing, and returns whether it is of what was asked for. */
static bool tell_missing(const struct options *options, const struct vz_tracks *tracks)
{
	const struct vz_file_count *file = &tracks->file;

	if (file->n_spoilt)
		(void) vz_complain(0,
				   "%s: %" PRIu64
				   " part%s cannot be decoded; frames may be missing there",
				   options->file, file->n_spoilt, file->n_spoilt == 1 ? "" : "s");
	if (!file->breaks_off)
		return false;
	if (file->n_promised)
		(void) vz_complain(0, "%s: breaks off: %u of %" PRIu64 " frames could be read",
				   options->file, tracks->n_frames, file->n_promised);
	else
		(void) vz_complain(0,
				   "%s: breaks off: %u frames could be read, and there should be "
				   "more",
				   options->file, tracks->n_frames);
	return options->tracking.last == VZ_TRACKING_TO_THE_END;
}

static int track(struct options *options, struct vz_tracks *ret)
{
	struct vz_tracking_error error;
	bool shows_progress = isatty(STDERR_FILENO);
	int r;

	if (shows_progress)
		options->tracking.progress = show_progress;
	r = vz_tracking_run(options->file, &options->tracking, ret, &error);
	if (shows_progress)
		fputs("\r\033[K", stderr);
	if (r < 0)
		(void) vz_complain(0, "%s: %s",
				   error.where == VZ_TRACKING_RANGE   ? "--range"
				   : error.where == VZ_TRACKING_POINT ? "--point"
								      : options->file,
				   error.text);
	else if (!ret->n_tracks)
		(void) vz_complain(0, "%s: nothing has moved that is found at --threshold %g",
				   options->file, options->tracking.threshold_percent);
	return r;
}

/* --- Files ----------------------------------------------------------------------------------- */

static int write_all(const char *path, const char *data, size_t size)
{
	bool is_stdout = !strcmp(path, "-");
	FILE *file = is_stdout ? stdout : fopen(path, "w");
	int r = 0;

	if (!file) {
		r = -errno;
	} else {
		errno = 0;
		if (fwrite(data, 1, size, file) != size || fflush(file))
			r = errno ? -errno : -EIO;
		if (!is_stdout && fclose(file) && r == 0)
			r = -errno;
	}
	if (r < 0)
		(void) vz_complain(0, "%s: %s", is_stdout ? "standard output" : path, strerror(-r));
	return r;
}

static int print(const struct options *options, const struct vz_tracks *tracks, bool is_json)
{
	const struct vz_print_options how = {
		.program = "vizyd-motionscope " VZ_VERSION,
		.file = options->file,
		.tracking = &options->tracking,
		.motion = { .rule = VZ_DERIVATIVE_POLYNOMIAL,
			    .window = options->window,
			    .calibration = { options->px_per_unit > 0 ? "unit" : "px",
					     options->px_per_unit > 0 ? options->px_per_unit : 1,
					     .height_px = tracks->height_px,
					     .pixel_aspect = options->px_per_unit > 0
								     ? tracks->pixel_aspect
								     : 0 } },
		VZ_PRINT_ALL,
	};
	VZ_CLEANUP(vz_freep) char *text = NULL;
	struct vz_buf buf = { 0 };
	size_t size;
	int r;

	if (is_json)
		vz_print_json(&buf, &how, tracks);
	else
		vz_print_csv(&buf, &how, tracks);
	r = vz_buf_finish(&buf, &text, &size);
	if (r < 0)
		return vz_complain(-EINVAL, "%s", strerror(-r));
	return write_all(is_json ? options->json : options->csv, text, size);
}

int main(int argc, char **argv)
{
	struct vz_tracks tracks;
	struct options options;
	bool is_partial;
	int r;

	r = options_read(argc, argv, &options);
	if (r)
		return r > 0 ? EXIT_SUCCESS : EXIT_USAGE;
	r = track(&options, &tracks);
	if (r < 0)
		return EXIT_FAILURE;
	is_partial = tell_missing(&options, &tracks);
	if (is_partial && !tracks.n_tracks)
		r = -ENODATA;
	if (r == 0 && options.csv)
		r = print(&options, &tracks, false);
	if (r == 0 && options.json)
		r = print(&options, &tracks, true);
	vz_tracks_deinit(&tracks);
	return r < 0 ? EXIT_FAILURE : is_partial ? EXIT_PARTIAL : EXIT_SUCCESS;
}
