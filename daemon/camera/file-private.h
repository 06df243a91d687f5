/*
 * The inside of a reader: file-reader.c reads pictures, file-picture.c makes frames of them.
 */
#pragma once

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>

#include "camera/file-reader.h"
#include "camera/turn.h"

/* The time base of all our times. */
static const AVRational vz_file_ns = { 1, 1000000000 };

struct vz_file_reader {
	AVFormatContext *format;
	AVCodecContext *decoder;
	AVPacket *packet;
	AVFrame *frame;
	int stream;
	bool is_drained;
	struct vz_file_count count;
	struct vz_file_info info;
	/* As stored, even; info is of the picture as it is to be seen. */
	uint32_t width_px, height_px;
	struct vz_turn turn;
	int64_t first_ns, last_ns, step_ns, longest_ns;
	bool has_last;

	/* Other pixel formats and sizes go through the scaler, which keeps its settings. */
	struct SwsContext *scaler;
	int scaler_width, scaler_height;
	enum AVPixelFormat scaler_format;
	/* What is to be turned, converted first. */
	uint8_t *scratch;
};

/* That there is a picture at this time, later than the last. */
void vz_file_reader_note_time(struct vz_file_reader *reader, int64_t time_ns);
