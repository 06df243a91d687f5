#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clips/desk-private.h"
#include "jobs/jobs.h"

#define TELL_US	  150000
#define PERMILLE  1000u
#define PASS_PART 400u /* of the permille: the first pass decodes, the second finds, too */

struct processing {
	struct vz_desk *desk;
	unsigned generation;
	char *path, *result_path;
	const struct vz_clip_functions *functions;
	struct vz_tracking_options options;
	uint32_t n_frames;
	bool is_cancelled; /* atomic */
	unsigned permille; /* atomic */
	/* What it came to. */
	int r, save_r;
	struct vz_tracking_error error;
	struct vz_clip_result *result;
};

static void free_processing(struct processing *processing)
{
	vz_clip_result_unref(processing->result);
	free(processing->path);
	free(processing->result_path);
	free(processing);
}

/* --- On a worker ----------------------------------------------------------------------------- */

static int on_frame(unsigned pass, uint32_t frame, uint32_t n_frames, void *data)
{
	struct processing *processing = data;
	unsigned part = pass ? PERMILLE - PASS_PART : PASS_PART;
	unsigned done = (unsigned) ((uint64_t) part * frame / processing->n_frames);

	if (__atomic_load_n(&processing->is_cancelled, __ATOMIC_RELAXED))
		return -ECANCELED;
	__atomic_store_n(&processing->permille, done + (pass ? PASS_PART : 0), __ATOMIC_RELAXED);
	return 0;
}

static void run(void *data)
{
	struct processing *processing = data;
	struct vz_tracks tracks;
	int r;

	processing->options.progress = on_frame;
	processing->options.data = processing;
	r = processing->functions->track(processing->path, &processing->options, &tracks,
					 &processing->error);
	if (r == 0)
		r = vz_clip_result_new(&tracks, &processing->options, &processing->result);
	if (r == 0 && processing->result_path)
		processing->save_r =
			vz_clip_result_save(processing->result, processing->result_path);
	processing->r = r;
}

/* --- On the loop ----------------------------------------------------------------------------- */

void vz_desk_set_result(struct vz_desk *desk, struct vz_clip_result *result)
{
	(void) vz_clip_result_unref(desk->result);
	desk->result = result;
	desk->result_number++;
}

static void describe(struct vz_desk *desk, const struct processing *processing)
{
	char *text = desk->outcome;
	size_t size = sizeof(desk->outcome), n;

	if (processing->r == -ECANCELED) {
		(void) snprintf(text, size, "Cancelled.");
	} else if (processing->r < 0) {
		const char *error = processing->error.text;

		(void) snprintf(text, size, "%s: %s", desk->id,
				*error ? error : strerror(-processing->r));
	} else if (processing->save_r < 0) {
		(void) snprintf(text, size, "What was found cannot be kept: %s",
				strerror(-processing->save_r));
	} else {
		n = processing->result->tracks.n_tracks;
		if (n)
			(void) snprintf(text, size, "%zu object%s found.", n, n == 1 ? "" : "s");
		else
			(void) snprintf(text, size,
					"Nothing has moved that is found at a threshold of %g %%.",
					processing->options.threshold_percent);
	}
}

static void done(void *data)
{
	struct processing *processing = data;
	struct vz_desk *desk = processing->desk;

	desk->processing = NULL;
	if (desk->is_stopped || processing->generation != desk->generation) {
		free_processing(processing);
		vz_desk_tell(desk, VZ_DESK_CHANGED_PROGRESS);
		return;
	}
	vz_timer_stop(desk->progress_timer);
	describe(desk, processing);
	if (processing->r == 0)
		vz_desk_set_result(desk, vz_steal(processing->result));
	vz_desk_tell(desk,
		     VZ_DESK_CHANGED_PROGRESS | (processing->r == 0 ? VZ_DESK_CHANGED_RESULT : 0u));
	free_processing(processing);
}

static void on_progress(void *data)
{
	struct vz_desk *desk = data;

	if (!desk->processing)
		return;
	vz_desk_tell(desk, VZ_DESK_CHANGED_PROGRESS);
	vz_timer_start(desk->progress_timer, TELL_US);
}

static int start(struct vz_desk *desk, struct processing *processing)
{
	int r = 0;

	if (!desk->progress_timer)
		r = vz_timer_new(desk->options.loop, on_progress, desk, &desk->progress_timer);
	processing->path = strdup(desk->path);
	if (desk->options.dirs->uploads) {
		processing->result_path =
			vz_clip_store_result_path(desk->options.dirs, desk->id, "tracks");
		if (!processing->result_path)
			return -ENOMEM;
	}
	if (!processing->path)
		return -ENOMEM;
	return r < 0 ? r : vz_jobs_add(desk->options.jobs, run, done, processing);
}

int vz_desk_process(struct vz_desk *desk, const struct vz_tracking_options *options)
{
	struct processing *processing;
	int r;

	if (desk->is_stopped || desk->state != VZ_DESK_READY)
		return -ENODATA;
	if (desk->processing)
		return -EBUSY;
	processing = calloc(1, sizeof(*processing));
	if (!processing)
		return -ENOMEM;
	processing->desk = desk;
	processing->generation = desk->generation;
	processing->functions = desk->functions;
	processing->options = *options;
	processing->n_frames = vz_desk_get_info(desk)->n_frames;
	r = start(desk, processing);
	if (r < 0) {
		free_processing(processing);
		return r;
	}
	desk->processing = processing;
	desk->outcome[0] = '\0';
	vz_timer_start(desk->progress_timer, TELL_US);
	vz_desk_tell(desk, VZ_DESK_CHANGED_PROGRESS);
	return 0;
}

void vz_desk_cancel(struct vz_desk *desk)
{
	if (desk->processing)
		__atomic_store_n(&desk->processing->is_cancelled, true, __ATOMIC_RELAXED);
}

bool vz_desk_is_processing(const struct vz_desk *desk)
{
	return desk->processing;
}

double vz_desk_get_progress(const struct vz_desk *desk)
{
	return desk->processing
		       ? (double) __atomic_load_n(&desk->processing->permille, __ATOMIC_RELAXED) /
				 PERMILLE
		       : 0;
}

const char *vz_desk_get_outcome(const struct vz_desk *desk)
{
	return desk->outcome;
}

struct vz_clip_result *vz_desk_get_result(const struct vz_desk *desk)
{
	return desk->result;
}

unsigned vz_desk_get_result_number(const struct vz_desk *desk)
{
	return desk->result_number;
}
