#include "test.h"

#include "server/video-socket.h"
#include "util/blob.h"

TEST(the_header_is_little_endian_on_every_machine)
{
	static const uint8_t expected[VZ_VIDEO_HEADER_BYTES] = {
		'V',  'Z',  'F',  '1',	32,   0,    0,	  0,	0x08, 0x07, 0x06,
		0x05, 0x04, 0x03, 0x02, 0x01, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0x80, 0x07, 0,    0,    0x38, 0x04, 0,    0,
	};
	const struct vz_blob jpeg = {
		.timestamp_ns = -2,
		.sequence = 0x0102030405060708,
		.width_px = 1920,
		.height_px = 1080,
	};
	uint8_t header[VZ_VIDEO_HEADER_BYTES];

	vz_video_write_header(&jpeg, header);
	CHECK_EQ(memcmp(header, expected, sizeof(header)), 0);
}
