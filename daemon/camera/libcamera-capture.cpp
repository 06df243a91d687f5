#include "camera/libcamera-capture.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <new>
#include <pthread.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <system_error>

#include <libcamera/control_ids.h>
#include <linux/dma-buf.h>

extern "C" {
#include "util/log.h"
}

using namespace libcamera;

/* So many requests that failed one after the other are a camera that does not work. */
static constexpr unsigned max_failed = 30;
/* A bigger step of the sequence number is no gap but a number that the pipeline did not set. */
static constexpr uint32_t max_gap = 1000;

static constexpr int64_t second_ns = 1000000000;

/*
 * Tells the kernel that the CPU reads a buffer from now on, or does no more: caches are made to
 * agree with what the hardware wrote. Memory that is no dma-buf refuses, and does not need it.
 */
static void sync_buffer(const int *fds, unsigned n, uint64_t flags)
{
	struct dma_buf_sync sync = {};

	sync.flags = flags | DMA_BUF_SYNC_READ;
	for (unsigned i = 0; i < n && fds[i] >= 0; i++)
		(void) ioctl(fds[i], DMA_BUF_IOCTL_SYNC, &sync);
}

static int64_t now_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * second_ns + ts.tv_nsec;
}

int capture::start()
{
	ControlList controls(camera_->controls());
	int r;

	if (format_.needs_conversion()) {
		r = start_converter();
		if (r < 0)
			return r;
	}

	controls_->change_all();
	controls_->put_changed(&controls);
	r = camera_->start(controls.empty() ? nullptr : &controls);
	/* A camera may refuse a value that it announced. A picture without it is better. */
	if (r < 0 && !controls.empty()) {
		(void) vz_warn_errno(CAM, r,
				     "The camera refuses what is asked of it, starting without");
		r = camera_->start();
	}
	if (r < 0) {
		stop_converter();
		return r;
	}

	is_running_ = true;
	for (request_slot &slot : slots_) {
		r = queue(slot);
		if (r < 0) {
			(void) stop();
			return r;
		}
	}
	return 0;
}

int capture::stop()
{
	int r;

	{
		/* From here on a frame that comes back is not queued again; see queue(). */
		std::lock_guard<std::mutex> lock(mutex_);
		is_running_ = false;
	}
	/*
	 * Cancels what is queued. The requests complete on libcamera's thread before this returns,
	 * and are not looked at. The signal stays connected: to disconnect it while it is emitted
	 * would free the connection under the emitter.
	 */
	r = camera_->stop();
	stop_converter();
	/* A camera that has gone does not stop, so its thread may be in the sink still. */
	while (n_in_sink_ > 0)
		sched_yield();
	/* Camera::stop() succeeds for a camera that has gone; this does not. */
	return r == 0 && !camera_->generateConfiguration() ? -ENODEV : r;
}

void capture::retire()
{
	for (request_slot &slot : slots_) {
		slot.request.reset();
		slot.buffer = nullptr;
	}
	allocator_.reset();
	format_.configuration.reset();
	camera_.reset();
}

void capture::unref()
{
	if (refs_.fetch_sub(1, std::memory_order_acq_rel) == 1)
		delete this;
}

/* --- a request completes: libcamera's thread ------------------------------------------------ */

void capture::on_request_completed(Request *request)
{
	request_slot &slot = *reinterpret_cast<request_slot *>(uintptr_t(request->cookie()));
	capture &self = *slot.owner;

	self.n_in_sink_++;
	if (self.is_running_)
		self.complete(slot);
	self.n_in_sink_--;
}

void capture::complete(request_slot &slot) noexcept
{
	const int status = slot.buffer->metadata().status;

	/* Not all but FrameSuccess: the virtual pipeline of 0.4 leaves what was in the memory. */
	if (slot.request->status() == Request::RequestCancelled ||
	    status == FrameMetadata::FrameError || status == FrameMetadata::FrameCancelled) {
		fail(slot);
		return;
	}

	stamp(slot);
	controls_->report(slot.request->metadata(), &slot.frame);
	if (!converter_.joinable()) {
		sync_buffer(slot.fds, max_planes, DMA_BUF_SYNC_START);
		deliver(slot);
		return;
	}
	/* The ring has room for every request that there is. */
	(void) vz_ring_push(&ring_, &slot);
	sem_post(&ready_);
}

/* The camera, or the converter, could not make a picture of this one. */
void capture::fail(request_slot &slot) noexcept
{
	int r = ++n_failed_ > max_failed ? -EIO : queue(slot);

	if (r < 0)
		lose(r);
}

void capture::lose(int r) noexcept
{
	n_in_sink_++;
	if (is_running_ && !is_lost_.exchange(true))
		sink_.lost(r, sink_.data);
	n_in_sink_--;
}

/*
 * Time stamps are meant to be of CLOCK_MONOTONIC or, by libcamera's documentation, of
 * CLOCK_BOOTTIME; they differ on a machine that has slept. A stamp near neither was not set at all.
 */
static int64_t monotonic_of(int64_t timestamp_ns)
{
	int64_t now = now_ns(CLOCK_MONOTONIC), boot;

	if (std::llabs(now - timestamp_ns) < second_ns)
		return timestamp_ns;
	boot = now_ns(CLOCK_BOOTTIME);
	if (std::llabs(boot - timestamp_ns) < second_ns)
		return timestamp_ns - (boot - now);
	return now;
}

