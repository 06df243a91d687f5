/*
 * A film as a phone makes one: real footage, objects drawn over it whose places are known, and what
 * a camera does to it - noise, shake, a change of exposure, the flicker of lamps - encoded as films
 * are. What is in it is read from standard input, a word and its numbers on each line:
 *
 *	make-scene FILE <scene
 *
 *	size WIDTH HEIGHT
 *	encode ENCODER QUALITY B_FRAMES FORMAT FULL_RANGE ROTATION TICKS	the quality: -crf,
 *or -qscale; TICKS of time in a second footage PATH FIRST RATE LEFT TOP WIDTH	its frames, RATE of
 *them for each; in its pixels wall LUMA				or a wall instead noise
 *SIGMA				in levels of luma disc RADIUS Y CB CR TEXTURE OPACITY	an object;
 *the texture as a part of the luma limb RADIUS Y CB CR TEXTURE OPACITY	as a line with round ends
 *	shade RADIUS DEPTH			on the ground
 *	frame TIME_US SHAKE_X SHAKE_Y GAIN FLICKER PHASE DCB DCR
 *	at OBJECT X Y X2 Y2 DX DY ANGLE		in this frame; DX, DY: while the shutter was open
 *
 * Objects count from 0, later ones lie over earlier ones. X2, Y2: the other end of a limb.
 */
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/display-matrix.h"

#define MAX_OBJECTS 32
#define N_NOISE	    (1u << 18)
#define MAX_STEPS   16
#define MAX_SIDE    4096

enum kind { DISC, LIMB, SHADE };

struct object {
	enum kind kind;
	double radius, color[3], texture, opacity;
};

struct place {
	int object;
	double x, y, x2, y2, dx, dy, angle;
};

struct shot {
	double time_us, shake_x, shake_y, gain, flicker, phase, dcb, dcr;
	struct place places[MAX_OBJECTS];
	int n_places;
};

/* A channel of a picture, from 0 to 255. */
struct channel {
	float *values;
	int width, height;
};

struct source {
	char path[512];
	double first, rate, left, top, width;
	AVFormatContext *container;
	AVCodecContext *decoder;
	AVFrame *frames[2]; /* the one before and the one after */
	int stream, at;	    /* at: the index of the later one */
	bool has_ended;
};

struct scene {
	int width, height, b_frames, full_range, rotation, ticks;
	char encoder_name[64], format_name[64];
	double quality, wall, noise;
	struct source source;
	struct object objects[MAX_OBJECTS];
	int n_objects;
	struct channel channels[3];
	float *gauss;
	uint32_t random;
	AVFormatContext *container;
	AVCodecContext *encoder;
};

static void check(int r, const char *what)
{
	if (r >= 0)
		return;
	fprintf(stderr, "make-scene: %s: %s\n", what, av_err2str(r));
	exit(1);
}

static uint32_t get_random(struct scene *scene)
{
	scene->random = scene->random * 1664525 + 1013904223;
	return scene->random >> 8;
}

/* --- Footage --------------------------------------------------------------------------------- */

static void open_source(struct source *source)
{
	const AVCodec *codec;

	check(avformat_open_input(&source->container, source->path, NULL, NULL), source->path);
	check(avformat_find_stream_info(source->container, NULL), source->path);
	source->stream =
		av_find_best_stream(source->container, AVMEDIA_TYPE_VIDEO, -1, -1, &codec, 0);
	check(source->stream, source->path);
	source->decoder = avcodec_alloc_context3(codec);
	check(avcodec_parameters_to_context(source->decoder,
					    source->container->streams[source->stream]->codecpar),
	      "decoder");
	check(avcodec_open2(source->decoder, codec, NULL), "decoder");
	source->frames[0] = av_frame_alloc();
	source->frames[1] = av_frame_alloc();
	source->at = -1;
}

/* The next picture of the footage; at its end the last one stays. */
static void read_source(struct source *source)
{
	AVFrame *old = source->frames[0];
	AVPacket *packet = av_packet_alloc();
	int r = AVERROR(EAGAIN);

	source->frames[0] = source->frames[1];
	source->frames[1] = old;
	while (!source->has_ended &&
	       (r = avcodec_receive_frame(source->decoder, old)) == AVERROR(EAGAIN)) {
		if (av_read_frame(source->container, packet) < 0) {
			avcodec_send_packet(source->decoder, NULL);
			continue;
		}
		if (packet->stream_index == source->stream)
			avcodec_send_packet(source->decoder, packet);
		av_packet_unref(packet);
	}
	if (r < 0) {
		source->has_ended = true;
		check(source->frames[0]->buf[0] ? 0 : AVERROR_EOF, source->path);
		av_frame_unref(old);
		check(av_frame_ref(old, source->frames[0]), "memory");
	}
	check(old->format == AV_PIX_FMT_YUV420P || old->format == AV_PIX_FMT_YUVJ420P
		      ? 0
		      : AVERROR(EINVAL),
	      "footage is not YUV 4:2:0");
	source->at++;
	av_packet_free(&packet);
}

