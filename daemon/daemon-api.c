/*
 * The recorder for programs: README.md, "For programs".
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon-download.h"
#include "daemon-private.h"
#include "recorder/recorder.h"
#include "server/exchange.h"
#include "server/server.h"
#include "util/json.h"
#include "vizyd/component.h"

#define API_PATH   "/api/"
#define JSON_TYPE  "application/json"
#define MAX_AGO_MS 10000

/* --- A file of a recording ------------------------------------------------------------------- */

static void fetch(struct vz_daemon *daemon, struct vz_exchange *exchange,
		  const struct vz_recording *recording, bool is_video)
{
	struct vz_spool *spool = vz_recorder_get_spool(daemon->recorder);
	char *path = is_video ? vz_spool_video_path(spool, recording->id)
			      : vz_spool_sidecar_path(spool, recording->id);
	char name[64];

	(void) snprintf(name, sizeof(name), "%s.%s", recording->id, is_video ? "mkv" : "json");
	vz_download_answer(daemon->jobs, exchange, path, is_video ? "video/x-matroska" : JSON_TYPE,
			   name);
}

/* --- What there is --------------------------------------------------------------------------- */

static struct json_object *describe(const struct vz_recording *recording)
{
	return vz_object({ "id", vz_text(recording->id) }, { "name", vz_text(recording->name) },
			 { "kept", vz_bool(recording->is_kept) },
			 { "salvaged", vz_bool(recording->is_salvaged) },
			 { "created_s", json_object_new_int64(recording->created_s) },
			 { "camera", vz_text(recording->camera) },
			 { "width", vz_number(recording->width_px) },
			 { "height", vz_number(recording->height_px) },
			 { "frames", vz_number((double) recording->n_frames) },
			 { "dropped", vz_number((double) recording->n_dropped) },
			 { "lost", vz_number((double) recording->n_lost) },
			 { "duration_s", vz_number((double) recording->duration_ns * 1e-9) },
			 { "late_s", vz_number((double) recording->late_ns * 1e-9) },
			 { "bytes", vz_number((double) recording->bytes) },
			 { "trigger", vz_text(recording->trigger) },
			 { "end", vz_text(recording->end) });
}

static void answer_json(struct vz_exchange *exchange, struct json_object *value)
{
	struct vz_buf buf = { 0 };

	if (!value) {
		vz_exchange_answer_text(exchange, 503, "Out of memory");
		return;
	}
	vz_json_print(&buf, value);
	vz_buf_putc(&buf, '\n');
	json_object_put(value);
	vz_exchange_answer_buf(exchange, JSON_TYPE, NULL, &buf);
}

static void get_list(struct vz_daemon *daemon, struct vz_exchange *exchange)
{
	struct vz_spool *spool = vz_recorder_get_spool(daemon->recorder);
	struct json_object *list = vz_array();
	const struct vz_recording *recording;

	for (size_t i = 0; spool && (recording = vz_spool_get(spool, i)); i++)
		vz_array_add(&list, describe(recording));
	answer_json(exchange, list);
}

static void get_state(struct vz_daemon *daemon, struct vz_exchange *exchange)
{
	struct vz_recorder_status status = vz_recorder_get_status(daemon->recorder);

	answer_json(exchange, vz_object({ "state", vz_text(vz_capture_state_name(status.state)) },
					{ "memory_s", vz_number(status.memory_s) },
					{ "buffered_s", vz_number(status.buffered_s) },
					{ "recorded_s", vz_number(status.recorded_s) },
					{ "frames", vz_number((double) status.n_frames) },
					{ "dropped", vz_number((double) status.n_dropped) },
					{ "lost", vz_number((double) status.n_lost) },
					{ "saving", vz_number(status.spool.n_takes) },
					{ "full", vz_bool(status.spool.is_full) }));
}

/* @rest is "ID/video.mkv" or "ID/recording.json". */
static void get_file(struct vz_daemon *daemon, struct vz_exchange *exchange, const char *rest)
{
	struct vz_spool *spool = vz_recorder_get_spool(daemon->recorder);
	const char *file = strchr(rest, '/');
	const struct vz_recording *recording = NULL;
	char id[VZ_RECORDING_ID_MAX + 1];

	if (spool && file && (size_t) (file - rest) < sizeof(id)) {
		(void) snprintf(id, sizeof(id), "%.*s", (int) (file - rest), rest);
		recording = vz_spool_find(spool, id);
	}
	if (!recording)
		vz_exchange_answer_text(exchange, 404, "There is no such recording");
	else if (!strcmp(file + 1, VZ_RECORDING_VIDEO))
		fetch(daemon, exchange, recording, true);
	else if (!strcmp(file + 1, VZ_RECORDING_SIDECAR))
		fetch(daemon, exchange, recording, false);
	else
		vz_exchange_answer_text(exchange, 404,
					"Of a recording there are video.mkv and recording.json");
}

static void on_get(struct vz_exchange *exchange, const char *rest, void *data)
{
	struct vz_daemon *daemon = data;

	if (!strcmp(rest, "recorder"))
		get_state(daemon, exchange);
	else if (!strcmp(rest, "recordings"))
		get_list(daemon, exchange);
	else if (!strncmp(rest, "recordings/", 11))
		get_file(daemon, exchange, rest + 11);
	else
		vz_exchange_answer_text(exchange, 404, "Not found");
}

/* --- Triggers -------------------------------------------------------------------------------- */

/* How long ago it was, from the query. Returns 0, or -EINVAL after answering. */
static int get_time(struct vz_exchange *exchange, int64_t *ret_ns)
{
	char text[32], *end;
	double ago_ms = 0;

	if (vz_exchange_get_query(exchange, "ago_ms", text, sizeof(text))) {
		ago_ms = strtod(text, &end);
		if (end == text || *end || !(ago_ms >= 0 && ago_ms <= MAX_AGO_MS)) {
			vz_exchange_answer_text(exchange, 400,
						"ago_ms: expected a number from 0 to 10000");
			return -EINVAL;
		}
	}
	*ret_ns = vz_recorder_now_ns() - (int64_t) (ago_ms * 1e6);
	return 0;
}

static void on_post(struct vz_exchange *exchange, const char *rest, void *data)
{
	struct vz_daemon *daemon = data;
	const char *name = !strcmp(rest, "trigger") ? "now" : rest;
	int64_t at_ns;
	int r;

	if (strcmp(rest, "now") == 0) {
		vz_exchange_answer_text(exchange, 404, "Not found");
		return;
	}
	if (get_time(exchange, &at_ns) < 0)
		return;
	r = vz_daemon_trigger(daemon, name, at_ns, "api");
	if (r == 0)
		get_state(daemon, exchange);
	else if (r == -ENOENT)
		vz_exchange_answer_text(exchange, 404, "Expected record, trigger, stop or play");
	else if (r == -EBUSY)
		vz_exchange_answer_text(exchange, 409, "A recording is being made already");
	else
		vz_exchange_answer_text(exchange, 503, strerror(-r));
}

int vz_daemon_mount_api(struct vz_daemon *daemon)
{
	struct vz_server *server = daemon->server;

	return vz_server_mount(server, &(struct vz_mount){ .path = API_PATH,
							   .get = on_get,
							   .post = on_post,
							   .max_body_bytes = 65536,
							   .data = daemon });
}
