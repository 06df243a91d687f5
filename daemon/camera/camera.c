#include "camera/camera.h"

#include <assert.h>
#include <errno.h>
#include <json-c/json.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "camera/camera-private.h"
#include "camera/simulated.h"
#include "loop/loop.h"
#include "util/log.h"

#define DEFAULT_LINGER_US 3000000
#define DEFAULT_RETRY_US  2000000
/* A live source that is silent for so long, exposures and slow rates considered, hangs. */
#define STALL_US 5000000

void vz_camera_notify(struct vz_camera *camera, unsigned changes)
{
	for (unsigned i = 0; i < camera->n_listeners; i++)
		camera->listeners[i].changed(camera, changes, camera->listeners[i].data);
}

static void set_state(struct vz_camera *camera, enum vz_camera_state state, int r,
		      unsigned more_changes)
{
	camera->state = state;
	vz_camera_describe(camera, r);
	vz_camera_notify(camera, VZ_CAMERA_CHANGED_STATE | more_changes);
}

/* --- Opening and losing the source -------------------------------------------------------- */

static int open_with(struct vz_camera *camera, const struct vz_source_ops *ops, bool *ret_differs)
{
	struct vz_control_table controls = { 0 };
	struct vz_source *source = NULL;
	char *name = NULL;
	int r;

	r = ops->open(camera->id, &controls, &name, &source);
	if (r < 0) {
		vz_control_table_deinit(&controls);
		free(name);
		return r;
	}
	free(camera->name);
	camera->name = name;
	camera->ops = ops;
	camera->source = source;
	*ret_differs = vz_camera_adopt_controls(camera, &controls);
	return 0;
}

/*
 * "auto" decides once for a camera: one that was found and then unplugged is lost, and must not be
 * replaced by a drawing. A drawing only stands in until there is a camera.
 */
static int open_source(struct vz_camera *camera, bool *ret_differs)
{
	bool is_auto = !camera->ops;
	int r;

	if (is_auto) {
		r = open_with(camera, &vz_libcamera_source, ret_differs);
		if (r == -ENODEV || r == -EOPNOTSUPP)
			r = open_with(camera, &vz_simulated_source, ret_differs);
	} else {
		r = open_with(camera, camera->ops, ret_differs);
	}
	if (r < 0 || !is_auto)
		return r;
	vz_log(CAM, INFO, "Found by itself: %s (%s)", camera->name, camera->ops->kind);
	if (camera->ops == &vz_simulated_source)
		vz_timer_start(camera->look_timer, camera->retry_us);
	return 0;
}

static void close_source(struct vz_camera *camera)
{
	vz_camera_stop_run(camera);
	if (camera->source)
		camera->source = camera->ops->close(camera->source);
	vz_timer_stop(camera->stall_timer);
}

void vz_camera_lose(struct vz_camera *camera, int r)
{
	if (r == 0) {
		vz_camera_stop_run(camera);
		vz_timer_stop(camera->stall_timer);
		set_state(camera, VZ_CAMERA_ENDED, 0, 0);
		vz_camera_update_wanted(camera);
		return;
	}
	/* Once, not with every attempt. */
	if (camera->state != VZ_CAMERA_LOST || !camera->text[0])
		vz_log_event(CAM, WARNING, CAMERA_LOST, vz_camera_get_name(camera),
			     "%s is lost: %s; trying again every %.3g s",
			     vz_camera_get_name(camera), vz_camera_describe_error(r),
			     (double) camera->retry_us / 1e6);
	close_source(camera);
	vz_timer_start(camera->step_timer, camera->retry_us);
	set_state(camera, VZ_CAMERA_LOST, r, 0);
}

/* --- States ------------------------------------------------------------------------------- */

static int64_t get_stall_us(const struct vz_camera *camera)
{
	int i = vz_control_find(&camera->controls, "ExposureTime");
	double us = STALL_US;

	if (i >= 0 && camera->controls.controls[i].is_asked)
		us += 3 * camera->controls.controls[i].asked;
	if (camera->format.fps > 0)
		us += 3e6 / camera->format.fps;
	return (int64_t) fmin(us, 1e12);
}

static void on_stall_timer(void *data)
{
	struct vz_camera *camera = data;

	if (camera->counters.captured == camera->n_captured_at_stall_check) {
		vz_camera_lose(camera, -ETIMEDOUT);
		return;
	}
	camera->n_captured_at_stall_check = camera->counters.captured;
	vz_timer_start(camera->stall_timer, get_stall_us(camera));
}

static void start(struct vz_camera *camera, unsigned changes)
{
	struct vz_source_format before = camera->format;
	int r;

	r = vz_camera_start_run(camera);
	if (r < 0) {
		vz_camera_lose(camera, r);
		return;
	}
	if (before.width_px != camera->format.width_px ||
	    before.height_px != camera->format.height_px || before.fps != camera->format.fps)
		changes |= VZ_CAMERA_CHANGED_FORMAT;
	camera->n_captured_at_stall_check = camera->counters.captured;
	/* Between two pictures of a file may lie any time. */
	if (camera->ops != &vz_file_source)
		vz_timer_start(camera->stall_timer, get_stall_us(camera));
	vz_log(CAM, DEBUG, "Started %s, %ux%u", camera->name, camera->format.width_px,
	       camera->format.height_px);
	set_state(camera, VZ_CAMERA_LIVE, 0, changes);
	/* Whoever wanted frames may have gone in a listener. */
	vz_camera_update_wanted(camera);
}