void capture::stamp(request_slot &slot) noexcept
{
	const FrameMetadata &metadata = slot.buffer->metadata();
	auto sensor = slot.request->metadata().get(controls::SensorTimestamp);
	int64_t timestamp_ns = monotonic_of(sensor ? *sensor : int64_t(metadata.timestamp));
	uint32_t step = metadata.sequence - last_sequence_;

	/* The virtual pipeline of 0.4 does not set it either: each picture is the next one then. */
	if (has_sequence_)
		sequence_ += step >= 1 && step <= max_gap ? step : 1;
	has_sequence_ = true;
	last_sequence_ = metadata.sequence;

	timestamp_ns = std::max(timestamp_ns, last_timestamp_ns_ + 1);
	last_timestamp_ns_ = timestamp_ns;
	slot.frame.timestamp_ns = slot.frame.source_timestamp_ns = timestamp_ns;
	slot.frame.sequence = sequence_;

	/* Of JPEG the picture's own size; some pipelines leave it 0. */
	if (format_.layout == layout::mjpeg) {
		size_t length = slot.buffer->planes()[0].length;
		size_t used = metadata.planes().empty() ? 0 : metadata.planes()[0].bytesused;

		slot.size_bytes = used > 0 && used <= length ? used : length;
	}
}

/* Thread: libcamera's or the converter's. */
void capture::deliver(request_slot &slot) noexcept
{
	n_failed_ = 0;
	refs_++;
	__atomic_store_n(&slot.frame.refs, 1, __ATOMIC_RELEASE);
	n_in_sink_++;
	if (is_running_)
		sink_.frame(&slot.frame, sink_.data);
	else
		give_back(slot);
	n_in_sink_--;
}

/* --- a frame comes back: any thread ----------------------------------------------------------- */

void capture::on_release(struct vz_frame *frame, void *data) noexcept
{
	request_slot &slot = *static_cast<request_slot *>(data);

	(void) frame;
	slot.owner->give_back(slot);
}

void capture::give_back(request_slot &slot) noexcept
{
	int r;

	sync_buffer(slot.fds, max_planes, DMA_BUF_SYNC_END);
	r = queue(slot);
	if (r < 0)
		lose(r);
	/* It may have been the last frame of a run that is over: nothing of ours after this. */
	unref();
}

/*
 * Camera::queueRequest() may be called on any thread, but only while the camera runs: one that
 * came behind the stop would be started with the next run. So the lock is held from the question
 * to the answer, and stop() takes it to end the run.
 */
int capture::queue(request_slot &slot) noexcept
{
	try {
		std::lock_guard<std::mutex> lock(mutex_);

		if (!is_running_)
			return 0;
		if (slot.request->status() != Request::RequestPending)
			slot.request->reuse(Request::ReuseBuffers);
		/* Into the request's own list: since 0.7 it refuses to be given another one. */
		controls_->put_changed(&slot.request->controls());
		return camera_->queueRequest(slot.request.get());
	} catch (const std::bad_alloc &) {
		return -ENOMEM;
	}
}

/* --- the converter's thread ------------------------------------------------------------------- */

int capture::start_converter()
{
	sigset_t all, before;
	int r = 0;

	/* Signals are for the main thread. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	is_converting_ = true;
	try {
		converter_ = std::thread(&capture::run_converter, this);
		pthread_setname_np(converter_.native_handle(), "vizyd-convert");
	} catch (const std::system_error &e) {
		r = -e.code().value();
	}
	pthread_sigmask(SIG_SETMASK, &before, nullptr);
	return r;
}

void capture::stop_converter()
{
	if (!converter_.joinable())
		return;
	is_converting_ = false;
	sem_post(&ready_);
	converter_.join();
}

void capture::run_converter() noexcept
{
	while (is_converting_) {
		if (sem_wait(&ready_) < 0)
			continue;

		auto *slot = static_cast<request_slot *>(vz_ring_pop(&ring_));
		if (!slot || !is_running_)
			continue;
		sync_buffer(slot->fds, max_planes, DMA_BUF_SYNC_START);
		if (convert(*slot) < 0) {
			sync_buffer(slot->fds, max_planes, DMA_BUF_SYNC_END);
			fail(*slot);
		} else {
			deliver(*slot);
		}
	}
}

int capture::convert(request_slot &slot) noexcept
{
	const struct vz_planes *dst = &slot.own;
	const uint8_t *src = slot.plane[0];
	uint32_t stride = slot.stride_bytes[0], w = width_px_, h = height_px_;
	bool stretch = format_.stretch;

	switch (format_.layout) {
	case layout::i420:
	case layout::yv12:
		vz_convert_stretch_luma(dst->plane[0], dst->stride_bytes[0], src, stride, w, h);
		for (unsigned i = 1; i < 3; i++)
			vz_convert_stretch_chroma(dst->plane[i], dst->stride_bytes[i],
						  slot.plane[i], slot.stride_bytes[i], w / 2,
						  h / 2);
		return 0;
	case layout::nv12:
	case layout::nv21:
		if (stretch)
			vz_convert_stretch_luma(dst->plane[0], dst->stride_bytes[0], src, stride, w,
						h);
		vz_convert_interleaved_chroma(dst, slot.plane[1], slot.stride_bytes[1], w, h,
					      format_.layout == layout::nv21, stretch);
		return 0;
	case layout::yuyv:
	case layout::uyvy:
		vz_convert_packed_422(dst, src, stride, w, h, format_.layout == layout::uyvy,
				      stretch);
		return 0;
	case layout::mjpeg:
		return vz_mjpeg_decode(mjpeg_, src, slot.size_bytes, dst);
	case layout::rgb:
	case layout::bgr:
		vz_convert_rgb(dst, src, stride, w, h, 3, format_.layout == layout::bgr ? 2 : 0);
		return 0;
	case layout::rgbx:
	case layout::bgrx:
		vz_convert_rgb(dst, src, stride, w, h, 4, format_.layout == layout::bgrx ? 2 : 0);
		return 0;
	}
	return -EOPNOTSUPP;
}
