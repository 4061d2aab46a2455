"""A package's bill of materials (CycloneDX 1.6): `sbom.py WHEELS NAME VERSION` writes it to standard output.

Libraries are what cyclonedx-py finds in an environment that has the descriptions of these wheels, so the bill is right
for the machine that they are for; weights are those of models/manifest.toml that our own wheel holds.
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
    wheels, name, version = Path(sys.argv[1]), *sys.argv[2:]
    with tempfile.TemporaryDirectory() as folder:
        python = _described(Path(folder), wheels)
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
    bill["metadata"] = {"component": {"type": "application", "name": name, "version": version}}
    bill["components"] = [*(each for each in found["components"] if each["name"] != "tram"), *_weights(wheels)]
    json.dump(bill, sys.stdout, ensure_ascii=False, indent=1, sort_keys=True)


def _described(folder: Path, wheels: Path) -> Path:
    """Return the interpreter of an environment in `folder` that holds each wheel's description alone."""
    venv.EnvBuilder(symlinks=True, with_pip=False).create(folder)
    for wheel in wheels.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder / _SITE, [each for each in archive.namelist() if ".dist-info/" in each])
    return folder / "bin" / "python"


def _weights(wheels: Path) -> Iterator[dict[str, Any]]:
    [ours] = wheels.glob("tram-*.whl")
    with zipfile.ZipFile(ours) as archive:
        held = set(archive.namelist())
    listed = tomllib.loads((ROOT / "models/manifest.toml").read_text())
    for name, each in listed.items():
        if f"{each['package']}/{each['file']}" not in held:
            continue
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
