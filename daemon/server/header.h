/*
 * Rules of HTTP header values and of our addresses, apart from any connection. Pure. Thread: any.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Content-Length: digits alone. Returns 0 or -EINVAL, also for what does not fit. */
int vz_header_parse_length(const char *text, int64_t *ret);
/* Accept-Encoding: whether gzip is wanted (not with q=0). */
bool vz_header_accepts_gzip(const char *text);
/* If-None-Match against one entity tag with its quotes; weak comparison, as RFC 9110 says. */
bool vz_header_matches_etag(const char *text, const char *etag);
/*
 * The value of the first cookie @name in a Cookie header that fits into @ret. Returns whether there
 * is one.
 */
bool vz_header_get_cookie(const char *text, const char *name, char *ret, size_t ret_size);
/* A comma-separated list of words, such as Connection. */
bool vz_header_has_word(const char *text, const char *word);

/*
 * Takes the fingerprint out of the name of a file: "a/b.v1_2m0f3c.min.js" becomes "a/b.min.js".
 * Returns true and fills @ret (with its end), or false when there is none or no room.
 */
bool vz_fingerprint_strip(const char *path, char *ret, size_t size);
/* Whether the last part of a path names a file, "/a/b.css", rather than a place of the page,
 * "/a/b". */
bool vz_path_is_file(const char *path);
