#include "daemon-download.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jobs/jobs.h"
#include "server/exchange.h"
#include "server/range.h"
#include "util/blob.h"

#define PIECE_BYTES ((size_t) 256 << 10)

struct download {
	struct vz_jobs *jobs;
	struct vz_exchange *exchange; /* NULL: gone */
	char *path;
	const char *type;
	char name[64]; /* for the disk of whoever fetches it */
	int fd, error;
	uint64_t size;
	char etag[64];
	uint64_t offset, end; /* what is still to be read */
	struct vz_blob *piece;
	bool is_busy; /* on a worker */
};

static void free_download(struct download *download)
{
	if (download->fd >= 0)
		(void) close(download->fd);
	(void) vz_blob_unref(download->piece);
	free(download->path);
	free(download);
}

static void on_gone(void *data)
{
	struct download *download = data;

	download->exchange = NULL;
	if (!download->is_busy)
		free_download(download);
}

static void run_read(void *data)
{
	struct download *download = data;
	uint64_t left = download->end - download->offset;
	size_t wanted = left < PIECE_BYTES ? (size_t) left : PIECE_BYTES;
	struct vz_blob *piece = vz_blob_new(wanted);
	ssize_t n;

	if (!piece)
		return;
	n = pread(download->fd, piece->data, wanted, (off_t) download->offset);
	if (n <= 0) {
		(void) vz_blob_unref(piece);
		return;
	}
	piece->size = (size_t) n;
	download->piece = piece;
}

static void done_read(void *data)
{
	struct download *download = data;
	VZ_CLEANUP(vz_blob_unrefp) struct vz_blob *piece = vz_steal(download->piece);

	download->is_busy = false;
	if (!download->exchange) {
		free_download(download);
		return;
	}
	if (piece)
		download->offset += piece->size;
	vz_exchange_put_piece(download->exchange, piece);
}

static int add_job(struct download *download, vz_job_fn *run, vz_job_fn *done)
{
	int r = -ESHUTDOWN;

	if (download->jobs)
		r = vz_jobs_add(download->jobs, run, done, download);
	download->is_busy = r == 0;
	return r;
}

static void on_more(void *data)
{
	struct download *download = data;

	if (add_job(download, run_read, done_read) < 0)
		vz_exchange_put_piece(download->exchange, NULL);
}

static void run_open(void *data)
{
	struct download *download = data;
	struct stat st;

	download->fd = open(download->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (download->fd < 0 || fstat(download->fd, &st) < 0) {
		download->error = -errno;
		return;
	}
	download->size = (uint64_t) st.st_size;
	/* The same for as long as the file is: one that is replaced is another inode. */
	(void) snprintf(download->etag, sizeof(download->etag), "\"%jx-%jx-%jx.%lx\"",
			(uintmax_t) st.st_ino, (uintmax_t) st.st_size,
			(uintmax_t) st.st_mtim.tv_sec, (unsigned long) st.st_mtim.tv_nsec);
}

/* RFC 9110, 14.2: a Range counts in a GET alone. */
static enum vz_range_verdict choose(const struct download *download, struct vz_range *ret)
{
	const struct vz_http_request *request = vz_exchange_get_request(download->exchange);
	bool counts =
		request->method == VZ_GET && vz_range_counts(request->if_range, download->etag);

	return vz_range_choose(counts ? request->range : NULL, download->size, ret);
}

static void refuse_range(struct download *download)
{
	char more[64];

	(void) snprintf(more, sizeof(more), "Content-Range: bytes */%" PRIu64 "\r\n",
			download->size);
	vz_exchange_answer(download->exchange, &(struct vz_answer){ .status = 416, .more = more });
	free_download(download);
}

static void begin_download(struct download *download)
{
	const struct vz_pieces pieces = { on_more, on_gone, download };
	struct vz_answer answer = { .status = 200, .type = download->type };
	char more[256], place[96] = "";
	struct vz_range range;
	enum vz_range_verdict verdict = choose(download, &range);

	if (verdict == VZ_RANGE_NOTHING) {
		refuse_range(download);
		return;
	}
	if (verdict == VZ_RANGE_PART) {
		answer.status = 206;
		(void) snprintf(place, sizeof(place),
				"Content-Range: bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64 "\r\n",
				range.first, range.first + range.size - 1, download->size);
	}
	(void) snprintf(more, sizeof(more),
			"Accept-Ranges: bytes\r\n%s"
			"Content-Disposition: attachment; filename=\"%s\"\r\n",
			place, download->name);
	answer.etag = download->etag;
	answer.more = more;
	answer.stream_bytes = range.size;
	download->offset = range.first;
	download->end = range.first + range.size;
	vz_exchange_answer_pieces(download->exchange, &answer, &pieces);
}

static void done_open(void *data)
{
	struct download *download = data;

	download->is_busy = false;
	if (download->exchange && !download->error) {
		begin_download(download);
		return;
	}
	if (download->exchange)
		vz_exchange_answer_text(download->exchange, download->error == -ENOENT ? 404 : 503,
					strerror(-download->error));
	free_download(download);
}

/* Before the answer: the worker still has it. */
static void on_left(void *data)
{
	struct download *download = data;

	download->exchange = NULL;
}

static struct download *make_download(struct vz_jobs *jobs, char *path, const char *type,
				      const char *name)
{
	struct download *download = path ? calloc(1, sizeof(*download)) : NULL;

	if (!download) {
		free(path);
		return NULL;
	}
	download->jobs = jobs;
	download->fd = -1;
	download->path = path;
	download->type = type;
	(void) snprintf(download->name, sizeof(download->name), "%s", name);
	return download;
}

void vz_download_answer(struct vz_jobs *jobs, struct vz_exchange *exchange, char *path,
			const char *type, const char *name)
{
	struct download *download = make_download(jobs, path, type, name);
	int r = download ? add_job(download, run_open, done_open) : -ENOMEM;

	if (r < 0) {
		if (download)
			free_download(download);
		vz_exchange_answer_text(exchange, 503, strerror(-r));
		return;
	}
	download->exchange = exchange;
	vz_exchange_wait(exchange, on_left, download);
}
