#include "server/asked-video.h"

#include <stdio.h>
#include <string.h>

#include "server/conn.h"
#include "server/request.h"
#include "server/server-private.h"
#include "server/video.h"

/* What was asked for is not repeated: it comes from anybody. */
static const char *describe_known(struct vz_server *server)
{
	char *text = server->refusal;
	const size_t size = sizeof(server->refusal);
	const struct vz_video *video = NULL;
	size_t n;

	n = (size_t) snprintf(text, size, "No camera has that name. There is");
	while ((video = vz_video_next(&server->videos, video)) &&
	       n + strlen(vz_video_get_name(video)) + 8 < size)
		n += (size_t) snprintf(text + n, size - n, " %s", vz_video_get_name(video));
	(void) snprintf(text + n, size - n, video ? " …" : "");
	return text;
}

struct vz_video *vz_asked_video_find(struct vz_conn *conn, const char **ret_why)
{
	struct vz_server *server = conn->server;
	/* One more than a name may have: what is too long must not be cut to one that exists. */
	char name[VZ_VIDEO_NAME_MAX + 2];
	struct vz_video *video;

	if (!vz_http_query_get(conn->wsi, "camera", name, sizeof(name)))
		return server->video;
	video = vz_video_find(&server->videos, name);
	if (!video && ret_why)
		*ret_why = describe_known(server);
	return video;
}
