/*
 * Cameras through libcamera, as a source: the C face of the C++ behind it. It is in a module of its
 * own; the daemon has vz_libcamera_source, which loads that.
 */
#pragma once

#include "camera/source.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const struct vz_source_ops vz_libcamera_module_source;

#ifdef __cplusplus
}
#endif
