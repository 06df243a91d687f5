#include "clip-maker.h"

#include <errno.h>
#include <sys/stat.h>

#include "camera/clip.h"
#include "camera/file-check.h"
#include "camera/file-reader.h"

static const struct {
	const char *label;
	struct made_clip clip;
} cases[] = {
	{ "JPEGs, uneven", { "mkv", AV_CODEC_ID_MJPEG, 0, 1, 40, true } },
	{ "B-frames in mp4", { "mp4", AV_CODEC_ID_MPEG4, 2, 12, 45, false } },
	{ "B-frames in mp4, uneven", { "mp4", AV_CODEC_ID_MPEG4, 2, 12, 45, true } },
	{ "B-frames in mov, one key frame", { "mov", AV_CODEC_ID_MPEG4, 2, 250, 45, false } },
	{ "B-frames in mkv, uneven", { "mkv", AV_CODEC_ID_MPEG4, 1, 7, 45, true } },
	{ "avi", { "avi", AV_CODEC_ID_MPEG4, 0, 12, 45, false } },
	{ "avi with B-frames", { "avi", AV_CODEC_ID_MPEG4, 2, 12, 45, false } },
	{ "JPEGs in avi", { "avi", AV_CODEC_ID_MJPEG, 0, 1, 30, false } },
	{ "JPEGs in avi, uneven", { "avi", AV_CODEC_ID_MJPEG, 0, 1, 40, true } },
	{ "transport stream", { "ts", AV_CODEC_ID_MPEG2VIDEO, 2, 12, 45, false } },
	{ "no container", { "m4v", AV_CODEC_ID_MPEG4, 0, 12, 45, false } },
	{ "no container, JPEGs", { "mjpeg", AV_CODEC_ID_MJPEG, 0, 1, 30, false } },
};

/* To and fro, near and far. */
static const size_t order[] = { 0,  1,	2, 29, 28, 27, 3,  4,  12, 11, 13, 24,
				23, 25, 0, 0,  29, 15, 14, 16, 17, 5,  6,  29 };

static void check_frame(const struct made_clip *made, struct vz_clip *clip, size_t index)
{
	const struct vz_clip_info *info = vz_clip_ops.get_info(clip);
	struct vz_frame *frame;

	CHECK_EQ(vz_clip_ops.read(clip, index, &frame), 0);
	CHECK_EQ(frame->sequence, index);
	CHECK_EQ(frame->source_timestamp_ns, info->times_ns[index]);
	CHECK_NEAR(frame->plane[0][24 * frame->stride_bytes[0] + 32],
		   made_full_level(made, (int) index), 1.6);
	(void) vz_frame_unref(frame);
}

/* The same times as whoever reads from the beginning to the end; where the file has none, from the
 * first frame on. */
static void check_times(const char *path, const struct vz_clip_info *info)
{
	struct vz_file_picture picture;
	struct vz_file_reader *reader;
	int64_t offset_ns = 0;
	size_t n = 0;

	CHECK_EQ(vz_file_reader_open(path, &reader), 0);
	while (vz_file_reader_next(reader, &picture) > 0) {
		CHECK(n < info->n_frames);
		if (!n)
			offset_ns = picture.time_ns - info->times_ns[0];
		CHECK_EQ(picture.time_ns - offset_ns, info->times_ns[n]);
		vz_file_picture_deinit(&picture);
		n++;
	}
	CHECK_EQ(n, info->n_frames);
	(void) vz_file_reader_close(reader);
}

static bool does_break_off(const char *path, uint64_t *ret_n_read)
{
	struct vz_file_picture picture;
	struct vz_file_reader *reader;
	struct vz_file_count count;

	CHECK_EQ(vz_file_reader_open(path, &reader), 0);
	while (vz_file_reader_next(reader, &picture) > 0)
		vz_file_picture_deinit(&picture);
	count = vz_file_reader_get_count(reader);
	(void) vz_file_reader_close(reader);
	*ret_n_read = count.n_read;
	return count.breaks_off;
}

/* Its head counts the places between the pictures, too. */
TEST(avi_of_uneven_times_is_whole_until_it_is_cut)
{
	const char *path =
		make_clip(&(struct made_clip){ "avi", AV_CODEC_ID_MJPEG, 0, 1, 40, true });
	struct vz_file_extent extent;
	struct stat st;
	uint64_t n;

	CHECK_EQ(vz_file_check(path, &extent), 0);
	CHECK_EQ(extent.n_frames, 40);
	CHECK(extent.n_frames_promised > 400);
	CHECK(!does_break_off(path, &n));
	CHECK_EQ(n, 40);

	CHECK_EQ(stat(path, &st), 0);
	/* The greater part of it is the index at the end. */
	CHECK_EQ(truncate(path, st.st_size / 4), 0);
	CHECK_EQ(vz_file_check(path, &extent), -EPIPE);
	CHECK(extent.n_frames < 40);
	CHECK(does_break_off(path, &n));
	CHECK(n < 40);
	unlink(path);
}

