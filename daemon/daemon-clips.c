/*
 * Clips in the daemon: where they are, the desk, its panels, and their addresses.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clips/desk.h"
#include "clips/routes.h"
#include "clips/upload.h"
#include "config/config.h"
#include "loop/loop.h"
#include "daemon-private.h"
#include "panels/analyze-panel.h"
#include "panels/process-panel.h"
#include "recorder/recorder.h"
#include "util/log.h"

#define BYTES_PER_MB UINT64_C(1000000)
#define SHOW_US	     8000000 /* what was found by itself, at least */
#define LIST_US	     1000000

struct vz_daemon_clips {
	char *uploads_dir, *recordings_dir, *folder;
	struct vz_clip_dirs dirs;
	struct vz_desk *desk;
	struct vz_timer *list_timer, *next_timer;
	char *next;		/* the recording that is to lie on the desk; NULL: none */
	bool is_next_processed; /* by itself */
	struct vz_uploads *uploads;
	struct vz_clip_routes *routes;
	struct vz_process_panel *process;
	struct vz_analyze_panel *analyze;
	bool is_stopped, is_by_itself;
};

/* --- By itself ------------------------------------------------------------------------------- */

/*
 * Motion, a recording, and then what moved: where the recorder triggers again and again, a
 * recording is processed, and what was found stays to be looked at for a while. Of those that came
 * meanwhile the newest is next. Else a new recording only takes the place of the one before.
 */
static void go_on(struct vz_daemon_clips *clips)
{
	if (!clips->next || vz_desk_is_processing(clips->desk) ||
	    vz_timer_is_running(clips->next_timer))
		return;
	if (strcmp(vz_desk_get_id(clips->desk), clips->next)) {
		/* It may not be in the list yet. */
		if (vz_desk_open(clips->desk, clips->next) == -ENOENT)
			vz_desk_refresh(clips->desk, clips->next);
		/* Whoever chooses another one meanwhile has it. */
		if (!clips->is_next_processed)
			free(vz_steal(clips->next));
		return;
	}
	if (vz_desk_get_state(clips->desk) == VZ_DESK_OPENING)
		return;
	free(vz_steal(clips->next));
	clips->is_by_itself = clips->is_next_processed &&
			      vz_desk_get_state(clips->desk) == VZ_DESK_READY &&
			      vz_process_panel_go(clips->process) == 0;
}

/* What was found by itself is there. */
static void rest(struct vz_daemon_clips *clips)
{
	if (!clips->is_by_itself || vz_desk_is_processing(clips->desk))
		return;
	clips->is_by_itself = false;
	vz_timer_start(clips->next_timer, SHOW_US);
}

static void on_next_timer(void *data)
{
	go_on(data);
}

static void on_list_timer(void *data)
{
	struct vz_daemon_clips *clips = data;

	vz_desk_refresh(clips->desk, NULL);
}

/* What somebody uploaded or is processing stays, and so does what goes by itself. */
static bool takes_recordings(const struct vz_daemon_clips *clips)
{
	const char *id = vz_desk_get_id(clips->desk);

	return !vz_desk_is_processing(clips->desk) && !vz_timer_is_running(clips->next_timer) &&
	       !(clips->next && clips->is_next_processed) &&
	       (!*id || strncmp(id, "recordings/", strlen("recordings/")) == 0);
}

static void on_recording_saved(struct vz_recorder *recorder, const struct vz_recording *recording,
			       void *data)
{
	const struct vz_recorder_settings settings = vz_recorder_get_settings(recorder);
	bool is_auto = settings.capture.trigger == VZ_TRIGGER_AUTO;
	struct vz_daemon_clips *clips = data;

	if (clips->is_stopped || (!is_auto && !takes_recordings(clips)))
		return;
	clips->is_next_processed = is_auto;
	free(clips->next);
	if (asprintf(&clips->next, "recordings/%s", recording->id) < 0)
		clips->next = NULL;
	go_on(clips);
}

static void on_recorder_changed(struct vz_recorder *recorder, void *data)
{
	struct vz_daemon_clips *clips = data;

	if (!clips->is_stopped && !vz_timer_is_running(clips->list_timer))
		vz_timer_start(clips->list_timer, LIST_US);
}

/* --- What is told ---------------------------------------------------------------------------- */

static void on_desk_changed(unsigned changes, void *data)
{
	struct vz_daemon_clips *clips = data;

	vz_process_panel_on_change(clips->process, changes);
	vz_analyze_panel_on_change(clips->analyze, changes);
	if (changes & VZ_DESK_CHANGED_PROGRESS)
		rest(clips);
	if (changes & (VZ_DESK_CHANGED_CLIP | VZ_DESK_CHANGED_PROGRESS))
		go_on(clips);
}

static void on_upload_changed(const char *text, void *data)
{
	struct vz_daemon_clips *clips = data;

	if (clips->process)
		vz_process_panel_set_upload(clips->process, text);
}

static void on_upload_added(const char *id, void *data)
{
	struct vz_daemon_clips *clips = data;

	vz_desk_refresh(clips->desk, id);
}

static uint64_t get_used_bytes(void *data)
{
	struct vz_daemon_clips *clips = data;

	return vz_desk_get_list(clips->desk)->uploads_bytes;
}

/* --- Making ---------------------------------------------------------------------------------- */

