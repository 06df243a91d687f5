#include "clips/desk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clips/desk-private.h"
#include "jobs/jobs.h"
#include "util/blob.h"

void vz_desk_tell(struct vz_desk *desk, unsigned changes)
{
	if (desk->changed && !desk->is_stopped)
		desk->changed(changes, desk->changed_data);
}

void vz_desk_listen(struct vz_desk *desk, void (*fn)(unsigned changes, void *data), void *data)
{
	desk->changed = fn;
	desk->changed_data = data;
}

/* --- Opening --------------------------------------------------------------------------------- */

struct opening {
	struct vz_desk *desk;
	unsigned generation;
	char *path, *result_path, *settings_path;
	bool is_cancelled; /* atomic */
	/* What it came to. */
	int r;
	const struct vz_clip_functions *functions;
	struct vz_view *view;
	struct vz_clip_result *result;
	int settings_r;
	struct vz_clip_settings settings;
	char why[160];
};

static int go_on_opening(unsigned pass, uint32_t frame, uint32_t n_frames, void *data)
{
	struct opening *opening = data;

	return __atomic_load_n(&opening->is_cancelled, __ATOMIC_RELAXED) ? -ECANCELED : 0;
}

static void load_settings(struct opening *opening)
{
	const struct vz_view_info *info = opening->functions->view_get_info(opening->view);

	opening->settings = (struct vz_clip_settings){
		.width_px = info->width_px,
		.height_px = info->height_px,
		.n_frames = info->n_frames,
		.tracking = { .threshold_percent = VZ_DETECTOR_DEFAULT_THRESHOLD_PERCENT,
			      .last = info->n_frames - 1 },
	};
	vz_clip_analysis_init(&opening->settings.analysis);
	opening->settings_r = -ENOENT;
	if (opening->settings_path)
		opening->settings_r =
			vz_clip_settings_load(opening->settings_path, &opening->settings,
					      opening->why, sizeof(opening->why));
	if (opening->settings_r < 0 && opening->settings_r != -ENOENT && !opening->why[0])
		(void) snprintf(opening->why, sizeof(opening->why), "%s",
				strerror(-opening->settings_r));
}

static void run_opening(void *data)
{
	struct opening *opening = data;
	int r;

	r = vz_clip_functions_load(&opening->functions);
	if (r == 0)
		r = opening->functions->view_open(opening->path, go_on_opening, opening,
						  &opening->view);
	/* That there is none, or that it is of another time, is no fault of the clip. */
	if (r == 0 && opening->result_path)
		(void) vz_clip_result_load(opening->result_path, &opening->result);
	if (r == 0)
		load_settings(opening);
	opening->r = r;
}

static void start_opening(struct vz_desk *desk);

static void take_view(struct vz_desk *desk, struct opening *opening)
{
	const struct vz_view_info *info = opening->functions->view_get_info(opening->view);

	desk->functions = opening->functions;
	desk->view = vz_steal(opening->view);
	desk->state = VZ_DESK_READY;
	desk->text[0] = '\0';
	/* Of a file of the same name that was another. */
	if (opening->result && (opening->result->tracks.n_frames != info->n_frames ||
				opening->result->tracks.width_px != info->width_px ||
				opening->result->tracks.height_px != info->height_px))
		opening->result = vz_clip_result_unref(opening->result);
	vz_desk_set_result(desk, vz_steal(opening->result));
	vz_desk_begin_settings(desk, &opening->settings,
			       opening->settings_r == 0 || opening->settings_r == -EINVAL,
			       opening->settings_r == -EINVAL);
	if (opening->why[0])
		(void) snprintf(desk->outcome, sizeof(desk->outcome),
				"What was kept with this clip begins anew: %s.", opening->why);
}

static void free_opening(struct opening *opening)
{
	free(opening->path);
	free(opening->result_path);
	free(opening->settings_path);
	free(opening);
}

static void done_opening(void *data)
{
	struct opening *opening = data;
	struct vz_desk *desk = opening->desk;
	bool is_wanted = opening->generation == desk->generation && !desk->is_stopped;

	desk->opening = NULL;
	if (is_wanted && opening->r == 0) {
		take_view(desk, opening);
	} else if (is_wanted) {
		desk->state = VZ_DESK_FAILED;
		(void) snprintf(desk->text, sizeof(desk->text), "%s: %s", desk->id,
				opening->functions ? opening->functions->describe(opening->r)
				: opening->r == -EOPNOTSUPP ? "vizyd was built without video files"
							    : strerror(-opening->r));
	}
	if (opening->view)
		opening->functions->view_close(opening->view);
	vz_clip_result_unref(opening->result);
	free_opening(opening);
	if (is_wanted)
		vz_desk_tell(desk, VZ_DESK_CHANGED_CLIP | VZ_DESK_CHANGED_RESULT);
	else if (desk->state == VZ_DESK_OPENING && !desk->is_stopped)
		start_opening(desk);
}

static void fail_opening(struct vz_desk *desk, int r)
{
	desk->state = VZ_DESK_FAILED;
	(void) snprintf(desk->text, sizeof(desk->text), "%s: %s", desk->id, strerror(-r));
	vz_desk_tell(desk, VZ_DESK_CHANGED_CLIP);
}

