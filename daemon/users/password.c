#include "users/password.h"

#include <crypt.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "util/cleanup.h"

#define YESCRYPT "$y$"
/* As crypt_gensalt(3) makes it, with a salt that no user has. */
#define NOBODYS_SETTING "$y$j9T$0000000000000000000000"

int vz_random_bytes(void *ret, size_t size)
{
	char *at = ret;
	ssize_t n;

	while (size > 0) {
		n = getrandom(at, size, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		at += n;
		size -= (size_t) n;
	}
	return 0;
}

void vz_password_wipe(char *password)
{
	if (password)
		explicit_bzero(password, strlen(password));
}

/* Hashes on the heap: the struct has 32 KiB. Returns 0, -EINVAL (no such method) or -ENOMEM. */
static int encrypt_with(const char *password, const char *setting, char ret[VZ_USER_HASH_BYTES])
{
	struct crypt_data *data = calloc(1, sizeof(*data));
	const char *hash;
	int r = 0;

	if (!data)
		return -ENOMEM;
	hash = crypt_rn(password, setting, data, sizeof(*data));
	if (!hash)
		r = errno == ENOMEM ? -ENOMEM : -EINVAL;
	else if (strlen(hash) >= VZ_USER_HASH_BYTES)
		r = -EINVAL;
	else
		strcpy(ret, hash);
	explicit_bzero(data, sizeof(*data));
	free(data);
	return r;
}

int vz_password_hash(const char *password, char ret[VZ_USER_HASH_BYTES])
{
	char setting[CRYPT_GENSALT_OUTPUT_SIZE], random[16];
	int r;

	if (vz_password_judge(password))
		return -EKEYREJECTED;
	r = vz_random_bytes(random, sizeof(random));
	if (r < 0)
		return r;
	if (!crypt_gensalt_rn(YESCRYPT, 0, random, sizeof(random), setting, sizeof(setting)))
		return -errno;
	return encrypt_with(password, setting, ret);
}

/* In a time that does not depend on where they differ. */
static bool is_same(const char *a, const char *b)
{
	size_t size = strlen(a);
	unsigned char difference = 0;

	if (strlen(b) != size)
		return false;
	for (size_t i = 0; i < size; i++)
		difference |= (unsigned char) (a[i] ^ b[i]);
	return difference == 0;
}

int vz_password_verify(const char *password, const char *hash)
{
	char made[VZ_USER_HASH_BYTES] = "";
	int r;

	/* Longer than crypt(3) takes is nobody's, and must not cost less. */
	if (strlen(password) > VZ_PASSWORD_MAX) {
		password = "";
		hash = NULL;
	}
	r = encrypt_with(password, hash ? hash : NOBODYS_SETTING, made);
	if (r == -ENOMEM)
		return r;
	r = r == 0 && hash && is_same(made, hash) ? 0 : -EACCES;
	explicit_bzero(made, sizeof(made));
	return r;
}
