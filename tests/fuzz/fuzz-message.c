/* What a browser may send: decoded or refused with a reason, and answerable either way. */
#include <string.h>

#include "dash/message.h"
#include "fuzz.h"
#include "util/blob.h"

static void check_arguments(const struct vz_argument *arguments, unsigned n, const unsigned *groups,
			    unsigned n_groups)
{
	unsigned sum = 0;

	EXPECT(n <= VZ_MAX_INPUTS);
	for (unsigned i = 0; i < n; i++)
		EXPECT(*arguments[i].id && *arguments[i].property);
	for (unsigned i = 0; i < n_groups; i++)
		sum += groups[i];
	EXPECT(!groups || sum == n);
}

static void check_request(const struct vz_request *request)
{
	EXPECT(*request->output && request->n_changed <= VZ_MAX_INPUTS);
	check_arguments(request->inputs, request->n_inputs, request->input_groups,
			request->n_input_groups);
	check_arguments(request->states, request->n_states, request->state_groups,
			request->n_state_groups);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vz_json_error error = { 0 };
	struct vz_reply reply = { .status = VZ_REPLY_ERROR, .message = error.text };
	struct json_object *answer = NULL;
	struct vz_request request;
	struct vz_message message;
	struct vz_blob *blob = NULL;
	int r;

	r = vz_message_decode((const char *) data, size, NULL, &error, &message);
	EXPECT(!r == !*error.text);
	EXPECT(strlen(message.renderer_id) <= VZ_RENDERER_ID_MAX);
	if (!r && message.type == VZ_MESSAGE_CALLBACK_REQUEST)
		check_request(&message.request);

	EXPECT(!vz_message_encode_reply(message.renderer_id, message.request_id, &reply, &blob));
	EXPECT(!vz_json_parse((const char *) blob->data, blob->size, NULL, NULL, &answer));
	json_object_put(answer);
	vz_blob_unref(blob);
	if (!r)
		vz_message_deinit(&message);

	if (!vz_request_decode((const char *) data, size, NULL, NULL, &request)) {
		check_request(&request);
		vz_request_deinit(&request);
	}
	return 0;
}
