#include "camera/simulated-sensor.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "camera/scene.h"

/* With 10 ms and gain 1, radiance 1 just fills the sensor, with 20 000 electrons. */
#define REFERENCE_US	     10000.0
#define ELECTRONS_PER_US     2.0
#define READ_NOISE_ELECTRONS 6.0

/* Of full: where automatic exposure puts the mean. */
#define TARGET_LEVEL	  0.18
#define START_EXPOSURE_US 2500.0
/* Parts of the way, in stops, that the automatics go with each frame. */
#define AE_SPEED     0.3
#define AWB_SPEED    0.15
#define CLOSE_ENOUGH 0.002

/* The gains that make grey grey under the scene's lamps. */
#define TRUE_RED_GAIN  1.6
#define TRUE_BLUE_GAIN 2.0

#define NOISE_SIZE  65536u
#define NOISE_SIGMA 32

/* Levels are kept in 64ths. */
#define FRACTION_BITS 6
#define MAX_LEVEL     (255 << FRACTION_BITS)
#define GAMMA_SIZE    4096u

struct luma {
	uint16_t level;
	uint16_t noise; /* 64ths of a level per NOISE_SIGMA, times 64 */
};

struct chroma {
	int16_t cb, cr; /* 64ths, around 0 */
};

/* All that the tables depend on. */
struct recipe {
	double exposure_us, gain, red_gain, blue_gain, brightness, contrast, saturation;
};

struct vz_sensor {
	struct vz_sensor_values values;
	struct recipe wanted, made;
	float gamma[GAMMA_SIZE]; /* by the root of the linear value */
	struct luma luma[VZ_SCENE_N_INDICES];
	struct chroma chroma[VZ_SCENE_N_INDICES];
	int8_t noise[NOISE_SIZE];
	unsigned scene;
};

/* --- Making ------------------------------------------------------------------------------- */

/* The sum of twelve even numbers is as good as normal here, and the same on every machine. */
static void make_noise(int8_t *noise)
{
	uint32_t state = 1;

	for (unsigned i = 0; i < NOISE_SIZE; i++) {
		double sum = -6;

		for (int j = 0; j < 12; j++)
			sum += vz_scene_hash(state++) / 4294967296.0;
		noise[i] = (int8_t) lrint(fmin(fmax(sum * NOISE_SIGMA, -127), 127));
	}
}

static void make_gamma(float *gamma)
{
	for (unsigned i = 0; i < GAMMA_SIZE; i++) {
		double root = i / (GAMMA_SIZE - 1.0), linear = root * root;

		gamma[i] = (float) (linear <= 0.0031308 ? 12.92 * linear
							: 1.055 * pow(linear, 1 / 2.4) - 0.055);
	}
}

int vz_sensor_new(unsigned scene, struct vz_sensor **ret)
{
	struct vz_sensor *sensor;

	sensor = calloc(1, sizeof(*sensor));
	if (!sensor)
		return -ENOMEM;
	sensor->scene = scene;
	sensor->values = (struct vz_sensor_values){ START_EXPOSURE_US, 1, 1, 1 };
	make_noise(sensor->noise);
	make_gamma(sensor->gamma);
	*ret = sensor;
	return 0;
}

struct vz_sensor *vz_sensor_free(struct vz_sensor *sensor)
{
	free(sensor);
	return NULL;
}

/* --- The automatics ----------------------------------------------------------------------- */

static double approach(double value, double target, double speed)
{
	double stops = log2(target / value);

	return fabs(stops) < CLOSE_ENOUGH ? target : value * exp2(stops * speed);
}

static void step_exposure(struct vz_sensor_values *v, const struct vz_sensor_settings *s,
			  double mean_radiance)
{
	double total, wanted;

	if (!s->auto_exposure) {
		v->exposure_us = isnan(s->exposure_us) ? v->exposure_us : s->exposure_us;
		v->gain = isnan(s->gain) ? v->gain : s->gain;
		v->exposure_us =
			fmax(fmin(v->exposure_us, s->max_exposure_us), VZ_SENSOR_MIN_EXPOSURE_US);
		return;
	}
	/* Time first, as it brings light; gain only makes the most of too little. */
	wanted = REFERENCE_US * TARGET_LEVEL * exp2(s->exposure_value) / mean_radiance;
	wanted = fmax(fmin(wanted, s->max_exposure_us * VZ_SENSOR_MAX_GAIN),
		      VZ_SENSOR_MIN_EXPOSURE_US);
	total = approach(v->exposure_us * v->gain, wanted, AE_SPEED);
	v->exposure_us = fmin(total, s->max_exposure_us);
	v->gain = fmin(total / v->exposure_us, VZ_SENSOR_MAX_GAIN);
}

