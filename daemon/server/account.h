/*
 * The pages for who is not logged in: /login, /logout, /setup for the first administrator, and the
 * one that says why there is no other. They are made here, of the templates in ui/pages, and need
 * no script. The address of each is a row in routes.c.
 *
 * Thread: loop.
 */
#pragma once

#include <stddef.h>

struct vz_exchange;

void vz_login_answer(struct vz_exchange *exchange);
void vz_login_answer_post(struct vz_exchange *exchange, const char *body, size_t size);
void vz_logout_answer(struct vz_exchange *exchange);
void vz_logout_answer_post(struct vz_exchange *exchange, const char *body, size_t size);
void vz_setup_answer(struct vz_exchange *exchange);
void vz_setup_answer_post(struct vz_exchange *exchange, const char *body, size_t size);

/* For somebody who asks for a page that he may not see: to the login, to the first page, or a page
 * with @why. */
void vz_account_show_way(struct vz_exchange *exchange, unsigned status, const char *why);
