#include "daemon.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "camera/camera.h"
#include "camera/encode.h"
#include "config/config.h"
#include "config/lock.h"
#include "config/state.h"
#include "daemon-private.h"
#include "dash/app.h"
#include "dash/catalog.h"
#include "feed/feed.h"
#include "loop/loop-lws.h"
#include "motionscope-module.h"
#include "panels/account-panel.h"
#include "panels/admin.h"
#include "panels/camera-panel.h"
#include "panels/own-password.h"
#include "panels/system-panel.h"
#include "panels/users-panel.h"
#include "plugin/plugins.h"
#include "server/server.h"
#include "users/users.h"
#include "util/log.h"
#include "util/notify.h"

/* --- The app's clock ------------------------------------------------------------------------ */

static int64_t now_for_app(void *data)
{
	struct vz_daemon *daemon = data;

	return vz_loop_now_us(daemon->loop);
}

static void on_app_timer(void *data)
{
	struct vz_daemon *daemon = data;

	vz_app_tick(daemon->app, vz_loop_now_us(daemon->loop));
}

static void set_app_deadline(int64_t at_us, void *data)
{
	struct vz_daemon *daemon = data;
	int64_t delay_us = at_us - vz_loop_now_us(daemon->loop);

	if (at_us == INT64_MAX)
		vz_timer_stop(daemon->app_timer);
	else
		vz_timer_start(daemon->app_timer, delay_us > 0 ? delay_us : 0);
}

static int post_for_app(void (*fn)(void *data), void *fn_data, void *data)
{
	struct vz_daemon *daemon = data;

	return vz_loop_post(daemon->loop, fn, fn_data);
}

static int make_app(struct vz_daemon *daemon)
{
	const struct vz_app_options options = {
		.catalog = &vz_dash_catalog,
		.boot_id = daemon->boot_id,
		.deadline_us = (int64_t) (daemon->config->deadline_s * 1e6),
		.set_deadline = set_app_deadline,
		.deadline_data = daemon,
		.execute = vz_daemon_execute,
		.cancel = vz_daemon_cancel,
		.execute_data = daemon,
		.on_overdue = vz_daemon_on_overdue,
		.overdue_data = daemon,
		.post = post_for_app,
		.post_data = daemon,
		.now = now_for_app,
		.now_data = daemon,
		.role_of_nobody = vz_admin_role_of_nobody,
		.role_data = daemon->config->admin,
	};
	int r;

	r = vz_timer_new(daemon->loop, on_app_timer, daemon, &daemon->app_timer);
	if (r < 0)
		return r;
	return vz_app_new(&options, &daemon->app);
}

/* --- The server ----------------------------------------------------------------------------- */

static void on_watchers_changed(unsigned n_watchers, void *data)
{
	struct vz_daemon *daemon = data;

	vz_encoder_set_wanted(daemon->encoder, n_watchers);
	daemon->motionscope->set_watched(daemon, n_watchers > 0);
}

static void append_status(struct vz_buf *buf, void *data)
{
	struct vz_daemon *daemon = data;

	vz_daemon_append_camera_status(buf, data);
	vz_daemon_append_jobs_status(buf, data);
	vz_daemon_append_plugins_status(buf, data);
	vz_daemon_append_gpio_status(buf, data);
	daemon->motionscope->append_status(buf, daemon);
	vz_daemon_append_reload_status(buf, data);
}

struct vz_server_options vz_daemon_server_options(struct vz_daemon *daemon)
{
	const struct vz_config *config = daemon->config;

	return (struct vz_server_options){
		/* The default address is for who has no other. */
		.listen = daemon->has_sockets && config->listen.is_default
				  ? NULL
				  : (const char *const *) config->listen.items,
		.ui_dir = config->ui_dir,
		.title = config->title,
		.prefix = config->prefix,
		.users = daemon->users,
		.login_always = strcmp(config->login, "required") == 0,
		.allowed_origins = (const char *const *) config->allowed_origins.items,
		.max_connections_per_address = config->n_connections_per_address,
		.watchers_changed = on_watchers_changed,
		.status = append_status,
		.data = daemon,
	};
}

