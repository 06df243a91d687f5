/*
 * An app with tabs in memory: what a socket would send is kept as JSON. This is the seam that the
 * core has; everything behind it is real.
 */
#pragma once

#include <stdarg.h>
#include <stdlib.h>

#include "dash/app.h"
#include "dash/message.h"
#include "dash/mods.h"
#include "test-json.h"
#include "util/blob.h"

struct tab {
	struct vz_link *link; /* NULL once it is closed */
	bool is_stock;
	char id[VZ_RENDERER_ID_MAX + 1];
	unsigned n_requests;
	struct json_object *messages; /* everything that was sent, in order */
	unsigned n_read;
	unsigned close_code;
};

static int64_t core_now_us = 1000000;
static int64_t core_deadline_us;
/* Of tabs that are opened from now on. */
static struct vz_speaker core_speaker;

static inline int64_t core_now(void *data)
{
	return core_now_us;
}

static inline void core_set_deadline(int64_t at_us, void *data)
{
	core_deadline_us = at_us;
}

static inline void tab_keep(struct tab *tab, struct vz_blob *text)
{
	struct json_object *value = NULL, *item;
	struct vz_json_error error;
	size_t i;

	if (vz_json_parse((char *) text->data, text->size, NULL, &error, &value) < 0)
		test_fail(__FILE__, __LINE__, "sent no JSON: %s", error.text);
	if (!json_object_is_type(value, json_type_array)) {
		json_object_array_add(tab->messages, value);
		return;
	}
	for (i = 0; i < json_object_array_length(value); i++) {
		item = json_object_array_get_idx(value, i);
		json_object_array_add(tab->messages, json_object_get(item));
	}
	json_object_put(value);
}

static inline void tab_on_send(void *data, struct vz_blob *text)
{
	tab_keep(data, text);
}

static inline void tab_on_mods(void *data, const char *renderer_id, struct vz_mods *mods)
{
	struct tab *tab = data;
	struct vz_blob *blob = NULL;

	CHECK_EQ(renderer_id != NULL, tab->is_stock);
	if (renderer_id)
		CHECK_EQ(vz_message_encode_set_props(renderer_id, mods, &blob), 0);
	else
		CHECK_EQ(vz_message_encode_mods(mods, &blob), 0);
	tab_keep(tab, blob);
	vz_blob_unref(blob);
}

static inline void tab_on_close(void *data, uint16_t code, const char *reason)
{
	((struct tab *) data)->close_code = code;
}

static const struct vz_link_ops tab_ops = { tab_on_send, tab_on_mods, tab_on_close };

static inline void tab_open(struct vz_app *app, struct tab *tab, const char *id, bool is_stock)
{
	const struct vz_link_info info = { "127.0.0.1", "cam.lan", "http://cam.lan", "test",
					   core_speaker };

	memset(tab, 0, sizeof(*tab));
	snprintf(tab->id, sizeof(tab->id), "%s", id);
	tab->is_stock = is_stock;
	tab->messages = json_object_new_array();
	CHECK_EQ(vz_link_open(app, &info, &tab_ops, tab, &tab->link), 0);
}

static inline void tab_close(struct tab *tab)
{
	if (tab->link)
		vz_link_closed(tab->link, core_now_us);
	tab->link = NULL;
	json_object_put(tab->messages);
	tab->messages = NULL;
}

__attribute__((format(printf, 2, 3))) static inline void tab_say(struct tab *tab,
								 const char *format, ...)
{
	char *text;
	va_list args;
	int n;

	va_start(args, format);
	n = vasprintf(&text, format, args);
	va_end(args);
	CHECK(n >= 0);
	vz_link_receive(tab->link, text, (size_t) n, core_now_us);
	free(text);
}

/* The next message, or NULL. Borrowed. */
static inline struct json_object *tab_next(struct tab *tab)
{
	if (tab->n_read >= json_object_array_length(tab->messages))
		return NULL;
	return json_object_array_get_idx(tab->messages, tab->n_read++);
}

static inline bool tab_is_quiet(struct tab *tab)
{
	struct json_object *next = tab_next(tab);

	if (next)
		fprintf(stderr, "%s got %s\n", tab->id, json_object_to_json_string(next));
	return !next;
}

static inline void tab_forget(struct tab *tab)
{
	tab->n_read = (unsigned) json_object_array_length(tab->messages);
}

static inline const char *message_string(struct json_object *message, const char *key)
{
	return json_object_get_string(json_object_object_get(message, key));
}

/* Whether the next message is exactly this. */
static inline bool tab_got(struct tab *tab, const char *text)
{
	struct json_object *next = tab_next(tab);

	if (!next)
		fprintf(stderr, "%s got nothing\n", tab->id);
	return next && equals(next, text);
}

/* Whether the next message is an answer with this payload. */
static inline bool tab_got_answer(struct tab *tab, const char *payload)
{
	struct json_object *next = tab_next(tab);

	if (!next || strcmp(message_string(next, "type"), "callback_response") != 0) {
		fprintf(stderr, "%s got %s\n", tab->id,
			next ? json_object_to_json_string(next) : "nothing");
		return false;
	}
	return equals(json_object_object_get(next, "payload"), payload);
}

