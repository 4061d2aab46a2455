#!/usr/bin/env bash
# Pins every dependency with hashes for all platforms, and of these what a kiosk needs and what a hub needs;
# opencv-python is left out because the headless build stands in for it, backports-strenum because Python has it
# since 3.11 (and no release of it for these).
set -euo pipefail
cd "$(dirname "$0")/.."
compile() {
  .venv/bin/uv pip compile pyproject.toml "$@" --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-header --no-annotate --quiet \
    --no-emit-package opencv-python --no-emit-package backports-strenum
}
compile --extra dev --extra hub --extra postgresql -o requirements.lock
compile --extra card --constraint requirements.lock -o requirements-kiosk.lock
# a hub has no devices and no face
compile --extra hub --extra postgresql --constraint requirements.lock -o requirements-hub.lock \
  $(printf -- '--no-emit-package %s ' $(cat systemd/deb/hub/libraries-not-on-hub))
# the file that each machine and each Debian's Python takes of these; ends here where a pin has none
for python in 3.11 3.13; do
  for arch in amd64 arm64; do
    .venv/bin/python systemd/deb/pip_target.py $arch $python requirements-kiosk.lock requirements-hub.lock \
      > systemd/deb/wheels/python$python-$arch.sha256
  done
done
