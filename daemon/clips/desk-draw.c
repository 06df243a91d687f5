#include <errno.h>
#include <stdlib.h>

#include "clips/desk-private.h"
#include "jobs/jobs.h"
#include "util/blob.h"

#define MAX_WAITING 16u

struct vz_desk_drawer {
	struct vz_list in_drawers;
	struct vz_desk_drawing drawing;
	void (*fn)(int r, struct vz_blob *jpeg, void *data);
	void *data;
};

/* A drawing that is with a worker. */
struct errand {
	struct vz_desk *desk;
	struct vz_view *view;
	struct vz_desk_drawing drawing;
	struct vz_clip_result *result; /* of a strobe picture */
	unsigned generation, result_number;
	int r;
	struct vz_blob *jpeg;
};

/* --- Pictures that are kept ------------------------------------------------------------------ */

static bool is_same(const struct vz_desk_drawing *a, const struct vz_desk_drawing *b)
{
	if (a->is_strobe != b->is_strobe)
		return false;
	if (a->is_strobe)
		return a->strobe.shown == b->strobe.shown &&
		       a->strobe.spacing == b->strobe.spacing &&
		       a->strobe.first_s == b->strobe.first_s &&
		       a->strobe.last_s == b->strobe.last_s;
	if (a->picture.kind != b->picture.kind || a->picture.frame != b->picture.frame)
		return false;
	return a->picture.kind == VZ_VIEW_PLAIN ||
	       (a->picture.threshold_percent == b->picture.threshold_percent &&
		a->picture.range_first == b->picture.range_first &&
		a->picture.range_last == b->picture.range_last);
}

static struct vz_blob *find_kept(struct vz_desk *desk, const struct vz_desk_drawing *drawing)
{
	for (unsigned i = 0; i < VZ_DESK_N_KEPT; i++) {
		struct vz_desk_kept *kept = &desk->kept[i];

		if (!kept->jpeg || !is_same(&kept->drawing, drawing) ||
		    (drawing->is_strobe && kept->result_number != desk->result_number))
			continue;
		kept->used = ++desk->n_used;
		return kept->jpeg;
	}
	return NULL;
}

/* In the place of what was not wanted for the longest time. */
static void keep(struct vz_desk *desk, const struct errand *errand)
{
	struct vz_desk_kept *oldest = &desk->kept[0];

	for (unsigned i = 1; i < VZ_DESK_N_KEPT; i++)
		if (desk->kept[i].used < oldest->used)
			oldest = &desk->kept[i];
	(void) vz_blob_unref(oldest->jpeg);
	*oldest = (struct vz_desk_kept){
		.drawing = errand->drawing,
		.result_number = errand->result_number,
		.jpeg = vz_blob_ref(errand->jpeg),
		.used = ++desk->n_used,
	};
}

void vz_desk_forget_pictures(struct vz_desk *desk)
{
	for (unsigned i = 0; i < VZ_DESK_N_KEPT; i++) {
		(void) vz_blob_unref(desk->kept[i].jpeg);
		desk->kept[i] = (struct vz_desk_kept){ 0 };
	}
}

/* --- Who waits ------------------------------------------------------------------------------- */

static void answer(struct vz_desk_drawer *drawer, int r, struct vz_blob *jpeg)
{
	vz_list_remove(&drawer->in_drawers);
	drawer->fn(r, jpeg, drawer->data);
	free(drawer);
}

/* All who wait for the same. */
static void answer_all(struct vz_desk *desk, const struct vz_desk_drawing *drawing, int r,
		       struct vz_blob *jpeg)
{
	struct vz_desk_drawer *drawer, *tmp;

	vz_list_for_each_safe(drawer, tmp, &desk->drawers,
			      in_drawers) if (is_same(&drawer->drawing, drawing))
		answer(drawer, r, jpeg);
}

void vz_desk_end_drawing(struct vz_desk *desk, int r)
{
	struct vz_desk_drawer *drawer;

	while ((drawer = vz_list_first(&desk->drawers, struct vz_desk_drawer, in_drawers)))
		answer(drawer, r, NULL);
	vz_desk_forget_pictures(desk);
}

void vz_desk_undraw(struct vz_desk_drawer *drawer)
{
	vz_list_remove(&drawer->in_drawers);
	free(drawer);
}

