#include "users/password.h"

#include <errno.h>
#include <stdlib.h>

#include "test.h"

TEST(password_is_yescrypt_and_salted)
{
	char first[VZ_USER_HASH_BYTES], second[VZ_USER_HASH_BYTES];

	CHECK_EQ(vz_password_hash("correct horse", first), 0);
	CHECK_EQ(vz_password_hash("correct horse", second), 0);
	CHECK(strncmp(first, "$y$", 3) == 0);
	CHECK(strcmp(first, second) != 0);
	CHECK(!strstr(first, "correct"));
	CHECK_EQ(vz_password_verify("correct horse", first), 0);
	CHECK_EQ(vz_password_verify("correct horse", second), 0);
	CHECK_EQ(vz_password_verify("correct horsE", first), -EACCES);
	CHECK_EQ(vz_password_verify("", first), -EACCES);
}

TEST(password_of_nobody_and_of_nonsense_is_wrong)
{
	CHECK_EQ(vz_password_verify("correct horse", NULL), -EACCES);
	CHECK_EQ(vz_password_verify("", NULL), -EACCES);
	CHECK_EQ(vz_password_verify("x", "x"), -EACCES);
	CHECK_EQ(vz_password_verify("*0", "*0"), -EACCES);
	CHECK_EQ(vz_password_verify("*1", "*0"), -EACCES);
	CHECK_EQ(vz_password_verify("", ""), -EACCES);
}

TEST(password_bounds)
{
	char hash[VZ_USER_HASH_BYTES], password[600];

	CHECK_EQ(vz_password_hash("1234567", hash), -EKEYREJECTED);
	CHECK_EQ(vz_password_hash("12345678", hash), 0);
	memset(password, 'p', sizeof(password));
	password[511] = '\0';
	CHECK_EQ(vz_password_hash(password, hash), 0);
	CHECK_EQ(vz_password_verify(password, hash), 0);
	password[510] = 'q';
	CHECK_EQ(vz_password_verify(password, hash), -EACCES);
	password[511] = 'q';
	password[512] = '\0';
	CHECK_EQ(vz_password_hash(password, hash), -EKEYREJECTED);
	CHECK_EQ(vz_password_verify(password, hash), -EACCES);
}

/* Umlauts, and what a phone makes of a word. */
TEST(password_takes_any_bytes)
{
	char hash[VZ_USER_HASH_BYTES];

	CHECK_EQ(vz_password_hash("Übermut tut selten gut \xf0\x9f\x90\xa7", hash), 0);
	CHECK_EQ(vz_password_verify("Übermut tut selten gut \xf0\x9f\x90\xa7", hash), 0);
	CHECK_EQ(vz_password_verify("Ubermut tut selten gut \xf0\x9f\x90\xa7", hash), -EACCES);
}
