#include "server/request.h"

#include <libwebsockets.h>
#include <stdio.h>
#include <string.h>

#include "server/header.h"

static const struct {
	enum lws_token_indexes token;
	enum vz_method method;
} methods[] = {
	{ WSI_TOKEN_GET_URI, VZ_GET },
	{ WSI_TOKEN_HEAD_URI, VZ_HEAD },
	{ WSI_TOKEN_POST_URI, VZ_POST },
	{ WSI_TOKEN_PUT_URI, VZ_OTHER_METHOD },
	{ WSI_TOKEN_OPTIONS_URI, VZ_OTHER_METHOD },
	{ WSI_TOKEN_PATCH_URI, VZ_OTHER_METHOD },
	{ WSI_TOKEN_DELETE_URI, VZ_OTHER_METHOD },
};

/* lws takes blanks away at the front, but no tabs, and nothing at the end. */
static void trim(char *text)
{
	size_t start = strspn(text, " \t"), size = strlen(text);

	while (size > start && (text[size - 1] == ' ' || text[size - 1] == '\t'))
		size--;
	memmove(text, text + start, size - start);
	text[size - start] = '\0';
}

/* Returns 1 with the value, 0 when there is none, -1 when it is too long or there are two. */
static int get_header(struct lws *wsi, enum lws_token_indexes token, char *ret, int size)
{
	int total = lws_hdr_total_length(wsi, token);

	ret[0] = '\0';
	if (total == 0)
		return 0;
	if (total != lws_hdr_fragment_length(wsi, token, 0) ||
	    lws_hdr_copy(wsi, ret, size, token) < 0)
		return -1;
	trim(ret);
	return ret[0] ? 1 : 0;
}

/* A list may be spread over several headers. */
static int get_list(struct lws *wsi, enum lws_token_indexes token, char *ret, int size)
{
	ret[0] = '\0';
	return lws_hdr_copy(wsi, ret, size, token) > 0;
}

static unsigned read_line(struct lws *wsi, struct vz_http_request *request, const char **ret_why)
{
	char version[16];
	size_t i;

	for (i = 0; i < LWS_ARRAY_SIZE(methods); i++) {
		if (lws_hdr_total_length(wsi, methods[i].token) > 0)
			break;
	}
	if (i == LWS_ARRAY_SIZE(methods)) {
		*ret_why = "Unknown method";
		return 501;
	}
	request->method = methods[i].method;
	/* lws cuts at an unescaped '&' or ';', which none of our addresses has. */
	if (lws_hdr_copy_fragment(wsi, request->path, sizeof(request->path), methods[i].token, 0) <
	    0) {
		*ret_why = "The address is too long";
		return 414;
	}
	if (request->path[0] != '/') {
		*ret_why = "The address must begin with /";
		return 400;
	}

	if (get_header(wsi, WSI_TOKEN_HTTP, version, sizeof(version)) <= 0 ||
	    strncmp(version, "HTTP/", 5)) {
		*ret_why = "Not HTTP/1.1";
		return 400;
	}
	if (strlen(version) != 8 || strncmp(version, "HTTP/1.", 7)) {
		*ret_why = "Only HTTP/1.1 is spoken here";
		return 505;
	}
	request->is_http_1_0 = version[7] == '0';
	return 0;
}

static unsigned read_host(struct lws *wsi, struct vz_http_request *request, const char **ret_why)
{
	char origin[sizeof(request->origin)];
	int r;

	r = get_header(wsi, WSI_TOKEN_HOST, request->host_text, sizeof(request->host_text));
	if (r < 0 || (r == 0 && !request->is_http_1_0) ||
	    (r > 0 && vz_host_parse(request->host_text, &request->host) < 0)) {
		*ret_why = "Bad Host";
		return 400;
	}
	r = get_header(wsi, WSI_TOKEN_ORIGIN, origin, sizeof(origin));
	/* What cannot be read is there all the same, and foreign. */
	request->has_origin = r != 0;
	if (r > 0)
		strcpy(request->origin, origin);
	return 0;
}

