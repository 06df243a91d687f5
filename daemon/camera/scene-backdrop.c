#include "camera/scene-private.h"
#include "util/cleanup.h"

/* Each row has luminance 1: 0.2126 R + 0.7152 G + 0.0722 B. */
const float vz_scene_materials[VZ_SCENE_N_MATERIALS][3] = {
	[GREY] = { 1.0000f, 1.0000f, 1.0000f },	   [WALL] = { 0.8990f, 1.0150f, 1.1490f },
	[WOOD] = { 1.4290f, 0.9270f, 0.4600f },	   [PANEL] = { 1.0900f, 0.9900f, 0.8340f },
	[RED] = { 3.7750f, 0.2420f, 0.3380f },	   [GREEN] = { 0.3580f, 1.2440f, 0.4740f },
	[BLUE] = { 0.2970f, 0.8610f, 4.4470f },	   [YELLOW] = { 1.3290f, 0.9960f, 0.0710f },
	[ORANGE] = { 2.0770f, 0.7580f, 0.2260f },  [NAVY] = { 0.4500f, 0.9000f, 3.6100f },
	[CRIMSON] = { 3.2260f, 0.3720f, 0.6660f }, [TEAL] = { 0.2820f, 1.1560f, 1.5690f },
};

/* Of further scenes, to tell them apart at a glance; luminance 1 too, so that they are as light. */
static const float walls[][3] = {
	{ 0.8990f, 1.0150f, 1.1490f }, { 1.3000f, 0.9800f, 0.3150f }, { 0.7500f, 1.0990f, 0.7550f },
	{ 1.3500f, 0.8980f, 0.9810f }, { 1.1200f, 0.8700f, 1.9350f },
};

const float *vz_scene_get_material(unsigned material, unsigned scene)
{
	return material == WALL ? walls[scene % VZ_N_ELEMENTS(walls)]
				: vz_scene_materials[material];
}

struct sample {
	enum material material;
	float radiance;
};

/* --- Texture: sums of smooth noise at several scales -------------------------------------- */

static float lattice(int x, int y, uint32_t seed)
{
	uint32_t h = vz_scene_hash((uint32_t) x + vz_scene_hash((uint32_t) y + seed));

	return (float) (h >> 8) * (2.0f / 16777216.0f) - 1.0f;
}

static float smooth_noise(float x, float y, uint32_t seed)
{
	float fx = floorf(x), fy = floorf(y), u = x - fx, v = y - fy;
	int ix = (int) fx, iy = (int) fy;
	float top, bottom;

	u = u * u * (3 - 2 * u);
	v = v * v * (3 - 2 * v);
	top = lattice(ix, iy, seed) * (1 - u) + lattice(ix + 1, iy, seed) * u;
	bottom = lattice(ix, iy + 1, seed) * (1 - u) + lattice(ix + 1, iy + 1, seed) * u;
	return top * (1 - v) + bottom * v;
}

/* About -1..1, at (@x, @y) metres, with features from @size_m downwards. */
static float texture(float x, float y, float size_m, uint32_t seed)
{
	float sum = 0, weight = 0.5f;

	for (uint32_t octave = 0; octave < 4; octave++, weight /= 2, size_m /= 2.3f)
		sum += weight * smooth_noise(x / size_m, y / size_m, seed + octave);
	return sum;
}

/* --- Things: all in metres, y up from the lower edge -------------------------------------- */

/* A stick of one metre in black and white decimetres, to calibrate with. */
static bool is_in_stick(float x, float y, struct sample *ret)
{
	float up = y - (float) VZ_SCENE_FLOOR_M;

	if (x < 0.10f || x > 0.14f || up < 0 || up > 1)
		return false;
	*ret = (struct sample){ GREY, (int) (up * 10) % 2 ? 0.06f : 0.72f };
	return true;
}

/* Six squares of known colours, to judge white balance and saturation by. */
static bool is_in_chart(float x, float y, struct sample *ret)
{
	static const struct sample squares[] = {
		{ GREY, 0.75f },  { GREY, 0.18f }, { RED, 0.15f },
		{ GREEN, 0.22f }, { BLUE, 0.10f }, { YELLOW, 0.55f },
	};
	float column = (x - 0.10f) / 0.13f;

	if (y < 2.17f || y > 2.28f || column < 0 || column >= 6 || column - floorf(column) > 0.85f)
		return false;
	*ret = squares[(int) column];
	return true;
}

static struct sample look_at_wall(float x, float y, float px_m)
{
	struct sample wall = { WALL, 0.30f + 0.09f * texture(x, y, 0.35f, 1) };
	float up = y - (float) VZ_SCENE_FLOOR_M;
	float to_line =
		fminf(fabsf(x / 0.2f - roundf(x / 0.2f)), fabsf(up / 0.2f - roundf(up / 0.2f)));

	/* A faint grid of 20 cm. */
	if (to_line * 0.2f < 0.6f * px_m)
		wall.radiance *= 0.82f;
	return wall;
}

static struct sample look_at(float x, float y, float pivot_x, float px_m)
{
	const float floor_m = (float) VZ_SCENE_FLOOR_M, track_m = (float) VZ_SCENE_TRACK_M;
	struct sample thing;

	if (is_in_chart(x, y, &thing) || is_in_stick(x, y, &thing))
		return thing;
	if (hypotf(x - pivot_x, y - (float) VZ_SCENE_PIVOT_Y_M) < 0.035f)
		return (struct sample){ GREY, 0.10f };
	if (y >= floor_m)
		return look_at_wall(x, y, px_m);
	if (y >= floor_m - 0.05f)
		return (struct sample){ WOOD, 0.30f + 0.14f * texture(x / 9, y, 0.02f, 9) };
	if (y < track_m && y >= track_m - 0.02f)
		return (struct sample){ GREY, 0.55f };
	return (struct sample){ PANEL, 0.12f + 0.05f * texture(x, y, 0.15f, 17) };
}

/* The light falls off towards the corners, as behind every real lens. */
static float fall_off(float u, float v)
{
	float r2 = (u - 0.5f) * (u - 0.5f) + (v - 0.5f) * (v - 0.5f);

	return 1.06f - 0.36f * r2;
}

void vz_scene_draw_backdrop(struct vz_scene_image *image)
{
	float px_m = (float) (1 / scene_px_per_m(image));
	float pivot_x, sum = 0;
	struct vz_scene_state state;

	vz_scene_get_state(0, image->width_px * (double) px_m, &state);
	pivot_x = (float) state.pivot_x;
	for (uint32_t row = 0; row < image->height_px; row++) {
		float y = ((float) (image->height_px - row) - 0.5f) * px_m, row_sum = 0;
		uint16_t *to = image->backdrop + (size_t) row * image->width_px;

		for (uint32_t column = 0; column < image->width_px; column++) {
			float x = ((float) column + 0.5f) * px_m;
			struct sample sample = look_at(x, y, pivot_x, px_m);

			sample.radiance *= fall_off(((float) column + 0.5f) / image->width_px,
						    ((float) row + 0.5f) / image->height_px);
			to[column] = scene_index(sample.material, sample.radiance);
			row_sum += sample.radiance;
		}
		sum += row_sum / image->width_px;
	}
	image->mean_radiance = sum / image->height_px;

	/* The upper left of the four has the say: no material is a mixture of others. */
	for (uint32_t row = 0; row < image->height_px / 2; row++)
		for (uint32_t column = 0; column < image->width_px / 2; column++)
			image->chroma[(size_t) row * (image->width_px / 2) + column] =
				image->backdrop[(size_t) row * 2 * image->width_px + column * 2];
}
