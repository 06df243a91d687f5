#include "server/form.h"

#include <errno.h>
#include <stdlib.h>

#include "util/cleanup.h"

#include "test.h"

TEST(form_fields)
{
	static const struct {
		const char *label, *body;
		int r;
		const char *value;
	} cases[] = {
		{ "alone", "name=anna", 0, "anna" },
		{ "in the middle", "a=1&name=anna&b=2", 0, "anna" },
		{ "the first of two", "name=anna&name=berta", 0, "anna" },
		{ "another that begins so", "namesake=x&name=anna", 0, "anna" },
		{ "another that ends so", "surname=x&name=anna", 0, "anna" },
		{ "none", "a=1", -ENOENT, "" },
		{ "without a value", "name", -ENOENT, "" },
		{ "an empty one", "name=", 0, "" },
		{ "an empty body", "", -ENOENT, "" },
		{ "blanks", "name=a+b%20c", 0, "a b c" },
		{ "an escaped &", "name=a%26b%3D", 0, "a&b=" },
		{ "UTF-8", "name=%C3%9c", 0, "Ü" },
		{ "half an escape", "name=a%4", -EINVAL, "" },
		{ "no escape", "name=%zz", -EINVAL, "" },
		{ "an escape over the end", "name=%4&1", -EINVAL, "" },
		{ "a NUL", "name=a%00b", -EINVAL, "" },
		{ "as long as fits", "name=0123456", 0, "0123456" },
		{ "longer", "name=01234567", -E2BIG, "" },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		char value[8] = "before";

		test_case(cases[i].label);
		CHECK_EQ(vz_form_get(cases[i].body, strlen(cases[i].body), "name", value,
				     sizeof(value)),
			 cases[i].r);
		CHECK_STR(value, cases[i].value);
	}
}

TEST(form_does_not_read_beyond_its_body)
{
	char value[8];

	CHECK_EQ(vz_form_get("name=anna", 7, "name", value, sizeof(value)), 0);
	CHECK_STR(value, "an");
	CHECK_EQ(vz_form_get("name=a%41", 8, "name", value, sizeof(value)), -EINVAL);
	CHECK_EQ(vz_form_get("name=a", 4, "name", value, sizeof(value)), -ENOENT);
}

TEST(form_escapes_what_it_reads)
{
	VZ_CLEANUP(vz_freep) char *escaped = vz_form_escape("/a b?c=d&e#Ü");
	VZ_CLEANUP(vz_freep) char *body = NULL;
	char value[32];

	CHECK_STR(escaped, "/a%20b%3Fc%3Dd%26e%23%C3%9C");
	CHECK(asprintf(&body, "next=%s", escaped) > 0);
	CHECK_EQ(vz_form_get(body, strlen(body), "next", value, sizeof(value)), 0);
	CHECK_STR(value, "/a b?c=d&e#Ü");
}
