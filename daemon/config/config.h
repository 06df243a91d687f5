/*
 * What the administrator decides: an ini file, its drop-ins, and the command line on top. One row
 * per key in keys.c; what is not said keeps its default.
 *
 * Read at start, then only read. Owned by main.c.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "util/cleanup.h"

#define VZ_CONFIG_MAX_LIST 16

struct vz_config_list {
	char *items[VZ_CONFIG_MAX_LIST + 1]; /* NULL-terminated */
	unsigned n_items;
	bool is_default; /* nobody said so: the next item said replaces what is there */
};

/* A line of a section [plugin NAME] or [gpio NAME], which only others understand. */
struct vz_config_value {
	struct vz_config_value *next; /* in the order of the files */
	char *name, *key, *value;
	char *origin; /* "FILE:LINE", or NULL: not from a file */
};

struct vz_config {
	struct vz_config_list listen;
	struct vz_config_list allowed_origins;
	unsigned n_connections_per_address; /* a class behind one router is one address */
	char *title;
	char *prefix;		      /* the path under which everything is served: "/", "/cam/" */
	char *login;		      /* "auto" or "required" */
	double session_days;	      /* for how long a browser stays logged in that is not used */
	char *admin;		      /* "local", "anyone" or "nobody" */
	char *camera;		      /* "auto", "simulated[:N]", "file:PATH", "libcamera[:ID]" */
	unsigned width_px, height_px; /* 0: the source's own choice */
	double fps;		      /* 0: the source's own choice */
	bool file_once;
	int jpeg_quality_percent;
	unsigned recorder_memory_mb, recorder_disk_mb;
	double deadline_s; /* of a callback on a worker, after which its browser is told */
	unsigned upload_mb, clips_mb; /* 10^6 bytes: of one upload, of all of them */
	char *state_dir, *ui_dir, *plugin_dir;
	char *clips_dir; /* with clips that are only read; NULL: none */
	struct vz_config_list plugins; /* each one or more of NAME or NAME?optional */
	struct vz_config_value *plugin_values, *gpio_values;
	unsigned n_workers; /* 0: one for each core */
	char *log;	    /* as vz_log_configure() takes it */

	/* Where the line that is being set stands, while a file is read. */
	const char *reading_path;
	int reading_line;
};

/* All defaults. Returns 0 or -ENOMEM. */
int vz_config_new(struct vz_config **ret);
/* Takes NULL; returns NULL. */
struct vz_config *vz_config_free(struct vz_config *config);
VZ_DEFINE_CLEANUP(vz_config_free, struct vz_config *, vz_config_free)

/*
 * Reads @path and then, sorted by name, the files ending in ".conf" in the folder "@path.d". A file
 * that does not exist is skipped if @optional. Returns 0, or a negative errno with *@ret_error (to
 * free(), if not NULL) saying file, line, what was wrong and what was expected; the first fault
 * ends it.
 */
int vz_config_load(struct vz_config *config, const char *path, bool optional, char **ret_error);

/*
 * Sets one key, as a line of the file does. A section "plugin NAME" or "gpio NAME" takes any key; a
 * later value of one replaces the earlier. Returns 0, -ENOENT (no such key), -EINVAL (a value that
 * the key does not take, *@ret_expected says which it takes, borrowed), -E2BIG (a list is full) or
 * -ENOMEM.
 */
int vz_config_set(struct vz_config *config, const char *section, const char *key, const char *value,
		  const char **ret_expected);
