#include "dash/post.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "dash/app-private.h"
#include "dash/client.h"
#include "dash/mods.h"
#include "dash/push.h"
#include "util/log.h"

/* What waits for one client, or for everybody. */
struct letter {
	struct vz_list in_box;
	uint64_t client_id;
	struct vz_mods *mods;
};

struct vz_post_box {
	pthread_mutex_t lock; /* of all that follows */
	unsigned refs;	      /* the app, and the loop while it is asked to come */
	struct vz_app *app;   /* NULL: it has gone */
	bool is_posted;
	struct vz_list letters;
	size_t n_mods;
};

static void letter_free(struct letter *letter)
{
	vz_list_remove(&letter->in_box);
	vz_mods_unref(letter->mods);
	free(letter);
}

static void free_letters(struct vz_list *letters)
{
	struct letter *l;

	while ((l = vz_list_first(letters, struct letter, in_box)))
		letter_free(l);
}

int vz_post_box_new(struct vz_app *app, struct vz_post_box **ret)
{
	struct vz_post_box *box = calloc(1, sizeof(*box));

	if (!box)
		return -ENOMEM;
	(void) pthread_mutex_init(&box->lock, NULL);
	vz_list_init(&box->letters);
	box->refs = 1;
	box->app = app;
	*ret = box;
	return 0;
}

/* With the lock held, which it gives back. */
static void unref_and_unlock(struct vz_post_box *box)
{
	bool is_last = !--box->refs;

	(void) pthread_mutex_unlock(&box->lock);
	if (!is_last)
		return;
	free_letters(&box->letters);
	(void) pthread_mutex_destroy(&box->lock);
	free(box);
}

struct vz_post_box *vz_post_box_ref(struct vz_post_box *box)
{
	(void) pthread_mutex_lock(&box->lock);
	box->refs++;
	(void) pthread_mutex_unlock(&box->lock);
	return box;
}

struct vz_post_box *vz_post_box_unref(struct vz_post_box *box)
{
	if (!box)
		return NULL;
	(void) pthread_mutex_lock(&box->lock);
	unref_and_unlock(box);
	return NULL;
}

struct vz_post_box *vz_post_box_free(struct vz_post_box *box)
{
	if (!box)
		return NULL;
	(void) pthread_mutex_lock(&box->lock);
	box->app = NULL;
	free_letters(&box->letters);
	unref_and_unlock(box);
	return NULL;
}

/* --- The loop comes -------------------------------------------------------------------------- */

static int deliver_to(struct vz_app *app, uint64_t client_id, struct vz_mods *mods)
{
	struct vz_client *client;

	if (!client_id)
		return vz_app_apply_mods(app, mods);
	client = vz_app_find_client(app, client_id);
	if (client)
		vz_push_to(client, mods);
	return 0;
}

static void deliver_one(struct vz_app *app, const struct vz_mod *mod)
{
	VZ_CLEANUP(vz_mods_unrefp) struct vz_mods *mods = NULL;
	int r;

	r = vz_mods_new(&mods);
	if (r >= 0)
		r = vz_mods_set(mods, mod->id, mod->property, mod->value, mod->notify);
	if (r >= 0)
		r = vz_app_apply_mods(app, mods);
	if (r < 0)
		vz_warn_errno(DASH, r, "The posted value of '%s.%s' is dropped", mod->id,
			      mod->property);
}

static void deliver(struct vz_app *app, const struct letter *letter)
{
	size_t i;

	if (deliver_to(app, letter->client_id, letter->mods) >= 0)
		return;
	/* They may be of several posts: one that does not fit must not take the others along. */
	for (i = 0; i < letter->mods->n_mods; i++)
		deliver_one(app, &letter->mods->mods[i]);
}

static void empty(void *data)
{
	struct vz_post_box *box = data;
	struct vz_list letters = VZ_LIST_INIT(letters);
	struct letter *l;

	(void) pthread_mutex_lock(&box->lock);
	box->is_posted = false;
	box->n_mods = 0;
	while ((l = vz_list_first(&box->letters, struct letter, in_box))) {
		vz_list_remove(&l->in_box);
		vz_list_add(&letters, &l->in_box);
	}
	(void) pthread_mutex_unlock(&box->lock);

	/* A function that runs now may not free the app, so that it stays as it is. */
	vz_list_for_each(l, &letters, in_box) if (box->app) deliver(box->app, l);
	if (box->app)
		vz_app_update_deadline(box->app);
	free_letters(&letters);
	(void) pthread_mutex_lock(&box->lock);
	unref_and_unlock(box);
}

/* --- Posting --------------------------------------------------------------------------------- */

static int find_letter(struct vz_post_box *box, uint64_t client_id, struct letter **ret)
{
	struct letter *l;
	int r;

	vz_list_for_each(l, &box->letters, in_box) if (l->client_id == client_id)
	{
		*ret = l;
		return 0;
	}
	l = calloc(1, sizeof(*l));
	if (!l)
		return -ENOMEM;
	vz_list_init(&l->in_box);
	r = vz_mods_new(&l->mods);
	if (r < 0) {
		free(l);
		return r;
	}
	l->client_id = client_id;
	vz_list_add(&box->letters, &l->in_box);
	*ret = l;
	return 0;
}

/* How many of @mods have no place yet. */
static size_t count_new(const struct letter *letter, const struct vz_mods *mods)
{
	size_t i, n = 0;

	for (i = 0; i < mods->n_mods; i++)
		if (mods->mods[i].patch ||
		    !vz_mods_find(letter->mods, mods->mods[i].id, mods->mods[i].property))
			n++;
	return n;
}

static int put(struct vz_post_box *box, uint64_t client_id, const struct vz_mods *mods)
{
	struct letter *letter;
	size_t before;
	int r;

	r = find_letter(box, client_id, &letter);
	if (r < 0)
		return r;
	before = letter->mods->n_mods;
	if (box->n_mods + count_new(letter, mods) > VZ_POST_MAX_MODS) {
		if (!before)
			letter_free(letter);
		return -EAGAIN;
	}
	r = vz_mods_merge(letter->mods, mods);
	box->n_mods += letter->mods->n_mods - before;
	return r;
}

static int call_loop(struct vz_post_box *box)
{
	const struct vz_app_options *options = &box->app->options;
	int r;

	if (box->is_posted)
		return 0;
	r = options->post(empty, box, options->post_data);
	if (r < 0)
		return r;
	box->is_posted = true;
	box->refs++;
	return 0;
}

/* With the lock held. */
static int check_loop(const struct vz_post_box *box)
{
	if (!box->app)
		return -ESHUTDOWN;
	return box->app->options.post ? 0 : -ENOTSUP;
}

int vz_post_box_put(struct vz_post_box *box, struct json_object *object, uint64_t client_id)
{
	VZ_CLEANUP(vz_mods_unrefp) struct vz_mods *mods = NULL;
	int r;

	r = vz_mods_from_json(object, client_id != 0, &mods);
	if (r < 0 || vz_mods_is_empty(mods)) {
		json_object_put(object);
		return r;
	}

	/* Under the lock as far as the references to values go: json-c counts those without one. */
	(void) pthread_mutex_lock(&box->lock);
	r = check_loop(box);
	if (r >= 0)
		r = put(box, client_id, mods);
	if (r >= 0)
		r = call_loop(box);
	mods = vz_mods_unref(mods);
	json_object_put(object);
	(void) pthread_mutex_unlock(&box->lock);
	return r;
}

int vz_app_post_mods(struct vz_app *app, struct json_object *object, uint64_t client_id)
{
	return vz_post_box_put(app->post_box, object, client_id);
}
