#include "camera/libcamera-capture.h"

#include <algorithm>
#include <cerrno>

#include <libcamera/color_space.h>
#include <libcamera/formats.h>

using namespace libcamera;

/* What a camera gives when nobody wishes: enough for a page, and light enough for a Pi. */
static constexpr Size usual_size(1280, 720);
/* Above this many pixels the cable of a USB camera carries JPEG faster than raw pixels. */
static constexpr unsigned max_raw_usb_px = 640 * 480;
/* One in the encoder, one waiting for it, the same for motion, and two for the camera. */
static constexpr unsigned n_buffers = 6;

static const struct {
	const PixelFormat *format;
	enum layout layout;
} known[] = {
	{ &formats::YUV420, layout::i420 },   { &formats::YVU420, layout::yv12 },
	{ &formats::NV12, layout::nv12 },     { &formats::NV21, layout::nv21 },
	{ &formats::YUYV, layout::yuyv },     { &formats::UYVY, layout::uyvy },
	{ &formats::MJPEG, layout::mjpeg },   { &formats::BGR888, layout::rgb },
	{ &formats::RGB888, layout::bgr },    { &formats::XBGR8888, layout::rgbx },
	{ &formats::XRGB8888, layout::bgrx }, { &formats::ABGR8888, layout::rgbx },
	{ &formats::ARGB8888, layout::bgrx },
};

static bool is_rgb(enum layout layout)
{
	return layout == layout::rgb || layout == layout::bgr || layout == layout::rgbx ||
	       layout == layout::bgrx;
}

unsigned chosen_format::n_direct_planes() const
{
	if (stretch)
		return 0;
	if (layout == layout::i420 || layout == layout::yv12)
		return 3;
	return layout == layout::nv12 || layout == layout::nv21 ? 1 : 0;
}

static std::vector<PixelFormat> order_of_preference(const StreamConfiguration &stream,
						    const Size &size)
{
	std::vector<PixelFormat> offered = stream.formats().pixelformats(), wanted;

	for (const auto &k : known)
		if (std::find(offered.begin(), offered.end(), *k.format) != offered.end())
			wanted.push_back(*k.format);

	if (size.width * size.height > max_raw_usb_px) {
		auto is_packed = [](const PixelFormat &f) {
			return f == formats::YUYV || f == formats::UYVY;
		};
		auto packed = std::find_if(wanted.begin(), wanted.end(), is_packed);
		auto jpeg = std::find(wanted.begin(), wanted.end(), formats::MJPEG);

		if (packed != wanted.end() && jpeg != wanted.end() && packed < jpeg)
			std::rotate(packed, jpeg, jpeg + 1);
	}
	return wanted;
}

/*
 * Whether pixels come in video range. We ask for the full one (sYCC is what JPEG means); a
 * pipeline that grants something else says so, and one that says nothing means V4L2's default.
 */
static bool is_video_range(const StreamConfiguration &stream, enum layout layout)
{
	if (layout == layout::mjpeg || is_rgb(layout))
		return false;
	return !stream.colorSpace || stream.colorSpace->range == ColorSpace::Range::Limited;
}

static bool try_format(CameraConfiguration *configuration, const PixelFormat &format,
		       const Size &size, chosen_format *ret)
{
	StreamConfiguration &stream = configuration->at(0);

	stream.pixelFormat = format;
	stream.size = size;
	stream.bufferCount = std::max(stream.bufferCount, n_buffers);
	stream.colorSpace = ColorSpace::Sycc;
	if (configuration->validate() == CameraConfiguration::Invalid)
		return false;

	/* Validation may have put another format in its place. */
	for (const auto &k : known) {
		if (*k.format != stream.pixelFormat)
			continue;
		ret->layout = k.layout;
		ret->stretch = is_video_range(stream, k.layout);
		return stream.size.width >= 2 && stream.size.height >= 2;
	}
	return false;
}

int choose_format(Camera &camera, const struct vz_source_format &wish, chosen_format *ret)
{
	for (StreamRole role : { StreamRole::VideoRecording, StreamRole::Viewfinder }) {
		auto configuration = camera.generateConfiguration({ role });

		if (!configuration || configuration->empty())
			continue;
		Size size = wish.width_px && wish.height_px ? Size(wish.width_px, wish.height_px)
							    : usual_size;
		for (const PixelFormat &f : order_of_preference(configuration->at(0), size)) {
			if (!try_format(configuration.get(), f, size, ret))
				continue;
			ret->configuration = std::move(configuration);
			return 0;
		}
	}
	return -EOPNOTSUPP;
}
