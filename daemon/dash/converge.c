#include "dash/converge.h"

#include <errno.h>
#include <stdlib.h>

#include "util/json.h"

/* A browser that answers nothing, or a push many times a frame, must not make us keep more. */
#define MAX_ECHOES 64

struct echo {
	struct vz_list in_item; /* oldest first */
	const void *listener;
	struct json_object *value;
	int64_t pushed_us;
};

struct item {
	struct vz_list in_converge;
	const void *property;
	struct vz_list echoes;
	unsigned n_echoes;
	bool was_quiet;
	int64_t quiet_us; /* the last quiet push */
	struct vz_reassert promise;
};

static void echo_free(struct item *item, struct echo *echo)
{
	vz_list_remove(&echo->in_item);
	item->n_echoes--;
	json_object_put(echo->value);
	free(echo);
}

static void item_free(struct item *item)
{
	struct echo *echo, *tmp;

	vz_list_for_each_safe(echo, tmp, &item->echoes, in_item) echo_free(item, echo);
	vz_list_remove(&item->promise.in_queue);
	vz_list_remove(&item->in_converge);
	free(item);
}

void vz_converge_init(struct vz_converge *converge)
{
	vz_list_init(&converge->items);
	converge->all_quiet_us = INT64_MIN;
}

void vz_converge_deinit(struct vz_converge *converge)
{
	struct item *item, *tmp;

	vz_list_for_each_safe(item, tmp, &converge->items, in_converge) item_free(item);
}

static bool is_past(int64_t pushed_us, int64_t limit_us, int64_t now_us)
{
	return pushed_us <= now_us - limit_us;
}

/* Whether the item still says anything after what is past has been dropped. */
static bool item_expire(struct item *item, int64_t now_us)
{
	struct echo *echo, *tmp;

	vz_list_for_each_safe(echo, tmp, &item->echoes,
			      in_item) if (is_past(echo->pushed_us, VZ_CONVERGE_EXPIRY_US, now_us))
		echo_free(item, echo);
	if (item->was_quiet && is_past(item->quiet_us, VZ_CONVERGE_QUIET_US, now_us))
		item->was_quiet = false;
	return item->was_quiet || item->n_echoes || !vz_list_is_empty(&item->promise.in_queue);
}

void vz_converge_expire(struct vz_converge *converge, int64_t now_us)
{
	struct item *item, *tmp;

	vz_list_for_each_safe(item, tmp, &converge->items,
			      in_converge) if (!item_expire(item, now_us)) item_free(item);
}

static struct item *find(const struct vz_converge *converge, const void *property)
{
	struct item *item;

	vz_list_for_each(item, &converge->items,
			 in_converge) if (item->property == property) return item;
	return NULL;
}

/* The items are few, because those that have expired go when a new one comes. */
static struct item *get(struct vz_converge *converge, const void *property)
{
	struct item *item = find(converge, property);

	if (item)
		return item;
	item = calloc(1, sizeof(*item));
	if (!item)
		return NULL;
	item->property = property;
	vz_list_init(&item->echoes);
	vz_list_init(&item->promise.in_queue);
	vz_list_add(&converge->items, &item->in_converge);
	return item;
}

static int expect_echo(struct item *item, const void *listener, struct json_object *value,
		       int64_t now_us)
{
	struct echo *echo;

	if (item->n_echoes >= MAX_ECHOES)
		echo_free(item, vz_list_first(&item->echoes, struct echo, in_item));

	echo = calloc(1, sizeof(*echo));
	if (!echo)
		return -ENOMEM;
	echo->listener = listener;
	echo->value = json_object_get(value);
	echo->pushed_us = now_us;
	vz_list_add(&item->echoes, &echo->in_item);
	item->n_echoes++;
	return 0;
}

int vz_converge_push(struct vz_converge *converge, const void *property, struct json_object *value,
		     const void *const *listeners, size_t n_listeners, int64_t now_us)
{
	struct item *item = find(converge, property);
	size_t i;
	int r;

	if (!item) {
		vz_converge_expire(converge, now_us);
		item = get(converge, property);
	}
	if (!item)
		return -ENOMEM;

	vz_list_remove(&item->promise.in_queue);
	(void) item_expire(item, now_us);
	if (n_listeners == 0) {
		item->was_quiet = true;
		item->quiet_us = now_us;
	}
	for (i = 0; i < n_listeners; i++) {
		r = expect_echo(item, listeners[i], value, now_us);
		if (r < 0)
			return r;
	}
	return 0;
}

void vz_converge_push_all_quietly(struct vz_converge *converge, int64_t now_us)
{
	converge->all_quiet_us = now_us;
}

/*
 * The oldest that matches, since the browser answers in order; it takes with it what is older, as
 * the browser merges pushes that come close together and then answers only the last.
 */
static bool take_echo(struct item *item, const void *listener, struct json_object *value)
{
	struct echo *echo, *match = NULL, *tmp;

	vz_list_for_each(echo, &item->echoes, in_item) if (echo->listener == listener &&
							   vz_json_equal(echo->value, value))
	{
		match = echo;
		break;
	}
	if (!match)
		return false;

	vz_list_for_each_safe(echo, tmp, &item->echoes, in_item)
	{
		bool is_last = echo == match;

		if (echo->listener == listener)
			echo_free(item, echo);
		if (is_last)
			break;
	}
	return true;
}

enum vz_verdict vz_converge_judge(struct vz_converge *converge, const void *property,
				  const void *listener, struct json_object *value,
				  struct json_object *truth, int64_t now_us)
{
	struct item *item = find(converge, property);
	bool all_quiet = converge->all_quiet_us != INT64_MIN &&
			 !is_past(converge->all_quiet_us, VZ_CONVERGE_QUIET_US, now_us);

	if (!item)
		return all_quiet ? VZ_VERDICT_CONTESTED : VZ_VERDICT_EDIT;

	(void) item_expire(item, now_us);
	if (take_echo(item, listener, value)) {
		/* What is still on its way, or promised, will bring the truth. */
		if (item->n_echoes || !vz_list_is_empty(&item->promise.in_queue) ||
		    vz_json_equal(value, truth))
			return VZ_VERDICT_ECHO;
		return VZ_VERDICT_STALE;
	}
	if (all_quiet || item->was_quiet || item->n_echoes ||
	    !vz_list_is_empty(&item->promise.in_queue))
		return VZ_VERDICT_CONTESTED;
	return VZ_VERDICT_EDIT;
}

int vz_converge_promise(struct vz_converge *converge, const void *property, void *owner,
			struct vz_list *queue, int64_t now_us)
{
	struct item *item = get(converge, property);

	if (!item)
		return -ENOMEM;
	vz_list_remove(&item->promise.in_queue);
	item->promise.at_us = now_us + VZ_CONVERGE_REST_US;
	item->promise.owner = owner;
	item->promise.property = property;
	vz_list_add(queue, &item->promise.in_queue);
	return 0;
}

bool vz_converge_has_promised(const struct vz_converge *converge, const void *property)
{
	const struct item *item = find(converge, property);

	return item && !vz_list_is_empty(&item->promise.in_queue);
}
