#include "clips/columns.h"

#include <endian.h>
#include <string.h>

#define MAGIC	"VZC1"
#define N_PLACE 4u /* frame, t_s, x_px, y_px */

static void put_u32(struct vz_buf *buf, size_t value)
{
	uint32_t number = htole32((uint32_t) value);

	vz_buf_append(buf, &number, sizeof(number));
}

static char *put_double(char *to, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	bits = htole64(bits);
	memcpy(to, &bits, sizeof(bits));
	return to + sizeof(bits);
}

static void print_track(struct vz_buf *buf, const struct vz_motion_options *options,
			const struct vz_track *track)
{
	const struct vz_track_point *points = track->points;
	size_t size = track->n * sizeof(double) * (N_PLACE + VZ_N_QUANTITIES);
	struct vz_motion motion;
	char *to;

	if (vz_motion_find(track, options, &motion) < 0) {
		buf->failed = true;
		return;
	}
	to = vz_buf_reserve(buf, size);
	if (to)
		buf->size += size;
	for (size_t i = 0; to && i < track->n; i++)
		to = put_double(to, points[i].frame);
	for (size_t i = 0; to && i < track->n; i++)
		to = put_double(to, points[i].t_s);
	for (size_t i = 0; to && i < track->n; i++)
		to = put_double(to, points[i].x_px);
	for (size_t i = 0; to && i < track->n; i++)
		to = put_double(to, points[i].y_px);
	for (unsigned q = 0; q < VZ_N_QUANTITIES; q++)
		for (size_t i = 0; to && i < track->n; i++)
			to = put_double(to, motion.values[q][i]);
	vz_motion_deinit(&motion);
}

void vz_columns_print(struct vz_buf *buf, const struct vz_motion_options *options,
		      const struct vz_tracks *tracks)
{
	vz_buf_puts(buf, MAGIC);
	put_u32(buf, tracks->n_tracks);
	for (size_t i = 0; i < tracks->n_tracks; i++) {
		put_u32(buf, tracks->tracks[i].id);
		put_u32(buf, tracks->tracks[i].n);
	}
	for (size_t i = 0; i < tracks->n_tracks; i++)
		print_track(buf, options, &tracks->tracks[i]);
}
