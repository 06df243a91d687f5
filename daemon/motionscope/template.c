#include "motionscope/template.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* Below this it is something else. */
#define MIN_SCORE 0.6
/* Only what is surely the same teaches. */
#define LEARN_SCORE	    0.8
#define LEARN_WEIGHT	    0.1f
#define MIN_VARIANCE_LEVELS 2.0
#define MAX_SEARCH_PX	    64
#define DRIFT_PX	    2.0
#define MAX_GAP_FRAMES	    15u

/* --- Pixels -------------------------------------------------------------------------------- */

static bool is_inside(const struct vz_plane *frame, unsigned radius, double x, double y)
{
	return x - radius >= 0 && y - radius >= 0 && x + radius <= frame->width_px - 1.0 &&
	       y + radius <= frame->height_px - 1.0;
}

static float sample(const struct vz_plane *frame, double x, double y)
{
	uint32_t left = (uint32_t) x, top = (uint32_t) y;
	uint32_t right = left + 1 < frame->width_px ? left + 1 : left;
	uint32_t bottom = top + 1 < frame->height_px ? top + 1 : top;
	const uint8_t *a = vz_plane_get_row(frame, top), *b = vz_plane_get_row(frame, bottom);
	double u = x - left, v = y - top;

	return (float) ((1 - v) * ((1 - u) * a[left] + u * a[right]) +
			v * ((1 - u) * b[left] + u * b[right]));
}

/* Learns the square around a place between pixels with weight @weight; it lies in the picture. */
static void learn(struct vz_template *t, const struct vz_plane *frame, double x, double y,
		  float weight)
{
	int radius = (int) t->radius_px;
	float *p = t->pixels;

	for (int dy = -radius; dy <= radius; dy++)
		for (int dx = -radius; dx <= radius; dx++, p++)
			*p += weight * (sample(frame, x + dx, y + dy) - *p);
}

static double find_variance(const struct vz_template *t)
{
	unsigned side = 2 * t->radius_px + 1, n = side * side;
	double sum = 0, squares = 0;

	for (unsigned i = 0; i < n; i++) {
		sum += t->pixels[i];
		squares += (double) t->pixels[i] * t->pixels[i];
	}
	return squares / n - sum / n * (sum / n);
}

int vz_template_init(struct vz_template *template, const struct vz_plane *frame, unsigned radius_px,
		     uint32_t frame_number, double t_s, double x_px, double y_px)
{
	struct vz_track_point point = { frame_number, 0, t_s, x_px, y_px, VZ_TRACK_TEMPLATE };

	if (!is_inside(frame, radius_px, x_px, y_px))
		return -ERANGE;
	memset(template, 0, sizeof(*template));
	template->radius_px = radius_px;
	template->score = 1;
	learn(template, frame, x_px, y_px, 1);
	if (find_variance(template) < MIN_VARIANCE_LEVELS * MIN_VARIANCE_LEVELS)
		return -ENODATA;
	memcpy(template->first, template->pixels, sizeof(template->first));
	return vz_track_add(&template->track, &point);
}

void vz_template_deinit(struct vz_template *template)
{
	vz_track_deinit(&template->track);
}

/* --- Correlation ---------------------------------------------------------------------------- */

static double correlate(const float *pixels, unsigned radius_px, const struct vz_plane *frame,
			int x, int y)
{
	int radius = (int) radius_px, side = 2 * radius + 1;
	double n = side * side, t = 0, tt = 0, ft = 0, variance_t, variance_f;
	uint64_t f = 0, ff = 0;

	for (int row = 0; row < side; row++) {
		const uint8_t *a =
			vz_plane_get_row(frame, (uint32_t) (y - radius + row)) + x - radius;
		const float *b = pixels + row * side;
		uint32_t row_f = 0, row_ff = 0;

		for (int i = 0; i < side; i++) {
			row_f += a[i];
			row_ff += (uint32_t) a[i] * a[i];
			t += (double) b[i];
			tt += (double) b[i] * b[i];
			ft += (double) b[i] * a[i];
		}
		f += row_f;
		ff += row_ff;
	}
	variance_t = tt - t * t / n;
	variance_f = (double) ff - (double) f * (double) f / n;
	if (variance_t < 1e-6 * n || variance_f < 1e-6 * n)
		return 0;
	return (ft - t * (double) f / n) / sqrt(variance_t * variance_f);
}

double vz_template_correlate(const struct vz_template *template, const struct vz_plane *frame,
			     int x, int y)
{
	return correlate(template->pixels, template->radius_px, frame, x, y);
}

/* --- Search --------------------------------------------------------------------------------- */

