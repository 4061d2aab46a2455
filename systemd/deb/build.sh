#!/usr/bin/env bash
# build.sh ARCH [VERSION [kiosk|hub]]: build/tram-kiosk_VERSION_ARCH.deb, or tram-hub. dpkg-deb makes it alone: what
# debhelper would add to four maintainer scripts and some copied files is more than those. The same commit gives the same
# bytes, wherever and whenever (make prove-deb).
# ROOT=path: the publisher's TUF root (REPOSITORY/metadata/N.root.json). Without it kiosks believe no release: a package
# for development.
# DEBIAN=trixie: for Debian 13 with its Python 3.13; the package's version is VERSION+deb13.
# MAINTAINER="Name <address>": who publishes it.
set -euo pipefail
cd "$(dirname "$0")/../.."
umask 022
export LC_ALL=C TZ=UTC
arch=$1
version=${2:-$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)}
what=${3:-kiosk}
case $what in
  kiosk) home=tram rooms= left_out=systemd/deb/not-on-kiosk scripts=systemd/deb ;;
  hub) home=tram-hub rooms=hub left_out=systemd/deb/hub/not-on-hub scripts=systemd/deb/hub ;;
esac
lock=requirements-$what.lock maintainer=${MAINTAINER:-Tram <tram@localhost>}
debian=${DEBIAN:-bookworm}
case $debian in
  bookworm) package_version=$version python_there=3.11 python_after=3.12 ;;
  trixie) package_version=$version+deb13 python_there=3.13 python_after=3.14 ;;
esac
export SOURCE_DATE_EPOCH; SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
work=build/deb/$what-$debian-$arch root=build/deb/$what-$debian-$arch/root python=.venv/bin/python

build_ours() {
  rm -rf "$work/source" && mkdir -p "$work/source"
  git ls-files LICENSE pyproject.toml agent contract firmware_bridge models provisioning $rooms \
    | grep -vE "^($(paste -sd'|' "$left_out"))" | xargs cp --parents -t "$work/source"
  sed -i "s/^version = .*/version = \"$version\"/" "$work/source/pyproject.toml"
  if [ "$what" = kiosk ]; then
    make --silent -C firmware_bridge/firmware all # on its own line: a failure of A in `A && B` does not end the script
    cp build/firmware/kiosk.hex "$work/source/firmware_bridge/"
  fi
  settle "$work/source"
  $python -m pip wheel -qq --disable-pip-version-check --no-deps --no-build-isolation --no-index -w "$root/usr/lib/$home/wheels" "$work/source"
}

settle() { # FOLDER: neither the umask of a checkout nor the hour stays in it
  find "$1" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
  chmod -R u=rwX,go=rX "$1"
}

