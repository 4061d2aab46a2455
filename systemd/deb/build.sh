#!/usr/bin/env bash
# build.sh ARCH [VERSION [kiosk|hub]]: build/tram-kiosk_VERSION_ARCH.deb, or tram-hub. dpkg-deb makes it alone: what
# debhelper would add to four maintainer scripts and some copied files is more than those. The same sources give the same
# bytes.
# ROOT=path: the publisher's TUF root (REPOSITORY/metadata/N.root.json). Without it kiosks believe no release: a package
# for development.
set -euo pipefail
cd "$(dirname "$0")/../.."
umask 022
arch=$1
version=${2:-$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)}
what=${3:-kiosk}
case $what in
  kiosk) home=tram rooms= left_out=systemd/deb/not-on-kiosk scripts=systemd/deb ;;
  hub) home=tram-hub rooms=hub left_out=systemd/deb/hub/not-on-hub scripts=systemd/deb/hub ;;
esac
lock=requirements-$what.lock
export SOURCE_DATE_EPOCH; SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
work=build/deb/$what-$arch root=build/deb/$what-$arch/root python=.venv/bin/python
wheels=build/deb/wheels-$arch-$(sha256sum "$lock" | cut -c1-12)

fetch_wheels() {
  [ -e "$wheels/complete" ] && return
  local quietly=(-qq --disable-pip-version-check --no-deps --require-hashes)
  if [ "$arch" = "$(dpkg --print-architecture)" ]; then
    $python -m pip wheel "${quietly[@]}" -r "$lock" -w "$wheels"
  else
    [ "$what" = hub ] || echo "pyscard has no wheel for $arch: this package has no card reader; built on $arch it has one" >&2
    mkdir -p "$work"
    # pip judges markers by the machine that it runs on
    awk '/^[^ ]/ { leave = /^pyscard==/ } !leave' "$lock" | sed "s/ ; platform_machine == 'aarch64'//" > "$work/requirements.lock"
    $python -m pip download "${quietly[@]}" -r "$work/requirements.lock" --only-binary :all: -d "$wheels" \
      --implementation cp --python-version 3.11 --abi cp311 --abi abi3 --abi none $(platforms)
  fi
  touch "$wheels/complete"
}

platforms() { # Debian 12 has glibc 2.36
  for glibc in 2_36 2_35 2_34 2_31 2_28 2_27 2_26 2_24 2_17; do echo "--platform manylinux_${glibc}_aarch64"; done
  echo --platform manylinux2014_aarch64
}

build_ours() {
  rm -rf "$work/source" && mkdir -p "$work/source"
  git ls-files pyproject.toml agent contract firmware_bridge models provisioning $rooms \
    | grep -vE "^($(paste -sd'|' "$left_out"))" | xargs cp --parents -t "$work/source"
  sed -i "s/^version = .*/version = \"$version\"/" "$work/source/pyproject.toml"
  if [ "$what" = kiosk ]; then
    make --silent -C firmware_bridge/firmware all && cp build/firmware/kiosk.hex "$work/source/firmware_bridge/"
  fi
  find "$work/source" -exec touch -d "@$SOURCE_DATE_EPOCH" {} +
  $python -m pip wheel -qq --disable-pip-version-check --no-deps --no-build-isolation --no-index -w "$root/usr/lib/$home/wheels" "$work/source"
}

lay_out_kiosk() {
  local lib=$root/usr/lib
  install -Dm644 -t "$lib/systemd/system" systemd/units/tram*.{service,path,timer,target}
  rm "$lib/systemd/system/"tram-hub* # the hub's machine is another
  install -Dm644 -t "$lib/systemd/system/tram-.service.d" systemd/units/tram-.service.d/*.conf
  install -Dm644 -t "$lib/systemd/system/chrony.service.d" systemd/units/chrony.service.d/*.conf
  install -Dm644 systemd/etc/chrony.conf "$root/etc/chrony/tram.conf"
  install -d "$root/etc/chrony/tram-ca"
  install -Dm644 systemd/etc/journald.conf "$lib/systemd/journald.conf.d/tram-kiosk.conf"
  install -Dm644 systemd/etc/tram-kiosk.sysusers "$lib/sysusers.d/tram-kiosk.conf"
  install -Dm644 systemd/etc/tram-kiosk.tmpfiles "$lib/tmpfiles.d/tram-kiosk.conf"
  install -Dm644 -t "$lib/udev/rules.d" systemd/etc/70-tram.rules
  install -Dm644 systemd/etc/pcsc.rules "$root/usr/share/polkit-1/rules.d/50-tram-kiosk.rules"
  install -Dm644 -t "$root/usr/share/tram" systemd/screen/*
  install -Dm644 -t "$root/usr/share/doc/tram-kiosk" systemd/README.md
  install -Dm755 -t "$lib/tram" systemd/{browser,clock-watch}
  [ -z "${ROOT:-}" ] || install -Dm644 "$ROOT" "$root/usr/share/tram/tuf/root.json"
  lay_environment /opt/tram
}

lay_out_hub() {
  local lib=$root/usr/lib
  install -Dm644 -t "$lib/systemd/system" systemd/units/tram-hub*.{service,path,timer}
  install -Dm644 -t "$lib/systemd/system/tram-.service.d" systemd/units/tram-.service.d/*.conf
  install -Dm644 systemd/etc/journald-hub.conf "$lib/systemd/journald.conf.d/tram-hub.conf"
  install -Dm644 systemd/etc/tram-hub.sysusers "$lib/sysusers.d/tram-hub.conf"
  install -Dm644 systemd/etc/tram-hub.tmpfiles "$lib/tmpfiles.d/tram-hub.conf"
  install -Dm644 -t "$root/usr/share/doc/tram-hub" systemd/README.md
  install -Dm644 -t "$root/usr/share/doc/tram-hub/examples" provisioning/hub_setup/hub.toml
  install -Dm755 -t "$lib/tram-hub" systemd/broker-files
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

pack() {
  install -d "$root/DEBIAN"
  install -m755 -t "$root/DEBIAN" "$scripts"/{postinst,prerm,postrm}
  [ "$what" = hub ] || echo /etc/chrony/tram.conf > "$root/DEBIAN/conffiles"
  sed "s/@VERSION@/$version/; s/@ARCH@/$arch/; s/@SIZE@/$(du -sk --apparent-size "$root/usr" | cut -f1)/" "$scripts/control" > "$root/DEBIAN/control"
  (cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum) > "$root/DEBIAN/md5sums"
  # Wheels are deflated already; compressing them again costs minutes on the board and gains nothing.
  dpkg-deb --root-owner-group -Znone --build "$root" "build/tram-${what}_${version}_$arch.deb"
}

rm -rf "$root"
[ -z "${ROOT:-}" ] || .venv/bin/tram release root show "$ROOT" >&2
fetch_wheels
build_ours
lay_out_$what
pack
