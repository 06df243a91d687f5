#include "users/user-list.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/json.h"

#define VERSION 1

void vz_user_list_deinit(struct vz_user_list *list)
{
	free(list->users);
	memset(list, 0, sizeof(*list));
}

struct vz_user *vz_user_list_find(const struct vz_user_list *list, const char *name)
{
	for (size_t i = 0; i < list->n_users; i++) {
		if (strcmp(list->users[i].name, name) == 0)
			return &list->users[i];
	}
	return NULL;
}

/* --- Changing -------------------------------------------------------------------------------- */

static bool is_last_admin(const struct vz_user_list *list, const struct vz_user *user)
{
	for (size_t i = 0; i < list->n_users; i++) {
		if (&list->users[i] != user && list->users[i].role == VZ_ROLE_ADMIN)
			return false;
	}
	return user->role == VZ_ROLE_ADMIN;
}

static int insert(struct vz_user_list *list, const struct vz_user *user)
{
	struct vz_user *users;
	size_t i;

	if (vz_user_list_find(list, user->name))
		return -EEXIST;
	if (list->n_users >= VZ_USERS_MAX)
		return -EUSERS;
	users = realloc(list->users, (list->n_users + 1) * sizeof(*users));
	if (!users)
		return -ENOMEM;
	list->users = users;
	for (i = list->n_users; i > 0 && strcmp(users[i - 1].name, user->name) > 0; i--)
		users[i] = users[i - 1];
	users[i] = *user;
	list->n_users++;
	return 0;
}

static int add(struct vz_user_list *list, const struct vz_user_change *change)
{
	struct vz_user user = { .role = change->role, .serial = change->serial };

	strcpy(user.name, change->name);
	strcpy(user.hash, change->hash);
	return insert(list, &user);
}

static void cut(struct vz_user_list *list, struct vz_user *user)
{
	size_t after = list->n_users - (size_t) (user - list->users) - 1;

	memmove(user, user + 1, after * sizeof(*user));
	list->n_users--;
}

static void set_password(struct vz_user *user, const struct vz_user_change *change)
{
	strcpy(user->hash, change->hash);
	user->serial = change->serial;
}

int vz_user_list_change(struct vz_user_list *list, const struct vz_user_change *change)
{
	struct vz_user *user = vz_user_list_find(list, change->name);

	switch (change->action) {
	case VZ_USER_ADD_FIRST:
		return list->n_users ? -EALREADY : add(list, change);
	case VZ_USER_ADD:
		return add(list, change);
	case VZ_USER_SET_GUESTS:
		list->allows_guests = change->allows_guests;
		return 0;
	default:
		break;
	}
	if (!user)
		return -ENOENT;
	if (change->action == VZ_USER_SET_PASSWORD) {
		set_password(user, change);
		return 0;
	}
	if (!change->force && is_last_admin(list, user) &&
	    (change->action == VZ_USER_REMOVE || change->role != VZ_ROLE_ADMIN))
		return -EBUSY;
	if (change->action == VZ_USER_REMOVE)
		cut(list, user);
	else
		user->role = change->role;
	return 0;
}

/* --- Text ------------------------------------------------------------------------------------ */

static void print_text(struct vz_buf *buf, const char *key, const char *text)
{
	vz_buf_printf(buf, "\"%s\":", key);
	vz_json_print_string(buf, text, strlen(text));
}

void vz_user_list_print(struct vz_buf *buf, const struct vz_user_list *list)
{
	vz_buf_printf(buf, "{\"version\":%d,\"guests\":%s,\"users\":[", VERSION,
		      list->allows_guests ? "true" : "false");
	for (size_t i = 0; i < list->n_users; i++) {
		const struct vz_user *user = &list->users[i];

		vz_buf_puts(buf, i ? ",\n{" : "\n{");
		print_text(buf, "name", user->name);
		vz_buf_putc(buf, ',');
		print_text(buf, "role", vz_role_name(user->role));
		vz_buf_putc(buf, ',');
		print_text(buf, "hash", user->hash);
		vz_buf_printf(buf, ",\"serial\":\"%016" PRIx64 "\"}", user->serial);
	}
	vz_buf_puts(buf, "]}\n");
}

static int complain(char ret_error[160], const char *text)
{
	snprintf(ret_error, 160, "%s", text);
	return -EBADMSG;
}

static int parse_serial(const char *text, uint64_t *ret)
{
	char *end;

	if (strlen(text) != 16 || strspn(text, "0123456789abcdef") != 16)
		return -EINVAL;
	*ret = strtoull(text, &end, 16);
	return 0;
}

static int parse_user(struct json_object *object, struct vz_user *ret, char ret_error[160])
{
	const char *name, *role, *hash, *serial;

	memset(ret, 0, sizeof(*ret));
	if (vz_json_get_string(object, "name", &name) < 0 ||
	    vz_user_name_make(name, ret->name) < 0 || strcmp(name, ret->name))
		return complain(ret_error, "a user has no proper name");
	if (vz_json_get_string(object, "role", &role) == 0)
		ret->role = vz_role_find(role);
	if (ret->role == VZ_ROLE_NONE)
		return complain(ret_error, "a user's role is not viewer, user or admin");
	if (vz_json_get_string(object, "hash", &hash) < 0 || !hash[0] ||
	    strlen(hash) >= sizeof(ret->hash))
		return complain(ret_error, "a user has no hash of a password");
	if (vz_json_get_string(object, "serial", &serial) < 0 ||
	    parse_serial(serial, &ret->serial) < 0)
		return complain(ret_error, "a user has no serial number");
	strcpy(ret->hash, hash);
	return 0;
}

static int parse_users(struct json_object *array, struct vz_user_list *list, char ret_error[160])
{
	size_t n = json_object_array_length(array);
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++) {
		struct vz_user user;

		r = parse_user(json_object_array_get_idx(array, i), &user, ret_error);
		if (r == 0)
			r = insert(list, &user);
	}
	if (r == -EEXIST)
		return complain(ret_error, "two users have one name");
	return r == -EUSERS ? complain(ret_error, "more than 256 users") : r;
}

static int parse_root(struct json_object *root, struct vz_user_list *list, char ret_error[160])
{
	struct json_object *array;
	int64_t version;

	if (vz_json_get_int(root, "version", &version) < 0)
		return complain(ret_error, "it has no version");
	if (version != VERSION)
		return complain(ret_error, "it was written by another version of vizyd");
	if (vz_json_get_bool(root, "guests", &list->allows_guests) < 0 ||
	    vz_json_get_array(root, "users", &array) < 0)
		return complain(ret_error, "\"guests\" or \"users\" is missing");
	return parse_users(array, list, ret_error);
}

int vz_user_list_parse(const char *text, size_t size, struct vz_user_list *ret, char ret_error[160])
{
	VZ_CLEANUP(json_object_putp) struct json_object *root = NULL;
	struct vz_json_error error = { 0 };
	struct vz_user_list list = { 0 };
	int r;

	r = vz_json_parse(text, size, &vz_json_default_limits, &error, &root);
	if (r == -EBADMSG || r == -E2BIG)
		return complain(ret_error, error.text);
	if (r < 0)
		return r;
	r = parse_root(root, &list, ret_error);
	if (r < 0) {
		vz_user_list_deinit(&list);
		return r;
	}
	*ret = list;
	return 0;
}
