/*
 * The parts of the daemon, for the files that connect them: daemon.c, daemon-api.c,
 * daemon-camera.c, daemon-gpio.c, daemon-jobs.c, daemon-page.c, daemon-recorder.c and
 * daemon-reload.c. Thread: loop.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "daemon.h"
#include "options.h"

struct json_object;
struct vz_account_panel;
struct vz_app;
struct vz_buf;
struct vz_call;
struct vz_camera;
struct vz_camera_panel;
struct vz_capture_panel;
struct vz_daemon_clips;
struct vz_config_value;
struct vz_encoder;
struct vz_fd_source;
struct vz_feeds;
struct vz_follow;
struct vz_gpio;
struct vz_gpio_panel;
struct vz_jobs;
struct vz_life;
struct vz_line_spec;
struct vz_live_panel;
struct vz_loop;
struct vz_motionscope_functions;
struct vz_own_password;
struct vz_overdue;
struct vz_player;
struct vz_plugins;
struct vz_recorder;
struct vz_reload;
struct vz_server;
struct vz_state;
struct vz_system_panel;
struct vz_timer;
struct vz_users;
struct vz_users_panel;
struct vz_video;

struct vz_daemon {
	struct vz_config *config;
	struct vz_options options;
	struct vz_reload *reload;
	char *reset_by; /* the button that reset all at this start; NULL: none did */
	struct vz_timer *reset_shown;
	char boot_id[17];

	struct vz_loop *loop;
	int signal_fd;
	struct vz_fd_source *signal_source;
	struct vz_life *life;
	int state_lock_fd; /* -1: the folder is not ours */
	struct vz_state *state;

	struct vz_jobs *jobs; /* NULL while it ends */
	struct vz_users *users;
	struct vz_app *app;
	struct vz_timer *app_timer;
	struct vz_camera *camera;
	struct vz_encoder *encoder;
	struct vz_camera_panel *panel;
	struct vz_account_panel *account;
	struct vz_users_panel *users_panel;
	struct vz_own_password *own_password;
	bool has_login; /* the page has what goes with logging in */
	struct vz_feeds *feeds;
	struct vz_gpio *gpio;
	struct vz_gpio_panel *gpio_panel;
	struct vz_follow *follows;
	struct vz_plugins *plugins;
	struct vz_system_panel *system_panel;
	struct vz_server *server;
	bool has_sockets; /* of the service manager */

	/* Never NULL. What follows is its module's alone. */
	const struct vz_motionscope_functions *motionscope;
	struct vz_recorder *recorder;
	struct vz_player *player;
	struct vz_video *clip_video;   /* what the player shows; NULL without a server */
	int clip_state;		       /* of the player, as its watchers were told */
	struct vz_daemon_clips *clips; /* of daemon-clips.c */
	struct vz_capture_panel *capture_panel;
	struct vz_live_panel *live_panel;
};

/* The steps of vz_daemon_new() that are elsewhere. Each returns 0 or a negative errno. */
int vz_daemon_make_camera(struct vz_daemon *daemon);
struct vz_camera_options vz_daemon_camera_options(const struct vz_daemon *daemon);
int vz_daemon_make_page(struct vz_daemon *daemon);
/* For other controls of the camera, for plugins and lines that come and go, and for what the System
 * panel says. */
void vz_daemon_rebuild_page(struct vz_daemon *daemon);
struct vz_server_options vz_daemon_server_options(struct vz_daemon *daemon);

/* When it is ready, and whether it lives: for the service manager. */
int vz_daemon_make_life(struct vz_daemon *daemon);
/* Waits for the first picture, or for the news that there is none. */
void vz_daemon_begin_life(struct vz_daemon *daemon);
void vz_daemon_free_life(struct vz_daemon *daemon);
/* Tells the state in words: @text, or if NULL that of the camera. */
void vz_daemon_tell_state(struct vz_daemon *daemon, const char *text);
void vz_daemon_tell_reloading(struct vz_daemon *daemon);

/* What SIGHUP does: reading the configuration on a worker, and following it. */
int vz_daemon_make_reload(struct vz_daemon *daemon);
void vz_daemon_free_reload(struct vz_daemon *daemon);
void vz_daemon_reload(struct vz_daemon *daemon);
void vz_daemon_append_reload_status(struct vz_buf *buf, struct vz_daemon *daemon);
/* Puts the assets of the plugins that are loaded on the page; what goes wrong is logged. */
void vz_daemon_set_assets(struct vz_daemon *daemon);

