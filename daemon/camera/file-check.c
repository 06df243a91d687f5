#include "camera/file-check.h"

#include <errno.h>

#include "camera/file-private.h"

#define MAX_FRAMES 2000000u

static int count_frames(struct vz_file_reader *reader, uint64_t *ret)
{
	uint64_t n = 0;

	while (av_read_frame(reader->format, reader->packet) >= 0) {
		if (reader->packet->stream_index == reader->stream)
			n++;
		av_packet_unref(reader->packet);
		if (n > MAX_FRAMES)
			return -EFBIG;
	}
	*ret = n;
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
	r = count_frames(reader, &ret->n_frames);
	if (r < 0)
		return r;
	if (!ret->n_frames)
		return -ENODATA;
	if (vz_file_breaks_off(ret->n_frames, ret->n_frames_promised))
		return -EPIPE;
	return decode_one(path);
}
