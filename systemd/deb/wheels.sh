#!/usr/bin/env bash
# wheels.sh ARCH DEBIAN PYTHON LOCK: each package that LOCK names for this machine, as a wheel in the folder that is printed.
# What has none is built from its source in that Debian, without a network.
set -euo pipefail
arch=$1 debian=$2 python=$3 lock=$4
here=.venv/bin/python
folder=build/deb/wheels-$debian-$arch-$(cat "$lock" systemd/deb/{wheels.sh,build-tools.txt} | sha256sum | cut -c1-12)
export SOURCE_DATE_EPOCH=315532800 # 1980, a ZIP's first day: they outlive the commit that they were built at
echo "$folder"
[ -e "$folder/complete" ] && exit
rm -rf "$folder" && mkdir -p "$folder/source"

fetch() {
  $here systemd/deb/locked_for.py "$lock" "$arch" "$python" > "$folder/requirements.txt"
  $here -m pip download -qq --disable-pip-version-check --no-deps --require-hashes -r "$folder/requirements.txt" -d "$folder" \
    $($here systemd/deb/pip_target.py "$arch" "$python")
}

build() {
  if [ "$arch" = "$(dpkg --print-architecture)" ] && [ "$python" = 3.11 ]; then # this machine, with the Python of setup.sh
    # -g0: debug information names the folder of the day
    PIP_CONSTRAINT=systemd/deb/build-tools.txt CFLAGS=-g0 \
      $here -m pip wheel -qq --disable-pip-version-check --no-deps --no-cache-dir -w "$folder" "$folder"/source/*.tar.gz
  else
    build_crosswise
  fi
}

# A native compiler with the other machine's headers; PYPI=1 lets lgpio bring its C library, as its own wheels do.
build_crosswise() {
  [ "$(id -u)" = 0 ] || { echo "$(cd "$folder/source" && echo *) must be built in a Debian $debian: run this as root" >&2; exit 1; }
  echo "building $(cd "$folder/source" && echo *) for $arch in a Debian $debian" >&2
  local native gnu=x86_64-linux-gnu builder=build/deb/builder-$debian-$arch
  native=$(dpkg --print-architecture)
  [ "$arch" = amd64 ] || gnu=aarch64-linux-gnu
  if [ ! -e "$builder" ]; then
    rm -rf "$builder.part"
    mmdebstrap --quiet --variant=apt --architectures="$native$([ "$arch" = "$native" ] || echo ",$arch")" \
      --include="binutils,gcc-${gnu/_/-},libc6-dev:$arch,libpython3-dev:$arch,libpcsclite-dev:$arch,python3-pip,python3-setuptools,python3-wheel,swig" \
      "$debian" "$builder.part" >&2
    mv "$builder.part" "$builder"
  fi
  rm -rf "$builder/root/wheels" && cp -r "$folder/source" "$builder/root/wheels"
  unshare --net chroot "$builder" env -i PATH=/usr/bin:/bin HOME=/root PYPI=1 SOURCE_DATE_EPOCH="$SOURCE_DATE_EPOCH" \
    CC="$gnu-gcc" LDSHARED="$gnu-gcc -shared" CFLAGS="-g0 -I/usr/include/PCSC" \
    _PYTHON_HOST_PLATFORM="linux-${gnu%%-*}" _PYTHON_SYSCONFIGDATA_NAME="_sysconfigdata__$gnu" \
    sh -c 'cd /root/wheels && python3 -m pip wheel -qq --no-index --no-deps --no-build-isolation *.tar.gz' >&2
  cp "$builder"/root/wheels/*.whl "$folder"
}

fetch
find "$folder" -maxdepth 1 -name '*.tar.gz' -exec mv -t "$folder/source" {} +
[ -z "$(ls -A "$folder/source")" ] || build
touch "$folder/complete"
