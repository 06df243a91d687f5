/*
 * A life of a recorder and a player, once for every allocation on the loop, with that allocation
 * refused, or with all that follow: nothing crashes or leaks, and with memory back a recording is
 * made.
 */
#include "spool-rig.h"
#include "scarce.h"

#include <errno.h>

#include "camera/camera.h"
#include "recorder/player.h"
#include "recorder/recorder.h"

static unsigned n_saved;

static void on_saved(struct vz_recorder *recorder, const struct vz_recording *recording, void *data)
{
	n_saved++;
}

static void on_picture(struct vz_blob *jpeg, void *data)
{
}

static bool is_fine(int r)
{
	return r == 0 || r == -ENOMEM || r == -EAGAIN;
}

static void use(struct vz_recorder *recorder, struct vz_player *player)
{
	struct vz_recorder_settings settings = vz_recorder_get_settings(recorder);
	struct vz_spool *spool = vz_recorder_get_spool(recorder);
	int r;

	settings.capture.shift_ns = -1000000;
	settings.capture.duration_ns = VZ_CAPTURE_MIN_DURATION_NS;
	vz_recorder_set_settings(recorder, &settings);
	r = vz_spool_rename(spool, "1", "a name", NULL, NULL);
	CHECK(is_fine(r));
	r = vz_spool_delete(spool, "1", NULL, NULL);
	CHECK(is_fine(r));
	free(vz_spool_video_path(spool, "1"));
	if (player) {
		r = vz_player_open(player, "/nowhere");
		CHECK(is_fine(r));
		vz_player_play(player);
		vz_player_close(player);
	}
}

/* Returns whether memory ran out in it. */
static bool live(unsigned n, bool for_good)
{
	const struct vz_camera_options camera_options = { .source = "simulated",
							  .format = { 64, 64, 120 } };
	struct vz_recorder_options options = {
		.dir = rig_dir,
		.memory_bytes = 1 << 20,
		.disk_bytes = 4 << 20,
	};
	struct vz_player_options player_options = { .picture = on_picture };
	struct vz_recorder *recorder = NULL;
	struct vz_player *player = NULL;
	struct vz_camera *camera;
	struct vz_loop *loop;
	bool ran_out;
	int r;

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	CHECK_EQ(vz_camera_new(loop, &camera_options, &camera), 0);
	options.loop = player_options.loop = loop;
	options.camera = camera;
	scarce_begin(n, for_good);
	r = vz_recorder_new(&options, &recorder);
	CHECK(is_fine(r));
	if (r == 0) {
		r = vz_player_new(&player_options, &player);
		CHECK(is_fine(r));
		use(recorder, player);
	}
	ran_out = scarce_end();

	if (recorder) {
		n_saved = 0;
		vz_recorder_add_listener(recorder,
					 &(struct vz_recorder_listener){ .saved = on_saved });
		use(recorder, player);
		for (int i = 0; i < 4000 && !n_saved; i++) {
			if (i == 0)
				CHECK_EQ(vz_recorder_trigger(recorder, vz_recorder_now_ns(), "t"),
					 0);
			(void) vz_loop_test_step(loop, 2);
			vz_loop_test_advance(loop, 2000);
		}
		CHECK_EQ(n_saved, 1);
	}
	player = vz_player_free(player);
	recorder = vz_recorder_free(recorder);
	camera = vz_camera_free(camera);
	loop = vz_loop_free(loop);
	return ran_out;
}

TEST(recorder_lives_with_too_little_memory)
{
	rig_make_dir();
	for (int for_good = 0; for_good < 2; for_good++) {
		unsigned n = 0;

		while (live(n, for_good))
			n++;
		CHECK(n >= 8);
	}
	rig_remove_dir();
}
