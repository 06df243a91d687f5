#include "server/outbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dash/message.h"
#include "dash/mods.h"
#include "util/blob.h"

const struct vz_outbox_limits vz_outbox_default_limits = {
	.mods_bytes = 4 * 1024 * 1024,
	.reply_bytes = 32 * 1024 * 1024,
	.n_mods = 4096,
	.n_replies = 4096,
};

struct item {
	struct vz_list in_items;
	struct vz_blob *reply; /* of a reply; else NULL */
	struct vz_mods *mods;
	bool is_sum;  /* bytes is the sum of what came together, the text perhaps shorter */
	size_t bytes; /* of its text */
	char renderer_id[VZ_RENDERER_ID_MAX + 1]; /* empty: the link's only tab */
};

struct resync {
	struct vz_list in_resyncs;
	char renderer_id[VZ_RENDERER_ID_MAX + 1];
};

void vz_outbox_init(struct vz_outbox *outbox, const struct vz_outbox_limits *limits,
		    int (*snapshot)(void *data, const char *renderer_id, struct vz_mods **ret),
		    void *data)
{
	*outbox = (struct vz_outbox){ .limits = limits, .snapshot = snapshot, .data = data };
	vz_list_init(&outbox->items);
	vz_list_init(&outbox->resyncs);
}

static bool copy_id(char to[VZ_RENDERER_ID_MAX + 1], const char *id)
{
	size_t size = id ? strlen(id) : 0;

	if (size > VZ_RENDERER_ID_MAX)
		return false;
	memcpy(to, id ? id : "", size + 1);
	return true;
}

static void drop_item(struct vz_outbox *outbox, struct item *item)
{
	if (item->reply) {
		outbox->reply_bytes -= item->bytes;
		outbox->n_replies--;
	} else {
		outbox->mods_bytes -= item->bytes;
		outbox->n_mods -= (unsigned) item->mods->n_mods;
	}
	vz_list_remove(&item->in_items);
	vz_blob_unref(item->reply);
	vz_mods_unref(item->mods);
	free(item);
}

void vz_outbox_deinit(struct vz_outbox *outbox)
{
	struct item *item, *tmp;
	struct resync *resync, *tmp_resync;

	vz_list_for_each_safe(item, tmp, &outbox->items, in_items) drop_item(outbox, item);
	vz_list_for_each_safe(resync, tmp_resync, &outbox->resyncs, in_resyncs)
	{
		vz_list_remove(&resync->in_resyncs);
		free(resync);
	}
}

bool vz_outbox_is_empty(const struct vz_outbox *outbox)
{
	return vz_list_is_empty(&outbox->items) && vz_list_is_empty(&outbox->resyncs);
}

int vz_outbox_add_reply(struct vz_outbox *outbox, struct vz_blob *text)
{
	struct item *item;

	if (outbox->n_replies >= outbox->limits->n_replies ||
	    outbox->reply_bytes + text->size > outbox->limits->reply_bytes)
		return -ENOBUFS;
	item = calloc(1, sizeof(*item));
	if (!item)
		return -ENOMEM;
	item->reply = vz_blob_ref(text);
	item->bytes = text->size;
	outbox->reply_bytes += item->bytes;
	outbox->n_replies++;
	vz_list_add(&outbox->items, &item->in_items);
	return 0;
}

/* --- Mods ------------------------------------------------------------------------------------ */

/* What the text of @mods takes. It is kept in the set, so a broadcast pays for it once. */
static int measure(struct vz_mods *mods, size_t *ret)
{
	VZ_CLEANUP(vz_blob_unrefp) struct vz_blob *text = NULL;
	int r;

	r = vz_message_encode_mods(mods, &text);
	if (r < 0)
		return r;
	*ret = text->size;
	return 0;
}

