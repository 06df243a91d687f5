/* The words of vizyd/component.h, html.h, dcc.h and own.h. */
#include "vizyd/components.h"

#include "scarce.h"
#include "test-json.h"

#define COMPONENT(space, type, props) \
	"{\"namespace\":\"" space "\",\"type\":\"" type "\",\"props\":{" props "}}"
#define HTML(type, props) COMPONENT("dash_html_components", type, props)
#define DCC(type, props)  COMPONENT("dash_core_components", type, props)

static void check_json(const char *label, struct json_object *value, const char *expected)
{
	test_case(label);
	CHECK(value);
	CHECK(equals(value, expected));
	json_object_put(value);
	test_case(NULL);
}

TEST(words_of_values)
{
	struct json_object *made;
	char long_text[1000];

	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	check_json("text", vz_text("a \"b\""), "\"a \\\"b\\\"\"");
	check_json("text made", vz_textf("%d of %s", 3, "four"), "\"3 of four\"");
	check_json("whole number", vz_number(-5), "-5");
	check_json("large number", vz_number(1e300), "1e300");
	check_json("fraction", vz_number(0.1), "0.1");
	check_json("boolean", vz_bool(256), "true");
	check_json("empty array", vz_array(), "[]");
	check_json("array", vz_array(vz_number(1), VZ_NULL, vz_text("x")), "[1,null,\"x\"]");
	check_json("empty object", vz_object(), "{}");
	check_json("object", vz_object({ "a", vz_number(1) }, { "b", VZ_NULL }),
		   "{\"a\":1,\"b\":null}");
	CHECK(!vz_text(NULL));

	made = vz_textf("%s!", long_text);
	CHECK_EQ(json_object_get_string_len(made), 1000);
	CHECK_EQ(json_object_get_string(made)[999], '!');
	json_object_put(made);
	made = vz_number(3);
	CHECK(json_object_is_type(made, json_type_int));
	json_object_put(made);
}

TEST(words_of_components)
{
	check_json("nothing given", vz_html_br(), HTML("Br", ""));
	check_json("texts", vz_html_div(.id = "a", .className = "b", .title = NULL),
		   HTML("Div", "\"id\":\"a\",\"className\":\"b\""));
	check_json("children are a text", vz_html_h1(.children = vz_text("Hello")),
		   HTML("H1", "\"children\":\"Hello\""));
	check_json("children are an array",
		   vz_html_ul(.children = vz_array(vz_html_li(.children = vz_number(0)),
						   vz_html_li(.value = "3"))),
		   HTML("Ul",
			"\"children\":[" HTML("Li",
					      "\"children\":0") "," HTML("Li",
									 "\"value\":\"3\"") "]"));
	check_json("an only child", vz_html_p(.children = vz_html_b()),
		   HTML("P", "\"children\":" HTML("B", "")));
	check_json("zero and false are given",
		   vz_dcc_slider(.id = "s", .min = 0, .max = 1.5, .value = 0, .disabled = false,
				 .marks = VZ_NULL),
		   DCC("Slider", "\"id\":\"s\",\"min\":0,\"max\":1.5,\"marks\":null,\"value\":0,"
				 "\"disabled\":false"));
	check_json("NAN is not", vz_dcc_slider(.value = VZ_NO_NUMBER_), DCC("Slider", ""));
	check_json("a number or a text", vz_dcc_input(.type = "number", .step = vz_text("any")),
		   DCC("Input", "\"type\":\"number\",\"step\":\"any\""));
	check_json("a keyword of C", vz_html_track(.default_ = true),
		   HTML("Track", "\"default\":true"));
	check_json("two words", vz_dcc_date_picker_range(.minimum_nights = 2),
		   DCC("DatePickerRange", "\"minimum_nights\":2"));
	check_json("ours", vz_own_live_view(.id = "live", .show_status = false),
		   COMPONENT("vizyd", "LiveView", "\"id\":\"live\",\"show_status\":false"));
	check_json("of a namespace of its own",
		   vz_component("gauges", "Dial", vz_object({ "id", vz_text("d") })),
		   COMPONENT("gauges", "Dial", "\"id\":\"d\""));
}

TEST(words_of_what_has_no_field)
{
	check_json("pattern id",
		   vz_html_button(.pattern_id = vz_object({ "type", vz_text("row") },
							  { "index", vz_number(1) })),
		   HTML("Button", "\"id\":{\"type\":\"row\",\"index\":1}"));
	check_json("wildcards",
		   vz_html_div(.title = "t", .more = vz_object({ "data-row", vz_text("7") },
							       { "aria-label", VZ_NULL })),
		   HTML("Div", "\"title\":\"t\",\"data-row\":\"7\",\"aria-label\":null"));
	check_json("null", vz_dcc_slider(.min = 1, .more = vz_object({ "value", VZ_NULL })),
		   DCC("Slider", "\"min\":1,\"value\":null"));
	check_json("no more", vz_html_hr(.more = VZ_NULL), HTML("Hr", ""));
}

