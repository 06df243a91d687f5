#include "vizyd/frame.h"

struct vz_frame *vz_frame_ref(struct vz_frame *frame)
{
	__atomic_add_fetch(&frame->refs, 1, __ATOMIC_RELAXED);
	return frame;
}

struct vz_frame *vz_frame_unref(struct vz_frame *frame)
{
	if (frame && __atomic_sub_fetch(&frame->refs, 1, __ATOMIC_ACQ_REL) == 0)
		frame->release(frame, frame->release_data);
	return NULL;
}
