#include "camera/scene-image.h"

#include <errno.h>
#include <string.h>

#include "camera/scene-private.h"

#define MAX_N_MOMENTS	 24
#define MOMENT_STEP_PX	 1.0
#define ROD_HALF_WIDTH_M 0.005

/* From back to front. */
enum patch { ROD, BOB, CART_LEFT, CART_RIGHT, BALL };

static const struct {
	enum material material;
	float radiance;
} looks[VZ_SCENE_N_PATCHES] = {
	[ROD] = { GREY, 0.05f },       [BOB] = { NAVY, 0.045f },
	[CART_LEFT] = { TEAL, 0.36f }, [CART_RIGHT] = { CRIMSON, 0.24f },
	[BALL] = { ORANGE, 0.42f },
};

/* One body at one moment, in pixels; pixel centres lie at whole numbers, y downwards. */
struct shape {
	enum { SHAPE_DISC, SHAPE_BOX, SHAPE_ROD } kind;
	double x, y;
	double half_width, half_height; /* of a disc: the radius; of a rod: half its thickness */
	double x_end, y_end;		/* of a rod */
};

/* --- Making ------------------------------------------------------------------------------- */

int vz_scene_image_new(uint32_t width_px, uint32_t height_px, struct vz_scene_image **ret)
{
	VZ_CLEANUP(vz_scene_image_freep) struct vz_scene_image *image = NULL;
	size_t n = (size_t) width_px * height_px;

	image = calloc(1, sizeof(*image));
	if (!image)
		return -ENOMEM;
	image->width_px = width_px;
	image->height_px = height_px;
	image->luma = malloc(n * sizeof(*image->luma));
	image->backdrop = malloc(n * sizeof(*image->backdrop));
	image->chroma = malloc(n / 4 * sizeof(*image->chroma));
	if (!image->luma || !image->backdrop || !image->chroma)
		return -ENOMEM;
	for (unsigned i = 0; i < VZ_SCENE_N_PATCHES; i++)
		image->patches[i].index = scene_index(looks[i].material, looks[i].radiance);
	vz_scene_draw_backdrop(image);
	memcpy(image->luma, image->backdrop, n * sizeof(*image->luma));
	*ret = vz_steal(image);
	return 0;
}

struct vz_scene_image *vz_scene_image_free(struct vz_scene_image *image)
{
	if (!image)
		return NULL;
	for (unsigned i = 0; i < VZ_SCENE_N_PATCHES; i++)
		free(image->patches[i].coverage);
	free(image->luma);
	free(image->backdrop);
	free(image->chroma);
	free(image);
	return NULL;
}

/* --- Where the bodies are ----------------------------------------------------------------- */

static struct shape place(const struct vz_scene_image *image, const struct vz_scene_state *state,
			  enum patch patch)
{
	static const enum vz_scene_body bodies[VZ_SCENE_N_PATCHES] = {
		[ROD] = VZ_SCENE_BOB,
		[BOB] = VZ_SCENE_BOB,
		[CART_LEFT] = VZ_SCENE_CART_LEFT,
		[CART_RIGHT] = VZ_SCENE_CART_RIGHT,
		[BALL] = VZ_SCENE_BALL,
	};
	double scale = scene_px_per_m(image);
	enum vz_scene_body body = bodies[patch];
	struct shape shape = {
		.kind = patch == ROD			? SHAPE_ROD
			: patch == BOB || patch == BALL ? SHAPE_DISC
							: SHAPE_BOX,
		.x = state->bodies[body].x * scale - 0.5,
		.y = image->height_px - state->bodies[body].y * scale - 0.5,
		.half_width = state->bodies[body].half_width * scale,
		.half_height = state->bodies[body].half_height * scale,
	};

	if (patch == ROD) {
		shape.x_end = shape.x;
		shape.y_end = shape.y;
		shape.x = state->pivot_x * scale - 0.5;
		shape.y = image->height_px - state->pivot_y * scale - 0.5;
		shape.half_width = shape.half_height = ROD_HALF_WIDTH_M * scale;
	}
	return shape;
}

static int clip(double value, uint32_t max)
{
	return value < 0 ? 0 : value > max ? (int) max : (int) value;
}

