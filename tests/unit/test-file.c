#include "camera-rig.h"

#include <errno.h>
#include <fcntl.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <math.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "camera/file-reader.h"
#include "camera/pool.h"
#include "display-matrix.h"

/* --- Clips made on the spot --------------------------------------------------------------- */

struct clip {
	const char *suffix; /* decides the container */
	enum AVCodecID codec;
	enum AVPixelFormat format;
	enum AVColorRange range;
	int width, height;
	int n_frames;
	const int64_t *times_ms;
	uint8_t levels[3]; /* of the planes, or of red, green and blue */
	bool is_cornered;  /* the quarter that is stored at the left on top is of 200 */
	int rotation_deg;
	AVRational aspect;
};

static char clip_path[256];

static void fill(AVFrame *frame, const struct clip *clip)
{
	if (clip->format == AV_PIX_FMT_RGB24) {
		for (int y = 0; y < clip->height; y++)
			for (int x = 0; x < clip->width; x++)
				memcpy(frame->data[0] + y * frame->linesize[0] + 3 * x,
				       clip->levels, 3);
		return;
	}
	for (int i = 0; i < 3; i++)
		for (int y = 0;
		     y < (i && clip->format != AV_PIX_FMT_YUV444P ? (clip->height + 1) / 2
								  : clip->height);
		     y++)
			memset(frame->data[i] + y * frame->linesize[i], clip->levels[i],
			       (size_t) frame->linesize[i]);
}

static void fill_corner(AVFrame *frame, const struct clip *clip)
{
	for (int y = 0; y < clip->height / 2; y++)
		memset(frame->data[0] + y * frame->linesize[0], 200, (size_t) clip->width / 2);
}

static void say_how_to_show(AVStream *stream, const struct clip *clip)
{
	stream->codecpar->sample_aspect_ratio = stream->sample_aspect_ratio = clip->aspect;
	if (!clip->rotation_deg)
		return;
	CHECK_EQ(add_display_matrix(stream, clip->rotation_deg), 0);
}

static void write_packets(AVFormatContext *format, AVCodecContext *encoder, AVPacket *packet)
{
	while (avcodec_receive_packet(encoder, packet) >= 0) {
		av_packet_rescale_ts(packet, encoder->time_base, format->streams[0]->time_base);
		CHECK_EQ(av_interleaved_write_frame(format, packet), 0);
	}
}

static const char *make_clip(const struct clip *clip)
{
	static int n_clips;
	const AVCodec *codec = avcodec_find_encoder(clip->codec);
	AVCodecContext *encoder = avcodec_alloc_context3(codec);
	AVFormatContext *format = NULL;
	AVPacket *packet = av_packet_alloc();
	AVFrame *frame = av_frame_alloc();

	CHECK(codec && encoder && packet && frame);
	(void) snprintf(clip_path, sizeof(clip_path), "%s/vizyd-test-%d-%d.%s",
			getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", (int) getpid(), n_clips++,
			clip->suffix);
	CHECK(avformat_alloc_output_context2(&format, NULL, NULL, clip_path) >= 0);
	encoder->width = clip->width;
	encoder->height = clip->height;
	encoder->pix_fmt = clip->format;
	encoder->color_range = clip->range;
	encoder->time_base = (AVRational){ 1, 1000 };
	encoder->framerate = (AVRational){ 25, 1 };
	encoder->strict_std_compliance = FF_COMPLIANCE_UNOFFICIAL;
	if (format->oformat->flags & AVFMT_GLOBALHEADER)
		encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
	CHECK_EQ(avcodec_open2(encoder, codec, NULL), 0);
	CHECK(avformat_new_stream(format, NULL));
	format->streams[0]->time_base = encoder->time_base;
	CHECK(avcodec_parameters_from_context(format->streams[0]->codecpar, encoder) >= 0);
	say_how_to_show(format->streams[0], clip);
	CHECK(avio_open(&format->pb, clip_path, AVIO_FLAG_WRITE) >= 0);
	CHECK(avformat_write_header(format, NULL) >= 0);

	for (int i = 0; i < clip->n_frames; i++) {
		frame->width = clip->width;
		frame->height = clip->height;
		frame->format = clip->format;
		frame->color_range = clip->range;
		frame->pts = clip->times_ms[i];
		CHECK_EQ(av_frame_get_buffer(frame, 0), 0);
		fill(frame, clip);
		if (clip->is_cornered)
			fill_corner(frame, clip);
		CHECK_EQ(avcodec_send_frame(encoder, frame), 0);
		av_frame_unref(frame);
		write_packets(format, encoder, packet);
	}
	CHECK_EQ(avcodec_send_frame(encoder, NULL), 0);
	write_packets(format, encoder, packet);
	CHECK_EQ(av_write_trailer(format), 0);
	(void) avio_closep(&format->pb);
	avformat_free_context(format);
	avcodec_free_context(&encoder);
	av_packet_free(&packet);
	av_frame_free(&frame);
	return clip_path;
}

