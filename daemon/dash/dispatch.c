#include "dash/dispatch.h"

#include <errno.h>
#include <string.h>

#include "dash/answer.h"
#include "dash/app-private.h"
#include "dash/apply.h"
#include "dash/call.h"
#include "dash/callback.h"
#include "dash/client.h"
#include "dash/layout.h"
#include "dash/message.h"
#include "dash/mods.h"
#include "dash/push.h"
#include "dash/service.h"
#include "dash/wildcard.h"
#include "util/json.h"
#include "vizyd/pattern.h"

/* --- Whether the request means the callback that we have ------------------------------------- */

static int check_arguments(struct vz_app *app, struct vz_requester *requester, const char *role,
			   const struct vz_dependency *expected, unsigned n,
			   const struct vz_argument *got, unsigned n_got)
{
	unsigned i;

	if (n != n_got) {
		vz_answer_error(app, requester, -EINVAL, "payload.%s: expected %u, got %u", role, n,
				n_got);
		return -EINVAL;
	}
	for (i = 0; i < n; i++)
		if (!vz_dependency_equal(&expected[i], got[i].id, got[i].property)) {
			vz_answer_error(app, requester, -EINVAL,
					"payload.%s[%u]: expected '%s', got '%.64s.%.64s'", role, i,
					expected[i].text, got[i].id ? got[i].id : "",
					got[i].property ? got[i].property : "");
			return -EINVAL;
		}
	return 0;
}

static int check_request(struct vz_app *app, struct vz_requester *requester,
			 const struct vz_callback *c, const struct vz_request *request)
{
	int r;

	/* Wildcard arguments come in groups. */
	if (request->input_groups || request->state_groups) {
		vz_answer_error(app, requester, -EINVAL,
				"'%s' has no pattern-matching Inputs or States", c->output);
		return -EINVAL;
	}
	r = check_arguments(app, requester, "inputs", c->inputs, c->n_inputs, request->inputs,
			    request->n_inputs);
	if (r < 0)
		return r;
	return check_arguments(app, requester, "state", c->states, c->n_states, request->states,
			       request->n_states);
}

static int read_changed(struct vz_app *app, struct vz_requester *requester,
			const struct vz_callback *c, const struct vz_request *request,
			struct vz_call *call)
{
	unsigned i;

	for (i = 0; i < request->n_changed; i++) {
		int index = vz_callback_find_input(c, request->changed[i]);

		if (index < 0) {
			vz_answer_error(app, requester, -EINVAL,
					"payload.changedPropIds[%u]: '%.128s' is no Input of '%s'",
					i, request->changed[i], c->output);
			return -EINVAL;
		}
		call->is_triggered[index] = true;
	}
	call->is_initial = !request->n_changed;
	return 0;
}

static void answer_failure(struct vz_app *app, struct vz_requester *requester, int r,
			   const char *bad)
{
	char text[256];

	app->counters.callbacks_failed++;
	vz_describe_misfit(text, sizeof(text), r, bad);
	vz_answer_error(app, requester, r, "%s", text);
}

/* --- Shared Inputs --------------------------------------------------------------------------- */

static struct json_object *truth_of(struct vz_app *app, const struct vz_property *p)
{
	return vz_layout_get(app->layout, p->id, p->name);
}

/* One property that an Input means, as the browser sent it. */
struct edit {
	struct vz_property *property; /* not NULL if it triggered */
	struct json_object *value;
	bool *is_triggered;
};

static struct edit get_edit(struct vz_call *call, const struct vz_request *request, unsigned index,
			    unsigned nth)
{
	struct vz_cell *cell;

	if (!call->matches)
		return (struct edit){ call->callback->inputs[index].property,
				      request->inputs[index].value, &call->is_triggered[index] };
	cell = &call->matches->inputs[index].cells[nth];
	return (struct edit){ cell->property, cell->value, &cell->is_triggered };
}

static bool is_edited(struct vz_client *client, const struct vz_callback *c,
		      const struct edit *edit)
{
	enum vz_verdict verdict;

	verdict = vz_converge_judge(&client->converge, edit->property, c, edit->value,
				    truth_of(client->app, edit->property), client->app->now_us);
	if (verdict == VZ_VERDICT_CONTESTED || verdict == VZ_VERDICT_STALE)
		vz_promise(client, edit->property);
	return verdict == VZ_VERDICT_EDIT || verdict == VZ_VERDICT_CONTESTED;
}

/*
 * Tells edits from echoes. An Input that merely came back counts as not changed, and one that the
 * browser shows wrongly is promised to be put right. Returns whether anything is left to run for.
 */
