#include "config/document.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/cleanup.h"
#include "util/json.h"
#include "util/log.h"
#include "util/whole-file.h"

#define MAX_ASIDE 99
#define MAX_NAME  256

static int read_text(int dir_fd, const struct vz_document_format *format, char **ret,
		     size_t *ret_size)
{
	return vz_whole_file_read(dir_fd, format->name, format->max_bytes, ret, ret_size);
}

int vz_document_peek(int dir_fd, const struct vz_document_format *format, struct json_object **ret)
{
	VZ_CLEANUP(vz_freep) char *text = NULL;
	size_t size = 0;
	int r = read_text(dir_fd, format, &text, &size);

	return r < 0 ? r : vz_json_parse(text, size, &vz_json_default_limits, NULL, ret);
}

/* As NAME@suffix, or NAME@suffix-2 and so on where there is one already. */
static int set_aside(int dir_fd, const char *name, const char *suffix, char ret_name[MAX_NAME])
{
	int n = snprintf(ret_name, MAX_NAME, "%s%s", name, suffix);

	for (int i = 2; n > 0 && n < MAX_NAME && i <= MAX_ASIDE; i++) {
		if (faccessat(dir_fd, ret_name, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
			break;
		n = snprintf(ret_name, MAX_NAME, "%s%s-%d", name, suffix, i);
	}
	if (n < 0 || n >= MAX_NAME)
		return -ENAMETOOLONG;
	return renameat(dir_fd, name, dir_fd, ret_name) < 0 ? -errno : 0;
}

int vz_document_set_aside(int dir_fd, const char *name, const char *why)
{
	char aside[MAX_NAME];
	int r = set_aside(dir_fd, name, ".bad", aside);

	if (r < 0)
		return vz_log_errno(CONFIG, r, "%s is damaged (%s) and cannot be set aside", name,
				    why);
	vz_log_event(CONFIG, WARNING, STATE_DAMAGED, name,
		     "%s is damaged (%s): kept as %s, starting with the defaults", name, why,
		     aside);
	return 0;
}

static int set_aside_newer(int dir_fd, const struct vz_document_format *format, int64_t version)
{
	char suffix[40], aside[MAX_NAME];
	int r;

	(void) snprintf(suffix, sizeof(suffix), ".version-%lld", (long long) version);
	r = set_aside(dir_fd, format->name, suffix, aside);
	if (r < 0)
		return vz_log_errno(CONFIG, r,
				    "%s is of a newer vizyd (version %lld) and cannot be set aside",
				    format->name, (long long) version);
	vz_log_event(CONFIG, WARNING, STATE_NEWER, format->name,
		     "%s is of a newer vizyd (version %lld, this one knows up to %d): kept as %s, "
		     "starting with the defaults",
		     format->name, (long long) version, format->version, aside);
	return 0;
}

/* Its number; 0: it has none. -EBADMSG: what it has is none. */
static int get_version(struct json_object *root, int64_t *ret)
{
	struct json_object *version = NULL;

	*ret = 0;
	if (!json_object_object_get_ex(root, VZ_DOCUMENT_VERSION, &version))
		return 0;
	if (!json_object_is_type(version, json_type_int) || json_object_get_int64(version) < 1)
		return -EBADMSG;
	*ret = json_object_get_int64(version);
	return 0;
}

static int migrate(const struct vz_document_format *format, int64_t version,
		   struct json_object *root)
{
	int r = 0;

	if (version < format->version && version > 0)
		vz_log(CONFIG, NOTICE, "%s is of version %lld: made one of version %d",
		       format->name, (long long) version, format->version);
	for (; r == 0 && version < format->version; version++)
		if (format->migrate && format->migrate[version])
			r = format->migrate[version](root);
	return r;
}

static int set_version(const struct vz_document_format *format, struct json_object *root)
{
	struct json_object *version = json_object_new_int(format->version);

	if (!version)
		return -ENOMEM;
	if (json_object_object_add(root, VZ_DOCUMENT_VERSION, version) == 0)
		return 0;
	json_object_put(version);
	return -ENOMEM;
}

static int new_document(const struct vz_document_format *format, struct json_object **ret)
{
	VZ_CLEANUP(json_object_putp) struct json_object *root = json_object_new_object();

	if (!root || set_version(format, root) < 0)
		return -ENOMEM;
	*ret = vz_steal(root);
	return 0;
}

/* Of text that was read: 0 with an object in *@ret, or without one when it was set aside. */
static int judge(int dir_fd, const struct vz_document_format *format, const char *text, size_t size,
		 struct json_object **ret)
{
	VZ_CLEANUP(json_object_putp) struct json_object *root = NULL;
	struct vz_json_error error = { 0 };
	int64_t version = 0;
	int r = vz_json_parse(text, size, &vz_json_default_limits, &error, &root);

	if (r == -EBADMSG || r == -E2BIG)
		return vz_document_set_aside(dir_fd, format->name, error.text);
	if (r < 0)
		return r;
	if (!json_object_is_type(root, json_type_object))
		return vz_document_set_aside(dir_fd, format->name, "expected an object");
	if (get_version(root, &version) < 0)
		return vz_document_set_aside(dir_fd, format->name, "expected a version from 1");
	if (version > format->version)
		return set_aside_newer(dir_fd, format, version);
	r = migrate(format, version, root);
	if (r == -ENOMEM)
		return r;
	if (r < 0)
		return vz_document_set_aside(dir_fd, format->name, strerror(-r));
	r = set_version(format, root);
	if (r == 0)
		*ret = vz_steal(root);
	return r;
}

int vz_document_load(int dir_fd, const struct vz_document_format *format, struct json_object **ret)
{
	VZ_CLEANUP(json_object_putp) struct json_object *root = NULL;
	VZ_CLEANUP(vz_freep) char *text = NULL;
	char why[40];
	size_t size = 0;
	int r = read_text(dir_fd, format, &text, &size);

	if (r == 0) {
		r = judge(dir_fd, format, text, size, &root);
	} else if (r == -EFBIG) {
		(void) snprintf(why, sizeof(why), "larger than %zu KiB", format->max_bytes >> 10);
		r = vz_document_set_aside(dir_fd, format->name, why);
	} else if (r == -ENOENT) {
		r = 0;
	}
	if (r < 0)
		return r;
	if (!root)
		return new_document(format, ret);
	*ret = vz_steal(root);
	return 0;
}
