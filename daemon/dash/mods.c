#include "dash/mods.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dash/mods-private.h"
#include "dash/patch.h"
#include "util/blob.h"
#include "util/hash.h"

/*
 * The mods of one component are chained in the order in which they were set (mod->next), and the
 * first of each chain is found through a small hash table once there are more than a handful. So
 * both a look-up and a walk over "each component, then its properties" are linear.
 */
#define N_WITHOUT_TABLE 8

int vz_mods_new(struct vz_mods **ret)
{
	struct vz_mods *mods = calloc(1, sizeof(*mods));

	if (!mods)
		return -ENOMEM;
	mods->refs = 1;
	*ret = mods;
	return 0;
}

struct vz_mods *vz_mods_ref(struct vz_mods *mods)
{
	mods->refs++;
	return mods;
}

static void deinit_mod(struct vz_mod *mod)
{
	json_object_put(mod->value);
	free(mod->id);
}

struct vz_mods *vz_mods_unref(struct vz_mods *mods)
{
	if (!mods || --mods->refs > 0)
		return NULL;
	for (size_t i = 0; i < mods->n_mods; i++)
		deinit_mod(&mods->mods[i]);
	free(mods->mods);
	free(mods->table);
	vz_blob_unref(mods->encoded);
	vz_mods_unref(mods->joined);
	free(mods);
	return NULL;
}

/* --- The index ------------------------------------------------------------------------------- */

/* The place in the table that has the chain of @id, or the free one (0) where it would go. */
static uint32_t *find_place(const struct vz_mods *mods, const char *id, uint32_t hash)
{
	size_t mask = mods->n_table - 1, i = hash & mask;

	for (; mods->table[i]; i = (i + 1) & mask) {
		const struct vz_mod *first = &mods->mods[mods->table[i] - 1];

		if (first->id_hash == hash && !strcmp(first->id, id))
			break;
	}
	return &mods->table[i];
}

static struct vz_mod *find_first(const struct vz_mods *mods, const char *id, uint32_t hash)
{
	if (mods->table) {
		uint32_t place = *find_place(mods, id, hash);

		return place ? &mods->mods[place - 1] : NULL;
	}
	for (size_t i = 0; i < mods->n_mods; i++)
		if (mods->mods[i].id_hash == hash && !strcmp(mods->mods[i].id, id))
			return &mods->mods[i];
	return NULL;
}

/* Puts the mod at @at, the last so far, into its chain. */
static void link_mod(struct vz_mods *mods, size_t at)
{
	struct vz_mod *mod = &mods->mods[at], *first;

	mod->next = 0;
	mod->last = (uint32_t) at + 1;
	if (mods->table) {
		uint32_t *place = find_place(mods, mod->id, mod->id_hash);

		first = *place ? &mods->mods[*place - 1] : NULL;
		if (!first)
			*place = (uint32_t) at + 1;
	} else {
		first = find_first(mods, mod->id, mod->id_hash);
	}
	mod->is_first = !first || first == mod;
	if (!mod->is_first) {
		mods->mods[first->last - 1].next = (uint32_t) at + 1;
		first->last = (uint32_t) at + 1;
	}
}

static void link_all(struct vz_mods *mods)
{
	size_t n = mods->n_mods;

	if (mods->table)
		memset(mods->table, 0, mods->n_table * sizeof(*mods->table));
	/* One by one, so that the search without a table sees only what is linked already. */
	for (mods->n_mods = 0; mods->n_mods < n; mods->n_mods++)
		link_mod(mods, mods->n_mods);
}