static int make_server(struct vz_daemon *daemon)
{
	VZ_CLEANUP(vz_freep) char *error = NULL;
	int first_socket, n_sockets = vz_notify_take_sockets(&first_socket);
	struct vz_server_options options;
	int r;

	daemon->has_sockets = n_sockets > 0;
	options = vz_daemon_server_options(daemon);
	options.first_socket = first_socket;
	options.n_sockets = n_sockets > 0 ? (unsigned) n_sockets : 0;
	if (n_sockets < 0)
		return vz_log_errno(DAEMON, n_sockets, "Cannot take the service manager's sockets");
	r = vz_server_new(daemon->loop, daemon->app, &options, &error, &daemon->server);
	if (r < 0)
		return vz_log_errno(DAEMON, r, "Cannot serve%s%s", error ? ": " : "",
				    error ? error : "");
	vz_daemon_tell_login(daemon);
	vz_daemon_set_assets(daemon);
	vz_server_set_camera_state(daemon->server,
				   vz_camera_state_name(vz_camera_get_state(daemon->camera)),
				   vz_camera_get_text(daemon->camera));
	r = daemon->motionscope->mount(daemon);
	return r < 0 ? r : vz_feeds_set_server(daemon->feeds, daemon->server);
}

/* --- Life ----------------------------------------------------------------------------------- */

static void on_signal(int fd, void *data)
{
	struct vz_daemon *daemon = data;
	struct signalfd_siginfo signal_info;
	unsigned number;

	if (read(fd, &signal_info, sizeof(signal_info)) != sizeof(signal_info))
		return;
	number = signal_info.ssi_signo;
	if (number == SIGHUP) {
		vz_daemon_reload(daemon);
		return;
	}
	vz_log(DAEMON, INFO, "Ending on signal %u", number);
	vz_loop_quit(daemon->loop);
}

static int watch_signals(struct vz_daemon *daemon)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	daemon->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (daemon->signal_fd < 0)
		return -errno;
	return vz_loop_add_fd(daemon->loop, daemon->signal_fd, on_signal, daemon,
			      &daemon->signal_source);
}

/* A folder that cannot be used is used by nobody else. Returns 0, or -EBUSY after saying so. */
static int lock_state(struct vz_daemon *daemon, const char *dir)
{
	pid_t holder = 0;
	char process[32] = "";
	int fd = vz_folder_lock(dir, &holder);

	if (fd >= 0)
		daemon->state_lock_fd = fd;
	if (fd != -EBUSY)
		return 0;
	if (holder)
		snprintf(process, sizeof(process), " (process %d)", (int) holder);
	vz_log(DAEMON, ERROR,
	       "Another vizyd%s has the state folder %s: end it, or give this one another folder "
	       "(--state-dir)",
	       process, dir);
	return -EBUSY;
}

static int open_state(struct vz_daemon *daemon)
{
	const char *dir = daemon->config->state_dir;
	int r = -ENOENT;

	if (dir && lock_state(daemon, dir) < 0)
		return -EBUSY;
	vz_daemon_reset_if_held(daemon);
	if (dir)
		r = vz_state_new(daemon->loop, dir, &daemon->state);
	if (r < 0) {
		(void) vz_warn_errno(DAEMON, r, "Settings are not kept over a restart (%s)",
				     dir ? dir : "no state folder");
		r = vz_state_new_volatile(daemon->loop, &daemon->state);
	}
	return r;
}

static int make_boot_id(struct vz_daemon *daemon)
{
	uint64_t number;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		return -errno;
	snprintf(daemon->boot_id, sizeof(daemon->boot_id), "%016" PRIx64, number);
	return 0;
}

