/*
 * An HTTP exchange: one request on a connection and its answer, which may come later. An answer is
 * a head and a blob; the head is written into the blob's head room, so that both leave in one send,
 * and large blobs follow in pieces without being copied.
 *
 * Thread: loop. Owned by its connection.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/request.h"

struct vz_blob;
struct vz_buf;
struct vz_conn;
struct vz_exchange;

struct vz_answer {
	unsigned status;
	const char *type;  /* NULL: none, for an answer without a body */
	const char *cache; /* Cache-Control; NULL: no-store */
	const char *etag;  /* with its quotes, or NULL */
	const char *more;  /* further header lines, each with its end; or NULL */
	bool is_gzip, may_be_gzip;
	bool close;	       /* end the connection: part of the request has not been read */
	struct vz_blob *body;  /* borrowed; NULL: none */
	uint64_t stream_bytes; /* in place of a body: so many will follow in pieces */
};

const struct vz_http_request *vz_exchange_get_request(const struct vz_exchange *exchange);
struct vz_conn *vz_exchange_get_conn(const struct vz_exchange *exchange);
void vz_exchange_answer(struct vz_exchange *exchange, const struct vz_answer *answer);
/* A line of text. */
void vz_exchange_answer_text(struct vz_exchange *exchange, unsigned status, const char *text);
/* What is in @buf (which is then empty), as @type, kept by nobody. */
void vz_exchange_answer_buf(struct vz_exchange *exchange, const char *type, const char *more,
			    struct vz_buf *buf);
/*
 * For an exchange whose answer comes later: @cancel is called when its requester goes before that.
 * Answering forgets it.
 */
void vz_exchange_wait(struct vz_exchange *exchange, void (*cancel)(void *data), void *data);
/*
 * An answer whose body is too large to be had at once: @answer has its stream_bytes. @more asks for
 * the next piece each time that the one before has been sent; @gone is called once, when all has
 * been sent or the requester has left.
 */
struct vz_pieces {
	void (*more)(void *data);
	void (*gone)(void *data);
	void *data;
};
void vz_exchange_answer_pieces(struct vz_exchange *exchange, const struct vz_answer *answer,
			       const struct vz_pieces *pieces);
/* The next piece (borrowed), now or later after it was asked for. NULL: it cannot be had, and the
 * connection is closed, which tells the requester that something is missing. */
void vz_exchange_put_piece(struct vz_exchange *exchange, struct vz_blob *piece);

/* Who takes the body of a POST as it comes, in pieces. */
struct vz_body_ops {
	void (*receive)(const char *data, size_t size, void *body);
	/* All of it has come: answer, now or later. */
	void (*complete)(void *body);
};
/*
 * For the post() of a mount. Once the exchange is answered, nothing is called any more; that the
 * requester goes before it is, vz_exchange_wait() tells.
 */
void vz_exchange_take_body(struct vz_exchange *exchange, const struct vz_body_ops *ops, void *body);
/* Has the requester wait with the rest of the body, or go on. */
void vz_exchange_hold_body(struct vz_exchange *exchange, bool hold);
/* The value of @name= in the query, cut to @ret_size. Returns whether there is one. */
bool vz_exchange_get_query(struct vz_exchange *exchange, const char *name, char *ret,
			   size_t ret_size);

/* Writes the head of an answer. Pure, for its test and for the stream. */
void vz_answer_write_head(struct vz_buf *buf, const struct vz_answer *answer,
			  const struct vz_http_request *request, bool keep_alive);
