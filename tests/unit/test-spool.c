#include "spool-rig.h"

#include <errno.h>
#include <sys/mount.h>

#include "recorder/capture.h"
#include "util/json.h"

struct rig {
	struct vz_loop *loop;
	struct vz_spool *spool;
	struct vz_frame_ring *ring;
	unsigned n_saved;
	char last_id[VZ_RECORDING_ID_MAX + 1];
	int result;
	bool has_result;
	uint64_t next;
};

static void on_saved(const struct vz_recording *recording, void *data)
{
	struct rig *rig = data;

	rig->n_saved++;
	(void) snprintf(rig->last_id, sizeof(rig->last_id), "%s", recording->id);
}

static void on_result(int r, void *data)
{
	struct rig *rig = data;

	rig->result = r;
	rig->has_result = true;
}

static void rig_open(struct rig *rig, uint64_t budget_bytes)
{
	struct vz_spool_options options = {
		.dir = rig_dir,
		.budget_bytes = budget_bytes,
		.saved = on_saved,
		.data = rig,
	};

	*rig = (struct rig){ 0 };
	CHECK_EQ(vz_loop_new_test(&rig->loop), 0);
	options.loop = rig->loop;
	CHECK_EQ(vz_frame_ring_new(RIG_WIDTH, RIG_HEIGHT, 1 << 20, &rig->ring), 0);
	CHECK_EQ(vz_spool_new(&options, &rig->spool), 0);
	STEP_UNTIL(rig->loop, vz_spool_get_status(rig->spool).is_open ||
				      vz_spool_get_status(rig->spool).error);
	STEP_UNTIL(rig->loop, vz_loop_test_step(rig->loop, 0) == 0);
}

static void rig_close(struct rig *rig, int64_t patience_us)
{
	rig->spool = vz_spool_free(rig->spool, patience_us);
	rig->ring = vz_frame_ring_free(rig->ring);
	rig->loop = vz_loop_free(rig->loop);
}

static struct vz_take *begin(struct rig *rig)
{
	struct vz_recording recording = {
		.width_px = RIG_WIDTH,
		.height_px = RIG_HEIGHT,
		.fps = 100,
		.camera = "Rig \"one\"",
		.trigger = "page",
		.trigger_ns = INT64_C(5000000001),
		.shift_ns = -5,
	};
	struct vz_take *take;

	CHECK_EQ(vz_spool_begin(rig->spool, &recording, &take), 0);
	return take;
}

static void add(struct rig *rig, struct vz_take *take, unsigned n, bool is_busy)
{
	while (n--) {
		struct vz_frame *frame;

		STEP_UNTIL(rig->loop, vz_spool_get_status(rig->spool).n_waiting < 100);
		frame = rig_frame(rig->ring, rig->next++, is_busy);
		CHECK_EQ(vz_take_add(take, frame), 0);
		(void) vz_frame_unref(frame);
	}
}

/* A recording of @n frames, saved. */
static void record(struct rig *rig, unsigned n)
{
	struct vz_take *take = begin(rig);
	unsigned before = rig->n_saved;

	add(rig, take, n, false);
	vz_take_end(take, "duration", 0, 0);
	STEP_UNTIL(rig->loop, rig->n_saved == before + 1);
}

static int change(struct rig *rig, int r)
{
	CHECK_EQ(r, 0);
	rig->has_result = false;
	STEP_UNTIL(rig->loop, rig->has_result);
	return rig->result;
}

TEST(spool_saves_a_recording_with_all_that_is_known)
{
	const struct vz_recording *recording;
	struct rig rig;
	char *path;

	rig_make_dir();
	rig_open(&rig, 100 << 20);
	CHECK(!vz_spool_get(rig.spool, 0));
	record(&rig, 30);
	recording = vz_spool_find(rig.spool, rig.last_id);
	CHECK(recording);
	CHECK(recording == vz_spool_get(rig.spool, 0));
	CHECK_EQ(recording->n_frames, 30);
	CHECK_EQ(recording->n_dropped, 0);
	CHECK_EQ(recording->duration_ns, 29 * RIG_STEP);
	CHECK_STR(recording->camera, "Rig \"one\"");
	CHECK_STR(recording->end, "duration");
	CHECK_STR(recording->trigger, "page");
	CHECK_EQ(recording->shift_ns, -5);
	CHECK(recording->bytes > 30 * 500);
	CHECK_EQ(vz_spool_get_status(rig.spool).used_bytes, recording->bytes);
	CHECK_EQ(vz_spool_get_status(rig.spool).n_waiting, 0);
	CHECK_EQ(vz_spool_get_status(rig.spool).n_takes, 0);
	path = vz_spool_video_path(rig.spool, rig.last_id);
	rig_check_video(path, 0, 30);
	free(path);
	CHECK_EQ(rig_count("."), 0);
	rig_close(&rig, 0);
	rig_remove_dir();
}

