/*
 * Video files made on the spot, of which each frame tells by its grey which one it is.
 */
#pragma once

#include "test.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <stdlib.h>
#include <unistd.h>

struct made_clip {
	const char *suffix; /* decides the container */
	enum AVCodecID codec;
	int n_b_frames, gop, n_frames;
	bool is_uneven; /* in time */
};

#define MADE_WIDTH  64
#define MADE_HEIGHT 48

/* So far apart that no encoder mistakes one for the next. */
static inline int made_level(int i)
{
	return 20 + i * 4 % 200;
}

static inline enum AVColorRange made_range(const struct made_clip *clip)
{
	return clip->codec == AV_CODEC_ID_MJPEG ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
}

/* Of a frame that has been read: over the full range. */
static inline double made_full_level(const struct made_clip *clip, int i)
{
	double level = made_level(i);

	return made_range(clip) == AVCOL_RANGE_JPEG ? level : (level - 16) * 255 / 219;
}

static inline int64_t made_time_ms(const struct made_clip *clip, int i)
{
	return i * 40 + (clip->is_uneven ? i % 3 * 7 + (i > 4 ? 100 : 0) : 0);
}

static inline void made_write(AVFormatContext *format, AVCodecContext *encoder, AVPacket *packet)
{
	while (avcodec_receive_packet(encoder, packet) >= 0) {
		av_packet_rescale_ts(packet, encoder->time_base, format->streams[0]->time_base);
		CHECK_EQ(av_interleaved_write_frame(format, packet), 0);
	}
}

static inline AVCodecContext *made_encoder(const struct made_clip *clip,
					   const AVFormatContext *format)
{
	const AVCodec *codec = avcodec_find_encoder(clip->codec);
	AVCodecContext *encoder = avcodec_alloc_context3(codec);

	CHECK(codec && encoder);
	encoder->width = MADE_WIDTH;
	encoder->height = MADE_HEIGHT;
	encoder->pix_fmt =
		clip->codec == AV_CODEC_ID_MJPEG ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_YUV420P;
	encoder->color_range = made_range(clip);
	encoder->time_base = clip->is_uneven ? (AVRational){ 1, 1000 } : (AVRational){ 1, 25 };
	encoder->framerate = (AVRational){ 25, 1 };
	encoder->gop_size = clip->gop;
	encoder->max_b_frames = clip->n_b_frames;
	encoder->bit_rate = 4000000;
	encoder->strict_std_compliance = FF_COMPLIANCE_UNOFFICIAL;
	if (format->oformat->flags & AVFMT_GLOBALHEADER)
		encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
	CHECK_EQ(avcodec_open2(encoder, codec, NULL), 0);
	return encoder;
}

static inline void made_encode(const struct made_clip *clip, AVFormatContext *format,
			       AVCodecContext *encoder)
{
	AVPacket *packet = av_packet_alloc();
	AVFrame *frame = av_frame_alloc();

	CHECK(packet && frame);
	for (int i = 0; i < clip->n_frames; i++) {
		frame->width = MADE_WIDTH;
		frame->height = MADE_HEIGHT;
		frame->format = encoder->pix_fmt;
		frame->color_range = made_range(clip);
		frame->pts = clip->is_uneven ? made_time_ms(clip, i) : i;
		CHECK_EQ(av_frame_get_buffer(frame, 0), 0);
		memset(frame->data[0], made_level(i), (size_t) frame->linesize[0] * MADE_HEIGHT);
		for (int p = 1; p < 3; p++)
			memset(frame->data[p], 128, (size_t) frame->linesize[p] * MADE_HEIGHT / 2);
		CHECK_EQ(avcodec_send_frame(encoder, frame), 0);
		av_frame_unref(frame);
		made_write(format, encoder, packet);
	}
	CHECK_EQ(avcodec_send_frame(encoder, NULL), 0);
	made_write(format, encoder, packet);
	av_packet_free(&packet);
	av_frame_free(&frame);
}

/* The path of the new file, to unlink(); valid until the next call. */
static inline const char *make_clip(const struct made_clip *clip)
{
	static char path[256];
	static int n;
	AVFormatContext *format = NULL;
	AVCodecContext *encoder;

	(void) snprintf(path, sizeof(path), "%s/vizyd-clip-%d-%d.%s",
			getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", (int) getpid(), n++,
			clip->suffix);
	CHECK(avformat_alloc_output_context2(&format, NULL, NULL, path) >= 0);
	encoder = made_encoder(clip, format);
	CHECK(avformat_new_stream(format, NULL));
	format->streams[0]->time_base = encoder->time_base;
	format->streams[0]->avg_frame_rate = encoder->framerate;
	CHECK(avcodec_parameters_from_context(format->streams[0]->codecpar, encoder) >= 0);
	CHECK(avio_open(&format->pb, path, AVIO_FLAG_WRITE) >= 0);
	CHECK(avformat_write_header(format, NULL) >= 0);
	made_encode(clip, format, encoder);
	CHECK_EQ(av_write_trailer(format), 0);
	(void) avio_closep(&format->pb);
	avformat_free_context(format);
	avcodec_free_context(&encoder);
	return path;
}
