# Writes a root to the file of an image: sourced by scripts/image. Nothing is mounted and no loop device used:
# mtools and mke2fs work on files.

mib=1048576

# Of FOLDER, a FAT file system of SIZE MiB in FILE, which it replaces.
write_boot() { # FOLDER FILE SIZE LABEL
	rm -f "$2"
	truncate -s "$3M" "$2"
	mkfs.vfat -F 32 -s 1 -n "$4" "$2" >/dev/null
	update_boot "$1" "$2"
}

# Puts the files of FOLDER into the FAT file system of FILE, beside those that are there.
update_boot() { # FOLDER FILE
	[ -z "$(ls -A "$1")" ] || MTOOLS_SKIP_CHECK=1 mcopy -s -o -Q -i "$2" "$1"/* ::/ ||
		die "the first partition is too small for $(du -sh "$1" | cut -f 1) of kernel and firmware"
}

# MiB that a file system for ROOT needs, with room for what the first hour writes.
size_for() { # ROOT
	local files used

	used=$(du -s --apparent-size -BM "$1" | cut -f 1)
	files=$(find "$1" | wc -l)
	# Blocks that are half full, inodes of 256 bytes, the journal; and 256 MiB.
	echo $((${used%M} * 21 / 20 + files * 3 / 1024 + 64 + 256))
}

# write_image FILE TABLE BOOT START ROOT SIZE OPTION...: an image with the partitions of TABLE (for sfdisk, of
# which the second, the last, is as large as can be), the FAT file system of BOOT in the first, and in the second, at MiB
# START, one of SIZE MiB with the files of ROOT, made by mke2fs with OPTION. FILE is there when it is whole.
write_image() {
	local file=$1 table=$2 boot=$3 start=$4 from=$5 size=$6 first
	shift 6

	rm -f "$file.part"
	truncate -s "$((start + size))M" "$file.part"
	sfdisk --quiet "$file.part" <"$table"
	first=$(sfdisk --json "$file.part" | python3 -c '
import json, sys
print(json.load(sys.stdin)["partitiontable"]["partitions"][0]["start"])')
	dd if="$boot" of="$file.part" bs=512 seek="$first" conv=notrunc,sparse status=none
	mke2fs -q -F -t ext4 -m 1 -E "offset=$((start * mib)),lazy_itable_init=0,lazy_journal_init=0" "$@" -d "$from" \
		"$file.part" "${size}M"
	mv "$file.part" "$file"
}
