/* The module of Motionscope as another build has it: nothing but its version is to be looked at. */
#include "motionscope-module.h"

__attribute__((visibility(
	"default"))) extern const struct vz_motionscope_functions vz_motionscope_functions;

const struct vz_motionscope_functions vz_motionscope_functions = { .version = "0.0.0" };
