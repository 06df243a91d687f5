#include "camera/clip.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "camera/file-private.h"
#include "camera/pool.h"

#define N_POOL_FRAMES 16
#define MAX_FRAMES    2000000u
/* So many frames further on are sooner decoded than sought. */
#define NEAR_FRAMES 4u

struct entry {
	int64_t stamp; /* in the stream's time base */
	bool is_key;
};

struct vz_clip {
	char *path;
	struct vz_file_reader *reader;
	struct vz_pool *pool;
	struct vz_clip_info info;
	struct entry *entries; /* as they are shown */
	int64_t *times_ns;
	size_t n, capacity;
	/* Each frame has a time stamp of its own: a decoded picture is known by it. Else it is
	 * counted, from the beginning. */
	bool has_stamps;
	bool is_sought_exactly;
	size_t next; /* which one the decoder gives next; SIZE_MAX: not known */
};

/* --- The index ------------------------------------------------------------------------------ */

static int add_entry(struct vz_clip *clip, const AVPacket *packet)
{
	size_t capacity = clip->capacity ? clip->capacity * 2 : 256;
	struct entry *larger;

	if (clip->n >= MAX_FRAMES)
		return -EFBIG;
	if (clip->n == clip->capacity) {
		larger = realloc(clip->entries, capacity * sizeof(*larger));
		if (!larger)
			return -ENOMEM;
		clip->entries = larger;
		clip->capacity = capacity;
	}
	if (packet->pts == AV_NOPTS_VALUE)
		clip->has_stamps = false;
	clip->entries[clip->n++] = (struct entry){
		.stamp = packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts,
		.is_key = packet->flags & AV_PKT_FLAG_KEY,
	};
	return 0;
}

static int read_packets(struct vz_clip *clip, const bool *is_cancelled)
{
	struct vz_file_reader *reader = clip->reader;
	int r = 0;

	clip->has_stamps = true;
	while (r == 0 && av_read_frame(reader->format, reader->packet) >= 0) {
		/* What is there to be decoded and not to be shown has no number. */
		if (reader->packet->stream_index == reader->stream &&
		    !(reader->packet->flags & AV_PKT_FLAG_DISCARD))
			r = add_entry(clip, reader->packet);
		av_packet_unref(reader->packet);
		if (is_cancelled && __atomic_load_n(is_cancelled, __ATOMIC_RELAXED))
			r = -ECANCELED;
	}
	return r < 0 ? r : clip->n ? 0 : -ENODATA;
}

static int compare(const void *a, const void *b)
{
	const struct entry *left = a, *right = b;

	return left->stamp < right->stamp ? -1 : left->stamp > right->stamp;
}

/* The times as vz_file_reader_next() would have them. */
static int find_times(struct vz_clip *clip)
{
	AVRational base = clip->reader->format->streams[clip->reader->stream]->time_base;

	clip->times_ns = malloc(clip->n * sizeof(*clip->times_ns));
	if (!clip->times_ns)
		return -ENOMEM;
	for (size_t i = 0; i < clip->n; i++) {
		int64_t stamp = clip->entries[i].stamp, last_ns = i ? clip->times_ns[i - 1] : 0;
		int64_t time_ns =
			stamp == AV_NOPTS_VALUE ? INT64_MIN : av_rescale_q(stamp, base, vz_file_ns);

		if (time_ns < -INT64_MAX / 4 || time_ns > INT64_MAX / 4)
			time_ns = last_ns;
		if (i && time_ns <= last_ns)
			time_ns = last_ns + clip->reader->step_ns;
		clip->times_ns[i] = time_ns;
	}
	return 0;
}

static int make_index(struct vz_clip *clip, const bool *is_cancelled)
{
	int r;

	r = read_packets(clip, is_cancelled);
	if (r < 0)
		return r;
	if (clip->has_stamps)
		qsort(clip->entries, clip->n, sizeof(*clip->entries), compare);
	for (size_t i = 1; clip->has_stamps && i < clip->n; i++)
		clip->has_stamps = clip->entries[i].stamp > clip->entries[i - 1].stamp;
	r = find_times(clip);
	if (r < 0)
		return r;
	/* Containers without an index are searched for a place nearby, which may be anywhere. */
	clip->is_sought_exactly = !(clip->reader->format->iformat->flags &
				    (AVFMT_TS_DISCONT | AVFMT_GENERIC_INDEX | AVFMT_NOTIMESTAMPS));
	clip->info = (struct vz_clip_info){
		.width_px = clip->reader->info.width_px,
		.height_px = clip->reader->info.height_px,
		.fps = clip->reader->info.fps,
		.n_frames = clip->n,
		.times_ns = clip->times_ns,
	};
	return 0;
}

/* --- Moving about --------------------------------------------------------------------------- */

/* Opened anew rather than rewound: that works with every container and every broken index. */
static int rewind_clip(struct vz_clip *clip)
{
	struct vz_file_reader *reader;
	int r;

	r = vz_file_reader_open(clip->path, &reader);
	if (r < 0)
		return r;
	(void) vz_file_reader_close(clip->reader);
	clip->reader = reader;
	clip->next = 0;
	/* Frames come from the pool, and that has one size. */
	return reader->info.width_px == clip->info.width_px &&
			       reader->info.height_px == clip->info.height_px
		       ? 0
		       : -EBADMSG;
}