/* Whether the next message is an error answer that contains @part. */
static inline bool tab_got_error(struct tab *tab, const char *part)
{
	struct json_object *next = tab_next(tab);
	struct json_object *payload = next ? json_object_object_get(next, "payload") : NULL;
	const char *status = payload ? message_string(payload, "status") : NULL;

	if (status && !strcmp(status, "error") && strstr(message_string(payload, "message"), part))
		return true;
	fprintf(stderr, "%s got %s\n", tab->id,
		next ? json_object_to_json_string(next) : "nothing");
	return false;
}

static inline void tab_hello(struct tab *tab)
{
	tab_say(tab,
		"{\"type\":\"hello\",\"rendererId\":\"%s\",\"payload\":{\"link\":1,\"layout\":"
		"\"\",\"boot\":null}}",
		tab->id);
}

/* A request with the rest of its payload as text, and ' for ". */
static inline void tab_ask(struct tab *tab, const char *output, const char *rest)
{
	char text[4096];
	char *p;

	snprintf(text, sizeof(text),
		 "{'type':'callback_request','rendererId':'%s','requestId':'%s-%u',"
		 "'payload':{'output':'%s',%s}}",
		 tab->id, tab->id, ++tab->n_requests, output, rest);
	for (p = text; *p; p++)
		if (*p == '\'')
			*p = '"';
	tab_say(tab, "%s", text);
}

/* The usual one: a single Input "id.property" with a new value. */
static inline void tab_set(struct tab *tab, const char *output, const char *id,
			   const char *property, const char *value)
{
	char rest[1024];

	snprintf(rest, sizeof(rest),
		 "'inputs':[{'id':'%s','property':'%s','value':%s}],'changedPropIds':['%s.%s']", id,
		 property, value, id, property);
	tab_ask(tab, output, rest);
}

static inline void tab_start_own(struct vz_app *app, struct tab *tab, const char *id)
{
	tab_open(app, tab, id, false);
	tab_hello(tab);
	tab_forget(tab);
}

static inline void tab_start_stock(struct vz_app *app, struct tab *tab, const char *id)
{
	tab_open(app, tab, id, true);
	tab_ask(tab, "hello", "'inputs':[],'changedPropIds':[]");
	tab_forget(tab);
}

static inline struct vz_app *core_new(struct vz_app_options *options)
{
	struct vz_app_options defaults = { .boot_id = "boot", .now = core_now };
	struct vz_app *app;

	core_now_us = 1000000;
	core_deadline_us = INT64_MAX;
	if (!options)
		options = &defaults;
	if (!options->boot_id)
		options->boot_id = "boot";
	options->now = core_now;
	options->set_deadline = core_set_deadline;
	CHECK_EQ(vz_app_new(options, &app), 0);
	return app;
}

/* A layout of plain components with these ids (ended by NULL) and a value of 0 each. */
static inline void core_set_layout(struct vz_app *app, const char *const *ids)
{
	struct json_object *root = json_object_new_array();
	char text[256];

	for (; *ids; ids++) {
		snprintf(text, sizeof(text),
			 "{\"namespace\":\"dash_core_components\",\"type\":\"Input\","
			 "\"props\":{\"id\":\"%s\",\"value\":0}}",
			 *ids);
		json_object_array_add(root, parse(text));
	}
	CHECK_EQ(vz_app_set_layout(app, root), 0);
}

/* Moves the clock to the next deadline and ticks; false when there is none. */
static inline bool core_tick(struct vz_app *app)
{
	if (core_deadline_us == INT64_MAX)
		return false;
	if (core_deadline_us > core_now_us)
		core_now_us = core_deadline_us;
	vz_app_tick(app, core_now_us);
	return true;
}

static inline void core_wait(struct vz_app *app, int64_t us)
{
	int64_t until_us = core_now_us + us;

	while (core_deadline_us <= until_us)
		(void) core_tick(app);
	core_now_us = until_us;
}

/* --- Callbacks ------------------------------------------------------------------------------- */

/* output = 10 * input, counted in @data if there is any. */
static inline int core_times_ten(struct vz_call *call, void *data)
{
	unsigned *n_runs = data;

	if (n_runs)
		++*n_runs;
	return vz_call_set_output(call, 0,
				  json_object_new_int(json_object_get_int(vz_call_input(call, 0)) *
						      10));
}

static inline struct vz_callback *core_add_fn(struct vz_app *app, unsigned service,
					      const char *output, const char *input,
					      vz_callback_fn *fn, void *data)
{
	const struct vz_callback_spec spec = {
		.outputs = VZ_IDS(output),
		.inputs = VZ_IDS(input),
		.service = service,
		.fn = fn,
		.data = data,
	};
	struct vz_callback *callback = NULL;

	if (vz_app_add_callback(app, &spec, &callback) < 0)
		test_fail(__FILE__, __LINE__, "%s", vz_app_last_error(app));
	return callback;
}

static inline struct vz_callback *core_add(struct vz_app *app, unsigned service, const char *output,
					   const char *input, unsigned *n_runs)
{
	return core_add_fn(app, service, output, input, core_times_ten, n_runs);
}

static inline int core_get(struct vz_app *app, const char *id)
{
	return json_object_get_int(vz_app_get(app, id, "value"));
}
