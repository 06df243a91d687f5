#include "camera/file-check.h"

#include <errno.h>

#include "camera/file-private.h"

#define MAX_FRAMES 2000000u

/* In the order in which they are decoded: that of their times is known when they are. */
static void note_time(struct vz_file_reader *reader)
{
	const AVPacket *packet = reader->packet;
	AVRational base = reader->format->streams[reader->stream]->time_base;
	int64_t time_ns;

	if (packet->dts == AV_NOPTS_VALUE)
		return;
	time_ns = av_rescale_q(packet->dts, base, vz_file_ns);
	if (!reader->has_last || time_ns > reader->last_ns)
		vz_file_reader_note_time(reader, time_ns);
}

static int count_frames(struct vz_file_reader *reader)
{
	uint64_t *n = &reader->count.n_read;

	while (av_read_frame(reader->format, reader->packet) >= 0) {
		if (reader->packet->stream_index == reader->stream) {
			++*n;
			note_time(reader);
		}
		av_packet_unref(reader->packet);
		if (*n > MAX_FRAMES)
			return -EFBIG;
	}
	reader->is_drained = true;
	return 0;
}

static int decode_one(const char *path)
{
	VZ_CLEANUP(vz_file_reader_closep) struct vz_file_reader *reader = NULL;
	struct vz_file_picture picture;
	int r;

	r = vz_file_reader_open(path, &reader);
	if (r < 0)
		return r;
	r = vz_file_reader_next(reader, &picture);
	if (r > 0)
		vz_file_picture_deinit(&picture);
	return r > 0 ? 0 : r < 0 ? r : -ENODATA;
}

int vz_file_check(const char *path, struct vz_file_extent *ret)
{
	VZ_CLEANUP(vz_file_reader_closep) struct vz_file_reader *reader = NULL;
	int r;

	r = vz_file_reader_open(path, &reader);
	if (r < 0)
		return r;
	*ret = (struct vz_file_extent){
		.width_px = reader->info.width_px,
		.height_px = reader->info.height_px,
		.n_frames_promised = reader->count.n_promised,
	};
	r = count_frames(reader);
	if (r < 0)
		return r;
	ret->n_frames = reader->count.n_read;
	if (!ret->n_frames)
		return -ENODATA;
	if (ret->n_frames_promised && vz_file_reader_get_count(reader).breaks_off)
		return -EPIPE;
	return decode_one(path);
}