static void step_white_balance(struct vz_sensor_values *v, const struct vz_sensor_settings *s)
{
	static const struct {
		double red, blue;
	} modes[VZ_SENSOR_N_AWB_MODES] = {
		[VZ_SENSOR_AWB_AUTO] = { TRUE_RED_GAIN, TRUE_BLUE_GAIN },
		[VZ_SENSOR_AWB_INCANDESCENT] = { 1.15, 2.75 },
		[VZ_SENSOR_AWB_FLUORESCENT] = { 1.55, 2.1 },
		[VZ_SENSOR_AWB_DAYLIGHT] = { 2.0, 1.6 },
		[VZ_SENSOR_AWB_CLOUDY] = { 2.3, 1.35 },
	};

	if (s->auto_white_balance) {
		v->red_gain = approach(v->red_gain, modes[s->awb_mode].red, AWB_SPEED);
		v->blue_gain = approach(v->blue_gain, modes[s->awb_mode].blue, AWB_SPEED);
		return;
	}
	v->red_gain = isnan(s->red_gain) ? v->red_gain : s->red_gain;
	v->blue_gain = isnan(s->blue_gain) ? v->blue_gain : s->blue_gain;
}

const struct vz_sensor_values *vz_sensor_step(struct vz_sensor *sensor,
					      const struct vz_sensor_settings *settings,
					      double mean_radiance)
{
	struct vz_sensor_values *v = &sensor->values;

	step_exposure(v, settings, fmax(mean_radiance, 1e-3));
	step_white_balance(v, settings);
	sensor->wanted = (struct recipe){
		.exposure_us = v->exposure_us,
		.gain = v->gain,
		.red_gain = v->red_gain,
		.blue_gain = v->blue_gain,
		.brightness = settings->brightness,
		.contrast = settings->contrast,
		.saturation = settings->saturation,
	};
	return v;
}

/* --- The tables --------------------------------------------------------------------------- */

static float clamp01(float value)
{
	return value < 0 ? 0 : value > 1 ? 1 : value;
}

/* One colour channel: full at 1, then gamma, contrast about the middle, brightness. */
static float process(const struct vz_sensor *sensor, float linear, float contrast, float brightness)
{
	float root = sqrtf(clamp01(linear));
	float value = sensor->gamma[(unsigned) (root * (GAMMA_SIZE - 1) + 0.5f)];

	return clamp01((value - 0.5f) * contrast + 0.5f + brightness);
}

static void make_levels(struct vz_sensor *sensor, unsigned material)
{
	const struct recipe *recipe = &sensor->made;
	float exposure = (float) (recipe->exposure_us * recipe->gain / REFERENCE_US);
	float scale[3] = { exposure * (float) (recipe->red_gain / TRUE_RED_GAIN), exposure,
			   exposure * (float) (recipe->blue_gain / TRUE_BLUE_GAIN) };
	float contrast = (float) recipe->contrast, brightness = (float) recipe->brightness;
	float saturation = (float) recipe->saturation * MAX_LEVEL;
	const float *colour = vz_scene_get_material(material, sensor->scene);
	struct luma *luma = sensor->luma + material * VZ_SCENE_LEVELS;
	struct chroma *chroma = sensor->chroma + material * VZ_SCENE_LEVELS;

	for (unsigned i = 0; i < VZ_SCENE_LEVELS; i++) {
		float root = (float) i / (VZ_SCENE_LEVELS - 1), c[3], y;

		for (unsigned j = 0; j < 3; j++)
			c[j] = process(sensor, root * root * scale[j] * colour[j], contrast,
				       brightness);
		y = 0.299f * c[0] + 0.587f * c[1] + 0.114f * c[2];
		luma[i].level = (uint16_t) (y * MAX_LEVEL + 0.5f);
		chroma[i].cb = (int16_t) lrintf(
			fmaxf(fminf((c[2] - y) * 0.564f * saturation, MAX_LEVEL / 2),
			      -MAX_LEVEL / 2));
		chroma[i].cr = (int16_t) lrintf(
			fmaxf(fminf((c[0] - y) * 0.713f * saturation, MAX_LEVEL / 2),
			      -MAX_LEVEL / 2));
	}
}

/*
 * The arrival of photons makes noise of the root of their number, reading them out some more;
 * what a level's worth of it is depends on how steep the curve is there. Where the picture is cut
 * off at white, none is left.
 */
static void make_amplitudes(struct vz_sensor *sensor, unsigned material)
{
	float electrons = (float) (sensor->made.exposure_us * ELECTRONS_PER_US);
	float read2 = (float) (READ_NOISE_ELECTRONS * READ_NOISE_ELECTRONS);
	struct luma *luma = sensor->luma + material * VZ_SCENE_LEVELS;

	for (unsigned i = 0; i < VZ_SCENE_LEVELS; i++) {
		float root = (float) i / (VZ_SCENE_LEVELS - 1), radiance = root * root;
		float sigma = sqrtf(radiance * electrons + read2) / electrons;
		float up = sqrtf(radiance + sigma), down = sqrtf(fmaxf(radiance - sigma, 0));
		unsigned high = (unsigned) (up * (VZ_SCENE_LEVELS - 1)), low;
		float spread;

		low = (unsigned) (down * (VZ_SCENE_LEVELS - 1));
		if (high >= VZ_SCENE_LEVELS)
			high = VZ_SCENE_LEVELS - 1;
		spread = (float) (luma[high].level - luma[low].level) / 2;
		luma[i].noise =
			(uint16_t) fminf(spread * (1 << FRACTION_BITS) / NOISE_SIGMA, 65535);
	}
}