int vz_daemon_new(struct vz_config *config, const struct vz_options *options,
		  struct vz_daemon **ret)
{
	static int (*const steps[])(struct vz_daemon *) = {
		make_boot_id,
		watch_signals,
		open_state,
		vz_daemon_make_jobs,
		vz_daemon_make_users,
		make_app,
		vz_daemon_make_camera,
		vz_daemon_make_motionscope,
		vz_daemon_make_gpio,
		vz_daemon_show_reset,
		vz_daemon_make_page,
		make_server,
		vz_daemon_make_reload,
		vz_daemon_make_life,
	};
	VZ_CLEANUP(vz_daemon_freep) struct vz_daemon *daemon = calloc(1, sizeof(*daemon));
	int r;

	if (!daemon)
		return -ENOMEM;
	daemon->config = config;
	daemon->options = *options;
	daemon->motionscope = &vz_no_motionscope;
	daemon->signal_fd = daemon->state_lock_fd = -1;
	r = vz_loop_new_lws(&daemon->loop);
	for (size_t i = 0; r == 0 && i < VZ_N_ELEMENTS(steps); i++)
		r = steps[i](daemon);
	if (r < 0)
		return vz_log_errno(DAEMON, r, "Cannot start");
	*ret = vz_steal(daemon);
	return 0;
}

int vz_daemon_run(struct vz_daemon *daemon)
{
	const char *url;

	for (unsigned i = 0; (url = vz_server_get_url(daemon->server, i)); i++)
		printf("listening on %s\n", url);
	(void) fflush(stdout);
	vz_log(DAEMON, INFO, "Camera: %s", vz_camera_get_text(daemon->camera));
	vz_daemon_begin_life(daemon);
	return vz_loop_run(daemon->loop);
}

struct vz_daemon *vz_daemon_free(struct vz_daemon *daemon)
{
	if (!daemon)
		return NULL;
	vz_notify_stopping();
	/* Requests that wait are answered while the sockets are still there. */
	if (daemon->app)
		vz_app_stop(daemon->app);
	daemon->motionscope->stop(daemon);
	if (daemon->users)
		vz_users_stop(daemon->users);
	vz_daemon_free_jobs(daemon);
	vz_daemon_free_reload(daemon);
	if (daemon->feeds)
		(void) vz_feeds_set_server(daemon->feeds, NULL);
	if (daemon->server)
		daemon->motionscope->unmount(daemon);
	daemon->server = vz_server_free(daemon->server);
	vz_daemon_free_reset(daemon);
	vz_daemon_free_gpio(daemon);
	daemon->system_panel = vz_system_panel_free(daemon->system_panel);
	daemon->plugins = vz_plugins_free(daemon->plugins);
	daemon->feeds = vz_feeds_free(daemon->feeds);
	daemon->panel = vz_camera_panel_free(daemon->panel);
	daemon->account = vz_account_panel_free(daemon->account);
	daemon->own_password = vz_own_password_free(daemon->own_password);
	daemon->users_panel = vz_users_panel_free(daemon->users_panel);
	vz_daemon_free_life(daemon);
	daemon->encoder = vz_encoder_free(daemon->encoder);
	/* The camera tells of changes a little later; the last one may not have been told yet. */
	if (daemon->camera && daemon->state)
		vz_daemon_save_camera_settings(daemon);
	daemon->motionscope->free(daemon);
	daemon->camera = vz_camera_free(daemon->camera);
	daemon->app = vz_app_free(daemon->app);
	daemon->state = vz_state_free(daemon->state);
	daemon->users = vz_users_free(daemon->users);
	if (daemon->state_lock_fd >= 0)
		close(daemon->state_lock_fd);
	daemon->app_timer = vz_timer_free(daemon->app_timer);
	daemon->signal_source = vz_fd_source_free(daemon->signal_source);
	if (daemon->signal_fd >= 0)
		close(daemon->signal_fd);
	daemon->loop = vz_loop_free(daemon->loop);
	free(daemon);
	return NULL;
}
