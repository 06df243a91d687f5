#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "panels/capture-private.h"
#include "recorder/player.h"
#include "util/json.h"
#include "vizyd/component.h"

const char *const vz_capture_triggers[] = { "button", "motion", "auto", NULL };
const char *const vz_capture_untils[] = { "duration", "still", "stopped", NULL };

/* --- From the page -------------------------------------------------------------------------- */

int vz_capture_parse_number(struct json_object *value, double min, double max, double *ret)
{
	double number;

	if (!vz_json_is_number(value))
		return -EINVAL;
	number = json_object_get_double(value);
	if (!(number >= min - 1e-9 && number <= max + 1e-9))
		return -EINVAL;
	*ret = number;
	return 0;
}

int vz_capture_parse_word(struct json_object *value, const char *const *words, int *ret)
{
	for (int i = 0; json_object_is_type(value, json_type_string) && words[i]; i++)
		if (!strcmp(json_object_get_string(value), words[i])) {
			*ret = i;
			return 0;
		}
	return -EINVAL;
}

size_t vz_capture_frame_at(const struct vz_player *player, double position_s)
{
	const int64_t *times_ns = vz_player_get_times_ns(player);
	size_t n = vz_player_n_frames(player), from = 0, to = n;
	/* The slider shows milliseconds: half of one either way is the same place. */
	int64_t at_ns = (int64_t) llround(position_s * 1e9) + 500000;

	while (to - from > 1) {
		size_t middle = from + (to - from) / 2;

		if (times_ns[middle] <= at_ns)
			from = middle;
		else
			to = middle;
	}
	return from;
}

/* --- The state ------------------------------------------------------------------------------ */

static bool is_making(const struct vz_recorder_status *status)
{
	return status->state == VZ_CAPTURE_WAITING || status->state == VZ_CAPTURE_RECORDING;
}

bool vz_capture_moves(const struct vz_capture_panel *panel)
{
	struct vz_recorder_status status = vz_recorder_get_status(panel->options.recorder);

	return status.state != VZ_CAPTURE_IDLE || status.spool.n_takes > 0;
}

/* The one word that a lamp can follow. */
static const char *state_word(const struct vz_capture_panel *panel,
			      const struct vz_recorder_status *status)
{
	if (is_making(status) || status->state == VZ_CAPTURE_ARMED)
		return vz_capture_state_name(status->state);
	if (status->spool.n_takes > 0)
		return "saving";
	if (panel->shown[0])
		return vz_player_state_name(vz_player_get_state(panel->options.player));
	return vz_capture_state_name(status->state);
}

/* "; N frames are missing", and whose fault that is; nothing when none are. */
static void print_missing(char *text, size_t size, uint64_t n, uint64_t n_lost)
{
	*text = 0;
	if (n && n_lost == n)
		(void) snprintf(text, size,
				"; %llu frames are missing that the camera did not give",
				(unsigned long long) n);
	else if (n && n_lost)
		(void) snprintf(text, size,
				"; %llu frames are missing, %llu of them because the camera did "
				"not give them",
				(unsigned long long) n, (unsigned long long) n_lost);
	else if (n)
		(void) snprintf(text, size, "; %llu frames are missing", (unsigned long long) n);
}

static struct json_object *trouble_text(const struct vz_capture_panel *panel,
					const struct vz_recorder_status *status)
{
	if (!vz_recorder_get_spool(panel->options.recorder))
		return vz_text("Nothing can be recorded: there is no folder for it");
	if (status->spool.error)
		return vz_textf("Nothing can be recorded: %s", strerror(-status->spool.error));
	if (status->spool.is_full)
		return vz_textf("No room on the disk: %zu frames wait in memory. Delete a "
				"recording, or cease to keep one",
				status->spool.n_waiting);
	if (status->ring_error == -ENOBUFS)
		return vz_text("The memory for the last seconds is not enough for two pictures");
	if (status->ring_error)
		return vz_textf("No memory for the last seconds: %s",
				strerror(-status->ring_error));
	return VZ_NULL;
}

