#!/usr/bin/env bash
# finish.sh ROOT ARCH: last touches to an installed root, and what goes to the boot partition, in ROOT/boot/tram.
set -euo pipefail
root=$1 arch=$2 here=$(dirname "$(realpath "$0")")

: > "$root/etc/machine-id"
: > "$root/etc/hostname"
rm -f "$root/etc/motd" "$root/etc/update-motd.d/"* # the console has but the issue to say
echo "127.0.0.1 localhost" > "$root/etc/hosts"
ln -sf ../run/systemd/resolve/resolv.conf "$root/etc/resolv.conf"
rm -f "$root/var/lib/dbus/machine-id"
ln -s /etc/machine-id "$root/var/lib/dbus/machine-id"
echo "root:${LOGIN_HASH:-*}" | chroot "$root" chpasswd --encrypted

systemctl --root="$root" --quiet enable systemd-networkd.service systemd-resolved.service data-grow.service data-missing.service rauc-mark-good.service
# nothing of a read-only root is fetched, indexed or checked by the clock
systemctl --root="$root" --quiet mask apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service

install -d "$root"/{data,etc/rauc,boot/tram,boot/efi,var/cache/tram}
sed "s/^compatible=.*/&-$arch/" "$here/rauc/system.conf" > "$root/etc/rauc/system.conf"
[ -z "${KEYRING:-}" ] || install -m644 "$KEYRING" "$root/etc/rauc/keyring.pem"
"$here/boot/boot.sh" "$root" "$root/boot/tram" "$arch"
