# The root of Debian 13 for arm64 that an image starts from when there is no base: sourced by scripts/image.

# The packages that vizyd itself depends on are among them, so that a new build of it is put in within
# seconds: this root is made by an emulator, and kept.
debian_packages=(
	systemd systemd-sysv systemd-timesyncd systemd-resolved udev dbus kmod procps iproute2 apt
	netbase sudo less nano
	# the kernel, and what a Pi's firmware is told about it
	linux-image-arm64 initramfs-tools zstd raspi-firmware
	# for the first start: vizyd-appliance depends on them
	openssh-server avahi-daemon fdisk dosfstools e2fsprogs
	# for vizyd
	libwebsockets19t64 libjson-c5 libinih1 libturbojpeg0 libsystemd0 libgpiod3 libcamera0.4 libcamera-ipa
	libavcodec61 libavformat61 libavutil59 libswscale8 gpiod
)

# The mirror that this machine's own apt uses, when it is one of Debian.
debian_mirror() {
	apt-get indextargets --format '$(SITE) $(ORIGIN)' 2>/dev/null |
		awk '$2 == "Debian" && $1 ~ "/debian/?$" { print $1; exit }'
}

debian_sources() { # SITE [KEYRING]
	local signed=${2:+[signed-by=$2] }

	echo "deb $signed$1 trixie main non-free-firmware"
	echo "deb $signed$1 trixie-updates main non-free-firmware"
	echo "deb $signed${1%/}-security trixie-security main non-free-firmware"
}

# What is read while the packages are put in. The initramfs has the drivers that a root may be behind, on a card, a
# stick or a virtual disk, and what a Pi's clocks, pins and regulators need for that: "most" would be minutes
# more in the emulator, and so would compressing well, or making it anew for each package that would like it.
debian_settings() { # ROOT
	local settings=$1/etc/initramfs-tools

	mkdir -p "$settings/conf.d" "$settings/hooks" "$1/etc/default" "$1/boot/firmware"
	printf 'MODULES=list\nCOMPRESS=zstd\nCOMPRESSLEVEL=1\n' >"$settings/conf.d/vizyd"
	echo 'update_initramfs=no' >"$settings/update-initramfs.conf"
	cat >"$settings/hooks/vizyd" <<-'EOF'
		#!/bin/sh
		[ "$1" != prereqs ] || exit 0
		. /usr/share/initramfs-tools/hook-functions
		for folder in mmc usb/host usb/dwc2 usb/storage usb/common usb/core virtio clk/bcm gpio pinctrl/bcm \
			regulator reset firmware phy/broadcom pci/controller dma/bcm mailbox pwm soc/bcm; do
			copy_modules_dir "kernel/drivers/$folder"
		done
		# In a folder nobody finds out which checker the root will want.
		for program in fsck logsave e2fsck fsck.ext4; do
			copy_exec "/sbin/$program"
		done
		manual_add_modules ext4 sd_mod nvme virtio_blk virtio_scsi virtio_pci virtio_mmio bcm2835_dma
	EOF
	chmod 755 "$settings/hooks/vizyd"
	printf 'LABEL=%s\t/\text4\tnoatime,errors=remount-ro\t0 1\n' "$root_label" >"$1/etc/fstab"
	printf 'LABEL=%s\t/boot/firmware\tvfat\tro,noatime,nofail,umask=0022\t0 2\n' "$boot_label" >>"$1/etc/fstab"
	printf 'ROOTPART=LABEL=%s\n' "$root_label" >"$1/etc/default/raspi-firmware"
	echo quiet >"$1/etc/default/raspi-extra-cmdline"
}

# Makes the root below $cache when it is not there or its list has changed; sets $debian_root.
debian_root() {
	local site stamp new keyring=/usr/share/keyrings/debian-archive-keyring.gpg

	site=$(debian_mirror)
	[ -n "$site" ] || skip "apt knows no mirror of Debian (apt-get update?)"
	[ -r $keyring ] || skip "$keyring is not there (package debian-archive-keyring)"
	have mmdebstrap || skip "mmdebstrap is not installed (scripts/setup --image)"
	stamp=$(declare -f debian_settings debian_sources; echo "${debian_packages[*]} $root_label $boot_label $site")
	stamp=$(sha256sum <<<"$stamp")
	debian_root=$cache/root-image new=$cache/root-image.new
	mkdir -p "$cache"
	exec 8>"$cache/root-image.lock"
	flock 8
	if [ -d "$debian_root" ] && [ "$(cat "$debian_root.stamp" 2>/dev/null)" = "$stamp" ]; then
		return
	fi
	say "Making $debian_root: some minutes, as programs of arm64 run in an emulator"
	rm -rf "$new" "$debian_root"
	# mmdebstrap runs a file; a function would not get through its shell.
	{
		printf '#!/bin/bash\nset -eu\nroot_label=%q boot_label=%q\n' "$root_label" "$boot_label"
		declare -f debian_settings
		echo 'debian_settings "$1"'
	} >"$debian_root.hook"
	chmod 755 "$debian_root.hook"
	debian_sources "$site" $keyring | with_arm64 mmdebstrap --mode=root --skip=check/qemu --skip=cleanup/apt/lists \
		--variant=minbase --architectures=arm64 \
		--aptopt='APT::Sandbox::User "root"' --aptopt='Apt::Install-Recommends "false"' \
		--dpkgopt=force-unsafe-io --dpkgopt=force-confold --dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		--essential-hook="$debian_root.hook" \
		--include="$(IFS=,; echo "${debian_packages[*]}")" \
		trixie "$new" - >"$debian_root.log" 2>&1 || {
		tail -n 5 "$debian_root.log" >&2
		rm -rf "$new"
		skip "mmdebstrap failed (see $debian_root.log)"
	}
	mv "$new" "$debian_root"
	echo "$stamp" >"$debian_root.stamp"
}
