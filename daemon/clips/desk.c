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

/* --- The list -------------------------------------------------------------------------------- */

struct listing {
	struct vz_desk *desk;
	struct vz_clip_list list;
	int r;
};

static void run_listing(void *data)
{
	struct listing *listing = data;

	listing->r = vz_clip_list_read(listing->desk->options.dirs, &listing->list);
}

static void read_list(struct vz_desk *desk);

static void done_listing(void *data)
{
	struct listing *listing = data;
	struct vz_desk *desk = listing->desk;
	VZ_CLEANUP(vz_freep) char *open_after = NULL;

	desk->is_listing = false;
	if (listing->r == 0) {
		vz_clip_list_deinit(&desk->list);
		desk->list = listing->list;
	}
	free(listing);
	if (desk->is_stopped)
		return;
	if (desk->list_again) {
		read_list(desk);
		return;
	}
	vz_desk_tell(desk, VZ_DESK_CHANGED_LIST);
	open_after = vz_steal(desk->open_after);
	if (open_after)
		(void) vz_desk_open(desk, open_after);
}

static void read_list(struct vz_desk *desk)
{
	struct listing *listing = calloc(1, sizeof(*listing));

	desk->list_again = false;
	if (!listing)
		return;
	listing->desk = desk;
	desk->is_listing = vz_jobs_add(desk->options.jobs, run_listing, done_listing, listing) == 0;
	if (!desk->is_listing)
		free(listing);
}

void vz_desk_refresh(struct vz_desk *desk, const char *then_open)
{
	if (desk->is_stopped)
		return;
	if (then_open) {
		free(desk->open_after);
		desk->open_after = strdup(then_open);
	}
	if (desk->is_listing)
		desk->list_again = true;
	else
		read_list(desk);
}

const struct vz_clip_list *vz_desk_get_list(const struct vz_desk *desk)
{
	return &desk->list;
}

/* --- Opening --------------------------------------------------------------------------------- */

struct opening {
	struct vz_desk *desk;
	unsigned generation;
	char *path, *result_path;
	bool is_cancelled; /* atomic */
	/* What it came to. */
	int r;
	const struct vz_clip_functions *functions;
	struct vz_view *view;
	struct vz_clip_result *result;
};

static int go_on_opening(unsigned pass, uint32_t frame, uint32_t n_frames, void *data)
{
	struct opening *opening = data;

	return __atomic_load_n(&opening->is_cancelled, __ATOMIC_RELAXED) ? -ECANCELED : 0;
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
	free(opening->path);
	free(opening->result_path);
	free(opening);
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
		if (desk->options.dirs->uploads)
			opening->result_path =
				vz_clip_store_result_path(desk->options.dirs, desk->id, "tracks");
		if (opening->path)
			r = vz_jobs_add(desk->options.jobs, run_opening, done_opening, opening);
	}
	if (r == 0) {
		desk->opening = opening;
		return;
	}
	if (opening) {
		free(opening->path);
		free(opening->result_path);
		free(opening);
	}
	fail_opening(desk, r);
}

/* The clip that lies here goes. */
static void clear(struct vz_desk *desk)
{
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

unsigned vz_desk_get_generation(const struct vz_desk *desk)
{
	return desk->generation;
}

/* --- Deleting -------------------------------------------------------------------------------- */

struct deletion {
	struct vz_desk *desk;
	struct vz_clip_file file;
	int r;
};

static void free_deletion(struct deletion *deletion)
{
	free(deletion->file.id);
	free(deletion->file.path);
	free(deletion);
}

static void run_deletion(void *data)
{
	struct deletion *deletion = data;

	deletion->r = vz_clip_store_delete(deletion->desk->options.dirs, &deletion->file);
}

static void done_deletion(void *data)
{
	struct deletion *deletion = data;

	vz_desk_refresh(deletion->desk, NULL);
	free_deletion(deletion);
}

int vz_desk_delete(struct vz_desk *desk, const char *id)
{
	const struct vz_clip_file *file = vz_clip_list_find(&desk->list, id);
	struct deletion *deletion;
	int r = -ENOMEM;

	if (!file || desk->is_stopped)
		return -ENOENT;
	if (!file->is_upload)
		return -EPERM;
	if (desk->processing && !strcmp(id, vz_desk_get_id(desk)))
		return -EBUSY;
	deletion = calloc(1, sizeof(*deletion));
	if (!deletion)
		return -ENOMEM;
	deletion->desk = desk;
	deletion->file = (struct vz_clip_file){ .id = strdup(file->id),
						.path = strdup(file->path),
						.is_upload = true };
	if (deletion->file.id && deletion->file.path)
		r = vz_jobs_add(desk->options.jobs, run_deletion, done_deletion, deletion);
	if (r < 0) {
		free_deletion(deletion);
		return r;
	}
	if (!strcmp(id, vz_desk_get_id(desk)))
		(void) vz_desk_open(desk, NULL);
	return 0;
}

/* --- Life ------------------------------------------------------------------------------------ */

int vz_desk_new(const struct vz_desk_options *options, struct vz_desk **ret)
{
	struct vz_desk *desk = calloc(1, sizeof(*desk));

	if (!desk)
		return -ENOMEM;
	desk->options = *options;
	vz_list_init(&desk->drawers);
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
	/* A worker that has not come back still uses the rest. */
	if (desk->is_drawing || desk->opening || desk->processing || desk->is_listing)
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
