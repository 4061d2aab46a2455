"""What each machine and each Python get of a lock, whether it is to be had, and the bill of what a package holds."""

import hashlib
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from functools import cache
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.tags import compatible_tags, cpython_tags
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).resolve().parents[2]


MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}
TARGETS = [("amd64", "3.11"), ("arm64", "3.11"), ("amd64", "3.13"), ("arm64", "3.13")]


@cache
def _locked_for(arch: str, python: str, lock: str = "requirements-kiosk.lock") -> dict[str, tuple[str, set[str]]]:
    """Return version and hashes of each library."""
    argv = [sys.executable, ROOT / "systemd/deb/locked_for.py", ROOT / lock, arch, python]
    said = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    assert said.count("==") == len(re.findall(r"^[^ ]+==[^ ]+ +\\\n    --hash=sha256:", said, re.M))
    assert ";" not in said
    pins = [re.match(r"([A-Za-z0-9._-]+)==(\S+)", each) for each in re.split(r"(?m)^(?=\S)", said)[1:]]
    return {pin[1]: (pin[2], set(re.findall(r"sha256:(\w+)", pin.string))) for pin in pins if pin}


def _files(arch: str, python: str) -> dict[str, str]:
    """Return by hash the file that pip took for each pin when the locks were made (provisioning/lock.sh)."""
    listed = (ROOT / f"systemd/deb/wheels/python{python}-{arch}.sha256").read_text().splitlines()
    return dict(line.split("  ") for line in listed)


def test_each_machine_and_each_python_get_what_is_theirs() -> None:
    amd64, arm64, trixie = _locked_for("amd64", "3.11"), _locked_for("arm64", "3.11"), _locked_for("arm64", "3.13")
    assert arm64.keys() - amd64.keys() == {"lgpio"}
    assert amd64.keys() <= arm64.keys()
    assert {"tflite-runtime"} <= arm64.keys() - trixie.keys()
    assert {"ai-edge-litert"} <= trixie.keys() - arm64.keys()
    assert (arm64["numpy"][0].split(".")[0], trixie["numpy"][0].split(".")[0]) == ("1", "2")


@pytest.mark.parametrize(("arch", "python"), TARGETS)
def test_every_library_has_a_wheel_that_runs_there_but_those_that_we_build(arch: str, python: str) -> None:
    """The file of each pin is one of its hashes, for this machine, this Python and Debian 12's glibc."""
    files, used, built = _files(arch, python), set[str](), set[str]()
    platforms = [f"manylinux_2_{minor}_{MACHINES[arch]}" for minor in range(36, 16, -1)]
    platforms += [f"manylinux2014_{MACHINES[arch]}"]
    version = (3, int(python[2:]))
    runs = {*cpython_tags(version, platforms=platforms), *compatible_tags(version, f"cp3{version[1]}", platforms)}
    for lock in ("requirements-kiosk.lock", "requirements-hub.lock"):
        for name, (number, hashes) in _locked_for(arch, python, lock).items():
            [taken] = hashes & files.keys()
            used.add(taken)
            if files[taken].endswith(".whl"):
                wheel = parse_wheel_filename(files[taken])
                assert (wheel[0], str(wheel[1])) == (canonicalize_name(name), number)
                assert wheel[3] & runs, f"{files[taken]} is for another machine"
            else:
                built.add(name)
    assert built == ({"pyscard", "lgpio"} if (arch, python) == ("arm64", "3.13") else {"pyscard"})
    assert used == files.keys()


@pytest.mark.slow
@pytest.mark.parametrize(("arch", "python"), TARGETS)
def test_the_package_index_still_gives_what_is_listed(arch: str, python: str) -> None:
    argv = [sys.executable, "systemd/deb/pip_target.py", arch, python, "requirements-kiosk.lock"]
    said = subprocess.run([*argv, "requirements-hub.lock"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert dict(line.split("  ") for line in said.stdout.splitlines()) == _files(arch, python)


def _wheel(folder: Path, name: str, licence: str, *holds: str) -> None:
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        described = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\nLicense: {licence}\n"
        wheel.writestr(f"{name}-1.0.dist-info/METADATA", described)
        for each in holds:
            wheel.writestr(each, "raise SystemExit")


def _bill(root: Path) -> str:
    argv = [sys.executable, ROOT / "systemd/deb/sbom.py", root, "tram-kiosk", "0.1.0"]
    return subprocess.run(argv, capture_output=True, check=True, text=True).stdout


@pytest.fixture
def laid_out(tmp_path: Path) -> Path:
    """A package before it is packed: three wheels and a script."""
    wheels = tmp_path / "usr/lib/tram/wheels"
    wheels.mkdir(parents=True)
    _wheel(wheels, "one", "MIT", "one/__init__.py", "one.libs/libz-1.so.1", "one-1.0.dist-info/licenses/LICENSE")
    _wheel(wheels, "other", "Apache License 2.0", "other/data/sRGB.icc")
    _wheel(
        wheels, "tram", "Apache-2.0", *(f"models/{WEIGHTS[name]['file']}" for name in KEPT), "firmware_bridge/kiosk.hex"
    )
    (tmp_path / "usr/lib/tram/make-slot").write_text("#!/bin/sh\n")
    return tmp_path


WEIGHTS = tomllib.loads((ROOT / "models/manifest.toml").read_text())
KEPT = [name for name in WEIGHTS if name.startswith("face-")]


@pytest.mark.slow
def test_bill_of_materials_names_all_that_the_package_holds_by_the_standards_own_schema(laid_out: Path) -> None:
    said = _bill(laid_out)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(said) is None
    components = {each["name"]: each for each in json.loads(said)["components"]}
    assert components.keys() == {"one", "other", "tram", *KEPT, "firmware_bridge/kiosk.hex", "usr/lib/tram/make-slot"}
    assert len(KEPT) == 3
    licences = {name: each["licenses"][0]["license"] for name, each in components.items()}
    assert licences["one"]["id"] == "MIT"
    assert licences["other"] == {"name": "Apache License 2.0"}
    assert {name: licences[name].get("id") or licences[name]["name"] for name in KEPT} == {
        name: WEIGHTS[name]["licence"] for name in KEPT
    }
    built_in = [each["name"] for name in ("one", "other") for each in components[name]["components"]]
    assert built_in == ["one.libs/libz-1.so.1", "other/data/sRGB.icc"]
    texts = [each["value"] for each in components["one"]["properties"] if each["name"] == "tram:licence-text"]
    assert texts == ["one-1.0.dist-info/licenses/LICENSE"]
    wheel = laid_out / "usr/lib/tram/wheels/one-1.0-py3-none-any.whl"
    assert components["one"]["hashes"][0]["content"] == hashlib.sha256(wheel.read_bytes()).hexdigest()


@pytest.mark.slow
def test_nothing_without_a_licence_is_packed(laid_out: Path) -> None:
    _wheel(laid_out / "usr/lib/tram/wheels", "bare", "")
    with pytest.raises(subprocess.CalledProcessError) as caught:
        _bill(laid_out)
    assert "no licence is known of bare" in caught.value.stderr