lay_out_kiosk() {
  local lib=$root/usr/lib
  install -Dm644 -t "$lib/systemd/system" systemd/units/tram*.{service,path,timer,target}
  rm "$lib/systemd/system/"tram-hub* # the hub's machine is another
  install -Dm644 -t "$lib/systemd/system/tram-.service.d" systemd/units/tram-.service.d/*.conf
  install -Dm644 -t "$lib/systemd/system/tram-display.service.d" systemd/units/tram-display.service.d/*.conf
  install -Dm644 -t "$lib/systemd/system/chrony.service.d" systemd/units/chrony.service.d/tram-kiosk.conf
  install -Dm644 systemd/etc/chrony.conf "$root/etc/chrony/tram.conf"
  install -d "$root/etc/chrony/tram-ca"
  install -Dm644 systemd/etc/journald.conf "$lib/systemd/journald.conf.d/tram-kiosk.conf"
  install -Dm644 systemd/etc/tram-kiosk.sysusers "$lib/sysusers.d/tram-kiosk.conf"
  install -Dm644 systemd/etc/tram-kiosk.tmpfiles "$lib/tmpfiles.d/tram-kiosk.conf"
  install -Dm644 systemd/etc/tram-kiosk.modules "$lib/modules-load.d/tram-kiosk.conf"
  install -Dm644 -t "$lib/udev/rules.d" systemd/etc/70-tram.rules
  install -Dm644 systemd/etc/pcsc.rules "$root/usr/share/polkit-1/rules.d/50-tram-kiosk.rules"
  install -Dm644 systemd/etc/tram-display.pam "$root/usr/lib/pam.d/tram-display"
  install -Dm644 -t "$root/usr/share/tram" systemd/screen/*
  install -Dm644 -t "$root/usr/share/doc/tram-kiosk" systemd/README.md docs/field-guide.md docs/faults.md
  install -Dm755 -t "$lib/tram" systemd/{browser,screen-watch,chrony-anew,clock-watch}
  [ -z "${ROOT:-}" ] || install -Dm644 "$ROOT" "$root/usr/share/tram/tuf/root.json"
  lay_environment /opt/tram
}

lay_out_hub() {
  local lib=$root/usr/lib
  install -Dm644 -t "$lib/systemd/system" systemd/units/tram-hub*.{service,path,timer} systemd/units/tram-clock.service
  install -Dm644 -t "$lib/systemd/system/tram-.service.d" systemd/units/tram-.service.d/*.conf
  install -Dm644 systemd/units/chrony.service.d/tram-hub.conf "$lib/systemd/system/chrony.service.d/tram-hub.conf"
  install -Dm644 systemd/etc/chrony.conf "$root/etc/chrony/tram.conf"
  install -Dm644 systemd/etc/chrony-hub-servers.conf "$root/etc/chrony/tram-servers/default.conf"
  install -d "$root/etc/chrony/tram-ca"
  install -Dm644 systemd/etc/journald-hub.conf "$lib/systemd/journald.conf.d/tram-hub.conf"
  install -Dm644 systemd/etc/tram-hub.sysusers "$lib/sysusers.d/tram-hub.conf"
  install -Dm644 systemd/etc/tram-hub.tmpfiles "$lib/tmpfiles.d/tram-hub.conf"
  install -Dm644 -t "$root/usr/share/doc/tram-hub" systemd/README.md
  install -Dm644 -t "$root/usr/share/doc/tram-hub/examples" provisioning/hub_setup/hub.toml
  install -Dm755 -t "$lib/tram-hub" systemd/broker-files
  install -Dm755 -t "$lib/tram" systemd/{chrony-anew,clock-watch} # a kiosk is never on the same machine
  lay_environment /opt/tram-hub
}

lay_environment() { # what postinst makes the Python environment of, and the command that leads into it
  local there=$root/usr/lib/$home
  install -Dm755 -t "$there" systemd/make-slot
  install -Dm644 -t "$there/wheels" "$wheels"/*.whl
  echo "$version" > "$there/VERSION"
  mkdir -p "$root/usr/bin" && ln -s "$1/current/bin/tram" "$root/usr/bin/tram"
  (cd "$there/wheels" && for wheel in *.whl; do
    IFS=- read -r name number _ <<< "$wheel"
    echo "$name==$number --hash=sha256:$(sha256sum "$wheel" | cut -d' ' -f1)"
  done) > "$there/requirements.txt"
}

lay_out_papers() {
  local doc=$root/usr/share/doc/tram-$what bill=build/sbom-$what-$debian-$arch.cdx.json
  $python systemd/deb/sbom.py "$root" "tram-$what" "$version" > "$bill"
  install -Dm644 "$bill" "$doc/sbom.cdx.json"
  $python systemd/deb/copyright.py "$bill" > "$doc/copyright"
  printf '%s (%s) %s; urgency=medium\n\n  * Built from %s.\n\n -- %s  %s\n' "tram-$what" "$package_version" "$debian" \
    "$(git describe --always --dirty --abbrev=12)" "$maintainer" "$(date -Rd "@$SOURCE_DATE_EPOCH")" \
    | gzip -9n > "$doc/changelog.gz"
  mkdir -p "$root/usr/share/man/man1" && gzip -9n < systemd/tram.1 > "$root/usr/share/man/man1/tram.1.gz"
  install -Dm644 "$scripts/lintian-overrides" "$root/usr/share/lintian/overrides/tram-$what"
}

installed_kib() { # as dpkg-gencontrol reckons it, whatever the file system under us
  find "$root" -mindepth 1 -path "$root/DEBIAN" -prune -o -type f -printf '%s\n' -o -printf '1\n' | awk '{ kib += int(($1 + 1023) / 1024) } END { print kib }'
}

pack() {
  install -d "$root/DEBIAN"
  install -m755 -t "$root/DEBIAN" "$scripts"/{postinst,prerm,postrm}
  (cd "$root" && find etc -type f -printf '/%p\n' | sort) > "$root/DEBIAN/conffiles"
  sed -z "s/,\n /, /g; s/@VERSION@/$package_version/; s/@PYTHON@/$python_there/; s/@PYTHON_AFTER@/$python_after/; s/@ARCH@/$arch/
    s/@MAINTAINER@/$maintainer/; s/@SIZE@/$(installed_kib)/" "$scripts/control" > "$root/DEBIAN/control"
  (cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum) > "$root/DEBIAN/md5sums"
  # Wheels are deflated already; compressing them again costs minutes on the board and gains nothing.
  settle "$root"
  dpkg-deb --root-owner-group --no-uniform-compression -Znone --build "$root" "build/tram-${what}_${package_version}_$arch.deb"
}

rm -rf "$root"
[ -z "${ROOT:-}" ] || .venv/bin/tram release root show "$ROOT" >&2
wheels=$(systemd/deb/wheels.sh "$arch" "$debian" "$python_there" "$lock")
build_ours
lay_out_$what
lay_out_papers
pack