/* Where each pixel of a row or a column lies in the footage, between @at and the next. */
struct spot {
	int at;
	float part;
};

static void find_spots(struct spot *ret, int n, double first, double step, int size)
{
	for (int i = 0; i < n; i++) {
		double at = fmin(fmax(first + i * step, 0), size - 1.001);

		ret[i] = (struct spot){ (int) at, (float) (at - (int) at) };
	}
}

static void draw_row(const AVFrame *frame, int plane, const struct spot *columns, struct spot row,
		     float weight, float *ret, int n)
{
	const uint8_t *above = frame->data[plane] + (ptrdiff_t) row.at * frame->linesize[plane];
	const uint8_t *below = above + frame->linesize[plane];

	for (int x = 0; x < n; x++) {
		int at = columns[x].at;
		float part = columns[x].part;
		float up = above[at] + (float) (above[at + 1] - above[at]) * part;
		float down = below[at] + (float) (below[at + 1] - below[at]) * part;

		ret[x] += weight * (up + (down - up) * row.part);
	}
}

static void draw_footage(struct scene *scene, const struct shot *shot, int k)
{
	static struct spot columns[MAX_SIDE], rows[MAX_SIDE];
	struct source *source = &scene->source;
	double at = source->first + k * source->rate, scale = source->width / scene->width;
	float part = (float) (at - (int) at);

	while (source->at < (int) at + 1)
		read_source(source);
	for (int i = 0; i < 3; i++) {
		struct channel *c = &scene->channels[i];
		const AVFrame *frame = source->frames[0];
		int half = i ? 2 : 1;

		find_spots(columns, c->width, (source->left + shot->shake_x * scale) / half, scale,
			   frame->width / half);
		find_spots(rows, c->height, (source->top + shot->shake_y * scale) / half, scale,
			   frame->height / half);
		for (int y = 0; y < c->height; y++) {
			float *row = c->values + (size_t) y * c->width;

			memset(row, 0, (size_t) c->width * sizeof(*row));
			draw_row(source->frames[0], i, columns, rows[y], 1 - part, row, c->width);
			if (part > 0)
				draw_row(source->frames[1], i, columns, rows[y], part, row,
					 c->width);
		}
	}
}

static void draw_wall(struct scene *scene, const struct shot *shot)
{
	for (int i = 0; i < 3; i++) {
		struct channel *c = &scene->channels[i];

		for (int y = 0; y < c->height; y++)
			for (int x = 0; x < c->width; x++) {
				double sx = x + shot->shake_x, sy = y + shot->shake_y;

				c->values[y * c->width + x] =
					i ? 128
					  : (float) (scene->wall + 20 * sin(sx / 9) +
						     15 * sin(sy / 7) + 8 * sin((sx + sy) / 2));
			}
	}
}

/* --- Objects --------------------------------------------------------------------------------- */

/* How far (@x, @y) is from what the object is drawn around. */
static double find_distance(const struct object *object, const struct place *p, double x, double y)
{
	double lx = p->x2 - p->x, ly = p->y2 - p->y, along;

	if (object->kind == SHADE)
		return hypot(x - p->x, (y - p->y) / 0.3);
	if (object->kind == DISC)
		return hypot(x - p->x, y - p->y);
	along = ((x - p->x) * lx + (y - p->y) * ly) / fmax(lx * lx + ly * ly, 1e-9);
	along = fmin(fmax(along, 0), 1);
	return hypot(x - p->x - along * lx, y - p->y - along * ly);
}

/* The part of a pixel that it covers, on average over the time of the exposure. */
static double find_cover(const struct object *object, const struct place *p, double x, double y)
{
	double soft = object->kind == SHADE ? object->radius : 1.4, sum = 0;
	int n = (int) fmin(MAX_STEPS, 1 + hypot(p->dx, p->dy));

	for (int i = 0; i < n; i++) {
		double at = (i + 0.5) / n - 0.5;
		double d = find_distance(object, p, x - at * p->dx, y - at * p->dy);

		sum += fmin(fmax(0.5 + (object->radius - d) / soft, 0), 1);
	}
	return sum / n * object->opacity;
}

