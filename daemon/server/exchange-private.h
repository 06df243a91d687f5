/*
 * An exchange as http.c, which begins it, sees it. Thread: loop.
 */
#pragma once

#include "server/exchange.h"
#include "util/buf.h"

struct vz_exchange {
	struct vz_conn *conn;
	struct vz_http_request request;

	/* The answer. */
	struct vz_blob *head, *body; /* NULL once sent; NULL when there is none */
	size_t offset;		     /* how much of the body is sent */
	bool is_answered, close;
	const struct vz_pieces *pieces; /* of `held_pieces`; NULL: the body is all */
	struct vz_pieces held_pieces;
	uint64_t left; /* bytes of pieces that have not come yet */

	struct vz_buf received; /* the request's body, unless somebody takes it in pieces */
	const struct vz_body_ops *body_ops;
	void *body_data;
	int64_t linger_until_us; /* 0: the request's body is still of interest, or was all read */
	void (*cancel)(void *data);
	void *cancel_data;
};

/* Becomes the matter of @conn, which frees it. Returns NULL when out of memory. */
struct vz_exchange *vz_exchange_new(struct vz_conn *conn);
/*
 * Sends the answer's head, with the beginning of the body behind it where the head fits into its
 * head room. Returns 0 or VZ_CONN_CLOSE.
 */
int vz_exchange_send_head(struct vz_exchange *exchange);
