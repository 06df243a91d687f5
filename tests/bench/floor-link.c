/*
 * The floor under our link: the least that a server on libwebsockets and json-c can do and still
 * answer the same messages. It reads a request with json-c, takes the value out of it, builds the
 * answer with json-c and sends it: no callbacks, no layout, no checks. Tuned as is good for it.
 *
 *	bench-floor-link [--picture BYTES] [--fps N]
 *
 * A request that sets "drag" is answered to everybody: one text for all, copied for each, as
 * lws_write() writes in front of what it sends. With --picture it also sends a picture of so many
 * bytes to each reader of /_vizyd/video, N times a second, skipping those that are not ready.
 * Prints "listening on http://127.0.0.1:PORT".
 */
#include <getopt.h>
#include <json-c/json.h>
#include <libwebsockets.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure.h"

#define SERVICE_BUFFER_BYTES (256 * 1024)
#define MAX_BYTES	     (32 * 1024 * 1024)

/* A text that waits for one or for all, with room before it for lws. */
struct text {
	int refs;
	size_t size;
	unsigned char bytes[];
};

struct item {
	struct item *next;
	struct text *text;
};

struct tab {
	struct tab *next;
	struct lws *wsi;
	struct item *first, **last;
	char *received;
	size_t size, capacity;
	bool watches; /* a reader of pictures */
	uint64_t sequence;
};

static struct lws_context *context;
static struct tab *tabs;
static json_tokener *tokener;
static volatile sig_atomic_t is_stopping;
static lws_sorted_usec_list_t timer;
static struct {
	unsigned char *bytes; /* behind LWS_PRE */
	size_t size;
	uint64_t sequence;
	long interval_us;
} picture;

/* --- Texts ----------------------------------------------------------------------------------- */

static void *allocate(size_t size)
{
	void *memory = malloc(size);

	if (!memory)
		fail("out of memory");
	return memory;
}

static struct text *text_new(const char *from, size_t size)
{
	struct text *text = allocate(sizeof(*text) + LWS_PRE + size);

	text->refs = 0;
	text->size = size;
	memcpy(text->bytes + LWS_PRE, from, size);
	return text;
}

static void text_unref(struct text *text)
{
	if (--text->refs == 0)
		free(text);
}

static void put(struct tab *tab, struct text *text)
{
	struct item *item = allocate(sizeof(*item));

	item->next = NULL;
	item->text = text;
	text->refs++;
	*tab->last = item;
	tab->last = &item->next;
	lws_callback_on_writable(tab->wsi);
}

static struct text *take(struct tab *tab)
{
	struct item *item = tab->first;
	struct text *text;

	if (!item)
		return NULL;
	text = item->text;
	tab->first = item->next;
	if (!tab->first)
		tab->last = &tab->first;
	free(item);
	return text;
}

/* --- Requests -------------------------------------------------------------------------------- */

static struct json_object *get(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;

	(void) json_object_object_get_ex(object, key, &value);
	return value;
}

static void set_text(struct json_object *object, const char *key, const char *text)
{
	json_object_object_add(object, key, json_object_new_string(text));
}

/* The one Output of the request set to its one Input. */
static struct json_object *make_answer(struct json_object *request, struct json_object *outputs,
				       struct json_object *value)
{
	struct json_object *answer = json_object_new_object(), *payload = json_object_new_object(),
			   *data = json_object_new_object(), *response = json_object_new_object(),
			   *output = json_object_new_object();

	json_object_object_add(output, json_object_get_string(get(outputs, "property")),
			       json_object_get(value));
	json_object_object_add(response, json_object_get_string(get(outputs, "id")), output);
	json_object_object_add(data, "multi", json_object_new_boolean(true));
	json_object_object_add(data, "response", response);
	set_text(payload, "status", "ok");
	json_object_object_add(payload, "data", data);
	set_text(answer, "type", "callback_response");
	json_object_object_add(answer, "rendererId", json_object_get(get(request, "rendererId")));
	json_object_object_add(answer, "requestId", json_object_get(get(request, "requestId")));
	json_object_object_add(answer, "payload", payload);
	return answer;
}

/* What all get of a new value of "drag": it, and the output that follows from it. */
static struct json_object *make_mods(struct json_object *value)
{
	struct json_object *mods = json_object_new_object(), *set = json_object_new_object(),
			   *input = json_object_new_object(), *output = json_object_new_object();
	char text[32];

	snprintf(text, sizeof(text), "drag=%d", json_object_get_int(value));
	json_object_object_add(input, "value", json_object_get(value));
	json_object_object_add(output, "children", json_object_new_string(text));
	json_object_object_add(set, "drag", input);
	json_object_object_add(set, "drag-out", output);
	set_text(mods, "type", "mods");
	json_object_object_add(mods, "set", set);
	return mods;
}

