/*
 * Cameras through libcamera, as a source. C++ stays in the libcamera-*.cpp files: what leaves them
 * is the table at the end, and no exception passes it.
 */
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <vector>

#include <libcamera/camera_manager.h>
#include <libcamera/property_ids.h>

#include "camera/libcamera-capture.h"
#include "camera/libcamera-controls.h"
#include "camera/libcamera-log.h"

extern "C" {
#include "camera/libcamera.h"
}

using namespace libcamera;

struct vz_source {
	std::shared_ptr<Camera> camera;
	camera_controls controls;
	class capture *capture = nullptr; /* the running one; or one whose camera has gone */
	bool is_running = false;
};

/* The running sources, of which a camera that goes away may be one's. */
static std::mutex running_mutex;
static std::vector<struct vz_source *> running;

/* Thread: libcamera's. The lock keeps stop() from returning while lose() is in the sink. */
static void on_camera_removed(std::shared_ptr<Camera> camera)
{
	std::lock_guard<std::mutex> lock(running_mutex);

	for (struct vz_source *source : running)
		if (source->camera == camera)
			source->capture->lose(-ENODEV);
}

/*
 * libcamera allows one manager in a process, and finds the cameras when it starts. Ours stays until
 * the process ends, so that it sees cameras come and go; open() is tried again by the camera.
 */
static int get_manager(CameraManager **ret)
{
	static std::unique_ptr<CameraManager> manager;
	sigset_t all, before;
	int r;

	if (!manager) {
		take_libcamera_log();
		auto starting = std::make_unique<CameraManager>();

		/* Its threads inherit the mask; signals are for the main thread. */
		sigfillset(&all);
		pthread_sigmask(SIG_SETMASK, &all, &before);
		r = starting->start();
		pthread_sigmask(SIG_SETMASK, &before, nullptr);
		if (r < 0)
			return r;
		/* Not Camera::disconnected, which could not be left again without a race. */
		starting->cameraRemoved.connect(on_camera_removed);
		manager = std::move(starting);
	}
	*ret = manager.get();
	return 0;
}

/* Runs @fn and makes an errno of what it throws. */
template <typename F> static int guarded(F fn)
{
	try {
		return fn();
	} catch (const std::bad_alloc &) {
		return -ENOMEM;
	} catch (...) {
		return -EIO;
	}
}

static int find_camera(const char *id, std::shared_ptr<Camera> *ret)
{
	CameraManager *manager;
	int r;

	r = get_manager(&manager);
	if (r < 0)
		return r;
	if (id) {
		*ret = manager->get(id);
	} else {
		auto cameras = manager->cameras();

		*ret = cameras.empty() ? nullptr : cameras[0];
	}
	return *ret ? 0 : -ENODEV;
}

static std::string name_of(const Camera &camera)
{
	auto model = camera.properties().get(properties::Model);

	return model ? std::string(*model) : camera.id();
}

/* Many pipelines know the true limits of their controls only once they are configured. */
static int announce(struct vz_source *source, struct vz_control_table *controls)
{
	chosen_format format;
	int r;

	r = choose_format(*source->camera, {}, &format);
	if (r < 0)
		return r;
	r = source->camera->configure(format.configuration.get());
	if (r < 0)
		return r;
	return source->controls.announce(*source->camera, controls);
}

static struct vz_source *source_close(struct vz_source *source);

static int source_open(const char *id, struct vz_control_table *controls, char **ret_name,
		       struct vz_source **ret)
{
	return guarded([&] {
		std::unique_ptr<char, void (*)(void *)> name(nullptr, std::free);
		auto source = std::make_unique<struct vz_source>();
		int r;

		r = find_camera(id, &source->camera);
		if (r < 0)
			return r;
		name.reset(strdup(name_of(*source->camera).c_str()));
		if (!name)
			return -ENOMEM;
		r = source->camera->acquire();
		if (r < 0)
			return r;
		source->camera->requestCompleted.connect(&capture::on_request_completed);
		r = guarded([&] { return announce(source.get(), controls); });
		if (r < 0) {
			(void) source_close(source.release());
			return r;
		}
		*ret_name = name.release();
		*ret = source.release();
		return 0;
	});
}

static void take_asked(camera_controls *to, const struct vz_control_table *from)
{
	for (unsigned i = 0; i < from->n_controls; i++)
		if (from->controls[i].is_asked)
			to->ask(i, from->controls[i].asked);
}

/* Lets go of the last capture, if there is one. The camera must not hold its requests any more. */
static void drop_capture(struct vz_source *source)
{
	if (!source->capture)
		return;
	source->capture->retire();
	source->capture->unref();
	source->capture = nullptr;
}

static int start_capture(struct vz_source *source)
{
	int r;

	r = source->capture->init();
	if (r < 0)
		return r;
	return source->capture->start();
}

static void source_stop(struct vz_source *source);

static int source_start(struct vz_source *source, const struct vz_source_format *format,
			const struct vz_control_table *controls, const struct vz_sink *sink,
			uint32_t generation, struct vz_source_format *ret_format)
{
	return guarded([&] {
		chosen_format chosen;
		int r;

		/* Only a camera that has gone leaves one behind. */
		if (source->capture)
			return source->is_running ? -EBUSY : -ENODEV;
		r = choose_format(*source->camera, *format, &chosen);
		if (r < 0)
			return r;
		r = source->camera->configure(chosen.configuration.get());
		if (r < 0)
			return r;
		take_asked(&source->controls, controls);
		source->controls.wish_frame_rate(format->fps);

		const Size size = chosen.configuration->at(0).size;
		source->capture = new capture(source->camera, &source->controls, std::move(chosen),
					      *sink, generation);
		/* Before the first request, so that it is noticed when the camera goes at once. */
		{
			std::lock_guard<std::mutex> lock(running_mutex);
			running.push_back(source);
		}
		source->is_running = true;
		r = guarded([&] { return start_capture(source); });
		if (r < 0) {
			source_stop(source);
			return r;
		}
		ret_format->width_px = size.width & ~1u;
		ret_format->height_px = size.height & ~1u;
		ret_format->fps = source->controls.frame_rate();
		return 0;
	});
}

static void source_stop(struct vz_source *source)
{
	int r;

	if (!source->is_running)
		return;
	{
		std::lock_guard<std::mutex> lock(running_mutex);
		running.erase(std::remove(running.begin(), running.end(), source), running.end());
	}
	source->is_running = false;
	r = source->capture->stop();
	if (r == 0)
		drop_capture(source);
}

static int source_set_control(struct vz_source *source, unsigned control, double value)
{
	source->controls.ask(control, value);
	return 0;
}

static int source_clear_control(struct vz_source *source, unsigned control)
{
	source->controls.forget(control);
	return 0;
}

static struct vz_source *source_close(struct vz_source *source)
{
	if (!source)
		return nullptr;
	source_stop(source);
	/* A camera that has gone lets go of our requests here, and emits nothing afterwards. */
	(void) source->camera->release();
	source->camera->requestCompleted.disconnect(&capture::on_request_completed);
	drop_capture(source);
	delete source;
	return nullptr;
}

static int source_list(vz_source_found_fn *found, void *data)
{
	return guarded([&] {
		CameraManager *manager;
		int r;

		r = get_manager(&manager);
		if (r < 0)
			return r;
		for (const std::shared_ptr<Camera> &camera : manager->cameras())
			found(camera->id().c_str(), name_of(*camera).c_str(), data);
		return 0;
	});
}

const struct vz_source_ops vz_libcamera_module_source = {
	"libcamera",	    source_open,	  source_start, source_stop,
	source_set_control, source_clear_control, source_close, source_list,
};
