/*
 * Which camera a request is about: `?camera=NAME`, and the main camera without it.
 *
 * Thread: loop.
 */
#pragma once

struct vz_conn;
struct vz_video;

/*
 * The video that the request on @conn asks for, borrowed; or NULL, with a sentence in *@ret_why,
 * which is borrowed until the next call and may be NULL.
 */
struct vz_video *vz_asked_video_find(struct vz_conn *conn, const char **ret_why);
