/*
 * The app: layout, callbacks and clients of one device, as the daemon and the server see it. What
 * panels and plugins see is include/vizyd/dash.h, which this adds to.
 *
 * A pure library: no socket, descriptor, thread or clock. Time comes in as @now_us
 * (CLOCK_MONOTONIC); what goes out goes through function pointers.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/cleanup.h"
#include "vizyd/dash.h"

struct vz_blob;
struct vz_catalog;
struct vz_link;
struct vz_mods;

/* A call that a worker has had for longer than the deadline; all is borrowed. */
struct vz_overdue {
	const char *callback; /* its identity, which is its Outputs */
	const char *device;   /* the name of the client's, or NULL */
	uint64_t client_id;   /* who caused it; 0: the device or the start */
	int64_t out_us;	      /* for how long */
	bool has_begun;	      /* a worker runs it; else it still waits for one */
	bool has_ended;	      /* now; else it has just become overdue */
	unsigned n_overdue;   /* how many there are with it, or are left */
};

struct vz_app_options {
	int64_t grace_us;     /* how long a lost tab stays the same client; 0: 15 s */
	int64_t deadline_us;  /* after which a blocking call is answered with an error; 0: 30 s */
	unsigned max_clients; /* 0: 512 */
	/* What layouts, values and callbacks are judged by; borrowed. NULL: they are not. */
	const struct vz_catalog *catalog;
	/* Names this run of the daemon to the browsers; copied. */
	const char *boot_id;
	/*
	 * Hands a blocking call to a worker, which runs vz_call_run() and then has the loop call
	 * vz_call_complete(); -EAGAIN: too many wait. NULL: blocking calls run on the loop like the
	 * others.
	 */
	int (*execute)(struct vz_call *call, void *data);
	/*
	 * Takes back a call that no worker has begun: returns whether there was such a one, which
	 * is then not run. May be NULL.
	 */
	bool (*cancel)(struct vz_call *call, void *data);
	void *execute_data; /* of both */
	/* Told of calls that are overdue, and again when they end. May be NULL. */
	void (*on_overdue)(const struct vz_overdue *overdue, void *data);
	void *overdue_data;
	/* Asks for vz_app_tick() at @at_us, or never if INT64_MAX. May be NULL in tests. */
	void (*set_deadline)(int64_t at_us, void *data);
	void *deadline_data;
	/* Has the loop run @fn soon, for vz_app_post_mods(). Thread: any. Returns 0 or a negative
	 * errno. */
	int (*post)(void (*fn)(void *data), void *fn_data, void *data);
	void *post_data;
	/* The time, for what callbacks cause outside vz_link_receive(); returns @now_us. */
	int64_t (*now)(void *data);
	void *now_data;
	/*
	 * What somebody at @address may who has not logged in, where nobody has to. NULL:
	 * VZ_ROLE_USER.
	 */
	enum vz_role (*role_of_nobody)(const char *address, void *data);
	void *role_data;
};

struct vz_app_counters {
	uint64_t callbacks_run, callbacks_prevented, callbacks_failed, callbacks_echo;
	uint64_t callbacks_overdue, callbacks_refused;
	uint64_t messages_in, messages_out, messages_bad;
	uint64_t clients_total;
};

int vz_app_new(const struct vz_app_options *options, struct vz_app **ret);
/* Answers everything that waits, then frees. Links must have been closed. Returns NULL. */
struct vz_app *vz_app_free(struct vz_app *app);
VZ_DEFINE_CLEANUP(vz_app_free, struct vz_app *, vz_app_free)

/*
 * Replaces the layout; takes @root. Tabs that show the old one are told to reload. Returns 0,
 * -EINVAL (no components, or one that the catalog does not know), -EEXIST (two of one id) or
 * -ENOMEM, which it also is when @root is NULL; vz_app_last_error() names the place, and the old
 * layout stays.
 */
int vz_app_set_layout(struct vz_app *app, struct json_object *root);
/*
 * Runs the shared callbacks that want it, in dependency order: once all are added, and again when
 * more have been added, for those.
 */
int vz_app_start(struct vz_app *app);
/* Answers what waits with an error and takes no more: first step of shutting down. */
void vz_app_stop(struct vz_app *app);
/* From now on, for calls that run too. @deadline_us as in the options. */
void vz_app_set_deadline(struct vz_app *app, int64_t deadline_us);
/* Expires what is due: grace times, deadlines, pushed values. */
void vz_app_tick(struct vz_app *app, int64_t now_us);

/* Whether the layout has a component of that id. */
bool vz_app_has_component(struct vz_app *app, const char *id);

