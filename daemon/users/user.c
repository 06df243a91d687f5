#include "users/user.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

/* ASCII alone: the locale is nobody's business here. */
static bool is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

int vz_user_name_make(const char *text, char ret[VZ_USER_NAME_MAX + 1])
{
	char name[VZ_USER_NAME_MAX + 1];
	size_t size, i;

	text += strspn(text, " \t");
	size = strlen(text);
	while (size > 0 && (text[size - 1] == ' ' || text[size - 1] == '\t'))
		size--;
	if (size == 0 || size > VZ_USER_NAME_MAX)
		return -EINVAL;
	for (i = 0; i < size; i++) {
		name[i] = text[i] >= 'A' && text[i] <= 'Z' ? (char) (text[i] - 'A' + 'a') : text[i];
		if (!is_letter_or_digit(name[i]) && (i == 0 || !strchr("._-", name[i])))
			return -EINVAL;
	}
	name[size] = '\0';
	if (strcmp(name, VZ_GUEST_NAME) == 0)
		return -EINVAL;
	memcpy(ret, name, size + 1);
	return 0;
}

const char *vz_password_judge(const char *password)
{
	size_t size = strlen(password);

	if (size < VZ_PASSWORD_MIN)
		return "A password must have at least 8 characters.";
	if (size > VZ_PASSWORD_MAX)
		return "A password may have at most 511 bytes.";
	return NULL;
}

const char *vz_user_error_text(int r)
{
	switch (r) {
	case 0:
		return "";
	case -EINVAL:
		return "A name has 1 to 32 of the characters a-z 0-9 . _ -, begins with a letter "
		       "or a digit, and is not “guest”.";
	case -EKEYREJECTED:
		return "A password must have 8 to 511 characters.";
	case -EEXIST:
		return "There is a user of that name.";
	case -ENOENT:
		return "There is no user of that name.";
	case -EUSERS:
		return "There are as many users as there can be.";
	case -EBUSY:
		return "That is the last user with the role “admin”.";
	case -EALREADY:
		return "There is an administrator already.";
	case -EBADMSG:
		return "The file of the users is damaged; see the log.";
	case -ENODEV:
		return "There is no folder to keep users in; see the log.";
	case -EAGAIN:
		return "Too much else is to be done; try again.";
	case -ENOSPC:
	case -EDQUOT:
		return "The disk is full; nothing has changed.";
	case -EROFS:
		return "The disk cannot be written to; nothing has changed.";
	case -EACCES:
	case -EPERM:
		return "The file of the users may not be written; nothing has changed.";
	case -ENOMEM:
		return "Out of memory; nothing has changed.";
	case -ESHUTDOWN:
		return "The device is shutting down.";
	default:
		return "The users cannot be written; see the log.";
	}
}
