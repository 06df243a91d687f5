/* The part of a capture that is made once, at its start: memory, frames and requests. */
#include "camera/libcamera-capture.h"

#include <algorithm>
#include <cerrno>
#include <new>
#include <sys/mman.h>

using namespace libcamera;

capture::capture(std::shared_ptr<Camera> camera, camera_controls *controls, chosen_format format,
		 const struct vz_sink &sink, uint32_t generation)
    : camera_(std::move(camera)), controls_(controls), format_(std::move(format)), sink_(sink),
      generation_(generation)
{
	const StreamConfiguration &stream = format_.configuration->at(0);

	width_px_ = stream.size.width & ~1u;
	height_px_ = stream.size.height & ~1u;
	stride_bytes_ = stream.stride;
	sem_init(&ready_, 0, 0);
}

capture::~capture()
{
	for (const mapping &m : mappings_)
		munmap(m.data, m.size);
	vz_mjpeg_free(mjpeg_);
	sem_destroy(&ready_);
}

int capture::init()
{
	Stream *stream = format_.configuration->at(0).stream();
	int r;

	allocator_ = std::make_unique<FrameBufferAllocator>(camera_);
	r = allocator_->allocate(stream);
	if (r < 0)
		return r;
	const auto &buffers = allocator_->buffers(stream);
	if (buffers.empty())
		return -ENOBUFS;
	if (format_.layout == layout::mjpeg) {
		r = vz_mjpeg_new(width_px_, height_px_, &mjpeg_);
		if (r < 0)
			return r;
	}

	/* More than the rings of our consumers hold would be of no use. */
	slots_ = std::vector<request_slot>(std::min<std::size_t>(buffers.size(), VZ_RING_SIZE / 2));
	for (std::size_t i = 0; i < slots_.size(); i++) {
		r = make_slot(slots_[i], buffers[i].get(), stream);
		if (r < 0)
			return r;
	}
	return 0;
}

int capture::make_slot(request_slot &slot, FrameBuffer *buffer, Stream *stream)
{
	int r;

	slot.owner = this;
	slot.buffer = buffer;
	r = map_buffer(*buffer);
	if (r < 0)
		return r;
	r = find_planes(slot);
	if (r < 0)
		return r;
	r = make_frame(slot);
	if (r < 0)
		return r;
	slot.request = camera_->createRequest(uint64_t(reinterpret_cast<uintptr_t>(&slot)));
	if (!slot.request)
		return -ENOMEM;
	return slot.request->addBuffer(stream, buffer);
}

const capture::mapping *capture::find_mapping(const SharedFD &fd) const
{
	for (const mapping &m : mappings_)
		if (m.fd.get() == fd.get())
			return &m;
	return nullptr;
}

/* Maps each file of the buffer once, as far as its planes reach. */
int capture::map_buffer(const FrameBuffer &buffer)
{
	for (const FrameBuffer::Plane &plane : buffer.planes()) {
		size_t size = 0;

		if (plane.offset == FrameBuffer::Plane::kInvalidOffset)
			return -EINVAL;
		if (find_mapping(plane.fd))
			continue;
		for (const FrameBuffer::Plane &other : buffer.planes())
			if (other.fd.get() == plane.fd.get())
				size = std::max(size, size_t(other.offset) + other.length);

		void *data = mmap(nullptr, size, PROT_READ, MAP_SHARED, plane.fd.get(), 0);
		if (data == MAP_FAILED)
			return -errno;
		mappings_.push_back({ plane.fd, static_cast<uint8_t *>(data), size });
	}
	return 0;
}

/* How the planes of a layout lie: how many, and what of a line is used. */
struct plane_shape {
	unsigned n_planes, stride_divisor, bytes_per_px;
};

static plane_shape shape_of(enum layout layout)
{
	switch (layout) {
	case layout::i420:
	case layout::yv12:
		return { 3, 2, 1 };
	case layout::nv12:
	case layout::nv21:
		return { 2, 1, 1 };
	case layout::yuyv:
	case layout::uyvy:
		return { 1, 1, 2 };
	case layout::rgb:
	case layout::bgr:
		return { 1, 1, 3 };
	case layout::rgbx:
	case layout::bgrx:
		return { 1, 1, 4 };
	case layout::mjpeg:
		break;
	}
	return { 1, 1, 0 };
}

/*
 * Finds where each plane begins, and checks that its last line lies in the memory that we mapped.
 * A buffer of one piece may be described as one plane: the others then follow the first.
 */
int capture::find_planes(request_slot &slot) const
{
	const plane_shape shape = shape_of(format_.layout);
	const auto &planes = slot.buffer->planes();
	uint32_t full_height_px = format_.configuration->at(0).size.height;
	const mapping *memory = nullptr;
	size_t offset = 0;

	std::fill_n(slot.fds, max_planes, -1);
	for (unsigned i = 0; i < shape.n_planes; i++) {
		uint32_t height_px = i == 0 ? full_height_px : full_height_px / 2;
		uint32_t stride = i == 0 ? stride_bytes_ : stride_bytes_ / shape.stride_divisor;
		size_t line = size_t(width_px_) * shape.bytes_per_px /
			      (i == 0 ? 1 : shape.stride_divisor);

		if (i < planes.size()) {
			memory = find_mapping(planes[i].fd);
			offset = planes[i].offset;
			if (std::find(slot.fds, slot.fds + i, memory->fd.get()) == slot.fds + i)
				*std::find(slot.fds, slot.fds + i, -1) = memory->fd.get();
		}
		if (!memory)
			return -EINVAL;
		if (line > 0 && (stride < line ||
				 offset + size_t(stride) * (height_px - 1) + line > memory->size))
			return -EINVAL;
		slot.plane[i] = memory->data + offset;
		slot.stride_bytes[i] = stride;
		offset += size_t(stride) * height_px;
	}
	if (format_.layout == layout::yv12)
		std::swap(slot.plane[1], slot.plane[2]);
	return 0;
}

/* The frame's planes are the buffer's where these are right as they are, and ours elsewhere. */
int capture::make_frame(request_slot &slot)
{
	struct vz_frame *frame = &slot.frame;
	unsigned n_direct = format_.n_direct_planes();

	if (n_direct < VZ_FRAME_N_PLANES) {
		/* The part that an NV12 picture does not need is never touched, so it costs nothing. */
		slot.memory.reset(new (std::nothrow)
					  uint8_t[vz_planes_size(width_px_, height_px_)]);
		if (!slot.memory)
			return -ENOMEM;
		vz_planes_init(&slot.own, slot.memory.get(), width_px_, height_px_);
	}
	for (unsigned i = 0; i < VZ_FRAME_N_PLANES; i++) {
		frame->plane[i] = i < n_direct ? slot.plane[i] : slot.own.plane[i];
		frame->stride_bytes[i] =
			i < n_direct ? slot.stride_bytes[i] : slot.own.stride_bytes[i];
	}
	frame->width_px = width_px_;
	frame->height_px = height_px_;
	frame->generation = generation_;
	frame->release = on_release;
	frame->release_data = &slot;
	return 0;
}
