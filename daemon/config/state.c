#include "config/state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/document.h"
#include "config/folder.h"
#include "config/save.h"
#include "loop/loop.h"
#include "util/buf.h"
#include "util/json.h"
#include "util/log.h"

#define STATE_NAME "state.json"
#define SETTLE_US  (1 * 1000000)
#define AT_MOST_US (5 * 1000000)

/* Version 1 is that of before there was a number. */
static const struct vz_document_format format = {
	.name = STATE_NAME,
	.max_bytes = 4u << 20,
	.version = 1,
};

struct vz_state {
	struct vz_loop *loop;
	struct vz_timer *timer;
	struct vz_saver *saver; /* NULL: volatile */
	int dir_fd;
	struct json_object *root;
	int64_t first_change_us; /* 0: nothing waits to be written */
};

static void save_now(void *data)
{
	struct vz_state *state = data;
	struct vz_buf buf = { 0 };
	char *text;

	vz_timer_stop(state->timer);
	if (!state->first_change_us)
		return;
	state->first_change_us = 0;
	if (!state->saver)
		return;
	vz_json_print(&buf, state->root);
	vz_buf_putc(&buf, '\n');
	if (vz_buf_finish(&buf, &text, NULL) < 0) {
		(void) vz_log_errno(CONFIG, -ENOMEM, "Cannot save %s", STATE_NAME);
		return;
	}
	vz_saver_put(state->saver, text);
}

static int new_empty(struct vz_loop *loop, struct vz_state **ret)
{
	VZ_CLEANUP(vz_state_freep) struct vz_state *state = calloc(1, sizeof(*state));
	int r;

	if (!state)
		return -ENOMEM;
	state->loop = loop;
	state->dir_fd = -1;
	state->root = json_object_new_object();
	if (!state->root)
		return -ENOMEM;
	r = vz_timer_new(loop, save_now, state, &state->timer);
	if (r < 0)
		return r;
	*ret = vz_steal(state);
	return 0;
}

int vz_state_flush(struct vz_state *state)
{
	save_now(state);
	return state->saver ? vz_saver_wait(state->saver) : 0;
}

int vz_state_new_volatile(struct vz_loop *loop, struct vz_state **ret)
{
	return new_empty(loop, ret);
}

int vz_state_peek(const char *dir, struct json_object **ret)
{
	int dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), r;

	if (dir_fd < 0)
		return -errno;
	r = vz_document_peek(dir_fd, &format, ret);
	close(dir_fd);
	return r;
}

static int load(struct vz_state *state)
{
	struct json_object *root = NULL;
	int r = vz_document_load(state->dir_fd, &format, &root);

	if (r < 0)
		return r;
	json_object_put(state->root);
	state->root = root;
	return 0;
}

int vz_state_new(struct vz_loop *loop, const char *dir, struct vz_state **ret)
{
	VZ_CLEANUP(vz_state_freep) struct vz_state *state = NULL;
	int r;

	r = vz_folder_make(dir);
	if (r < 0)
		return r;
	r = new_empty(loop, &state);
	if (r < 0)
		return r;
	state->dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (state->dir_fd < 0)
		return -errno;
	if (faccessat(state->dir_fd, ".", W_OK, 0) < 0)
		return -errno;
	r = load(state);
	if (r < 0)
		return r;
	r = vz_saver_new(state->dir_fd, STATE_NAME, &state->saver);
	if (r < 0)
		return r;
	*ret = vz_steal(state);
	return 0;
}

struct vz_state *vz_state_free(struct vz_state *state)
{
	if (!state)
		return NULL;
	if (state->timer)
		save_now(state);
	state->saver = vz_saver_free(state->saver);
	state->timer = vz_timer_free(state->timer);
	json_object_put(state->root);
	if (state->dir_fd >= 0)
		close(state->dir_fd);
	free(state);
	return NULL;
}

struct json_object *vz_state_get(struct vz_state *state, const char *section)
{
	struct json_object *value = NULL;

	(void) json_object_object_get_ex(state->root, section, &value);
	return value;
}

int vz_state_set(struct vz_state *state, const char *section, struct json_object *value)
{
	int64_t now_us = vz_loop_now_us(state->loop);
	int64_t delay_us = SETTLE_US;

	if (vz_json_equal(value, vz_state_get(state, section))) {
		json_object_put(value);
		return 0;
	}
	if (json_object_object_add(state->root, section, value) < 0) {
		json_object_put(value);
		return -ENOMEM;
	}
	if (!state->first_change_us)
		state->first_change_us = now_us ? now_us : 1;
	if (now_us + delay_us > state->first_change_us + AT_MOST_US)
		delay_us = state->first_change_us + AT_MOST_US - now_us;
	vz_timer_start(state->timer, delay_us > 0 ? delay_us : 0);
	return 0;
}
