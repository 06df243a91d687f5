/*
 * The inside of a player: player.c is the loop's side, player-thread.c the thread that reads.
 */
#pragma once

#include <pthread.h>

#include "camera/clip.h"
#include "recorder/player.h"

struct vz_fd_source;

/* What the thread has found in a file, on its way to the loop. */
struct vz_player_found {
	bool is_there; /* something has been found that the loop has not taken yet */
	unsigned generation;
	int r; /* 0, or why it cannot be read */
	size_t n_frames;
	uint32_t width_px, height_px;
	int64_t *times_ns; /* owned */
};

struct vz_player {
	struct vz_player_options options;
	unsigned n_wanted;
	/* The clip as the loop knows it. */
	char *path;
	size_t n_frames;
	uint32_t width_px, height_px;
	int64_t *times_ns;
	const char *error;

	int fd; /* rings the loop */
	struct vz_fd_source *watch;
	pthread_t thread;
	bool is_running;
	bool is_cancelled; /* atomic: what is being looked through is not wanted any more */

	pthread_mutex_t lock;
	pthread_cond_t cond;
	/* Guarded by lock. */
	bool quit, is_wanted;
	unsigned generation; /* rises with each open and close */
	char *next_path;     /* of this generation, until the thread takes it; NULL: close */
	bool is_new;	     /* the thread has not seen this generation yet */
	enum vz_player_state state;
	size_t frame;
	bool is_due;	   /* that frame is to be shown, maybe again */
	bool is_restarted; /* it has just begun to play: no pace to keep yet */
	struct vz_player_found found;
	struct vz_blob *done; /* the newest picture, not yet on the loop */
};

void *vz_player_run(void *player);
void vz_player_ring(const struct vz_player *player);
