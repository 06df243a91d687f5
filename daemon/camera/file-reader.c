#include "camera/file-reader.h"

#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avstring.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "camera/file-private.h"

#define MAX_PIXELS	(4096 * 2304)
#define MIN_SIDE_PX	2
#define MAX_N_THREADS	4
#define MAX_N_HELD	64
#define DEFAULT_STEP_NS INT64_C(40000000)
#define MAX_FPS		100000.0
#define MAX_ASPECT	10.0
#define TOLERATED_PARTS 50u
#define TOLERATED	2u

/* Containers that hold their pictures themselves. Playlists and the like name other files. */
static const char containers[] = "avi,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,ogg,mpegts,mpeg,"
				 "mpegvideo,flv,asf,nut,ivf,dv,gif,"
				 "mjpeg,yuv4mpegpipe,h264,hevc,m4v,rm,mxf";

/* --- Errors and log ----------------------------------------------------------------------- */

/* What strangers' files make libav say would fill the log; what matters is in our errors. */
static void set_up_log(void)
{
	av_log_set_level(AV_LOG_QUIET);
}

/* libav's own error codes are no errnos: they lie far below. */
static int from_av(int r)
{
	if (r >= 0)
		return r;
	if (r == AVERROR_STREAM_NOT_FOUND)
		return -ENODATA;
	if (r == AVERROR_DECODER_NOT_FOUND)
		return -EOPNOTSUPP;
	if (r > -4096 && r != AVERROR(EINVAL) && r != AVERROR(ENOSYS))
		return r;
	return -EBADMSG;
}

/* --- Opening ------------------------------------------------------------------------------ */

