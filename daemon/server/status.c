#include "server/status.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "dash/app.h"
#include "server/gate.h"
#include "server/server-private.h"
#include "server/video.h"

/* Of this process, in kB; 0 when the kernel does not tell. */
static long resident_kb(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	long pages = 0;

	if (!file)
		return 0;
	if (fscanf(file, "%*s %ld", &pages) != 1)
		pages = 0;
	(void) fclose(file);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void write_videos(struct vz_buf *buf, const struct vz_server *server)
{
	const struct vz_video *video = NULL;
	unsigned n_watchers = 0;

	while ((video = vz_video_next(&server->videos, video)))
		n_watchers += vz_video_n_watchers(video);
	vz_buf_printf(buf,
		      ",\"video\":{\"watchers\":%u,\"sent\":%" PRIu64 ",\"dropped\":%" PRIu64
		      ",\"cameras\":{",
		      n_watchers, server->counters.video_sent, server->counters.video_dropped);
	while ((video = vz_video_next(&server->videos, video)))
		vz_buf_printf(buf, "%s\"%s\":{\"state\":\"%s\",\"watchers\":%u}",
			      video == vz_video_next(&server->videos, NULL) ? "" : ",",
			      vz_video_get_name(video), vz_video_get_state(video),
			      vz_video_n_watchers(video));
	vz_buf_puts(buf, "}}");
}

void vz_status_write_bare(struct vz_buf *buf, const struct vz_server *server)
{
	vz_buf_printf(buf, "{\"state\":\"running\",\"login\":\"%s\"}",
		      vz_gate_state_name(vz_gate_get_state(server)));
}

void vz_status_write(struct vz_buf *buf, struct vz_server *server)
{
	const struct vz_app_counters *app = vz_app_get_counters(server->app);
	const struct vz_server_counters *own = &server->counters;

	vz_buf_printf(buf, "{\"version\":\"%s\",\"uptime_s\":%" PRId64 ",\"clients\":%u",
		      VZ_VERSION, (vz_loop_now_us(server->loop) - server->started_us) / 1000000,
		      vz_app_n_clients(server->app));
	vz_buf_printf(buf,
		      ",\"callbacks\":{\"run\":%" PRIu64 ",\"prevented\":%" PRIu64
		      ",\"failed\":%" PRIu64 ",\"echo\":%" PRIu64 ",\"overdue\":%" PRIu64
		      ",\"refused\":%" PRIu64 "}",
		      app->callbacks_run, app->callbacks_prevented, app->callbacks_failed,
		      app->callbacks_echo, app->callbacks_overdue, app->callbacks_refused);
	vz_buf_printf(buf,
		      ",\"messages\":{\"in\":%" PRIu64 ",\"out\":%" PRIu64 ",\"bad\":%" PRIu64
		      ",\"coalesced\":%" PRIu64 "}",
		      app->messages_in, app->messages_out, app->messages_bad, own->coalesced);
	vz_buf_printf(buf,
		      ",\"connections\":{\"now\":%u,\"refused\":%" PRIu64
		      ",\"slow_closed\":%" PRIu64 ",\"websockets\":%" PRIu64
		      ",\"http_requests\":%" PRIu64 ",\"bytes_out\":%" PRIu64 "}",
		      server->n_conns, own->refused, own->slow_closed, own->websockets,
		      own->http_requests, own->bytes_out);
	vz_buf_printf(buf, ",\"login\":\"%s\"", vz_gate_state_name(vz_gate_get_state(server)));
	write_videos(buf, server);
	vz_buf_printf(buf, ",\"rss_kb\":%ld", resident_kb());
	if (server->status)
		server->status(buf, server->status_data);
	vz_buf_putc(buf, '}');
}