/* A set that waits elsewhere too must not change: then this item gets its own. */
static int make_own(struct item *item)
{
	VZ_CLEANUP(vz_mods_unrefp) struct vz_mods *copy = NULL;
	int r;

	if (item->mods->refs == 1)
		return 0;
	r = vz_mods_new(&copy);
	if (r < 0)
		return r;
	r = vz_mods_merge(copy, item->mods);
	if (r < 0)
		return r;
	vz_mods_unref(item->mods);
	item->mods = vz_steal(copy);
	return 0;
}

static bool replaces_any(const struct vz_mods *newer, const struct vz_mods *older)
{
	size_t i;

	for (i = 0; i < older->n_mods; i++) {
		if (vz_mods_find(newer, older->mods[i].id, older->mods[i].property))
			return true;
	}
	return false;
}

/* Values that wait and that @newer has anew need not be sent. */
static int drop_replaced(struct vz_outbox *outbox, struct item *item, const struct vz_mods *newer)
{
	size_t n;
	int r;

	if (!replaces_any(newer, item->mods))
		return 0;
	r = make_own(item);
	if (r < 0)
		return r;
	n = vz_mods_drop_replaced(item->mods, newer);
	item->is_sum = true;
	outbox->n_mods -= (unsigned) n;
	outbox->n_coalesced += n;
	if (vz_mods_is_empty(item->mods))
		drop_item(outbox, item);
	return 0;
}

static int append_mods(struct vz_outbox *outbox, const char *id, struct vz_mods *mods, size_t bytes)
{
	struct item *item;

	item = calloc(1, sizeof(*item));
	if (!item)
		return -ENOMEM;
	strcpy(item->renderer_id, id);
	item->mods = vz_mods_ref(mods);
	item->bytes = bytes;
	outbox->mods_bytes += bytes;
	outbox->n_mods += (unsigned) mods->n_mods;
	vz_list_add(&outbox->items, &item->in_items);
	return 0;
}

/*
 * Puts @mods into the set that waits at the end of the queue. What waits for others too becomes
 * another set, the same for all for whom these two meet.
 */
static int merge_mods(struct vz_outbox *outbox, struct item *item, struct vz_mods *mods,
		      size_t bytes)
{
	size_t before = item->mods->n_mods;
	struct vz_mods *joined;
	int r;

	if (item->mods->refs > 1 || vz_mods_is_joined(item->mods, mods)) {
		r = vz_mods_join(item->mods, mods, &joined);
		if (r < 0)
			return r;
		vz_mods_unref(item->mods);
		item->mods = joined;
	} else {
		r = vz_mods_merge(item->mods, mods);
	}
	outbox->n_coalesced += before + mods->n_mods - item->mods->n_mods;
	outbox->n_mods += (unsigned) item->mods->n_mods - (unsigned) before;
	outbox->mods_bytes += bytes;
	item->bytes += bytes;
	item->is_sum = true;
	return r;
}

static struct resync *find_resync(struct vz_outbox *outbox, const char *id)
{
	struct resync *resync;

	vz_list_for_each(resync, &outbox->resyncs, in_resyncs)
	{
		if (strcmp(resync->renderer_id, id) == 0)
			return resync;
	}
	return NULL;
}

static int add_resync(struct vz_outbox *outbox, const char *id)
{
	struct resync *resync;

	if (find_resync(outbox, id))
		return 0;
	resync = calloc(1, sizeof(*resync));
	if (!resync)
		return -ENOMEM;
	strcpy(resync->renderer_id, id);
	vz_list_add(&outbox->resyncs, &resync->in_resyncs);
	return 0;
}

/* Gives up all mods that wait: their tabs get the snapshot. */
static int drop_mods(struct vz_outbox *outbox)
{
	struct item *item, *tmp;
	int r;

	vz_list_for_each_safe(item, tmp, &outbox->items, in_items)
	{
		if (item->reply)
			continue;
		r = add_resync(outbox, item->renderer_id);
		if (r < 0)
			return r;
		outbox->n_coalesced += item->mods->n_mods;
		drop_item(outbox, item);
	}
	return 0;
}

