#include "test.h"

#include <errno.h>
#include <stdlib.h>
#include <turbojpeg.h>
#include <unistd.h>

#include "camera/clip.h"
#include "camera/file-reader.h"
#include "recorder/mkv.h"

static const struct vz_mkv_video video = { 64, 48, 240, 1700000000 };
static const int64_t times_us[] = { 0, 4167, 8333, 50001, 50002, 1000007, 60000003 };
#define N VZ_N_ELEMENTS(times_us)

static void put_picture(struct vz_buf *buf, struct vz_mkv_frame *frame, int level)
{
	uint8_t grey[64 * 48 * 3], cluster[VZ_MKV_CLUSTER_BYTES], *picture = NULL;
	tjhandle jpeg = tjInitCompress();
	unsigned long size = 0;

	memset(grey, level, sizeof(grey));
	CHECK_EQ(tjCompress2(jpeg, grey, 64, 0, 48, TJPF_RGB, &picture, &size, TJSAMP_420, 95, 0),
		 0);
	frame->offset = buf->size;
	vz_mkv_put_cluster(cluster, frame, size);
	vz_buf_append(buf, cluster, sizeof(cluster));
	vz_buf_append(buf, picture, size);
	tjFree(picture);
	(void) tjDestroy(jpeg);
}

/* With an end, or as it is while it is being written. */
static void make_file(struct vz_buf *buf, struct vz_mkv_frame frames[N], bool has_end)
{
	struct vz_buf head = { 0 };
	struct vz_mkv_end end = { 0 };

	vz_mkv_write_head(buf, &video, &end);
	CHECK_EQ(buf->size, VZ_MKV_HEAD_BYTES);
	for (size_t i = 0; i < N; i++) {
		frames[i] = (struct vz_mkv_frame){
			.time_us = times_us[i],
			.stamp_ns = INT64_C(1234567890123) + times_us[i] * 1000 + 7,
			.sequence = 100 + 2 * i,
		};
		put_picture(buf, &frames[i], 40 + 20 * (int) i);
	}
	if (!has_end)
		return;
	end.cues_offset = buf->size;
	end.duration_us = times_us[N - 1];
	vz_mkv_write_cues(buf, frames, N);
	end.size = buf->size;
	vz_mkv_write_head(&head, &video, &end);
	CHECK_EQ(head.size, VZ_MKV_HEAD_BYTES);
	memcpy(buf->data, head.data, head.size);
	vz_buf_deinit(&head);
}

static const char *write_file(const struct vz_buf *buf, size_t size)
{
	static char path[256];
	FILE *file;

	(void) snprintf(path, sizeof(path), "%s/vizyd-mkv-%d.mkv",
			getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", (int) getpid());
	file = fopen(path, "w");
	CHECK(file);
	CHECK_EQ(fwrite(buf->data, 1, size, file), size);
	CHECK_EQ(fclose(file), 0);
	return path;
}

static void check_file(const char *path, size_t n)
{
	const struct vz_clip_info *info;
	struct vz_clip *clip;

	CHECK_EQ(vz_clip_ops.open(path, NULL, &clip), 0);
	info = vz_clip_ops.get_info(clip);
	CHECK_EQ(info->width_px, 64);
	CHECK_EQ(info->height_px, 48);
	CHECK_EQ(info->n_frames, n);
	/* Forwards and back. */
	for (size_t k = 0; k < 2 * n; k++) {
		size_t i = k < n ? k : 2 * n - 1 - k;
		struct vz_frame *frame;

		CHECK_EQ(info->times_ns[i], times_us[i] * 1000);
		CHECK_EQ(vz_clip_ops.read(clip, i, &frame), 0);
		CHECK_NEAR(frame->plane[0][24 * frame->stride_bytes[0] + 30], 40 + 20 * (int) i, 1);
		(void) vz_frame_unref(frame);
	}
	(void) vz_clip_ops.close(clip);
}

TEST(mkv_is_read_back_to_the_microsecond)
{
	struct vz_mkv_frame frames[N];

	for (int has_end = 0; has_end < 2; has_end++) {
		struct vz_buf buf = { 0 };
		const char *path;

		test_case(has_end ? "with an end" : "without");
		make_file(&buf, frames, has_end);
		path = write_file(&buf, buf.size);
		check_file(path, N);
		CHECK_EQ(unlink(path), 0);
		vz_buf_deinit(&buf);
	}
}

TEST(mkv_that_breaks_off_is_good_up_to_there)
{
	struct vz_mkv_frame frames[N];
	struct vz_buf buf = { 0 };

	make_file(&buf, frames, false);
	for (size_t n = 2; n < N; n++) {
		const char *path = write_file(&buf, frames[n].offset);

		check_file(path, n);
		CHECK_EQ(unlink(path), 0);
	}
	vz_buf_deinit(&buf);
}

TEST(mkv_clusters_tell_what_is_in_them)
{
	struct vz_mkv_frame frames[N], frame = { .offset = 4711 };
	struct vz_buf buf = { 0 };
	uint8_t cluster[VZ_MKV_CLUSTER_BYTES];
	size_t size, offset = VZ_MKV_HEAD_BYTES;

	make_file(&buf, frames, true);
	for (size_t i = 0; i < N; i++) {
		CHECK_EQ(offset, frames[i].offset);
		CHECK_EQ(vz_mkv_parse_cluster((uint8_t *) buf.data + offset, &frame, &size), 0);
		CHECK_EQ(frame.time_us, frames[i].time_us);
		CHECK_EQ(frame.stamp_ns, frames[i].stamp_ns);
		CHECK_EQ(frame.sequence, frames[i].sequence);
		CHECK_EQ(frame.offset, 4711);
		offset += VZ_MKV_CLUSTER_BYTES + size;
	}
	/* Behind the last are the cues. */
	CHECK_EQ(vz_mkv_parse_cluster((uint8_t *) buf.data + offset, &frame, &size), -EBADMSG);
	/* Each byte that is always the same is looked at. */
	for (size_t i = 0; i < VZ_MKV_CLUSTER_BYTES; i++) {
		bool is_value = (i >= 10 && i < 18) || (i >= 20 && i < 36);

		memcpy(cluster, buf.data + frames[0].offset, sizeof(cluster));
		cluster[i] ^= 0x40;
		CHECK_EQ(vz_mkv_parse_cluster(cluster, &frame, &size), is_value ? 0 : -EBADMSG);
	}
	vz_buf_deinit(&buf);
}

TEST(mkv_head_says_when_and_how_fast)
{
	static const double rates[] = { 0, 0.01, 29.97, 240, 1000 };

	for (size_t i = 0; i < VZ_N_ELEMENTS(rates); i++) {
		struct vz_mkv_video other = video;
		struct vz_buf buf = { 0 };

		other.fps = rates[i];
		vz_mkv_write_head(&buf, &other, &(struct vz_mkv_end){ 5, 6000, 7000 });
		CHECK_EQ(buf.size, VZ_MKV_HEAD_BYTES);
		vz_buf_deinit(&buf);
	}
}
