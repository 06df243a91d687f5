/*
 * What is saved across restarts: one JSON object with a section per part of the daemon, in
 * state.json of the state folder. It is written on a thread of its own, because fsync(2) on an SD
 * card can take a second: to a new file, synced, renamed over the old one, and the folder synced,
 * so that a power cut leaves the old or the new file, never a torn one. The file has a version
 * (config/document.h), in the section "version", which is nobody's.
 *
 * Thread: loop. Owned by the daemon.
 */
#pragma once

#include <json-c/json.h>

#include "util/cleanup.h"

struct vz_loop;
struct vz_state;

/*
 * Opens the state in @dir, making the folder (mode 0750) where it does not exist. A file that
 * cannot be understood is set aside as state.json.bad, one of a newer program as
 * state.json.version-N, with a warning, and everything starts with its defaults. Returns 0, or a
 * negative errno when the folder cannot be used; then nothing is saved, and the daemon may go on
 * with vz_state_new_volatile().
 */
int vz_state_new(struct vz_loop *loop, const char *dir, struct vz_state **ret);
/* A state that lives as long as the process. */
int vz_state_new_volatile(struct vz_loop *loop, struct vz_state **ret);
/* Writes what is not written yet, and waits for it. Returns NULL. */
struct vz_state *vz_state_free(struct vz_state *state);
VZ_DEFINE_CLEANUP(vz_state_free, struct vz_state *, vz_state_free)

/* The object of a section, borrowed, or NULL. */
struct json_object *vz_state_get(struct vz_state *state, const char *section);
/*
 * Replaces a section (taken, also on failure), to be written one second after the last change, and
 * at most five seconds after the first. Returns 0 or -ENOMEM.
 */
int vz_state_set(struct vz_state *state, const char *section, struct json_object *value);
/*
 * What is in the file of @dir, for who only wants to look: nothing is made, set aside or written.
 * Returns 0 and a reference, or a negative errno.
 */
int vz_state_peek(const char *dir, struct json_object **ret);
/* Writes what is not written yet and waits for the disk. Returns 0 or the negative errno of
 * writing. */
int vz_state_flush(struct vz_state *state);
