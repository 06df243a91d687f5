/*
 * Results and the folder of clips: what is kept is what was found, and what is no result is none.
 */
#include "clips/result.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clips/store.h"

#include "clips.h"
#include "folder.h"
#include "test.h"

static char dir[64];

static void make_dir(void)
{
	test_make_folder(dir);
}

static void remove_dir(void)
{
	test_remove_folder(dir);
}

static const char *in_dir(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(in_dir(name), "w");

	CHECK(file);
	fputs(text, file);
	fclose(file);
}

static const struct vz_tracking_options tracking = {
	.threshold_percent = 12.5,
	.first = 3,
	.last = 90,
	.min_area_px = 4,
	.points = { { 1.25, 2.5, 7 }, { 100, 200, 8 } },
	.n_points = 2,
};

TEST(a_result_is_read_back_to_the_last_digit)
{
	struct vz_clip_result *result, *again;
	struct vz_tracks tracks;

	make_dir();
	CHECK_EQ(make_tracks(&tracks), 0);
	tracks.tracks[0].points[5].x_px = 1.0 / 3;
	CHECK_EQ(vz_clip_result_new(&tracks, &tracking, &result), 0);
	CHECK_EQ(tracks.n_tracks, 0);
	CHECK_EQ(vz_clip_result_save(result, in_dir("a.json")), 0);
	CHECK(access(in_dir("a.json.new"), F_OK) < 0);
	CHECK_EQ(vz_clip_result_load(in_dir("a.json"), &again), 0);
	CHECK_EQ(again->tracks.n_tracks, 2);
	CHECK_EQ(again->tracks.height_px, BALL_HEIGHT);
	CHECK_NEAR(again->tracks.noise_levels[1], 0.25, 0);
	CHECK_EQ(again->tracks.rotation_deg, 90);
	CHECK_NEAR(again->tracks.pixel_aspect, 4.0 / 3, 0);
	CHECK_NEAR(again->options.threshold_percent, 12.5, 0);
	CHECK_EQ(again->options.last, 90);
	CHECK_EQ(again->options.n_points, 2);
	CHECK_NEAR(again->options.points[0].y_px, 2.5, 0);
	for (size_t i = 0; i < 2; i++) {
		const struct vz_track *a = &result->tracks.tracks[i], *b = &again->tracks.tracks[i];

		CHECK_EQ(a->n, b->n);
		CHECK_EQ(a->id, b->id);
		CHECK_EQ(a->n_measured, b->n_measured);
		for (size_t k = 0; k < a->n; k++)
			CHECK(!memcmp(&a->points[k].t_s, &b->points[k].t_s, 3 * sizeof(double)) &&
			      a->points[k].frame == b->points[k].frame &&
			      a->points[k].how == b->points[k].how);
	}
	CHECK(!vz_clip_result_unref(vz_clip_result_ref(result)));
	vz_clip_result_unref(result);
	vz_clip_result_unref(again);
	remove_dir();
}

TEST(what_is_no_result_is_refused)
{
#define HEAD                                                                                     \
	"{\"format\":1,\"width_px\":4,\"height_px\":4,\"n_frames\":2,\"fps\":25,"                \
	"\"noise_levels\":[1,1,1],\"options\":{\"threshold_percent\":25,\"first\":0,\"last\":1," \
	"\"min_area_px\":0,\"points\":[]},\"tracks\":"
	static const struct {
		const char *label, *text;
		int r;
	} cases[] = {
		{ "none", HEAD "[]}", 0 },
		{ "turned", HEAD "[],\"rotation_deg\":270,\"pixel_aspect\":1}", 0 },
		{ "turned too far", HEAD "[],\"rotation_deg\":360,\"pixel_aspect\":1}", -EBADMSG },
		{ "of no width", HEAD "[],\"rotation_deg\":0,\"pixel_aspect\":0}", -EBADMSG },
		{ "one", HEAD "[[[0,0,1,1,3,0],[1,0.1,1,1,3,2]]]}", 0 },
		{ "nothing", "", -EBADMSG },
		{ "broken off", HEAD "[[[0,0,1,1", -EBADMSG },
		{ "another format", "{\"format\":2}", -EBADMSG },
		{ "no options", "{\"format\":1}", -EBADMSG },
		{ "an empty track", HEAD "[[]]}", -EBADMSG },
		{ "a track that is none", HEAD "[5]}", -EBADMSG },
		{ "too few numbers", HEAD "[[[0,0,1,1,3]]]}", -EBADMSG },
		{ "no number", HEAD "[[[0,\"0\",1,1,3,0]]]}", -EBADMSG },
		{ "no such way", HEAD "[[[0,0,1,1,3,9]]]}", -EBADMSG },
		{ "far away", HEAD "[[[0,0,1e300,1,3,0]]]}", -EBADMSG },
		{ "half a frame", HEAD "[[[0.5,0,1,1,3,0]]]}", -EBADMSG },
		{ "backwards", HEAD "[[[1,0.1,1,1,3,0],[0,0,1,1,3,0]]]}", -EBADMSG },
		{ "time stands still", HEAD "[[[0,0,1,1,3,0],[1,0,1,1,3,0]]]}", -EBADMSG },
	};

	make_dir();
	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct vz_clip_result *result = NULL;

		write_file("a.json", cases[i].text);
		CHECK_EQ(vz_clip_result_load(in_dir("a.json"), &result), cases[i].r);
		CHECK_EQ(!result, cases[i].r < 0);
		vz_clip_result_unref(result);
	}
	CHECK_EQ(vz_clip_result_load(in_dir("absent.json"), &(struct vz_clip_result *){ NULL }),
		 -ENOENT);
	remove_dir();
}

