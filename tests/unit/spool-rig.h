/*
 * What the tests of recordings share: a folder of their own, frames that tell by their grey which
 * one they are, and a loop that is stepped until something is true.
 */
#pragma once

#include "test.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "camera/clip.h"
#include "loop/loop-test.h"
#include "recorder/frame-ring.h"
#include "recorder/spool.h"

/* Real time passes in the threads. For 10 s at most. */
#define STEP_UNTIL(loop, condition)                                             \
	do {                                                                    \
		int step_left_ = 2000;                                          \
		bool step_done_;                                                \
		while (!(step_done_ = (condition)) && step_left_-- > 0)         \
			(void) vz_loop_test_step(loop, 5);                      \
		if (!step_done_)                                                \
			test_fail(__FILE__, __LINE__, "never: %s", #condition); \
	} while (0)

#define RIG_WIDTH  64u
#define RIG_HEIGHT 48u
#define RIG_STEP   INT64_C(10000000)

static char rig_dir[256];

static inline void rig_make_dir(void)
{
	(void) snprintf(rig_dir, sizeof(rig_dir), "%s/vizyd-recordings-XXXXXX",
			getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	CHECK(mkdtemp(rig_dir));
}

static inline int rig_remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	return remove(path);
}

static inline void rig_remove_dir(void)
{
	CHECK_EQ(nftw(rig_dir, rig_remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

/* How many entries there are whose name begins with @prefix. */
static inline int rig_count(const char *prefix)
{
	DIR *dir = opendir(rig_dir);
	struct dirent *entry;
	int n = 0;

	CHECK(dir);
	while ((entry = readdir(dir)))
		n += strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") &&
		     !strncmp(entry->d_name, prefix, strlen(prefix));
	(void) closedir(dir);
	return n;
}

static inline int rig_level(uint64_t number)
{
	return 20 + (int) (number % 50) * 4;
}

/* A frame of @ring, with noise where @is_busy so that its picture is large. */
static inline struct vz_frame *rig_frame(struct vz_frame_ring *ring, uint64_t number, bool is_busy)
{
	struct vz_frame *frame = vz_frame_ring_reserve(ring);
	uint32_t random = (uint32_t) number + 1;

	CHECK(frame);
	for (unsigned p = 0; p < 3; p++) {
		size_t size = (size_t) frame->stride_bytes[p] *
			      (p ? frame->height_px / 2 : frame->height_px);
		uint8_t *memory = (uint8_t *) (uintptr_t) frame->plane[p];

		memset(memory, p ? 128 : rig_level(number), size);
		for (size_t i = 0; is_busy && i < size; i++) {
			random = random * 1664525 + 1013904223;
			memory[i] = (uint8_t) (random >> 24);
		}
	}
	frame->sequence = number;
	frame->timestamp_ns = INT64_C(5000000000) + (int64_t) number * RIG_STEP + 123;
	return frame;
}

/* That a video has these frames, by their grey, and the right times. */
static inline void rig_check_video(const char *path, uint64_t first, size_t n)
{
	const struct vz_clip_info *info;
	struct vz_clip *clip;

	CHECK_EQ(vz_clip_ops.open(path, NULL, &clip), 0);
	info = vz_clip_ops.get_info(clip);
	CHECK_EQ(info->n_frames, n);
	for (size_t i = 0; i < n; i++) {
		struct vz_frame *frame;

		CHECK_EQ(info->times_ns[i], (int64_t) i * RIG_STEP);
		CHECK_EQ(vz_clip_ops.read(clip, i, &frame), 0);
		CHECK_NEAR(frame->plane[0][20 * frame->stride_bytes[0] + 20], rig_level(first + i),
			   1.6);
		(void) vz_frame_unref(frame);
	}
	(void) vz_clip_ops.close(clip);
}
