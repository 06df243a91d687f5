#include "config/save.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/log.h"
#include "util/whole-file.h"

struct vz_saver {
	pthread_t thread;
	pthread_mutex_t mutex; /* guards what follows */
	pthread_cond_t wake, idle;
	char *waiting;
	bool stopping, writing;
	int result; /* of the last writing */

	int dir_fd;
	char *name;
	bool failed; /* the saver's thread only: a full disk is told once, not every second */
};

int vz_save_file(int dir_fd, const char *name, const char *text)
{
	return vz_whole_file_write(dir_fd, name, 0640, text, strlen(text));
}

static char *wait_for_text(struct vz_saver *saver)
{
	char *text;

	pthread_mutex_lock(&saver->mutex);
	while (!saver->waiting && !saver->stopping)
		pthread_cond_wait(&saver->wake, &saver->mutex);
	text = vz_steal(saver->waiting);
	saver->writing = text;
	pthread_mutex_unlock(&saver->mutex);
	return text;
}

static void end_writing(struct vz_saver *saver, int r)
{
	pthread_mutex_lock(&saver->mutex);
	saver->writing = false;
	saver->result = r;
	pthread_cond_broadcast(&saver->idle);
	pthread_mutex_unlock(&saver->mutex);
}

static void *saver_main(void *data)
{
	struct vz_saver *saver = data;
	char *text;

	while ((text = wait_for_text(saver))) {
		int r = vz_save_file(saver->dir_fd, saver->name, text);

		if (r < 0 && !saver->failed)
			vz_log_event(CONFIG, ERROR, STATE_UNSAVED, saver->name,
				     "Cannot save %s; the old one stays: %s", saver->name,
				     strerror(-r));
		else if (r == 0 && saver->failed)
			vz_log(CONFIG, NOTICE, "%s is saved again", saver->name);
		saver->failed = r < 0;
		free(text);
		end_writing(saver, r);
	}
	return NULL;
}

int vz_saver_new(int dir_fd, const char *name, struct vz_saver **ret)
{
	struct vz_saver *saver = calloc(1, sizeof(*saver));
	sigset_t all, before;
	int r;

	if (!saver)
		return -ENOMEM;
	saver->dir_fd = dir_fd;
	saver->name = strdup(name);
	if (!saver->name) {
		free(saver);
		return -ENOMEM;
	}
	pthread_mutex_init(&saver->mutex, NULL);
	pthread_cond_init(&saver->wake, NULL);
	pthread_cond_init(&saver->idle, NULL);

	/* Signals are for the loop thread. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(&saver->thread, NULL, saver_main, saver);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (r) {
		pthread_cond_destroy(&saver->wake);
		pthread_cond_destroy(&saver->idle);
		pthread_mutex_destroy(&saver->mutex);
		free(saver->name);
		free(saver);
		return -r;
	}
	(void) pthread_setname_np(saver->thread, "vizyd-save");
	*ret = saver;
	return 0;
}

struct vz_saver *vz_saver_free(struct vz_saver *saver)
{
	if (!saver)
		return NULL;
	pthread_mutex_lock(&saver->mutex);
	saver->stopping = true;
	pthread_cond_signal(&saver->wake);
	pthread_mutex_unlock(&saver->mutex);
	pthread_join(saver->thread, NULL);
	pthread_cond_destroy(&saver->wake);
	pthread_cond_destroy(&saver->idle);
	pthread_mutex_destroy(&saver->mutex);
	free(saver->name);
	free(saver);
	return NULL;
}

void vz_saver_put(struct vz_saver *saver, char *text)
{
	char *old;

	pthread_mutex_lock(&saver->mutex);
	old = saver->waiting;
	saver->waiting = text;
	pthread_cond_signal(&saver->wake);
	pthread_mutex_unlock(&saver->mutex);
	free(old);
}

int vz_saver_wait(struct vz_saver *saver)
{
	int r;

	pthread_mutex_lock(&saver->mutex);
	while (saver->waiting || saver->writing)
		pthread_cond_wait(&saver->idle, &saver->mutex);
	r = saver->result;
	pthread_mutex_unlock(&saver->mutex);
	return r;
}
