"""The kiosk's package: all that its own modules import, nothing of the hub, no library that is not locked for it."""

import ast
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("agent", "contract", "firmware_bridge", "models", "provisioning")
LEFT_TO_A_BOARD = {"picamera2", "libcamera"}
"""Debian's own on a Raspberry Pi."""


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.fixture(scope="module")
def shipped() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", *ROOMS], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    left_out = (ROOT / "systemd/deb/not-on-kiosk").read_text().split()
    pattern = re.compile(f"({'|'.join(left_out)})")
    return [Path(name) for name in listed.splitlines() if name.endswith(".py") and not pattern.match(name)]


@pytest.fixture(scope="module")
def imported(shipped: list[Path]) -> set[tuple[str, str]]:
    found = set()
    for path in shipped:
        for node in ast.walk(ast.parse((ROOT / path).read_text())):
            if isinstance(node, ast.Import):
                found |= {(str(path), alias.name) for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found |= {(str(path), f"{node.module}.{alias.name}") for alias in node.names}
    return found


def test_a_module_of_the_package_imports_none_that_is_left_out(
    shipped: list[Path], imported: set[tuple[str, str]]
) -> None:
    modules = {".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in shipped}
    ours = {*ROOMS, "hub"}
    missing = [
        f"{where} imports {name}"
        for where, name in sorted(imported)
        if name.split(".")[0] in ours and name not in modules and name.rpartition(".")[0] not in modules
    ]
    assert missing == []


def test_every_library_that_it_imports_is_locked_for_it(imported: set[tuple[str, str]]) -> None:
    locked = {
        _normal(name)
        for name in re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements-kiosk.lock").read_text(), re.M)
    }
    brings = packages_distributions()
    tops = (
        {name.split(".")[0] for _, name in imported} - set(sys.stdlib_module_names) - {*ROOMS, "hub"} - LEFT_TO_A_BOARD
    )
    unlocked = {top for top in tops if not {_normal(each) for each in brings.get(top, [top])} & locked}
    assert unlocked == set()


def test_what_is_locked_for_the_kiosk_is_what_is_tested() -> None:
    def pins(lock: str) -> dict[str, str]:
        return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", (ROOT / lock).read_text(), re.M))

    tested = pins("requirements.lock")
    kiosk = pins("requirements-kiosk.lock")
    assert len(kiosk) > 50
    assert {name: number for name, number in kiosk.items() if tested.get(name, number) != number} == {}


def test_no_tool_of_developers_is_on_a_kiosk() -> None:
    lock = (ROOT / "requirements-kiosk.lock").read_text()
    for name in ("pytest", "mypy", "ruff", "playwright", "fastapi", "sqlalchemy", "hypothesis"):
        assert not re.search(rf"^{name}==", lock, re.M)


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


def _wheel(folder: Path, name: str, licence: str) -> None:
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(
            f"{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\nLicense: {licence}\n"
        )
        wheel.writestr(f"{name}/__init__.py", "raise SystemExit")


@pytest.mark.slow
def test_bill_of_materials_names_every_wheel_and_every_weight_with_its_licence(tmp_path: Path) -> None:
    for name, licence in (("one", "MIT"), ("other", "Apache License 2.0")):
        _wheel(tmp_path, name, licence)
    argv = [sys.executable, ROOT / "systemd/deb/sbom.py", tmp_path, "0.1.0"]
    components = json.loads(subprocess.run(argv, capture_output=True, check=True).stdout)["components"]
    libraries = {each["name"]: each["licenses"] for each in components if each["type"] == "library"}
    weights = [each for each in components if each["type"] == "machine-learning-model"]
    assert libraries == {
        "one": [{"license": {"id": "MIT", "acknowledgement": "declared"}}],
        "other": [{"license": {"name": "Apache License 2.0"}}],
    }
    assert {each["name"] for each in weights} == set(tomllib.loads((ROOT / "models/manifest.toml").read_text()))
    assert all(each["licenses"] for each in weights)