/* Opens the source, which is closed, and starts it when it is wanted. */
static void try_source(struct vz_camera *camera)
{
	bool differs = false;
	unsigned changes;
	int r;

	r = open_source(camera, &differs);
	if (r < 0) {
		vz_camera_lose(camera, r);
		return;
	}
	if (camera->state == VZ_CAMERA_LOST && camera->text[0])
		vz_log_event(CAM, NOTICE, CAMERA_BACK, camera->name, "%s is back", camera->name);
	changes = differs || camera->is_changed ? VZ_CAMERA_CHANGED_CONTROLS : 0;
	camera->is_changed = false;
	if (camera->n_wanting)
		start(camera, changes);
	else
		set_state(camera, VZ_CAMERA_STOPPED, 0, changes);
}

static void stop(struct vz_camera *camera)
{
	vz_camera_stop_run(camera);
	vz_timer_stop(camera->stall_timer);
	set_state(camera, VZ_CAMERA_STOPPED, 0, 0);
}

static void on_step_timer(void *data)
{
	struct vz_camera *camera = data;

	switch (camera->state) {
	case VZ_CAMERA_LOST:
		try_source(camera);
		break;
	case VZ_CAMERA_STOPPED:
		if (camera->n_wanting)
			start(camera, 0);
		break;
	case VZ_CAMERA_LIVE:
	case VZ_CAMERA_ENDED:
		if (!camera->n_wanting)
			stop(camera);
		break;
	}
}

static void count_camera(const char *id, const char *name, void *data)
{
	unsigned *n = data;

	(void) id;
	(void) name;
	(*n)++;
}

/* Drivers and people plug cameras in after the start; then the drawing has stood in for long
 * enough. */
static void on_look_timer(void *data)
{
	struct vz_camera *camera = data;
	const struct vz_camera_options options = {
		.source = "auto",
		.format = camera->wish,
		.file_once = camera->wish.once,
	};
	unsigned n = 0;

	(void) vz_libcamera_source.list(count_camera, &n);
	if (n == 0 || vz_camera_change(camera, &options) < 0)
		vz_timer_start(camera->look_timer, camera->retry_us);
}

void vz_camera_update_wanted(struct vz_camera *camera)
{
	bool is_wanted = camera->n_wanting > 0;

	switch (camera->state) {
	case VZ_CAMERA_STOPPED:
		/* On a timer, not here: a consumer may change its mind at once. */
		if (is_wanted)
			vz_timer_start(camera->step_timer, 0);
		else
			vz_timer_stop(camera->step_timer);
		break;
	case VZ_CAMERA_LIVE:
	case VZ_CAMERA_ENDED:
		if (is_wanted)
			vz_timer_stop(camera->step_timer);
		else
			vz_timer_start(camera->step_timer, camera->linger_us);
		break;
	case VZ_CAMERA_LOST:
		break;
	}
}

/* --- Making and freeing ------------------------------------------------------------------- */

static int parse_source(const char *text, const struct vz_source_ops **ret_ops, const char **ret_id)
{
	static const char file[] = "file:", libcamera[] = "libcamera:", simulated[] = "simulated:";

	*ret_ops = NULL;
	*ret_id = NULL;
	if (!text || !strcmp(text, "auto"))
		return 0;
	if (!strcmp(text, "simulated")) {
		*ret_ops = &vz_simulated_source;
		return 0;
	}
	if (!strcmp(text, "libcamera")) {
		*ret_ops = &vz_libcamera_source;
		return 0;
	}
	if (!strncmp(text, simulated, strlen(simulated))) {
		*ret_ops = &vz_simulated_source;
		*ret_id = text + strlen(simulated);
		return vz_simulated_parse_id(*ret_id) < 0 ? -EINVAL : 0;
	}
	if (!strncmp(text, file, strlen(file))) {
		*ret_ops = &vz_file_source;
		*ret_id = text + strlen(file);
	} else if (!strncmp(text, libcamera, strlen(libcamera))) {
		*ret_ops = &vz_libcamera_source;
		*ret_id = text + strlen(libcamera);
	}
	return *ret_id && **ret_id ? 0 : -EINVAL;
}