/*
 * The size of a merged set is only known to be at most the sum of its parts; when the sum is too
 * large, it is measured.
 */
static int enforce_quota(struct vz_outbox *outbox)
{
	struct item *item;
	size_t bytes;
	int r;

	if (outbox->mods_bytes > outbox->limits->mods_bytes) {
		vz_list_for_each(item, &outbox->items, in_items)
		{
			if (item->reply || !item->is_sum)
				continue;
			r = measure(item->mods, &bytes);
			if (r < 0)
				return r;
			item->is_sum = false;
			outbox->mods_bytes -= item->bytes;
			outbox->mods_bytes += bytes;
			item->bytes = bytes;
		}
	}
	if (outbox->mods_bytes > outbox->limits->mods_bytes ||
	    outbox->n_mods > outbox->limits->n_mods)
		return drop_mods(outbox);
	return 0;
}

/* The mods for that tab at the end of the queue, into which more may go; else NULL. */
static struct item *last_for(struct vz_outbox *outbox, const char *id)
{
	struct item *last;

	if (vz_list_is_empty(&outbox->items))
		return NULL;
	last = vz_list_entry(outbox->items.prev, struct item, in_items);
	return last->reply || strcmp(last->renderer_id, id) != 0 ? NULL : last;
}

int vz_outbox_add_mods(struct vz_outbox *outbox, const char *renderer_id, struct vz_mods *mods)
{
	char id[VZ_RENDERER_ID_MAX + 1];
	struct item *item, *tmp, *last;
	size_t bytes;
	int r;

	if (vz_mods_is_empty(mods))
		return 0;
	if (!copy_id(id, renderer_id))
		return -EINVAL;
	if (find_resync(outbox, id)) {
		outbox->n_coalesced += mods->n_mods;
		return 0;
	}
	r = measure(mods, &bytes);
	if (r < 0)
		return r;

	last = last_for(outbox, id);
	vz_list_for_each_safe(item, tmp, &outbox->items, in_items)
	{
		if (item->reply || item == last || strcmp(item->renderer_id, id))
			continue;
		r = drop_replaced(outbox, item, mods);
		if (r < 0)
			return r;
	}
	if (last)
		r = merge_mods(outbox, last, mods, bytes);
	else
		r = append_mods(outbox, id, mods, bytes);
	return r < 0 ? r : enforce_quota(outbox);
}

/* --- Taking ---------------------------------------------------------------------------------- */

static int encode(const char *id, struct vz_mods *mods, struct vz_blob **ret)
{
	return id[0] ? vz_message_encode_set_props(id, mods, ret)
		     : vz_message_encode_mods(mods, ret);
}

static int take_resync(struct vz_outbox *outbox, struct vz_blob **ret)
{
	struct resync *resync = vz_list_first(&outbox->resyncs, struct resync, in_resyncs);
	VZ_CLEANUP(vz_mods_unrefp) struct vz_mods *mods = NULL;
	int r;

	r = outbox->snapshot(outbox->data, resync->renderer_id[0] ? resync->renderer_id : NULL,
			     &mods);
	if (r < 0)
		return r;
	r = encode(resync->renderer_id, mods, ret);
	if (r < 0)
		return r;
	vz_list_remove(&resync->in_resyncs);
	free(resync);
	return 1;
}

int vz_outbox_take(struct vz_outbox *outbox, struct vz_blob **ret)
{
	struct item *item = vz_list_first(&outbox->items, struct item, in_items);
	int r = 0;

	if (!item)
		return vz_list_is_empty(&outbox->resyncs) ? 0 : take_resync(outbox, ret);
	if (item->reply)
		*ret = vz_blob_ref(item->reply);
	else
		r = encode(item->renderer_id, item->mods, ret);
	if (r < 0)
		return r;
	drop_item(outbox, item);
	return 1;
}
