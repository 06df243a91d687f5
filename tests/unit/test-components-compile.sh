#!/bin/sh
# What must compile with the words of vizyd/components.h, and what must not, in C and in C++; and each of
# the installed headers alone:
#
#	test-components-compile.sh INCLUDE JSON_INCLUDE CC... -- CXX...
set -u

include=$1
flags="-I$1 -I$2 -Wall -Wextra -Werror"
shift 2
cc=
while [ "$1" != -- ]; do
	cc="$cc $1"
	shift
done
shift
cxx=$*
passed=0 failed=0

# compile EXPRESSION COMPILER OPTIONS: its complaint is in $said.
compile() {
	said=$(LC_ALL=C $2 $flags $3 -fsyntax-only - 2>&1 <<-END
		#include "vizyd/components.h"
		struct json_object *make(const char *name);
		struct json_object *make(const char *name) { (void) name; return
		$1
		; }
	END
	)
}

result() { # LABEL STATUS
	if [ "$2" = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED $1"
		echo "$said"
	fi
}

good() { # LABEL EXPRESSION
	for standard in gnu11 c11 gnu17; do
		compile "$2" "$cc" "-xc -std=$standard"
		result "$1 ($standard)" $?
	done
	for standard in c++17 c++20; do
		compile "$2" "$cxx" "-xc++ -std=$standard -Wno-missing-field-initializers"
		result "$1 ($standard)" $?
	done
}

bad() { # LABEL EXPRESSION EXPECTED-COMPLAINT
	for how in "$cc|-xc -std=gnu11" "$cxx|-xc++ -std=c++20"; do
		if compile "$2" "${how%%|*}" "${how#*|} -Wno-error"; then
			said="compiles"
			result "$1 (${how#*|})" 1
		else
			echo "$said" | grep -Eq "$3"
			result "$1 (${how#*|})" $?
		fi
	done
}

good 'a tree' 'vz_html_div(.id = "room", .className = "card", .children = vz_array(
	vz_html_label(.htmlFor = "speed", .children = vz_text("Speed")), vz_html_br(),
	vz_dcc_slider(.id = "speed", .min = 0, .max = 100, .marks = VZ_NULL, .value = 50)))'
good 'twelve deep' "$(for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
	printf 'vz_html_div(.children = vz_array(vz_html_br(), '
done; printf 'vz_text(name)'; for i in 1 2 3 4 5 6 7 8 9 10 11 12; do printf '))'; done)"
good 'wildcards' 'vz_html_div(.more = vz_object({ "data-x", vz_text("1") }, { "aria-label", VZ_NULL }))'
good 'empty' 'vz_array(vz_array(), vz_object(), vz_html_hr())'

bad 'a component that does not exist' 'vz_dcc_slidr(.id = "x")' 'vz_dcc_slidr|expected'
bad 'a property that does not exist' 'vz_dcc_slider(.vlaue = 5)' "vz_dcc_slider.*vlaue|vlaue.*vz_dcc_slider"
bad 'a property of another component' 'vz_html_div(.href = "/")' "vz_html_any.*href|href.*vz_html_any"
bad 'a text for a number' 'vz_dcc_slider(.min = "0")' 'double|incompatible'
bad 'a number for a text' 'vz_html_div(.id = 5)' 'int|invalid|pointer'
bad 'a text for children' 'vz_html_div(.children = "hello")' 'json_object|incompatible|invalid|cannot'
bad 'a number for a value' 'vz_dcc_input(.value = 5)' 'int|invalid|pointer'
bad 'a text in an array' 'vz_array("hello")' 'json_object|incompatible|invalid|cannot|convert'

for header in "$include"/vizyd/*.h; do
	# Twice, as through two headers that include it.
	for how in "$cc|-xc -std=gnu11" "$cxx|-xc++ -std=c++17"; do
		said=$(printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
			LC_ALL=C ${how%%|*} $flags ${how#*|} -Wno-unused-parameter -fsyntax-only - 2>&1)
		result "$(basename "$header") alone (${how#*|})" $?
	done
done

echo "$passed passed, $failed failed"
[ $failed = 0 ]
