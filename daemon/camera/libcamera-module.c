/* What the module "libcamera" shows to the daemon. */
#include "camera/libcamera.h"
#include "camera/source-module.h"

VZ_SOURCE_MODULE(vz_libcamera_module_source, NULL);
