/*
 * A download: a file as the answer of an exchange, whole or the part that Range asks for. Workers
 * read it, piece by piece, so that the loop never waits for the disk.
 *
 * Thread: loop. Owned by itself: it goes with the last piece, or with its requester.
 */
#pragma once

struct vz_exchange;
struct vz_jobs;

/* Answers @exchange, now or later, with the file @path (taken) as @type, to be kept as @name. 404
 * when it has gone, 503 when it cannot be read. @jobs may be NULL, which is 503. */
void vz_download_answer(struct vz_jobs *jobs, struct vz_exchange *exchange, char *path,
			const char *type, const char *name);
