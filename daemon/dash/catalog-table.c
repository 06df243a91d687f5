/* Dash's components and ours, from the lists that their words are made of. */
#include "dash/catalog.h"

#include "vizyd/components.h"

#define PROPERTY(name, ...)   VZ_NAME_(name __VA_OPT__(, ) __VA_ARGS__) "\0"
#define TYPE(type, tag, list) { #type, list(PROPERTY, PROPERTY, PROPERTY, PROPERTY) },

static const struct vz_catalog_type html[] = { VZ_HTML_COMPONENTS(TYPE) };
static const struct vz_catalog_type dcc[] = { VZ_DCC_COMPONENTS(TYPE) };
static const struct vz_catalog_type own[] = { VZ_OWN_COMPONENTS(TYPE) };

#define TYPES(types) types, sizeof(types) / sizeof((types)[0])

static const struct vz_catalog_space spaces[] = {
	{ VZ_HTML, "html", TYPES(html), true },
	{ VZ_DCC, "dcc", TYPES(dcc), false },
	{ VZ_OWN, "vizyd", TYPES(own), false },
};

const struct vz_catalog vz_dash_catalog = { TYPES(spaces) };
