/*
 * What a plugin says of itself, read from the file without running anything of it: dlopen(3) would
 * run its constructors. The symbol `vz_plugin` is looked up in the ELF file and its table judged:
 * ABI, sizes, name.
 *
 * A file is copied into memory first and loaded from there, so that what was judged is what runs,
 * and a plugin that is copied over while it runs does no harm.
 *
 * Thread: loop.
 */
#pragma once

#include <stddef.h>

#include "util/cleanup.h"
#include "vizyd/host.h"

#define VZ_MANIFEST_MAX_BYTES (64u << 20)

struct vz_manifest {
	/* What a shorter table lacks is NULL. No pointer in it means anything yet. */
	struct vz_plugin plugin;
	char error[256]; /* what was wrong and what was expected, when reading it failed */
};

/*
 * Reads the table from @size bytes of an ELF file. Returns 0, -ELIBBAD (no plugin of ours),
 * -EPROTONOSUPPORT (another ABI, or made for a newer daemon) or -EINVAL (a bad name), with
 * @manifest->error saying more.
 */
int vz_manifest_read(const void *elf, size_t size, struct vz_manifest *manifest);

/*
 * Copies the file at @path into memory that no one can change and reads its manifest. Returns the
 * copy's descriptor, which the caller closes, or what vz_manifest_read() returns or another
 * negative errno, with @manifest->error filled.
 */
int vz_manifest_open(const char *path, struct vz_manifest *manifest);

/* Whether @name is one that a plugin may have; also keeps '/' out of paths. */
bool vz_manifest_check_name(const char *name);