static double find_luma(const struct object *object, const struct place *p, double x, double y)
{
	double dx = x - p->x, dy = y - p->y, angle = atan2(dy, dx) - p->angle;
	double r = fmin(hypot(dx, dy) / object->radius, 1);

	if (object->kind == LIMB)
		return object->color[0] * (1 + object->texture * sin(dx / 5) * sin(dy / 6));
	/* Lit from above, with a pattern that turns. */
	return object->color[0] * (1 - 0.12 * dy / object->radius - 0.1 * r * r +
				   object->texture * sin(3 * angle) * r);
}

static void blend(struct channel *c, int x, int y, double cover, double value)
{
	float *v;

	if (x < 0 || y < 0 || x >= c->width || y >= c->height)
		return;
	v = &c->values[y * c->width + x];
	*v += (float) (cover * (value - *v));
}

static void draw_object(struct scene *scene, const struct object *object, const struct place *p)
{
	double reach = object->radius * (object->kind == SHADE ? 1.5 : 1) + 2;
	double wide = reach + fabs(p->dx) / 2, high = reach + fabs(p->dy) / 2;
	double x2 = object->kind == LIMB ? p->x2 : p->x, y2 = object->kind == LIMB ? p->y2 : p->y;
	int left = ((int) floor(fmin(p->x, x2) - wide)) & ~1;
	int top = ((int) floor(fmin(p->y, y2) - high)) & ~1;
	int right = (int) fmin(fmax(p->x, x2) + wide, scene->width);
	int bottom = (int) fmin(fmax(p->y, y2) + high, scene->height);

	left = left < 0 ? 0 : left;
	top = top < 0 ? 0 : top;
	for (int y = top; y < bottom; y += 2)
		for (int x = left; x < right; x += 2) {
			double sum = 0;

			for (int k = 0; k < 4; k++) {
				int px = x + k % 2, py = y + k / 2;
				double cover = find_cover(object, p, px, py);

				sum += cover;
				if (cover > 0)
					blend(&scene->channels[0], px, py, cover,
					      object->kind == SHADE ? 16
								    : find_luma(object, p, px, py));
			}
			for (int i = 1; i < 3 && sum > 0 && object->kind != SHADE; i++)
				blend(&scene->channels[i], x / 2, y / 2, sum / 4, object->color[i]);
		}
}

/* --- The camera ------------------------------------------------------------------------------ */

static void make_noise(struct scene *scene)
{
	scene->gauss = malloc(N_NOISE * sizeof(*scene->gauss));
	check(scene->gauss ? 0 : AVERROR(ENOMEM), "memory");
	for (unsigned i = 0; i < N_NOISE; i++) {
		double a = (get_random(scene) + 1.0) / (1 << 24), b = get_random(scene);

		scene->gauss[i] =
			(float) (sqrt(-2 * log(a)) * cos(b / (1 << 24) * 2 * 3.14159265358979));
	}
}

static void write_channel(struct scene *scene, const struct shot *shot, int i, AVFrame *frame)
{
	const struct channel *c = &scene->channels[i];
	int bits = av_pix_fmt_desc_get(scene->encoder->pix_fmt)->comp[0].depth;
	float sigma = (float) (i ? scene->noise / 2 : scene->noise);
	double offset = i == 1 ? shot->dcb : i == 2 ? shot->dcr : 0;

	for (int y = 0; y < c->height; y++) {
		const float *row = c->values + (size_t) y * c->width;
		uint32_t at = get_random(scene) % N_NOISE;
		double wave = sin(shot->phase + 6.2831853 * y / c->height);
		float gain = (float) (i ? 1 : shot->gain * (1 + shot->flicker * wave));
		float zero = (float) (i ? -offset : 16 * (1 - 1 / fmax(gain, 1e-3)));
		uint8_t *to = frame->data[i] + (ptrdiff_t) y * frame->linesize[i];

		for (int x = 0; x < c->width; x++) {
			float v = (row[x] - zero) * gain +
				  sigma * scene->gauss[(at + (uint32_t) x) % N_NOISE];

			v = v < 0 ? 0 : v > 255 ? 255 : v;
			if (bits == 8)
				to[x] = (uint8_t) (v + 0.5F);
			else
				((uint16_t *) (void *) to)[x] =
					(uint16_t) (v * (float) (1 << (bits - 8)) + 0.5F);
		}
	}
}

/* --- The file -------------------------------------------------------------------------------- */

