#include "recorder/recording.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "util/json.h"

bool vz_recording_is_id(const char *id)
{
	size_t size = strspn(id, "0123456789-");

	return size > 0 && size <= VZ_RECORDING_ID_MAX && !id[size] && id[0] != '-';
}

/* --- The sidecar ---------------------------------------------------------------------------- */

static void print_text(struct vz_buf *buf, const char *key, const char *text)
{
	vz_buf_printf(buf, ",\n\"%s\":", key);
	vz_json_print_string(buf, text, strlen(text));
}

static void print_int(struct vz_buf *buf, const char *key, int64_t value)
{
	vz_buf_printf(buf, ",\n\"%s\":%" PRId64, key, value);
}

/* The first stamp alone is whole; the others count from it. */
static void print_frames(struct vz_buf *buf, const struct vz_mkv_frame *frames, size_t n)
{
	vz_buf_printf(buf, ",\n\"first_stamp_ns\":%" PRId64 ",\n\"stamps_ns\":[",
		      frames[0].stamp_ns);
	for (size_t i = 0; i < n; i++)
		vz_buf_printf(buf, "%s%" PRId64, i ? "," : "",
			      frames[i].stamp_ns - frames[0].stamp_ns);
	vz_buf_puts(buf, "],\n\"sequences\":[");
	for (size_t i = 0; i < n; i++)
		vz_buf_printf(buf, "%s%" PRIu64, i ? "," : "", frames[i].sequence);
	vz_buf_putc(buf, ']');
}

void vz_recording_print(struct vz_buf *buf, const struct vz_recording *recording,
			const struct vz_mkv_frame *frames, size_t n_frames)
{
	vz_buf_printf(buf, "{\"format\":%d", VZ_RECORDING_FORMAT);
	print_text(buf, "id", recording->id);
	print_text(buf, "name", recording->name);
	vz_buf_printf(buf, ",\n\"kept\":%s,\n\"salvaged\":%s",
		      recording->is_kept ? "true" : "false",
		      recording->is_salvaged ? "true" : "false");
	print_int(buf, "created_s", recording->created_s);
	print_text(buf, "camera", recording->camera);
	print_int(buf, "width", recording->width_px);
	print_int(buf, "height", recording->height_px);
	vz_buf_puts(buf, ",\n\"fps\":");
	vz_json_print_double(buf, recording->fps);
	print_text(buf, "trigger", recording->trigger);
	print_int(buf, "trigger_ns", recording->trigger_ns);
	print_int(buf, "shift_ns", recording->shift_ns);
	print_text(buf, "end", recording->end);
	print_int(buf, "late_ns", recording->late_ns);
	print_int(buf, "frames", (int64_t) recording->n_frames);
	print_int(buf, "dropped", (int64_t) recording->n_dropped);
	print_int(buf, "lost", (int64_t) recording->n_lost);
	print_int(buf, "duration_ns", recording->duration_ns);
	if (n_frames)
		print_frames(buf, frames, n_frames);
	vz_buf_puts(buf, "}\n");
}

/* Cut to what there is room for, which what we have written never needs. */
static int parse_text(struct json_object *sidecar, const char *key, char *ret, size_t size)
{
	const char *text;

	if (vz_json_get_string(sidecar, key, &text) < 0)
		return -EBADMSG;
	(void) snprintf(ret, size, "%s", text);
	return 0;
}

static int parse_int(struct json_object *sidecar, const char *key, int64_t min, int64_t max,
		     int64_t *ret)
{
	int64_t value;

	if (vz_json_get_int(sidecar, key, &value) < 0 || value < min || value > max)
		return -EBADMSG;
	*ret = value;
	return 0;
}

static int parse_texts(struct json_object *sidecar, struct vz_recording *recording)
{
	if (parse_text(sidecar, "id", recording->id, sizeof(recording->id)) < 0 ||
	    !vz_recording_is_id(recording->id))
		return -EBADMSG;
	if (parse_text(sidecar, "name", recording->name, sizeof(recording->name)) < 0 ||
	    parse_text(sidecar, "camera", recording->camera, sizeof(recording->camera)) < 0 ||
	    parse_text(sidecar, "trigger", recording->trigger, sizeof(recording->trigger)) < 0 ||
	    parse_text(sidecar, "end", recording->end, sizeof(recording->end)) < 0)
		return -EBADMSG;
	return 0;
}

