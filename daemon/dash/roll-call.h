/*
 * The roll call: tabs of the stock worker that have been silent are asked whether they are still
 * there, since that worker does not tell when one of a browser's tabs closes. Who does not answer
 * is taken for lost, and after the grace time for gone. One that was only frozen, as browsers do
 * with tabs in the background, answers when it thaws, and is a client again. Thread: loop.
 */
#pragma once

#include <stdint.h>

struct vz_app;
struct vz_client;

/* A tab of the stock worker is online: there will be a roll call. */
void vz_roll_call_expect(struct vz_client *client);
/* Calls those who have been silent, if it is time. */
void vz_roll_call_tick(struct vz_app *app, int64_t now_us);
