#!/usr/bin/env bash
# Makes what the proof boots, where package or recipe have changed since: the image with a known login, and a RAUC bundle of its root.
set -euo pipefail
cd "$(dirname "$0")/../../.."
out=build/prove-image arch=$(dpkg --print-architecture)
needs="qemu-system-x86 qemu-utils ovmf rauc squashfs-tools tesseract-ocr-vie mmdebstrap mtools dosfstools e2fsprogs openssl"
for package in $needs; do
  [ "$(dpkg-query -Wf '${db:Status-Status}' "$package" 2> /dev/null)" = installed ] || { echo "$package is missing: apt-get install $needs" >&2; exit 2; }
done
bash systemd/deb/build.sh "$arch" 0.1.0
package=build/tram-kiosk_0.1.0_$arch.deb
mkdir -p "$out"
[ -e "$out/release.pem" ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$out/release.key" \
  -out "$out/release.pem" -subj "/CN=who releases, for the proof" -days 3650 2> /dev/null
made_of=$(cat "$package" $(git ls-files systemd/image ":!*.md") "$out/release.pem" | sha256sum)
[ "$(cat "$out/made-of" 2> /dev/null)" = "$made_of" ] && exit 0
rm -f "$out"/{made-of,root.raucb}
LOGIN_HASH=$(openssl passwd -6 kiosk) KEYRING=$out/release.pem bash systemd/image/build.sh "$package" "$out/kiosk.img"
systemd/image/rauc/bundle.sh "build/image/$arch/root.img" 2027.03 "$out/release.pem" "$out/release.key" "$out/root.raucb"
echo "$made_of" > "$out/made-of"
