#include <errno.h>
#include <stdlib.h>
#include <turbojpeg.h>

#include "camera/mjpeg.h"
#include "test.h"
#include "util/cleanup.h"

#define W 96u
#define H 48u

/* A picture of one colour on the left and another on the right, as a camera would send it. */
static unsigned char *make_jpeg(int width, int height, int subsampling, unsigned long *ret_size)
{
	VZ_CLEANUP(vz_freep) uint8_t *rgb = malloc((size_t) width * (size_t) height * 3);
	unsigned char *jpeg = NULL;
	tjhandle handle = tjInitCompress();
	int r;

	for (int i = 0; i < width * height; i++) {
		bool left = i % width < width / 2;

		rgb[3 * i] = left ? 200 : 20;
		rgb[3 * i + 1] = 60;
		rgb[3 * i + 2] = left ? 20 : 200;
	}
	r = tjCompress2(handle, rgb, width, 0, height, TJPF_RGB, &jpeg, ret_size, subsampling, 95,
			TJFLAG_ACCURATEDCT);
	tjDestroy(handle);
	CHECK_EQ(r, 0);
	return jpeg;
}

static struct vz_planes make_planes(uint8_t **ret_memory)
{
	struct vz_planes planes;

	*ret_memory = calloc(1, vz_planes_size(W, H));
	vz_planes_init(&planes, *ret_memory, W, H);
	return planes;
}

static int sample(const struct vz_planes *p, unsigned plane, unsigned x, unsigned y)
{
	return p->plane[plane][y * p->stride_bytes[plane] + x];
}

TEST(subsamplings_of_cameras)
{
	static const struct {
		const char *label;
		int subsampling;
		bool is_grey;
	} cases[] = {
		{ "4:2:0", TJSAMP_420, false },
		{ "4:2:2", TJSAMP_422, false },
		{ "4:4:4", TJSAMP_444, false },
		{ "grey", TJSAMP_GRAY, true },
	};
	struct vz_mjpeg *m = NULL;

	CHECK_EQ(vz_mjpeg_new(W, H, &m), 0);
	for (unsigned i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		VZ_CLEANUP(vz_freep) uint8_t *memory = NULL;
		struct vz_planes p = make_planes(&memory);
		unsigned long size = 0;
		unsigned char *jpeg = make_jpeg(W, H, cases[i].subsampling, &size);

		test_case(cases[i].label);
		CHECK_EQ(vz_mjpeg_decode(m, jpeg, size, &p), 0);
		tjFree(jpeg);
		/* Of (200, 60, 20) and (20, 60, 200) by the matrix of JPEG. */
		CHECK_NEAR(sample(&p, 0, 8, H - 1), 97, 3);
		CHECK_NEAR(sample(&p, 0, W - 8, H - 1), 64, 3);
		CHECK_NEAR(sample(&p, 1, 8, H / 2 - 1), cases[i].is_grey ? 128 : 84, 3);
		CHECK_NEAR(sample(&p, 1, W / 2 - 8, H / 2 - 1), cases[i].is_grey ? 128 : 205, 3);
		CHECK_NEAR(sample(&p, 2, 8, H / 2 - 1), cases[i].is_grey ? 128 : 201, 3);
		CHECK_NEAR(sample(&p, 2, W / 2 - 8, H / 2 - 1), cases[i].is_grey ? 128 : 97, 3);
	}
	test_case(NULL);
	CHECK(!vz_mjpeg_free(m));
}

TEST(other_subsamplings_are_refused)
{
	VZ_CLEANUP(vz_freep) uint8_t *memory = NULL;
	struct vz_planes p = make_planes(&memory);
	struct vz_mjpeg *m = NULL;
	unsigned long size = 0;
	unsigned char *jpeg = make_jpeg(W, H, TJSAMP_411, &size);

	CHECK_EQ(vz_mjpeg_new(W, H, &m), 0);
	CHECK_EQ(vz_mjpeg_decode(m, jpeg, size, &p), -EOPNOTSUPP);
	tjFree(jpeg);
	vz_mjpeg_free(m);
}

TEST(a_picture_of_another_size_is_refused)
{
	VZ_CLEANUP(vz_freep) uint8_t *memory = NULL;
	struct vz_planes p = make_planes(&memory);
	struct vz_mjpeg *m = NULL;
	unsigned long size = 0;
	unsigned char *jpeg = make_jpeg(2 * W, H, TJSAMP_420, &size);

	CHECK_EQ(vz_mjpeg_new(W, H, &m), 0);
	CHECK_EQ(vz_mjpeg_decode(m, jpeg, size, &p), -ERANGE);
	tjFree(jpeg);
	vz_mjpeg_free(m);
}

/* Cut off anywhere, or with a byte wrong anywhere: an error or a picture, and no more than that. */
TEST(broken_pictures)
{
	VZ_CLEANUP(vz_freep) uint8_t *memory = NULL;
	struct vz_planes p = make_planes(&memory);
	struct vz_mjpeg *m = NULL;
	unsigned long size = 0;
	unsigned char *jpeg = make_jpeg(W, H, TJSAMP_422, &size);
	unsigned n_refused = 0;

	CHECK_EQ(vz_mjpeg_new(W, H, &m), 0);
	CHECK_EQ(vz_mjpeg_decode(m, jpeg, 0, &p), -EBADMSG);
	for (unsigned long n = 1; n + 2 < size; n += 7)
		n_refused += vz_mjpeg_decode(m, jpeg, n, &p) < 0;
	CHECK(n_refused > size / 7 / 2);
	for (unsigned long n = 0; n < size; n += 3) {
		jpeg[n] ^= 0x5a;
		(void) vz_mjpeg_decode(m, jpeg, size, &p);
		jpeg[n] ^= 0x5a;
	}
	CHECK_EQ(vz_mjpeg_decode(m, jpeg, size, &p), 0);
	tjFree(jpeg);
	vz_mjpeg_free(m);
}
