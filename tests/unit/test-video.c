#include "test.h"

#include <errno.h>
#include <stdlib.h>

#include "loop/loop-test.h"
#include "server/video.h"
#include "util/blob.h"
#include "util/buf.h"

struct viewer {
	struct vz_watcher watcher;
	unsigned n_pictures, n_states, n_gone;
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

static void on_gone(struct vz_watcher *watcher)
{
	CHECK(!watcher->video);
	vz_container_of(watcher, struct viewer, watcher)->n_gone++;
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
	CHECK_EQ(vz_video_new(loop, "main", on_changed, &n, &video), 0);
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
	CHECK_EQ(vz_video_new(loop, "main", NULL, NULL, &video), 0);
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
	CHECK_EQ(vz_video_new(loop, "main", NULL, NULL, &video), 0);
	vz_video_set_state(video, "live", "A \"camera\"");
	vz_video_write_state(&buf, video);
	CHECK_EQ(vz_buf_finish(&buf, &text, &size), 0);
	CHECK_STR(text, "{\"state\":\"live\",\"text\":\"A \\\"camera\\\"\",\"camera\":\"main\"}");
}

TEST(a_name_is_a_word_that_stands_in_an_address)
{
	static const struct {
		const char *name;
		int r;
	} cases[] = {
		{ "main", 0 },
		{ "front-door_2.b", 0 },
		{ "", -EINVAL },
		{ "a b", -EINVAL },
		{ "a/b", -EINVAL },
		{ "a&b", -EINVAL },
		{ "\"", -EINVAL },
		{ "caf\xc3\xa9", -EINVAL },
		{ "0123456789012345678901234567890123456789012345678901234567890123", 0 },
		{ "01234567890123456789012345678901234567890123456789012345678901234", -EINVAL },
	};
	VZ_CLEANUP(vz_loop_freep) struct vz_loop *loop = NULL;

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		VZ_CLEANUP(vz_video_freep) struct vz_video *video = NULL;

		CHECK_EQ(vz_video_new(loop, cases[i].name, NULL, NULL, &video), cases[i].r);
		CHECK_EQ(video != NULL, cases[i].r == 0);
	}
}

TEST(each_of_several_has_its_own_watchers_and_tells_them_when_it_goes)
{
	VZ_CLEANUP(vz_loop_freep) struct vz_loop *loop = NULL;
	VZ_CLEANUP(vz_video_freep) struct vz_video *left = NULL;
	struct vz_list videos = VZ_LIST_INIT(videos);
	struct vz_video *right = NULL;
	struct viewer a = { .watcher = { .picture = on_picture, .gone = on_gone } };
	struct viewer b = { .watcher = { .picture = on_picture, .gone = on_gone } };
	struct viewer c = { .watcher = { .picture = on_picture } };
	unsigned n_left = 0, n_right = 0;

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	CHECK(!vz_video_next(&videos, NULL));
	CHECK_EQ(vz_video_new(loop, "left", on_changed, &n_left, &left), 0);
	CHECK_EQ(vz_video_new(loop, "right", on_changed, &n_right, &right), 0);
	vz_video_add(&videos, left);
	vz_video_add(&videos, right);
	CHECK(vz_video_next(&videos, NULL) == left);
	CHECK(vz_video_next(&videos, left) == right);
	CHECK(vz_video_find(&videos, "right") == right);
	CHECK(!vz_video_find(&videos, "righ"));

	vz_video_watch(left, &a.watcher);
	vz_video_watch(right, &b.watcher);
	vz_video_watch(right, &c.watcher);
	put(right, 1);
	CHECK_EQ(a.n_pictures, 0);
	CHECK_EQ(b.n_pictures, 1);

	right = vz_video_free(right);
	CHECK_EQ(b.n_gone, 1);
	CHECK_EQ(a.n_gone, 0);
	CHECK(!c.watcher.video);
	/* Who counts has given it up: it was not told of each that had to go. */
	CHECK_EQ(n_right, 2);
	CHECK(!vz_video_find(&videos, "right"));
	CHECK(!vz_video_next(&videos, left));
	vz_video_unwatch(&b.watcher);
	put(left, 2);
	CHECK_EQ(a.n_pictures, 1);
	vz_video_unwatch(&a.watcher);
}
