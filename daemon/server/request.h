/*
 * The head of an HTTP request, read from lws and judged. lws's parser lets much pass that RFC 9112
 * forbids (two Hosts, a negative Content-Length, any version); what is let in here is plain.
 *
 * Thread: loop.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dash/message.h"
#include "server/origin.h"
#include "users/sessions.h"

#define VZ_PATH_MAX 1024
/* The cookie in which a browser keeps the text of its session. */
#define VZ_SESSION_COOKIE "vizyd"

struct lws;

enum vz_method { VZ_GET, VZ_HEAD, VZ_POST, VZ_OTHER_METHOD };

struct vz_http_request {
	enum vz_method method;
	bool keep_alive, is_http_1_0;
	char path[VZ_PATH_MAX]; /* decoded, without the query */
	struct vz_host host;
	char host_text[VZ_HOST_MAX + 8]; /* as sent; "" only in HTTP/1.0 */
	char origin[VZ_HOST_MAX + 16];
	bool has_origin;
	int64_t content_length; /* -1: none */
	bool is_chunked;
	bool accepts_gzip;
	char if_none_match[256];
	char range[128], if_range[96]; /* "" when absent, or longer than anything of use */
	char session[VZ_TOKEN_MAX + 1];		  /* of the cookie; "" when there is none */
	char renderer_id[VZ_RENDERER_ID_MAX + 1]; /* X-Vizyd-Client; "" when absent */
};

/* Returns 0, or the HTTP status that refuses it, with a text for the body in *@ret_why. */
unsigned vz_http_request_read(struct lws *wsi, struct vz_http_request *ret, const char **ret_why);
/* Whether the query has @name=@value. */
bool vz_http_query_is(struct lws *wsi, const char *name, const char *value);
/* The value of the first @name= in the query, cut to @ret_size. Returns whether there is one. */
bool vz_http_query_get(struct lws *wsi, const char *name, char *ret, size_t ret_size);
