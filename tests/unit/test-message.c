#include "dash/message.h"

#include <errno.h>
#include <stdlib.h>

#include "dash/mods.h"
#include "test-json.h"
#include "util/blob.h"

static struct vz_message decode(const char *text)
{
	struct vz_message message;
	struct vz_json_error error = { 0 };

	if (vz_message_decode(text, strlen(text), NULL, &error, &message) < 0)
		test_fail(__FILE__, __LINE__, "%s in %s", error.text, text);
	return message;
}

/* The value of a blob, which this frees. */
static struct json_object *parse_blob(struct vz_blob *blob)
{
	struct json_object *value = NULL;

	CHECK_EQ(vz_json_parse((const char *) blob->data, blob->size, NULL, NULL, &value), 0);
	vz_blob_unref(blob);
	return value;
}

static bool blob_equals(struct vz_blob *blob, const char *text)
{
	struct json_object *value = parse_blob(blob);
	bool equal = equals(value, text);

	json_object_put(value);
	return equal;
}

/* --- Decoding -------------------------------------------------------------------------------- */

TEST(message_callback_request)
{
	struct vz_message m =
		decode("{\"type\":\"callback_request\",\"rendererId\":\"R\",\"requestId\":\"R-1\","
		       "\"payload\":{"
		       "\"output\":\"out.children\",\"outputs\":{\"id\":\"out\",\"property\":"
		       "\"children\"},"
		       "\"inputs\":[{\"id\":\"a\",\"property\":\"value\",\"value\":35},"
		       "{\"id\":\"b\",\"property\":\"value\",\"value\":null},{\"id\":\"c\","
		       "\"property\":\"x\"}],"
		       "\"changedPropIds\":[\"a.value\"],\"parsedChangedPropsIds\":[\"a.value\"],"
		       "\"state\":[{\"id\":\"s\",\"property\":\"value\",\"value\":[1]}]}}");

	CHECK_EQ(m.type, VZ_MESSAGE_CALLBACK_REQUEST);
	CHECK_STR(m.renderer_id, "R");
	CHECK_STR(m.request_id, "R-1");
	CHECK_STR(m.request.output, "out.children");
	CHECK_EQ(m.request.n_inputs, 3);
	CHECK_STR(m.request.inputs[0].id, "a");
	CHECK_STR(m.request.inputs[0].property, "value");
	CHECK_EQ(json_object_get_int(m.request.inputs[0].value), 35);
	CHECK(m.request.inputs[1].has_value && !m.request.inputs[1].value);
	CHECK(!m.request.inputs[2].has_value);
	CHECK(!m.request.input_groups && !m.request.state_groups);
	CHECK_EQ(m.request.n_states, 1);
	CHECK(equals(m.request.states[0].value, "[1]"));
	CHECK_EQ(m.request.n_changed, 1);
	CHECK_STR(m.request.changed[0], "a.value");
	CHECK(equals(m.request.outputs, "{\"id\":\"out\",\"property\":\"children\"}"));
	vz_message_deinit(&m);
}

TEST(message_wildcard_arguments)
{
	struct vz_message m = decode(
		"{\"type\":\"callback_request\",\"rendererId\":\"R\",\"requestId\":\"R-1\","
		"\"payload\":{"
		"\"output\":\"o.x\",\"outputs\":[[{\"id\":\"o\",\"property\":\"x\"}]],\"inputs\":["
		"{\"id\":\"plain\",\"property\":\"p\"},[{\"id\":{\"type\":\"t\",\"index\":0},"
		"\"property\":\"n\"},"
		"{\"id\":{\"type\":\"t\",\"index\":1},\"property\":\"n\"}],[]],\"changedPropIds\":"
		"[\"{\\\"index\\\":1,\\\"type\\\":\\\"t\\\"}.n\"]}}");

	CHECK_EQ(m.request.n_inputs, 3);
	CHECK_STR(m.request.inputs[2].id, "{\"index\":1,\"type\":\"t\"}");
	CHECK_EQ(m.request.n_input_groups, 3);
	CHECK_EQ(m.request.input_groups[0], 1);
	CHECK_EQ(m.request.input_groups[1], 2);
	CHECK_EQ(m.request.input_groups[2], 0);
	CHECK_STR(m.request.changed[0], "{\"index\":1,\"type\":\"t\"}.n");
	vz_message_deinit(&m);
}

