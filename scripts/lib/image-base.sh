# A base image: what it is, its root taken out, and all of it written anew: sourced by scripts/image.
#
# The root is copied file by file out of a file system that is mounted in user space, read-only: what
# debugfs copies out has lost who may do what. The new one keeps the old one's numbers, by which the
# kernel's command line and fstab find it, and so does the table of partitions.

base_sector=512

# Says what is wrong with FILE before anything else is done; it may be compressed.
base_check() { # FILE
	local magic

	[ -r "$1" ] || die "--base $1: cannot be read"
	magic=$(head -c 6 "$1" | od -A n -t x1 | tr -d ' \n')
	case $magic in
	fd377a585a00) ;;
	504b0304*) die "--base $1: a zip archive; unpack it, and give the .img in it" ;;
	1f8b*) die "--base $1: compressed by gzip; unpack it, and give the .img" ;;
	*) base_table "$1" "$1" ;;
	esac
}

# base_table FILE NAME: checks the table of partitions of FILE, called NAME to the user, and sets
# $boot_start, $boot_size, $root_start and $root_size, in sectors.
base_table() {
	local found sectors

	found=$(sfdisk --json "$1" 2>/dev/null) ||
		die "--base $2: no table of partitions: expected the image of an SD card (.img or .img.xz)"
	found=$(python3 -c '
import json, sys
table = json.loads(sys.argv[1])["partitiontable"]
parts = table["partitions"]
kinds = [part["type"] for part in parts]
if table["label"] == "dos" and len(kinds) == 2 and kinds[0] in ("6", "b", "c", "e") and kinds[1] == "83":
    first, second = parts
    if first["start"] < second["start"]:
        print(first["start"], first["size"], second["start"], second["size"])
' "$found") 2>/dev/null || true
	[ -n "$found" ] || die "--base $2: expected two partitions, of FAT and Linux, in a DOS table, as Raspberry Pi OS has them"
	read -r boot_start boot_size root_start root_size <<<"$found"
	sectors=$(($(stat -c %s "$1") / base_sector))
	[ $((root_start + root_size)) -le $sectors ] || die "--base $2: cut off: its partitions end at $(((root_start + root_size) / 2048)) MiB, \
the file at $((sectors / 2048)) MiB; download it again"
}

# Takes the base apart: $work/boot.fat and $work/root, with the files of the first partition in boot/firmware.
base_open() { # FILE
	local image=$1 problem

	if [[ $(head -c 6 "$1" | od -A n -t x1 | tr -d ' \n') = fd377a585a00 ]]; then
		say "Unpacking $(basename "$1")"
		xz --decompress --stdout --threads=0 "$1" >"$work/base.img" 2>"$work/xz.err" ||
			die "--base $1: cannot be unpacked ($(sed 's/.*: //' "$work/xz.err" | head -n 1)); download it again"
		image=$work/base.img
	fi
	base_table "$image" "$1"
	say "Taking $(basename "$1") apart"
	dd if="$image" of="$work/boot.fat" bs=$base_sector skip="$boot_start" count="$boot_size" conv=sparse status=none
	dd if="$image" of="$work/root.ext4" bs=1M iflag=skip_bytes,count_bytes skip=$((root_start * base_sector)) \
		count=$((root_size * base_sector)) conv=sparse status=none
	sfdisk --dump "$image" >"$work/base.table"
	[ "$image" = "$1" ] || rm -f "$image"
	# Its journal may have been left open; what is beyond that is damage.
	e2fsck -p "$work/root.ext4" >"$work/fsck.log" 2>&1 || [ $? -le 2 ] ||
		die "--base $1: the second partition has no ext4 file system that is whole: $(tail -n 1 "$work/fsck.log")"
	mkdir -p "$work/mnt" "$work/root"
	unshare --mount --propagation private bash -eu -c '
		fuse2fs -o ro "$1/root.ext4" "$1/mnt"
		cp -a "$1/mnt/." "$1/root/"
		umount "$1/mnt"' _ "$work" >"$work/copy.log" 2>&1 || {
		problem=$(tail -n 1 "$work/copy.log")
		die "--base $1: its files cannot be taken out: $problem"
	}
	rm -rf "$work/root/lost+found"
	base_numbers
	rm -f "$work/root.ext4"
	base_system "$1"
	mkdir -p "$work/root/boot/firmware"
	MTOOLS_SKIP_CHECK=1 mcopy -s -n -Q -m -i "$work/boot.fat" '::/*' "$work/root/boot/firmware/" ||
		die "--base $1: the first partition has no FAT file system"
}

