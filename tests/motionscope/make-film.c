/*
 * A film of the kind that a test wants, of a disc that is thrown over a wall with some noise;
 *lossless, so that the disc is where it was drawn:
 *
 *	make-film FILE WIDTH HEIGHT FRAMES FORMAT ROTATION ASPECT_NUM ASPECT_DEN
 *
 * FORMAT: the name of a pixel format, planar YUV of 8 to 16 bits; "none" for a file without video.
 *In frame k the disc is at x = 20 + 2 k, y = 20 + k * k / 40, of the picture as it is stored; its
 *radius is 6.
 */
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/pixdesc.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/display-matrix.h"

#define RADIUS	    6.0
#define SAMPLE_RATE 8000

struct film {
	const char *path;
	int width, height, n_frames;
	enum AVPixelFormat format;
	int rotation_deg;
	AVRational aspect;
	AVFormatContext *container;
	AVCodecContext *encoder;
	uint32_t random;
};

static void check(int r, const char *what)
{
	if (r >= 0)
		return;
	fprintf(stderr, "make-film: %s: %s\n", what, av_err2str(r));
	exit(1);
}

/* --- Drawing --------------------------------------------------------------------------------- */

static double get_noise(struct film *film)
{
	film->random = film->random * 1664525 + 1013904223;
	return (film->random >> 24) / 64.0 - 2;
}

/* Of 255; the edge of the disc takes a pixel. */
static double get_luma(struct film *film, int k, int x, int y)
{
	double wall = 90 + 20 * sin(x / 9.0) + 15 * sin(y / 7.0);
	double distance = hypot(x - (20 + 2.0 * k), y - (20 + k * k / 40.0));
	double part = fmin(fmax(RADIUS + 0.5 - distance, 0), 1);

	return wall + part * (230 - wall) + get_noise(film);
}

static void put(AVFrame *frame, int plane, int bits, int x, int y, double level)
{
	uint8_t *row = frame->data[plane] + (ptrdiff_t) y * frame->linesize[plane];
	unsigned value = (unsigned) lround(level * (1 << (bits - 8)));

	if (bits == 8)
		row[x] = (uint8_t) value;
	else
		((uint16_t *) (void *) row)[x] = (uint16_t) value;
}

static void draw(struct film *film, AVFrame *frame, int k)
{
	const AVPixFmtDescriptor *format = av_pix_fmt_desc_get(film->format);
	int bits = format->comp[0].depth;

	for (int y = 0; y < film->height; y++)
		for (int x = 0; x < film->width; x++)
			put(frame, 0, bits, x, y, get_luma(film, k, x, y));
	for (int plane = 1; plane < 3; plane++)
		for (int y = 0; y < AV_CEIL_RSHIFT(film->height, format->log2_chroma_h); y++)
			for (int x = 0; x < AV_CEIL_RSHIFT(film->width, format->log2_chroma_w); x++)
				put(frame, plane, bits, x, y, 128);
}

/* --- Writing --------------------------------------------------------------------------------- */

static void begin(struct film *film, enum AVCodecID id)
{
	const AVCodec *codec = avcodec_find_encoder(id);
	AVStream *stream;

	check(codec ? 0 : AVERROR_ENCODER_NOT_FOUND, "encoder");
	check(avformat_alloc_output_context2(&film->container, NULL, NULL, film->path),
	      "container");
	film->encoder = avcodec_alloc_context3(codec);
	stream = avformat_new_stream(film->container, NULL);
	check(film->encoder && stream ? 0 : AVERROR(ENOMEM), "stream");
	if (codec->type == AVMEDIA_TYPE_AUDIO) {
		film->encoder->sample_rate = SAMPLE_RATE;
		film->encoder->sample_fmt = AV_SAMPLE_FMT_S16;
		film->encoder->ch_layout = (AVChannelLayout) AV_CHANNEL_LAYOUT_MONO;
		film->encoder->time_base = (AVRational){ 1, SAMPLE_RATE };
	} else {
		film->encoder->width = film->width;
		film->encoder->height = film->height;
		film->encoder->pix_fmt = film->format;
		film->encoder->time_base = (AVRational){ 1, 50 };
		film->encoder->framerate = stream->avg_frame_rate = (AVRational){ 50, 1 };
		film->encoder->sample_aspect_ratio = stream->sample_aspect_ratio = film->aspect;
	}
	if (film->container->oformat->flags & AVFMT_GLOBALHEADER)
		film->encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
	check(avcodec_open2(film->encoder, codec, NULL), codec->name);
	check(avcodec_parameters_from_context(stream->codecpar, film->encoder), "parameters");
	if (film->rotation_deg)
		check(add_display_matrix(stream, film->rotation_deg), "matrix");
	stream->time_base = film->encoder->time_base;
	check(avio_open(&film->container->pb, film->path, AVIO_FLAG_WRITE), film->path);
	check(avformat_write_header(film->container, NULL), "head");
}