/* True time stamps are seldom even: here the first gap is long. */
static const int64_t times_ms[] = { 0, 32, 37, 43, 48, 53, 90, 91 };

static const struct clip lossless = {
	"mkv", AV_CODEC_ID_FFV1, AV_PIX_FMT_YUV420P, AVCOL_RANGE_MPEG, 64, 48,
	8,     times_ms,	 { 126, 90, 170 },
};
static const struct clip jpegs = {
	"mkv", AV_CODEC_ID_MJPEG, AV_PIX_FMT_YUVJ420P, AVCOL_RANGE_JPEG, 64, 48,
	8,     times_ms,	  { 200, 128, 128 },
};

/* --- The reader --------------------------------------------------------------------------- */

TEST(file_reader_keeps_levels_true)
{
	static const struct {
		const char *label;
		struct clip clip;
		uint8_t expected[3];
		bool is_lent;
	} cases[] = {
		{ "limited range",
		  { "mkv",
		    AV_CODEC_ID_FFV1,
		    AV_PIX_FMT_YUV420P,
		    AVCOL_RANGE_MPEG,
		    64,
		    48,
		    1,
		    times_ms,
		    { 235, 128, 128 } },
		  { 255, 128, 128 },
		  false },
		{ "limited black",
		  { "mkv",
		    AV_CODEC_ID_FFV1,
		    AV_PIX_FMT_YUV420P,
		    AVCOL_RANGE_MPEG,
		    64,
		    48,
		    1,
		    times_ms,
		    { 16, 16, 240 } },
		  { 0, 1, 255 },
		  false },
		{ "range unsaid",
		  { "mkv",
		    AV_CODEC_ID_FFV1,
		    AV_PIX_FMT_YUV420P,
		    AVCOL_RANGE_UNSPECIFIED,
		    64,
		    48,
		    1,
		    times_ms,
		    { 126, 128, 128 } },
		  { 128, 128, 128 },
		  false },
		{ "full range",
		  { "mkv",
		    AV_CODEC_ID_FFV1,
		    AV_PIX_FMT_YUV420P,
		    AVCOL_RANGE_JPEG,
		    64,
		    48,
		    1,
		    times_ms,
		    { 7, 30, 200 } },
		  { 7, 30, 200 },
		  true },
		{ "JPEG",
		  { "avi",
		    AV_CODEC_ID_MJPEG,
		    AV_PIX_FMT_YUVJ420P,
		    AVCOL_RANGE_JPEG,
		    64,
		    48,
		    1,
		    times_ms,
		    { 200, 128, 128 } },
		  { 200, 128, 128 },
		  true },
		{ "4:4:4",
		  { "mkv",
		    AV_CODEC_ID_FFV1,
		    AV_PIX_FMT_YUV444P,
		    AVCOL_RANGE_MPEG,
		    64,
		    48,
		    1,
		    times_ms,
		    { 235, 128, 128 } },
		  { 255, 128, 128 },
		  false },
		{ "RGB",
		  { "avi",
		    AV_CODEC_ID_RAWVIDEO,
		    AV_PIX_FMT_RGB24,
		    AVCOL_RANGE_UNSPECIFIED,
		    64,
		    48,
		    1,
		    times_ms,
		    { 100, 100, 100 } },
		  { 100, 128, 128 },
		  false },
		{ "odd sides",
		  { "mkv",
		    AV_CODEC_ID_FFV1,
		    AV_PIX_FMT_YUV420P,
		    AVCOL_RANGE_JPEG,
		    65,
		    49,
		    1,
		    times_ms,
		    { 9, 100, 150 } },
		  { 9, 100, 150 },
		  true },
		{ "odd sides, limited",
		  { "mkv",
		    AV_CODEC_ID_FFV1,
		    AV_PIX_FMT_YUV444P,
		    AVCOL_RANGE_MPEG,
		    65,
		    49,
		    1,
		    times_ms,
		    { 235, 128, 128 } },
		  { 255, 128, 128 },
		  false },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct vz_file_picture picture;
		struct vz_file_reader *reader;
		const uint8_t *decoded;
		struct vz_frame *frame;
		struct vz_pool *pool;

		test_case(cases[i].label);
		CHECK_EQ(vz_file_reader_open(make_clip(&cases[i].clip), &reader), 0);
		(void) unlink(clip_path);
		CHECK_EQ(vz_file_reader_get_info(reader)->width_px, 64);
		CHECK_EQ(vz_file_reader_get_info(reader)->height_px, 48);
		CHECK_EQ(vz_pool_new(64, 48, 1, vz_file_picture_recycle, &pool), 0);
		CHECK_EQ(vz_file_reader_next(reader, &picture), 1);
		decoded = ((AVFrame *) picture.picture)->data[0];
		CHECK_EQ(vz_file_reader_make_frame(reader, pool, &picture, &frame), 0);
		CHECK(!picture.picture);
		/* Without a copy where the decoder's memory is what a frame needs. */
		CHECK_EQ(frame->plane[0] == decoded, cases[i].is_lent);
		for (int plane = 0; plane < 3; plane++) {
			uint32_t n = plane ? 24 : 48, m = plane ? 32 : 64;

			for (uint32_t y = 0; y < n; y++)
				for (uint32_t x = 0; x < m; x++)
					CHECK_NEAR(frame->plane[plane]
							       [y * frame->stride_bytes[plane] + x],
						   cases[i].expected[plane], 1);
		}
		CHECK_EQ(vz_file_reader_next(reader, &picture), 0);
		/* The frame outlives the reader and the pool. */
		(void) vz_file_reader_close(reader);
		(void) vz_pool_free(pool);
		CHECK_NEAR(frame->plane[0][0], cases[i].expected[0], 1);
		(void) vz_frame_unref(frame);
	}
}

