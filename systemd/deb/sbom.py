"""The kiosk's bill of materials (CycloneDX 1.6): `sbom.py WHEELS VERSION` writes it, with licences, to standard output.

Libraries are what cyclonedx-py finds in an environment that has the descriptions of these wheels, and so is right for
the machine that they are for; weights are models/manifest.toml's.
"""

import json
import subprocess
import sys
import tempfile
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_SITE = f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"


def main() -> None:
    """Write the bill."""
    wheels, version = Path(sys.argv[1]), sys.argv[2]
    with tempfile.TemporaryDirectory() as name:
        python = _described(Path(name), wheels)
        argv = [
            str(Path(sys.executable).with_name("cyclonedx-py")),
            "environment",
            "--output-reproducible",
            "--of",
            "JSON",
        ]
        found = json.loads(subprocess.run([*argv, python], stdout=subprocess.PIPE, check=True).stdout)
        licences = {
            each.name: each.metadata["License"] for each in distributions(path=[str(python.parents[1] / _SITE)])
        }
    for each in found["components"]:  # cyclonedx-py passes over some names of licences that are not SPDX's
        each.setdefault("licenses", [{"license": {"name": licences[each["name"]]}}])
    bill = {key: found[key] for key in ("$schema", "bomFormat", "specVersion", "version")}
    bill["metadata"] = {"component": {"type": "application", "name": "tram-kiosk", "version": version}}
    bill["components"] = [*found["components"], *_weights()]
    json.dump(bill, sys.stdout, ensure_ascii=False, indent=1, sort_keys=True)


def _described(folder: Path, wheels: Path) -> Path:
    """Return the interpreter of an environment in `folder` that holds each wheel's description alone."""
    venv.EnvBuilder(symlinks=True, with_pip=False).create(folder)
    for wheel in wheels.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder / _SITE, [each for each in archive.namelist() if ".dist-info/" in each])
    return folder / "bin" / "python"


def _weights() -> Iterator[dict[str, Any]]:
    for name, each in tomllib.loads((ROOT / "models/manifest.toml").read_text()).items():
        yield {
            "type": "machine-learning-model",
            "bom-ref": f"weights:{name}",
            "name": name,
            "version": each["version"],
            "description": f"{each['file']}: {each['note']}",
            "author": each["author"],
            "hashes": [{"alg": "SHA-256", "content": each["sha256"]}],
            "licenses": [{"license": {"name": each["licence"]}}],
        }


if __name__ == "__main__":
    main()
