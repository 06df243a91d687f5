/*
 * A capture is one run of a libcamera camera, from start to stop: its requests, the memory of their
 * buffers, and the frames that stand for them. Each request has one frame, made once:
 *
 *	request completed -> frame out -> its last reference goes -> request queued again
 *
 * The frames hold the capture, so that their memory stays mapped when the camera is stopped,
 * started anew or closed; the last one frees it. Everything of libcamera's, apart from the file
 * descriptors of the buffers, goes before that in retire().
 *
 * Thread: init(), start(), stop() and retire() on the loop; requests complete on libcamera's
 *thread, which takes no lock and allocates nothing; frames come back on any.
 */
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <semaphore.h>
#include <thread>
#include <vector>

#include <libcamera/camera.h>
#include <libcamera/framebuffer_allocator.h>
#include <libcamera/request.h>

#include "camera/convert.h"
#include "camera/libcamera-controls.h"
#include "camera/mjpeg.h"
#include "vizyd/frame.h"

extern "C" {
#include "camera/source.h"
#include "util/ring.h"
}

/* How pixels lie in a buffer; RGB in the order of its bytes, which is libcamera's names backwards.
 */
enum class layout { i420, yv12, nv12, nv21, yuyv, uyvy, mjpeg, rgb, bgr, rgbx, bgrx };

/* A configuration that we can make frames of. */
struct chosen_format {
	std::unique_ptr<libcamera::CameraConfiguration> configuration;
	enum layout layout;
	bool stretch; /* video range, to be stretched to the full one */

	/* How many planes of a buffer are right as they are. */
	unsigned n_direct_planes() const;
	/* Whether any is not: a thread of the capture then converts. */
	bool needs_conversion() const
	{
		return n_direct_planes() < VZ_FRAME_N_PLANES;
	}
};

/*
 * Chooses the format nearest to @wish that costs least: planes as they are, then chroma to take
 * apart, then packed pixels, then JPEG. Returns 0 or -EOPNOTSUPP.
 */
int choose_format(libcamera::Camera &camera, const struct vz_source_format &wish,
		  chosen_format *ret);

class capture
{
      public:
	capture(std::shared_ptr<libcamera::Camera> camera, camera_controls *controls,
		chosen_format format, const struct vz_sink &sink, uint32_t generation);
	/* The owner lets go. Frames that are out stay valid. */
	void unref();

	/* Makes buffers, frames and requests for the camera, which is configured with the format.
	 */
	int init();
	int start();
	/*
	 * The sink is not called any more when it returns. Returns 0, or -ENODEV: the camera has
	 * gone, and may still hold our requests until it is released.
	 */
	int stop();
	/* Lets go of requests and buffers, whose memory stays with the frames. */
	void retire();

	/* The camera has gone. Thread: libcamera's; the owner sees to it that stop() does not
	 * return meanwhile. */
	void lose(int r) noexcept;
	/*
	 * Throws nothing, but does not say so: Signal::disconnect() takes the address of a function
	 * that says it for an object, and disconnects nothing. Thread: libcamera's.
	 */
	static void on_request_completed(libcamera::Request *request);

      private:
	static constexpr unsigned max_planes = 3;

	struct mapping {
		libcamera::SharedFD fd;
		uint8_t *data;
		size_t size;
	};
	/* One request and the frame that stands for it. */
	struct request_slot {
		struct vz_frame frame;
		class capture *owner;
		std::unique_ptr<libcamera::Request> request;
		const libcamera::FrameBuffer *buffer;
		int fds[max_planes]; /* the different ones of its planes; -1 where there are fewer
				      */
		const uint8_t *plane[max_planes];
		uint32_t stride_bytes[max_planes];
		size_t size_bytes;    /* of the first plane; of JPEG, what is used of it */
		struct vz_planes own; /* where pixels are converted to */
		std::unique_ptr<uint8_t[]> memory;
	};

	~capture();

	const mapping *find_mapping(const libcamera::SharedFD &fd) const;
	int map_buffer(const libcamera::FrameBuffer &buffer);
	int find_planes(request_slot &slot) const;
	int make_frame(request_slot &slot);
	int make_slot(request_slot &slot, libcamera::FrameBuffer *buffer,
		      libcamera::Stream *stream);

	void complete(request_slot &slot) noexcept;
	void fail(request_slot &slot) noexcept;
	void stamp(request_slot &slot) noexcept;
	void deliver(request_slot &slot) noexcept;
	void give_back(request_slot &slot) noexcept;
	int queue(request_slot &slot) noexcept;
	static void on_release(struct vz_frame *frame, void *data) noexcept;

	int start_converter();
	void stop_converter();
	void run_converter() noexcept;
	int convert(request_slot &slot) noexcept;

	std::atomic<unsigned> refs_{ 1 };
	std::shared_ptr<libcamera::Camera> camera_;
	camera_controls *controls_;
	chosen_format format_;
	uint32_t width_px_, height_px_, stride_bytes_;
	struct vz_sink sink_;
	uint32_t generation_;

	std::unique_ptr<libcamera::FrameBufferAllocator> allocator_;
	std::vector<mapping> mappings_;
	std::vector<request_slot> slots_; /* does not grow after init(): requests point into it */

	/*
	 * Taken to queue a request and to end the run, so that no request is queued behind the
	 * stop. A request that completes with a picture in it does not take it.
	 */
	std::mutex mutex_;
	std::atomic<bool> is_running_{ false };
	std::atomic<unsigned> n_in_sink_{ 0 };
	std::atomic<bool> is_lost_{ false };
	std::atomic<unsigned> n_failed_{ 0 };

	/* Of libcamera's thread. */
	bool has_sequence_ = false;
	uint32_t last_sequence_ = 0;
	uint64_t sequence_ = 0;
	int64_t last_timestamp_ns_ = 0;

	/* Between libcamera's thread and the converter's. */
	struct vz_ring ring_ = {};
	sem_t ready_;
	std::atomic<bool> is_converting_{ false };
	std::thread converter_;
	struct vz_mjpeg *mjpeg_ = nullptr;
};