static struct json_object *state_text(const struct vz_capture_panel *panel,
				      const struct vz_recorder_status *status)
{
	struct json_object *trouble = trouble_text(panel, status);
	char missing[120];

	if (trouble != VZ_NULL)
		return trouble;
	if (status->state == VZ_CAPTURE_RECORDING) {
		print_missing(missing, sizeof(missing), status->n_dropped, status->n_lost);
		return vz_textf("%.1f s, %llu frames%s", status->recorded_s,
				(unsigned long long) status->n_frames, missing);
	}
	if (status->state == VZ_CAPTURE_WAITING)
		return vz_text("The first frame is still to come");
	if (status->spool.n_takes > 0)
		return vz_textf("%zu frames are still to be written", status->spool.n_waiting);
	if (status->state == VZ_CAPTURE_ARMED)
		return vz_text("The next motion is recorded");
	if (panel->shown[0] && *vz_player_get_error(panel->options.player))
		return vz_textf("This recording cannot be shown: %s",
				vz_player_get_error(panel->options.player));
	if (!status->n_frames && status->n_dropped)
		return vz_textf("Nothing was recorded: all %llu frames are missing",
				(unsigned long long) status->n_dropped);
	if (status->state == VZ_CAPTURE_BUFFERING)
		return vz_textf("The last %.1f s are in memory", status->buffered_s);
	return vz_text("");
}

static struct json_object *memory_text(const struct vz_capture_panel *panel,
				       const struct vz_recorder_status *status)
{
	double shift_s =
		(double) vz_recorder_get_settings(panel->options.recorder).capture.shift_ns * 1e-9;

	if (status->memory_s <= 0)
		return vz_text("How many seconds there is memory for shows when the camera runs");
	if (-shift_s > status->memory_s)
		return vz_textf("There is memory for the last %.1f s alone: a recording begins so "
				"much before the trigger, and says what is missing",
				status->memory_s);
	return vz_textf("There is memory for %.1f s", status->memory_s);
}

static struct json_object *disk_text(const struct vz_recorder_status *status)
{
	const struct vz_spool_status *spool = &status->spool;
	double used = (double) spool->used_bytes * 1e-9, all = (double) spool->budget_bytes * 1e-9;

	if (spool->n_removed)
		return vz_textf("%.2f of %.1f GB used; %u old recordings were removed to make room",
				used, all, spool->n_removed);
	return vz_textf("%.2f of %.1f GB used", used, all);
}

/* --- The list ------------------------------------------------------------------------------- */

static void describe(const struct vz_recording *recording, char *text, size_t size)
{
	char title[VZ_RECORDING_NAME_MAX + 1];
	int n;

	vz_recording_title(recording, title, sizeof(title));
	n = snprintf(text, size, "%s · %.1f s", title, (double) recording->duration_ns * 1e-9);
	if (recording->n_dropped && n > 0 && (size_t) n < size)
		n += snprintf(text + n, size - (size_t) n, " · %llu missing",
			      (unsigned long long) recording->n_dropped);
	if (recording->is_kept && n > 0 && (size_t) n < size)
		(void) snprintf(text + n, size - (size_t) n, " · kept");
}

static struct json_object *list_options(const struct vz_capture_panel *panel)
{
	const struct vz_spool *spool = vz_recorder_get_spool(panel->options.recorder);
	struct json_object *options = vz_array();
	const struct vz_recording *recording;
	char text[200];

	for (size_t i = 0;
	     spool && i < VZ_CAPTURE_MAX_LISTED && (recording = vz_spool_get(spool, i)); i++) {
		describe(recording, text, sizeof(text));
		vz_array_add(&options, vz_object({ "label", vz_text(text) },
						 { "value", vz_text(recording->id) }));
	}
	return options;
}

static struct json_object *recording_text(const struct vz_recording *recording)
{
	char late[80] = "", missing[120];

	if (!recording)
		return vz_text("");
	if (recording->late_ns > 0)
		(void) snprintf(late, sizeof(late), "; begins %.3f s later than asked for",
				(double) recording->late_ns * 1e-9);
	print_missing(missing, sizeof(missing), recording->n_dropped, recording->n_lost);
	return vz_textf("%s, %ux%u, %zu frames, %.1f MB; trigger: %s, end: %s%s%s%s",
			recording->camera, recording->width_px, recording->height_px,
			recording->n_frames, (double) recording->bytes * 1e-6, recording->trigger,
			recording->end, late, missing,
			recording->is_salvaged ? "; had broken off" : "");
}

static const struct vz_recording *find_shown(const struct vz_capture_panel *panel)
{
	const struct vz_spool *spool = vz_recorder_get_spool(panel->options.recorder);

	return spool && panel->shown[0] ? vz_spool_find(spool, panel->shown) : NULL;
}

