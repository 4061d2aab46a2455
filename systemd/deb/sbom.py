"""A package's bill of materials (CycloneDX 1.6): `sbom.py ROOT NAME VERSION` writes it to standard output.

ROOT is the package as it is laid out. Libraries are what cyclonedx-py finds in an environment that has the descriptions
of its wheels, so the bill is right for the machine that they are for. Each stands with the hash of its wheel, with what
its makers built into it (shared libraries, colour profiles) and with where the texts of its licences lie. Then come the
weights of models/manifest.toml and the firmware that our own wheel holds, and every file of ROOT beside the wheels.
"""

import hashlib
import json
import re
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

TREE = Path(__file__).resolve().parents[2]
OURS = "Apache-2.0"
FIRMWARE = "firmware_bridge/kiosk.hex"
_SITE = f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
_BUILT_IN = re.compile(r"\.libs/.+\.so|\.(icc|ttf|otf|woff2?)$")
_LICENCE = re.compile(
    r"(^|/)(licen[cs]e|copying|notice|thirdpartynotices|authors)[^/]*$|/licenses/[^/]+$", re.IGNORECASE
)


def main() -> None:
    """Write the bill; raise ValueError where something has no licence."""
    root, name, version = Path(sys.argv[1]), *sys.argv[2:]
    [folder] = root.glob("usr/lib/*/wheels")
    wheels = {_normal(wheel.name.split("-")[0]): wheel for wheel in sorted(folder.glob("*.whl"))}
    found = _libraries(folder)
    for each in found["components"]:
        each |= _wheel(wheels[_normal(each["name"])], each["bom-ref"])
    bill = {key: found[key] for key in ("$schema", "bomFormat", "specVersion", "version")}
    whole = {"type": "application", "bom-ref": name, "name": name, "version": version, "licenses": _licence(OURS)}
    bill["metadata"] = {"component": whole}
    bill["components"] = [*found["components"], *_weights(wheels["tram"]), *_firmware(wheels["tram"]), *_files(root)]
    if bare := [each["name"] for each in bill["components"] if not each.get("licenses")]:
        raise ValueError(f"no licence is known of {', '.join(bare)}")
    json.dump(bill, sys.stdout, ensure_ascii=False, indent=1, sort_keys=True)


def _libraries(wheels: Path) -> dict[str, Any]:
    """Return what cyclonedx-py says of an environment that holds each wheel's description alone."""
    with tempfile.TemporaryDirectory() as name:
        site = Path(name) / _SITE
        venv.EnvBuilder(symlinks=True, with_pip=False).create(name)
        for wheel in wheels.glob("*.whl"):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(site, [each for each in archive.namelist() if ".dist-info/" in each])
        argv = [Path(sys.executable).with_name("cyclonedx-py"), "environment", "--output-reproducible", "--of", "JSON"]
        said = subprocess.run([*argv, Path(name) / "bin/python"], stdout=subprocess.PIPE, check=True).stdout
        found: dict[str, Any] = json.loads(said)
        named = {each.name: each.metadata["License"] for each in distributions(path=[str(site)])}
    for each in found["components"]:  # cyclonedx-py passes over some names of licences that are not SPDX's
        each.setdefault("licenses", _licence(named[each["name"]]))
    return found


def _wheel(wheel: Path, ref: str) -> dict[str, Any]:
    """Return what a wheel's file adds to its component."""
    with zipfile.ZipFile(wheel) as archive:
        held = sorted(archive.namelist())
        texts = [each for each in held if _LICENCE.search(each) and not each.endswith((".py", "/"))]
        built_in = [
            {
                "type": "library" if ".so" in each else "data",
                "bom-ref": f"{ref}/{each}",
                "name": each,
                "hashes": _hashes(archive.read(each)),
                "licenses": _licence(f"as the licence texts of {wheel.name} say"),
            }
            for each in held
            if _BUILT_IN.search(each)
        ]
    said = [{"name": "tram:wheel", "value": wheel.name}]
    said += [{"name": "tram:licence-text", "value": each} for each in texts]
    return {"hashes": _hashes(wheel.read_bytes()), "properties": said} | ({"components": built_in} if built_in else {})


def _weights(ours: Path) -> Iterator[dict[str, Any]]:
    with zipfile.ZipFile(ours) as archive:
        held = set(archive.namelist())
    listed = tomllib.loads((TREE / "models/manifest.toml").read_text())
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
            "licenses": _licence(each["licence"]),
        }


def _firmware(ours: Path) -> Iterator[dict[str, Any]]:
    with zipfile.ZipFile(ours) as archive:
        if FIRMWARE in archive.namelist():
            yield _own_file("firmware", FIRMWARE, archive.read(FIRMWARE))


def _files(root: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.suffix != ".whl":
            yield _own_file("file", str(path.relative_to(root)), path.read_bytes())


def _own_file(kind: str, name: str, content: bytes) -> dict[str, Any]:
    return {"type": kind, "bom-ref": f"file:{name}", "name": name, "hashes": _hashes(content)} | {
        "licenses": _licence(OURS)
    }


def _licence(name: str) -> list[dict[str, Any]]:
    return [{"license": {"id": name} if name == OURS else {"name": name}}] if name else []


def _hashes(content: bytes) -> list[dict[str, str]]:
    return [{"alg": "SHA-256", "content": hashlib.sha256(content).hexdigest()}]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    main()