TEST(file_reader_keeps_time_stamps)
{
	struct vz_file_picture picture;
	struct vz_file_reader *reader;

	CHECK_EQ(vz_file_reader_open(make_clip(&lossless), &reader), 0);
	(void) unlink(clip_path);
	for (int i = 0; i < 8; i++) {
		CHECK_EQ(vz_file_reader_next(reader, &picture), 1);
		CHECK_EQ(picture.time_ns, times_ms[i] * 1000000);
		vz_file_picture_deinit(&picture);
	}
	CHECK_EQ(vz_file_reader_next(reader, &picture), 0);
	CHECK_EQ(vz_file_reader_next(reader, &picture), 0);
	CHECK(!vz_file_reader_close(reader));
	CHECK(!vz_file_reader_close(NULL));
}

/* Where the corner of the stored picture is to be seen, whichever way a picture takes to a frame.
 */
TEST(file_reader_turns_what_lies_on_its_side)
{
	static const struct {
		const char *label;
		enum AVCodecID codec;
		enum AVPixelFormat format;
		int width, height;
		uint8_t grey, corner;
	} formats[] = {
		{ "as a frame", AV_CODEC_ID_MJPEG, AV_PIX_FMT_YUVJ420P, 64, 48, 50, 200 },
		{ "limited range", AV_CODEC_ID_FFV1, AV_PIX_FMT_YUV420P, 64, 48, 40, 214 },
		{ "scaled", AV_CODEC_ID_FFV1, AV_PIX_FMT_YUV444P, 64, 48, 40, 214 },
		{ "odd", AV_CODEC_ID_FFV1, AV_PIX_FMT_YUV444P, 65, 49, 40, 214 },
	};
	static const struct {
		int rotation_deg;
		bool is_right, is_bottom;
	} turns[] = {
		{ 0, false, false }, { 90, true, false }, { 180, true, true }, { 270, false, true }
	};

	for (size_t k = 0; k < VZ_N_ELEMENTS(formats) * VZ_N_ELEMENTS(turns); k++) {
		size_t i = k / VZ_N_ELEMENTS(turns), j = k % VZ_N_ELEMENTS(turns);
		bool is_upright = turns[j].rotation_deg % 180 == 0;
		uint32_t width = is_upright ? 64 : 48, height = is_upright ? 48 : 64;
		const struct clip clip = {
			.suffix = "mov",
			.codec = formats[i].codec,
			.format = formats[i].format,
			.range = formats[i].codec == AV_CODEC_ID_MJPEG ? AVCOL_RANGE_JPEG
								       : AVCOL_RANGE_MPEG,
			.width = formats[i].width,
			.height = formats[i].height,
			.n_frames = 2,
			.times_ms = times_ms,
			.levels = { 50, 128, 128 },
			.is_cornered = true,
			.rotation_deg = turns[j].rotation_deg,
			.aspect = { 4, 3 },
		};
		const struct vz_file_info *info;
		struct vz_file_picture picture;
		struct vz_file_reader *reader;
		struct vz_frame *frame;
		struct vz_pool *pool;

		test_case(formats[i].label);
		CHECK_EQ(vz_file_reader_open(make_clip(&clip), &reader), 0);
		(void) unlink(clip_path);
		info = vz_file_reader_get_info(reader);
		CHECK_EQ(info->width_px, width);
		CHECK_EQ(info->height_px, height);
		CHECK_EQ(info->rotation_deg, turns[j].rotation_deg);
		CHECK_NEAR(info->pixel_aspect, is_upright ? 4.0 / 3 : 0.75, 1e-9);
		CHECK_EQ(vz_pool_new(width, height, 1, vz_file_picture_recycle, &pool), 0);
		CHECK_EQ(vz_file_reader_next(reader, &picture), 1);
		CHECK_EQ(vz_file_reader_make_frame(reader, pool, &picture, &frame), 0);
		for (uint32_t y = 0; y < height; y++)
			for (uint32_t x = 0; x < width; x++) {
				bool is_corner = (x >= width / 2) == turns[j].is_right &&
						 (y >= height / 2) == turns[j].is_bottom;

				CHECK_NEAR(frame->plane[0][y * frame->stride_bytes[0] + x],
					   is_corner ? formats[i].corner : formats[i].grey, 1);
			}
		(void) vz_frame_unref(frame);
		(void) vz_file_reader_close(reader);
		(void) vz_pool_free(pool);
	}
}

