/*
 * A source in a module of its own, loaded when somebody asks for it: the libraries behind it are
 * large. Those that decode video alone would cost each start of the daemon 100 ms and 20 MB.
 *
 * A module is ours and of the same build; plugins are another thing. It shares no state with the
 * daemon, is given none, and stays loaded.
 *
 * Thread: any.
 */
#pragma once

#include <stddef.h>

#include "camera/source.h"

struct vz_clip_ops;

struct vz_source_module {
	const char *version;
	size_t frame_size, control_size; /* two builds of one version may still differ */
	const struct vz_source_ops *ops;
	const struct vz_clip_ops *clip_ops; /* NULL: it does not read files */
};

/* Defines what the module shows to the daemon: the source @source, and how to read clips. */
#define VZ_SOURCE_MODULE(source, clip_ops)                                                       \
	__attribute__((                                                                          \
		visibility("default"))) extern const struct vz_source_module vz_source_module;   \
	const struct vz_source_module vz_source_module = { VZ_VERSION, sizeof(struct vz_frame),  \
							   sizeof(struct vz_control), &(source), \
							   clip_ops }

/*
 * Loads "vizyd-NAME.so" from $VIZYD_MODULE_DIR or, when that is not set, from the build tree of
 * the running program or else the place of installation. Returns 0, -EOPNOTSUPP (there is none)
 * or -ELIBBAD (it is of another build).
 */
int vz_source_module_open(const char *name, const struct vz_source_module **ret);
/* The source of it alone. */
int vz_source_module_load(const char *name, const struct vz_source_ops **ret);
/*
 * What a module of any kind shows under the name @symbol; whether it is of this build is for the
 * caller to see. The same errors, and it says in the log why one that is there cannot be loaded.
 */
int vz_source_module_symbol(const char *name, const char *symbol, const void **ret);
