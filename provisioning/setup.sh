#!/usr/bin/env bash
# Brings a fresh Debian 12 to where everything runs. Says what it does, does nothing twice, needs no network the second time.
set -euo pipefail
cd "$(dirname "$0")/.."

missing() {
  while read -r package; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || echo "$package"
  done < provisioning/apt.txt
}

packages=$(missing | tr '\n' ' ')
if [ -n "${packages// /}" ]; then
  command -v apt-get >/dev/null || { echo "These Debian packages are missing and there is no apt-get here: $packages" >&2; exit 1; }
  root=""
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || {
      echo "Debian packages are missing and you are neither root nor have sudo. Ask an administrator to run:" >&2
      echo "  apt-get install --no-install-recommends $packages" >&2
      exit 1
    }
    root="sudo"
  fi
  echo "Installing Debian packages: $packages"
  log=$(mktemp)
  { $root apt-get update -qq && $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages; } >"$log" 2>&1 || {
    echo "apt-get could not install the packages. Its last words (all of them in $log):" >&2
    tail -n 5 "$log" >&2
    exit 1
  }
fi

python=""
for candidate in python3.11 /usr/bin/python3 python3; do
  if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
    python=$candidate
    break
  fi
done
[ -n "$python" ] || { echo "Python 3.11 is needed (Debian 12 has it: apt-get install python3)." >&2; exit 1; }

if [ ! -x .venv/bin/python ]; then
  echo "Making the Python environment in .venv"
  "$python" -m venv .venv
fi
echo "Installing the locked Python packages"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
