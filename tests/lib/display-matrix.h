/*
 * How libav's versions are told that a film is to be turned. Header for the tests that make films.
 */
#pragma once

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <string.h>

/* Before the head is written. Returns 0 or AVERROR(ENOMEM). */
static inline int add_display_matrix(AVStream *stream, int rotation_deg)
{
	int32_t matrix[9];
	uint8_t *data;

	av_display_rotation_set(matrix, rotation_deg);
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
	AVPacketSideData *side =
		av_packet_side_data_new(&stream->codecpar->coded_side_data,
					&stream->codecpar->nb_coded_side_data,
					AV_PKT_DATA_DISPLAYMATRIX, sizeof(matrix), 0);

	data = side ? side->data : NULL;
#else
	data = av_stream_new_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, sizeof(matrix));
#endif
	if (!data)
		return AVERROR(ENOMEM);
	memcpy(data, matrix, sizeof(matrix));
	return 0;
}
