/*
 * Dash for devices, as panels and plugins use it: components, callbacks, services, push_mods.
 * The words are Dash's own; what each means is in daemon/dash/README.md.
 *
 * Values are json-c objects, and NULL is JSON null. A value handed in is taken, also on failure,
 * unless a line says otherwise; a value handed out is borrowed until the function returns.
 * Thread: loop, unless a line says otherwise.
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

#include <vizyd/role.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vz_app;
struct vz_callback;
struct vz_call;
struct vz_client;
struct vz_device;

/* How a callback's updates travel and who gets them: a set of bits. */
enum vz_service {
	/* Over the websocket, or over HTTP where a browser has none; clear: over HTTP POST alone.
	 */
	VZ_SERVICE_LINK = 1u << 0,
	VZ_SERVICE_SERVER_INITIAL = 1u << 1,	/* called once when the server starts */
	VZ_SERVICE_NO_CLIENT_INITIAL = 1u << 2, /* a newly loaded page does not call it */
	VZ_SERVICE_SHARED = 1u << 3,		/* outputs go to every client and into the layout */
	VZ_SERVICE_SHARE_INPUTS = 1u << 4,	/* changed Inputs go at once to all other clients */
	VZ_SERVICE_SERIALIZED = 1u << 5,	/* one call at a time, in arrival order */
	VZ_SERVICE_MOST_RECENT = 1u << 6,	/* at most one call waits; the last always runs */

	VZ_S0 = 0,
	VZ_SHARED = VZ_SERVICE_LINK | VZ_SERVICE_SERVER_INITIAL | VZ_SERVICE_NO_CLIENT_INITIAL |
		    VZ_SERVICE_SHARED | VZ_SERVICE_SHARE_INPUTS | VZ_SERVICE_SERIALIZED,
	VZ_SHARED_MOST_RECENT = VZ_SHARED | VZ_SERVICE_MOST_RECENT,
	VZ_S2 = VZ_SERVICE_LINK | VZ_SERVICE_SERIALIZED,
};

/*
 * What a callback runs. It answers by vz_call_set_output() and its kin; an Output that it does not
 * set keeps its value (Dash's no_update), and a call that sets none prevents the update. Returns 0,
 * or a negative errno after or without vz_call_fail(): the requester is told, nothing else changes.
 */
typedef int vz_callback_fn(struct vz_call *call, void *data);

/* "id.property" strings, ended by NULL. */
#define VZ_IDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/*
 * A property that the browser sets by itself while a call of its is out, and sets back when the
 * answer is there, an error too, or the link is lost: a button that is disabled meanwhile. Dash's
 * `running`.
 */
struct vz_running {
	const char *property; /* "id.property" */
	const char *on, *off; /* JSON: "true", "\"working\"" */
};
/* { "go.disabled", "true", "false" }, …, ended by one without a property. */
#define VZ_RUNNING(...) ((const struct vz_running[]){ __VA_ARGS__, { NULL, NULL, NULL } })

/* window.dash_clientside[space][function], which a script of the page defines. */
struct vz_clientside {
	const char *space, *function;
};

struct vz_callback_spec {
	const char *const *outputs; /* NULL: none; then the callback has side effects only */
	const char *const
		*inputs; /* NULL with no outputs: "persistent", runs when a client arrives */
	const char *const *states;
	unsigned service; /* enum vz_service bits */
	/* Runs on a worker instead of the loop, because it may wait; the order stays the same. */
	bool blocking;
	vz_callback_fn *fn;
	void *data;