/* --- Hostile files ------------------------------------------------------------------------ */

static size_t read_all(const char *path, uint8_t **ret)
{
	FILE *file = fopen(path, "rb");
	size_t n;

	*ret = malloc(1 << 20);
	CHECK(file && *ret);
	n = fread(*ret, 1, 1 << 20, file);
	(void) fclose(file);
	CHECK(n > 0 && n < 1 << 20);
	return n;
}

static void write_all(const char *path, const void *data, size_t n)
{
	FILE *file = fopen(path, "wb");

	CHECK(file);
	CHECK_EQ(fwrite(data, 1, n, file), n);
	CHECK_EQ(fclose(file), 0);
}

static int read_through(const char *path, unsigned *ret_n)
{
	struct vz_file_picture picture;
	struct vz_file_reader *reader;
	struct vz_frame *frame;
	struct vz_pool *pool;
	int r;

	*ret_n = 0;
	r = vz_file_reader_open(path, &reader);
	if (r < 0)
		return r;
	CHECK_EQ(vz_pool_new(vz_file_reader_get_info(reader)->width_px,
			     vz_file_reader_get_info(reader)->height_px, 1, vz_file_picture_recycle,
			     &pool),
		 0);
	while ((r = vz_file_reader_next(reader, &picture)) > 0) {
		(*ret_n)++;
		if (vz_file_reader_make_frame(reader, pool, &picture, &frame) == 0)
			(void) vz_frame_unref(frame);
	}
	(void) vz_pool_free(pool);
	(void) vz_file_reader_close(reader);
	return r;
}

