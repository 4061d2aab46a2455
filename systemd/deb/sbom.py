"""The kiosk's bill of materials (CycloneDX 1.6): `sbom.py LOCK VERSION` writes it, with licences, to standard output.

Libraries are what cyclonedx-py finds in this environment of those that LOCK names; weights are models/manifest.toml's.
"""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Write the bill."""
    lock, version = Path(sys.argv[1]), sys.argv[2]
    locked = {_normal(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", lock.read_text(), re.MULTILINE)}
    argv = [str(Path(sys.executable).with_name("cyclonedx-py")), "environment", "--output-reproducible", "--of", "JSON"]
    found = json.loads(subprocess.run([*argv, sys.executable], stdout=subprocess.PIPE, check=True).stdout)
    libraries = [each for each in found["components"] if _normal(each["name"]) in locked]
    bill = {key: found[key] for key in ("$schema", "bomFormat", "specVersion", "version")}
    bill["metadata"] = {"component": {"type": "application", "name": "tram-kiosk", "version": version}}
    bill["components"] = [*libraries, *_weights()]
    json.dump(bill, sys.stdout, ensure_ascii=False, indent=1, sort_keys=True)


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


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    main()