static void begin(struct scene *scene, const char *path)
{
	const AVCodec *codec = avcodec_find_encoder_by_name(scene->encoder_name);
	AVCodecContext *encoder;
	AVStream *stream;

	check(codec ? 0 : AVERROR_ENCODER_NOT_FOUND, scene->encoder_name);
	check(avformat_alloc_output_context2(&scene->container, NULL, NULL, path), "container");
	encoder = scene->encoder = avcodec_alloc_context3(codec);
	stream = avformat_new_stream(scene->container, NULL);
	encoder->width = scene->width;
	encoder->height = scene->height;
	encoder->pix_fmt = av_get_pix_fmt(scene->format_name);
	encoder->time_base = stream->time_base = (AVRational){ 1, scene->ticks };
	encoder->max_b_frames = scene->b_frames;
	encoder->gop_size = 60;
	/* How a picture is shared out among threads changes what is written. */
	encoder->thread_count = 1;
	encoder->color_range = scene->full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
	encoder->strict_std_compliance = FF_COMPLIANCE_UNOFFICIAL;
	if (strstr(scene->encoder_name, "264") || strstr(scene->encoder_name, "265")) {
		av_opt_set(encoder->priv_data, "preset", "veryfast", 0);
		av_opt_set_double(encoder->priv_data, "crf", scene->quality, 0);
		av_opt_set(encoder->priv_data, "x265-params", "log-level=error", 0);
	} else if (strstr(scene->encoder_name, "vpx")) {
		av_opt_set_int(encoder->priv_data, "cpu-used", 8, 0);
		av_opt_set(encoder->priv_data, "deadline", "realtime", 0);
		av_opt_set_double(encoder->priv_data, "crf", scene->quality, 0);
	} else {
		encoder->flags |= AV_CODEC_FLAG_QSCALE;
		encoder->global_quality = (int) (scene->quality * FF_QP2LAMBDA);
	}
	if (scene->container->oformat->flags & AVFMT_GLOBALHEADER)
		encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
	check(avcodec_open2(encoder, codec, NULL), codec->name);
	check(avcodec_parameters_from_context(stream->codecpar, encoder), "parameters");
	if (scene->rotation)
		check(add_display_matrix(stream, scene->rotation), "matrix");
	check(avio_open(&scene->container->pb, path, AVIO_FLAG_WRITE), path);
	check(avformat_write_header(scene->container, NULL), "head");
	if (scene->source.path[0])
		open_source(&scene->source);
	for (int i = 0; i < 3; i++) {
		struct channel *c = &scene->channels[i];

		c->width = i ? (scene->width + 1) / 2 : scene->width;
		c->height = i ? (scene->height + 1) / 2 : scene->height;
		c->values = malloc((size_t) c->width * c->height * sizeof(float));
		check(c->values ? 0 : AVERROR(ENOMEM), "memory");
	}
	make_noise(scene);
}

/* NULL: the end. */
static void encode(struct scene *scene, const AVFrame *frame)
{
	AVPacket *packet = av_packet_alloc();

	check(packet ? avcodec_send_frame(scene->encoder, frame) : AVERROR(ENOMEM), "encoding");
	while (avcodec_receive_packet(scene->encoder, packet) >= 0) {
		av_packet_rescale_ts(packet, scene->encoder->time_base,
				     scene->container->streams[0]->time_base);
		check(av_interleaved_write_frame(scene->container, packet), "writing");
	}
	av_packet_free(&packet);
}

static void shoot(struct scene *scene, const struct shot *shot, int k)
{
	AVFrame *frame = av_frame_alloc();

	check(frame ? 0 : AVERROR(ENOMEM), "memory");
	frame->width = scene->width;
	frame->height = scene->height;
	frame->format = scene->encoder->pix_fmt;
	frame->color_range = scene->encoder->color_range;
	frame->quality = scene->encoder->global_quality;
	check(av_frame_get_buffer(frame, 0), "memory");
	if (scene->source.path[0])
		draw_footage(scene, shot, k);
	else
		draw_wall(scene, shot);
	for (int i = 0; i < shot->n_places; i++)
		draw_object(scene, &scene->objects[shot->places[i].object], &shot->places[i]);
	for (int i = 0; i < 3; i++)
		write_channel(scene, shot, i, frame);
	frame->pts = llrint(shot->time_us * 1e-6 / av_q2d(scene->encoder->time_base));
	encode(scene, frame);
	av_frame_free(&frame);
}

/* --- The scene ------------------------------------------------------------------------------- */