/* NULL: the end. */
static void encode(struct film *film, const AVFrame *frame)
{
	AVPacket *packet = av_packet_alloc();

	check(packet ? avcodec_send_frame(film->encoder, frame) : AVERROR(ENOMEM), "encoding");
	while (avcodec_receive_packet(film->encoder, packet) >= 0) {
		av_packet_rescale_ts(packet, film->encoder->time_base,
				     film->container->streams[0]->time_base);
		packet->duration = frame && frame->nb_samples ? packet->duration : 0;
		check(av_interleaved_write_frame(film->container, packet), "writing");
	}
	av_packet_free(&packet);
}

static void end(struct film *film)
{
	encode(film, NULL);
	check(av_write_trailer(film->container), "end");
	check(avio_closep(&film->container->pb), "end");
	avcodec_free_context(&film->encoder);
	avformat_free_context(film->container);
}

static void make_silence(struct film *film, AVFrame *frame)
{
	frame->format = AV_SAMPLE_FMT_S16;
	frame->nb_samples = SAMPLE_RATE / 2;
	frame->sample_rate = SAMPLE_RATE;
	check(av_channel_layout_copy(&frame->ch_layout, &film->encoder->ch_layout), "sound");
	check(av_frame_get_buffer(frame, 0), "memory");
	memset(frame->data[0], 0, (size_t) frame->nb_samples * 2);
	frame->pts = 0;
	encode(film, frame);
}

static void make_pictures(struct film *film, AVFrame *frame)
{
	for (int k = 0; k < film->n_frames; k++) {
		frame->width = film->width;
		frame->height = film->height;
		frame->format = film->format;
		check(av_frame_get_buffer(frame, 0), "memory");
		draw(film, frame, k);
		frame->pts = k;
		encode(film, frame);
		av_frame_unref(frame);
	}
}

int main(int argc, char **argv)
{
	struct film film = { .random = 1 };
	AVFrame *frame = av_frame_alloc();
	bool has_video;

	if (argc != 9 || !frame) {
		fprintf(stderr, "make-film: expected FILE WIDTH HEIGHT FRAMES FORMAT ROTATION "
				"ASPECT_NUM ASPECT_DEN\n");
		return 2;
	}
	film.path = argv[1];
	film.width = atoi(argv[2]);
	film.height = atoi(argv[3]);
	film.n_frames = atoi(argv[4]);
	film.format = av_get_pix_fmt(argv[5]);
	film.rotation_deg = atoi(argv[6]);
	film.aspect = (AVRational){ atoi(argv[7]), atoi(argv[8]) };
	has_video = strcmp(argv[5], "none") != 0;
	check(!has_video || film.format != AV_PIX_FMT_NONE ? 0 : AVERROR(EINVAL), argv[5]);
	begin(&film, has_video ? AV_CODEC_ID_FFV1 : AV_CODEC_ID_PCM_S16LE);
	if (has_video)
		make_pictures(&film, frame);
	else
		make_silence(&film, frame);
	end(&film);
	av_frame_free(&frame);
	return 0;
}
