/*
 * A callback as the page learns of it: its entry in _dash-dependencies, in the form that
 * dash-renderer 3.4.1 reads, and what of it counts for the hash of the page. (Declared in
 * callback.h.)
 */
#include <string.h>

#include "dash/callback.h"
#include "util/json.h"

static void describe_all(struct vz_buf *buf, const struct vz_dependency *dependencies, unsigned n)
{
	unsigned i;

	vz_buf_putc(buf, '[');
	for (i = 0; i < n; i++) {
		const struct vz_property *p = dependencies[i].property;

		vz_buf_puts(buf, i ? ",{\"id\":" : "{\"id\":");
		vz_json_print_string(buf, p->id, strlen(p->id));
		vz_buf_puts(buf, ",\"property\":");
		vz_json_print_string(buf, p->name, strlen(p->name));
		vz_buf_puts(buf, dependencies[i].is_optional ? ",\"allow_optional\":true}" : "}");
	}
	vz_buf_putc(buf, ']');
}

static const char *flag(bool value)
{
	return value ? "true" : "false";
}

static void describe_clientside(struct vz_buf *buf, const struct vz_clientside *clientside)
{
	if (!clientside->function) {
		vz_buf_puts(buf, "null");
		return;
	}
	vz_buf_puts(buf, "{\"namespace\":");
	vz_json_print_string(buf, clientside->space, strlen(clientside->space));
	vz_buf_puts(buf, ",\"function_name\":");
	vz_json_print_string(buf, clientside->function, strlen(clientside->function));
	vz_buf_putc(buf, '}');
}

void vz_callback_describe(const struct vz_callback *c, bool is_hidden, struct vz_buf *buf)
{
	vz_buf_puts(buf, "{\"output\":");
	vz_json_print_string(buf, c->output, strlen(c->output));
	vz_buf_puts(buf, ",\"inputs\":");
	describe_all(buf, c->inputs, c->n_inputs);
	vz_buf_puts(buf, ",\"state\":");
	describe_all(buf, c->states, c->n_states);
	vz_buf_puts(buf, ",\"clientside_function\":");
	describe_clientside(buf, &c->clientside);
	vz_buf_printf(buf,
		      ",\"prevent_initial_call\":%s,"
		      "\"background\":null,\"dynamic_creator\":false,\"no_output\":%s,"
		      "\"optional\":false,\"hidden\":%s,\"websocket\":%s,\"persistent\":%s",
		      flag(c->service & VZ_SERVICE_NO_CLIENT_INITIAL), flag(!c->n_outputs),
		      flag(is_hidden), flag(c->service & VZ_SERVICE_LINK),
		      flag(!c->n_outputs && !c->n_inputs));
	/* As Dash does, not at all where nothing is set. */
	if (c->running_json) {
		vz_buf_puts(buf, ",\"running\":");
		vz_buf_puts(buf, c->running_json);
	}
	vz_buf_putc(buf, '}');
}

static uint64_t hash_all(uint64_t hash, const struct vz_dependency *dependencies, unsigned n)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		hash = vz_table_hash_string(hash, dependencies[i].text);
		hash = vz_table_hash(hash, &dependencies[i].is_optional, sizeof(bool));
	}
	return vz_table_hash_string(hash, "");
}

uint64_t vz_callback_hash(const struct vz_callback *c, uint64_t hash)
{
	hash = vz_table_hash_string(hash, c->output);
	hash = hash_all(hash, c->inputs, c->n_inputs);
	hash = hash_all(hash, c->states, c->n_states);
	hash = vz_table_hash_string(hash, c->clientside.space ?: "");
	hash = vz_table_hash_string(hash, c->clientside.function ?: "");
	hash = vz_table_hash_string(hash, c->running_json ?: "");
	return vz_table_hash(hash, &c->service, sizeof(c->service));
}
