/*
 * Reading the configuration anew while serving (SIGHUP). A worker reads the files; the loop follows
 * what differs, part by part. Nobody who is looking is sent away, and a configuration that is wrong
 * changes nothing.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "camera/camera.h"
#include "camera/encode.h"
#include "config/changes.h"
#include "config/config.h"
#include "daemon-private.h"
#include "dash/app.h"
#include "jobs/jobs.h"
#include "panels/page.h"
#include "panels/system-panel.h"
#include "plugin/plugins.h"
#include "server/server.h"
#include "util/buf.h"
#include "util/json.h"
#include "util/log.h"
#include "vizyd/component.h"

struct vz_reload {
	bool is_reading, is_asked_again;
	uint64_t n_done, n_refused;
	char *error;   /* of the last one, NULL: it was taken over */
	char *restart; /* the keys that wait for one, NULL: none */
};

/* One reading: the worker's until it is done. */
struct reading {
	struct vz_daemon *daemon;
	struct vz_options options;
	struct vz_config *config;
	char *error;
	int r;
};

/* --- Following ------------------------------------------------------------------------------ */

/* What differs, as far as somebody has to be told. */
struct changes {
	bool is_camera, is_title;
	struct vz_buf restart;
	unsigned n;
};

static void note_change(const struct vz_config_change *change, void *data)
{
	struct changes *changes = data;
	const char *key = change->key ? change->key : "";

	if (change->effect == VZ_EFFECT_RESTART) {
		vz_buf_printf(&changes->restart, "%s[%s] %s", changes->restart.size ? ", " : "",
			      change->section, key);
		return;
	}
	changes->n++;
	changes->is_camera |= change->effect == VZ_EFFECT_CAMERA;
	changes->is_title |= !strcmp(change->section, "server") && !strcmp(key, "title");
	vz_log(CONFIG, INFO, "[%s]%s%s is another now", change->section, *key ? " " : "", key);
}

static void follow_title(struct vz_daemon *daemon)
{
	(void) vz_app_push(daemon->app, VZ_PAGE_TITLE_ID, "children",
			   vz_text(daemon->config->title));
}

static void follow_camera(struct vz_daemon *daemon)
{
	const struct vz_camera_options options = vz_daemon_camera_options(daemon);
	int r = vz_camera_change(daemon->camera, &options);

	if (r < 0)
		(void) vz_log_errno(CONFIG, r, "The camera stays as it was");
}

/* The parts that know by themselves whether something is another for them. */
static void follow_rest(struct vz_daemon *daemon, const struct vz_config *before)
{
	const struct vz_config *config = daemon->config;
	bool has_lines = vz_config_sections_differ(before, config, "gpio");
	bool has_plugins = vz_config_lists_differ(&before->plugins, &config->plugins) ||
			   vz_config_sections_differ(before, config, "plugin");
	int r = 0;

	(void) vz_log_configure(config->log, NULL);
	vz_encoder_set_quality(daemon->encoder, config->jpeg_quality_percent);
	vz_app_set_deadline(daemon->app, (int64_t) (config->deadline_s * 1e6));
	if (has_lines)
		r = vz_daemon_update_gpio(daemon, before);
	if (r < 0)
		(void) vz_log_errno(CONFIG, r, "Not all lines are as the configuration says");
	r = has_plugins ? vz_plugins_update(daemon->plugins, before) : 0;
	if (r < 0)
		(void) vz_log_errno(CONFIG, r, "Not all plugins are as the configuration says");
	if (has_lines || has_plugins)
		vz_daemon_rebuild_page(daemon);
}

/* What the System panel says of it. */
static void tell_page(struct vz_daemon *daemon)
{
	const struct vz_reload *reload = daemon->reload;
	VZ_CLEANUP(vz_freep) char *text = NULL;
	int n = 0;

	if (reload->error)
		n = asprintf(&text, "The changed configuration is not in force: %s.",
			     reload->error);
	else if (reload->restart)
		n = asprintf(&text, "The configuration was changed, and needs a restart for: %s.",
			     reload->restart);
	if (n < 0)
		text = NULL;
	if (vz_system_panel_set_news(daemon->system_panel, text) > 0)
		vz_daemon_rebuild_page(daemon);
}

/* Takes @config over, part by part. Returns 0, or a negative errno with a sentence: nothing has
 * changed. */
