#!/usr/bin/env bash
# Makes a signed RAUC bundle of a root filesystem: bundle.sh ROOTFS.ext4 VERSION CERTIFICATE KEY OUT.raucb
set -euo pipefail
[ $# -eq 5 ] || { echo "bundle.sh ROOTFS.ext4 VERSION CERTIFICATE KEY OUT.raucb" >&2; exit 2; }
rootfs=$1 version=$2 certificate=$3 key=$4 out=$5

compatible=$(debugfs -R "cat /etc/rauc/system.conf" "$rootfs" 2> /dev/null | sed -n 's/^compatible=//p')
[ -n "$compatible" ] || { echo "$rootfs is no root of a kiosk: it has no /etc/rauc/system.conf" >&2; exit 1; }
content=$(mktemp -d)
trap 'rm -rf "$content"' EXIT
cp --reflink=auto "$rootfs" "$content/rootfs.ext4"
cat > "$content/manifest.raucm" <<MANIFEST
[update]
compatible=$compatible
version=$version

[bundle]
format=verity

[image.rootfs]
filename=rootfs.ext4
MANIFEST
# smaller and, on a kiosk, faster than gzip
rauc --cert="$certificate" --key="$key" bundle --mksquashfs-args="-comp zstd -Xcompression-level 9" "$content" "$out"