static void add_list(const struct vz_capture_panel *panel, struct json_object **mods)
{
	const struct vz_recording *shown = find_shown(panel);
	bool is_kept = shown && shown->is_kept;

	vz_object_add(mods, "recording",
		      vz_object({ "options", list_options(panel) },
				{ "value", shown ? vz_text(shown->id) : VZ_NULL }));
	vz_object_add(mods, "recording-text", vz_object({ "children", recording_text(shown) }));
	vz_object_add(mods, "recording-note", vz_object({ "children", vz_text(panel->note) }));
	vz_object_add(mods, "recording-name",
		      vz_object({ "value", vz_text(shown ? shown->name : "") },
				{ "disabled", vz_bool(!shown) }));
	vz_object_add(mods, "recording-keep",
		      vz_object({ "value", is_kept ? vz_array(vz_text("keep")) : vz_array() }));
	vz_object_add(mods, "recording-delete",
		      vz_object({ "disabled", vz_bool(!shown || is_kept) }));
	vz_object_add(mods, "recording-download",
		      vz_object({ "href", shown ? vz_textf("%sapi/recordings/%s/video.mkv",
							   panel->prefix, shown->id)
						: VZ_NULL }));
}

/* --- The clip ------------------------------------------------------------------------------- */

static struct json_object *time_text(const struct vz_player *player)
{
	size_t n = vz_player_n_frames(player);

	if (!n)
		return vz_text("");
	return vz_textf("Frame %zu of %zu · %.3f s", vz_player_get_frame(player) + 1, n,
			(double) vz_player_get_time_ns(player) * 1e-9);
}

static void add_clip(const struct vz_capture_panel *panel, struct json_object **mods)
{
	const struct vz_player *player = panel->options.player;
	int64_t last_ms = (vz_player_get_duration_ns(player) + 999999) / 1000000;
	double at_s = round((double) vz_player_get_time_ns(player) * 1e3 * 1e-9) / 1e3;
	bool has_clip = panel->shown[0] && vz_player_n_frames(player);
	bool is_playing = vz_player_get_state(player) == VZ_PLAYER_PLAYING;

	vz_object_add(mods, "capture-view",
		      vz_object({ "camera", vz_text(panel->shown[0] ? panel->options.clip
								    : panel->options.live) }));
	vz_object_add(mods, "capture-time",
		      vz_object({ "children", has_clip ? time_text(player) : vz_text("") }));
	vz_object_add(mods, "capture-position",
		      vz_object({ "max",
				  vz_number(has_clip && last_ms > 0 ? (double) last_ms / 1e3 : 1) },
				{ "value", vz_number(has_clip ? at_s : 0) },
				{ "disabled", vz_bool(!has_clip) }));
	vz_object_add(mods, "play",
		      vz_object({ "disabled", vz_bool(!has_clip) },
				{ "children", vz_text(is_playing ? "Pause" : "Play") }));
	vz_object_add(mods, "step-back", vz_object({ "disabled", vz_bool(!has_clip) }));
	vz_object_add(mods, "step-forward", vz_object({ "disabled", vz_bool(!has_clip) }));
}

/* --- Everything ----------------------------------------------------------------------------- */

static void add_settings(const struct vz_capture_panel *panel, struct json_object **mods)
{
	struct vz_recorder_settings settings = vz_recorder_get_settings(panel->options.recorder);
	double shift_s = round((double) settings.capture.shift_ns * 1e-6) / 1e3;
	double duration_s = round((double) settings.capture.duration_ns * 1e-6) / 1e3;

	vz_object_add(mods, "capture-shift", vz_object({ "value", vz_number(shift_s) }));
	vz_object_add(mods, "capture-duration", vz_object({ "value", vz_number(duration_s) }));
	vz_object_add(mods, "capture-trigger",
		      vz_object(
			      { "value", vz_text(vz_capture_triggers[settings.capture.trigger]) }));
	vz_object_add(mods, "capture-until",
		      vz_object({ "value", vz_text(vz_capture_untils[settings.capture.until]) }));
	vz_object_add(mods, "capture-sensitivity",
		      vz_object({ "value", vz_number(settings.sensitivity) }));
}

struct json_object *vz_capture_values(const struct vz_capture_panel *panel)
{
	struct vz_recorder_status status = vz_recorder_get_status(panel->options.recorder);
	const char *word = state_word(panel, &status);
	struct json_object *mods = json_object_new_object();

	vz_object_add(&mods, "recorder-state",
		      vz_object({ "children", vz_text(word) },
				{ "className",
				  vz_textf("vz-recorder-state vz-recorder-%s", word) }));
	vz_object_add(&mods, "recorder-text",
		      vz_object({ "children", state_text(panel, &status) }));
	vz_object_add(&mods, "record", vz_object({ "disabled", vz_bool(is_making(&status)) }));
	vz_object_add(&mods, "capture-memory",
		      vz_object({ "children", memory_text(panel, &status) }));
	vz_object_add(&mods, "capture-disk", vz_object({ "children", disk_text(&status) }));
	add_settings(panel, &mods);
	add_list(panel, &mods);
	add_clip(panel, &mods);
	return mods;
}
