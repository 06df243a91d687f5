#include "server/template.h"

#include <stdlib.h>

#include "util/cleanup.h"

#include "test.h"

TEST(template_fills_and_escapes)
{
	static const struct vz_template_value values[] = {
		{ "name", "<script>\"&" }, { "empty", NULL }, { "x", "{{name}}" }, { NULL, NULL }
	};
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "a{{name}}b", "a&lt;script&gt;&quot;&amp;b" },
		{ "{{empty}}{{unknown}}", "" },
		{ "{{nam}}{{names}}", "" },
		{ "{{x}}", "{{name}}" },
		{ "{{name", "{{name" },
		{ "}}{{x}}{", "}}{{name}}{" },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		VZ_CLEANUP(vz_freep) char *text = NULL;
		struct vz_buf buf = { 0 };

		test_case(cases[i].text);
		vz_template_write(&buf, cases[i].text, values);
		CHECK_EQ(vz_buf_finish(&buf, &text, NULL), 0);
		CHECK_STR(text, cases[i].expected);
	}
}