static void start_opening(struct vz_desk *desk)
{
	struct opening *opening = calloc(1, sizeof(*opening));
	int r = -ENOMEM;

	if (opening) {
		opening->desk = desk;
		opening->generation = desk->generation;
		opening->path = strdup(desk->path);
		if (desk->options.dirs->uploads) {
			opening->result_path =
				vz_clip_store_result_path(desk->options.dirs, desk->id, "tracks");
			opening->settings_path =
				vz_clip_store_result_path(desk->options.dirs, desk->id, "settings");
		}
		if (opening->path)
			r = vz_jobs_add(desk->options.jobs, run_opening, done_opening, opening);
	}
	if (r == 0) {
		desk->opening = opening;
		return;
	}
	if (opening)
		free_opening(opening);
	fail_opening(desk, r);
}

/* The clip that lies here goes. */
static void clear(struct vz_desk *desk)
{
	if (desk->id)
		vz_desk_end_settings(desk);
	desk->generation++;
	vz_desk_cancel(desk);
	vz_desk_end_drawing(desk, -ESTALE);
	if (desk->opening)
		__atomic_store_n(&desk->opening->is_cancelled, true, __ATOMIC_RELAXED);
	if (desk->view && desk->is_drawing)
		desk->unwanted = vz_steal(desk->view);
	else if (desk->view)
		desk->view = desk->functions->view_close(desk->view);
	vz_desk_set_result(desk, NULL);
	free(vz_steal(desk->id));
	free(vz_steal(desk->path));
	desk->state = VZ_DESK_EMPTY;
	desk->text[0] = desk->outcome[0] = '\0';
}

int vz_desk_open(struct vz_desk *desk, const char *id)
{
	const struct vz_clip_file *file = id ? vz_clip_list_find(&desk->list, id) : NULL;
	VZ_CLEANUP(vz_freep) char *new_id = file ? strdup(file->id) : NULL;
	VZ_CLEANUP(vz_freep) char *new_path = file ? strdup(file->path) : NULL;

	if (desk->is_stopped)
		return -ESHUTDOWN;
	if (id && !file)
		return -ENOENT;
	if (file && (!new_id || !new_path))
		return -ENOMEM;
	clear(desk);
	if (file) {
		desk->id = vz_steal(new_id);
		desk->path = vz_steal(new_path);
		desk->state = VZ_DESK_OPENING;
		(void) snprintf(desk->text, sizeof(desk->text), "Reading %s …", desk->id);
		/* A worker that still reads another begins with this when it has left that. */
		if (!desk->opening)
			start_opening(desk);
	}
	vz_desk_tell(desk,
		     VZ_DESK_CHANGED_CLIP | VZ_DESK_CHANGED_RESULT | VZ_DESK_CHANGED_PROGRESS);
	return 0;
}

enum vz_desk_state vz_desk_get_state(const struct vz_desk *desk)
{
	return desk->state;
}

const char *vz_desk_get_id(const struct vz_desk *desk)
{
	return desk->id ? desk->id : "";
}

const char *vz_desk_get_text(const struct vz_desk *desk)
{
	return desk->text;
}

const struct vz_view_info *vz_desk_get_info(const struct vz_desk *desk)
{
	return desk->view ? desk->functions->view_get_info(desk->view) : NULL;
}

double vz_desk_get_pixel_aspect(const struct vz_desk *desk)
{
	const struct vz_view_info *info = vz_desk_get_info(desk);

	return info ? info->pixel_aspect : 1;
}

unsigned vz_desk_get_generation(const struct vz_desk *desk)
{
	return desk->generation;
}

/* --- Life ------------------------------------------------------------------------------------ */

int vz_desk_new(const struct vz_desk_options *options, struct vz_desk **ret)
{
	struct vz_desk *desk = calloc(1, sizeof(*desk));

	if (!desk)
		return -ENOMEM;
	desk->options = *options;
	vz_list_init(&desk->drawers);
	vz_list_init(&desk->savings);
	*ret = desk;
	vz_desk_refresh(desk, NULL);
	return 0;
}

void vz_desk_stop(struct vz_desk *desk)
{
	if (!desk)
		return;
	desk->is_stopped = true;
	if (desk->opening)
		__atomic_store_n(&desk->opening->is_cancelled, true, __ATOMIC_RELAXED);
	vz_desk_cancel(desk);
	vz_desk_end_drawing(desk, -ESHUTDOWN);
}

struct vz_desk *vz_desk_free(struct vz_desk *desk)
{
	if (!desk)
		return NULL;
	desk->is_stopped = true;
	desk->progress_timer = vz_timer_free(desk->progress_timer);
	vz_desk_end_drawing(desk, -ESHUTDOWN);
	desk->result = vz_clip_result_unref(desk->result);
	vz_desk_finish_settings(desk);
	/* A worker that has not come back still uses the rest. */
	if (desk->is_drawing || desk->opening || desk->processing || desk->is_listing ||
	    !vz_list_is_empty(&desk->savings))
		return NULL;
	if (desk->view)
		desk->functions->view_close(desk->view);
	vz_clip_list_deinit(&desk->list);
	free(desk->open_after);
	free(desk->id);
	free(desk->path);
	free(desk);
	return NULL;
}