static void make_tables(struct vz_sensor *sensor)
{
	if (!memcmp(&sensor->made, &sensor->wanted, sizeof(sensor->made)))
		return;
	sensor->made = sensor->wanted;
	for (unsigned material = 0; material < VZ_SCENE_N_MATERIALS; material++) {
		make_levels(sensor, material);
		make_amplitudes(sensor, material);
	}
}

/* --- The picture -------------------------------------------------------------------------- */

static inline uint8_t to_byte(int level)
{
	level = (level + (1 << FRACTION_BITS) / 2) >> FRACTION_BITS;
	return (uint8_t) (level < 0 ? 0 : level > 255 ? 255 : level);
}

static void develop_luma_row(const struct vz_sensor *sensor, const uint16_t *from, uint32_t n,
			     uint32_t seed, uint8_t *to)
{
	/* Another stretch of the noise for each row of each frame. */
	uint32_t at = vz_scene_hash(seed);

	for (uint32_t i = 0; i < n; i++) {
		struct luma luma = sensor->luma[from[i]];
		int noise = sensor->noise[(at + i) % NOISE_SIZE];

		to[i] = to_byte(luma.level + ((noise * luma.noise) >> FRACTION_BITS));
	}
}

/* Colour noise is half as strong: a processor smooths it before it subsamples. */
static void develop_chroma_row(const struct vz_sensor *sensor, const uint16_t *from, uint32_t n,
			       uint32_t seed, uint8_t *to_cb, uint8_t *to_cr)
{
	uint32_t at = vz_scene_hash(seed), other = vz_scene_hash(seed ^ 0x5bd1e995);

	for (uint32_t i = 0; i < n; i++) {
		struct chroma chroma = sensor->chroma[from[i]];
		int strength = sensor->luma[from[i]].noise;
		int noise_cb = sensor->noise[(at + i) % NOISE_SIZE];
		int noise_cr = sensor->noise[(other + i) % NOISE_SIZE];

		to_cb[i] = to_byte((128 << FRACTION_BITS) + chroma.cb +
				   ((noise_cb * strength) >> (FRACTION_BITS + 1)));
		to_cr[i] = to_byte((128 << FRACTION_BITS) + chroma.cr +
				   ((noise_cr * strength) >> (FRACTION_BITS + 1)));
	}
}

static uint8_t mix(uint8_t behind, int16_t body, float coverage)
{
	float level = 128 + (float) body / (1 << FRACTION_BITS);

	return (uint8_t) lrintf(clamp01((behind + (level - behind) * coverage) / 255) * 255);
}

/* The colour of what moves, over the colour behind it. */
static void develop_patch(const struct vz_sensor *sensor, const struct vz_scene_patch *patch,
			  uint8_t *const planes[VZ_FRAME_N_PLANES],
			  const uint32_t strides[VZ_FRAME_N_PLANES])
{
	struct chroma chroma = sensor->chroma[patch->index];
	int width = patch->box.x1 - patch->box.x0;

	for (int y = patch->box.y0; y < patch->box.y1; y += 2) {
		const float *row = patch->coverage + (y - patch->box.y0) * width;
		uint8_t *cb = planes[1] + (size_t) (y / 2) * strides[1] + patch->box.x0 / 2;
		uint8_t *cr = planes[2] + (size_t) (y / 2) * strides[2] + patch->box.x0 / 2;

		for (int x = 0; x < width; x += 2) {
			float coverage =
				(row[x] + row[x + 1] + row[x + width] + row[x + width + 1]) / 4;

			if (coverage <= 0)
				continue;
			cb[x / 2] = mix(cb[x / 2], chroma.cb, coverage);
			cr[x / 2] = mix(cr[x / 2], chroma.cr, coverage);
		}
	}
}

void vz_sensor_develop(struct vz_sensor *sensor, const struct vz_scene_image *image, uint32_t seed,
		       uint8_t *const planes[VZ_FRAME_N_PLANES],
		       const uint32_t strides[VZ_FRAME_N_PLANES])
{
	uint32_t width = image->width_px, height = image->height_px;

	make_tables(sensor);
	/* Rows of one frame and of the next must not share a seed. */
	seed = vz_scene_hash(seed);
	for (uint32_t y = 0; y < height; y++)
		develop_luma_row(sensor, image->luma + (size_t) y * width, width, seed + y,
				 planes[0] + (size_t) y * strides[0]);
	for (uint32_t y = 0; y < height / 2; y++)
		develop_chroma_row(sensor, image->chroma + (size_t) y * (width / 2), width / 2,
				   seed + height + y, planes[1] + (size_t) y * strides[1],
				   planes[2] + (size_t) y * strides[2]);
	for (unsigned i = 0; i < VZ_SCENE_N_PATCHES; i++)
		develop_patch(sensor, &image->patches[i], planes, strides);
}
