/*
 * The JPEG worker: newest frame in, picture out, on its own thread, by libjpeg-turbo straight
 * from the YUV planes. It works only while somebody wants pictures.
 *
 * Thread: loop; the pictures arrive on the loop.
 */
#pragma once

#include <stdint.h>

#include "util/cleanup.h"

struct vz_blob;
struct vz_camera;
struct vz_encoder;
struct vz_loop;

struct vz_encoder_counters {
	uint64_t encoded, failed, bytes;
};

/* @picture gets each new picture on the loop, borrowed. */
int vz_encoder_new(struct vz_loop *loop, struct vz_camera *camera,
		   void (*picture)(struct vz_blob *jpeg, void *data), void *data,
		   struct vz_encoder **ret);
struct vz_encoder *vz_encoder_free(struct vz_encoder *encoder);
VZ_DEFINE_CLEANUP(vz_encoder_free, struct vz_encoder *, vz_encoder_free)

/* How many consumers want pictures; 0: nothing is taken and nothing encoded. */
void vz_encoder_set_wanted(struct vz_encoder *encoder, unsigned n_consumers);
/* 1..100, at first 80. */
void vz_encoder_set_quality(struct vz_encoder *encoder, int quality_percent);
/*
 * For how many microseconds its thread has had something to do that it has not come back from; 0:
 * it has nothing to do. A picture takes some milliseconds.
 */
int64_t vz_encoder_busy_us(struct vz_encoder *encoder);
const struct vz_encoder_counters *vz_encoder_get_counters(const struct vz_encoder *encoder);
