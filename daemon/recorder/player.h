/*
 * The player: shows a video file, by its path, frame by frame. It reads and decodes on a thread of
 * its own and hands pictures to whoever shows them (a video of the server): every browser that
 * looks sees the same frame.
 *
 * Playing shows every frame, at the clip's own pace or, where that is faster than 30 frames a
 * second, at 30. Asking for a frame while another is still on its way replaces it: who drags a
 * slider is never behind by more than one frame.
 *
 * Thread: loop; pictures and changes arrive on the loop. Owned by whoever made it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/cleanup.h"

struct vz_blob;
struct vz_loop;
struct vz_player;

enum vz_player_state {
	VZ_PLAYER_EMPTY,   /* no clip */
	VZ_PLAYER_LOADING, /* the file is being looked through */
	VZ_PLAYER_FAILED,  /* it could not be read: vz_player_get_error() */
	VZ_PLAYER_STOPPED, /* at its first frame, and not moved since */
	VZ_PLAYER_PLAYING,
	VZ_PLAYER_PAUSED,
};

struct vz_player_options {
	struct vz_loop *loop;
	/* Each picture that is to be seen, borrowed; its sequence is the frame's number. */
	void (*picture)(struct vz_blob *jpeg, void *data);
	/* State or position is another; may be NULL. Positions of a clip that plays come as often
	 * as frames do. */
	void (*changed)(struct vz_player *player, void *data);
	void *data;
	int quality_percent; /* of the pictures; 0: 85 */
};

/* Returns 0 or a negative errno. */
int vz_player_new(const struct vz_player_options *options, struct vz_player **ret);
struct vz_player *vz_player_free(struct vz_player *player);
VZ_DEFINE_CLEANUP(vz_player_free, struct vz_player *, vz_player_free)

/*
 * Shows the first frame of the file @path, soon, in place of whatever was open. Faults of the file
 * are the state FAILED. Returns 0 or -ENOMEM, and then nothing has changed.
 */
int vz_player_open(struct vz_player *player, const char *path);
void vz_player_close(struct vz_player *player);
/* From where it is; from the beginning when it is at the end. Without a clip nothing happens. */
void vz_player_play(struct vz_player *player);
void vz_player_pause(struct vz_player *player);
/* Back to the first frame. */
void vz_player_stop(struct vz_player *player);
/* Pauses, @n_frames further on; before the first and behind the last are those. */
void vz_player_step(struct vz_player *player, int n_frames);
/* To a frame by its number, or to the last one at or before a time from the first frame on. What
 * plays goes on playing from there. */
void vz_player_seek(struct vz_player *player, size_t frame);
void vz_player_seek_time(struct vz_player *player, int64_t time_ns);

/*
 * How many want pictures: with 0 none are made. When there are more than before, the picture of
 * now is given again. For watchers_changed of a video.
 */
void vz_player_set_wanted(struct vz_player *player, unsigned n_watchers);

enum vz_player_state vz_player_get_state(const struct vz_player *player);
/* "empty", "loading", "failed", "stopped", "playing", "paused". */
const char *vz_player_state_name(enum vz_player_state state);
/* For a person, why it is FAILED; else "". Borrowed. */
const char *vz_player_get_error(const struct vz_player *player);
/* The path that was opened last, borrowed; NULL: none, or closed. */
const char *vz_player_get_path(const struct vz_player *player);
/* The number of the frame that was asked for last, which is soon to be seen. */
size_t vz_player_get_frame(const struct vz_player *player);
size_t vz_player_n_frames(const struct vz_player *player);
uint32_t vz_player_get_width_px(const struct vz_player *player);
uint32_t vz_player_get_height_px(const struct vz_player *player);
/* When each of them is to be shown, the first at 0, rising; n_frames of them. Borrowed until the
 * next change of state; NULL without a clip. */
const int64_t *vz_player_get_times_ns(const struct vz_player *player);
/* The time of that frame; 0 without a clip. */
int64_t vz_player_get_time_ns(const struct vz_player *player);
/* The time of the last frame. */
int64_t vz_player_get_duration_ns(const struct vz_player *player);