static void send_json(struct tab *to, struct json_object *message)
{
	struct text *text;
	const char *json;
	struct tab *tab;
	size_t size;

	json = json_object_to_json_string_length(message, JSON_C_TO_STRING_PLAIN, &size);
	text = text_new(json, size);
	text->refs++;
	if (to)
		put(to, text);
	for (tab = tabs; tab && !to; tab = tab->next)
		put(tab, text);
	text_unref(text);
	json_object_put(message);
}

static void on_request(struct tab *tab, struct json_object *request)
{
	struct json_object *payload = get(request, "payload"), *outputs = get(payload, "outputs"),
			   *input = json_object_array_get_idx(get(payload, "inputs"), 0);
	const char *id;

	/* A page has others too, of several Outputs or of patterns: those stay without an answer.
	 */
	if (!json_object_is_type(outputs, json_type_object) ||
	    !json_object_is_type(input, json_type_object))
		return;
	id = json_object_get_string(get(input, "id"));
	if (strcmp(id, "drag") == 0)
		send_json(NULL, make_mods(get(input, "value")));
	else
		send_json(tab, make_answer(request, outputs, get(input, "value")));
}

/* The tab learns that what it shows is what we have, whatever that is. */
static void on_hello(struct tab *tab, struct json_object *hello)
{
	struct json_object *welcome = json_object_new_object();

	set_text(welcome, "type", "welcome");
	json_object_object_add(welcome, "client", json_object_new_int(1));
	set_text(welcome, "boot", "floor");
	json_object_object_add(welcome, "layout",
			       json_object_get(get(get(hello, "payload"), "layout")));
	json_object_object_add(welcome, "set", json_object_new_object());
	send_json(tab, welcome);
}

static void on_heartbeat(struct tab *tab)
{
	struct json_object *ack = json_object_new_object();

	set_text(ack, "type", "heartbeat_ack");
	send_json(tab, ack);
}

static void on_message(struct tab *tab)
{
	struct json_object *message;
	const char *type;

	json_tokener_reset(tokener);
	message = json_tokener_parse_ex(tokener, tab->received, (int) tab->size);
	type = json_object_get_string(get(message, "type"));
	if (!type)
		fail("a message that is no JSON, or has no type");
	if (strcmp(type, "callback_request") == 0)
		on_request(tab, message);
	else if (strcmp(type, "hello") == 0)
		on_hello(tab, message);
	else if (strcmp(type, "heartbeat") == 0)
		on_heartbeat(tab);
	json_object_put(message);
}

static void on_receive(struct tab *tab, const void *data, size_t size)
{
	if (tab->watches)
		return;
	if (tab->size + size > tab->capacity) {
		tab->capacity = 2 * (tab->size + size);
		tab->received = realloc(tab->received, tab->capacity);
		if (!tab->received)
			fail("out of memory");
	}
	memcpy(tab->received + tab->size, data, size);
	tab->size += size;
	if (!lws_is_final_fragment(tab->wsi) || lws_remaining_packet_payload(tab->wsi))
		return;
	on_message(tab);
	tab->size = 0;
	/* What an idle tab keeps is measured: a large message must not stay. */
	if (tab->capacity > 4096) {
		free(tab->received);
		tab->received = NULL;
		tab->capacity = 0;
	}
}

/* --- Pictures -------------------------------------------------------------------------------- */

/* The head that ui/link/README.md describes, 32 bytes, little endian like this machine. */
static void stamp(void)
{
	const uint32_t head = 32, width = 1280, height = 720;
	int64_t now = now_ns();

	picture.sequence++;
	memcpy(picture.bytes, "VZF1", 4);
	memcpy(picture.bytes + 4, &head, 4);
	memcpy(picture.bytes + 8, &picture.sequence, 8);
	memcpy(picture.bytes + 16, &now, 8);
	memcpy(picture.bytes + 24, &width, 4);
	memcpy(picture.bytes + 28, &height, 4);
}

static void on_picture(lws_sorted_usec_list_t *sul)
{
	struct tab *tab;

	stamp();
	for (tab = tabs; tab; tab = tab->next)
		if (tab->watches)
			lws_callback_on_writable(tab->wsi);
	lws_sul_schedule(context, 0, sul, on_picture, picture.interval_us);
}

static void start_pictures(long bytes, long fps)
{
	picture.size = (size_t) bytes;
	picture.bytes = (unsigned char *) allocate(LWS_PRE + picture.size) + LWS_PRE;
	memset(picture.bytes, 0x5a, picture.size);
	picture.interval_us = 1000000 / fps;
	on_picture(&timer);
}

