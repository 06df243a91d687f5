#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clips/desk-private.h"
#include "jobs/jobs.h"
#include "util/json.h"
#include "util/log.h"
#include "util/whole-file.h"

/* After the first change; a disk is not written to at every step of a slider. */
#define SAVE_US	  500000
#define FILE_MODE 0640

/* A file that is to be written. A worker has the first of them while it is running. */
struct saving {
	struct vz_list in_savings;
	struct vz_desk *desk;
	bool is_running;
	char *id, *clip_path, *path;
	struct vz_clip_settings settings;
	int r;
};

static void free_saving(struct saving *saving)
{
	vz_list_remove(&saving->in_savings);
	free(saving->id);
	free(saving->clip_path);
	free(saving->path);
	free(saving);
}

/* --- On a worker ----------------------------------------------------------------------------- */

static int print(const struct vz_clip_settings *settings, char **ret, size_t *ret_size)
{
	VZ_CLEANUP(json_object_putp)
	struct json_object *object = vz_clip_settings_encode(settings);
	struct vz_buf buf = { 0 };

	if (!object)
		return -ENOMEM;
	vz_json_print(&buf, object);
	vz_buf_putc(&buf, '\n');
	return vz_buf_finish(&buf, ret, ret_size);
}

static void run(void *data)
{
	struct saving *saving = data;
	VZ_CLEANUP(vz_freep) char *text = NULL;
	const char *name;
	size_t size = 0;
	int dir_fd;

	/* Of a clip that was deleted meanwhile nothing is kept. */
	saving->r =
		access(saving->clip_path, F_OK) < 0 ? 0 : print(&saving->settings, &text, &size);
	if (saving->r < 0 || !text)
		return;
	dir_fd = vz_open_folder_of(saving->path, &name);
	if (dir_fd < 0) {
		saving->r = dir_fd;
		return;
	}
	saving->r = vz_whole_file_write(dir_fd, name, FILE_MODE, text, size);
	(void) close(dir_fd);
}

/* --- The list of what is to be written ------------------------------------------------------- */

static void go_on(struct vz_desk *desk);

/* A full disk is told once, not at every change. */
static void tell(struct vz_desk *desk, const struct saving *saving)
{
	bool is_told = desk->has_told;

	desk->has_told = saving->r < 0;
	if (saving->r == 0 || is_told)
		return;
	vz_log_event(DAEMON, ERROR, STATE_UNSAVED, saving->path, "Cannot save %s: %s", saving->path,
		     strerror(-saving->r));
	if (desk->is_stopped || strcmp(saving->id, vz_desk_get_id(desk)))
		return;
	(void) snprintf(desk->outcome, sizeof(desk->outcome),
			"The settings of this clip cannot be kept: %s", strerror(-saving->r));
	vz_desk_tell(desk, VZ_DESK_CHANGED_PROGRESS);
}

static void done(void *data)
{
	struct saving *saving = data;
	struct vz_desk *desk = saving->desk;

	saving->is_running = false;
	/* Without workers it is written at the end. */
	if (desk->is_stopped)
		return;
	tell(desk, saving);
	free_saving(saving);
	go_on(desk);
}

static void go_on(struct vz_desk *desk)
{
	struct saving *first = vz_list_first(&desk->savings, struct saving, in_savings);

	if (!first || first->is_running)
		return;
	first->is_running = vz_jobs_add(desk->options.jobs, run, done, first) == 0;
	if (!first->is_running && desk->settings_timer)
		vz_timer_start(desk->settings_timer, SAVE_US);
}

/* One that waits and is of the clip @id; the newest, which with @or_runs may be running. */
static struct saving *find_saving(struct vz_desk *desk, const char *id, bool or_runs)
{
	struct saving *saving, *found = NULL;

	vz_list_for_each(saving, &desk->savings, in_savings) if (!strcmp(saving->id, id) &&
								 (or_runs || !saving->is_running))
		found = saving;
	return found;
}

static struct saving *make_saving(struct vz_desk *desk)
{
	struct saving *saving = calloc(1, sizeof(*saving));

