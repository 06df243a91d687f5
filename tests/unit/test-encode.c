#include "camera-rig.h"

#include <errno.h>
#include <turbojpeg.h>

struct pictures {
	unsigned n;
	struct vz_blob *last;
};

static void on_picture(struct vz_blob *jpeg, void *data)
{
	struct pictures *pictures = data;

	pictures->n++;
	(void) vz_blob_unref(pictures->last);
	pictures->last = vz_blob_ref(jpeg);
}

/* The mean of the decoded picture's green, which goes with its luma. */
static double decode_mean(const struct vz_blob *jpeg, int *ret_width, int *ret_height)
{
	tjhandle handle = tjInitDecompress();
	int subsampling, colourspace, width, height;
	unsigned char *rgb;
	double sum = 0;

	CHECK(handle);
	CHECK_EQ(tjDecompressHeader3(handle, jpeg->data, jpeg->size, &width, &height, &subsampling,
				     &colourspace),
		 0);
	CHECK_EQ(subsampling, TJSAMP_420);
	CHECK_EQ(colourspace, TJCS_YCbCr);
	rgb = malloc((size_t) width * (size_t) height * 3);
	CHECK(rgb);
	CHECK_EQ(tjDecompress2(handle, jpeg->data, jpeg->size, rgb, width, 0, height, TJPF_RGB, 0),
		 0);
	for (int i = 0; i < width * height; i++)
		sum += rgb[3 * i + 1];
	free(rgb);
	(void) tjDestroy(handle);
	*ret_width = width;
	*ret_height = height;
	return sum / (width * height);
}

TEST(encoder_makes_pictures_of_the_frames_only_when_wanted)
{
	struct rig rig = rig_new(0);
	struct pictures pictures = { 0 };
	struct vz_encoder *encoder;
	int width, height;
	size_t good_size;
	double mean;

	CHECK_EQ(vz_encoder_new(rig.loop, rig.camera, on_picture, &pictures, &encoder), 0);
	vz_loop_test_advance(rig.loop, 1000000);
	CHECK_EQ(plug.n_started, 0);

	vz_encoder_set_wanted(encoder, 2);
	PUMP_UNTIL(rig.loop, pictures.n >= 30);
	CHECK_EQ(pictures.last->width_px, 160);
	CHECK_EQ(pictures.last->height_px, 120);
	CHECK(pictures.last->sequence >= 29);
	CHECK(pictures.last->timestamp_ns > 0);
	mean = decode_mean(pictures.last, &width, &height);
	CHECK_EQ(width, 160);
	CHECK_EQ(height, 120);
	CHECK(mean > 60 && mean < 180);
	CHECK(vz_encoder_get_counters(encoder)->encoded >= 30);
	CHECK_EQ(vz_encoder_get_counters(encoder)->failed, 0);
	CHECK(vz_encoder_get_counters(encoder)->bytes > 30 * 500);

	good_size = pictures.last->size;
	vz_encoder_set_quality(encoder, -5);
	pictures.n = 0;
	PUMP_UNTIL(rig.loop, pictures.n >= 3);
	CHECK(pictures.last->size < good_size / 2);

	vz_encoder_set_wanted(encoder, 0);
	PUMP_UNTIL(rig.loop, vz_camera_get_state(rig.camera) == VZ_CAMERA_STOPPED);
	pictures.n = 0;
	for (int i = 0; i < 20; i++)
		(void) vz_loop_test_step(rig.loop, 1);
	CHECK_EQ(pictures.n, 0);

	CHECK(!vz_encoder_free(encoder));
	CHECK(!vz_encoder_free(NULL));
	(void) vz_blob_unref(pictures.last);
	rig_free(&rig);
}

TEST(encoder_is_freed_with_pictures_on_their_way)
{
	for (int i = 0; i < 20; i++) {
		struct rig rig = rig_new(0);
		struct pictures pictures = { 0 };
		struct vz_encoder *encoder;

		CHECK_EQ(vz_encoder_new(rig.loop, rig.camera, on_picture, &pictures, &encoder), 0);
		vz_encoder_set_wanted(encoder, 1);
		PUMP_UNTIL(rig.loop, vz_camera_get_counters(rig.camera)->captured > 0);
		(void) vz_encoder_free(encoder);
		(void) vz_blob_unref(pictures.last);
		rig_free(&rig);
	}
}

/* --- A source of one grey level, without controls ----------------------------------------- */

