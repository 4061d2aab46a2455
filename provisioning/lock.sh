#!/usr/bin/env bash
# Pins every dependency with hashes for all platforms; opencv-python is left out because the headless build stands in for it.
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/uv pip compile pyproject.toml --extra dev --extra postgresql --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-header --no-annotate --no-emit-package opencv-python --quiet -o requirements.lock
