#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clips/desk-private.h"
#include "jobs/jobs.h"

/* --- The list -------------------------------------------------------------------------------- */

struct listing {
	struct vz_desk *desk;
	struct vz_clip_list list;
	int r;
};

static void run_listing(void *data)
{
	struct listing *listing = data;

	listing->r = vz_clip_list_read(listing->desk->options.dirs, &listing->list);
}

static void read_list(struct vz_desk *desk);

static void done_listing(void *data)
{
	struct listing *listing = data;
	struct vz_desk *desk = listing->desk;
	VZ_CLEANUP(vz_freep) char *open_after = NULL;

	desk->is_listing = false;
	if (listing->r == 0) {
		vz_clip_list_deinit(&desk->list);
		desk->list = listing->list;
	}
	free(listing);
	if (desk->is_stopped)
		return;
	if (desk->list_again) {
		read_list(desk);
		return;
	}
	vz_desk_tell(desk, VZ_DESK_CHANGED_LIST);
	open_after = vz_steal(desk->open_after);
	if (open_after)
		(void) vz_desk_open(desk, open_after);
}

static void read_list(struct vz_desk *desk)
{
	struct listing *listing = calloc(1, sizeof(*listing));

	desk->list_again = false;
	if (!listing)
		return;
	listing->desk = desk;
	desk->is_listing = vz_jobs_add(desk->options.jobs, run_listing, done_listing, listing) == 0;
	if (!desk->is_listing)
		free(listing);
}

void vz_desk_refresh(struct vz_desk *desk, const char *then_open)
{
	if (desk->is_stopped)
		return;
	if (then_open) {
		free(desk->open_after);
		desk->open_after = strdup(then_open);
	}
	if (desk->is_listing)
		desk->list_again = true;
	else
		read_list(desk);
}

const struct vz_clip_list *vz_desk_get_list(const struct vz_desk *desk)
{
	return &desk->list;
}

/* --- Deleting -------------------------------------------------------------------------------- */

struct deletion {
	struct vz_desk *desk;
	struct vz_clip_file file;
	int r;
};

static void free_deletion(struct deletion *deletion)
{
	free(deletion->file.id);
	free(deletion->file.path);
	free(deletion);
}

static void run_deletion(void *data)
{
	struct deletion *deletion = data;

	deletion->r = vz_clip_store_delete(deletion->desk->options.dirs, &deletion->file);
}

static void done_deletion(void *data)
{
	struct deletion *deletion = data;

	vz_desk_refresh(deletion->desk, NULL);
	free_deletion(deletion);
}

int vz_desk_delete(struct vz_desk *desk, const char *id)
{
	const struct vz_clip_file *file = vz_clip_list_find(&desk->list, id);
	struct deletion *deletion;
	int r = -ENOMEM;

	if (!file || desk->is_stopped)
		return -ENOENT;
	if (!file->is_upload)
		return -EPERM;
	if (desk->processing && !strcmp(id, vz_desk_get_id(desk)))
		return -EBUSY;
	deletion = calloc(1, sizeof(*deletion));
	if (!deletion)
		return -ENOMEM;
	deletion->desk = desk;
	deletion->file = (struct vz_clip_file){ .id = strdup(file->id),
						.path = strdup(file->path),
						.is_upload = true };
	if (deletion->file.id && deletion->file.path)
		r = vz_jobs_add(desk->options.jobs, run_deletion, done_deletion, deletion);
	if (r < 0) {
		free_deletion(deletion);
		return r;
	}
	vz_desk_forget_settings(desk, deletion->file.id);
	if (!strcmp(deletion->file.id, vz_desk_get_id(desk)))
		(void) vz_desk_open(desk, NULL);
	return 0;
}
