#include "cameras.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static const char camera_key[] = "camera", title_suffix[] = "_title";

int settings_add(struct settings *settings, const char *name, const char *title, const char *source)
{
	struct camera_settings *grown, *camera;

	grown = realloc(settings->cameras, (settings->n_cameras + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	settings->cameras = grown;
	camera = &settings->cameras[settings->n_cameras++];
	*camera = (struct camera_settings){ .name = strdup(name), .source = strdup(source) };
	if (title)
		camera->title = strdup(title);
	return camera->name && camera->source && (!title || camera->title) ? 0 : -ENOMEM;
}

bool settings_has_source(const struct settings *settings, const char *source)
{
	for (unsigned i = 0; i < settings->n_cameras; i++)
		if (!strcmp(settings->cameras[i].source, source))
			return true;
	return false;
}

void settings_deinit(struct settings *settings)
{
	for (unsigned i = 0; i < settings->n_cameras; i++) {
		free(settings->cameras[i].name);
		free(settings->cameras[i].title);
		free(settings->cameras[i].source);
	}
	free(settings->cameras);
	free(settings->label);
	*settings = (struct settings){ 0 };
}

/* The length of the camera's name in a key that ends in _title, or 0. */
static size_t title_of(const char *key)
{
	size_t size = strlen(key), suffix = strlen(title_suffix);

	return size > suffix && !strcmp(key + size - suffix, title_suffix) ? size - suffix : 0;
}

static int read_number(const char *key, const char *text, double max, double *ret)
{
	char *end = NULL;
	double number = strtod(text, &end);

	if (end == text || *end || !(number >= 0 && number <= max)) {
		vz_log_error("%s = %s: expected a number from 0 to %g", key, text, max);
		return -EINVAL;
	}
	*ret = number;
	return 0;
}

/* A camera, or the title of one, which is read with it. */
static int read_camera(struct json_object *config, const char *key, const char *text,
		       struct settings *settings)
{
	char title_key[128], name[128];
	size_t size = title_of(key);

	if (size) {
		(void) snprintf(name, sizeof(name), "%.*s", (int) size, key);
		if (json_object_object_get_ex(config, name, NULL))
			return 0;
		vz_log_error("%s: there is no %s that it could be the title of", key, name);
		return -EINVAL;
	}
	(void) snprintf(title_key, sizeof(title_key), "%s%s", key, title_suffix);
	return settings_add(settings, key, vz_config_string(config, title_key, NULL), text);
}

static int read_key(struct json_object *config, const char *key, const char *text,
		    struct settings *settings)
{
	if (!strncmp(key, camera_key, strlen(camera_key)))
		return read_camera(config, key, text, settings);
	if (!strcmp(key, "width"))
		return read_number(key, text, 8192, &settings->width_px);
	if (!strcmp(key, "height"))
		return read_number(key, text, 8192, &settings->height_px);
	if (!strcmp(key, "fps"))
		return read_number(key, text, 1000, &settings->fps);
	if (!strcmp(key, "jpeg_quality"))
		return read_number(key, text, 100, &settings->quality_percent);
	if (!strcmp(key, "find") || !strcmp(key, "label"))
		return 0;
	vz_log_error("%s: expected camera1, camera1_title, camera2, …, find, label, width, height, "
		     "fps or "
		     "jpeg_quality",
		     key);
	return -EINVAL;
}

int settings_read(struct json_object *config, struct settings *ret)
{
	struct json_object_iter it;
	int r = 0;

	*ret = (struct settings){ .label = strdup(vz_config_string(config, "label", "Cameras")) };
	if (!ret->label)
		return -ENOMEM;
	json_object_object_foreachC(config, it)
	{
		r = read_key(config, it.key, json_object_get_string(it.val), ret);
		if (r < 0)
			return r;
	}
	/* Nothing said: what there is. */
	ret->find = vz_config_bool(config, "find", !ret->n_cameras);
	return 0;
}
