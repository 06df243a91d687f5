#include "server/snapshot.h"

#include <errno.h>
#include <stdlib.h>

#include "server/asked-video.h"
#include "server/conn.h"
#include "server/exchange.h"
#include "server/server-private.h"
#include "server/video.h"
#include "util/blob.h"

#define FRESH_US 200000
#define WAIT_US	 5000000

struct snapshot {
	struct vz_exchange *exchange;
	struct vz_watcher watcher;
	struct vz_timer *timer;
};

static void answer(struct vz_exchange *exchange, struct vz_blob *jpeg)
{
	vz_exchange_answer(exchange, &(struct vz_answer){
					     .status = 200, .type = "image/jpeg", .body = jpeg });
}

static void snapshot_free(void *data)
{
	struct snapshot *s = data;

	vz_video_unwatch(&s->watcher);
	vz_timer_free(s->timer);
	free(s);
}

static void on_picture(struct vz_watcher *watcher, struct vz_blob *jpeg)
{
	struct snapshot *s = vz_container_of(watcher, struct snapshot, watcher);

	answer(s->exchange, jpeg);
	snapshot_free(s);
}

static void on_gone(struct vz_watcher *watcher)
{
	struct snapshot *s = vz_container_of(watcher, struct snapshot, watcher);

	vz_exchange_answer_text(s->exchange, 404, "The camera was removed");
	snapshot_free(s);
}

static void on_timeout(void *data)
{
	struct snapshot *s = data;

	vz_exchange_answer_text(s->exchange, 503, "The camera gives no picture");
	snapshot_free(s);
}

static int wait_for_picture(struct vz_exchange *exchange, struct vz_video *video)
{
	struct vz_server *server = vz_exchange_get_conn(exchange)->server;
	struct snapshot *s;
	int r;

	s = calloc(1, sizeof(*s));
	if (!s)
		return -ENOMEM;
	s->exchange = exchange;
	s->watcher.picture = on_picture;
	s->watcher.gone = on_gone;
	r = vz_timer_new(server->loop, on_timeout, s, &s->timer);
	if (r < 0) {
		free(s);
		return r;
	}
	vz_timer_start(s->timer, WAIT_US);
	vz_exchange_wait(exchange, snapshot_free, s);
	vz_video_watch(video, &s->watcher);
	return 0;
}

void vz_snapshot_answer(struct vz_exchange *exchange)
{
	const char *why = NULL;
	struct vz_video *video = vz_asked_video_find(vz_exchange_get_conn(exchange), &why);
	struct vz_blob *jpeg = video ? vz_video_get_picture(video, FRESH_US) : NULL;

	if (!video)
		vz_exchange_answer_text(exchange, 404, why);
	else if (jpeg)
		answer(exchange, jpeg);
	else if (wait_for_picture(exchange, video) < 0)
		vz_exchange_answer_text(exchange, 503, "Out of memory");
}
