/*
 * The camera in words: what a person reads in the status line and in the log.
 */
#include "camera/camera-private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

const char *vz_camera_state_name(enum vz_camera_state state)
{
	static const char *const names[] = {
		[VZ_CAMERA_STOPPED] = "stopped",
		[VZ_CAMERA_LIVE] = "live",
		[VZ_CAMERA_LOST] = "lost",
		[VZ_CAMERA_ENDED] = "ended",
	};

	return names[state];
}

const char *vz_camera_describe_error(int r)
{
	switch (r) {
	case -ENODEV:
		return "no camera is connected";
	case -EBUSY:
		return "another program is using it";
	case -EOPNOTSUPP:
		return "this build has no support for it";
	case -EBADMSG:
		return "it cannot be decoded";
	case -ENODATA:
		return "there is no video in it";
	case -ETIMEDOUT:
		return "it delivers no pictures";
	default:
		return strerror(-r);
	}
}

/* What to call the camera when none has been opened. */
const char *vz_camera_get_name(const struct vz_camera *camera)
{
	if (camera->name)
		return camera->name;
	return camera->id ? camera->id : "Camera";
}

void vz_camera_describe(struct vz_camera *camera, int r)
{
	const char *name = vz_camera_get_name(camera);
	int n = 0;

	switch (camera->state) {
	case VZ_CAMERA_STOPPED:
		n = snprintf(camera->text, sizeof(camera->text), "%s, paused", name);
		break;
	case VZ_CAMERA_LIVE:
		n = snprintf(camera->text, sizeof(camera->text), "%s, %ux%u", name,
			     camera->format.width_px, camera->format.height_px);
		if (n > 0 && (size_t) n < sizeof(camera->text) && camera->format.fps > 0)
			n = snprintf(camera->text + n, sizeof(camera->text) - (size_t) n,
				     ", %.4g fps", camera->format.fps);
		break;
	case VZ_CAMERA_LOST:
		n = snprintf(camera->text, sizeof(camera->text),
			     "%s: %s. Trying again every %.3g s", name, vz_camera_describe_error(r),
			     (double) camera->retry_us / 1e6);
		break;
	case VZ_CAMERA_ENDED:
		n = snprintf(camera->text, sizeof(camera->text), "%s has been played", name);
		break;
	}
	if (n < 0)
		camera->text[0] = '\0';
}