TEST(message_other_kinds)
{
	static const struct {
		const char *text;
		enum vz_message_type type;
		const char *payload;
	} cases[] = {
		{ "{\"type\":\"heartbeat\"}", VZ_MESSAGE_HEARTBEAT, NULL },
		{ "{\"type\":\"bye\",\"rendererId\":\"R\"}", VZ_MESSAGE_BYE, NULL },
		{ "{\"type\":\"hello\",\"rendererId\":\"R\"}", VZ_MESSAGE_HELLO, NULL },
		{ "{\"type\":\"hello\",\"rendererId\":\"R\",\"payload\":null}", VZ_MESSAGE_HELLO,
		  NULL },
		{ "{\"type\":\"hello\",\"rendererId\":\"R\",\"payload\":{\"link\":1}}",
		  VZ_MESSAGE_HELLO, "{\"link\":1}" },
		{ "{\"type\":\"get_props_response\",\"rendererId\":\"R\",\"requestId\":\"q\","
		  "\"payload\":{\"value\":77}}",
		  VZ_MESSAGE_GET_PROPS_RESPONSE, "{\"value\":77}" },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct vz_message m = decode(cases[i].text);

		test_case(cases[i].text);
		CHECK_EQ(m.type, cases[i].type);
		if (cases[i].payload)
			CHECK(equals(m.payload, cases[i].payload));
		else
			CHECK(!m.payload);
		vz_message_deinit(&m);
	}
}

#define REQUEST(payload)                                                           \
	"{\"type\":\"callback_request\",\"rendererId\":\"R\",\"requestId\":\"Q\"," \
	"\"payload\":" payload "}"

TEST(message_errors_name_the_place)
{
	static const struct {
		const char *text;
		int r;
		const char *error;
	} cases[] = {
		{ "", -EBADMSG, "byte 0: expected a value" },
		{ "[]", -EINVAL, "expected an object" },
		{ "null", -EINVAL, "expected an object" },
		{ "{\"type\":1}", -EINVAL, "type: expected a string" },
		{ "{\"type\":\"set_props\"}", -ENOTSUP, "type: set_props is not known" },
		{ "{\"type\":\"hello\"}", -EINVAL,
		  "rendererId: expected 1 to 64 printable characters" },
		{ "{\"type\":\"bye\",\"rendererId\":\"a b\"}", -EINVAL,
		  "rendererId: expected 1 to 64 printable characters" },
		{ "{\"type\":\"hello\",\"rendererId\":\"R\",\"payload\":[]}", -EINVAL,
		  "payload: expected an object" },
		{ "{\"type\":\"callback_request\",\"rendererId\":\"R\",\"payload\":{}}", -EINVAL,
		  "requestId: expected 1 to 128 printable characters" },
		{ "{\"type\":\"callback_request\",\"rendererId\":\"R\",\"requestId\":\"Q\"}",
		  -EINVAL, "payload: expected an object" },
		{ REQUEST("{}"), -EINVAL, "payload.output: expected a string" },
		{ REQUEST("{\"output\":5}"), -EINVAL, "payload.output: expected a string" },
		{ REQUEST("{\"output\":\"o.x\"}"), -EINVAL, "payload.inputs: expected an array" },
		{ REQUEST("{\"output\":\"o.x\",\"inputs\":[1]}"), -EINVAL,
		  "payload.inputs[0]: expected an object" },
		{ REQUEST("{\"output\":\"o.x\",\"inputs\":[{\"id\":7}]}"), -EINVAL,
		  "payload.inputs[0].id: expected a string or an object" },
		{ REQUEST("{\"output\":\"o.x\",\"inputs\":[{\"id\":\"a\"}]}"), -EINVAL,
		  "payload.inputs[0].property: expected a string" },
		{ REQUEST("{\"output\":\"o.x\",\"inputs\":[[],[{\"id\":\"a\",\"property\":\"p\"},"
			  "{\"id\":{\"x\":null}}]]}"),
		  -EINVAL, "payload.inputs[1][1].id: expected a string or an object" },
		{ REQUEST("{\"output\":\"o.x\",\"inputs\":[[[]]]}"), -EINVAL,
		  "payload.inputs[0][0]: expected an object" },
		{ REQUEST("{\"output\":\"o.x\",\"inputs\":[{\"id\":\"a\",\"property\":\"p\","
			  "\"value\":"
			  "{\"__dash_patch_update\":\"__dash_patch_update\",\"operations\":[]}}]}"),
		  -EINVAL, "payload.inputs[0].value: expected a value, not a Patch" },
		{ REQUEST("{\"output\":\"o.x\",\"inputs\":[],\"state\":{}}"), -EINVAL,
		  "payload.state: expected an array" },
		{ REQUEST("{\"output\":\"o.x\",\"inputs\":[]}"), -EINVAL,
		  "payload.changedPropIds: expected an array" },
		{ REQUEST("{\"output\":\"o.x\",\"inputs\":[],\"changedPropIds\":[\"a\",1]}"),
		  -EINVAL, "payload.changedPropIds[1]: expected a string" },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct vz_json_error error = { 0 };
		struct vz_message m;

		test_case(cases[i].text);
		CHECK_EQ(vz_message_decode(cases[i].text, strlen(cases[i].text), NULL, &error, &m),
			 cases[i].r);
		CHECK_STR(error.text, cases[i].error);
		/* Nobody asked for the text. */
		CHECK_EQ(vz_message_decode(cases[i].text, strlen(cases[i].text), NULL, NULL, &m),
			 cases[i].r);
	}
}