struct place {
	double x, y, score;
};

/*
 * The top of z = z0 + px x + py y + (pxx x^2 + pyy y^2) / 2 + pxy x y, fitted by least squares to 3
 * x 3 values. A parabola along each axis by itself would miss the top of a slanting ridge.
 */
static void find_top(const double z[3][3], double *ret_dx, double *ret_dy)
{
	double px = 0, py = 0, pxx = 0, pyy = 0, pxy, det;

	for (int i = 0; i < 3; i++) {
		px += (z[i][2] - z[i][0]) / 6;
		py += (z[2][i] - z[0][i]) / 6;
		pxx += (z[i][2] + z[i][0] - 2 * z[i][1]) / 3;
		pyy += (z[2][i] + z[0][i] - 2 * z[1][i]) / 3;
	}
	pxy = (z[2][2] + z[0][0] - z[0][2] - z[2][0]) / 4;
	det = pxx * pyy - pxy * pxy;
	*ret_dx = *ret_dy = 0;
	if (!(pxx < 0) || !(det > 1e-12))
		return;
	*ret_dx = fmin(fmax((pxy * py - pyy * px) / det, -1), 1);
	*ret_dy = fmin(fmax((pxy * px - pxx * py) / det, -1), 1);
}

static void refine(const struct vz_template *t, const float *pixels, const struct vz_plane *frame,
		   struct place *best)
{
	int x = (int) best->x, y = (int) best->y;
	double z[3][3], dx, dy;

	if (!is_inside(frame, t->radius_px + 1, x, y))
		return;
	for (int i = 0; i < 3; i++)
		for (int k = 0; k < 3; k++)
			z[i][k] = correlate(pixels, t->radius_px, frame, x + k - 1, y + i - 1);
	find_top(z, &dx, &dy);
	best->x += dx;
	best->y += dy;
}

/* The best place within @reach around (x, y), to the pixel. */
static struct place search(const struct vz_template *t, const float *pixels,
			   const struct vz_plane *frame, double x, double y, double reach)
{
	struct place best = { x, y, -1 };
	int cx = (int) lrint(x), cy = (int) lrint(y), n = (int) ceil(reach);

	for (int dy = -n; dy <= n; dy++)
		for (int dx = -n; dx <= n; dx++) {
			double score;

			if (!is_inside(frame, t->radius_px, cx + dx, cy + dy))
				continue;
			score = correlate(pixels, t->radius_px, frame, cx + dx, cy + dy);
			if (score > best.score)
				best = (struct place){ cx + dx, cy + dy, score };
		}
	return best;
}

/* What has been learnt finds the place, what was shown at first says where exactly it is, as long
 * as it still looks like that: else small errors would add up. */
static struct place find(const struct vz_template *t, const struct vz_plane *frame, double x,
			 double y, double reach)
{
	struct place found = search(t, t->pixels, frame, x, y, reach), exact;

	if (found.score < MIN_SCORE)
		return found;
	exact = search(t, t->first, frame, found.x, found.y, DRIFT_PX);
	if (exact.score >= LEARN_SCORE) {
		refine(t, t->first, frame, &exact);
		found.x = exact.x;
		found.y = exact.y;
	} else {
		refine(t, t->pixels, frame, &found);
	}
	return found;
}

int vz_template_step(struct vz_template *template, const struct vz_plane *frame,
		     uint32_t frame_number, double t_s)
{
	struct vz_track *track = &template->track;
	double since_s = t_s - track->points[track->n - 1 - track->n_missed].t_s, x, y, speed;
	struct vz_track_point point = { frame_number, 0, t_s, 0, 0, VZ_TRACK_BRIDGED };
	struct place found;

	vz_track_predict(track, t_s, &x, &y, &speed);
	/* Before anything is known about its speed: as far as two of its squares. */
	found = find(template, frame, x, y,
		     fmin(MAX_SEARCH_PX, track->n_measured < 2
						 ? 4.0 * template->radius_px
						 : template->radius_px + speed * since_s));
	template->score = found.score;
	point.x_px = x;
	point.y_px = y;
	if (found.score >= MIN_SCORE) {
		point.x_px = found.x;
		point.y_px = found.y;
		point.how = VZ_TRACK_TEMPLATE;
	} else if (track->n_missed >= MAX_GAP_FRAMES) {
		vz_track_trim(track);
		return -ESRCH;
	}
	if (found.score >= LEARN_SCORE && is_inside(frame, template->radius_px, found.x, found.y))
		learn(template, frame, found.x, found.y, LEARN_WEIGHT);
	return vz_track_add(track, &point);
}