/* JSON for GET _dash-layout and _dash-dependencies. References. Returns 0 or -ENOMEM. */
int vz_app_encode_layout(struct vz_app *app, struct vz_blob **ret);
int vz_app_encode_dependencies(struct vz_app *app, struct vz_blob **ret);
/* Changes when the components or the callbacks change, not when values do. Hex, borrowed. */
const char *vz_app_layout_hash(struct vz_app *app);
const struct vz_app_counters *vz_app_get_counters(const struct vz_app *app);

/* As vz_app_set_login_required(), but for the server: programs cannot take it back. */
int vz_app_enforce_login(struct vz_app *app, bool required);
/* Whether those may look who are not logged in where they must be: they are viewers then. */
void vz_app_set_guest_view(struct vz_app *app, bool on);
bool vz_app_has_guest_view(const struct vz_app *app);
/* What somebody of that name and role may, at that address. @user may be NULL: nobody. */
enum vz_role vz_app_judge_role(struct vz_app *app, const char *user, const char *role,
			       const char *address);
/* What the last call needed that was refused to @client; VZ_ROLE_NONE: none was. */
enum vz_role vz_client_get_refused(const struct vz_client *client);

/* A blocking call, on its worker thread. Touches nothing but @call's copies. */
void vz_call_run(struct vz_call *call);
/* Back on the loop: delivers the outcome and frees @call. */
void vz_call_complete(struct vz_call *call);

/* --- A websocket connection ---------------------------------------------------------------- */

/*
 * One websocket as the core sees it. Over our own link it carries one tab; over the stock worker,
 * all tabs of a browser. The functions must not call back into the app.
 */
struct vz_link_ops {
	/* Queues a message that must arrive. Borrows @text, taking its own reference. */
	void (*send)(void *data, struct vz_blob *text);
	/*
	 * Queues mods, which may be merged with others while they wait (newest wins per property,
	 * Patches keep their order). @renderer_id is NULL over our own link (encode with
	 * vz_message_encode_mods()), else the stock tab (vz_message_encode_set_props()). Borrows
	 * both.
	 */
	void (*send_mods)(void *data, const char *renderer_id, struct vz_mods *mods);
	/* Closes the socket soon; vz_link_closed() follows. */
	void (*close)(void *data, uint16_t code, const char *reason);
};

/*
 * Who speaks, as the server knows it. Where it does, nothing else counts: not what a program said
 * of that tab before, nor the name by which the tab calls itself.
 */
struct vz_speaker {
	bool is_known;		 /* the server has users of its own */
	const char *user, *role; /* NULL: nobody has logged in there */
};

struct vz_link_info {
	const char *address;			/* of the peer, as text */
	const char *host, *origin, *user_agent; /* headers of the upgrade; "" when absent */
	struct vz_speaker speaker;
};

/* @info is copied. Returns 0 or -ENOMEM. */
int vz_link_open(struct vz_app *app, const struct vz_link_info *info, const struct vz_link_ops *ops,
		 void *data, struct vz_link **ret);
/* One complete text message. Never fails to the caller: what is wrong is answered or counted. */
void vz_link_receive(struct vz_link *link, const char *text, size_t size, int64_t now_us);
/*
 * All shared values that the tab @renderer_id (NULL over our own link) may see, as one set of mods,
 * for an outbox that dropped its queue. Returns 0 and a reference, or -ENOMEM.
 */
int vz_link_snapshot(struct vz_link *link, const char *renderer_id, struct vz_mods **ret);
/*
 * Says anew who speaks over @link, with the name and role of a session that goes on: its tabs are
 * that user's from now on. Returns 0 or -ENOMEM, and then the link is closed.
 */
int vz_link_set_speaker(struct vz_link *link, const struct vz_speaker *speaker);
/* The socket is gone; its tabs keep their place for the grace time. Frees @link. */
void vz_link_closed(struct vz_link *link, int64_t now_us);

/* --- An HTTP request ------------------------------------------------------------------------ */

/*
 * Called exactly once, at once or later: 200 with @body, 204 without, 500, 403 or 400 with text in
 * @body. @headers are what the callback adds, lines that each have their CR LF; NULL: nothing. Both
 * are borrowed.
 */
typedef void vz_http_reply_fn(void *data, unsigned status, const char *headers,
			      struct vz_blob *body);

struct vz_http_info {
	const char *address; /* of the peer, as text */
	/* The tab as our link names it in the header X-Vizyd-Client, or NULL. One that is somebody
	 * else's, as @speaker has it, is ignored. */
	const char *renderer_id;
	struct vz_speaker speaker;
};

/*
 * The body of POST _dash-update-component. Borrows @info. Returns a handle for
 * vz_app_abandon_http() while the answer is due, else NULL.
 */
struct vz_http_call;
struct vz_http_call *vz_app_receive_http(struct vz_app *app, const char *body, size_t size,
					 const struct vz_http_info *info, int64_t now_us,
					 vz_http_reply_fn *fn, void *data);
/* The requester is gone: @fn will not be called. */
void vz_app_abandon_http(struct vz_http_call *call);
