#include "clip-maker.h"

#include <errno.h>
#include <time.h>

#include "camera/camera.h"
#include "loop/loop-test.h"
#include "recorder/player.h"
#include "util/blob.h"

/* Real time passes in the player's thread: the loop is stepped until @condition, or for 10 s. */
#define PUMP_UNTIL(loop, condition)                                             \
	do {                                                                    \
		int pump_left_ = 2000;                                          \
		bool pump_done_;                                                \
		while (!(pump_done_ = (condition)) && pump_left_-- > 0)         \
			(void) vz_loop_test_step(loop, 5);                      \
		if (!pump_done_)                                                \
			test_fail(__FILE__, __LINE__, "never: %s", #condition); \
	} while (0)

struct rig {
	struct vz_loop *loop;
	struct vz_player *player;
	unsigned n_pictures, n_changes;
	uint64_t numbers[256]; /* of the pictures */
	int64_t last_at_ns;
	uint32_t width_px;
};

static const struct made_clip slow = { "mkv", AV_CODEC_ID_MJPEG, 0, 1, 20, false };
static const struct made_clip predicted = { "mp4", AV_CODEC_ID_MPEG4, 2, 12, 45, true };

static int64_t now_ns(void)
{
	struct timespec now;

	(void) clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void on_picture(struct vz_blob *jpeg, void *data)
{
	struct rig *rig = data;

	CHECK(rig->n_pictures < VZ_N_ELEMENTS(rig->numbers));
	rig->numbers[rig->n_pictures++] = jpeg->sequence;
	rig->width_px = jpeg->width_px;
	rig->last_at_ns = now_ns();
	CHECK(jpeg->size > 100 && jpeg->data[0] == 0xff && jpeg->data[1] == 0xd8);
}

static void on_changed(struct vz_player *player, void *data)
{
	struct rig *rig = data;

	rig->n_changes++;
}

static void rig_init(struct rig *rig)
{
	const struct vz_player_options options = {
		.picture = on_picture,
		.changed = on_changed,
		.data = rig,
	};
	struct vz_player_options with_loop = options;

	*rig = (struct rig){ 0 };
	CHECK_EQ(vz_loop_new_test(&rig->loop), 0);
	with_loop.loop = rig->loop;
	CHECK_EQ(vz_player_new(&with_loop, &rig->player), 0);
}

static void rig_deinit(struct rig *rig)
{
	rig->player = vz_player_free(rig->player);
	rig->loop = vz_loop_free(rig->loop);
}

static bool is_in(const struct rig *rig, enum vz_player_state state)
{
	return vz_player_get_state(rig->player) == state;
}

static bool has_shown(const struct rig *rig, uint64_t number)
{
	return rig->n_pictures && rig->numbers[rig->n_pictures - 1] == number;
}

TEST(player_shows_the_first_frame_of_a_clip)
{
	const char *path = make_clip(&predicted);
	struct rig rig;

	rig_init(&rig);
	CHECK_EQ(vz_player_get_state(rig.player), VZ_PLAYER_EMPTY);
	vz_player_set_wanted(rig.player, 1);
	CHECK_EQ(vz_player_open(rig.player, path), 0);
	CHECK_EQ(vz_player_get_state(rig.player), VZ_PLAYER_LOADING);
	PUMP_UNTIL(rig.loop, rig.n_pictures == 1);
	CHECK_STR(vz_player_state_name(vz_player_get_state(rig.player)), "stopped");
	CHECK_EQ(rig.numbers[0], 0);
	CHECK_EQ(rig.width_px, MADE_WIDTH);
	CHECK_EQ(vz_player_get_width_px(rig.player), MADE_WIDTH);
	CHECK_EQ(vz_player_get_height_px(rig.player), MADE_HEIGHT);
	CHECK_EQ(vz_player_n_frames(rig.player), 45);
	CHECK_STR(vz_player_get_path(rig.player), path);
	CHECK_EQ(vz_player_get_times_ns(rig.player)[0], 0);
	for (int i = 1; i < 45; i++)
		CHECK_NEAR((double) vz_player_get_times_ns(rig.player)[i] / 1e6,
			   (double) made_time_ms(&predicted, i), 0.1);
	CHECK_EQ(vz_player_get_duration_ns(rig.player), vz_player_get_times_ns(rig.player)[44]);
	rig_deinit(&rig);
	CHECK_EQ(unlink(path), 0);
}

TEST(player_steps_and_seeks_to_the_frame)
{
	const char *path = make_clip(&predicted);
	struct rig rig;

	rig_init(&rig);
	vz_player_set_wanted(rig.player, 1);
	CHECK_EQ(vz_player_open(rig.player, path), 0);
	PUMP_UNTIL(rig.loop, rig.n_pictures == 1);
	vz_player_seek(rig.player, 30);
	CHECK_EQ(vz_player_get_frame(rig.player), 30);
	PUMP_UNTIL(rig.loop, has_shown(&rig, 30));
	CHECK(is_in(&rig, VZ_PLAYER_PAUSED));
	vz_player_step(rig.player, -1);
	PUMP_UNTIL(rig.loop, has_shown(&rig, 29));
	vz_player_step(rig.player, -100);
	PUMP_UNTIL(rig.loop, has_shown(&rig, 0));
	vz_player_seek(rig.player, 1000);
	PUMP_UNTIL(rig.loop, has_shown(&rig, 44));
	/* Between two frames it is the earlier; before all, the first. */
	vz_player_seek_time(rig.player, vz_player_get_times_ns(rig.player)[7] + 1000000);
	PUMP_UNTIL(rig.loop, has_shown(&rig, 7));
	CHECK_EQ(vz_player_get_time_ns(rig.player), vz_player_get_times_ns(rig.player)[7]);
	vz_player_seek_time(rig.player, -5);
	PUMP_UNTIL(rig.loop, has_shown(&rig, 0));
	/* Who drags is shown where the slider has come to, not everything on the way. */
	rig.n_pictures = 0;
	for (size_t i = 0; i < 40; i++)
		vz_player_seek(rig.player, i);
	PUMP_UNTIL(rig.loop, has_shown(&rig, 39));
	CHECK(rig.n_pictures < 20);
	vz_player_stop(rig.player);
	PUMP_UNTIL(rig.loop, has_shown(&rig, 0));
	CHECK(is_in(&rig, VZ_PLAYER_STOPPED));
	rig_deinit(&rig);
	CHECK_EQ(unlink(path), 0);
}

TEST(player_plays_every_frame_at_its_pace)
{
	const char *path = make_clip(&slow);
	struct rig rig;
	int64_t start_ns;

	rig_init(&rig);
	vz_player_set_wanted(rig.player, 2);
	CHECK_EQ(vz_player_open(rig.player, path), 0);
	PUMP_UNTIL(rig.loop, rig.n_pictures == 1);
	start_ns = now_ns();
	vz_player_play(rig.player);
	CHECK(is_in(&rig, VZ_PLAYER_PLAYING));
	PUMP_UNTIL(rig.loop, is_in(&rig, VZ_PLAYER_PAUSED));
	/* 19 steps of 40 ms; a machine that is busy may be late, and never early. */
	CHECK(rig.last_at_ns - start_ns > INT64_C(19) * 40000000 - 5000000);
	CHECK(has_shown(&rig, 19));
	for (unsigned i = 1; i < rig.n_pictures; i++)
		CHECK(rig.numbers[i] >= rig.numbers[i - 1]);
	/* From the end it begins again, and pauses where it is told to. */
	rig.n_pictures = 0;
	vz_player_play(rig.player);
	PUMP_UNTIL(rig.loop, rig.n_pictures && rig.numbers[rig.n_pictures - 1] >= 3);
	/* A loop that was busy may have missed the first. */
	CHECK(rig.numbers[0] < 4);
	vz_player_pause(rig.player);
	CHECK(is_in(&rig, VZ_PLAYER_PAUSED));
	CHECK(vz_player_get_frame(rig.player) < 19);
	rig_deinit(&rig);
	CHECK_EQ(unlink(path), 0);
}

TEST(player_makes_pictures_only_for_who_looks)
{
	const char *path = make_clip(&slow);
	struct rig rig;

	rig_init(&rig);
	CHECK_EQ(vz_player_open(rig.player, path), 0);
	PUMP_UNTIL(rig.loop, is_in(&rig, VZ_PLAYER_STOPPED));
	vz_player_play(rig.player);
	PUMP_UNTIL(rig.loop, is_in(&rig, VZ_PLAYER_PAUSED));
	CHECK_EQ(rig.n_pictures, 0);
	/* Who comes later sees where it stands. */
	vz_player_set_wanted(rig.player, 1);
	PUMP_UNTIL(rig.loop, rig.n_pictures == 1);
	vz_player_set_wanted(rig.player, 2);
	PUMP_UNTIL(rig.loop, rig.n_pictures == 2);
	CHECK(has_shown(&rig, 19));
	rig_deinit(&rig);
	CHECK_EQ(unlink(path), 0);
}

TEST(player_says_why_it_cannot_and_goes_on_with_the_next)
{
	const char *path = make_clip(&slow);
	struct rig rig;

	rig_init(&rig);
	vz_player_set_wanted(rig.player, 1);
	CHECK_EQ(vz_player_open(rig.player, "/nowhere/at/all.mkv"), 0);
	PUMP_UNTIL(rig.loop, is_in(&rig, VZ_PLAYER_FAILED));
	CHECK_STR(vz_player_get_error(rig.player), "No such file or directory");
	vz_player_play(rig.player);
	vz_player_step(rig.player, 1);
	CHECK(is_in(&rig, VZ_PLAYER_FAILED));
	for (int i = 0; i < 20; i++)
		CHECK_EQ(vz_player_open(rig.player, i % 2 ? "/nowhere" : path), 0);
	CHECK_EQ(vz_player_open(rig.player, path), 0);
	PUMP_UNTIL(rig.loop, has_shown(&rig, 0));
	CHECK_STR(vz_player_get_error(rig.player), "");
	vz_player_close(rig.player);
	CHECK(is_in(&rig, VZ_PLAYER_EMPTY));
	CHECK(!vz_player_get_path(rig.player));
	CHECK(!vz_player_get_times_ns(rig.player));
	CHECK_EQ(vz_player_get_duration_ns(rig.player), 0);
	vz_player_play(rig.player);
	CHECK(is_in(&rig, VZ_PLAYER_EMPTY));
	/* Freed while it looks through a file. */
	CHECK_EQ(vz_player_open(rig.player, path), 0);
	rig_deinit(&rig);
	CHECK_EQ(unlink(path), 0);
}