/* All that was handed in is taken: only our own reference is left. */
TEST(words_with_a_value_that_could_not_be_made_make_none)
{
	struct json_object *kept = json_object_new_string("x"), *array, *object;

#define KEPT json_object_get(kept)
	CHECK(!vz_array(KEPT, NULL, KEPT));
	CHECK(!vz_object({ "a", KEPT }, { "b", NULL }, { "c", KEPT }));
	CHECK(!vz_object({ NULL, KEPT }));
	CHECK(!vz_html_div(.children = NULL, .style = KEPT));
	CHECK(!vz_html_div(.style = KEPT, .children = vz_array(KEPT, vz_html_div(.style = NULL))));
	CHECK(!vz_html_div(.style = KEPT, .more = NULL));
	CHECK(!vz_html_div(.style = NULL, .more = vz_object({ "data-x", KEPT })));
	CHECK(!vz_html_div(.pattern_id = NULL, .style = KEPT));
	CHECK(!vz_component("gauges", "Dial", NULL));
	array = vz_array(KEPT);
	vz_array_add(&array, NULL);
	vz_array_add(&array, KEPT);
	object = vz_object({ "a", KEPT });
	vz_object_add(&object, "b", NULL);
	vz_object_add(&object, "c", KEPT);
#undef KEPT
	CHECK(!array && !object);
	CHECK_EQ(json_object_put(kept), 1);
}

static struct json_object *make_tree(void)
{
	struct json_object *rows = vz_array();

	for (int i = 0; i < 3; i++)
		vz_array_add(&rows, vz_html_li(.children = vz_textf("row %d", i)));
	return vz_html_div(.id = "root", .className = "page",
			   .more = vz_object({ "data-x", vz_text("y") }),
			   .children = vz_array(vz_html_ul(.children = rows),
						vz_dcc_slider(.id = "s", .min = 0, .max = 1,
							      .step = 0.1, .disabled = true,
							      .marks = VZ_NULL)));
}

TEST(words_end_in_none_wherever_memory_runs_out)
{
	for (int for_good = 0; for_good < 2; for_good++) {
		bool refused = true;

		for (unsigned n = 0; refused; n++) {
			struct json_object *tree;

			CHECK(n < 1000);
			scarce_begin(n, for_good);
			tree = make_tree();
			refused = scarce_end();
			CHECK_EQ(tree == NULL, refused);
			json_object_put(tree);
		}
	}
}

/* --- Every property of every component ----------------------------------------------------- */

static unsigned n_checked;

static struct json_object *require(struct json_object *props, const char *name)
{
	struct json_object *value = NULL;

	n_checked++;
	if (!json_object_object_get_ex(props, name, &value))
		test_fail(__FILE__, __LINE__, "%s is not there", name);
	return value;
}

static void check_text(struct json_object *props, const char *name)
{
	CHECK_STR(json_object_get_string(require(props, name)), name);
}

static void check_number(struct json_object *props, const char *name)
{
	CHECK_NEAR(json_object_get_double(require(props, name)), 0.25 + (double) strlen(name), 0);
}

static void check_truth(struct json_object *props, const char *name)
{
	CHECK(json_object_get_boolean(require(props, name)));
}

static void check_value(struct json_object *props, const char *name)
{
	CHECK_STR(json_object_get_string(json_object_array_get_idx(require(props, name), 0)), name);
}

#define NAME(name, ...)		VZ_NAME_(name __VA_OPT__(, ) __VA_ARGS__)
#define GIVE_TEXT(name, ...)	.name = NAME(name, __VA_ARGS__),
#define GIVE_NUMBER(name, ...)	.name = 0.25 + sizeof(NAME(name, __VA_ARGS__)) - 1,
#define GIVE_TRUTH(name, ...)	.name = true,
#define GIVE_VALUE(name, ...)	.name = vz_array(vz_text(NAME(name, __VA_ARGS__))),
#define CHECK_TEXT(name, ...)	check_text(props, NAME(name, __VA_ARGS__));
#define CHECK_NUMBER(name, ...) check_number(props, NAME(name, __VA_ARGS__));
#define CHECK_TRUTH(name, ...)	check_truth(props, NAME(name, __VA_ARGS__));
#define CHECK_VALUE(name, ...)	check_value(props, NAME(name, __VA_ARGS__));

#define CHECK_COMPONENT(type, tag, list)                                                     \
	do {                                                                                 \
		const struct tag given = {                                                   \
			list(GIVE_TEXT, GIVE_NUMBER, GIVE_TRUTH, GIVE_VALUE).id = "id",      \
			.pattern_id = VZ_NOT_GIVEN_, .more = VZ_NOT_GIVEN_                   \
		};                                                                           \
		struct json_object *component = tag##_new("space", #type, &given);           \
		struct json_object *props = json_object_object_get(component, "props");      \
                                                                                             \
		test_case(#type);                                                            \
		CHECK_STR(json_object_get_string(json_object_object_get(component, "type")), \
			  #type);                                                            \
		n_checked = 1;                                                               \
		list(CHECK_TEXT, CHECK_NUMBER, CHECK_TRUTH, CHECK_VALUE);                    \
		CHECK_EQ(json_object_object_length(props), n_checked);                       \
		json_object_put(component);                                                  \
		n_components++;                                                              \
	} while (0);

TEST(words_carry_every_property_of_html)
{
	unsigned n_components = 0;

	VZ_HTML_COMPONENTS(CHECK_COMPONENT)
	CHECK(n_components > 100);
}

TEST(words_carry_every_property_of_dcc)
{
	unsigned n_components = 0;

	VZ_DCC_COMPONENTS(CHECK_COMPONENT)
	CHECK(n_components > 20);
}

TEST(words_carry_every_property_of_ours)
{
	unsigned n_components = 0;

	VZ_OWN_COMPONENTS(CHECK_COMPONENT)
	CHECK(n_components > 0);
}
