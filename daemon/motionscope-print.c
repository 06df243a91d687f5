#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "motionscope-command.h"
#include "motionscope/derivative.h"
#include "util/json.h"

static const char *const how_texts[] = {
	[VZ_TRACK_MEASURED] = "measured",
	[VZ_TRACK_BRIDGED] = "bridged",
	[VZ_TRACK_TEMPLATE] = "template",
};

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
		(void) fail("%s: %s", is_stdout ? "standard output" : path, strerror(-r));
	return r;
}

static int finish(struct vz_buf *buf, const char *path)
{
	VZ_CLEANUP(vz_freep) char *data = NULL;
	size_t size;
	int r;

	r = vz_buf_finish(buf, &data, &size);
	if (r < 0) {
		(void) fail("%s", strerror(-r));
		return r;
	}
	return write_all(path, data, size);
}

/* --- CSV ------------------------------------------------------------------------------------- */

static void print_row(struct vz_buf *buf, unsigned id, const struct vz_track_point *p)
{
	vz_buf_printf(buf, "%u,%u,", id, p->frame);
	vz_json_print_double(buf, p->t_s);
	vz_buf_putc(buf, ',');
	vz_json_print_double(buf, p->x_px);
	vz_buf_putc(buf, ',');
	vz_json_print_double(buf, p->y_px);
	vz_buf_printf(buf, ",%u,%s\n", p->area_px, how_texts[p->how]);
}

int print_csv(const struct options *options, const struct clip *clip)
{
	struct vz_buf buf = { 0 };

	vz_buf_puts(&buf, "track,frame,t_s,x_px,y_px,area_px,how\n");
	for (size_t i = 0; i < clip->n_tracks; i++)
		for (size_t k = 0; k < clip->tracks[i].n; k++)
			print_row(&buf, clip->tracks[i].id, &clip->tracks[i].points[k]);
	return finish(&buf, options->csv);
}

/* --- JSON ------------------------------------------------------------------------------------ */

static void print_key(struct vz_buf *buf, const char *key, double value)
{
	vz_buf_printf(buf, ",\"%s\":", key);
	vz_json_print_double(buf, value);
}

static void print_head(struct vz_buf *buf, const struct options *options, const struct clip *clip)
{
	uint32_t last = options->last < clip->n_frames ? options->last : clip->n_frames - 1;

	vz_buf_puts(buf, "{\"program\":\"vizyd-motionscope " VZ_VERSION "\",\"file\":");
	vz_json_print_string(buf, options->file, strlen(options->file));
	vz_buf_printf(buf, ",\"width_px\":%u,\"height_px\":%u,\"n_frames\":%u", clip->width_px,
		      clip->height_px, clip->n_frames);
	print_key(buf, "fps", clip->fps > 0 ? clip->fps : NAN);
	vz_buf_printf(buf, ",\n\"parameters\":{\"first\":%u,\"last\":%u,\"window\":%u",
		      options->first, last, options->window);
	vz_buf_puts(buf, ",\"rule\":\"polynomial\",\"degree\":2");
	print_key(buf, "threshold_percent", options->threshold_percent);
	vz_buf_puts(buf, ",\"points\":[");
	for (unsigned i = 0; i < options->n_points; i++) {
		vz_buf_printf(buf, "%s{\"frame\":%u", i ? "," : "", options->points[i].frame);
		print_key(buf, "x_px", options->points[i].x_px);
		print_key(buf, "y_px", options->points[i].y_px);
		vz_buf_putc(buf, '}');
	}
	vz_buf_puts(buf, "]},\n\"noise_levels\":[");
	for (unsigned i = 0; i < VZ_DETECTOR_N_PLANES; i++) {
		if (i)
			vz_buf_putc(buf, ',');
		vz_json_print_double(buf, clip->noise_levels[i]);
	}
	vz_buf_puts(buf, "],\n\"calibration\":{\"axes\":\"x right, y down\",\"unit\":");
	vz_buf_puts(buf, options->px_per_unit > 0 ? "\"unit\"" : "\"px\"");
	print_key(buf, "px_per_unit", options->px_per_unit > 0 ? options->px_per_unit : 1);
	vz_buf_puts(buf, "},\n\"tracks\":[");
}

/* Positions and their derivatives in units, by the side of each other. */
struct columns {
	double *t, *x, *y, *vx, *vy, *ax, *ay;
};

static void fill(const struct options *options, const struct vz_track *track, struct columns *c)
{
	double scale = options->px_per_unit > 0 ? options->px_per_unit : 1;

	for (size_t i = 0; i < track->n; i++) {
		c->t[i] = track->points[i].t_s;
		c->x[i] = track->points[i].x_px / scale;
		c->y[i] = track->points[i].y_px / scale;
	}
	vz_derivative_find(VZ_DERIVATIVE_POLYNOMIAL, options->window, c->t, c->x, track->n, c->vx,
			   c->ax);
	vz_derivative_find(VZ_DERIVATIVE_POLYNOMIAL, options->window, c->t, c->y, track->n, c->vy,
			   c->ay);
}

static void print_point(struct vz_buf *buf, const struct vz_track_point *p, const struct columns *c,
			size_t i)
{
	vz_buf_printf(buf, "{\"frame\":%u", p->frame);
	print_key(buf, "t_s", p->t_s);
	print_key(buf, "x_px", p->x_px);
	print_key(buf, "y_px", p->y_px);
	vz_buf_printf(buf, ",\"area_px\":%u,\"how\":\"%s\"", p->area_px, how_texts[p->how]);
	print_key(buf, "x", c->x[i]);
	print_key(buf, "y", c->y[i]);
	print_key(buf, "vx", c->vx[i]);
	print_key(buf, "vy", c->vy[i]);
	print_key(buf, "ax", c->ax[i]);
	print_key(buf, "ay", c->ay[i]);
	print_key(buf, "speed", hypot(c->vx[i], c->vy[i]));
	vz_buf_putc(buf, '}');
}

static int print_track(struct vz_buf *buf, const struct options *options,
		       const struct vz_track *track)
{
	VZ_CLEANUP(vz_freep) double *memory = calloc(7 * track->n + 1, sizeof(double));
	struct columns c;

	if (!memory)
		return -ENOMEM;
	c = (struct columns){
		.t = memory,
		.x = memory + track->n,
		.y = memory + 2 * track->n,
		.vx = memory + 3 * track->n,
		.vy = memory + 4 * track->n,
		.ax = memory + 5 * track->n,
		.ay = memory + 6 * track->n,
	};
	fill(options, track, &c);
	vz_buf_printf(buf, "{\"track\":%u,\"n_measured\":%zu,\"points\":[", track->id,
		      track->n_measured);
	for (size_t i = 0; i < track->n; i++) {
		vz_buf_puts(buf, i ? ",\n" : "\n");
		print_point(buf, &track->points[i], &c, i);
	}
	vz_buf_puts(buf, "]}");
	return 0;
}

int print_json(const struct options *options, const struct clip *clip)
{
	struct vz_buf buf = { 0 };

	print_head(&buf, options, clip);
	for (size_t i = 0; i < clip->n_tracks; i++) {
		vz_buf_puts(&buf, i ? ",\n" : "\n");
		if (print_track(&buf, options, &clip->tracks[i]) < 0)
			buf.failed = true;
	}
	vz_buf_puts(&buf, "]}\n");
	return finish(&buf, options->json);
}
