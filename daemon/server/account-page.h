/*
 * How an account's page is written and what goes with it: its policy, cookies, ways on. Private to
 * account*.c. Thread: loop.
 */
#pragma once

#include <stdbool.h>

#include "server/exchange.h"

/* What stands in a page; what is NULL stays empty. */
struct vz_account_page {
	const char *page; /* "login", "logout", "setup", "closed" */
	unsigned status;
	const char *error; /* a sentence */
	const char *name;  /* of the user, to begin with */
	const char *next;  /* where to go afterwards, below the prefix */
	unsigned retry_s;  /* Retry-After; 0: none */
};

void vz_account_write(struct vz_exchange *exchange, const struct vz_account_page *page);
/*
 * On to @path ("/…"), below the prefix, by GET; the session's cookie is set to @token, or taken
 * away when that is "", or left alone when it is NULL.
 */
void vz_account_go(struct vz_exchange *exchange, const char *path, const char *token);
/* On to the login, from where it goes to @next ("/…"). */
void vz_account_go_to_login(struct vz_exchange *exchange, const char *next);
/* @next if it is a path of our own, else "/". */
const char *vz_account_check_next(const char *next);