static int init(struct vz_camera *camera, const struct vz_camera_options *options, const char *id)
{
	int r;

	vz_list_init(&camera->streams);
	camera->brightness = VZ_BRIGHTNESS_NEUTRAL;
	camera->state = VZ_CAMERA_LOST;
	camera->wish = options->format;
	camera->wish.once = options->file_once;
	camera->linger_us = options->linger_us ? options->linger_us : DEFAULT_LINGER_US;
	camera->retry_us = options->retry_us ? options->retry_us : DEFAULT_RETRY_US;
	camera->saved = json_object_new_object();
	if (!camera->saved)
		return -ENOMEM;
	if (id) {
		camera->id = strdup(id);
		if (!camera->id)
			return -ENOMEM;
	}
	r = vz_timer_new(camera->loop, on_step_timer, camera, &camera->step_timer);
	if (r < 0)
		return r;
	r = vz_timer_new(camera->loop, on_stall_timer, camera, &camera->stall_timer);
	if (r < 0)
		return r;
	r = vz_timer_new(camera->loop, on_look_timer, camera, &camera->look_timer);
	if (r < 0)
		return r;
	return vz_timer_new(camera->loop, vz_camera_on_tell, camera, &camera->tell_timer);
}

int vz_camera_new_with_ops(struct vz_loop *loop, const struct vz_camera_options *options,
			   const struct vz_source_ops *ops, const char *id, struct vz_camera **ret)
{
	VZ_CLEANUP(vz_camera_freep) struct vz_camera *camera = NULL;
	int r;

	camera = calloc(1, sizeof(*camera));
	if (!camera)
		return -ENOMEM;
	camera->loop = loop;
	camera->ops = ops;
	r = init(camera, options, id);
	if (r < 0)
		return r;
	try_source(camera);
	*ret = vz_steal(camera);
	return 0;
}

int vz_camera_new(struct vz_loop *loop, const struct vz_camera_options *options,
		  struct vz_camera **ret)
{
	const struct vz_source_ops *ops;
	const char *id;
	int r;

	assert(loop && options && ret);
	r = parse_source(options->source, &ops, &id);
	if (r < 0)
		return r;
	return vz_camera_new_with_ops(loop, options, ops, id, ret);
}

int vz_camera_change(struct vz_camera *camera, const struct vz_camera_options *options)
{
	struct json_object *saved;
	const struct vz_source_ops *ops;
	const char *id;
	char *id_copy = NULL;
	int r;

	r = parse_source(options->source, &ops, &id);
	if (r < 0)
		return r;
	saved = json_object_new_object();
	if (id)
		id_copy = strdup(id);
	if (!saved || (id && !id_copy)) {
		json_object_put(saved);
		free(id_copy);
		return -ENOMEM;
	}
	close_source(camera);
	vz_timer_stop(camera->step_timer);
	vz_timer_stop(camera->look_timer);
	free(camera->id);
	camera->id = id_copy;
	camera->ops = ops;
	free(vz_steal(camera->name));
	json_object_put(camera->saved);
	camera->saved = saved;
	camera->brightness = VZ_BRIGHTNESS_NEUTRAL;
	camera->has_tone = false;
	camera->wish = options->format;
	camera->wish.once = options->file_once;
	/* As at the start: the settings of what is found are loaded, and it is told when none is.
	 */
	camera->state = VZ_CAMERA_LOST;
	camera->text[0] = '\0';
	camera->is_changed = true;
	try_source(camera);
	return 0;
}

struct vz_camera *vz_camera_free(struct vz_camera *camera)
{
	if (!camera)
		return NULL;
	assert(!camera->streams.next || vz_list_is_empty(&camera->streams));
	vz_camera_stop_run(camera);
	if (camera->source)
		camera->source = camera->ops->close(camera->source);
	camera->step_timer = vz_timer_free(camera->step_timer);
	camera->stall_timer = vz_timer_free(camera->stall_timer);
	camera->look_timer = vz_timer_free(camera->look_timer);
	camera->tell_timer = vz_timer_free(camera->tell_timer);
	vz_control_table_deinit(&camera->controls);
	json_object_put(camera->saved);
	free(camera->name);
	free(camera->id);
	free(camera);
	return NULL;
}

/* --- What others see ---------------------------------------------------------------------- */

void vz_camera_add_listener(struct vz_camera *camera, const struct vz_camera_listener *listener)
{
	assert(camera->n_listeners < VZ_CAMERA_MAX_LISTENERS);
	camera->listeners[camera->n_listeners++] = *listener;
}

enum vz_camera_state vz_camera_get_state(const struct vz_camera *camera)
{
	return camera->state;
}

const char *vz_camera_get_text(const struct vz_camera *camera)
{
	return camera->text;
}

const char *vz_camera_get_kind(const struct vz_camera *camera)
{
	return camera->ops ? camera->ops->kind : "none";
}

const struct vz_source_format *vz_camera_get_format(const struct vz_camera *camera)
{
	return &camera->format;
}

double vz_camera_get_fps(const struct vz_camera *camera)
{
	double fps = vz_rate_get(&camera->rate);
	double silent_s;

	if (camera->state != VZ_CAMERA_LIVE || fps <= 0)
		return 0;
	silent_s = (double) (vz_loop_now_us(camera->loop) - camera->last_frame_us) / 1e6;
	return silent_s > 1 + 2 / fps ? 0 : fps;
}

const struct vz_control_table *vz_camera_get_controls(const struct vz_camera *camera)
{
	return &camera->controls;
}

const struct vz_camera_counters *vz_camera_get_counters(const struct vz_camera *camera)
{
	return &camera->counters;
}
