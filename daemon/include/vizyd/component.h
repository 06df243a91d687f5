/*
 * Words for building components and values, for panels and plugins alike:
 *
 *	vz_html_div(.id = "room", .className = "card", .children = vz_array(
 *		vz_html_label(.htmlFor = "speed", .children = vz_text("Speed")),
 *		vz_dcc_slider(.id = "speed", .min = 0, .max = 100, .value = 50, .marks = VZ_NULL)))
 *
 * There is a word for each component of Dash (vizyd/html.h, vizyd/dcc.h) and of ours (vizyd/own.h),
 *and its arguments are the component's properties by their own names, in any order (in C++ in the
 *order of the header). A component or a property that does not exist does not compile, nor does a
 *value of the wrong type. The types are those of Dash:
 *
 *	a text		const char *; NULL leaves the property out
 *	a number	double; NAN leaves it out
 *	a boolean	anything that an `if` takes
 *	all others	struct json_object *, taken; VZ_NULL is JSON null. Children are of this
 *kind, as is whatever may be a text or a number
 *
 * Every component has two properties more: `pattern_id`, an object in place of `id`, and `more`, an
 * object of what has no field of its own, such as data-* and aria-*.
 *
 * Each word returns a reference, or NULL when out of memory, and takes what it is given, also then.
 *A NULL among the values is one that could not be made, and makes the whole NULL: so a tree needs
 *one check.
 *
 * Thread: any; the values belong to whoever made them.
 */
#pragma once

#include <json-c/json.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
#include <initializer_list>
#endif

/*
 * JSON null as a property, an item or a member. Only the words of these headers know it: what
 * vizyd/dash.h calls null is NULL.
 */
#define VZ_NULL ((struct json_object *) (uintptr_t) 1)

/* No object has these addresses. */
#define VZ_NOT_GIVEN_ ((struct json_object *) (uintptr_t) 2)
#define VZ_END_	      ((struct json_object *) (uintptr_t) 3)

/* --- Values -------------------------------------------------------------------------------- */

static inline struct json_object *vz_text(const char *text)
{
	return text ? json_object_new_string(text) : NULL;
}

__attribute__((format(printf, 1, 2))) static inline struct json_object *vz_textf(const char *format,
										 ...)
{
	struct json_object *value = NULL;
	char line[256], *text = line;
	va_list args;
	int size;

	va_start(args, format);
	size = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (size >= (int) sizeof(line)) {
		text = (char *) malloc((size_t) size + 1);
		va_start(args, format);
		if (text)
			(void) vsnprintf(text, (size_t) size + 1, format, args);
		va_end(args);
	}
	if (size >= 0 && text)
		value = json_object_new_string_len(text, size);
	if (text != line)
		free(text);
	return value;
}

/* An integer where it is one. */
static inline struct json_object *vz_number(double number)
{
	if (number >= -1e15 && number <= 1e15 && (double) (int64_t) number == number)
		return json_object_new_int64((int64_t) number);
	return json_object_new_double(number);
}

/* @value is true or false, as in an `if`. */
static inline struct json_object *vz_bool(int value)
{
	return json_object_new_boolean(value != 0);
}

/* Adds @item (taken) at the end. On failure *@array is freed and NULL, and stays so. */
static inline void vz_array_add(struct json_object **array, struct json_object *item)
{
	struct json_object *value = item == VZ_NULL ? NULL : item;

	if (*array && item && json_object_array_add(*array, value) == 0)
		return;
	json_object_put(value);
	json_object_put(*array);
	*array = NULL;
}

/* Sets a member to @value (taken). On failure *@object is freed and NULL, and stays so. */
static inline void vz_object_add(struct json_object **object, const char *key,
				 struct json_object *value)
{
	struct json_object *member = value == VZ_NULL ? NULL : value;

	if (*object && key && value && json_object_object_add(*object, key, member) == 0)
		return;
	json_object_put(member);
	json_object_put(*object);
	*object = NULL;
}

/* A member of an object. */
struct vz_member {
	const char *key;
	struct json_object *value;
};

/*
 * vz_array(a, b, c) is [a, b, c]; vz_object({ "x", a }, { "y", b }) is {"x": a, "y": b}. Both may
 * be empty.
 */
#ifdef __cplusplus
static inline struct json_object *vz_array_new(std::initializer_list<struct json_object *> items)
{
	struct json_object *array = json_object_new_array();

	for (struct json_object *item : items)
		vz_array_add(&array, item);
	return array;
}

static inline struct json_object *vz_object_new(std::initializer_list<struct vz_member> members)
{
	struct json_object *object = json_object_new_object();

	for (const struct vz_member &member : members)
		vz_object_add(&object, member.key, member.value);
	return object;
}

