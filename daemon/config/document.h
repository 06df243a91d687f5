/*
 * A file of the state folder: one JSON object with the number of its format in "version". Nothing
 * that cannot be read is lost: what is damaged, or of a newer vizyd, is set aside under another
 * name, and said so in the log.
 *
 * Thread: any; it reads from the disk.
 */
#pragma once

#include <json-c/json.h>
#include <stddef.h>

#define VZ_DOCUMENT_VERSION "version"

struct vz_document_format {
	const char *name; /* of the file, "state.json" */
	size_t max_bytes;
	int version; /* that this program writes, from 1 */
	/*
	 * @migrate[i], when not NULL, makes version i + 1 of version i; a file without a number is
	 * of version 0. NULL: no version differs from the next but in what may be missing. Returns
	 * 0, or a negative errno: it is damaged.
	 */
	int (*const *migrate)(struct json_object *root);
};

/*
 * Reads the file in the folder @dir_fd. *@ret is a reference to an object with today's "version":
 * what was in the file, or nothing else when there is no file or it was set aside. Returns 0 or a
 * negative errno of reading, and then the file is where it was.
 */
int vz_document_load(int dir_fd, const struct vz_document_format *format, struct json_object **ret);
/* What is in the file, whatever it is; nothing is set aside. Returns 0 or a negative errno. */
int vz_document_peek(int dir_fd, const struct vz_document_format *format, struct json_object **ret);
/*
 * Sets the file @name aside as one that is damaged, for @why, and says so in the log: of what its
 * reader finds wrong. Returns 0 or a negative errno.
 */
int vz_document_set_aside(int dir_fd, const char *name, const char *why);