static bool drop_echoes(struct vz_client *client, const struct vz_callback *c,
			const struct vz_request *request, struct vz_call *call)
{
	bool is_left = false;
	unsigned i, j;

	for (i = 0; i < c->n_inputs; i++) {
		bool is_any = false;

		for (j = 0; j < vz_call_n_inputs_at(call, i); j++) {
			const struct edit edit = get_edit(call, request, i, j);

			if (*edit.is_triggered)
				*edit.is_triggered = is_edited(client, c, &edit);
			is_any = is_any || *edit.is_triggered;
		}
		call->is_triggered[i] = is_any;
		is_left = is_left || is_any;
	}
	return is_left;
}

static int collect_edits(struct vz_app *app, const struct vz_request *request, struct vz_call *call,
			 struct vz_mods *mods)
{
	unsigned i, j;
	int r = 0;

	for (i = 0; i < call->n_inputs; i++)
		for (j = 0; r >= 0 && j < vz_call_n_inputs_at(call, i); j++) {
			const struct edit edit = get_edit(call, request, i, j);
			const struct vz_property *p = edit.property;

			/* What is the truth already, everybody has or is about to get. */
			if (*edit.is_triggered && vz_property_is_shared(p) &&
			    !vz_json_equal(edit.value, truth_of(app, p)))
				r = vz_mods_set(mods, p->id, p->name, edit.value,
						vz_property_notifies(p));
		}
	return r;
}

/*
 * Makes the edited Inputs the truth and tells everybody else, before the function runs. The other
 * shared callbacks on them are not run here: this browser asks for each of them itself. Answers
 * when it returns less than 0.
 */
static int share_inputs(struct vz_app *app, struct vz_requester *requester,
			const struct vz_client *client, const struct vz_request *request,
			struct vz_call *call)
{
	VZ_CLEANUP(vz_freep) struct vz_property **properties = NULL;
	VZ_CLEANUP(vz_mods_unrefp) struct vz_mods *mods = NULL;
	const char *bad = NULL;
	int r;

	r = vz_mods_new(&mods);
	if (r >= 0)
		r = collect_edits(app, request, call, mods);
	if (r >= 0 && !vz_mods_is_empty(mods))
		r = vz_apply(app, mods, &properties, &bad);
	if (r < 0)
		answer_failure(app, requester, r, bad);
	else
		vz_broadcast(app, mods, client);
	return r;
}

/* The value that counts: of a shared property ours, unless it is an edit. */
static int put_argument(struct vz_call *call, struct json_object **at,
			const struct vz_dependency *dependency, struct json_object *value,
			bool is_edit)
{
	const struct vz_property *p = dependency->property;
	bool ours = call->is_shared && !is_edit && vz_property_is_shared(p);

	return vz_call_put(call, at, ours ? truth_of(call->app, p) : value);
}

static int put_arguments(struct vz_call *call, const struct vz_callback *c,
			 const struct vz_request *request)
{
	unsigned i;
	int r = 0;

	if (call->matches)
		return vz_matches_put_values(call);
	for (i = 0; r >= 0 && i < c->n_inputs; i++)
		r = put_argument(call, &call->inputs[i], &c->inputs[i], request->inputs[i].value,
				 call->is_triggered[i]);
	for (i = 0; r >= 0 && i < c->n_states; i++)
		r = put_argument(call, &call->states[i], &c->states[i], request->states[i].value,
				 false);
	return r;
}

/* --- A request ------------------------------------------------------------------------------- */

/* What is called, with which Inputs changed. Answers when it returns less than 0. */
static int read_request(struct vz_app *app, struct vz_requester *requester,
			const struct vz_callback *c, const struct vz_request *request,
			struct vz_call *call)
{
	char text[384];
	unsigned i, j;
	int r;

	if (!c->has_patterns) {
		r = check_request(app, requester, c, request);
		return r < 0 ? r : read_changed(app, requester, c, request, call);
	}
	r = vz_matches_read(c, request, text, sizeof(text), &call->matches);
	if (r < 0) {
		vz_answer_error(app, requester, r, "%s", r == -ENOMEM ? "out of memory" : text);
		return r;
	}
	for (i = 0; i < c->n_inputs; i++)
		for (j = 0; j < call->matches->inputs[i].n; j++)
			call->is_triggered[i] |= call->matches->inputs[i].cells[j].is_triggered;
	call->is_initial = !request->n_changed;
	return 0;
}

