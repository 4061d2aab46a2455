#!/usr/bin/env bash
# build.sh ARCH [VERSION [bookworm|trixie]]: build/tram-kiosk_VERSION_ARCH.deb, for trixie VERSION+deb13. dpkg-deb makes
# it alone: what debhelper would add to four maintainer scripts and some copied files is more than those. The same
# sources give the same bytes.
set -euo pipefail
cd "$(dirname "$0")/../.."
umask 022
arch=$1
version=${2:-$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)}
debian=${3:-bookworm}
case $debian in
  bookworm) package_version=$version python_there=3.11 python_after=3.12 ;;
  trixie) package_version=$version+deb13 python_there=3.13 python_after=3.14 ;;
esac
export SOURCE_DATE_EPOCH; SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
work=build/deb/$debian-$arch root=build/deb/$debian-$arch/root python=.venv/bin/python

build_ours() {
  rm -rf "$work/source" && mkdir -p "$work/source"
  git ls-files pyproject.toml agent contract firmware_bridge models provisioning \
    | grep -vE "^($(paste -sd'|' systemd/deb/not-on-kiosk))" | xargs cp --parents -t "$work/source"
  sed -i "s/^version = .*/version = \"$version\"/" "$work/source/pyproject.toml"
  find "$work/source" -exec touch -d "@$SOURCE_DATE_EPOCH" {} +
  $python -m pip wheel -qq --disable-pip-version-check --no-deps --no-build-isolation --no-index -w "$root/usr/lib/tram/wheels" "$work/source"
}

lay_out() {
  local lib=$root/usr/lib
  install -Dm644 -t "$lib/systemd/system" systemd/units/tram*.{service,path,timer,target}
  rm "$lib/systemd/system/tram-hub.service" # the hub's machine is another
  install -Dm644 -t "$lib/systemd/system/tram-.service.d" systemd/units/tram-.service.d/*.conf
  install -Dm644 systemd/etc/journald.conf "$lib/systemd/journald.conf.d/tram-kiosk.conf"
  install -Dm644 systemd/etc/tram-kiosk.sysusers "$lib/sysusers.d/tram-kiosk.conf"
  install -Dm644 systemd/etc/tram-kiosk.tmpfiles "$lib/tmpfiles.d/tram-kiosk.conf"
  install -Dm644 -t "$lib/udev/rules.d" systemd/etc/70-tram.rules
  install -Dm644 systemd/etc/pcsc.rules "$root/usr/share/polkit-1/rules.d/50-tram-kiosk.rules"
  install -Dm644 -t "$root/usr/share/tram" systemd/screen/*
  install -Dm644 -t "$root/usr/share/doc/tram-kiosk" systemd/README.md
  $python systemd/deb/sbom.py "$wheels" "$version" > "$root/usr/share/doc/tram-kiosk/sbom.cdx.json"
  cp "$root/usr/share/doc/tram-kiosk/sbom.cdx.json" "build/sbom-$arch.cdx.json"
  install -Dm755 -t "$lib/tram" systemd/{browser,make-slot}
  install -Dm644 -t "$lib/tram/wheels" "$wheels"/*.whl
  echo "$version" > "$lib/tram/VERSION"
  mkdir -p "$root/usr/bin" && ln -s /opt/tram/current/bin/tram "$root/usr/bin/tram"
  (cd "$lib/tram/wheels" && for wheel in *.whl; do
    IFS=- read -r name number _ <<< "$wheel"
    echo "$name==$number --hash=sha256:$(sha256sum "$wheel" | cut -d' ' -f1)"
  done) > "$lib/tram/requirements.txt"
}

pack() {
  install -d "$root/DEBIAN"
  install -m755 -t "$root/DEBIAN" systemd/deb/{postinst,prerm,postrm}
  sed "s/@VERSION@/$package_version/; s/@PYTHON@/$python_there/; s/@PYTHON_AFTER@/$python_after/; s/@ARCH@/$arch/; s/@SIZE@/$(du -sk --apparent-size "$root/usr" | cut -f1)/" systemd/deb/control > "$root/DEBIAN/control"
  (cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum) > "$root/DEBIAN/md5sums"
  # Wheels are deflated already; compressing them again costs minutes on the board and gains nothing.
  dpkg-deb --root-owner-group -Znone --build "$root" "build/tram-kiosk_${package_version}_$arch.deb"
}

rm -rf "$root"
wheels=$(systemd/deb/wheels.sh "$arch" "$debian" "$python_there" requirements-kiosk.lock)
build_ours
lay_out
pack
