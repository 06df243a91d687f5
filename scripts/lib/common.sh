# Shared by the scripts beside this folder, which source it: bash, and `set -euo pipefail`.
# Everything runs from the top of the repository, wherever it was called from.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"

if [ -t 1 ]; then
	bold=$(printf '\033[1m') red=$(printf '\033[31m') plain=$(printf '\033[0m')
else
	bold='' red='' plain=''
fi

say()  { printf '%s\n' "$bold$*$plain"; }
warn() { printf '%s\n' "$red$*$plain" >&2; }
die()  { warn "$*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif have sudo; then
		sudo "$@"
	else
		die "This needs root: $*"
	fi
}

# configure DIR OPTION...: makes the build folder, or sets the options of the one that is there.
# A folder that meson cannot use any more (another version, half made) is made anew.
configure() {
	local dir=$1
	shift

	if [ -f "$dir/build.ninja" ]; then
		meson configure "$dir" "$@" >/dev/null 2>&1 && return
		say "Making $dir anew"
	fi
	rm -rf "$dir"
	meson setup "$dir" "$@"
}