TEST(clip_gives_any_frame_by_its_number)
{
	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		const char *path = make_clip(&cases[i].clip);
		const struct vz_clip_info *info;
		struct vz_clip *clip;

		test_case(cases[i].label);
		CHECK_EQ(vz_clip_ops.open(path, NULL, &clip), 0);
		info = vz_clip_ops.get_info(clip);
		CHECK_EQ(info->width_px, MADE_WIDTH);
		CHECK_EQ(info->height_px, MADE_HEIGHT);
		CHECK_EQ(info->n_frames, cases[i].clip.n_frames);
		check_times(path, info);
		for (size_t k = 0; k < VZ_N_ELEMENTS(order); k++)
			check_frame(&cases[i].clip, clip, order[k]);
		for (size_t k = info->n_frames; k-- > 0;)
			check_frame(&cases[i].clip, clip, k);
		for (size_t k = 0; k < info->n_frames; k++)
			check_frame(&cases[i].clip, clip, k);
		if (cases[i].clip.is_uneven)
			for (size_t k = 0; k < info->n_frames; k++)
				CHECK_NEAR((double) (info->times_ns[k] - info->times_ns[0]) / 1e6,
					   (double) made_time_ms(&cases[i].clip, (int) k), 0.1);
		clip = vz_clip_ops.close(clip);
		CHECK_EQ(unlink(path), 0);
	}
}

TEST(clip_frames_outlive_it_and_are_so_many)
{
	const char *path = make_clip(&cases[0].clip);
	struct vz_frame *frames[17], *one_more;
	struct vz_clip *clip;
	size_t n = 0;

	CHECK_EQ(vz_clip_ops.open(path, NULL, &clip), 0);
	while (n < VZ_N_ELEMENTS(frames) && vz_clip_ops.read(clip, n, &frames[n]) == 0)
		n++;
	CHECK(n >= 8 && n < VZ_N_ELEMENTS(frames));
	CHECK_EQ(vz_clip_ops.read(clip, n, &one_more), -EBUSY);
	(void) vz_frame_unref(frames[--n]);
	/* The one that there was no room for is not lost. */
	CHECK_EQ(vz_clip_ops.read(clip, n + 1, &frames[n]), 0);
	CHECK_EQ(frames[n]->sequence, n + 1);
	CHECK_EQ(vz_clip_ops.read(clip, 40, &one_more), -ERANGE);
	clip = vz_clip_ops.close(clip);
	CHECK_NEAR(frames[0]->plane[0][0], made_level(0), 1.6);
	for (size_t i = 0; i <= n; i++)
		(void) vz_frame_unref(frames[i]);
	CHECK_EQ(unlink(path), 0);
}

TEST(clip_that_cannot_be_opened_says_why)
{
	const char *path = make_clip(&cases[1].clip);
	struct vz_clip *clip = NULL;
	bool is_cancelled = true;
	FILE *file;

	CHECK_EQ(vz_clip_ops.open(path, &is_cancelled, &clip), -ECANCELED);
	CHECK_EQ(unlink(path), 0);
	CHECK_EQ(vz_clip_ops.open(path, NULL, &clip), -ENOENT);
	file = fopen(path, "w");
	CHECK(file);
	CHECK(fputs("This is no video, whatever its name says.\n", file) >= 0);
	CHECK_EQ(fclose(file), 0);
	CHECK_EQ(vz_clip_ops.open(path, NULL, &clip), -EBADMSG);
	CHECK_STR(vz_clip_describe_error(-EBADMSG), "it is no video that can be read");
	CHECK_EQ(unlink(path), 0);
	CHECK(!clip);
	CHECK(vz_clip_ops.close(NULL) == NULL);
}

TEST(clip_is_loaded_from_the_module)
{
	const struct vz_clip_ops *ops = NULL;
	const char *path = make_clip(&cases[0].clip);
	struct vz_frame *frame;
	struct vz_clip *clip;

	CHECK_EQ(vz_clip_load(&ops), 0);
	CHECK(ops != &vz_clip_ops);
	CHECK_EQ(ops->open(path, NULL, &clip), 0);
	CHECK_EQ(ops->read(clip, 7, &frame), 0);
	CHECK_EQ(frame->sequence, 7);
	(void) vz_frame_unref(frame);
	clip = ops->close(clip);
	CHECK_EQ(unlink(path), 0);
}