/* --- Errands --------------------------------------------------------------------------------- */

static void run(void *data)
{
	struct errand *errand = data;
	const struct vz_clip_functions *functions = errand->desk->functions;

	errand->r = errand->drawing.is_strobe
			    ? functions->view_draw_strobe(errand->view, &errand->drawing.strobe,
							  &errand->jpeg)
			    : functions->view_draw(errand->view, &errand->drawing.picture,
						   &errand->jpeg);
}

static void done(void *data)
{
	struct errand *errand = data;
	struct vz_desk *desk = errand->desk;

	desk->is_drawing = false;
	if (desk->unwanted)
		desk->unwanted = desk->functions->view_close(desk->unwanted);
	if (!desk->is_stopped && errand->generation == desk->generation) {
		if (errand->r == 0)
			keep(desk, errand);
		answer_all(desk, &errand->drawing, errand->r, errand->jpeg);
	}
	(void) vz_blob_unref(errand->jpeg);
	(void) vz_clip_result_unref(errand->result);
	free(errand);
	vz_desk_go_on_drawing(desk);
}

static int send(struct vz_desk *desk, const struct vz_desk_drawing *drawing)
{
	struct errand *errand = calloc(1, sizeof(*errand));
	int r;

	if (!errand)
		return -ENOMEM;
	errand->desk = desk;
	errand->view = desk->view;
	errand->drawing = *drawing;
	errand->generation = desk->generation;
	errand->result_number = desk->result_number;
	if (drawing->is_strobe) {
		errand->result = vz_clip_result_ref(desk->result);
		errand->drawing.strobe.tracks = &errand->result->tracks;
		errand->drawing.strobe.threshold_percent =
			errand->result->options.threshold_percent;
		errand->drawing.strobe.range_first = errand->result->options.first;
		errand->drawing.strobe.range_last = errand->result->options.last;
	}
	r = vz_jobs_add(desk->options.jobs, run, done, errand);
	if (r < 0) {
		(void) vz_clip_result_unref(errand->result);
		free(errand);
		return r;
	}
	desk->is_drawing = true;
	return 0;
}

static int check(const struct vz_desk *desk, const struct vz_desk_drawing *drawing)
{
	if (!desk->view || desk->is_stopped)
		return -ENODATA;
	return drawing->is_strobe && !desk->result ? -ENODATA : 0;
}

/* The newest first: who drags a slider wants where it is now. */
void vz_desk_go_on_drawing(struct vz_desk *desk)
{
	while (!desk->is_drawing && !vz_list_is_empty(&desk->drawers)) {
		struct vz_desk_drawer *newest =
			vz_list_entry(desk->drawers.prev, struct vz_desk_drawer, in_drawers);
		int r = check(desk, &newest->drawing);

		if (r == 0)
			r = send(desk, &newest->drawing);
		if (r < 0)
			answer(newest, r, NULL);
	}
}

int vz_desk_draw(struct vz_desk *desk, const struct vz_desk_drawing *drawing,
		 void (*fn)(int r, struct vz_blob *jpeg, void *data), void *data,
		 struct vz_desk_drawer **ret)
{
	struct vz_desk_drawer *drawer, *oldest;
	struct vz_blob *kept = find_kept(desk, drawing);
	int r = check(desk, drawing);
	unsigned n = 0;

	*ret = NULL;
	if (r < 0 || kept) {
		fn(r, r < 0 ? NULL : kept, data);
		return 0;
	}
	drawer = calloc(1, sizeof(*drawer));
	if (!drawer)
		return -ENOMEM;
	drawer->drawing = *drawing;
	drawer->fn = fn;
	drawer->data = data;
	vz_list_for_each(oldest, &desk->drawers, in_drawers) n++;
	if (n >= MAX_WAITING)
		answer(vz_list_first(&desk->drawers, struct vz_desk_drawer, in_drawers), -EAGAIN,
		       NULL);
	vz_list_add(&desk->drawers, &drawer->in_drawers);
	*ret = drawer;
	if (!desk->is_drawing) {
		r = send(desk, drawing);
		if (r < 0) {
			vz_desk_undraw(vz_steal(*ret));
			return r;
		}
	}
	return 0;
}
