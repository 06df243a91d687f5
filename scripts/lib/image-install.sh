# Puts vizyd into the root of an image, and makes of that a system that has not been started yet: sourced
# by scripts/image, after arm64.sh.

# Installs the packages of FOLDER with what they depend on from the root's own sources. A root that
# has it all already needs no network.
install_vizyd() { # ROOT FOLDER
	local log=$work/install.log names
	local -a debs=("$2"/vizyd_*_arm64.deb "$2"/vizyd-appliance_*_all.deb)

	for names in "${debs[@]}"; do
		[ -e "$names" ] || die "$2 has no ${names##*/}: scripts/package --arch arm64 makes it"
	done
	say "Installing ${debs[*]##*/}"
	rm -rf "$work/packages"
	mkdir "$work/packages"
	cp "${debs[@]}" "$work/packages/"
	# apt's own user cannot read a folder of root's.
	shared=$work/packages in_arm64 "$1" sh -c '
		apt-get -o APT::Sandbox::User=root -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--force-unsafe-io \
			install -q -y --no-install-recommends --reinstall --allow-downgrades /run/shared/*.deb' >"$log" 2>&1 || {
		tail -n 20 "$log" >&2
		die "the packages cannot be installed ($log)"
	}
	in_arm64 "$1" systemctl enable vizyd.socket vizyd.service avahi-daemon.service \
		vizyd-first-start.service vizyd-ssh-access.service >>"$log" 2>&1 ||
		{ tail -n 5 "$log" >&2; die "the services cannot be enabled ($log)"; }
}

# What is one machine's alone is made by its first start: number, name and keys.
forget_machine() { # ROOT
	# Empty, not missing: that would be the first start in systemd's sense, which enables every service.
	: >"$1/etc/machine-id"
	rm -f "$1/var/lib/dbus/machine-id" "$1/var/lib/systemd/random-seed" "$1"/etc/ssh/ssh_host_*_key{,.pub}
	rm -rf "$1/var/lib/vizyd-appliance"
	echo vizy >"$1/etc/hostname"
	[ ! -e "$1/etc/hosts" ] || sed -i '/^127\.0\.1\.1[[:space:]]/d' "$1/etc/hosts"
	rm -rf "$1/var/cache/apt"/*.bin "$1/var/cache/apt/archives"/*.deb "$1/var/log/journal"/*
	find "$1/var/log" -type f -exec truncate -s 0 {} +
}

# Memory that has run out costs less than a card that has worn out.
spare_card() { # ROOT
	if [ -d "$1/etc/rpi" ]; then
		mkdir -p "$1/etc/rpi/swap.conf.d"
		printf '[Main]\nMechanism=zram\n' >"$1/etc/rpi/swap.conf.d/50-vizyd.conf"
	fi
	if [ -e "$1/usr/sbin/dphys-swapfile" ] || [ -e "$1/sbin/dphys-swapfile" ]; then
		in_arm64 "$1" systemctl mask dphys-swapfile.service
	fi
}

# What Debian's root has no opinion on: network, time, names. On the partition that the
# firmware starts from nothing is written but by apt, so that a pulled plug leaves it whole.
settle_debian() { # ROOT
	local hook='if mountpoint -q /boot/firmware; then mount -o remount,%s /boot/firmware; fi || true'

	{
		printf "DPkg::Pre-Invoke { \"$hook\"; };\n" rw
		printf "DPkg::Post-Invoke { \"$hook\"; };\n" ro
	} >"$1/etc/apt/apt.conf.d/80vizyd-firmware"
	printf '[Match]\nType=ether\nKind=!*\n\n[Network]\nDHCP=yes\n\n[DHCPv4]\nUseDomains=yes\n' \
		>"$1/etc/systemd/network/80-vizyd.network"
	# avahi alone answers to the camera's name.
	mkdir -p "$1/etc/systemd/resolved.conf.d"
	printf '[Resolve]\nMulticastDNS=no\nLLMNR=no\n' >"$1/etc/systemd/resolved.conf.d/50-vizyd.conf"
	ln -sf ../run/systemd/resolve/stub-resolv.conf "$1/etc/resolv.conf"
	echo 127.0.0.1 localhost >"$1/etc/hosts"
	echo ::1 localhost ip6-localhost ip6-loopback >>"$1/etc/hosts"
	debian_sources "$(debian_mirror)" >"$1/etc/apt/sources.list"
	echo 'update_initramfs=yes' >"$1/etc/initramfs-tools/update-initramfs.conf"
	# What was right while it was being made, and is not on a card: no care for a pulled plug.
	rm -f "$1/etc/apt/apt.conf.d/99mmdebstrap" "$1/etc/dpkg/dpkg.cfg.d/99mmdebstrap"
	rm -rf "$1/var/lib/apt/lists"/*
	in_arm64 "$1" systemctl enable systemd-networkd.service systemd-timesyncd.service systemd-resolved.service
	# Who may log in says so on the card: vizyd-ssh-access.
	in_arm64 "$1" systemctl disable ssh.service ssh.socket
}