/* The pixels that the shape touches, at even sides; x0 == x1 when it is out of the picture. */
static struct vz_scene_box find_box(const struct vz_scene_image *image, const struct shape *s)
{
	double left = s->x, right = s->x, top = s->y, bottom = s->y;
	struct vz_scene_box box;

	if (s->kind == SHAPE_ROD) {
		left = fmin(left, s->x_end);
		right = fmax(right, s->x_end);
		bottom = s->y_end;
	}
	box.x0 = clip(floor(left - s->half_width - 1), image->width_px) & ~1;
	box.x1 = (clip(ceil(right + s->half_width + 2), image->width_px) + 1) & ~1;
	box.y0 = clip(floor(top - s->half_height - 1), image->height_px) & ~1;
	box.y1 = (clip(ceil(bottom + s->half_height + 2), image->height_px) + 1) & ~1;
	if (box.x0 >= box.x1 || box.y0 >= box.y1)
		return (struct vz_scene_box){ 0 };
	return box;
}

static struct vz_scene_box join(struct vz_scene_box a, struct vz_scene_box b)
{
	if (a.x0 == a.x1)
		return b;
	if (b.x0 == b.x1)
		return a;
	return (struct vz_scene_box){
		a.x0 < b.x0 ? a.x0 : b.x0,
		a.y0 < b.y0 ? a.y0 : b.y0,
		a.x1 > b.x1 ? a.x1 : b.x1,
		a.y1 > b.y1 ? a.y1 : b.y1,
	};
}

/* --- How much of each pixel they cover ---------------------------------------------------- */

static float clamp01(float value)
{
	return value < 0 ? 0 : value > 1 ? 1 : value;
}

/* The part of the pixel at @at that lies within @half of @centre, along one axis. */
static float overlap(int at, double centre, double half)
{
	double from = fmax(at - 0.5, centre - half), to = fmin(at + 0.5, centre + half);

	return to > from ? (float) (to - from) : 0;
}

static void cover_row_disc(float *row, int x0, int x1, int y, const struct shape *s, float weight)
{
	float dy = (float) (y - s->y), r = (float) s->half_width + 0.5f, x = (float) s->x;

	for (int i = x0; i < x1; i++) {
		float dx = (float) i - x;

		row[i - x0] += weight * clamp01(r - sqrtf(dx * dx + dy * dy));
	}
}

static void cover_row_box(float *row, int x0, int x1, int y, const struct shape *s, float weight)
{
	weight *= overlap(y, s->y, s->half_height);
	for (int i = x0; i < x1; i++)
		row[i - x0] += weight * overlap(i, s->x, s->half_width);
}

static void cover_row_rod(float *row, int x0, int x1, int y, const struct shape *s, float weight)
{
	double slope = (s->x_end - s->x) / (s->y_end - s->y), x = s->x + (y - s->y) * slope;
	float across = (float) (1 / sqrt(1 + slope * slope));
	float half = (float) s->half_width + 0.5f;
	int reach = (int) (half / across) + 1;
	int from = (int) x - reach, to = (int) x + reach + 1;

	if (y < s->y || y > s->y_end)
		return;
	for (int i = from < x0 ? x0 : from; i < x1 && i <= to; i++)
		row[i - x0] += weight * clamp01(half - fabsf((float) (i - x)) * across);
}

static void cover(struct vz_scene_patch *patch, struct vz_scene_box box, const struct shape *s,
		  float weight)
{
	static void (*const cover_row[])(float *row, int x0, int x1, int y, const struct shape *s,
					 float weight) = {
		[SHAPE_DISC] = cover_row_disc,
		[SHAPE_BOX] = cover_row_box,
		[SHAPE_ROD] = cover_row_rod,
	};
	int width = patch->box.x1 - patch->box.x0;

	for (int y = box.y0; y < box.y1; y++)
		cover_row[s->kind](patch->coverage + (y - patch->box.y0) * width +
					   (box.x0 - patch->box.x0),
				   box.x0, box.x1, y, s, weight);
}