#define vz_array(...)  vz_array_new({ __VA_ARGS__ })
#define vz_object(...) vz_object_new({ __VA_ARGS__ })
#else
static inline struct json_object *vz_array_new(struct json_object *const *items)
{
	struct json_object *array = json_object_new_array();

	for (; *items != VZ_END_; items++)
		vz_array_add(&array, *items);
	return array;
}

static inline struct json_object *vz_object_new(const struct vz_member *members)
{
	struct json_object *object = json_object_new_object();

	for (; members->value != VZ_END_; members++)
		vz_object_add(&object, members->key, members->value);
	return object;
}

#define vz_array(...) \
	vz_array_new((struct json_object *const[]){ __VA_ARGS__ __VA_OPT__(, ) VZ_END_ })
#define vz_object(...) \
	vz_object_new((const struct vz_member[]){ __VA_ARGS__ __VA_OPT__(, ){ NULL, VZ_END_ } })
#endif

/* --- Components ---------------------------------------------------------------------------- */

/* The namespaces: Dash's two, and ours. */
#define VZ_HTML "dash_html_components"
#define VZ_DCC	"dash_core_components"
#define VZ_OWN	"vizyd"

/* A component of any kind, such as one that a plugin brings; @props is an object, taken. */
static inline struct json_object *vz_component(const char *space, const char *type,
					       struct json_object *props)
{
	return vz_object({ "namespace", vz_text(space) }, { "type", vz_text(type) },
			 { "props", props });
}

/*
 * What follows is what html.h, dcc.h and own.h are made with. A list of properties is a macro that
 * applies one of its four arguments to each: LIST(TEXT, NUMBER, TRUTH, VALUE). A property whose
 * name is a keyword of C has its Dash name behind it.
 */
#define VZ_FIRST_(first, ...) first
#define VZ_NAME_(name, ...)   VZ_FIRST_(__VA_ARGS__ __VA_OPT__(, ) #name, )

/* Fields. C has no default values in a struct: there the words give them, see VZ_GIVEN_. */
#ifdef __cplusplus
#define VZ_DEFAULT_(value) = value
#else
#define VZ_DEFAULT_(value)
#endif
#define VZ_NO_NUMBER_		    __builtin_nan("")
#define VZ_NO_TRUTH_		    INT32_MIN
#define VZ_TEXT_FIELD_(name, ...)   const char *name VZ_DEFAULT_(NULL);
#define VZ_NUMBER_FIELD_(name, ...) double name VZ_DEFAULT_(VZ_NO_NUMBER_);
#define VZ_TRUTH_FIELD_(name, ...)  int name VZ_DEFAULT_(VZ_NO_TRUTH_);
#define VZ_VALUE_FIELD_(name, ...)  struct json_object *name VZ_DEFAULT_(VZ_NOT_GIVEN_);

#ifdef __cplusplus
#define VZ_GIVEN_(tag, list, ...) \
	tag                       \
	{                         \
		__VA_ARGS__       \
	}
#else
#define VZ_NO_TEXT_GIVEN_(name, ...)
#define VZ_NO_NUMBER_GIVEN_(name, ...) .name = VZ_NO_NUMBER_,
#define VZ_NO_TRUTH_GIVEN_(name, ...)  .name = VZ_NO_TRUTH_,
#define VZ_NO_VALUE_GIVEN_(name, ...)  .name = VZ_NOT_GIVEN_,
#define VZ_GIVEN_(tag, list, ...)                                                \
	&(const struct tag)                                                      \
	{                                                                        \
		.pattern_id = VZ_NOT_GIVEN_,                                     \
		list(VZ_NO_TEXT_GIVEN_, VZ_NO_NUMBER_GIVEN_, VZ_NO_TRUTH_GIVEN_, \
		     VZ_NO_VALUE_GIVEN_)                                         \
			.more = VZ_NOT_GIVEN_,                                   \
		__VA_ARGS__                                                      \
	}
/* A property that is given has its default before it: that is what VZ_GIVEN_ is about. */
#ifdef __clang__
#pragma clang diagnostic ignored "-Winitializer-overrides"
#else
#pragma GCC diagnostic ignored "-Woverride-init"
#endif
/* A text where a value is expected, or the reverse: errors from GCC 14 on, and in C++ always. */
#pragma GCC diagnostic error "-Wincompatible-pointer-types"
#pragma GCC diagnostic error "-Wint-conversion"
#endif