static int parse_numbers(struct json_object *sidecar, struct vz_recording *recording)
{
	int64_t width, height, n_frames, n_dropped, n_lost = 0;

	if (parse_int(sidecar, "created_s", 0, INT64_MAX, &recording->created_s) < 0 ||
	    parse_int(sidecar, "width", 2, 16384, &width) < 0 ||
	    parse_int(sidecar, "height", 2, 16384, &height) < 0 ||
	    parse_int(sidecar, "trigger_ns", INT64_MIN, INT64_MAX, &recording->trigger_ns) < 0 ||
	    parse_int(sidecar, "shift_ns", INT64_MIN, INT64_MAX, &recording->shift_ns) < 0 ||
	    parse_int(sidecar, "late_ns", INT64_MIN, INT64_MAX, &recording->late_ns) < 0 ||
	    parse_int(sidecar, "frames", 0, INT64_MAX, &n_frames) < 0 ||
	    parse_int(sidecar, "dropped", 0, INT64_MAX, &n_dropped) < 0 ||
	    parse_int(sidecar, "duration_ns", 0, INT64_MAX, &recording->duration_ns) < 0)
		return -EBADMSG;
	recording->width_px = (uint32_t) width;
	recording->height_px = (uint32_t) height;
	recording->n_frames = (size_t) n_frames;
	recording->n_dropped = (uint64_t) n_dropped;
	/* Older recordings do not say. */
	(void) vz_json_get_int(sidecar, "lost", &n_lost);
	recording->n_lost = n_lost < 0 || n_lost > n_dropped ? 0 : (uint64_t) n_lost;
	return 0;
}

int vz_recording_parse(struct json_object *sidecar, struct vz_recording *ret)
{
	struct vz_recording recording = { 0 };
	int64_t format;

	if (vz_json_get_int(sidecar, "format", &format) < 0 || format < 1)
		return -EBADMSG;
	if (format > VZ_RECORDING_FORMAT)
		return -EPROTONOSUPPORT;
	if (parse_texts(sidecar, &recording) < 0 || parse_numbers(sidecar, &recording) < 0 ||
	    vz_json_get_bool(sidecar, "kept", &recording.is_kept) < 0 ||
	    vz_json_get_bool(sidecar, "salvaged", &recording.is_salvaged) < 0 ||
	    vz_json_get_double(sidecar, "fps", &recording.fps) < 0)
		return -EBADMSG;
	*ret = recording;
	return 0;
}

/* --- What follows --------------------------------------------------------------------------- */

void vz_recording_count(struct vz_recording *recording, const struct vz_mkv_frame *frames,
			size_t n_frames, uint64_t n_expected)
{
	const struct vz_mkv_frame *last = n_frames ? &frames[n_frames - 1] : NULL;

	recording->n_frames = n_frames;
	recording->n_dropped = 0;
	recording->duration_ns = 0;
	if (!last)
		return;
	recording->duration_ns = last->stamp_ns - frames[0].stamp_ns;
	if (last->sequence > frames[0].sequence && recording->duration_ns > 0)
		recording->fps = (double) (last->sequence - frames[0].sequence) * 1e9 /
				 (double) recording->duration_ns;
	/* What the camera counted and we do not have, wherever it was lost. */
	if (last->sequence - frames[0].sequence + 1 > n_expected)
		n_expected = last->sequence - frames[0].sequence + 1;
	if (n_expected > n_frames)
		recording->n_dropped = n_expected - n_frames;
	if (recording->n_lost > recording->n_dropped)
		recording->n_lost = recording->n_dropped;
}

void vz_recording_title(const struct vz_recording *recording, char *ret, size_t size)
{
	time_t created = (time_t) recording->created_s;
	struct tm local;

	if (recording->name[0])
		(void) snprintf(ret, size, "%s", recording->name);
	else if (!localtime_r(&created, &local) || !strftime(ret, size, "%e %b %H:%M:%S", &local))
		(void) snprintf(ret, size, "%s", recording->id);
}
