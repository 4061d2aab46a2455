#!/usr/bin/env bash
# Makes a signed RAUC bundle of a root filesystem: bundle.sh ROOTFS.ext4 VERSION CERTIFICATE KEY OUT.raucb
set -euo pipefail
[ $# -eq 5 ] || { echo "bundle.sh ROOTFS.ext4 VERSION CERTIFICATE KEY OUT.raucb" >&2; exit 2; }
rootfs=$1 version=$2 certificate=$3 key=$4 out=$5

content=$(mktemp -d)
trap 'rm -rf "$content"' EXIT
cp --reflink=auto "$rootfs" "$content/rootfs.ext4"
cat > "$content/manifest.raucm" <<MANIFEST
[update]
compatible=$(sed -n 's/^compatible=//p' "$(dirname "$0")/system.conf")
version=$version

[bundle]
format=verity

[image.rootfs]
filename=rootfs.ext4
MANIFEST
rauc --cert="$certificate" --key="$key" bundle "$content" "$out"