/* Makes room for one more mod and for its place in the table. */
static int reserve(struct vz_mods *mods)
{
	size_t n = mods->n_allocated ? mods->n_allocated * 2 : 4;
	struct vz_mod *grown;

	if (mods->n_mods == mods->n_allocated) {
		if (n > UINT32_MAX / 4)
			return -ENOMEM;
		grown = realloc(mods->mods, n * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		mods->mods = grown;
		mods->n_allocated = n;
	}
	if (mods->n_mods >= N_WITHOUT_TABLE && mods->n_table < mods->n_allocated * 2) {
		uint32_t *table = calloc(mods->n_allocated * 2, sizeof(*table));

		if (!table)
			return -ENOMEM;
		free(mods->table);
		mods->table = table;
		mods->n_table = mods->n_allocated * 2;
		link_all(mods);
	}
	return 0;
}

const struct vz_mod *vz_mods_next_of_component(const struct vz_mods *mods, const struct vz_mod *mod)
{
	return mod->next ? &mods->mods[mod->next - 1] : NULL;
}

static struct vz_mod *find_mod(const struct vz_mods *mods, const char *id, uint32_t hash,
			       const char *property)
{
	struct vz_mod *mod = find_first(mods, id, hash);

	while (mod && strcmp(mod->property, property) != 0)
		mod = mod->next ? &mods->mods[mod->next - 1] : NULL;
	return mod;
}

const struct vz_mod *vz_mods_find(const struct vz_mods *mods, const char *id, const char *property)
{
	const struct vz_mod *mod = find_mod(mods, id, vz_hash(id), property);

	/* A plain value ends what was there before it: it is the first, if there is one. */
	return mod && !mod->patch ? mod : NULL;
}

/* --- Setting --------------------------------------------------------------------------------- */

/* Removes the mods for which @is_gone says so; returns how many went. */
static size_t remove_mods(struct vz_mods *mods,
			  bool (*is_gone)(const struct vz_mod *, const void *), const void *data)
{
	size_t kept = 0, n = mods->n_mods;

	for (size_t i = 0; i < n; i++) {
		if (is_gone(&mods->mods[i], data))
			deinit_mod(&mods->mods[i]);
		else
			mods->mods[kept++] = mods->mods[i];
	}
	mods->n_mods = kept;
	if (kept < n)
		link_all(mods);
	return n - kept;
}

static bool is_patch_for(const struct vz_mod *mod, const void *data)
{
	const struct vz_mod *plain = data;

	return mod->patch && mod->id_hash == plain->id_hash && !strcmp(mod->id, plain->id) &&
	       !strcmp(mod->property, plain->property);
}

/* Gives @mod, the first for its property, a plain value in place of all that was. */
static void replace(struct vz_mods *mods, struct vz_mod *mod, struct json_object *value,
		    bool notify)
{
	bool patched = mod->patch;

	for (const struct vz_mod *it = mod; it && !patched;
	     it = vz_mods_next_of_component(mods, it))
		patched = is_patch_for(it, mod);
	json_object_get(value);
	json_object_put(mod->value);
	mod->value = value;
	mod->patch = false;
	/* Whoever was to be notified still is, and of the newest value. */
	mod->notify |= notify;
	if (patched) {
		struct vz_mod wanted = *mod;

		(void) remove_mods(mods, is_patch_for, &wanted);
	}
}

static int append(struct vz_mods *mods, const struct vz_mod *template)
{
	size_t id_size = strlen(template->id) + 1, property_size = strlen(template->property) + 1;
	struct vz_mod mod = *template;
	int r;

	r = reserve(mods);
	if (r < 0)
		return r;
	/* One allocation for both texts; the id is the one to free. */
	mod.id = malloc(id_size + property_size);
	if (!mod.id)
		return -ENOMEM;
	mod.property = mod.id + id_size;
	memcpy(mod.id, template->id, id_size);
	memcpy(mod.property, template->property, property_size);
	json_object_get(mod.value);
	mods->mods[mods->n_mods] = mod;
	link_mod(mods, mods->n_mods);
	mods->n_mods++;
	return 0;
}

/* What was made of the set as it was, is of no use any more. */
static void forget(struct vz_mods *mods)
{
	assert(mods->refs == 1);
	mods->encoded = vz_blob_unref(mods->encoded);
	mods->joined = vz_mods_unref(mods->joined);
	mods->number = 0;
}

int vz_mods_set(struct vz_mods *mods, const char *id, const char *property,
		struct json_object *value, bool notify)
{
	struct vz_mod mod = {
		.id = (char *) id,
		.property = (char *) property,
		.value = value,
		.notify = notify,
		.patch = vz_patch_check(value),
		.id_hash = vz_hash(id),
	};
	struct vz_mod *old;

	forget(mods);
	old = mod.patch ? NULL : find_mod(mods, id, mod.id_hash, property);
	if (!old)
		return append(mods, &mod);
	replace(mods, old, value, notify);
	return 0;
}

int vz_mods_merge(struct vz_mods *mods, const struct vz_mods *from)
{
	int r;

	for (size_t i = 0; i < from->n_mods; i++) {
		const struct vz_mod *mod = &from->mods[i];

		r = vz_mods_set(mods, mod->id, mod->property, mod->value, mod->notify);
		if (r < 0)
			return r;
	}
	return 0;
}

static bool is_replaced(const struct vz_mod *mod, const void *data)
{
	const struct vz_mods *newer = data;
	const struct vz_mod *other = find_mod(newer, mod->id, mod->id_hash, mod->property);

	/* One that was to notify is not lost to one that is quiet. */
	return other && !other->patch && (other->notify || !mod->notify);
}

size_t vz_mods_drop_replaced(struct vz_mods *mods, const struct vz_mods *newer)
{
	forget(mods);
	return remove_mods(mods, is_replaced, newer);
}

/* --- Joining --------------------------------------------------------------------------------- */

static bool replaces_all(const struct vz_mods *newer, const struct vz_mods *older)
{
	for (size_t i = 0; i < older->n_mods; i++)
		if (!is_replaced(&older->mods[i], newer))
			return false;
	return true;
}

bool vz_mods_is_joined(const struct vz_mods *older, const struct vz_mods *newer)
{
	return older->joined && older->joined_with == newer->number;
}

int vz_mods_join(struct vz_mods *older, struct vz_mods *newer, struct vz_mods **ret)
{
	/* Not the address: another set may lie there by the time of the next look. */
	static uint64_t last_number;
	VZ_CLEANUP(vz_mods_unrefp) struct vz_mods *joined = NULL;
	int r;

	if (replaces_all(newer, older)) {
		*ret = vz_mods_ref(newer);
		return 0;
	}
	if (!vz_mods_is_joined(older, newer)) {
		r = vz_mods_new(&joined);
		if (r >= 0)
			r = vz_mods_merge(joined, older);
		if (r >= 0)
			r = vz_mods_merge(joined, newer);
		if (r < 0)
			return r;
		if (!newer->number)
			newer->number = ++last_number;
		vz_mods_unref(older->joined);
		older->joined = vz_steal(joined);
		older->joined_with = newer->number;
	}
	*ret = vz_mods_ref(older->joined);
	return 0;
}

bool vz_mods_is_empty(const struct vz_mods *mods)
{
	return !mods->n_mods;
}

int vz_mods_from_json(struct json_object *object, bool notify, struct vz_mods **ret)
{
	VZ_CLEANUP(vz_mods_unrefp) struct vz_mods *mods = NULL;
	struct lh_entry *component, *property;
	int r;

	if (!json_object_is_type(object, json_type_object))
		return -EINVAL;
	r = vz_mods_new(&mods);
	if (r < 0)
		return r;
	lh_foreach(json_object_get_object(object), component)
	{
		struct json_object *properties = (struct json_object *) lh_entry_v(component);

		if (!json_object_is_type(properties, json_type_object))
			return -EINVAL;
		lh_foreach(json_object_get_object(properties), property)
		{
			r = vz_mods_set(mods, lh_entry_k(component), lh_entry_k(property),
					(struct json_object *) lh_entry_v(property), notify);
			if (r < 0)
				return r;
		}
	}
	*ret = vz_steal(mods);
	return 0;
}