TEST(spool_finds_everything_again)
{
	const struct vz_recording *recording;
	char ids[3][VZ_RECORDING_ID_MAX + 1];
	struct rig rig;

	rig_make_dir();
	rig_open(&rig, 100 << 20);
	for (int i = 0; i < 3; i++) {
		record(&rig, 3 + (unsigned) i);
		(void) snprintf(ids[i], sizeof(ids[i]), "%s", rig.last_id);
	}
	CHECK_EQ(change(&rig, vz_spool_rename(rig.spool, ids[1], "Überschlag, „zweiter“", on_result,
					      &rig)),
		 0);
	CHECK_EQ(change(&rig, vz_spool_keep(rig.spool, ids[0], true, on_result, &rig)), 0);
	rig_close(&rig, 0);

	rig_open(&rig, 100 << 20);
	/* The newest first, though all were made within a moment. */
	for (int i = 0; i < 3; i++) {
		recording = vz_spool_get(rig.spool, (size_t) (2 - i));
		CHECK_STR(recording->id, ids[i]);
		CHECK_EQ(recording->n_frames, 3 + i);
	}
	CHECK_STR(vz_spool_find(rig.spool, ids[1])->name, "Überschlag, „zweiter“");
	CHECK(vz_spool_find(rig.spool, ids[0])->is_kept);
	CHECK(!vz_spool_find(rig.spool, ids[2])->is_kept);
	rig_close(&rig, 0);
	rig_remove_dir();
}