	/*
	 * Those of the Outputs that other callbacks may set, too. As with Dash, a page that loads
	 * must not call it, since nobody knows who would come last: the service needs
	 * VZ_SERVICE_NO_CLIENT_INITIAL, or initial_duplicate says that it does not matter.
	 */
	const char *const *allow_duplicate;
	bool initial_duplicate;
	/* Those of the Inputs and States whose component may be missing: their value is null then.
	 */
	const char *const *allow_optional;
	const struct vz_running *running; /* NULL: nothing is set */
	/*
	 * In place of fn: the callback runs in the browser and the server never hears of it. Its
	 * service is VZ_S0 or VZ_SERVICE_NO_CLIENT_INITIAL. The source stands in a script of the
	 * page; Dash's inline form does not exist here, as the page's policy allows no inline
	 * scripts.
	 */
	struct vz_clientside clientside;
	/* Who is not logged in may call it too, where vz_app_set_login_required() says that one
	 * must. */
	bool anyone;
	/*
	 * Called once when neither the callback nor a call of it that is still on a worker can use
	 * @data any more: when it is withdrawn, or after the last of those has ended. Not when
	 * registering fails. May be NULL.
	 */
	void (*release)(void *data);
	/*
	 * The least role that may call it; 0 is VZ_ROLE_USER. VZ_ROLE_VIEWER is for what changes
	 * nothing but the caller's own view: tabs, filters, hover. Whoever may not has changed
	 * nothing when he tries, and his browser goes back to the shared values.
	 */
	enum vz_role needs;
};

/*
 * Registers a callback; @spec is copied. Returns 0, or -EINVAL (a malformed "id.property", or one
 * that the component of that id does not have), -EEXIST (an Output that another callback has),
 * -ELOOP (a cycle of shared callbacks), -EPERM (a shared Output that is the Input of a callback
 * that is not shared, or its Output, too); vz_app_last_error() names the place.
 */
int vz_app_add_callback(struct vz_app *app, const struct vz_callback_spec *spec,
			struct vz_callback **ret);
/*
 * Withdraws it. Calls that wait are answered and do not run; one that a worker runs is answered,
 * and its outcome dropped. Takes NULL; returns NULL.
 */
struct vz_callback *vz_callback_free(struct vz_callback *callback);
/* What was wrong with the last layout, callback or value, borrowed until the next one. */
const char *vz_app_last_error(struct vz_app *app);

/* --- Inside a callback --------------------------------------------------------------------- */

/*
 * The client that caused the call, or NULL when the device or the start of the server did, or a
 * browser over HTTP that is not known (a page of the stock worker): for vz_app_push_mods() that
 * would be everybody; vz_call_set() reaches it. On a worker it is a copy, made when the call was:
 * what it says can be read and nothing can be set.
 */
struct vz_client *vz_call_client(struct vz_call *call);
/*
 * Who caused it, as it was when the request came: also of a call over HTTP that no client is known
 * for. The name is NULL for nobody, borrowed until the function returns; the role is VZ_ROLE_ADMIN
 * when the device or the start of the server caused the call. Thread: also a worker.
 */
const char *vz_call_get_user(const struct vz_call *call);
enum vz_role vz_call_get_role(const struct vz_call *call);
/*
 * The device that this client was bound to when the call was made, or NULL. It may have been
 * removed since; its name, title and data can still be read until the function returns.
 */
struct vz_device *vz_call_device(struct vz_call *call);
/* The value of the @index-th Input or State; NULL is JSON null or never set. */
struct json_object *vz_call_input(struct vz_call *call, unsigned index);
struct json_object *vz_call_state(struct vz_call *call, unsigned index);
/* Whether the @index-th Input changed; none did in an initial call. */
bool vz_call_is_triggered(struct vz_call *call, unsigned index);
bool vz_call_is_initial(struct vz_call *call);
/* Answers the @index-th declared Output. Takes @value. */
int vz_call_set_output(struct vz_call *call, unsigned index, struct json_object *value);
/* An alternate output: any component and property, instead of or beside the declared ones. */
int vz_call_set(struct vz_call *call, const char *id, const char *property,
		struct json_object *value);
/*
 * Sets a property of the requester's browser at once, while the function runs: progress, or what is
 * known already. It arrives before the answer, changes no other browser nor the layout, and wakes
 * the browser's callbacks; Dash's set_props(). From a worker it is posted as vz_app_post_mods()
 * does it: what comes faster than the loop takes it is merged, and @value must be nobody else's.
 * Takes
 * @value. Returns 0, -ENOTCONN (no browser caused the call, or it is offline), or what that
 * returns.
 */