static struct {
	struct vz_sink sink;
	uint32_t generation;
	uint64_t sequence;
	uint8_t planes[3][80 * 64];
} grey;

static int grey_open(const char *id, struct vz_control_table *controls, char **ret_name,
		     struct vz_source **ret)
{
	*ret_name = strdup("Grey");
	*ret = (struct vz_source *) &grey;
	return *ret_name ? 0 : -ENOMEM;
}

static int grey_start(struct vz_source *source, const struct vz_source_format *format,
		      const struct vz_control_table *controls, const struct vz_sink *sink,
		      uint32_t generation, struct vz_source_format *ret_format)
{
	grey.sink = *sink;
	grey.generation = generation;
	*ret_format = (struct vz_source_format){ .width_px = 70, .height_px = 50 };
	return 0;
}

static void grey_stop(struct vz_source *source)
{
}

static struct vz_source *grey_close(struct vz_source *source)
{
	return NULL;
}

static const struct vz_source_ops grey_source = {
	.kind = "grey",
	.open = grey_open,
	.start = grey_start,
	.stop = grey_stop,
	.close = grey_close,
};

static void grey_release(struct vz_frame *frame, void *data)
{
	free(frame);
}

/* A size that is no multiple of anything, and strides that are not the width. */
static void deliver_grey(uint8_t level)
{
	struct vz_frame *frame = malloc(sizeof(*frame));

	CHECK(frame);
	memset(grey.planes[0], level, sizeof(grey.planes[0]));
	memset(grey.planes[1], 128, sizeof(grey.planes[1]));
	memset(grey.planes[2], 128, sizeof(grey.planes[2]));
	*frame = (struct vz_frame){
		.width_px = 70,
		.height_px = 50,
		.plane = { grey.planes[0], grey.planes[1], grey.planes[2] },
		.stride_bytes = { 80, 40, 48 },
		.sequence = grey.sequence,
		.timestamp_ns = 1 + (int64_t) grey.sequence++,
		.generation = grey.generation,
		.refs = 1,
		.release = grey_release,
	};
	grey.sink.frame(frame, grey.sink.data);
}

static double encode_grey(struct vz_loop *loop, struct pictures *pictures, uint8_t level)
{
	int width, height;
	double mean;

	pictures->n = 0;
	deliver_grey(level);
	PUMP_UNTIL(loop, pictures->n == 1);
	mean = decode_mean(pictures->last, &width, &height);
	CHECK_EQ(width, 70);
	CHECK_EQ(height, 50);
	return mean;
}

TEST(encoder_keeps_full_range_levels_and_applies_the_tone_curve)
{
	struct vz_camera_options options = { 0 };
	struct pictures pictures = { 0 };
	struct vz_encoder *encoder;
	struct vz_camera *camera;
	struct vz_loop *loop;

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	CHECK_EQ(vz_camera_new_with_ops(loop, &options, &grey_source, NULL, &camera), 0);
	CHECK_EQ(vz_encoder_new(loop, camera, on_picture, &pictures, &encoder), 0);
	vz_encoder_set_wanted(encoder, 1);
	vz_loop_test_advance(loop, 0);
	CHECK_EQ(vz_camera_get_state(camera), VZ_CAMERA_LIVE);

	/* Black and white are black and white, not 16 and 235. */
	CHECK_NEAR(encode_grey(loop, &pictures, 0), 0, 1);
	CHECK_NEAR(encode_grey(loop, &pictures, 77), 77, 1.5);
	CHECK_NEAR(encode_grey(loop, &pictures, 255), 255, 1);

	CHECK_EQ(vz_camera_set_brightness(camera, 75), 0);
	CHECK(vz_camera_get_tone(camera));
	CHECK_NEAR(encode_grey(loop, &pictures, 77), vz_camera_get_tone(camera)[77], 1.5);
	CHECK(vz_camera_get_tone(camera)[77] > 120);
	CHECK_EQ(vz_camera_set_brightness(camera, 25), 0);
	CHECK_NEAR(encode_grey(loop, &pictures, 77), vz_camera_get_tone(camera)[77], 1.5);
	CHECK_EQ(vz_camera_set_brightness(camera, 50), 0);
	CHECK(!vz_camera_get_tone(camera));
	CHECK_NEAR(encode_grey(loop, &pictures, 77), 77, 1.5);

	(void) vz_encoder_free(encoder);
	(void) vz_blob_unref(pictures.last);
	(void) vz_camera_free(camera);
	(void) vz_loop_free(loop);
}