static int check_path(const char *path)
{
	struct stat st;

	/* A pipe would keep the caller waiting for ever. */
	if (stat(path, &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	return S_ISREG(st.st_mode) ? 0 : -EINVAL;
}

static int open_container(struct vz_file_reader *reader, const char *path)
{
	AVDictionary *options = NULL;
	char *url;
	int r;

	url = av_asprintf("file:%s", path);
	if (!url)
		return -ENOMEM;
	r = av_dict_set(&options, "protocol_whitelist", "file", 0);
	if (r >= 0)
		r = av_dict_set(&options, "format_whitelist", containers, 0);
	if (r >= 0)
		r = avformat_open_input(&reader->format, url, NULL, &options);
	av_dict_free(&options);
	av_free(url);
	if (r < 0)
		return from_av(r);
	return from_av(avformat_find_stream_info(reader->format, NULL));
}

static int open_decoder(struct vz_file_reader *reader)
{
	const AVCodec *codec = NULL;
	const AVStream *stream;
	long n_cpus = sysconf(_SC_NPROCESSORS_ONLN);
	int r;

	r = av_find_best_stream(reader->format, AVMEDIA_TYPE_VIDEO, -1, -1, &codec, 0);
	if (r < 0)
		return from_av(r);
	reader->stream = r;
	stream = reader->format->streams[r];
	for (unsigned i = 0; i < reader->format->nb_streams; i++)
		if ((int) i != reader->stream)
			reader->format->streams[i]->discard = AVDISCARD_ALL;

	reader->decoder = avcodec_alloc_context3(codec);
	if (!reader->decoder)
		return -ENOMEM;
	r = avcodec_parameters_to_context(reader->decoder, stream->codecpar);
	if (r < 0)
		return from_av(r);
	if (reader->decoder->width > 0 && reader->decoder->height > 0 &&
	    (int64_t) reader->decoder->width * reader->decoder->height > MAX_PIXELS)
		return -EFBIG;
	reader->decoder->max_pixels = MAX_PIXELS;
	reader->decoder->pkt_timebase = stream->time_base;
	reader->decoder->thread_count = n_cpus < 1		 ? 1
					: n_cpus > MAX_N_THREADS ? MAX_N_THREADS
								 : (int) n_cpus;
	return from_av(avcodec_open2(reader->decoder, codec, NULL));
}

static void find_turn(struct vz_file_reader *reader, const AVStream *stream)
{
	const uint8_t *data = NULL;
	int32_t matrix[9];
	size_t size = 0;
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
	const AVPacketSideData *side = av_packet_side_data_get(stream->codecpar->coded_side_data,
							       stream->codecpar->nb_coded_side_data,
							       AV_PKT_DATA_DISPLAYMATRIX);

	if (side) {
		data = side->data;
		size = side->size;
	}
#else
	data = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
#endif
	if (!data || size < sizeof(matrix))
		return;
	memcpy(matrix, data, sizeof(matrix));
	reader->turn = vz_turn_find(matrix);
	reader->info.rotation_deg = vz_turn_get_rotation_deg(&reader->turn);
}

static void find_aspect(struct vz_file_reader *reader, AVStream *stream)
{
	AVRational aspect = av_guess_sample_aspect_ratio(reader->format, stream, NULL);
	double value = aspect.num > 0 && aspect.den > 0 ? av_q2d(aspect) : 1;

	if (value < 1 / MAX_ASPECT || value > MAX_ASPECT)
		value = 1;
	reader->info.pixel_aspect = reader->turn.is_transposed ? 1 / value : value;
}

static int describe(struct vz_file_reader *reader)
{
	AVStream *stream = reader->format->streams[reader->stream];
	AVRational rate = av_guess_frame_rate(reader->format, stream, NULL);
	int width = reader->decoder->width, height = reader->decoder->height;

	if (width < MIN_SIDE_PX || height < MIN_SIDE_PX)
		return -EBADMSG;
	reader->width_px = (uint32_t) width & ~1u;
	reader->height_px = (uint32_t) height & ~1u;
	find_turn(reader, stream);
	reader->info.width_px = reader->turn.is_transposed ? reader->height_px : reader->width_px;
	reader->info.height_px = reader->turn.is_transposed ? reader->width_px : reader->height_px;
	find_aspect(reader, stream);
	if (rate.num > 0 && rate.den > 0 && av_q2d(rate) <= MAX_FPS)
		reader->info.fps = av_q2d(rate);
	if (stream->nb_frames > 0)
		reader->count.n_promised = (uint64_t) stream->nb_frames;
	reader->step_ns =
		reader->info.fps > 0 ? (int64_t) (1e9 / reader->info.fps) : DEFAULT_STEP_NS;
	return 0;
}

int vz_file_reader_open(const char *path, struct vz_file_reader **ret)
{
	VZ_CLEANUP(vz_file_reader_closep) struct vz_file_reader *reader = NULL;
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	int r;

	(void) pthread_once(&once, set_up_log);
	r = check_path(path);
	if (r < 0)
		return r;
	reader = calloc(1, sizeof(*reader));
	if (!reader)
		return -ENOMEM;
	reader->packet = av_packet_alloc();
	reader->frame = av_frame_alloc();
	if (!reader->packet || !reader->frame)
		return -ENOMEM;
	r = open_container(reader, path);
	if (r < 0)
		return r;
	r = open_decoder(reader);
	if (r < 0)
		return r;
	r = describe(reader);
	if (r < 0)
		return r;
	*ret = vz_steal(reader);
	return 0;
}

struct vz_file_reader *vz_file_reader_close(struct vz_file_reader *reader)
{
	if (!reader)
		return NULL;
	sws_freeContext(reader->scaler);
	avcodec_free_context(&reader->decoder);
	avformat_close_input(&reader->format);
	av_packet_free(&reader->packet);
	av_frame_free(&reader->frame);
	free(reader->scratch);
	free(reader);
	return NULL;
}

const struct vz_file_info *vz_file_reader_get_info(const struct vz_file_reader *reader)
{
	return &reader->info;
}

/* --- How far ------------------------------------------------------------------------------ */

/* Beyond the few that some writers count and do not write. */
static bool are_too_few(uint64_t n_frames, uint64_t n_promised)
{
	return n_frames + n_promised / TOLERATED_PARTS + TOLERATED < n_promised;
}

static bool is_as_long(const struct vz_file_reader *reader, int64_t promised_ns)
{
	int64_t has_ns = reader->last_ns - reader->first_ns;

	return has_ns + TOLERATED * reader->longest_ns + promised_ns / TOLERATED_PARTS >=
	       promised_ns;
}

/* A head that does not count the pictures may say how long they take. */
static bool is_too_short(const struct vz_file_reader *reader)
{
	const AVFormatContext *format = reader->format;

	if (format->nb_streams != 1 || format->duration <= 0 ||
	    format->duration > INT64_MAX / 1000 ||
	    format->duration_estimation_method != AVFMT_DURATION_FROM_STREAM)
		return false;
	return !is_as_long(reader, format->duration * (1000000000 / AV_TIME_BASE));
}

/*
 * Of an AVI file whose pictures are not evenly spaced the head counts all places that there could
 * be a picture at, many of them empty. It is whole when there is one near the last place.
 */
static bool has_too_few(const struct vz_file_reader *reader)
{
	const AVStream *stream = reader->format->streams[reader->stream];
	/* For AVI libavformat makes the duration less when the file is short; a place is a tick. */
	int64_t n_ticks =
		stream->duration > stream->nb_frames ? stream->duration : stream->nb_frames;

	if (!are_too_few(reader->count.n_read + reader->count.n_spoilt, reader->count.n_promised))
		return false;
	return !is_as_long(reader, av_rescale_q(n_ticks, stream->time_base, vz_file_ns));
}

struct vz_file_count vz_file_reader_get_count(const struct vz_file_reader *reader)
{
	struct vz_file_count count = reader->count;

	if (reader->is_drained && !count.breaks_off)
		count.breaks_off = count.n_promised ? has_too_few(reader) : is_too_short(reader);
	return count;
}

/* --- Reading ------------------------------------------------------------------------------ */

/* After the last packet, with what the container said of it. A file that breaks off has ended,
 * too; what the disk cannot read is another thing. */
static int end(struct vz_file_reader *reader, int r)
{
	if (r == AVERROR(ENOMEM))
		return -ENOMEM;
	if (reader->format->pb && reader->format->pb->error < 0 &&
	    reader->format->pb->error != AVERROR_EOF)
		return from_av(reader->format->pb->error);
	reader->is_drained = true;
	reader->count.breaks_off = r != AVERROR_EOF;
	return 0;
}

/* Gives the decoder the next packet of the video, or the news that there is none. */
static int feed(struct vz_file_reader *reader)
{
	int r;

	do {
		av_packet_unref(reader->packet);
		r = av_read_frame(reader->format, reader->packet);
	} while (r >= 0 && reader->packet->stream_index != reader->stream);

	if (r < 0) {
		r = end(reader, r);
		if (r < 0)
			return r;
		r = avcodec_send_packet(reader->decoder, NULL);
	} else {
		r = avcodec_send_packet(reader->decoder, reader->packet);
		av_packet_unref(reader->packet);
	}
	/* One spoilt packet is a picture less, no more; a decoder with threads tells of it when it
	 * gets another one, or the news of the end. */
	if (r < 0 && r != AVERROR(ENOMEM) && r != AVERROR_EOF)
		reader->count.n_spoilt++;
	return r == AVERROR(ENOMEM) ? -ENOMEM : 0;
}

void vz_file_reader_note_time(struct vz_file_reader *reader, int64_t time_ns)
{
	if (!reader->has_last)
		reader->first_ns = time_ns;
	else if (time_ns - reader->last_ns > reader->longest_ns)
		reader->longest_ns = time_ns - reader->last_ns;
	reader->last_ns = time_ns;
	reader->has_last = true;
}

/*
 * The time stamp of the picture as the file has it; a picture without one, or with one that does
 * not rise, gets its predecessor's and the usual step.
 */
static int64_t find_time(struct vz_file_reader *reader)
{
	AVRational base = reader->format->streams[reader->stream]->time_base;
	int64_t time_ns = INT64_MIN;

	if (reader->frame->best_effort_timestamp != AV_NOPTS_VALUE)
		time_ns = av_rescale_q(reader->frame->best_effort_timestamp, base, vz_file_ns);
	if (time_ns < -INT64_MAX / 4 || time_ns > INT64_MAX / 4)
		time_ns = reader->has_last ? reader->last_ns : 0;
	if (reader->has_last && time_ns <= reader->last_ns)
		time_ns = reader->last_ns + reader->step_ns;
	vz_file_reader_note_time(reader, time_ns);
	return time_ns;
}

int vz_file_reader_next(struct vz_file_reader *reader, struct vz_file_picture *ret)
{
	unsigned n_errors = 0;
	AVFrame *picture;
	int r;

	while ((r = avcodec_receive_frame(reader->decoder, reader->frame)) < 0) {
		if (r == AVERROR(ENOMEM))
			return -ENOMEM;
		if (r != AVERROR(EAGAIN) && r != AVERROR_EOF)
			reader->count.n_spoilt++;
		/* What cannot be decoded is left out: after the last packet as often as a decoder
		 * may hold pictures back, else for as long as there are packets. */
		if (r == AVERROR_EOF || (reader->is_drained && ++n_errors > MAX_N_HELD))
			return 0;
		if (reader->is_drained)
			continue;
		r = feed(reader);
		if (r < 0)
			return r;
	}
	picture = av_frame_alloc();
	if (!picture) {
		av_frame_unref(reader->frame);
		return -ENOMEM;
	}
	ret->time_ns = find_time(reader);
	av_frame_move_ref(picture, reader->frame);
	ret->picture = picture;
	reader->count.n_read++;
	return 1;
}