TEST(message_ids_are_read_also_on_failure)
{
	static const char text[] = REQUEST("{\"output\":5}");
	struct vz_message m;

	CHECK_EQ(vz_message_decode(text, strlen(text), NULL, NULL, &m), -EINVAL);
	CHECK_STR(m.renderer_id, "R");
	CHECK_STR(m.request_id, "Q");
}

/* @n arguments, in one wildcard's group or each by itself. */
static int decode_arguments(unsigned n, bool is_group, struct vz_json_error *error)
{
	struct vz_buf buf = { 0 };
	struct vz_request request;
	int r;

	vz_buf_puts(&buf, "{\"output\":\"o.x\",\"changedPropIds\":[],\"inputs\":[");
	vz_buf_puts(&buf, is_group ? "[" : "");
	for (unsigned i = 0; i < n; i++)
		vz_buf_printf(&buf, "%s{\"id\":\"a%u\",\"property\":\"p\"}", i ? "," : "", i);
	vz_buf_puts(&buf, is_group ? "]]}" : "]}");
	r = vz_request_decode(buf.data, buf.size, NULL, error, &request);
	if (r >= 0) {
		CHECK_EQ(request.n_inputs, n);
		vz_request_deinit(&request);
	}
	vz_buf_deinit(&buf);
	return r;
}

TEST(message_has_at_most_so_many_arguments)
{
	struct vz_json_error error = { 0 };

	CHECK_EQ(decode_arguments(VZ_MAX_INPUTS, false, &error), 0);
	CHECK_EQ(decode_arguments(VZ_MAX_INPUTS + 1, false, &error), -E2BIG);
	CHECK_STR(error.text, "inputs: more than 256 arguments");
	CHECK_EQ(decode_arguments(VZ_MAX_ARGUMENTS, true, &error), 0);
	CHECK_EQ(decode_arguments(VZ_MAX_ARGUMENTS + 1, true, &error), -E2BIG);
	CHECK_STR(error.text, "inputs: more than 4096 components");
}

/* Runs @fn on each line of a file; returns how many. */
static unsigned for_each_line(const char *path, void (*fn)(const char *line))
{
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t size = 0;
	unsigned n = 0;

	CHECK(file != NULL);
	while (getline(&line, &size, file) > 0) {
		fn(line);
		n++;
	}
	free(line);
	fclose(file);
	return n;
}

static void check_captured_frame(const char *line)
{
	struct vz_message m = decode(line);
	struct json_object *frame = parse(line), *inputs;
	struct json_object *payload = json_object_object_get(frame, "payload");

	if (m.type == VZ_MESSAGE_CALLBACK_REQUEST) {
		CHECK_STR(m.request.output,
			  json_object_get_string(json_object_object_get(payload, "output")));
		inputs = json_object_object_get(payload, "inputs");
		CHECK_EQ(m.request.input_groups ? m.request.n_input_groups : m.request.n_inputs,
			 json_object_array_length(inputs));
	}
	json_object_put(frame);
	vz_message_deinit(&m);
}