int vz_call_set_props(struct vz_call *call, const char *id, const char *property,
		      struct json_object *value);
/*
 * Adds a header to the answer of a call that came over HTTP, as a browser makes every call of a
 * callback without VZ_SERVICE_LINK; Dash's callback_context.response. A cookie is a "Set-Cookie",
 * of which there may be several; any other name is set once. Both strings are copied. An answer
 * that changes nothing has them too, one with an error has none. May be called on a worker.
 *
 * Returns 0, -ENOTSUP (the call came over the websocket or from the device itself: its answer has
 * no headers), -EINVAL (@name is no token of HTTP, or is a header that the server writes itself;
 * @value has control characters), -EEXIST (set already), -ENOSPC (more than 8, or more than 4 kB
 * together) or -ENOMEM. A function that returns this unchanged has the requester told what was
 * wrong in words.
 */
int vz_call_set_header(struct vz_call *call, const char *name, const char *value);
/* Tells the requester what went wrong; returns @r, so that it can end a function. */
int vz_call_fail(struct vz_call *call, int r, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* --- Values and layout --------------------------------------------------------------------- */

/* The server's value of a property, borrowed until the next change; NULL: null or never set. */
struct json_object *vz_app_get(struct vz_app *app, const char *id, const char *property);

/*
 * Applies @mods, {id: {property: value}}, to the layout, runs the shared callbacks that have those
 * properties as Inputs, and sends everything to all clients; with @client, changes that browser
 * only and touches neither layout nor others. Takes @mods. Returns 0, -EINVAL (not of that form,
 * or a new component in it that does not exist: vz_app_last_error() says which), -ENOENT (a
 * component that the layout does not have), -ENOTCONN (@client is offline) or -ENOMEM.
 *
 * From inside a shared callback, or what it caused, the mods join the same unit. A shared callback
 * runs at most once in it; what would run it again does so in a unit that follows. A few of those
 * in a row are allowed, then the circle is cut and logged.
 */
int vz_app_push_mods(struct vz_app *app, struct json_object *mods, struct vz_client *client);
/*
 * As vz_app_push_mods() with @client, but without waking the browser's own callbacks: what one of a
 * device's clients has changed is shown to the others so, and none of them sends it back. (The
 * stock link knows no quiet way: there they do.) Takes @mods. Returns 0, -EINVAL, -ENOTCONN or
 * -ENOMEM.
 */
int vz_client_push_quietly(struct vz_client *client, struct json_object *mods);
/* vz_app_push_mods() to everybody for one property, which is the common case. */
int vz_app_push(struct vz_app *app, const char *id, const char *property,
		struct json_object *value);

/*
 * The same as vz_app_push_mods(), soon: Thread: any. @client_id is that of vz_client_get_id(), or 0
 * for everybody. What is posted faster than the loop takes it is merged, the newest value of each
 * property remaining, so that a thread may post thousands of times a second. Takes @mods, to which
 * nobody else may hold a reference. Returns 0, -EINVAL (not of that form), -EAGAIN (so many
 * properties wait that another one has no place; one that waits already can always be replaced),
 * -ENOMEM or -ENOTSUP (the app has no loop). What the layout does not take is logged, and the rest
 * is applied.
 */
int vz_app_post_mods(struct vz_app *app, struct json_object *mods, uint64_t client_id);

/* --- Clients ------------------------------------------------------------------------------- */

uint64_t vz_client_get_id(const struct vz_client *client);
const char *vz_client_get_address(const struct vz_client *client);
const char *vz_client_get_user_agent(const struct vz_client *client);
/* Host and Origin that the browser used; "" when it sent none. */
const char *vz_client_get_host(const struct vz_client *client);
const char *vz_client_get_origin(const struct vz_client *client);
/* When the tab was first seen, CLOCK_MONOTONIC. */
int64_t vz_client_get_connected_us(const struct vz_client *client);
bool vz_client_is_online(const struct vz_client *client);
/* NULL when it has gone; never keep a pointer, keep the id. */
struct vz_client *vz_app_find_client(struct vz_app *app, uint64_t id);
/* Walks the table; start with NULL. */
struct vz_client *vz_app_next_client(struct vz_app *app, struct vz_client *client);
unsigned vz_app_n_clients(const struct vz_app *app);

/*
 * Says who it is: a user and a role, copied, or NULL for nobody. "" is no role. Where login is
 * required, one who was nobody is brought up to date by one message. Returns 0, -EINVAL (a worker's
 * copy), -EPERM (the server has users of its own, who log in there) or -ENOMEM.
 */
int vz_client_set_user(struct vz_client *client, const char *user, const char *role);
const char *vz_client_get_user(const struct vz_client *client); /* NULL: nobody */
const char *vz_client_get_role(const struct vz_client *client); /* "": none, or nobody */
/*
 * Whether it may do what needs @role. That is by its user's role; a role of a program's own, which
 * is none of vizyd/role.h, counts as VZ_ROLE_USER. Nobody is a VZ_ROLE_VIEWER where guests may look
 * and login is required, nothing where they may not, and where login is not required what
 * `[server] admin` says: a user or an admin. Thread: also a worker, on its copy.
 */
bool vz_client_may(const struct vz_client *client, enum vz_role role);
/*
 * Attaches a field of the program's own, which goes with the client. NULL removes it. Takes @value.
 * Returns 0, -EINVAL (a worker's copy, or no name), -ENOSPC (all fields of a client together may
 * have 16 kB as text) or -ENOMEM.
 */
int vz_client_set_field(struct vz_client *client, const char *name, struct json_object *value);
struct json_object *vz_client_get_field(const struct vz_client *client, const char *name);

/*
 * Whether one must be logged in, which no client is until vz_client_set_user(). Who is not receives
 * no shared mods, may call only callbacks that are for anyone (what a page calls when it loads is
 * passed over in silence), and loads the page with the values that it was built with instead of
 * today's. Say so before the layout is set: that is when they are noted, else now. What the server
 * requires of itself no program can take back. Returns 0 or -ENOMEM.
 */
int vz_app_set_login_required(struct vz_app *app, bool required);
bool vz_app_is_login_required(const struct vz_app *app);

enum vz_client_event {
	VZ_CLIENT_CONNECTED,	/* a new tab */
	VZ_CLIENT_LOST,		/* its link is gone; it may come back within the grace time */
	VZ_CLIENT_RETURNED,	/* it has come back */
	VZ_CLIENT_DISCONNECTED, /* it closed, or did not come back; no look-up finds it any more */
	VZ_CLIENT_USER_CHANGED, /* it logged in or out, or has another role */
	/* A call of it was refused for its role: what it shows of what is not shared may be wrong.
	 */
	VZ_CLIENT_REFUSED,
};

struct vz_client_listener;
typedef void vz_client_fn(struct vz_app *app, struct vz_client *client, enum vz_client_event event,
			  void *data);
/*
 * Calls @fn at every such event. A listener may be removed at any time, by itself too; those that
 * are left are freed with the app. Returns 0 or -ENOMEM.
 */
int vz_app_add_client_listener(struct vz_app *app, vz_client_fn *fn, void *data,
			       struct vz_client_listener **ret);
struct vz_client_listener *vz_client_listener_free(struct vz_client_listener *listener);

/* What a browser shows, asked for with vz_client_get_props(). */
struct vz_props_request;
/*
 * Called exactly once, later. @r is 0, -ETIMEDOUT (no answer in time), -ENOTCONN (its link is gone)
 * or -ESHUTDOWN. @values is {id: {property: value}}, borrowed, NULL unless @r is 0: {} for a
 * component that the page does not have, and without properties that were never set there.
 */
typedef void vz_props_fn(int r, struct json_object *values, void *data);
/*
 * Asks the browser for the values of @properties, "id.property" each. @timeout_us: 0 is 30 s. @ret
 * may be NULL. Returns 0, -EINVAL (malformed, none, more than 256, or a worker's copy), -ENOTCONN
 * (the client is offline), -ESHUTDOWN (the app stops), -EBUSY (32 such questions to it are
 * unanswered) or -ENOMEM; then @fn is not called.
 */
int vz_client_get_props(struct vz_client *client, const char *const *properties, int64_t timeout_us,
			vz_props_fn *fn, void *data, struct vz_props_request **ret);
/* Gives up a question that has not been answered: its function is not called. Takes NULL; returns
 * NULL. */
struct vz_props_request *vz_props_request_free(struct vz_props_request *request);

/* --- Devices (S2) -------------------------------------------------------------------------- */

/*
 * One of several things behind one daemon, such as a camera or a robot. A client is bound to one of
 * them or to none; a callback of service S2 answers for the client's device, and its calls queue
 * separately for each device. Clients that are bound to none share one queue: what they work on is
 * the appliance itself, of which there is one.
 *
 * A client chooses by name, and its choice outlives both ends: when the device goes the client is
 * unbound, and bound again when one of that name comes, unless it has chosen something else. A tab
 * that is loaded anew is another client, and brings the choice along (over our own link; on a page
 * with the stock one, a component's persistence has to do that).
 *
 * @name is 1 to 128 bytes, @title is for people; both are copied. Returns 0, -EINVAL, -EEXIST
 * (there is one of that name), with vz_app_last_error(), or -ENOMEM.
 */
int vz_app_add_device(struct vz_app *app, const char *name, const char *title,
		      struct vz_device **ret);
/*
 * It has gone: its clients are unbound and calls that wait for it answered with an error. The
 * pointer is the caller's no more. Takes NULL; returns NULL.
 */
struct vz_device *vz_device_remove(struct vz_device *device);
/* Name and title may be read on a worker, by vz_call_device(). */
const char *vz_device_get_name(const struct vz_device *device);
const char *vz_device_get_title(const struct vz_device *device);
/*
 * What the program keeps with it. @release, which may be NULL, is called on the loop when the
 * device has been removed and no call can ask for it any more.
 */
void vz_device_set_data(struct vz_device *device, void *data, void (*release)(void *data));
void *vz_device_get_data(const struct vz_device *device);
/* How many clients are bound to it. */
unsigned vz_device_n_clients(const struct vz_device *device);
struct vz_device *vz_app_find_device(struct vz_app *app, const char *name);
/* Walks the devices in the order in which they came; start with NULL. */
struct vz_device *vz_app_next_device(struct vz_app *app, struct vz_device *device);

/* Binds a client to @device, or to none if NULL. Returns 0, -EINVAL (a worker's copy) or -ENOMEM.
 */
int vz_client_set_device(struct vz_client *client, struct vz_device *device);
/* NULL: none. */
struct vz_device *vz_client_get_device(const struct vz_client *client);
/* The name that it has chosen, also while there is no such device; NULL: none. */
const char *vz_client_get_choice(const struct vz_client *client);

enum vz_device_event {
	VZ_DEVICE_ADDED,   /* a device has come; @client is NULL */
	VZ_DEVICE_REMOVED, /* it has gone, no look-up finds it any more, its clients are unbound */
	VZ_DEVICE_BOUND,   /* @client is bound to it now */
	VZ_DEVICE_UNBOUND, /* @client was bound to it; it chose something else, or has gone, or the
			      device has */
};

struct vz_device_listener;
typedef void vz_device_fn(struct vz_app *app, struct vz_device *device, struct vz_client *client,
			  enum vz_device_event event, void *data);
/* As vz_app_add_client_listener(). */
int vz_app_add_device_listener(struct vz_app *app, vz_device_fn *fn, void *data,
			       struct vz_device_listener **ret);
struct vz_device_listener *vz_device_listener_free(struct vz_device_listener *listener);

#ifdef __cplusplus
}
#endif
