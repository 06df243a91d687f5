#include "clips/upload.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "clips/module.h"
#include "jobs/jobs.h"
#include "server/exchange.h"
#include "util/buf.h"
#include "util/json.h"
#include "util/list.h"
#include "util/log.h"
#include "util/whole-file.h"

#define MAX_UPLOADS	 4u
#define PIECE_BYTES	 (1u << 20)
#define KEEP_FREE_BYTES	 (UINT64_C(64) << 20)
#define FILE_MODE	 0640
#define BYTES_PER_MB	 1e6
#define TOLD_EVERY_BYTES (UINT64_C(1) << 20)

struct vz_uploads {
	struct vz_uploads_options options;
	struct vz_list uploads;
	unsigned n, n_begun;
	bool is_stopped;
};

struct upload {
	struct vz_list in_uploads;
	struct vz_uploads *uploads;
	struct vz_exchange *exchange; /* NULL: answered, or gone */
	char *name, *path;
	uint64_t size, n_received, n_told;
	struct vz_buf filling;
	bool is_complete, is_held;

	/* The job's, while one is out. */
	bool is_out;
	int fd;
	char *writing;
	size_t n_writing;
	int r;
	bool is_discarded;
	char *id; /* once it is kept */
	char text[256];
};

/* --- Life ------------------------------------------------------------------------------------ */

static void tell(struct vz_uploads *uploads)
{
	struct upload *upload = vz_list_first(&uploads->uploads, struct upload, in_uploads);
	char text[320] = "";

	if (upload && upload->is_complete)
		(void) snprintf(text, sizeof(text), "Looking at %s …", upload->name);
	else if (upload)
		(void) snprintf(text, sizeof(text), "Receiving %s: %" PRIu64 " %%", upload->name,
				upload->size ? 100 * upload->n_received / upload->size : 0);
	uploads->options.changed(text, uploads->options.data);
}

static void upload_free(struct upload *upload)
{
	struct vz_uploads *uploads = upload->uploads;

	vz_list_remove(&upload->in_uploads);
	uploads->n--;
	vz_buf_deinit(&upload->filling);
	free(upload->writing);
	free(upload->name);
	free(upload->path);
	free(upload->id);
	free(upload);
	tell(uploads);
}

/* Thread: any. */
static void run_discard(void *data)
{
	struct upload *upload = data;

	if (upload->fd >= 0)
		(void) close(upload->fd);
	upload->fd = -1;
	(void) unlink(upload->path);
	upload->is_discarded = true;
}

static void done_discard(void *data)
{
	upload_free(data);
}

static void discard(struct upload *upload)
{
	struct vz_uploads *uploads = upload->uploads;

	if (!upload->is_discarded && !uploads->is_stopped &&
	    vz_jobs_add(uploads->options.jobs, run_discard, done_discard, upload) == 0) {
		upload->is_out = true;
		return;
	}
	/* No worker: the disk has to be waited for. */
	if (!upload->is_discarded)
		run_discard(upload);
	upload_free(upload);
}

static void refuse(struct upload *upload, unsigned status)
{
	struct vz_exchange *exchange = vz_steal(upload->exchange);

	vz_log(SERVER, NOTICE, "Upload refused: %s", upload->text);
	if (upload->is_held)
		vz_exchange_hold_body(exchange, false);
	vz_exchange_answer_text(exchange, status, upload->text);
}

/* Refuses it and does away with it. */
static void fail(struct upload *upload, unsigned status)
{
	if (upload->exchange)
		refuse(upload, status);
	discard(upload);
}

static void fail_errno(struct upload *upload, int r)
{
	(void) snprintf(upload->text, sizeof(upload->text), "%s cannot be kept: %s", upload->name,
			strerror(-r));
	fail(upload, r == -ENOSPC || r == -EDQUOT ? 507 : 503);
}

/* --- Writing, on workers --------------------------------------------------------------------- */