static void expect(bool is_right, const char *line)
{
	if (is_right)
		return;
	fprintf(stderr, "make-scene: cannot read '%s'\n", line);
	exit(2);
}

static void read_object(struct scene *scene, enum kind kind, const char *line)
{
	struct object object = { .kind = kind, .opacity = 1 };
	int n;

	if (kind == SHADE)
		n = sscanf(line, "%*s %lf %lf", &object.radius, &object.opacity) + 4;
	else
		n = sscanf(line, "%*s %lf %lf %lf %lf %lf %lf", &object.radius, &object.color[0],
			   &object.color[1], &object.color[2], &object.texture, &object.opacity);
	expect(n == 6 && scene->n_objects < MAX_OBJECTS, line);
	scene->objects[scene->n_objects++] = object;
}

static void read_head(struct scene *scene, const char *word, const char *line)
{
	struct source *source = &scene->source;

	if (!strcmp(word, "size"))
		expect(sscanf(line, "%*s %d %d", &scene->width, &scene->height) == 2 &&
			       scene->width <= MAX_SIDE && scene->height <= MAX_SIDE,
		       line);
	else if (!strcmp(word, "encode"))
		expect(sscanf(line, "%*s %63s %lf %d %63s %d %d %d", scene->encoder_name,
			      &scene->quality, &scene->b_frames, scene->format_name,
			      &scene->full_range, &scene->rotation, &scene->ticks) == 7,
		       line);
	else if (!strcmp(word, "footage"))
		expect(sscanf(line, "%*s %511s %lf %lf %lf %lf %lf", source->path, &source->first,
			      &source->rate, &source->left, &source->top, &source->width) == 6,
		       line);
	else if (!strcmp(word, "wall"))
		expect(sscanf(line, "%*s %lf", &scene->wall) == 1, line);
	else if (!strcmp(word, "noise"))
		expect(sscanf(line, "%*s %lf", &scene->noise) == 1, line);
	else if (!strcmp(word, "disc"))
		read_object(scene, DISC, line);
	else if (!strcmp(word, "limb"))
		read_object(scene, LIMB, line);
	else if (!strcmp(word, "shade"))
		read_object(scene, SHADE, line);
	else
		expect(false, line);
}

static void read_place(const struct scene *scene, struct shot *shot, const char *line)
{
	struct place *p = &shot->places[shot->n_places];

	expect(shot->n_places < MAX_OBJECTS, line);
	expect(sscanf(line, "%*s %d %lf %lf %lf %lf %lf %lf %lf", &p->object, &p->x, &p->y, &p->x2,
		      &p->y2, &p->dx, &p->dy, &p->angle) == 8,
	       line);
	expect(p->object >= 0 && p->object < scene->n_objects, line);
	shot->n_places++;
}

static void make(struct scene *scene, const char *path)
{
	static char line[1024];
	struct shot shot = { 0 };
	char word[32];
	int k = -1;

	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		if (sscanf(line, "%31s", word) != 1)
			continue;
		if (!strcmp(word, "frame")) {
			if (k < 0)
				begin(scene, path);
			else
				shoot(scene, &shot, k);
			k++;
			shot.n_places = 0;
			expect(sscanf(line, "%*s %lf %lf %lf %lf %lf %lf %lf %lf", &shot.time_us,
				      &shot.shake_x, &shot.shake_y, &shot.gain, &shot.flicker,
				      &shot.phase, &shot.dcb, &shot.dcr) == 8,
			       line);
		} else if (!strcmp(word, "at")) {
			read_place(scene, &shot, line);
		} else {
			read_head(scene, word, line);
		}
	}
	expect(k >= 0, "no frame");
	shoot(scene, &shot, k);
	encode(scene, NULL);
	check(av_write_trailer(scene->container), "end");
	check(avio_closep(&scene->container->pb), "end");
}

int main(int argc, char **argv)
{
	static struct scene scene = { .random = 1 };

	if (argc != 2) {
		fprintf(stderr, "make-scene: expected FILE\n");
		return 2;
	}
	av_log_set_level(AV_LOG_ERROR);
	make(&scene, argv[1]);
	avcodec_free_context(&scene.encoder);
	avformat_free_context(scene.container);
	avcodec_free_context(&scene.source.decoder);
	avformat_close_input(&scene.source.container);
	for (int i = 0; i < 2; i++)
		av_frame_free(&scene.source.frames[i]);
	for (int i = 0; i < 3; i++)
		free(scene.channels[i].values);
	free(scene.gauss);
	return 0;
}
