#include "dash/catalog.h"

#include <errno.h>
#include <stdlib.h>

#include "test-json.h"
#include "vizyd/components.h"

#define C(space, type, props) \
	"{\"namespace\":\"" space "\",\"type\":\"" type "\",\"props\":{" props "}}"
#define DIV(props) C("dash_html_components", "Div", props)

TEST(catalog_knows_what_the_page_can_show)
{
	static const struct {
		const char *label, *value, *error;
	} cases[] = {
		{ "plain data", "[1,{\"namespace\":\"x\",\"type\":5},null]", NULL },
		{ "a component", C("dash_core_components", "Slider", "\"id\":\"s\",\"min\":0"),
		  NULL },
		{ "ours", C("vizyd", "LiveView", "\"id\":\"live\""), NULL },
		{ "wildcards", DIV("\"data-x\":1,\"aria-label\":\"y\""), NULL },
		{ "a keyword of C", C("dash_html_components", "Track", "\"default\":true"), NULL },
		{ "what the renderer sets", DIV("\"id\":\"d\",\"loading_state\":{}"), NULL },
		{ "a misspelt component", C("dash_core_components", "Slidr", ""),
		  "dcc.Slidr: no such component in dash_core_components; did you mean 'Slider'?" },
		{ "a component like no other", C("dash_html_components", "Kaleidoscope", ""),
		  "html.Kaleidoscope: no such component in dash_html_components" },
		{ "in lower case", C("dash_html_components", "div", ""),
		  "html.div: no such component in dash_html_components; did you mean 'Div'?" },
		{ "a misspelt namespace", C("dash_core_component", "Slider", ""),
		  "dash_core_component.Slider: no such namespace; did you mean "
		  "'dash_core_components'?" },
		{ "a short namespace", C("dcc", "Slider", ""),
		  "dcc.Slider: no such namespace; did you mean 'dash_core_components'?" },
		{ "the namespace of a plugin", C("gauges", "Dial", "\"pressure\":5"), NULL },
		{ "another library of Dash's",
		  C("dash_bootstrap_components", "Card", "\"children\":1"), NULL },
		{ "ours inside of it", C("gauges", "Dial", "\"children\":" DIV("\"x\":1")),
		  "html.Div has no property 'x'" },
		{ "a misspelt property",
		  C("dash_core_components", "Slider", "\"id\":\"speed\",\"vlaue\":5"),
		  "dcc.Slider 'speed' has no property 'vlaue'; did you mean 'value'?" },
		{ "a property of Python's", DIV("\"class_name\":\"x\""),
		  "html.Div has no property 'class_name'; did you mean 'className'?" },
		{ "a property like no other", DIV("\"frequency\":5"),
		  "html.Div has no property 'frequency'" },
		{ "wildcards where there are none",
		  C("dash_core_components", "Slider", "\"data-x\":1"),
		  "dcc.Slider has no property 'data-x'" },
		{ "of a pattern id",
		  C("dash_core_components", "Store", "\"id\":{\"type\":\"a\"},\"value\":1"),
		  "dcc.Store '{ \"type\": \"a\" }' has no property 'value'" },
		{ "inside of children",
		  DIV("\"children\":[1," DIV("\"children\":" DIV("\"x\":1")) "]"),
		  "html.Div has no property 'x'" },
		{ "in another property",
		  C("dash_core_components", "Checklist",
		    "\"options\":[{\"label\":" DIV("\"x\":1") "}]"),
		  "html.Div has no property 'x'" },
		{ "in mods", "{\"a\":{\"children\":" DIV("\"x\":1") "}}",
		  "html.Div has no property 'x'" },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct json_object *value = parse(cases[i].value);
		char *error = NULL;

		test_case(cases[i].label);
		CHECK_EQ(vz_catalog_check(&vz_dash_catalog, value, &error),
			 cases[i].error ? -EINVAL : 0);
		if (cases[i].error)
			CHECK_STR(error, cases[i].error);
		CHECK(cases[i].error || !error);
		CHECK_EQ(vz_catalog_check(NULL, value, &error), 0);
		free(error);
		json_object_put(value);
	}
}

TEST(catalog_finds_the_property_of_a_callback)
{
	static const struct {
		const char *label, *id, *property, *error;
	} cases[] = {
		{ "there", "speed", "value", NULL },
		{ "misspelt", "speed", "valeu",
		  "dcc.Slider 'speed' has no property 'valeu'; did you mean 'value'?" },
		{ "of another component", "speed", "n_clicks",
		  "dcc.Slider 'speed' has no property 'n_clicks'" },
		{ "not there", "nowhere", "nothing", NULL },
		{ "of a plugin's component", "dial", "pressure", NULL },
		{ "pattern", "{\"index\":1,\"type\":\"row\"}", "n_clicks", NULL },
		{ "misspelt, of a pattern", "{\"index\":1,\"type\":\"row\"}", "clicks",
		  "html.Button '{ \"type\": \"row\", \"index\": 1 }' has no property 'clicks'; did "
		  "you "
		  "mean 'n_clicks'?" },
	};
	struct json_object *tree = parse(DIV("\"children\":[\"text\"," C(
		"dash_core_components", "Slider",
		"\"id\":\"speed\"") "," C("gauges", "Dial",
					  "\"id\":\"dial\"") "," DIV("\"children\":" C("dash_html_"
										       "components",
										       "Button",
										       "\"id\":{"
										       "\"type\":"
										       "\"row\","
										       "\"index\":"
										       "1}")) "]"));

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		char *error = NULL;

		test_case(cases[i].label);
		CHECK_EQ(vz_catalog_check_property(&vz_dash_catalog, tree, cases[i].id,
						   cases[i].property, &error),
			 cases[i].error ? -EINVAL : 0);
		if (cases[i].error)
			CHECK_STR(error, cases[i].error);
		free(error);
	}
	json_object_put(tree);
}

/* Hostile or mistaken: as deep as the reader lets it be and deeper, and long names. */
TEST(catalog_stands_any_value)
{
	struct json_object *value = vz_array();
	char name[5000], *error = NULL;

	for (int i = 0; i < 20000; i++)
		value = vz_array(value);
	CHECK_EQ(vz_catalog_check(&vz_dash_catalog, value, &error), 0);
	CHECK_EQ(vz_catalog_check_property(&vz_dash_catalog, value, "x", "y", &error), 0);
	/* From the outside in: json-c frees by calling itself. */
	while (json_object_array_length(value)) {
		struct json_object *inner = json_object_get(json_object_array_get_idx(value, 0));

		json_object_put(value);
		value = inner;
	}
	json_object_put(value);

	memset(name, 'v', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	value = vz_component(VZ_HTML, name, vz_object());
	CHECK_EQ(vz_catalog_check(&vz_dash_catalog, value, &error), -EINVAL);
	CHECK(strlen(error) < 300);
	free(error);
	json_object_put(value);
	value = vz_html_div(.more = vz_object({ name, vz_text("x") }));
	CHECK_EQ(vz_catalog_check(&vz_dash_catalog, value, &error), -EINVAL);
	CHECK(strlen(error) < 300);
	free(error);
	json_object_put(value);
}