static void check_captured_post(const char *line)
{
	struct vz_request request;

	CHECK_EQ(vz_request_decode(line, strlen(line), NULL, NULL, &request), 0);
	CHECK(*request.output);
	vz_request_deinit(&request);
}

TEST(message_decodes_all_that_the_renderer_sent)
{
	CHECK_EQ(for_each_line(TEST_DATA "/wire/to-server.jsonl", check_captured_frame), 33);
	CHECK_EQ(for_each_line(TEST_DATA "/wire/http-requests.jsonl", check_captured_post), 14);
}

/* --- Encoding -------------------------------------------------------------------------------- */

static const char *get_text(struct json_object *object, const char *key)
{
	const char *text = NULL;

	(void) vz_json_get_string(object, key, &text);
	return text;
}

/* The same answer out of our own encoder, or NULL if it has no words for it. */
static struct json_object *encode_response(struct json_object *frame, struct json_object *payload)
{
	const char *status = get_text(payload, "status");
	struct vz_reply reply = { .status = VZ_REPLY_OK };
	struct json_object *data = NULL, *response;
	VZ_CLEANUP(vz_mods_unrefp) struct vz_mods *mods = NULL;
	struct vz_blob *blob;
	bool multi;

	if (!strcmp(status, "prevent_update"))
		reply.status = VZ_REPLY_PREVENT_UPDATE;
	else if (!strcmp(status, "error")) {
		reply.status = VZ_REPLY_ERROR;
		reply.message = get_text(payload, "message");
	} else {
		if (vz_json_get_object(payload, "data", &data) < 0 ||
		    vz_json_get_bool(data, "multi", &multi) < 0 ||
		    json_object_object_get_ex(data, "sideUpdate", NULL) ||
		    vz_json_get_object(data, "response", &response) < 0)
			return NULL;
		CHECK_EQ(vz_mods_from_json(response, false, &mods), 0);
		reply.response = mods;
	}
	CHECK_EQ(vz_message_encode_reply(get_text(frame, "rendererId"),
					 get_text(frame, "requestId"), &reply, &blob),
		 0);
	return parse_blob(blob);
}

/* set_props is always an array from us, as the stock worker takes both. */
static struct json_object *encode_set_props(struct json_object *frame, struct json_object *payload)
{
	VZ_CLEANUP(vz_mods_unrefp) struct vz_mods *mods = NULL;
	struct json_object *object = json_object_new_object(), *array, *first;
	struct vz_blob *blob;

	json_object_object_add(object, get_text(payload, "componentId"),
			       json_object_get(json_object_object_get(payload, "props")));
	CHECK_EQ(vz_mods_from_json(object, true, &mods), 0);
	json_object_put(object);
	CHECK_EQ(vz_message_encode_set_props(get_text(frame, "rendererId"), mods, &blob), 0);
	array = parse_blob(blob);
	CHECK_EQ(json_object_array_length(array), 1);
	first = json_object_get(json_object_array_get_idx(array, 0));
	json_object_put(array);
	return first;
}

static struct json_object *encode_get_props(struct json_object *frame, struct json_object *payload)
{
	struct json_object *list = json_object_object_get(payload, "properties");
	const char *properties[8] = { NULL };
	struct vz_blob *blob;

	for (size_t i = 0; i < json_object_array_length(list) && i < 7; i++)
		properties[i] = json_object_get_string(json_object_array_get_idx(list, i));
	CHECK_EQ(vz_message_encode_get_props(get_text(frame, "rendererId"),
					     get_text(frame, "requestId"),
					     get_text(payload, "componentId"), properties, &blob),
		 0);
	return parse_blob(blob);
}

static unsigned n_encoded;

static void check_message(struct json_object *frame)
{
	static const struct {
		const char *type;
		struct json_object *(*encode)(struct json_object *frame,
					      struct json_object *payload);
	} encoders[] = {
		{ "callback_response", encode_response },
		{ "set_props", encode_set_props },
		{ "get_props_request", encode_get_props },
	};
	struct json_object *payload = json_object_object_get(frame, "payload"), *encoded = NULL;

	for (size_t i = 0; i < VZ_N_ELEMENTS(encoders); i++)
		if (!strcmp(encoders[i].type, get_text(frame, "type")))
			encoded = encoders[i].encode(frame, payload);
	if (!encoded)
		return;
	CHECK(vz_json_equal(encoded, frame));
	json_object_put(encoded);
	n_encoded++;
}