static bool has_key_between(const struct vz_clip *clip, size_t from, size_t to)
{
	for (size_t i = from; i <= to; i++)
		if (clip->entries[i].is_key)
			return true;
	return false;
}

/* Whether decoding on from where the decoder is comes to @index without much that nobody wants. */
static bool is_ahead(const struct vz_clip *clip, size_t index)
{
	if (clip->next == SIZE_MAX || index < clip->next)
		return false;
	return index - clip->next <= NEAR_FRAMES || !clip->has_stamps ||
	       !has_key_between(clip, clip->next + 1, index);
}

static int move_to(struct vz_clip *clip, size_t index)
{
	struct vz_file_reader *reader = clip->reader;

	if (is_ahead(clip, index))
		return 0;
	if (clip->has_stamps && clip->is_sought_exactly && index > 0 &&
	    av_seek_frame(reader->format, reader->stream, clip->entries[index].stamp,
			  AVSEEK_FLAG_BACKWARD) >= 0) {
		avcodec_flush_buffers(reader->decoder);
		reader->is_drained = false;
		reader->has_last = false;
		clip->next = SIZE_MAX;
		return 0;
	}
	return rewind_clip(clip);
}

/* Which frame @picture is: the last that is not later. */
static size_t find_number(const struct vz_clip *clip, const AVFrame *picture)
{
	int64_t stamp =
		picture->pts != AV_NOPTS_VALUE ? picture->pts : picture->best_effort_timestamp;
	size_t from = 0, to = clip->n;

	if (!clip->has_stamps)
		return clip->next;
	while (to - from > 1) {
		size_t middle = from + (to - from) / 2;

		if (clip->entries[middle].stamp <= stamp)
			from = middle;
		else
			to = middle;
	}
	return from;
}

/* Decodes until @index or what comes after it. Returns 1, 0 (the end came before), or -errno. */
static int decode_to(struct vz_clip *clip, size_t index, struct vz_file_picture *ret,
		     size_t *ret_number)
{
	bool was_unknown = clip->next == SIZE_MAX;
	size_t number;
	int r;

	while ((r = vz_file_reader_next(clip->reader, ret)) > 0) {
		number = find_number(clip, ret->picture);
		clip->next = number + 1;
		if (number == index || (number > index && !was_unknown)) {
			*ret_number = number;
			return 1;
		}
		vz_file_picture_deinit(ret);
		/* The container sought too far, as some do by the order of decoding. */
		if (number > index) {
			r = rewind_clip(clip);
			if (r < 0)
				return r;
		}
		was_unknown = false;
	}
	if (r < 0 || !was_unknown)
		return r;
	r = rewind_clip(clip);
	return r < 0 ? r : decode_to(clip, index, ret, ret_number);
}

/* --- The functions -------------------------------------------------------------------------- */

static struct vz_clip *clip_close(struct vz_clip *clip)
{
	if (!clip)
		return NULL;
	(void) vz_file_reader_close(clip->reader);
	(void) vz_pool_free(clip->pool);
	free(clip->entries);
	free(clip->times_ns);
	free(clip->path);
	free(clip);
	return NULL;
}

VZ_DEFINE_CLEANUP(clip_close, struct vz_clip *, clip_close)

static int clip_open(const char *path, const bool *is_cancelled, struct vz_clip **ret)
{
	VZ_CLEANUP(clip_closep) struct vz_clip *clip = calloc(1, sizeof(*clip));
	int r;

	if (!clip)
		return -ENOMEM;
	clip->path = strdup(path);
	if (!clip->path)
		return -ENOMEM;
	r = vz_file_reader_open(path, &clip->reader);
	if (r == 0)
		r = make_index(clip, is_cancelled);
	if (r == 0)
		r = rewind_clip(clip);
	if (r == 0)
		r = vz_pool_new(clip->info.width_px, clip->info.height_px, N_POOL_FRAMES,
				vz_file_picture_recycle, &clip->pool);
	if (r < 0)
		return r;
	*ret = vz_steal(clip);
	return 0;
}

static const struct vz_clip_info *clip_get_info(const struct vz_clip *clip)
{
	return &clip->info;
}

static int clip_read(struct vz_clip *clip, size_t index, struct vz_frame **ret)
{
	struct vz_file_picture picture;
	struct vz_frame *frame;
	size_t number;
	int r;

	if (index >= clip->n)
		return -ERANGE;
	r = move_to(clip, index);
	if (r == 0)
		r = decode_to(clip, index, &picture, &number);
	if (r <= 0) {
		/* What was counted is not what there is; where we are now, nobody knows. */
		clip->next = SIZE_MAX;
		return r < 0 ? r : -EBADMSG;
	}
	r = vz_file_reader_make_frame(clip->reader, clip->pool, &picture, &frame);
	if (r < 0) {
		clip->next = SIZE_MAX;
		return r;
	}
	frame->sequence = number;
	frame->timestamp_ns = frame->source_timestamp_ns =
		clip->times_ns[number < clip->n ? number : clip->n - 1];
	*ret = frame;
	return 0;
}

const struct vz_clip_ops vz_clip_ops = {
	.open = clip_open,
	.close = clip_close,
	.get_info = clip_get_info,
	.read = clip_read,
};