# What of the file system is kept.
base_numbers() {
	local said

	said=$(dumpe2fs -h "$work/root.ext4" 2>/dev/null)
	base_uuid=$(sed -n 's/^Filesystem UUID: *//p' <<<"$said")
	base_label=$(sed -n 's/^Filesystem volume name: *//p' <<<"$said")
	[ "$base_label" != "<none>" ] || base_label=
}

# vizyd is built for Debian 13 of arm64; what else the base is, is its own affair.
base_system() { # FILE
	local id version machine

	[ -r "$work/root/etc/os-release" ] || die "--base $1: the second partition holds no Linux system"
	id=$(. "$work/root/etc/os-release" && echo "${ID:-}")
	version=$(. "$work/root/etc/os-release" && echo "${VERSION_ID:-}")
	machine=$(od -A n -t u2 -j 18 -N 2 "$(realpath "$work/root/usr/bin/dpkg")" 2>/dev/null | tr -d ' ')
	[ "$machine" = 183 ] || die "--base $1: its programs are not of arm64: expected a 64-bit system"
	case $id in
	debian | raspbian) ;;
	*) die "--base $1: expected Raspberry Pi OS or Debian, found ${id:-no name}" ;;
	esac
	[ "$version" = 13 ] || die "--base $1: expected a system of Debian 13 (trixie), found ${version:-no version}"
}

# --- Its packages -------------------------------------------------------------------------------

# The base's own sources know the libcamera that its kernel goes with: vizyd is built against that. When they
# cannot be reached, this machine's mirror of Debian has the rest, but no libcamera of a Raspberry Pi.
base_packages() {
	say "Asking the base's sources of packages"
	if in_arm64 "$work/root" apt-get -o APT::Sandbox::User=root -o Acquire::Retries=1 -o Acquire::http::Timeout=20 \
		-o APT::Update::Error-Mode=any update -q >"$work/update.log" 2>&1; then
		[ -n "$packages" ] || base_build
		return
	fi
	[ -n "$packages" ] || die "the base's sources of packages cannot be reached: $(grep -m 1 '^[EW]:' "$work/update.log")
Without them its libcamera is not known. Connect this machine, or give --packages, made by
scripts/package --arch arm64 --libcamera FOLDER with the libcamera of a running Pi."
	warn "The base's sources cannot be reached; what is missing comes from this machine's mirror of Debian."
	debian_sources "$(debian_mirror)" /usr/share/keyrings/debian-archive-keyring.gpg \
		>"$work/root/etc/apt/sources.list.d/vizyd-image.list"
	in_arm64 "$work/root" apt-get -o APT::Sandbox::User=root update -q >>"$work/update.log" 2>&1 || true
}
base_close_sources() {
	rm -f "$work/root/etc/apt/sources.list.d/vizyd-image.list"
	rm -rf "$work/root/var/lib/apt/lists"/*
}

# Builds the packages against the base's libcamera.
base_build() {
	mkdir -p "$work/libcamera"
	shared=$work/libcamera in_arm64 "$work/root" sh -eu -c '
		cd /run/shared
		wanted=$(apt-cache depends libcamera-dev | sed -n "s/^ *Depends: \(libcamera.*\)/\1/p")
		apt-get -o APT::Sandbox::User=root download -q libcamera-dev $wanted' >"$work/libcamera.log" 2>&1 ||
		die "the base's libcamera cannot be fetched: $(tail -n 1 "$work/libcamera.log")"
	say "Its libcamera: $(basename "$(ls "$work/libcamera"/libcamera-dev_*)" | cut -d _ -f 2)"
	own_packages --libcamera "$work/libcamera"
	packages=$root/build-package-arm64-libcamera
}

# --- Written anew -------------------------------------------------------------------------------

# The table and the first partition as they were, with what packages changed there; the second as large as is
# needed, and never smaller than it was.
base_write() { # FILE
	local size old=$((root_size * base_sector / mib))

	[ $((root_start * base_sector % mib)) = 0 ] || die "the base's second partition does not start at a whole MiB"
	mv "$work/root/boot/firmware" "$work/boot"
	mkdir "$work/root/boot/firmware"
	update_boot "$work/boot" "$work/boot.fat"
	size=$(size_for "$work/root")
	[ "$size" -ge $old ] || size=$old
	# The last partition's size is left to sfdisk: what there is.
	sed -E "\$s/size= *[0-9]+, *//; s/^last-lba.*//" "$work/base.table" >"$work/table"
	write_image "$1" "$work/table" "$work/boot.fat" $((root_start * base_sector / mib)) "$work/root" "$size" \
		-U "$base_uuid" ${base_label:+-L "$base_label"}
}
