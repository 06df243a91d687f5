/*
 * Columns, texts and results, once for every allocation in their making, with that allocation
 * refused, or with all that follow: nothing crashes or leaks.
 */
#include <errno.h>
#include <json-c/json.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clips/columns.h"
#include "clips/print.h"
#include "clips/result.h"
#include "clips/settings.h"

#include "clips.h"
#include "scarce.h"
#include "test.h"

static char path[64];

static void make_all(void)
{
	const struct vz_tracking_options tracking = { .threshold_percent = 25, .n_points = 1 };
	const struct vz_print_options print = {
		.program = "test",
		.file = "film",
		.tracking = &tracking,
		.motion = { .window = 5, .calibration = { "m", 2, true, BALL_HEIGHT } },
		VZ_PRINT_ALL,
	};
	struct vz_clip_settings settings = { .tracking = tracking };
	struct vz_clip_result *result = NULL, *again = NULL;
	struct vz_buf buf = { 0 };
	struct vz_tracks tracks;

	if (make_tracks(&tracks) < 0) {
		free_tracks(&tracks);
		return;
	}
	vz_columns_print(&buf, &print.motion, &tracks);
	vz_print_csv(&buf, &print, &tracks);
	vz_print_json(&buf, &print, &tracks);
	vz_buf_deinit(&buf);
	vz_clip_analysis_init(&settings.analysis);
	json_object_put(vz_clip_settings_encode(&settings));
	if (vz_clip_result_new(&tracks, &tracking, &result) < 0)
		return;
	if (vz_clip_result_save(result, path) == 0 && vz_clip_result_load(path, &again) == 0)
		vz_clip_result_unref(again);
	vz_clip_result_unref(result);
}

static void run(bool for_good)
{
	bool ran_out = true;

	/* Points are many and alike: beyond the first few hundred, one in some will do. */
	for (unsigned n = 0; ran_out; n += n < 400 ? 1 : 23) {
		scarce_begin(n, for_good);
		make_all();
		ran_out = scarce_end();
	}
}

TEST(one_allocation_fails)
{
	snprintf(path, sizeof(path), "/tmp/vizyd-test-%d.json", (int) getpid());
	run(false);
	(void) unlink(path);
}

TEST(all_that_follow_fail)
{
	snprintf(path, sizeof(path), "/tmp/vizyd-test-%d.json", (int) getpid());
	run(true);
	(void) unlink(path);
}