static int make_room(struct vz_scene_patch *patch)
{
	size_t n =
		(size_t) (patch->box.x1 - patch->box.x0) * (size_t) (patch->box.y1 - patch->box.y0);
	float *coverage;

	if (n > patch->n_allocated) {
		coverage = reallocarray(patch->coverage, n, sizeof(*coverage));
		if (!coverage)
			return -ENOMEM;
		patch->coverage = coverage;
		patch->n_allocated = n;
	}
	if (n)
		memset(patch->coverage, 0, n * sizeof(*patch->coverage));
	return 0;
}

/* --- Drawing ------------------------------------------------------------------------------ */

static void restore(struct vz_scene_image *image, const struct vz_scene_box *box)
{
	for (int y = box->y0; y < box->y1; y++) {
		size_t at = (size_t) y * image->width_px + (size_t) box->x0;

		memcpy(image->luma + at, image->backdrop + at,
		       (size_t) (box->x1 - box->x0) * sizeof(*image->luma));
	}
}

/* Light adds up; its root does not. */
static void blend(struct vz_scene_image *image, const struct vz_scene_patch *patch)
{
	const float *coverage = patch->coverage;
	float body = scene_radiance(patch->index);

	for (int y = patch->box.y0; y < patch->box.y1; y++) {
		uint16_t *row = image->luma + (size_t) y * image->width_px;

		for (int x = patch->box.x0; x < patch->box.x1; x++, coverage++) {
			float behind, c = *coverage;

			if (c <= 0)
				continue;
			behind = scene_radiance(row[x]);
			row[x] = scene_index((c < 0.5f ? row[x] : patch->index) / VZ_SCENE_LEVELS,
					     behind + c * (body - behind));
		}
	}
}

static unsigned count_moments(const struct vz_scene_image *image,
			      const struct vz_scene_state *state, double exposure_s)
{
	double fastest = 0, n;

	for (unsigned i = 0; i < VZ_SCENE_N_BODIES; i++)
		fastest = fmax(fastest, hypot(state->bodies[i].vx, state->bodies[i].vy));
	n = ceil(fastest * scene_px_per_m(image) * exposure_s / MOMENT_STEP_PX);
	return n < 1 ? 1 : n > MAX_N_MOMENTS ? MAX_N_MOMENTS : (unsigned) n;
}

static int draw_patch(struct vz_scene_image *image, enum patch which,
		      const struct vz_scene_state *moments, unsigned n_moments)
{
	struct vz_scene_patch *patch = &image->patches[which];
	struct vz_scene_box boxes[MAX_N_MOMENTS];
	struct shape shapes[MAX_N_MOMENTS];

	patch->box = (struct vz_scene_box){ 0 };
	for (unsigned i = 0; i < n_moments; i++) {
		shapes[i] = place(image, &moments[i], which);
		boxes[i] = find_box(image, &shapes[i]);
		patch->box = join(patch->box, boxes[i]);
	}
	if (make_room(patch) < 0) {
		patch->box = (struct vz_scene_box){ 0 };
		return -ENOMEM;
	}
	for (unsigned i = 0; i < n_moments; i++)
		cover(patch, boxes[i], &shapes[i], 1.0f / (float) n_moments);
	blend(image, patch);
	return 0;
}

int vz_scene_image_draw(struct vz_scene_image *image, double time, double exposure_s)
{
	double width_m = image->width_px / scene_px_per_m(image);
	struct vz_scene_state moments[MAX_N_MOMENTS];
	unsigned n_moments;
	int r = 0;

	vz_scene_get_state(time - exposure_s / 2, width_m, &moments[0]);
	n_moments = count_moments(image, &moments[0], exposure_s);
	/* In the middle of equal parts of the exposure, so that the mean is that of the whole. */
	for (unsigned i = 0; i < n_moments; i++)
		vz_scene_get_state(time - exposure_s * (i + 0.5) / n_moments, width_m, &moments[i]);

	for (unsigned i = 0; i < VZ_SCENE_N_PATCHES; i++)
		restore(image, &image->patches[i].box);
	for (unsigned i = 0; i < VZ_SCENE_N_PATCHES && r == 0; i++)
		r = draw_patch(image, (enum patch) i, moments, n_moments);
	return r;
}