/* Motionscope: its module, or that there is none, which is said in the log. */
int vz_daemon_make_motionscope(struct vz_daemon *daemon);
extern const struct vz_motionscope_functions vz_no_motionscope;

/*
 * From here to vz_daemon_free_clips(): in the module, and called by it alone.
 *
 * The recorder, the player and their panel.
 */
int vz_daemon_make_recorder(struct vz_daemon *daemon);
void vz_daemon_free_recorder(struct vz_daemon *daemon);
/* Gives the server the video with what the player shows, and takes it away again. */
int vz_daemon_show_clip(struct vz_daemon *daemon);
void vz_daemon_hide_clip(struct vz_daemon *daemon);
/*
 * Triggers by name, for lines and programs: "record" (the button), "now" (whatever is set), "stop"
 * and "play", at @at_ns of CLOCK_MONOTONIC, by whom @by says to people. Returns 0, -ENOENT (no such
 * name) or what vz_recorder_record() does.
 */
int vz_daemon_trigger(struct vz_daemon *daemon, const char *name, int64_t at_ns, const char *by);
/* The recorder for programs, under /api/; see daemon-api.c. */
int vz_daemon_mount_api(struct vz_daemon *daemon);
void vz_daemon_append_recorder_status(struct vz_buf *buf, struct vz_daemon *daemon);

/* GPIO lines and their panel; a configuration that is wrong disables its line alone. */
int vz_daemon_make_gpio(struct vz_daemon *daemon);
void vz_daemon_free_gpio(struct vz_daemon *daemon);
/* The line of the section that begins with @first, or NULL: there is none, its configuration is
 * wrong. */
struct vz_line_spec *vz_daemon_make_line_spec(const struct vz_config *config,
					      const struct vz_config_value *first);
bool vz_daemon_is_first_value(const struct vz_config *config, const struct vz_config_value *value);

/* Empties the state folder, which is locked, while a button says so; before it is read. */
void vz_daemon_reset_if_held(struct vz_daemon *daemon);
/* Says so on the lines, if that was done. */
int vz_daemon_show_reset(struct vz_daemon *daemon);
void vz_daemon_free_reset(struct vz_daemon *daemon);
/* Follows the configuration, which was exchanged: lines whose section is that of @before stay as
 * they are. The caller then makes the page anew, before anything else. */
int vz_daemon_update_gpio(struct vz_daemon *daemon, const struct vz_config *before);
/* Has outputs follow their properties, once those are in the layout; those of before are let go. */
int vz_daemon_follow(struct vz_daemon *daemon);
void vz_daemon_unfollow(struct vz_daemon *daemon);
void vz_daemon_append_gpio_status(struct vz_buf *buf, struct vz_daemon *daemon);

/* Clips and their panels; their addresses, once there is a server. */
int vz_daemon_make_clips(struct vz_daemon *daemon);
int vz_daemon_mount_clips(struct vz_daemon *daemon);
/* Tabs of the page: references, NULL when out of memory; and their callbacks. */
struct json_object *vz_daemon_render_process(struct vz_daemon *daemon);
struct json_object *vz_daemon_render_analyze(struct vz_daemon *daemon);
int vz_daemon_connect_clips(struct vz_daemon *daemon);
/* Before the workers go; after the server has. */
void vz_daemon_stop_clips(struct vz_daemon *daemon);
void vz_daemon_free_clips(struct vz_daemon *daemon);

/* Who may log in; the workers must be there. */
int vz_daemon_make_users(struct vz_daemon *daemon);
/* Says on the page whether one has to log in, which the server knows. */
void vz_daemon_tell_login(struct vz_daemon *daemon);
/* The workers, and what the app asks of them (its options of these names). */
int vz_daemon_make_jobs(struct vz_daemon *daemon);
void vz_daemon_free_jobs(struct vz_daemon *daemon);
int vz_daemon_execute(struct vz_call *call, void *data);
bool vz_daemon_cancel(struct vz_call *call, void *data);
void vz_daemon_on_overdue(const struct vz_overdue *overdue, void *data);
void vz_daemon_append_plugins_status(struct vz_buf *buf, struct vz_daemon *daemon);
void vz_daemon_append_jobs_status(struct vz_buf *buf, struct vz_daemon *daemon);

/* What /status says of the camera and its pictures: ",key":value, … */
void vz_daemon_append_camera_status(struct vz_buf *buf, struct vz_daemon *daemon);
void vz_daemon_save_camera_settings(struct vz_daemon *daemon);
