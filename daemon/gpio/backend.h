/*
 * Where lines come from: devices through libgpiod, or a desk without any. Private to gpio/ and its
 * tests, which bring backends of their own.
 *
 * Thread: loop.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct vz_line_spec;
struct vz_loop;

struct vz_edge {
	bool active;
	int64_t at_us;	/* CLOCK_MONOTONIC, of the edge itself */
	uint32_t seqno; /* of the line: a gap is what was lost */
};

/* What a source tells its line. */
struct vz_line_sink {
	/* The source may not be closed in it. */
	void (*edge)(const struct vz_edge *edge, void *data);
	/* The chip has gone, with -ENODEV or so: the last call. The source is closed in it. */
	void (*gone)(int r, void *data);
	void *data;
};

/* A line that is open; the backend's own struct begins with it. */
struct vz_line_source {
	const struct vz_gpio_backend *backend;
	bool is_debounced; /* by the kernel */
};

struct vz_gpio_backend {
	/*
	 * Takes the line and watches it; an output starts at @active. @spec and what @sink points
	 * at stay until close(). Returns 0, -ENOENT (no such chip), -ENXIO (the chip has no such
	 * line), -EBUSY (somebody else has it), -EOPNOTSUPP (not built in) or another errno.
	 */
	int (*open)(struct vz_loop *loop, const struct vz_line_spec *spec, bool active,
		    const struct vz_line_sink *sink, struct vz_line_source **ret);
	void (*close)(struct vz_line_source *source);
	/* 0 or 1, as active; or a negative errno. */
	int (*get)(struct vz_line_source *source);
	int (*set)(struct vz_line_source *source, bool active);
	/* Moves an input as a finger would. NULL: nobody but the world can. */
	int (*move)(struct vz_line_source *source, bool active);
};

extern const struct vz_gpio_backend vz_gpio_devices;
extern const struct vz_gpio_backend vz_gpio_simulated;