TEST(file_reader_refuses_what_is_no_video)
{
	static const char playlist[] = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n"
				       "#EXTINF:10,\n/etc/passwd\n#EXT-X-ENDLIST\n";
	static const char concat[] = "ffconcat version 1.0\nfile /etc/passwd\n";
	char dir[256], path[300], fifo[300];
	unsigned n;

	(void) snprintf(dir, sizeof(dir), "%s/vizyd-test-XXXXXX",
			getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	CHECK(mkdtemp(dir));
	(void) snprintf(path, sizeof(path), "%s/clip.avi", dir);
	(void) snprintf(fifo, sizeof(fifo), "%s/fifo", dir);
	CHECK_EQ(mkfifo(fifo, 0600), 0);

	CHECK_EQ(read_through(path, &n), -ENOENT);
	CHECK_EQ(read_through(dir, &n), -EISDIR);
	CHECK_EQ(read_through(fifo, &n), -EINVAL);
	CHECK_EQ(read_through("http://127.0.0.1:9/clip.avi", &n), -ENOENT);
	write_all(path, "", 0);
	CHECK_EQ(read_through(path, &n), -EBADMSG);
	write_all(path, "This is no video at all.\n", 25);
	CHECK_EQ(read_through(path, &n), -EBADMSG);
	write_all(path, playlist, strlen(playlist));
	CHECK_EQ(read_through(path, &n), -EBADMSG);
	write_all(path, concat, strlen(concat));
	CHECK_EQ(read_through(path, &n), -EBADMSG);
	CHECK_EQ(unlink(path), 0);
	CHECK_EQ(unlink(fifo), 0);
	CHECK_EQ(rmdir(dir), 0);
}

TEST(file_reader_survives_truncation_and_noise)
{
	const struct clip *clips[] = { &lossless, &jpegs };
	uint32_t random = 1;
	unsigned n;

	for (size_t i = 0; i < 2; i++) {
		uint8_t *data, *spoilt;
		size_t size;

		size = read_all(make_clip(clips[i]), &data);
		spoilt = malloc(size);
		CHECK(spoilt);
		for (size_t cut = 0; cut < size; cut += 1 + size / 40) {
			write_all(clip_path, data, cut);
			CHECK(read_through(clip_path, &n) <= 0);
			CHECK(n <= 8);
		}
		for (int round = 0; round < 60; round++) {
			memcpy(spoilt, data, size);
			for (int j = 0; j <= round; j++) {
				random = random * 1664525 + 1013904223;
				spoilt[random % size] ^= (uint8_t) (random >> 24);
			}
			write_all(clip_path, spoilt, size);
			CHECK(read_through(clip_path, &n) <= 0);
		}
		free(spoilt);
		free(data);
		(void) unlink(clip_path);
	}
}

TEST(file_reader_refuses_absurd_sizes)
{
	/* The Matroska elements PixelWidth and PixelHeight, one byte each: made two here. */
	struct clip clip = lossless;
	uint8_t *data;
	size_t size;
	unsigned n;
	int n_patched = 0;

	clip.codec = AV_CODEC_ID_MJPEG;
	clip.format = AV_PIX_FMT_YUVJ420P;
	clip.range = AVCOL_RANGE_JPEG;
	clip.width = clip.height = 512;
	size = read_all(make_clip(&clip), &data);
	for (size_t i = 0; i + 4 < size; i++) {
		if ((data[i] == 0xb0 || data[i] == 0xba) && data[i + 1] == 0x82 &&
		    data[i + 2] == 2 && data[i + 3] == 0) {
			data[i + 2] = 0x20;
			n_patched++;
		}
		/* And in the JPEGs themselves. */
		if (data[i] == 0xff && data[i + 1] == 0xc0 && i + 9 < size)
			data[i + 5] = data[i + 7] = 0x20;
	}
	CHECK(n_patched >= 2);
	write_all(clip_path, data, size);
	CHECK_EQ(read_through(clip_path, &n), -EFBIG);
	CHECK_EQ(n, 0);
	free(data);
	(void) unlink(clip_path);
}

/* --- The source, behind a camera ---------------------------------------------------------- */

static struct vz_camera *open_camera(struct vz_loop *loop, const char *path, bool once)
{
	struct vz_camera_options options = { .file_once = once, .linger_us = 50000 };
	struct vz_camera *camera;
	char source[300];

	(void) snprintf(source, sizeof(source), "file:%s", path);
	options.source = source;
	CHECK_EQ(vz_camera_new(loop, &options, &camera), 0);
	return camera;
}

TEST(file_source_plays_once_with_its_own_time)
{
	struct vz_camera *camera;
	struct vz_stream *stream;
	struct vz_loop *loop;
	struct vz_frame *frame, *first = NULL;
	int n_wakes = 0;

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	camera = open_camera(loop, make_clip(&jpegs), true);
	CHECK_EQ(vz_camera_get_state(camera), VZ_CAMERA_STOPPED);
	CHECK_STR(vz_camera_get_kind(camera), "file");
	CHECK_STR(vz_camera_get_name(camera), strrchr(clip_path, '/') + 1);
	CHECK_EQ(vz_camera_get_controls(camera)->n_controls, 0);
	CHECK_EQ(vz_camera_set_brightness(camera, 60), 0);
	CHECK(vz_camera_get_tone(camera));

	CHECK_EQ(vz_camera_add_stream(camera, rig_wake, &n_wakes, &stream), 0);
	while (vz_camera_get_state(camera) != VZ_CAMERA_ENDED) {
		(void) vz_loop_test_step(loop, 100);
		vz_loop_test_advance(loop, 0);
		frame = vz_stream_take_newest(stream);
		if (!frame)
			continue;
		if (!first)
			first = vz_frame_ref(frame);
		/* The lateness of a busy machine aside, both clocks run alike. */
		CHECK_EQ(frame->source_timestamp_ns, times_ms[frame->sequence] * 1000000);
		CHECK(frame->timestamp_ns - first->timestamp_ns >=
		      frame->source_timestamp_ns - first->source_timestamp_ns);
		(void) vz_frame_unref(frame);
	}
	CHECK_EQ(vz_camera_get_counters(camera)->captured + vz_camera_get_counters(camera)->lost,
		 8);
	(void) vz_frame_unref(first);

	/* Gone and back: again from the beginning. */
	vz_stream_want(stream, false);
	vz_loop_test_advance(loop, 60000);
	CHECK_EQ(vz_camera_get_state(camera), VZ_CAMERA_STOPPED);
	vz_stream_want(stream, true);
	vz_loop_test_advance(loop, 0);
	PUMP_UNTIL(loop, vz_camera_get_state(camera) == VZ_CAMERA_ENDED);
	CHECK(vz_camera_get_counters(camera)->captured > 8);
	(void) vz_stream_free(stream);
	(void) vz_camera_free(camera);
	(void) vz_loop_free(loop);
	(void) unlink(clip_path);
}

TEST(file_source_plays_in_a_loop)
{
	struct vz_camera *camera;
	struct vz_stream *stream;
	struct vz_frame *frame = NULL;
	struct vz_loop *loop;

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	camera = open_camera(loop, make_clip(&lossless), false);
	CHECK_EQ(vz_camera_add_stream(camera, rig_wake, NULL, &stream), 0);
	PUMP_UNTIL(loop, vz_camera_get_counters(camera)->captured >= 20);
	frame = vz_stream_take_newest(stream);
	CHECK(frame);
	/* The count and the clock go on, the file's time begins again. */
	CHECK(frame->sequence >= 19);
	CHECK_EQ(frame->generation, 1);
	CHECK_EQ(frame->source_timestamp_ns, times_ms[frame->sequence % 8] * 1000000);
	CHECK_EQ(vz_camera_get_state(camera), VZ_CAMERA_LIVE);

	/* The file goes away: lost, and back when it is. */
	(void) unlink(clip_path);
	PUMP_UNTIL(loop, vz_camera_get_state(camera) == VZ_CAMERA_LOST);
	CHECK(strstr(vz_camera_get_text(camera), "No such file"));
	(void) vz_frame_unref(frame);
	(void) vz_stream_free(stream);
	(void) vz_camera_free(camera);
	(void) vz_loop_free(loop);
}

TEST(file_source_that_holds_no_picture_is_lost_without_spinning)
{
	struct vz_camera *camera;
	struct vz_stream *stream;
	struct vz_loop *loop;
	uint8_t *data;
	size_t size;

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	size = read_all(make_clip(&jpegs), &data);
	/* Of the pictures only the length is left. */
	for (size_t i = 0, in_picture = 0; i + 1 < size; i++) {
		if (data[i] == 0xff && data[i + 1] == 0xd8)
			in_picture = 1;
		if (data[i] == 0xff && data[i + 1] == 0xd9)
			in_picture = 0;
		if (in_picture)
			data[i] = 0;
	}
	write_all(clip_path, data, size);
	free(data);
	camera = open_camera(loop, clip_path, false);
	CHECK_EQ(vz_camera_add_stream(camera, rig_wake, NULL, &stream), 0);
	PUMP_UNTIL(loop, vz_camera_get_state(camera) == VZ_CAMERA_LOST);
	CHECK(strstr(vz_camera_get_text(camera), "cannot be decoded"));
	(void) vz_stream_free(stream);
	(void) vz_camera_free(camera);
	(void) vz_loop_free(loop);
	(void) unlink(clip_path);
}