static void check_encoding(const char *line)
{
	struct json_object *frame = parse(line);

	if (json_object_is_type(frame, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(frame); i++)
			check_message(json_object_array_get_idx(frame, i));
	} else {
		check_message(frame);
	}
	json_object_put(frame);
}

TEST(message_encodes_what_the_renderer_accepted)
{
	n_encoded = 0;
	CHECK_EQ(for_each_line(TEST_DATA "/wire/to-browser.jsonl", check_encoding), 56);
	/* All but: two side updates, the old form, an "ok" with nothing, an error, an unknown type.
	 */
	CHECK_EQ(n_encoded, 101 - 6);
}

static struct vz_mods *mods_of(const char *text, bool notify)
{
	struct json_object *object = parse(text);
	struct vz_mods *mods = NULL;

	CHECK_EQ(vz_mods_from_json(object, notify, &mods), 0);
	json_object_put(object);
	return mods;
}

#define PATCH(operations) \
	"{\"__dash_patch_update\":\"__dash_patch_update\",\"operations\":[" operations "]}"
#define APPEND(value) "{\"operation\":\"Append\",\"location\":[],\"params\":{\"value\":" value "}}"

static void set(struct vz_mods *mods, const char *id, const char *property, const char *value,
		bool notify)
{
	struct json_object *object = parse(value);

	CHECK_EQ(vz_mods_set(mods, id, property, object, notify), 0);
	json_object_put(object);
}

TEST(message_mods_have_three_parts)
{
	struct vz_mods *mods = mods_of("{\"a\":{\"value\":1},\"b\":{\"value\":2}}", false);
	struct vz_blob *blob, *again;

	set(mods, "c", "n_clicks", "3", true);
	set(mods, "a", "max", "9", false);
	set(mods, "a", "min", "0", true);
	set(mods, "d", "data", PATCH(APPEND("1")), false);
	set(mods, "d", "data", PATCH(APPEND("2")), true);
	CHECK_EQ(vz_message_encode_mods(mods, &blob), 0);
	CHECK_EQ(vz_message_encode_mods(mods, &again), 0);
	CHECK(blob == again);
	vz_blob_unref(again);
	CHECK(blob_equals(blob,
			  "{\"type\":\"mods\",\"set\":{\"a\":{\"value\":1,\"max\":9},\"b\":"
			  "{\"value\":2}},\"notify\":{\"c\":{\"n_clicks\":3},\"a\":{\"min\":0}},"
			  "\"patch\":[{\"id\":\"d\",\"property\":\"data\",\"value\":" PATCH(APPEND(
				  "1")) ",\"notify\":false},"
					"{\"id\":\"d\",\"property\":\"data\",\"value\":" PATCH(
						APPEND("2")) ",\"notify\":true}]}"));
	/* A change ends the kept encoding. */
	set(mods, "a", "value", "5", false);
	CHECK(!mods->encoded);
	vz_mods_unref(mods);
}

TEST(message_mods_leave_absent_parts_out)
{
	struct vz_mods *mods = mods_of("{}", false);
	struct vz_blob *blob;

	CHECK_EQ(vz_message_encode_mods(mods, &blob), 0);
	CHECK(blob_equals(blob, "{\"type\":\"mods\"}"));
	vz_mods_unref(mods);
}

TEST(message_a_reply_has_each_property_once)
{
	struct vz_mods *mods = mods_of("{\"a\":{\"x\":[1]}}", false);
	struct vz_reply reply = { .status = VZ_REPLY_OK, .response = mods };
	struct vz_blob *blob;

	set(mods, "a", "x", PATCH(APPEND("2")), false);
	set(mods, "b", "y", PATCH(APPEND("3")), false);
	set(mods, "b", "z", "null", false);
	set(mods, "b", "y", PATCH(APPEND("4")), false);
	CHECK_EQ(vz_message_encode_reply_http(&reply, &blob), 0);
	CHECK(blob_equals(blob,
			  "{\"multi\":true,\"response\":{\"a\":{\"x\":[1,2]},\"b\":{\"y\":" PATCH(
				  APPEND("3") "," APPEND("4")) ",\"z\":null}}}"));
	CHECK_EQ(vz_message_encode_set_props("R", mods, &blob), 0);
	CHECK(blob_equals(blob, "[{\"type\":\"set_props\",\"rendererId\":\"R\",\"payload\":{"
				"\"componentId\":\"a\","
				"\"props\":{\"x\":[1,2]}}},{\"type\":\"set_props\",\"rendererId\":"
				"\"R\",\"payload\":"
				"{\"componentId\":\"b\",\"props\":{\"y\":" PATCH(
					APPEND("3") "," APPEND("4")) ",\"z\":null}}}]"));
	vz_mods_unref(mods);
}

