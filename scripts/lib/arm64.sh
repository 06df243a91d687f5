# How the scripts that make an image run programs of arm64 in a root directory: sourced after common.sh.
# The emulator is registered with the kernel in a mount name space of its own and is gone with it, so
# nothing of this machine's own registrations is changed.

# Exits 77 with the reason when this machine cannot do it.
arm64_or_skip() {
	[ "$(id -u)" -eq 0 ] || skip "needs root (for chroot and mount)"
	unshare --mount true 2>/dev/null || skip "mount name spaces are not allowed here"
	[ "$(dpkg --print-architecture)" = arm64 ] || have qemu-aarch64-static ||
		skip "qemu-aarch64-static is not installed (scripts/setup --image)"
}
skip() { warn "$(basename "$0"): skipped: $*"; exit 77; }

# with_arm64 COMMAND...: runs COMMAND where the kernel knows what to do with programs of arm64.
with_arm64() {
	unshare --mount --propagation private bash -eu -c '
		registry=/proc/sys/fs/binfmt_misc
		if [ "$(dpkg --print-architecture)" != arm64 ]; then
			[ -e $registry/register ] || mount -t binfmt_misc binfmt_misc $registry
			# A header of ELF64, little endian, executable or shared, of machine 183. F: the emulator
			# is opened now, as it is not there inside of a root.
			head="\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xb7\\x00"
			mask="\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff"
			grep -qs "^enabled" $registry/qemu-aarch64 || [ -e $registry/vizyd-arm64 ] ||
				printf ":vizyd-arm64:M::%s:%s:%s:FP" "$head" "$mask" \
					"$(readlink -f "$(command -v qemu-aarch64-static)")" >$registry/register
		fi
		exec "$@"' _ "$@"
}

# in_arm64 ROOT COMMAND...: runs COMMAND in ROOT, with this machine's network, the folder $shared, if that
# is set, as /run/shared, and no service started. Nothing that COMMAND started outlives it.
in_arm64() {
	local inside=$1 status=0
	shift
	# What asks before it starts a service (invoke-rc.d) asks this.
	printf '#!/bin/sh\nexit 101\n' >"$inside/usr/sbin/policy-rc.d"
	chmod 755 "$inside/usr/sbin/policy-rc.d"
	with_arm64 unshare --pid --fork --kill-child bash -eu -c '
		inside=$1 shared=$2
		shift 2
		mount -t proc proc "$inside/proc"
		mount --rbind /sys "$inside/sys"
		mount --rbind /dev "$inside/dev"
		# Without /run/systemd/system no maintainer script talks to a service manager.
		mount -t tmpfs tmpfs "$inside/run"
		if [ -n "$shared" ]; then
			mkdir "$inside/run/shared"
			mount --bind "$shared" "$inside/run/shared"
		fi
		resolv=$(chroot "$inside" readlink -m /etc/resolv.conf)
		[ ! -e /etc/resolv.conf ] || case $resolv in
		/run/*) install -D -m 644 /etc/resolv.conf "$inside$resolv" ;;
		*) [ ! -e "$inside$resolv" ] || mount --bind /etc/resolv.conf "$inside$resolv" ;;
		esac
		exec env -i HOME=/root TERM=dumb LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
			PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
			chroot "$inside" "$@"' _ "$inside" "${shared:-}" "$@" || status=$?
	rm -f "$inside/usr/sbin/policy-rc.d"
	return $status
}