TEST(spool_says_what_cannot_be_changed)
{
	char long_name[VZ_RECORDING_NAME_MAX + 2];
	struct rig rig;

	rig_make_dir();
	rig_open(&rig, 100 << 20);
	record(&rig, 2);
	memset(long_name, 'x', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	CHECK_EQ(change(&rig, vz_spool_rename(rig.spool, "20010101-000000", "x", on_result, &rig)),
		 -ENOENT);
	CHECK_EQ(change(&rig, vz_spool_delete(rig.spool, "../..", on_result, &rig)), -ENOENT);
	CHECK_EQ(change(&rig, vz_spool_rename(rig.spool, rig.last_id, long_name, on_result, &rig)),
		 -EINVAL);
	CHECK_EQ(change(&rig,
			vz_spool_rename(rig.spool, rig.last_id, "two\nlines", on_result, &rig)),
		 -EINVAL);
	CHECK_EQ(change(&rig, vz_spool_keep(rig.spool, rig.last_id, true, on_result, &rig)), 0);
	CHECK_EQ(change(&rig, vz_spool_delete(rig.spool, rig.last_id, on_result, &rig)), -EPERM);
	CHECK_EQ(change(&rig, vz_spool_keep(rig.spool, rig.last_id, false, on_result, &rig)), 0);
	CHECK_EQ(change(&rig, vz_spool_delete(rig.spool, rig.last_id, on_result, &rig)), 0);
	CHECK(!vz_spool_get(rig.spool, 0));
	CHECK_EQ(rig_count(""), 0);
	rig_close(&rig, 0);
	rig_remove_dir();
}

TEST(spool_keeps_its_budget)
{
	char ids[6][VZ_RECORDING_ID_MAX + 1];
	uint64_t one;
	struct rig rig;

	rig_make_dir();
	rig_open(&rig, 100 << 20);
	record(&rig, 20);
	one = vz_spool_get(rig.spool, 0)->bytes;
	rig_close(&rig, 0);

	rig_open(&rig, one * 4 + one / 2);
	(void) snprintf(ids[0], sizeof(ids[0]), "%s", vz_spool_get(rig.spool, 0)->id);
	CHECK_EQ(change(&rig, vz_spool_keep(rig.spool, ids[0], true, on_result, &rig)), 0);
	for (int i = 1; i < 6; i++) {
		record(&rig, 20);
		(void) snprintf(ids[i], sizeof(ids[i]), "%s", rig.last_id);
		if (i == 1)
			CHECK_EQ(change(&rig, vz_spool_rename(rig.spool, ids[1], "named", on_result,
							      &rig)),
				 0);
	}
	/* Of six there is room for four: the oldest without a name have gone. */
	CHECK(vz_spool_find(rig.spool, ids[0]));
	CHECK(vz_spool_find(rig.spool, ids[1]));
	CHECK(!vz_spool_find(rig.spool, ids[2]));
	CHECK(!vz_spool_find(rig.spool, ids[3]));
	CHECK(vz_spool_find(rig.spool, ids[4]));
	CHECK(vz_spool_find(rig.spool, ids[5]));
	CHECK_EQ(vz_spool_get_status(rig.spool).n_removed, 2);
	CHECK_EQ(rig_count(""), 4);
	rig_close(&rig, 0);
	rig_remove_dir();
}

TEST(spool_waits_for_room_and_loses_nothing)
{
	struct vz_take *take;
	char kept[VZ_RECORDING_ID_MAX + 1];
	uint64_t one;
	struct rig rig;
	char *path;

	rig_make_dir();
	rig_open(&rig, 100 << 20);
	record(&rig, 40);
	one = vz_spool_get(rig.spool, 0)->bytes;
	(void) snprintf(kept, sizeof(kept), "%s", rig.last_id);
	CHECK_EQ(change(&rig, vz_spool_keep(rig.spool, kept, true, on_result, &rig)), 0);
	rig_close(&rig, 0);

	rig_open(&rig, one + one / 2);
	take = begin(&rig);
	add(&rig, take, 40, false);
	vz_take_end(take, "duration", 0, 0);
	STEP_UNTIL(rig.loop, vz_spool_get_status(rig.spool).is_full);
	CHECK(vz_spool_get_status(rig.spool).n_waiting > 5);
	CHECK_EQ(rig.n_saved, 0);
	/* Somebody makes room, though the thread waits. */
	CHECK_EQ(change(&rig, vz_spool_keep(rig.spool, kept, false, on_result, &rig)), 0);
	STEP_UNTIL(rig.loop, rig.n_saved == 1);
	CHECK(!vz_spool_get_status(rig.spool).is_full);
	CHECK(!vz_spool_find(rig.spool, kept));
	CHECK_EQ(vz_spool_find(rig.spool, rig.last_id)->n_frames, 40);
	path = vz_spool_video_path(rig.spool, rig.last_id);
	rig_check_video(path, 0, 40);
	free(path);
	rig_close(&rig, 0);
	rig_remove_dir();
}

TEST(spool_ends_a_recording_that_is_larger_than_the_budget)
{
	struct vz_take *take;
	struct rig rig;

	rig_make_dir();
	rig_open(&rig, 20000);
	take = begin(&rig);
	add(&rig, take, 40, true);
	vz_take_end(take, "duration", 0, 0);
	STEP_UNTIL(rig.loop, rig.n_saved == 1);
	CHECK_STR(vz_spool_get(rig.spool, 0)->end, "budget");
	CHECK(vz_spool_get(rig.spool, 0)->n_frames >= 2);
	CHECK_EQ(vz_spool_get_status(rig.spool).n_failed, 1);
	CHECK_EQ(vz_spool_get_status(rig.spool).n_waiting, 0);
	rig_close(&rig, 0);
	rig_remove_dir();
}

TEST(spool_keeps_frames_while_the_disk_is_full)
{
	struct vz_take *take;
	char ballast[300];
	struct rig rig;
	char *path;
	int fd;

	rig_make_dir();
	if (mount("none", rig_dir, "tmpfs", 0, "size=512k") < 0) {
		rig_remove_dir();
		test_skip("no right to mount a small disk");
	}
	(void) snprintf(ballast, sizeof(ballast), "%s/ballast", rig_dir);
	fd = open(ballast, O_WRONLY | O_CREAT, 0600);
	CHECK(fd >= 0);
	CHECK_EQ(posix_fallocate(fd, 0, 450 << 10), 0);
	(void) close(fd);

	rig_open(&rig, 100 << 20);
	take = begin(&rig);
	add(&rig, take, 60, true);
	vz_take_end(take, "duration", 0, 0);
	STEP_UNTIL(rig.loop, vz_spool_get_status(rig.spool).is_full);
	CHECK(vz_spool_get_status(rig.spool).n_waiting > 10);
	CHECK_EQ(unlink(ballast), 0);
	STEP_UNTIL(rig.loop, rig.n_saved == 1);
	CHECK_EQ(vz_spool_get(rig.spool, 0)->n_frames, 60);
	CHECK_EQ(vz_spool_get_status(rig.spool).n_failed, 0);
	CHECK(!vz_spool_get_status(rig.spool).is_full);
	path = vz_spool_video_path(rig.spool, rig.last_id);
	CHECK(access(path, R_OK) == 0);
	free(path);

	/* With another the disk is full for good: the first one goes, for nobody keeps it. */
	take = begin(&rig);
	add(&rig, take, 60, true);
	vz_take_end(take, "duration", 0, 0);
	STEP_UNTIL(rig.loop, rig.n_saved == 2);
	rig_close(&rig, 0);
	CHECK_EQ(umount(rig_dir), 0);
	rig_remove_dir();
}

TEST(spool_saves_takes_one_after_the_other)
{
	struct vz_take *first, *second;
	struct rig rig;

	rig_make_dir();
	rig_open(&rig, 100 << 20);
	first = begin(&rig);
	second = begin(&rig);
	add(&rig, second, 5, false);
	add(&rig, first, 7, false);
	vz_take_end(second, "still", 0, 0);
	CHECK_EQ(vz_spool_get_status(rig.spool).n_takes, 2);
	vz_take_end(first, "stopped", 0, 0);
	STEP_UNTIL(rig.loop, rig.n_saved == 2);
	CHECK_EQ(vz_spool_get(rig.spool, 1)->n_frames, 7);
	CHECK_EQ(vz_spool_get(rig.spool, 0)->n_frames, 5);
	CHECK_STR(vz_spool_get(rig.spool, 0)->end, "still");
	/* One without frames is none. */
	vz_take_end(begin(&rig), "no frames", 0, 0);
	STEP_UNTIL(rig.loop, vz_spool_get_status(rig.spool).n_takes == 0);
	CHECK_EQ(rig_count(""), 2);
	rig_close(&rig, 0);
	rig_remove_dir();
}

TEST(spool_counts_what_is_missing)
{
	struct vz_take *take;
	struct rig rig;

	rig_make_dir();
	rig_open(&rig, 100 << 20);
	take = begin(&rig);
	add(&rig, take, 10, false);
	rig.next += 3;
	add(&rig, take, 10, false);
	rig.next += 1;
	add(&rig, take, 1, false);
	/* Two more came to nothing at the end. */
	vz_take_end(take, "duration", 27, 0);
	STEP_UNTIL(rig.loop, rig.n_saved == 1);
	CHECK_EQ(vz_spool_get(rig.spool, 0)->n_frames, 21);
	CHECK_EQ(vz_spool_get(rig.spool, 0)->n_dropped, 6);
	rig_close(&rig, 0);
	rig_remove_dir();
}

TEST(spool_salvages_what_broke_off)
{
	char from[400], to[400];
	struct rig rig;
	char *path;
	off_t size, cut;
	struct stat st;

	rig_make_dir();
	rig_open(&rig, 100 << 20);
	record(&rig, 12);
	path = vz_spool_video_path(rig.spool, rig.last_id);
	CHECK_EQ(stat(path, &st), 0);
	size = st.st_size;
	(void) snprintf(from, sizeof(from), "%s/%s", rig_dir, rig.last_id);
	(void) snprintf(to, sizeof(to), "%s/.new-%s", rig_dir, rig.last_id);
	rig_close(&rig, 0);

	/* Wherever it broke off, down to nothing, it is shorter each time and always whole. */
	for (cut = size - 1; cut > 0; cut -= size / 15) {
		size_t n;

		CHECK_EQ(truncate(path, cut), 0);
		CHECK_EQ(rename(from, to), 0);
		rig_open(&rig, 100 << 20);
		CHECK_EQ(rig_count("."), 0);
		n = vz_spool_get(rig.spool, 0) ? vz_spool_get(rig.spool, 0)->n_frames : 0;
		if (n) {
			CHECK(vz_spool_get(rig.spool, 0)->is_salvaged);
			CHECK_EQ(vz_spool_get(rig.spool, 0)->duration_ns,
				 (int64_t) (n - 1) * RIG_STEP);
			rig_check_video(path, 0, n);
		}
		rig_close(&rig, 0);
		if (!n)
			break;
	}
	CHECK_EQ(rig_count(""), 0);
	free(path);
	rig_remove_dir();
}

TEST(spool_leaves_alone_what_it_does_not_know)
{
	static const struct {
		const char *label, *dir, *sidecar;
		bool stays;
	} cases[] = {
		{ "no JSON", "20010101-000000", "nonsense", true },
		{ "another's id", "20010101-000001", "{\"format\":1,\"id\":\"20010101-000009\"}",
		  true },
		{ "a newer format", "20010101-000002", "{\"format\":2}", true },
		{ "half, and no JSON", ".new-20010101-000003", "nonsense", false },
		{ "what was being removed", ".gone-20010101-000004", "{}", false },
		{ "something else", "notes", "{}", true },
	};
	struct rig rig;

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		char path[400];
		FILE *file;

		test_case(cases[i].label);
		rig_make_dir();
		(void) snprintf(path, sizeof(path), "%s/%s", rig_dir, cases[i].dir);
		CHECK_EQ(mkdir(path, 0700), 0);
		(void) snprintf(path, sizeof(path), "%s/%s/recording.json", rig_dir, cases[i].dir);
		file = fopen(path, "w");
		CHECK(file);
		CHECK(fputs(cases[i].sidecar, file) >= 0);
		CHECK_EQ(fclose(file), 0);
		rig_open(&rig, 1 << 20);
		CHECK(!vz_spool_get(rig.spool, 0));
		CHECK_EQ(rig_count(""), cases[i].stays);
		rig_close(&rig, 0);
		rig_remove_dir();
	}
}

