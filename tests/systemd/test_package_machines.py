"""What each machine and each Python get of a lock, whether it is to be had, and the bill of what a package holds."""

import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _locked_for(arch: str, python: str) -> dict[str, str]:
    argv = [sys.executable, ROOT / "systemd/deb/locked_for.py", ROOT / "requirements-kiosk.lock", arch, python]
    said = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    assert said.count("==") == len(re.findall(r"^[^ ]+==[^ ]+ +\\\n    --hash=sha256:", said, re.M))
    assert ";" not in said
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^ ]+)", said, re.M))


def test_each_machine_and_each_python_get_what_is_theirs() -> None:
    amd64, arm64, trixie = _locked_for("amd64", "3.11"), _locked_for("arm64", "3.11"), _locked_for("arm64", "3.13")
    assert arm64.keys() - amd64.keys() == {"lgpio"}
    assert amd64.keys() <= arm64.keys()
    assert {"tflite-runtime"} <= arm64.keys() - trixie.keys()
    assert {"ai-edge-litert"} <= trixie.keys() - arm64.keys()
    assert (arm64["numpy"].split(".")[0], trixie["numpy"].split(".")[0]) == ("1", "2")


@pytest.mark.slow
@pytest.mark.parametrize("python", ["3.11", "3.13"])
@pytest.mark.parametrize(("arch", "machine"), [("amd64", "x86_64"), ("arm64", "aarch64")])
def test_every_library_but_two_has_a_wheel(arch: str, machine: str, python: str, tmp_path: Path) -> None:
    """Asks the package index; the two are built with the package (systemd/deb/wheels.sh)."""
    built = ("pyscard==", "lgpio==") if (arch, python) == ("arm64", "3.13") else ("pyscard==",)
    argv = [sys.executable, ROOT / "systemd/deb/locked_for.py", ROOT / "requirements-kiosk.lock", arch, python]
    locked = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    blocks = re.split(r"(?m)^(?=\S)", locked)
    (tmp_path / "lock").write_text("".join(block for block in blocks if not block.startswith(built)))
    uv = [Path(sys.executable).with_name("uv"), "pip", "install", "--dry-run", "--python-version", python]
    uv += ["--python-platform", f"{machine}-manylinux_2_36", "--only-binary", ":all:", "--no-deps", "--require-hashes"]
    uv += ["--target", tmp_path / "nowhere", "-r", tmp_path / "lock"]
    said = subprocess.run(uv, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert f"Would install {locked.count('==') - len(built)} packages" in said.stderr


def _wheel(folder: Path, name: str, licence: str, *holds: str) -> None:
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        described = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\nLicense: {licence}\n"
        wheel.writestr(f"{name}-1.0.dist-info/METADATA", described)
        for each in holds:
            wheel.writestr(each, "raise SystemExit")


@pytest.mark.slow
def test_bill_of_materials_names_what_the_wheels_are_and_what_weights_ours_holds(tmp_path: Path) -> None:
    weights = tomllib.loads((ROOT / "models/manifest.toml").read_text())
    kept = [name for name in weights if name.startswith("face-")]
    _wheel(tmp_path, "one", "MIT", "one/__init__.py")
    _wheel(tmp_path, "other", "Apache License 2.0")
    _wheel(tmp_path, "tram", "Apache-2.0", *(f"models/{weights[name]['file']}" for name in kept))
    argv = [sys.executable, ROOT / "systemd/deb/sbom.py", tmp_path, "tram-kiosk", "0.1.0"]
    components = json.loads(subprocess.run(argv, capture_output=True, check=True).stdout)["components"]
    libraries = {each["name"]: each["licenses"] for each in components if each["type"] == "library"}
    assert libraries["one"][0]["license"]["id"] == "MIT"
    assert libraries["other"] == [{"license": {"name": "Apache License 2.0"}}]
    found = {each["name"]: each["licenses"] for each in components if each["type"] == "machine-learning-model"}
    assert found == {name: [{"license": {"name": weights[name]["licence"]}}] for name in kept}
    assert len(found) == 3
    assert libraries.keys() == {"one", "other"}
