#include "test.h"

#include <stdlib.h>

#include "loop/loop-test.h"
#include "server/video.h"
#include "util/blob.h"
#include "util/buf.h"

struct viewer {
	struct vz_watcher watcher;
	unsigned n_pictures, n_states;
	uint64_t sequence;
	bool once;
};

static void on_picture(struct vz_watcher *watcher, struct vz_blob *jpeg)
{
	struct viewer *viewer = vz_container_of(watcher, struct viewer, watcher);

	viewer->n_pictures++;
	viewer->sequence = jpeg->sequence;
	if (viewer->once)
		vz_video_unwatch(watcher);
}

static void on_state(struct vz_watcher *watcher)
{
	vz_container_of(watcher, struct viewer, watcher)->n_states++;
}

static void on_changed(unsigned n, void *data)
{
	*(unsigned *) data = n;
}

static void put(struct vz_video *video, uint64_t sequence)
{
	VZ_CLEANUP(vz_blob_unrefp) struct vz_blob *jpeg = vz_blob_new_copy("jpeg", 4);

	CHECK(jpeg);
	jpeg->sequence = sequence;
	vz_video_put(video, jpeg);
}

TEST(watchers_are_counted_and_get_every_picture)
{
	VZ_CLEANUP(vz_loop_freep) struct vz_loop *loop = NULL;
	VZ_CLEANUP(vz_video_freep) struct vz_video *video = NULL;
	struct viewer a = { .watcher = { .picture = on_picture, .state = on_state } };
	struct viewer b = { .watcher = { .picture = on_picture }, .once = true };
	unsigned n = 99;

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	CHECK_EQ(vz_video_new(loop, on_changed, &n, &video), 0);
	CHECK_EQ(n, 99);
	vz_video_watch(video, &a.watcher);
	vz_video_watch(video, &b.watcher);
	CHECK_EQ(n, 2);
	put(video, 7);
	CHECK_EQ(n, 1);
	put(video, 8);
	CHECK_EQ(a.n_pictures, 2);
	CHECK_EQ(a.sequence, 8);
	CHECK_EQ(b.n_pictures, 1);

	vz_video_set_state(video, "lost", "unplugged");
	CHECK_EQ(a.n_states, 1);
	vz_video_unwatch(&a.watcher);
	vz_video_unwatch(&a.watcher);
	vz_video_unwatch(&b.watcher);
	CHECK_EQ(n, 0);
	CHECK_EQ(vz_video_n_watchers(video), 0);
	put(video, 9);
	CHECK_EQ(a.n_pictures, 2);
}

TEST(a_picture_is_fresh_for_a_while)
{
	VZ_CLEANUP(vz_loop_freep) struct vz_loop *loop = NULL;
	VZ_CLEANUP(vz_video_freep) struct vz_video *video = NULL;

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	CHECK_EQ(vz_video_new(loop, NULL, NULL, &video), 0);
	CHECK(!vz_video_get_picture(video, 1000));
	put(video, 1);
	vz_loop_test_advance(loop, 1000);
	CHECK(vz_video_get_picture(video, 1000));
	vz_loop_test_advance(loop, 1);
	CHECK(!vz_video_get_picture(video, 1000));
}

TEST(the_state_is_json)
{
	VZ_CLEANUP(vz_loop_freep) struct vz_loop *loop = NULL;
	VZ_CLEANUP(vz_video_freep) struct vz_video *video = NULL;
	VZ_CLEANUP(vz_freep) char *text = NULL;
	struct vz_buf buf = { 0 };
	size_t size;

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	CHECK_EQ(vz_video_new(loop, NULL, NULL, &video), 0);
	vz_video_set_state(video, "live", "A \"camera\"");
	vz_video_write_state(&buf, video);
	CHECK_EQ(vz_buf_finish(&buf, &text, &size), 0);
	CHECK_STR(text, "{\"state\":\"live\",\"text\":\"A \\\"camera\\\"\"}");
}