static int send_picture(struct tab *tab)
{
	if (tab->sequence == picture.sequence)
		return 0;
	tab->sequence = picture.sequence;
	return lws_write(tab->wsi, picture.bytes, picture.size, LWS_WRITE_BINARY) < 0 ? -1 : 0;
}

/* --- libwebsockets --------------------------------------------------------------------------- */

static void on_open(struct tab *tab, struct lws *wsi)
{
	char path[64] = "";

	memset(tab, 0, sizeof(*tab));
	(void) lws_hdr_copy(wsi, path, sizeof(path), WSI_TOKEN_GET_URI);
	tab->wsi = wsi;
	tab->last = &tab->first;
	tab->watches = strcmp(path, "/_vizyd/video") == 0;
	tab->next = tabs;
	tabs = tab;
}

static void on_close(struct tab *tab)
{
	struct tab **at = &tabs;
	struct text *text;

	while (*at != tab)
		at = &(*at)->next;
	*at = tab->next;
	while ((text = take(tab)))
		text_unref(text);
	free(tab->received);
}

static int on_writable(struct tab *tab)
{
	struct text *text = tab->watches ? NULL : take(tab);
	unsigned char *copy = NULL;
	int r;

	if (tab->watches)
		return send_picture(tab);
	if (!text)
		return 0;
	if (text->refs > 1) {
		copy = allocate(LWS_PRE + text->size);
		memcpy(copy + LWS_PRE, text->bytes + LWS_PRE, text->size);
	}
	r = lws_write(tab->wsi, (copy ? copy : text->bytes) + LWS_PRE, text->size, LWS_WRITE_TEXT);
	free(copy);
	text_unref(text);
	if (r >= 0 && tab->first)
		lws_callback_on_writable(tab->wsi);
	return r < 0 ? -1 : 0;
}

static int on_http(struct lws *wsi)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
	unsigned char buffer[LWS_PRE + sizeof(answer)];

	memcpy(buffer + LWS_PRE, answer, sizeof(answer) - 1);
	(void) lws_write(wsi, buffer + LWS_PRE, sizeof(answer) - 1, LWS_WRITE_HTTP);
	return -1;
}

static int on_lws(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
		  size_t size)
{
	switch (reason) {
	case LWS_CALLBACK_HTTP:
		return on_http(wsi);
	case LWS_CALLBACK_ESTABLISHED:
		on_open(user, wsi);
		return 0;
	case LWS_CALLBACK_CLOSED:
		on_close(user);
		return 0;
	case LWS_CALLBACK_RECEIVE:
		on_receive(user, in, size);
		return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return on_writable(user);
	default:
		return lws_callback_http_dummy(wsi, reason, user, in, size);
	}
}

static void on_signal(int number)
{
	is_stopping = 1;
	lws_cancel_service(context);
}

static void listen_at_loopback(void)
{
	static const struct lws_protocols protocols[] = {
		/* 1 kB a tab for receiving, and a message in one send(): the best of both. */
		{ "floor", on_lws, sizeof(struct tab), 1024, 0, NULL, MAX_BYTES },
		{ 0 },
	};
	const struct lws_context_creation_info info = {
		.port = 0,
		.iface = "127.0.0.1",
		.protocols = protocols,
		.pt_serv_buf_size = SERVICE_BUFFER_BYTES,
		.options = LWS_SERVER_OPTION_VALIDATE_UTF8 | LWS_SERVER_OPTION_EXPLICIT_VHOSTS,
	};
	struct lws_vhost *vhost;

	lws_set_log_level(LLL_ERR, NULL);
	context = lws_create_context(&info);
	vhost = context ? lws_create_vhost(context, &info) : NULL;
	if (!vhost)
		fail("libwebsockets does not listen");
	printf("listening on http://127.0.0.1:%d\n", lws_get_vhost_listen_port(vhost));
	fflush(stdout);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "picture", required_argument, NULL, 'p' },
		{ "fps", required_argument, NULL, 'f' },
		{ NULL, 0, NULL, 0 },
	};
	long bytes = 0, fps = 30;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'p')
			bytes = parse_number("--picture", optarg, 32);
		else if (c == 'f')
			fps = parse_number("--fps", optarg, 1);
		else
			return EXIT_FAILURE;
	}
	tokener = json_tokener_new();
	if (!tokener)
		fail("out of memory");
	listen_at_loopback();
	signal(SIGTERM, on_signal);
	signal(SIGINT, on_signal);
	if (bytes)
		start_pictures(bytes, fps);
	while (!is_stopping && lws_service(context, 0) >= 0)
		;
	lws_context_destroy(context);
	json_tokener_free(tokener);
	return EXIT_SUCCESS;
}