static int follow(struct vz_daemon *daemon, struct vz_config *config, char **ret_error)
{
	struct vz_reload *reload = daemon->reload;
	struct vz_server_options options;
	struct changes changes = { 0 };
	int r;

	vz_config_exchange(daemon->config, config);
	options = vz_daemon_server_options(daemon);
	/* The one thing that can be refused goes first. */
	r = vz_server_reconfigure(daemon->server, &options, ret_error);
	if (r < 0) {
		vz_config_exchange(daemon->config, config);
		return r;
	}
	vz_daemon_tell_login(daemon);
	(void) vz_config_compare(config, daemon->config, note_change, &changes);
	if (changes.is_title)
		follow_title(daemon);
	if (changes.is_camera)
		follow_camera(daemon);
	follow_rest(daemon, config);
	free(vz_steal(reload->restart));
	if (changes.restart.size)
		(void) vz_buf_finish(&changes.restart, &reload->restart, NULL);
	if (reload->restart)
		vz_log(CONFIG, WARNING, "Needs a restart: %s", reload->restart);
	return 0;
}

/* --- Reading -------------------------------------------------------------------------------- */

static void read_config(void *data)
{
	struct reading *reading = data;

	reading->r = vz_options_load(&reading->options, &reading->config, &reading->error);
}

static void free_reading(struct reading *reading)
{
	(void) vz_config_free(reading->config);
	free(reading->error);
	free(reading);
}

static void refuse(struct vz_daemon *daemon, struct reading *reading)
{
	struct vz_reload *reload = daemon->reload;

	if (!reading->error)
		reading->error = strdup(strerror(-reading->r));
	reload->n_refused++;
	reload->error = vz_steal(reading->error);
	vz_log_event(CONFIG, ERROR, CONFIG_REFUSED, NULL, "%s; all stays as it was",
		     reload->error ? reload->error : "out of memory");
}

static void end_reading(void *data)
{
	struct reading *reading = data;
	struct vz_daemon *daemon = reading->daemon;
	struct vz_reload *reload = daemon->reload;

	reload->is_reading = false;
	/* The daemon ends. */
	if (!daemon->jobs) {
		free_reading(reading);
		return;
	}
	free(vz_steal(reload->error));
	if (reading->r == 0)
		reading->r = follow(daemon, reading->config, &reading->error);
	if (reading->r < 0)
		refuse(daemon, reading);
	else
		vz_log_event(CONFIG, NOTICE, CONFIG_READ, NULL, "The configuration is read anew");
	reload->n_done++;
	tell_page(daemon);
	vz_daemon_tell_state(daemon, reload->error);
	free_reading(reading);
	if (reload->is_asked_again)
		vz_daemon_reload(daemon);
}

void vz_daemon_reload(struct vz_daemon *daemon)
{
	struct vz_reload *reload = daemon->reload;
	struct reading *reading;
	int r = -ENOMEM;

	/* What is being read may be older than the wish. */
	reload->is_asked_again = reload->is_reading;
	if (reload->is_reading)
		return;
	vz_daemon_tell_reloading(daemon);
	reading = calloc(1, sizeof(*reading));
	if (reading) {
		reading->daemon = daemon;
		reading->options = daemon->options;
		r = vz_jobs_add(daemon->jobs, read_config, end_reading, reading);
	}
	reload->is_reading = r == 0;
	if (r == 0)
		return;
	free(reading);
	(void) vz_log_errno(CONFIG, r, "Cannot read the configuration anew");
	vz_daemon_tell_state(daemon, NULL);
}

/* --- Life ----------------------------------------------------------------------------------- */

int vz_daemon_make_reload(struct vz_daemon *daemon)
{
	daemon->reload = calloc(1, sizeof(*daemon->reload));
	return daemon->reload ? 0 : -ENOMEM;
}

void vz_daemon_free_reload(struct vz_daemon *daemon)
{
	struct vz_reload *reload = vz_steal(daemon->reload);

	if (!reload)
		return;
	free(reload->error);
	free(reload->restart);
	free(reload);
}

static void append_text(struct vz_buf *buf, const char *text)
{
	if (text)
		vz_json_print_string(buf, text, strlen(text));
	else
		vz_buf_puts(buf, "null");
}

void vz_daemon_append_reload_status(struct vz_buf *buf, struct vz_daemon *daemon)
{
	const struct vz_reload *reload = daemon->reload;

	if (!reload)
		return;
	vz_buf_printf(buf,
		      ",\"configuration\":{\"reloads\":%" PRIu64 ",\"refused\":%" PRIu64
		      ",\"error\":",
		      reload->n_done, reload->n_refused);
	append_text(buf, reload->error);
	vz_buf_puts(buf, ",\"restart\":");
	append_text(buf, reload->restart);
	vz_buf_putc(buf, '}');
}