TEST(message_welcome_carries_all_values)
{
	struct vz_mods *mods =
		mods_of("{\"a\":{\"x\":1,\"y\":null},\"b\":{\"x\":\"</script>\"}}", true);
	struct vz_mods *none = mods_of("{}", true);
	struct vz_blob *blob;

	CHECK_EQ(vz_message_encode_welcome(7, "boot", "hash", mods, &blob), 0);
	CHECK(!memmem(blob->data, blob->size, "<", 1));
	CHECK(blob_equals(blob, "{\"type\":\"welcome\",\"client\":7,\"boot\":\"boot\",\"layout\":"
				"\"hash\",\"set\":{\"a\":{\"x\":1,\"y\":null},\"b\":{\"x\":"
				"\"</script>\"}}}"));
	CHECK_EQ(vz_message_encode_welcome(7, "boot", "hash", none, &blob), 0);
	CHECK(blob_equals(blob, "{\"type\":\"welcome\",\"client\":7,\"boot\":\"boot\",\"layout\":"
				"\"hash\",\"set\":{}}"));
	vz_mods_unref(mods);
	vz_mods_unref(none);
}

TEST(message_small_frames)
{
	struct vz_mods *none = mods_of("{}", true);
	struct vz_blob *blob;

	CHECK_EQ(vz_message_encode_heartbeat_ack(&blob), 0);
	CHECK(blob_equals(blob, "{\"type\":\"heartbeat_ack\"}"));
	CHECK_EQ(vz_message_encode_reload(&blob), 0);
	CHECK(blob_equals(blob, "{\"type\":\"reload\"}"));
	CHECK_EQ(vz_message_encode_error("R", "no \"such\" thing", -22, &blob), 0);
	CHECK(blob_equals(blob, "{\"type\":\"error\",\"rendererId\":\"R\",\"payload\":{\"message\":"
				"\"no \\\"such\\\" thing\",\"code\":-22}}"));
	CHECK_EQ(vz_message_encode_set_props("R", none, &blob), 0);
	CHECK(blob_equals(blob, "[]"));
	vz_mods_unref(none);
}

/* An "ok" without data.response would end all callbacks of a tab, so no reply may ever lack it. */
TEST(message_ok_always_has_a_response)
{
	static const char *const values[] = { "1",	 "null", "\"x\"", PATCH(APPEND("1")),
					      PATCH(""), "[]" };
	unsigned seed = 1;

	for (int round = 0; round < 500; round++) {
		struct vz_mods *mods = mods_of("{}", false);
		struct json_object *frame, *payload, *data, *response;
		struct vz_reply reply = { .status = VZ_REPLY_OK };
		struct vz_blob *blob;
		const char *status;

		for (int i = round % 12; i > 0; i--) {
			char id[8], property[8];

			seed = seed * 1103515245u + 12345u;
			snprintf(id, sizeof(id), "i%u", seed >> 16 & 3);
			snprintf(property, sizeof(property), "p%u", seed >> 18 & 3);
			set(mods, id, property, values[(seed >> 20) % VZ_N_ELEMENTS(values)],
			    seed >> 30 & 1);
		}
		reply.response = round % 13 ? mods : NULL;
		reply.status = round % 7 ? VZ_REPLY_OK : (enum vz_reply_status)(round / 7 % 3);
		CHECK_EQ(vz_message_encode_reply("R", "Q", &reply, &blob), 0);
		frame = parse_blob(blob);
		payload = json_object_object_get(frame, "payload");
		status = get_text(payload, "status");
		if (reply.status == VZ_REPLY_OK) {
			CHECK_STR(status, "ok");
			CHECK_EQ(vz_json_get_object(payload, "data", &data), 0);
			CHECK_EQ(vz_json_get_object(data, "response", &response), 0);
		} else {
			CHECK(!strcmp(status, "error") || !strcmp(status, "prevent_update"));
		}
		json_object_put(frame);
		vz_mods_unref(mods);
	}
}
