#include "clips/print.h"

#include <math.h>
#include <string.h>

#include "util/json.h"

static const char *const how_names[] = {
	[VZ_TRACK_MEASURED] = "measured",
	[VZ_TRACK_BRIDGED] = "bridged",
	[VZ_TRACK_TEMPLATE] = "template",
};

const char *vz_print_how(enum vz_track_how how)
{
	return how_names[how];
}

bool vz_print_shows(const struct vz_print_options *options, size_t track)
{
	return track < 64 ? options->shown >> track & 1 : options->shown == UINT64_MAX;
}

static bool shows_point(const struct vz_print_options *options, const struct vz_track_point *point)
{
	return point->t_s >= options->first_s && point->t_s <= options->last_s;
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
	vz_buf_printf(buf, ",%u,%s\n", p->area_px, how_names[p->how]);
}

void vz_print_csv(struct vz_buf *buf, const struct vz_print_options *options,
		  const struct vz_tracks *tracks)
{
	vz_buf_puts(buf, "track,frame,t_s,x_px,y_px,area_px,how\n");
	for (size_t i = 0; i < tracks->n_tracks; i++) {
		const struct vz_track *track = &tracks->tracks[i];

		for (size_t k = 0; vz_print_shows(options, i) && k < track->n; k++)
			if (shows_point(options, &track->points[k]))
				print_row(buf, track->id, &track->points[k]);
	}
}

/* --- JSON ------------------------------------------------------------------------------------ */

static void print_key(struct vz_buf *buf, const char *key, double value)
{
	vz_buf_printf(buf, ",\"%s\":", key);
	vz_json_print_double(buf, value);
}

static void print_parameters(struct vz_buf *buf, const struct vz_print_options *options,
			     const struct vz_tracks *tracks)
{
	const struct vz_tracking_options *tracking = options->tracking;
	uint32_t last = tracking->last < tracks->n_frames ? tracking->last : tracks->n_frames - 1;

	vz_buf_printf(buf,
		      ",\n\"parameters\":{\"first\":%u,\"last\":%u,\"window\":%u,\"rule\":\"%s\"",
		      tracking->first, last, options->motion.window,
		      vz_motion_rule_name(options->motion.rule));
	if (options->motion.rule == VZ_DERIVATIVE_POLYNOMIAL)
		vz_buf_puts(buf, ",\"degree\":2");
	print_key(buf, "threshold_percent", tracking->threshold_percent);
	if (tracking->min_area_px)
		vz_buf_printf(buf, ",\"min_area_px\":%u", tracking->min_area_px);
	vz_buf_puts(buf, ",\"points\":[");
	for (unsigned i = 0; i < tracking->n_points; i++) {
		vz_buf_printf(buf, "%s{\"frame\":%u", i ? "," : "", tracking->points[i].frame);
		print_key(buf, "x_px", tracking->points[i].x_px);
		print_key(buf, "y_px", tracking->points[i].y_px);
		vz_buf_putc(buf, '}');
	}
	vz_buf_puts(buf, "]}");
}

static void print_calibration(struct vz_buf *buf, const struct vz_calibration *calibration)
{
	vz_buf_printf(buf, ",\n\"calibration\":{\"axes\":\"x right, y %s\"",
		      calibration->is_y_up ? "up" : "down");
	if (calibration->is_y_up)
		vz_buf_printf(buf, ",\"origin_px\":[0,%u]", calibration->height_px - 1);
	vz_buf_puts(buf, ",\"unit\":");
	vz_json_print_string(buf, calibration->unit, strlen(calibration->unit));
	print_key(buf, "px_per_unit", calibration->px_per_unit);
	/* Where the two differ. */
	if (calibration->pixel_aspect > 0 && calibration->pixel_aspect != 1)
		print_key(buf, "px_per_unit_x",
			  calibration->px_per_unit / calibration->pixel_aspect);
	vz_buf_putc(buf, '}');
}

static void print_head(struct vz_buf *buf, const struct vz_print_options *options,
		       const struct vz_tracks *tracks)
{
	vz_buf_puts(buf, "{\"program\":");
	vz_json_print_string(buf, options->program, strlen(options->program));
	vz_buf_puts(buf, ",\"file\":");
	vz_json_print_string(buf, options->file, strlen(options->file));
	vz_buf_printf(buf, ",\"width_px\":%u,\"height_px\":%u,\"n_frames\":%u", tracks->width_px,
		      tracks->height_px, tracks->n_frames);
	print_key(buf, "fps", tracks->fps > 0 ? tracks->fps : NAN);
	vz_buf_printf(buf, ",\"rotation_deg\":%u", tracks->rotation_deg);
	print_key(buf, "pixel_aspect", tracks->pixel_aspect);
	print_parameters(buf, options, tracks);
	vz_buf_puts(buf, ",\n\"noise_levels\":[");
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		if (i)
			vz_buf_putc(buf, ',');
		vz_json_print_double(buf, tracks->noise_levels[i]);
	}
	vz_buf_putc(buf, ']');
	print_calibration(buf, &options->motion.calibration);
	vz_buf_puts(buf, ",\n\"tracks\":[");
}

static void print_point(struct vz_buf *buf, const struct vz_track_point *p,
			const struct vz_motion *motion, size_t i)
{
	vz_buf_printf(buf, "{\"frame\":%u", p->frame);
	print_key(buf, "t_s", p->t_s);
	print_key(buf, "x_px", p->x_px);
	print_key(buf, "y_px", p->y_px);
	vz_buf_printf(buf, ",\"area_px\":%u,\"how\":\"%s\"", p->area_px, how_names[p->how]);
	for (unsigned k = 0; k < VZ_N_QUANTITIES; k++)
		print_key(buf, vz_quantity_name(k), motion->values[k][i]);
	vz_buf_putc(buf, '}');
}

static int print_track(struct vz_buf *buf, const struct vz_print_options *options,
		       const struct vz_track *track)
{
	struct vz_motion motion;
	const char *comma = "\n";
	int r;

	r = vz_motion_find(track, &options->motion, &motion);
	if (r < 0)
		return r;
	vz_buf_printf(buf, "{\"track\":%u,\"n_measured\":%zu,\"points\":[", track->id,
		      track->n_measured);
	for (size_t i = 0; i < track->n; i++) {
		if (!shows_point(options, &track->points[i]))
			continue;
		vz_buf_puts(buf, comma);
		print_point(buf, &track->points[i], &motion, i);
		comma = ",\n";
	}
	vz_buf_puts(buf, "]}");
	vz_motion_deinit(&motion);
	return 0;
}

void vz_print_json(struct vz_buf *buf, const struct vz_print_options *options,
		   const struct vz_tracks *tracks)
{
	const char *comma = "\n";

	print_head(buf, options, tracks);
	for (size_t i = 0; i < tracks->n_tracks; i++) {
		if (!vz_print_shows(options, i))
			continue;
		vz_buf_puts(buf, comma);
		comma = ",\n";
		if (print_track(buf, options, &tracks->tracks[i]) < 0)
			buf->failed = true;
	}
	vz_buf_puts(buf, "]}\n");
}