TEST(spool_without_a_folder_is_a_state)
{
	struct vz_recording recording = { .width_px = 64, .height_px = 48 };
	struct vz_take *take = NULL;
	struct rig rig;

	(void) snprintf(rig_dir, sizeof(rig_dir), "/proc/nowhere/at/all");
	rig_open(&rig, 1 << 20);
	CHECK_EQ(vz_spool_get_status(rig.spool).error, -ENOENT);
	CHECK_EQ(vz_spool_begin(rig.spool, &recording, &take), -ENOENT);
	CHECK(!take);
	CHECK_EQ(change(&rig, vz_spool_delete(rig.spool, "1", on_result, &rig)), -ENODEV);
	rig_close(&rig, 0);
}

TEST(spool_that_ends_leaves_the_rest_to_be_salvaged)
{
	struct vz_take *take;
	struct rig rig;

	rig_make_dir();
	rig_open(&rig, 100 << 20);
	take = begin(&rig);
	add(&rig, take, 20, false);
	vz_take_end(take, "stopped", 0, 0);
	rig_close(&rig, 5000000);
	CHECK_EQ(rig_count("."), 0);
	CHECK_EQ(rig_count("2"), 1);

	/* Without patience only what was written is there. */
	rig_open(&rig, 100 << 20);
	take = begin(&rig);
	add(&rig, take, 50, false);
	vz_take_end(take, "stopped", 0, 0);
	rig_close(&rig, -1000000);
	rig_open(&rig, 100 << 20);
	CHECK_EQ(rig_count("."), 0);
	CHECK(rig_count("2") == 1 || rig_count("2") == 2);
	rig_close(&rig, 0);
	rig_remove_dir();
}