	if (!saving)
		return NULL;
	saving->desk = desk;
	saving->id = strdup(desk->id);
	saving->clip_path = strdup(desk->path);
	saving->path = vz_clip_store_result_path(desk->options.dirs, desk->id, "settings");
	vz_list_add(&desk->savings, &saving->in_savings);
	if (saving->id && saving->clip_path && saving->path)
		return saving;
	free_saving(saving);
	return NULL;
}

static void put_in_line(struct vz_desk *desk)
{
	struct saving *saving;

	if (!desk->is_changed || !desk->id || !desk->options.dirs->uploads)
		return;
	saving = find_saving(desk, desk->id, false);
	if (!saving)
		saving = make_saving(desk);
	if (!saving)
		return;
	saving->settings = desk->settings;
	desk->is_changed = false;
}

static void on_timer(void *data)
{
	struct vz_desk *desk = data;

	put_in_line(desk);
	go_on(desk);
	if (desk->is_changed)
		vz_timer_start(desk->settings_timer, SAVE_US);
}

/* --- What is chosen -------------------------------------------------------------------------- */

static void change(struct vz_desk *desk, const struct vz_clip_settings *settings, bool is_kept)
{
	bool is_same = vz_clip_settings_equal(&desk->settings, settings);

	desk->settings = *settings;
	if (desk->has_settings ? is_same : !is_kept)
		return;
	desk->has_settings = true;
	desk->is_changed = true;
	if (desk->settings_timer && !vz_timer_is_running(desk->settings_timer))
		vz_timer_start(desk->settings_timer, SAVE_US);
}

const struct vz_clip_settings *vz_desk_get_settings(const struct vz_desk *desk)
{
	return desk->state == VZ_DESK_READY && desk->has_settings ? &desk->settings : NULL;
}

void vz_desk_set_tracking(struct vz_desk *desk, const struct vz_tracking_options *options,
			  bool is_kept)
{
	struct vz_clip_settings settings = desk->settings;

	if (desk->state != VZ_DESK_READY || desk->is_stopped)
		return;
	settings.tracking = *options;
	change(desk, &settings, is_kept);
}

void vz_desk_set_analysis(struct vz_desk *desk, const struct vz_clip_analysis *analysis,
			  bool is_kept)
{
	struct vz_clip_settings settings = desk->settings;

	if (desk->state != VZ_DESK_READY || desk->is_stopped)
		return;
	settings.analysis = *analysis;
	change(desk, &settings, is_kept);
}

void vz_desk_begin_settings(struct vz_desk *desk, const struct vz_clip_settings *settings,
			    bool is_kept, bool is_changed)
{
	const struct saving *newer = find_saving(desk, desk->id, true);

	if (!desk->settings_timer)
		(void) vz_timer_new(desk->options.loop, on_timer, desk, &desk->settings_timer);
	desk->settings = newer ? newer->settings : *settings;
	desk->has_settings = newer || is_kept;
	desk->is_changed = is_changed;
	if (is_changed && desk->settings_timer)
		vz_timer_start(desk->settings_timer, SAVE_US);
}

void vz_desk_end_settings(struct vz_desk *desk)
{
	if (desk->settings_timer)
		vz_timer_stop(desk->settings_timer);
	put_in_line(desk);
	go_on(desk);
	desk->is_changed = desk->has_settings = false;
}

void vz_desk_forget_settings(struct vz_desk *desk, const char *id)
{
	struct saving *saving = find_saving(desk, id, false);

	if (saving)
		free_saving(saving);
	if (!strcmp(id, vz_desk_get_id(desk)))
		desk->is_changed = false;
}

void vz_desk_finish_settings(struct vz_desk *desk)
{
	struct saving *saving;

	desk->settings_timer = vz_timer_free(desk->settings_timer);
	put_in_line(desk);
	while ((saving = vz_list_first(&desk->savings, struct saving, in_savings))) {
		/* With one that a worker has not come back with all others end, too. */
		if (saving->is_running)
			return;
		run(saving);
		tell(desk, saving);
		free_saving(saving);
	}
}
