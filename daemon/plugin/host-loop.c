/*
 * What a plugin may call of the loop: posts, timers, descriptors.
 */
#include <errno.h>
#include <stdlib.h>

#include "loop/loop.h"
#include "plugin/host-private.h"
#include "plugin/plugins-private.h"
#include "util/cleanup.h"

struct post {
	struct vz_module *module;
	unsigned generation;
	vz_plugin_fn *fn;
	void *data;
};

static void count_posts(struct vz_module *module, int change, bool *ret_is_last)
{
	pthread_mutex_lock(&module->mutex);
	module->n_posts += (unsigned) change;
	*ret_is_last = module->is_released && module->n_posts == 0;
	pthread_mutex_unlock(&module->mutex);
}

static void on_post(void *data)
{
	VZ_CLEANUP(vz_freep) struct post *post = data;
	struct vz_module *module = post->module;
	bool is_last;

	if (module->state == VZ_MODULE_RUNNING && module->generation == post->generation) {
		struct vz_visit visit = vz_visit_begin(module, "a posted function");

		post->fn(post->data);
		vz_visit_end(module, visit);
	}
	count_posts(module, -1, &is_last);
	if (is_last)
		(void) vz_module_free(module);
}

/* Thread: any. The generation is the caller's as long as code of it runs. */
int vz_host_app_post(struct vz_module *self, struct vz_app *app, vz_plugin_fn *fn, void *data)
{
	VZ_CLEANUP(vz_freep) struct post *post = malloc(sizeof(*post));
	bool is_last;
	int r;

	if (!post)
		return -ENOMEM;
	*post = (struct post){ self, self->generation, fn, data };
	/* Before: the loop may come to it at once. */
	count_posts(self, 1, &is_last);
	r = vz_loop_post(self->plugins->options.loop, on_post, post);
	if (r >= 0)
		(void) vz_steal(post);
	else
		count_posts(self, -1, &is_last);
	return r;
}

static void on_timer(void *data)
{
	struct vz_registration *registration = data;
	struct vz_module *module = registration->module;
	struct vz_visit visit = vz_visit_begin(module, "a timer");

	registration->fn.timer(registration->data);
	vz_visit_end(module, visit);
}

static void on_fd(int fd, void *data)
{
	struct vz_registration *registration = data;
	struct vz_module *module = registration->module;
	struct vz_visit visit = vz_visit_begin(module, "a descriptor's function");

	registration->fn.fd(fd, registration->data);
	vz_visit_end(module, visit);
}

int64_t vz_host_app_now_us(struct vz_module *self, struct vz_app *app)
{
	return vz_loop_now_us(self->plugins->options.loop);
}

int vz_host_app_add_timer(struct vz_module *self, struct vz_app *app, vz_plugin_fn *fn, void *data,
			  struct vz_timer **ret)
{
	struct vz_timer *timer = NULL;
	struct vz_registration *registration;
	int r = vz_registration_new(self, VZ_REGISTERED_TIMER, data, &registration);

	if (r < 0)
		return r;
	registration->fn.timer = fn;
	r = vz_timer_new(self->plugins->options.loop, on_timer, registration, &timer);
	r = vz_registration_keep(registration, r, timer);
	if (r == 0)
		*ret = timer;
	return r;
}

struct vz_timer *vz_host_timer_free(struct vz_module *self, struct vz_timer *timer)
{
	vz_registration_withdraw(self, timer);
	return NULL;
}

int vz_host_app_add_fd(struct vz_module *self, struct vz_app *app, int fd, vz_plugin_fd_fn *fn,
		       void *data, struct vz_fd_source **ret)
{
	struct vz_fd_source *source = NULL;
	struct vz_registration *registration;
	int r = vz_registration_new(self, VZ_REGISTERED_FD, data, &registration);

	if (r < 0)
		return r;
	registration->fn.fd = fn;
	r = vz_loop_add_fd(self->plugins->options.loop, fd, on_fd, registration, &source);
	r = vz_registration_keep(registration, r, source);
	if (r == 0 && ret)
		*ret = source;
	return r;
}

struct vz_fd_source *vz_host_fd_source_free(struct vz_module *self, struct vz_fd_source *source)
{
	vz_registration_withdraw(self, source);
	return NULL;
}