static unsigned read_body_headers(struct lws *wsi, struct vz_http_request *request,
				  const char **ret_why)
{
	char text[64];
	int r;

	request->is_chunked = lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING) > 0;
	request->content_length = -1;
	r = get_header(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH, text, sizeof(text));
	if (r < 0 || (r > 0 && vz_header_parse_length(text, &request->content_length) < 0)) {
		*ret_why = "Bad Content-Length";
		return 400;
	}
	if (r > 0 && request->is_chunked) {
		*ret_why = "Content-Length and Transfer-Encoding exclude each other";
		return 400;
	}
	if (request->is_chunked) {
		*ret_why = "Transfer-Encoding is not taken, send Content-Length";
		return 411;
	}
	if (request->method != VZ_POST && request->content_length > 0) {
		*ret_why = "No body is expected here";
		return 400;
	}
	return 0;
}

/* The first of that name: a browser sends first what belongs to the longer path. */
static void read_session(struct lws *wsi, struct vz_http_request *request)
{
	char text[4096];

	if (!get_list(wsi, WSI_TOKEN_HTTP_COOKIE, text, sizeof(text)))
		return;
	if (!vz_header_get_cookie(text, VZ_SESSION_COOKIE, request->session,
				  sizeof(request->session)))
		request->session[0] = '\0';
}

static void read_rest(struct lws *wsi, struct vz_http_request *request)
{
	static const char client[] = "x-vizyd-client:";
	char text[256];

	/* As lws decides it for itself. */
	request->keep_alive = !request->is_http_1_0;
	if (get_list(wsi, WSI_TOKEN_CONNECTION, text, sizeof(text)))
		request->keep_alive = strcasecmp(text, "close") != 0 &&
				      (request->keep_alive || strcasecmp(text, "keep-alive") == 0);

	if (get_list(wsi, WSI_TOKEN_HTTP_ACCEPT_ENCODING, text, sizeof(text)))
		request->accepts_gzip = vz_header_accepts_gzip(text);
	read_session(wsi, request);
	/* One that is of no use is as none at all. */
	if (get_header(wsi, WSI_TOKEN_HTTP_RANGE, request->range, sizeof(request->range)) < 0)
		request->range[0] = '\0';
	if (get_header(wsi, WSI_TOKEN_HTTP_IF_RANGE, request->if_range, sizeof(request->if_range)) <
	    0)
		request->range[0] = '\0';
	(void) get_list(wsi, WSI_TOKEN_HTTP_IF_NONE_MATCH, request->if_none_match,
			sizeof(request->if_none_match));
	if (lws_hdr_custom_copy(wsi, request->renderer_id, sizeof(request->renderer_id), client,
				sizeof(client) - 1) < 0)
		request->renderer_id[0] = '\0';
	trim(request->renderer_id);
}

unsigned vz_http_request_read(struct lws *wsi, struct vz_http_request *ret, const char **ret_why)
{
	unsigned status;

	memset(ret, 0, sizeof(*ret));
	status = read_line(wsi, ret, ret_why);
	if (!status)
		status = read_host(wsi, ret, ret_why);
	if (!status)
		status = read_body_headers(wsi, ret, ret_why);
	if (!status)
		read_rest(wsi, ret);
	return status;
}

bool vz_http_query_get(struct lws *wsi, const char *name, char *ret, size_t ret_size)
{
	char text[256];
	size_t size = strlen(name);
	int i;

	for (i = 0; lws_hdr_copy_fragment(wsi, text, sizeof(text), WSI_TOKEN_HTTP_URI_ARGS, i) >= 0;
	     i++) {
		if (strncmp(text, name, size) == 0 && text[size] == '=') {
			(void) snprintf(ret, ret_size, "%s", text + size + 1);
			return true;
		}
	}
	return false;
}

bool vz_http_query_is(struct lws *wsi, const char *name, const char *value)
{
	char text[256];
	size_t size = strlen(name);
	int i;

	for (i = 0; lws_hdr_copy_fragment(wsi, text, sizeof(text), WSI_TOKEN_HTTP_URI_ARGS, i) >= 0;
	     i++) {
		if (strncmp(text, name, size) == 0 && text[size] == '=' &&
		    strcmp(text + size + 1, value) == 0)
			return true;
	}
	return false;
}
