/*
 * A thread that writes the newest text over a file, atomically. Private to config/.
 */
#pragma once

#include "util/cleanup.h"

struct vz_saver;

/* @dir_fd stays the caller's, and is used until vz_saver_free(). Returns 0 or a negative errno. */
int vz_saver_new(int dir_fd, const char *name, struct vz_saver **ret);
/* Waits for what is left to write. */
struct vz_saver *vz_saver_free(struct vz_saver *saver);
VZ_DEFINE_CLEANUP(vz_saver_free, struct vz_saver *, vz_saver_free)
/* Writes @text (taken, malloc'ed) soon; an older text that still waits is forgotten. */
void vz_saver_put(struct vz_saver *saver, char *text);
/* Waits until nothing is left to write. Returns what the last writing returned. */
int vz_saver_wait(struct vz_saver *saver);

/* One atomic write, on the calling thread. Returns 0 or a negative errno; the old file then stays.
 */
int vz_save_file(int dir_fd, const char *name, const char *text);