static int find_dirs(struct vz_daemon *daemon, struct vz_daemon_clips *clips)
{
	const char *state_dir = daemon->config->state_dir;
	int r;

	/* The configuration may be read anew. */
	if (daemon->config->clips_dir) {
		clips->folder = strdup(daemon->config->clips_dir);
		if (!clips->folder)
			return -ENOMEM;
	}
	clips->dirs.folder = clips->folder;
	if (!state_dir)
		return 0;
	if (asprintf(&clips->uploads_dir, "%s/clips", state_dir) < 0)
		clips->uploads_dir = NULL;
	if (asprintf(&clips->recordings_dir, "%s/recordings", state_dir) < 0)
		clips->recordings_dir = NULL;
	if (!clips->uploads_dir || !clips->recordings_dir)
		return -ENOMEM;
	clips->dirs.uploads = clips->uploads_dir;
	clips->dirs.recordings = clips->recordings_dir;
	r = vz_clip_store_prepare(&clips->dirs);
	if (r == 0)
		return 0;
	(void) vz_warn_errno(DAEMON, r, "No clips can be kept in %s", clips->uploads_dir);
	clips->dirs.uploads = NULL;
	return 0;
}

static int make_uploads(struct vz_daemon *daemon, struct vz_daemon_clips *clips)
{
	const struct vz_uploads_options options = {
		.jobs = daemon->jobs,
		.dirs = &clips->dirs,
		.max_bytes = daemon->config->upload_mb * BYTES_PER_MB,
		.budget_bytes = daemon->config->clips_mb * BYTES_PER_MB,
		.get_used = get_used_bytes,
		.changed = on_upload_changed,
		.added = on_upload_added,
		.data = clips,
	};

	return clips->dirs.uploads ? vz_uploads_new(&options, &clips->uploads) : 0;
}

static int make_panels(struct vz_daemon *daemon, struct vz_daemon_clips *clips)
{
	const struct vz_process_panel_options options = {
		.app = daemon->app,
		.desk = clips->desk,
		.max_upload_bytes = clips->uploads ? daemon->config->upload_mb * BYTES_PER_MB : 0,
	};

	const struct vz_analyze_panel_options analyze_options = {
		.app = daemon->app,
		.desk = clips->desk,
		.prefix = daemon->config->prefix,
	};
	int r;

	r = vz_process_panel_new(&options, &clips->process);
	return r < 0 ? r : vz_analyze_panel_new(&analyze_options, &clips->analyze);
}

int vz_daemon_make_clips(struct vz_daemon *daemon)
{
	struct vz_daemon_clips *clips = calloc(1, sizeof(*clips));
	int r;

	if (!clips)
		return -ENOMEM;
	daemon->clips = clips;
	r = vz_timer_new(daemon->loop, on_list_timer, clips, &clips->list_timer);
	if (r == 0)
		r = vz_timer_new(daemon->loop, on_next_timer, clips, &clips->next_timer);
	if (r == 0)
		r = find_dirs(daemon, clips);
	if (r == 0)
		r = vz_desk_new(&(struct vz_desk_options){ .loop = daemon->loop,
							   .jobs = daemon->jobs,
							   .dirs = &clips->dirs },
				&clips->desk);
	if (r == 0)
		r = make_uploads(daemon, clips);
	if (r == 0)
		r = make_panels(daemon, clips);
	if (r < 0)
		return r;
	vz_desk_listen(clips->desk, on_desk_changed, clips);
	vz_recorder_add_listener(daemon->recorder,
				 &(struct vz_recorder_listener){ .changed = on_recorder_changed,
								 .saved = on_recording_saved,
								 .data = clips });
	return 0;
}

static void get_print_options(struct vz_print_options *ret, void *data)
{
	struct vz_daemon_clips *clips = data;

	vz_analyze_panel_get_print_options(clips->analyze, ret);
}

int vz_daemon_mount_clips(struct vz_daemon *daemon)
{
	struct vz_daemon_clips *clips = daemon->clips;
	const struct vz_clip_routes_options options = {
		.desk = clips->desk,
		.jobs = daemon->jobs,
		.uploads = clips->uploads,
		.get_print_options = get_print_options,
		.data = clips,
	};

	return vz_clip_routes_new(daemon->server, &options, &clips->routes);
}

/* --- The page -------------------------------------------------------------------------------- */

struct json_object *vz_daemon_render_process(struct vz_daemon *daemon)
{
	return vz_process_panel_render(daemon->clips->process);
}

struct json_object *vz_daemon_render_analyze(struct vz_daemon *daemon)
{
	return vz_analyze_panel_render(daemon->clips->analyze);
}

int vz_daemon_connect_clips(struct vz_daemon *daemon)
{
	int r = vz_process_panel_connect(daemon->clips->process);

	return r < 0 ? r : vz_analyze_panel_connect(daemon->clips->analyze);
}

/* --- Taking apart ---------------------------------------------------------------------------- */

void vz_daemon_stop_clips(struct vz_daemon *daemon)
{
	if (!daemon->clips)
		return;
	daemon->clips->is_stopped = true;
	daemon->clips->list_timer = vz_timer_free(daemon->clips->list_timer);
	daemon->clips->next_timer = vz_timer_free(daemon->clips->next_timer);
	vz_clip_routes_stop(daemon->clips->routes);
	vz_uploads_stop(daemon->clips->uploads);
	vz_desk_stop(daemon->clips->desk);
}

void vz_daemon_free_clips(struct vz_daemon *daemon)
{
	struct vz_daemon_clips *clips = vz_steal(daemon->clips);

	if (!clips)
		return;
	clips->process = vz_process_panel_free(clips->process);
	clips->analyze = vz_analyze_panel_free(clips->analyze);
	clips->routes = vz_clip_routes_free(clips->routes);
	clips->uploads = vz_uploads_free(clips->uploads);
	clips->desk = vz_desk_free(clips->desk);
	free(clips->next);
	free(clips->uploads_dir);
	free(clips->recordings_dir);
	free(clips->folder);
	free(clips);
}
