#!/usr/bin/env bash
# build.sh PACKAGE.deb [OUT.img]: the disk image of a kiosk, from Debian 12 and this package. As root, with Debian's mirror; no
# loop device, no mount of the image. LOGIN_HASH (`openssl passwd -6`) opens root's login at the serial console, KEYRING (PEM)
# lets RAUC take a new root. PACKAGES adds Debian packages (firmware of a Wi-Fi stick).
set -euo pipefail
here=$(dirname "$(realpath "$0")")
package=$(realpath "$1")
cd "$here/../.."
arch=$(dpkg-deb -f "$package" Architecture) version=$(dpkg-deb -f "$package" Version)
export SOURCE_DATE_EPOCH; SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH
work=$PWD/build/image/$arch root=$PWD/build/image/$arch/root data=$PWD/build/image/$arch/data
image=$(realpath -m "${2:-build/tram-kiosk_${version}_$arch.img}")
seed=7c0d2f5e-6a41-4a3e-9d55-0d1f5b8f6a10 # of every identifier that systemd-repart and mke2fs would draw by lot
root_size=3G data_size=1536M
# Its own type: systemd-repart takes the first of the data partition's type for it, and grows that one.
case $arch in amd64) root_type=root-x86-64 ;; arm64) root_type=root-arm64 ;; esac

[ "$(id -u)" = 0 ] || { echo "build.sh makes files of many owners: run it as root" >&2; exit 1; }
for tool in mmdebstrap mcopy mkfs.vfat mke2fs systemd-repart systemd-sysusers; do
  command -v "$tool" > /dev/null || { echo "$tool is missing: apt-get install mmdebstrap mtools dosfstools e2fsprogs systemd" >&2; exit 1; }
done

make_root() {
  rm -rf "$root" && mkdir -p "$work"
  mmdebstrap --quiet --variant=minbase --architectures="$arch" --hook-dir=/usr/share/mmdebstrap/hooks/file-mirror-automount \
    --components=main,non-free-firmware --include="$(grep -hv '^#' "$here"/packages{,."$arch"} | paste -sd,),$package${PACKAGES:+,$PACKAGES}" \
    --essential-hook="systemd-sysusers --root=\"\$1\" $here/sysusers.conf; cp -a --no-preserve=ownership $here/tree/. \"\$1\"/; install -Dm644 $here/kept \"\$1\"/usr/lib/tram-image/kept" \
    --customize-hook="$here/finish.sh \"\$1\" $arch" bookworm "$root"
  (cd "$root" && rm -f "${package#/}" && rmdir --parents --ignore-fail-on-non-empty "$(dirname "${package#/}")") # the hook's mount point
}

# What is kept moves from the root to the data partition; empty folders stay behind for it to be laid over.
split_data() {
  rm -rf "$data"
  while read -r folder; do
    mkdir -p "$root/$folder" "$data/$(dirname "$folder")"
    cp -a "$root/$folder" "$data/$folder"
    find "$root/$folder" -mindepth 1 -delete
  done < "$here/kept"
  mkdir -p "$root/data" "$data/etc"
  find "$root" "$data" -newermt "@$SOURCE_DATE_EPOCH" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
}

make_ext4() { # FOLDER FILE SIZE LABEL
  rm -f "$2"
  mke2fs -q -t ext4 -L "$4" -U "$seed" -E "hash_seed=$seed,lazy_itable_init=0" -m 1 -d "$1" "$2" "$3"
}

make_boot() {
  rm -rf "$work/boot" "$work/boot.img"
  cp -r "$root/boot/tram" "$work/boot"
  rm -r "$root/boot/tram"
  mkfs.vfat -C -F 32 -n TRAM-BOOT --invariant "$work/boot.img" $((128 * 1024)) > /dev/null
  find "$work/boot" -exec touch -d "@$SOURCE_DATE_EPOCH" {} +
  mcopy -s -m -i "$work/boot.img" "$work"/boot/* ::/
}

partition() { # NUMBER LABEL TYPE LINE…
  printf '[Partition]\nType=%s\nLabel=%s\n' "$3" "$2" > "$work/parts/$1-$2.conf"
  printf '%s\n' "${@:4}" >> "$work/parts/$1-$2.conf"
}

make_image() {
  rm -rf "$work/parts" "$image.part" && mkdir "$work/parts"
  partition 1 tram-boot esp "CopyBlocks=$work/boot.img"
  partition 2 tram-root-a $root_type "CopyBlocks=$work/root.img"
  partition 3 tram-root-b $root_type "SizeMinBytes=$root_size" "SizeMaxBytes=$root_size"
  partition 4 tram-data linux-generic "CopyBlocks=$work/data.img"
  systemd-repart --definitions="$work/parts" --empty=create --size=auto --seed="$seed" --dry-run=no --no-pager "$image.part" > /dev/null
  fallocate --dig-holes "$image.part"
  mv "$image.part" "$image"
}

make_root
make_boot
split_data
make_ext4 "$root" "$work/root.img" "$root_size" tram-root
make_ext4 "$data" "$work/data.img" "$data_size" tram-data
make_image
du -h --apparent-size "$image" | sed 's/\t/ /'
echo "$(du -h "$image" | cut -f1) of it used, root $(du -sh "$root" | cut -f1), data $(du -sh "$data" | cut -f1)"
sha256sum "$image"
