/* What somebody who is not logged in may send: the body of a form, and cookies. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "server/form.h"
#include "server/header.h"
#include "users/user.h"

static void read_field(const char *body, size_t size, const char *name, size_t room)
{
	char *value = malloc(room);
	char user[VZ_USER_NAME_MAX + 1] = "";
	int r;

	EXPECT(value);
	r = vz_form_get(body, size, name, value, room);
	EXPECT(memchr(value, '\0', room));
	EXPECT(r == 0 || !*value);
	EXPECT(vz_user_name_make(value, user) < 0 || (*user && strlen(user) <= VZ_USER_NAME_MAX));
	free(value);
}

static void read_cookie(const char *text)
{
	char value[65];

	if (!vz_header_get_cookie(text, "vizyd", value, sizeof(value)))
		return;
	EXPECT(memchr(value, '\0', sizeof(value)));
	EXPECT(!strpbrk(value, ";,"));
}

static void check_escaping(const char *text)
{
	char *escaped = vz_form_escape(text), *body, *value = malloc(strlen(text) + 1);

	EXPECT(escaped && value && !strpbrk(escaped, "&=+ "));
	body = malloc(strlen(escaped) + 3);
	EXPECT(body);
	memcpy(body, "a=", 2);
	strcpy(body + 2, escaped);
	EXPECT(vz_form_get(body, strlen(body), "a", value, strlen(text) + 1) == 0);
	EXPECT(strcmp(value, text) == 0);
	free(escaped);
	free(body);
	free(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Of its own length, so that reading beyond it is seen. */
	char *body = malloc(size + 1);

	EXPECT(body);
	if (size)
		memcpy(body, data, size);
	body[size] = '\0';
	read_field(body, size, "name", 256);
	read_field(body, size, "password", 1);
	read_field(body, size, "next", 8);
	read_cookie(body);
	check_escaping(body);
	free(body);
	return 0;
}
