#!/usr/bin/env bash
# wheels.sh ARCH DEBIAN PYTHON LOCK: each package that LOCK names for this machine, as a wheel in the folder that is printed.
# What has none is built from its source in that Debian, without a network.
set -euo pipefail
arch=$1 debian=$2 python=$3 lock=$4
here=.venv/bin/python
folder=build/deb/wheels-$debian-$arch-$(sha256sum "$lock" | cut -c1-12)
echo "$folder"
[ -e "$folder/complete" ] && exit
rm -rf "$folder" && mkdir -p "$folder/source"

fetch() {
  $here systemd/deb/locked_for.py "$lock" "$arch" "$python" > "$folder/requirements.txt"
  local machine=x86_64 tags=()
  [ "$arch" = amd64 ] || machine=aarch64
  for glibc in $(seq 36 -1 17); do tags+=(--platform "manylinux_2_${glibc}_$machine"); done # Debian 12 has glibc 2.36
  $here -m pip download -qq --disable-pip-version-check --no-deps --require-hashes -r "$folder/requirements.txt" -d "$folder" \
    --implementation cp --python-version "$python" --abi "cp${python/./}" --abi abi3 --abi none \
    "${tags[@]}" --platform "manylinux2014_$machine" --platform "linux_$machine"
}

# PYPI=1 lets lgpio bring its C library with it, as its own wheels do.
build() { # crosswise, by a native compiler and the other machine's headers, in a Debian that is thrown away
  echo "building $(cd "$folder/source" && echo *) for $arch in a Debian $debian" >&2
  local native gnu=x86_64-linux-gnu
  native=$(dpkg --print-architecture)
  [ "$arch" = amd64 ] || gnu=aarch64-linux-gnu
  local tools="gcc-${gnu/_/-},libc6-dev:$arch,libpython3-dev:$arch,libpcsclite-dev:$arch,python3-pip,python3-setuptools,python3-wheel,swig"
  local there="PYPI=1 SOURCE_DATE_EPOCH=$SOURCE_DATE_EPOCH CC=$gnu-gcc CFLAGS=-I/usr/include/PCSC _PYTHON_HOST_PLATFORM=linux-${gnu%%-*} _PYTHON_SYSCONFIGDATA_NAME=_sysconfigdata__$gnu"
  mmdebstrap --quiet --variant=apt --format=null --include="$tools" \
    --architectures="$native$([ "$arch" = "$native" ] || echo ",$arch")" \
    --customize-hook="sync-in $folder/source /root/source" \
    --customize-hook="chroot \"\$1\" env $there unshare --net python3 -m pip wheel -qq --no-index --no-deps --no-build-isolation --root-user-action ignore --wheel-dir /root/wheels \$(ls \"$folder/source\" | sed 's#^#/root/source/#')" \
    --customize-hook="sync-out /root/wheels $folder" \
    "$debian" /dev/null
}

fetch
find "$folder" -maxdepth 1 -name '*.tar.gz' -exec mv -t "$folder/source" {} +
[ -z "$(ls -A "$folder/source")" ] || build
touch "$folder/complete"
