/*
 * What a camera is to camera.c: three sources speak this interface, libcamera.cpp, simulated.c
 * and file.c. A source has its own thread; it hands frames to a sink, and gets each one's memory
 * back by the frame's release function.
 *
 * The levels of a frame are those of JFIF, ITU-R BT.601 with the full range 0..255, so that a
 * picture is encoded as it is. A source whose camera or file says something else converts.
 *
 * Thread: loop for all functions of the table; the sink's functions are for the source's thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "camera/control.h"
#include "vizyd/frame.h"

#ifdef __cplusplus
extern "C" {
#endif

struct vz_source;

/*
 * Where a source delivers. Both functions take no lock and allocate nothing. Thread: the source's.
 */
struct vz_sink {
	/* Takes @frame, whose one reference it now owns. */
	void (*frame)(struct vz_frame *frame, void *data);
	/* The camera has gone or fails, -errno in @r; 0: a file that plays once has ended. */
	void (*lost)(int r, void *data);
	void *data;
};

struct vz_source_format {
	uint32_t width_px, height_px; /* 0: the source's own choice */
	double fps;		      /* 0: the source's own choice */
	bool once; /* of a file: ends with lost(0) instead of beginning again */
};

/* Borrows both. */
typedef void vz_source_found_fn(const char *id, const char *name, void *data);

struct vz_source_ops {
	const char *kind; /* "libcamera", "simulated", "file" */
	/*
	 * Opens @id (NULL: the first there is) and fills @controls and @ret_name (to free(); what
	 * a person calls it). Returns 0, -ENODEV (none there), -EBUSY (somebody else has it), …
	 */
	int (*open)(const char *id, struct vz_control_table *controls, char **ret_name,
		    struct vz_source **ret);
	/*
	 * Starts delivering into @sink, with the asked values of @controls applied to the first
	 * frame. @format is a wish; *@ret_format is what came of it.
	 */
	int (*start)(struct vz_source *source, const struct vz_source_format *format,
		     const struct vz_control_table *controls, const struct vz_sink *sink,
		     uint32_t generation, struct vz_source_format *ret_format);
	/* No call of the sink begins after this returns. Frames that are out stay valid. */
	void (*stop)(struct vz_source *source);
	/*
	 * Asks for a value, soon; @control is an index into the table that open() filled. Values
	 * that were asked before the source could take them are replaced by newer ones. Not
	 * running: 0.
	 */
	int (*set_control)(struct vz_source *source, unsigned control, double value);
	/* Hands a control back to the source's own choice, where it has one. May be NULL. */
	int (*clear_control)(struct vz_source *source, unsigned control);
	/* Takes NULL. Frames that are out stay valid; their memory goes with the last of them. */
	struct vz_source *(*close)(struct vz_source *source);
	/*
	 * Calls @found with the id and the name of each that is there, also of those in use. Returns 0,
	 * -EOPNOTSUPP (the build has none of the kind) or another negative errno. May be NULL: its
	 * cameras cannot be counted.
	 */
	int (*list)(vz_source_found_fn *found, void *data);
};

extern const struct vz_source_ops vz_simulated_source;
/* When built without, the open() of these says -EOPNOTSUPP. */
extern const struct vz_source_ops vz_file_source;
extern const struct vz_source_ops vz_libcamera_source;

#ifdef __cplusplus
}
#endif