static void serve(struct vz_app *app, struct vz_requester *requester, struct vz_callback *c,
		  const struct vz_request *request)
{
	struct vz_client *client = vz_app_find_client(app, requester->client_id);
	VZ_CLEANUP(vz_call_freep) struct vz_call *call = NULL;
	int r;

	r = vz_call_new(c, requester, &call);
	if (r < 0) {
		answer_failure(app, requester, r, NULL);
		return;
	}
	if (read_request(app, requester, c, request, call) < 0)
		return;

	if (call->is_shared && client && !call->is_initial &&
	    !drop_echoes(client, c, request, call)) {
		app->counters.callbacks_echo++;
		vz_answer_prevent(app, requester);
		return;
	}
	if (vz_service_shares_inputs(c->service) &&
	    share_inputs(app, requester, client, request, call) < 0)
		return;
	r = put_arguments(call, c, request);
	if (r < 0) {
		answer_failure(app, requester, r, NULL);
		return;
	}
	vz_requester_move(&call->requester, requester);
	vz_call_start(vz_steal(call));
}

/* --- Who may not ----------------------------------------------------------------------------- */

/*
 * What the browser shows of its edit goes: the shared values are asserted to it when it has left
 * them alone for a moment. Those that it shows rightly are left alone, or the stock worker, which
 * asks again for what it is told, would do so for ever.
 */
static void take_back(struct vz_client *client, struct vz_callback *c,
		      const struct vz_request *request)
{
	VZ_CLEANUP(vz_call_freep) struct vz_call *call = NULL;
	struct vz_requester nobody = { .kind = VZ_REQUESTER_NONE };
	struct vz_app *app = client->app;
	unsigned i, j;

	if (vz_call_new(c, &nobody, &call) < 0 || read_request(app, &nobody, c, request, call) < 0)
		return;
	for (i = 0; i < c->n_inputs; i++)
		for (j = 0; j < vz_call_n_inputs_at(call, i); j++) {
			const struct edit edit = get_edit(call, request, i, j);

			if (*edit.is_triggered && vz_property_is_shared(edit.property) &&
			    !vz_json_equal(edit.value, truth_of(app, edit.property)))
				vz_promise(client, edit.property);
		}
}

/*
 * That a page has loaded is nobody's fault: what it asks for then is only not answered. Nor does
 * somebody who looks and drags deserve an error for each step: his browser is put right, and told
 * once.
 */
static void refuse(struct vz_app *app, struct vz_requester *requester, struct vz_callback *c,
		   const struct vz_request *request)
{
	struct vz_client *client = vz_app_find_client(app, requester->client_id);

	app->counters.callbacks_refused++;
	if (!request->n_changed) {
		vz_answer_prevent(app, requester);
		return;
	}
	if (requester->role == VZ_ROLE_NONE)
		vz_answer_error(app, requester, -EACCES, "log in first");
	else if (requester->kind == VZ_REQUESTER_LINK)
		vz_answer_prevent(app, requester);
	else
		vz_answer_error(app, requester, -EACCES,
				"'%.128s' needs the role '%s', and this is %s with the role '%s'",
				c->output, vz_role_name(c->needs), requester->user ?: "nobody",
				vz_role_name(requester->role));
	if (!client || requester->role == VZ_ROLE_NONE)
		return;
	take_back(client, c, request);
	client->refused = c->needs;
	vz_client_tell(client, VZ_CLIENT_REFUSED);
}

/* --- A request, whoever makes it ------------------------------------------------------------- */

void vz_dispatch_request(struct vz_app *app, struct vz_requester *requester,
			 struct vz_request *request, int64_t now_us)
{
	struct vz_callback *c;

	app->now_us = now_us;
	if (app->is_stopping) {
		vz_answer_error(app, requester, -ESHUTDOWN, "shutting down");
		return;
	}
	if (!strcmp(request->output, VZ_HELLO_OUTPUT)) {
		vz_answer_prevent(app, requester);
		return;
	}
	c = vz_callback_find(app, request->output);
	if (!c) {
		vz_answer_error(app, requester, -EINVAL, "payload.output: no callback '%.128s'",
				request->output);
		return;
	}
	if (vz_callback_is_clientside(c)) {
		vz_answer_error(app, requester, -EINVAL, "payload.output: '%s' runs in the browser",
				c->output);
		return;
	}
	/* The other way round is the way of a browser that has no websocket for us. */
	if (requester->kind == VZ_REQUESTER_LINK && !(c->service & VZ_SERVICE_LINK)) {
		vz_answer_error(app, requester, -EINVAL,
				"payload.output: '%s' is called over HTTP, not over the websocket",
				c->output);
		return;
	}
	if (!c->anyone && requester->role < c->needs) {
		refuse(app, requester, c, request);
		return;
	}
	serve(app, requester, c, request);
}