/* How a word is handed its properties. */
#ifdef __cplusplus
#define VZ_TAKES_(tag) const struct tag &given
#define VZ_TAKEN_      &given
#else
#define VZ_TAKES_(tag) const struct tag *given
#define VZ_TAKEN_      given
#endif

/*
 * The properties of a struct for vz_component_of_(): the kind and name of each, ended by a space,
 * and where they are. So a component costs a program one list, and no code for each property.
 */
#define VZ_TEXT_NAME_(name, ...)   "t" VZ_NAME_(name __VA_OPT__(, ) __VA_ARGS__) " "
#define VZ_NUMBER_NAME_(name, ...) "n" VZ_NAME_(name __VA_OPT__(, ) __VA_ARGS__) " "
#define VZ_TRUTH_NAME_(name, ...)  "b" VZ_NAME_(name __VA_OPT__(, ) __VA_ARGS__) " "
#define VZ_VALUE_NAME_(name, ...)  "v" VZ_NAME_(name __VA_OPT__(, ) __VA_ARGS__) " "
#define VZ_PLACE_(name, ...)	   offsetof(given_tag, name),

static inline struct json_object *vz_given_text_(const void *place)
{
	const char *text = *(const char *const *) place;

	return text ? vz_text(text) : VZ_NOT_GIVEN_;
}

static inline struct json_object *vz_given_number_(const void *place)
{
	double number = *(const double *) place;

	return number == number ? vz_number(number) : VZ_NOT_GIVEN_;
}

static inline struct json_object *vz_given_truth_(const void *place)
{
	int truth = *(const int *) place;

	return truth != VZ_NO_TRUTH_ ? vz_bool(truth) : VZ_NOT_GIVEN_;
}

static inline struct json_object *vz_given_(char kind, const void *place)
{
	switch (kind) {
	case 't':
		return vz_given_text_(place);
	case 'n':
		return vz_given_number_(place);
	case 'b':
		return vz_given_truth_(place);
	default:
		return *(struct json_object *const *) place;
	}
}

static inline void vz_put_more_(struct json_object **props, struct json_object *more)
{
	if (more == VZ_NOT_GIVEN_)
		return;
	if (more && more != VZ_NULL && *props) {
		json_object_object_foreach(more, key, value)
			vz_object_add(props, key, value ? json_object_get(value) : VZ_NULL);
	}
	if (!more)
		vz_object_add(props, "more", NULL);
	if (more != VZ_NULL)
		json_object_put(more);
}

static __attribute__((noinline, unused)) struct json_object *
vz_component_of_(const char *space, const char *type, const char *names,
		 const unsigned short *places, const void *given)
{
	struct json_object *props = json_object_new_object(), *value;
	char name[64]; /* longer ones are unknown to Dash */
	size_t size;

	for (; *names; names += size + 1) {
		size = strcspn(names, " ");
		value = vz_given_(*names, (const char *) given + *places++);
		if (value == VZ_NOT_GIVEN_)
			continue;
		(void) snprintf(name, sizeof(name), "%.*s", (int) size - 1, names + 1);
		vz_object_add(&props, name, value);
	}
	vz_put_more_(&props, *(struct json_object *const *) ((const char *) given + *places));
	return vz_component(space, type, props);
}

/* The struct of a component's properties, and the function that makes a component of one. */
#define VZ_DEFINE_COMPONENT_(tag, list)                                                            \
	struct tag {                                                                               \
		const char *id VZ_DEFAULT_(NULL);                                                  \
		struct json_object *pattern_id VZ_DEFAULT_(VZ_NOT_GIVEN_);                         \
		list(VZ_TEXT_FIELD_, VZ_NUMBER_FIELD_, VZ_TRUTH_FIELD_, VZ_VALUE_FIELD_);          \
		struct json_object *more VZ_DEFAULT_(VZ_NOT_GIVEN_);                               \
	};                                                                                         \
	static inline struct json_object *tag##_new(const char *space, const char *type,           \
						    VZ_TAKES_(tag))                                \
	{                                                                                          \
		typedef struct tag given_tag;                                                      \
		static const unsigned short places[] = {                                           \
			offsetof(given_tag, id), offsetof(given_tag, pattern_id),                  \
			list(VZ_PLACE_, VZ_PLACE_, VZ_PLACE_, VZ_PLACE_) offsetof(given_tag, more) \
		};                                                                                 \
                                                                                                   \
		return vz_component_of_(space, type,                                               \
					"tid vid " list(VZ_TEXT_NAME_, VZ_NUMBER_NAME_,            \
							VZ_TRUTH_NAME_, VZ_VALUE_NAME_),           \
					places, VZ_TAKEN_);                                        \
	}                                                                                          \
	struct tag