TEST(names_of_strangers_are_judged)
{
	static const struct {
		const char *name;
		bool is_good;
	} cases[] = {
		{ "ball.mp4", true },	  { "Ball 2 (gross).MOV", true },
		{ "bälle.avi", true },	  { "", false },
		{ "ball", false },	  { "ball.txt", false },
		{ "../ball.mp4", false }, { "a/b.mp4", false },
		{ "a\\b.mp4", false },	  { ".ball.mp4", false },
		{ ".mp4", false },	  { "a\nb.mp4", false },
		{ "a\xff.mp4", false },	  { "a\xc3.mp4", false },
		{ "..", false },
	};
	char longest[VZ_CLIP_NAME_MAX + 2];

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++)
		CHECK_EQ(!vz_clip_name_refuse(cases[i].name), cases[i].is_good);
	memset(longest, 'a', sizeof(longest));
	strcpy(longest + sizeof(longest) - 5, ".mp4");
	CHECK(vz_clip_name_refuse(longest));
	CHECK(!vz_clip_name_refuse(longest + 1));
}

static void make_files(void)
{
	CHECK_EQ(mkdir(in_dir("clips"), 0700), 0);
	CHECK_EQ(mkdir(in_dir("folder"), 0700), 0);
	CHECK_EQ(mkdir(in_dir("recordings"), 0700), 0);
	CHECK_EQ(mkdir(in_dir("recordings/20261124-1"), 0700), 0);
	CHECK_EQ(mkdir(in_dir("recordings/.20261124-2"), 0700), 0);
	CHECK_EQ(mkdir(in_dir("recordings/empty"), 0700), 0);
	write_file("clips/ball.avi", "ball");
	write_file("clips/ball.avi.tracks.json", "{}");
	write_file("clips/.incoming-1-1", "half");
	write_file("folder/puck.mp4", "puck");
	write_file("folder/notes.txt", "text");
	write_file("recordings/20261124-1/video.mkv", "video");
	write_file("recordings/.20261124-2/video.mkv", "half a video");
}

TEST(the_list_has_uploads_recordings_and_the_folder)
{
	char uploads[80], recordings[80], folder[80];
	const struct vz_clip_dirs dirs = { uploads, recordings, folder };
	struct vz_clip_list list;
	char *name;

	make_dir();
	snprintf(uploads, sizeof(uploads), "%s/clips", dir);
	snprintf(recordings, sizeof(recordings), "%s/recordings", dir);
	snprintf(folder, sizeof(folder), "%s/folder", dir);
	CHECK_EQ(vz_clip_list_read(&dirs, &list), 0);
	CHECK_EQ(list.n, 0);
	vz_clip_list_deinit(&list);
	make_files();
	CHECK_EQ(vz_clip_store_prepare(&dirs), 0);
	CHECK(access(in_dir("clips/.incoming-1-1"), F_OK) < 0);
	CHECK_EQ(vz_clip_list_read(&dirs, &list), 0);
	CHECK_EQ(list.n, 3);
	CHECK_EQ(list.uploads_bytes, 6);
	CHECK(vz_clip_list_find(&list, "ball.avi")->is_upload);
	CHECK(!vz_clip_list_find(&list, "folder/puck.mp4")->is_upload);
	CHECK_STR(vz_clip_list_find(&list, "recordings/20261124-1")->path,
		  in_dir("recordings/20261124-1/video.mkv"));
	CHECK(!vz_clip_list_find(&list, "puck.mp4"));

	write_file("clips/.incoming-2", "second");
	CHECK_EQ(vz_clip_store_keep(&dirs, in_dir("clips/.incoming-2"), "ball.avi", &name), 0);
	CHECK_STR(name, "ball (2).avi");
	free(name);
	CHECK_EQ(access(in_dir("clips/ball (2).avi"), F_OK), 0);

	CHECK_EQ(vz_clip_store_delete(&dirs, vz_clip_list_find(&list, "folder/puck.mp4")), -EPERM);
	CHECK_EQ(vz_clip_store_delete(&dirs, vz_clip_list_find(&list, "ball.avi")), 0);
	CHECK(access(in_dir("clips/ball.avi"), F_OK) < 0);
	CHECK(access(in_dir("clips/ball.avi.tracks.json"), F_OK) < 0);
	CHECK_EQ(access(in_dir("clips/ball (2).avi"), F_OK), 0);
	vz_clip_list_deinit(&list);
	remove_dir();
}

TEST(results_of_other_folders_have_a_place_beside_the_uploads)
{
	const struct vz_clip_dirs dirs = { "/state/clips", NULL, NULL };
	char *path = vz_clip_store_result_path(&dirs, "recordings/1", "tracks");

	CHECK_STR(path, "/state/clips/recordings+1.tracks.json");
	free(path);
}
