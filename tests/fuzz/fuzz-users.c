/* users.json and sessions.json, whoever wrote them: refused with a reason, or the same when written
 * again. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "users/sessions.h"
#include "users/user-list.h"

static void check_list(const struct vz_user_list *list)
{
	struct vz_user_list again = { 0 };
	struct vz_buf buf = { 0 };
	char error[160], *text;
	size_t size;

	vz_user_list_print(&buf, list);
	EXPECT(vz_buf_finish(&buf, &text, &size) == 0);
	EXPECT(vz_user_list_parse(text, size, &again, error) == 0);
	EXPECT(again.n_users == list->n_users && again.allows_guests == list->allows_guests);
	for (size_t i = 0; i < list->n_users; i++) {
		EXPECT(list->users[i].role > VZ_ROLE_NONE && list->users[i].role <= VZ_ROLE_ADMIN);
		EXPECT(i == 0 || strcmp(list->users[i - 1].name, list->users[i].name) < 0);
		EXPECT(strcmp(again.users[i].hash, list->users[i].hash) == 0);
		EXPECT(again.users[i].serial == list->users[i].serial);
	}
	vz_user_list_deinit(&again);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vz_sessions sessions = { .idle_s = 1000 };
	struct vz_user_list list = { 0 };
	char error[160] = "";

	if (vz_user_list_parse((const char *) data, size, &list, error) == 0)
		check_list(&list);
	else
		EXPECT(*error && memchr(error, '\0', sizeof(error)) && !list.users);
	vz_user_list_deinit(&list);
	if (vz_sessions_parse(&sessions, (const char *) data, size) < 0)
		EXPECT(sessions.n_sessions == 0);
	(void) vz_sessions_prune(&sessions, 0, NULL, NULL);
	vz_sessions_deinit(&sessions);
	return 0;
}
