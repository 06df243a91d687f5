#include "test.h"

#include <stdlib.h>

#include "server/exchange.h"
#include "util/blob.h"
#include "util/buf.h"

static const struct vz_http_request http_1_0 = { .is_http_1_0 = true }, http_1_1 = { 0 };

TEST(heads_of_answers)
{
	VZ_CLEANUP(vz_blob_unrefp) struct vz_blob *body = vz_blob_new_copy("12345", 5);
	const struct {
		const char *label;
		struct vz_answer answer;
		const struct vz_http_request *request;
		bool keep_alive;
		const char *has[4], *lacks[3];
	} cases[] = {
		{ "plain",
		  { .status = 200, .type = "text/plain", .body = body },
		  &http_1_1,
		  true,
		  { "HTTP/1.1 200 OK\r\n", "Content-Length: 5\r\n", "Cache-Control: no-store\r\n",
		    "X-Content-Type-Options: nosniff\r\n" },
		  { "Connection", "ETag", "Content-Encoding" } },
		{ "packed",
		  { .status = 200,
		    .type = "text/css",
		    .cache = "no-cache",
		    .etag = "\"1-gz\"",
		    .is_gzip = true,
		    .may_be_gzip = true,
		    .body = body },
		  &http_1_1,
		  true,
		  { "Content-Encoding: gzip\r\n", "Vary: Accept-Encoding\r\n", "ETag: \"1-gz\"\r\n",
		    "Cache-Control: no-cache\r\n" },
		  { "no-store" } },
		{ "304 has no length",
		  { .status = 304, .etag = "\"1\"", .may_be_gzip = true },
		  &http_1_1,
		  true,
		  { "HTTP/1.1 304 Not Modified\r\n", "ETag: \"1\"\r\n",
		    "Vary: Accept-Encoding\r\n" },
		  { "\nContent-Length", "\nContent-Type" } },
		{ "204 neither",
		  { .status = 204 },
		  &http_1_1,
		  true,
		  { "204 No Content" },
		  { "Content-Length" } },
		{ "an empty body has one",
		  { .status = 405, .more = "Allow: GET\r\n" },
		  &http_1_1,
		  false,
		  { "Content-Length: 0\r\n", "Allow: GET\r\n", "Connection: close\r\n" },
		  { NULL } },
		{ "1.0 kept open",
		  { .status = 204 },
		  &http_1_0,
		  true,
		  { "Connection: keep-alive\r\n" },
		  { NULL } },
		{ "1.0 closed",
		  { .status = 204 },
		  &http_1_0,
		  false,
		  { "Connection: close\r\n" },
		  { "keep" } },
	};

	CHECK(body);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		VZ_CLEANUP(vz_freep) char *head = NULL;
		struct vz_buf buf = { 0 };
		size_t size;

		test_case(cases[i].label);
		vz_answer_write_head(&buf, &cases[i].answer, cases[i].request, cases[i].keep_alive);
		CHECK_EQ(vz_buf_finish(&buf, &head, &size), 0);
		CHECK(size > 4 && strcmp(head + size - 4, "\r\n\r\n") == 0);
		for (size_t j = 0; j < 4 && cases[i].has[j]; j++)
			CHECK(strstr(head, cases[i].has[j]));
		for (size_t j = 0; j < 3 && cases[i].lacks[j]; j++)
			CHECK(!strstr(head, cases[i].lacks[j]));
	}
}
