#include "camera/libcamera-log.h"

#include <cstdlib>
#include <ostream>
#include <streambuf>
#include <string_view>

#include <libcamera/logging.h>

extern "C" {
#include "util/log.h"
}

static const struct {
	std::string_view word;
	enum vz_level level;
} levels[] = {
	{ "FATAL ", VZ_ERROR }, { "ERROR ", VZ_WARNING }, { "WARN ", VZ_INFO },
	{ "INFO ", VZ_DEBUG },	{ "DEBUG ", VZ_DEBUG },
};

/*
 * libcamera writes a line with one call, on whatever thread it is, and does not lock around it: so
 * this has no buffer and no state. A line is "[time] [thread] LEVEL Category file:line text".
 */
class log_buffer : public std::streambuf
{
      protected:
	std::streamsize xsputn(const char *text, std::streamsize size) override
	{
		std::string_view line(text, std::size_t(size));

		while (!line.empty() && line.back() == '\n')
			line.remove_suffix(1);
		for (const auto &l : levels) {
			std::size_t at = line.find(l.word);

			if (at == std::string_view::npos)
				continue;
			write(l.level, line.substr(at + l.word.size()));
			return size;
		}
		write(VZ_DEBUG, line);
		return size;
	}

	int_type overflow(int_type c) override
	{
		return traits_type::not_eof(c);
	}

      private:
	static void write(enum vz_level level, std::string_view text)
	{
		if (vz_log_enabled(VZ_TOPIC_CAM, level))
			vz_log_line(VZ_TOPIC_CAM, level, "libcamera: %.*s", int(text.size()),
				    text.data());
	}
};

void take_libcamera_log()
{
	/* Never freed: libcamera may have a last word when the process ends. */
	static auto *buffer = new log_buffer;
	static auto *stream = new std::ostream(buffer);

	if (!std::getenv("LIBCAMERA_LOG_FILE") && !std::getenv("LIBCAMERA_LOG_LEVELS"))
		libcamera::logSetStream(stream);
}