static void run_write(void *data)
{
	struct upload *upload = data;

	if (upload->fd < 0)
		upload->fd = open(upload->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
	upload->r = upload->fd < 0 ? -errno
				   : vz_write_all(upload->fd, upload->writing, upload->n_writing);
	/* Before it is said: who hears of it finds nothing. */
	if (upload->r < 0)
		run_discard(upload);
}

static void describe(struct upload *upload, const struct vz_clip_functions *functions,
		     const struct vz_file_extent *extent)
{
	if (upload->r == -EPIPE)
		(void) snprintf(upload->text, sizeof(upload->text),
				"%s breaks off: %" PRIu64 " of its %" PRIu64 " frames are there",
				upload->name, extent->n_frames, extent->n_frames_promised);
	else if (upload->r == -EOPNOTSUPP && !functions)
		(void) snprintf(upload->text, sizeof(upload->text),
				"vizyd was built without video files");
	else
		(void) snprintf(upload->text, sizeof(upload->text), "%s: %s", upload->name,
				functions ? functions->describe(upload->r) : strerror(-upload->r));
}

static void look_at(struct upload *upload)
{
	const struct vz_clip_functions *functions = NULL;
	struct vz_file_extent extent = { 0 };
	int r = 0;

	if (fsync(upload->fd) < 0)
		r = -errno;
	if (close(upload->fd) < 0 && r == 0)
		r = -errno;
	upload->fd = -1;
	upload->r = r;
	if (r < 0)
		return;
	r = vz_clip_functions_load(&functions);
	if (r == 0)
		r = functions->check(upload->path, &extent);
	upload->r = r;
	if (r < 0) {
		describe(upload, functions, &extent);
		return;
	}
	upload->r = vz_clip_store_keep(upload->uploads->options.dirs, upload->path, upload->name,
				       &upload->id);
}

static void run_keep(void *data)
{
	struct upload *upload = data;

	look_at(upload);
	if (upload->r < 0)
		run_discard(upload);
}

static void done_keep(void *data)
{
	struct upload *upload = data;
	struct vz_uploads *uploads = upload->uploads;
	struct vz_buf buf = { 0 };

	upload->is_out = false;
	if (upload->r < 0) {
		if (upload->text[0])
			fail(upload, upload->r == -ENOMEM ? 503 : 415);
		else
			fail_errno(upload, upload->r);
		return;
	}
	vz_log(SERVER, INFO, "Received %s", upload->id);
	if (upload->exchange) {
		vz_buf_puts(&buf, "{\"clip\":");
		vz_json_print_string(&buf, upload->id, strlen(upload->id));
		vz_buf_putc(&buf, '}');
		vz_exchange_answer_buf(vz_steal(upload->exchange), "application/json", NULL, &buf);
	}
	if (!uploads->is_stopped)
		uploads->options.added(upload->id, uploads->options.data);
	upload_free(upload);
}

static void go_on(struct upload *upload);

static void done_write(void *data)
{
	struct upload *upload = data;

	upload->is_out = false;
	free(vz_steal(upload->writing));
	if (!upload->exchange || upload->uploads->is_stopped)
		discard(upload);
	else if (upload->r < 0)
		fail_errno(upload, upload->r);
	else
		go_on(upload);
}

/* Hands what has come to a worker, when it is enough and none has any. */
static void go_on(struct upload *upload)
{
	struct vz_uploads *uploads = upload->uploads;
	bool is_piece = upload->filling.size >= PIECE_BYTES;
	int r = 0;

	if (!upload->is_out && (is_piece || (upload->is_complete && upload->filling.size))) {
		r = vz_buf_finish(&upload->filling, &upload->writing, &upload->n_writing);
		if (r == 0)
			r = vz_jobs_add(uploads->options.jobs, run_write, done_write, upload);
		upload->is_out = r == 0;
		is_piece = false;
	} else if (!upload->is_out && upload->is_complete) {
		r = vz_jobs_add(uploads->options.jobs, run_keep, done_keep, upload);
		upload->is_out = r == 0;
	}
	if (r < 0) {
		fail_errno(upload, r);
		return;
	}
	if (is_piece != upload->is_held && !upload->is_complete) {
		upload->is_held = is_piece;
		vz_exchange_hold_body(upload->exchange, is_piece);
	}
}

/* --- The body -------------------------------------------------------------------------------- */

static void on_receive(const char *data, size_t size, void *body)
{
	struct upload *upload = body;

	vz_buf_append(&upload->filling, data, size);
	upload->n_received += size;
	if (upload->n_received - upload->n_told >= TOLD_EVERY_BYTES) {
		upload->n_told = upload->n_received;
		tell(upload->uploads);
	}
	go_on(upload);
}

static void on_complete(void *body)
{
	struct upload *upload = body;

	upload->is_complete = true;
	tell(upload->uploads);
	go_on(upload);
}

static void on_gone(void *data)
{
	struct upload *upload = data;

	upload->exchange = NULL;
	vz_log(SERVER, INFO, "The sender of %s has gone", upload->name);
	/* Who has sent all of it need not wait for what comes of it. */
	if (!upload->is_out)
		discard(upload);
}

static const struct vz_body_ops body_ops = { .receive = on_receive, .complete = on_complete };

/* --- The beginning --------------------------------------------------------------------------- */

static void refuse_text(struct vz_exchange *exchange, unsigned status, const char *text)
{
	vz_log(SERVER, NOTICE, "Upload refused: %s", text);
	vz_exchange_answer_text(exchange, status, text);
}

static unsigned judge_size(const struct vz_uploads *uploads, const char *name, uint64_t size,
			   char *text, size_t text_size)
{
	const struct vz_uploads_options *options = &uploads->options;
	uint64_t used = options->get_used(options->data), available = UINT64_MAX;
	struct statvfs fs;

	if (statvfs(options->dirs->uploads, &fs) == 0)
		available = (uint64_t) fs.f_bavail * fs.f_frsize;
	if (!size) {
		(void) snprintf(text, text_size, "%s is empty", name);
		return 400;
	}
	if (size > options->max_bytes) {
		(void) snprintf(text, text_size, "%s has %.0f MB: expected at most %.0f MB", name,
				(double) size / BYTES_PER_MB,
				(double) options->max_bytes / BYTES_PER_MB);
		return 413;
	}
	if (used + size > options->budget_bytes) {
		(void) snprintf(text, text_size,
				"%s has %.0f MB, and of the %.0f MB for clips %.0f MB are taken: "
				"delete some first",
				name, (double) size / BYTES_PER_MB,
				(double) options->budget_bytes / BYTES_PER_MB,
				(double) used / BYTES_PER_MB);
		return 507;
	}
	if (available < size + KEEP_FREE_BYTES) {
		(void) snprintf(text, text_size, "%s has %.0f MB: the disk has no room for it",
				name, (double) size / BYTES_PER_MB);
		return 507;
	}
	return 0;
}

static int begin(struct vz_uploads *uploads, struct vz_exchange *exchange, const char *name)
{
	struct upload *upload = calloc(1, sizeof(*upload));

	if (!upload)
		return -ENOMEM;
	upload->fd = -1;
	upload->uploads = uploads;
	upload->exchange = exchange;
	upload->size = (uint64_t) vz_exchange_get_request(exchange)->content_length;
	upload->name = strdup(name);
	if (asprintf(&upload->path, "%s/" VZ_CLIP_INCOMING "%u-%u", uploads->options.dirs->uploads,
		     (unsigned) getpid(), ++uploads->n_begun) < 0)
		upload->path = NULL;
	if (!upload->name || !upload->path) {
		free(upload->name);
		free(upload->path);
		free(upload);
		return -ENOMEM;
	}
	vz_list_add(&uploads->uploads, &upload->in_uploads);
	uploads->n++;
	vz_exchange_take_body(exchange, &body_ops, upload);
	vz_exchange_wait(exchange, on_gone, upload);
	tell(uploads);
	return 0;
}

void vz_uploads_post(struct vz_uploads *uploads, struct vz_exchange *exchange)
{
	const struct vz_http_request *request = vz_exchange_get_request(exchange);
	char name[VZ_CLIP_NAME_MAX * 2] = "", text[512];
	const char *why;
	unsigned status;

	(void) vz_exchange_get_query(exchange, "name", name, sizeof(name));
	why = vz_clip_name_refuse(name);
	if (why) {
		refuse_text(exchange, 400, why);
		return;
	}
	if (uploads->is_stopped || uploads->n >= MAX_UPLOADS) {
		refuse_text(exchange, 503, "Too many uploads at once: try again in a while");
		return;
	}
	status = judge_size(uploads, name, (uint64_t) request->content_length, text, sizeof(text));
	if (status)
		refuse_text(exchange, status, text);
	else if (begin(uploads, exchange, name) < 0)
		refuse_text(exchange, 503, "Out of memory");
}

/* --- The whole ------------------------------------------------------------------------------- */

int vz_uploads_new(const struct vz_uploads_options *options, struct vz_uploads **ret)
{
	struct vz_uploads *uploads = calloc(1, sizeof(*uploads));

	if (!uploads)
		return -ENOMEM;
	uploads->options = *options;
	vz_list_init(&uploads->uploads);
	*ret = uploads;
	return 0;
}

void vz_uploads_stop(struct vz_uploads *uploads)
{
	struct upload *upload, *tmp;

	if (!uploads)
		return;
	uploads->is_stopped = true;
	vz_list_for_each_safe(upload, tmp, &uploads->uploads, in_uploads)
	{
		(void) snprintf(upload->text, sizeof(upload->text), "Shutting down");
		if (upload->exchange)
			refuse(upload, 503);
		if (!upload->is_out)
			discard(upload);
	}
}

struct vz_uploads *vz_uploads_free(struct vz_uploads *uploads)
{
	/* What a worker still has is left to it. */
	if (uploads && vz_list_is_empty(&uploads->uploads))
		free(uploads);
	return NULL;
}
