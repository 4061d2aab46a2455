"""The packages of kiosk and hub: all that their modules import, no library that is not locked for them."""

import ast
import re
import subprocess
import sys
from importlib.metadata import files, packages_distributions, requires
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("agent", "contract", "firmware_bridge", "models", "provisioning")
LEFT_TO_A_BOARD = {"picamera2", "libcamera"}
"""Debian's own on a Raspberry Pi."""
DEBIANS = {
    "libc6": (
        "libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libresolv.so.2", "libutil.so.1",
        "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1",
    ),
    "libgcc-s1": ("libgcc_s.so.1",),
    "libstdc++6": ("libstdc++.so.6",),
    "zlib1g": ("libz.so.1",),
}  # fmt: skip
"""Packages of Debian, and which shared objects each brings."""


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


class Package(NamedTuple):
    """What goes into one of them: rooms of the tree without what matches a list, and the libraries of a lock."""

    rooms: tuple[str, ...]
    left_out: str
    lock: str


KIOSK = Package(ROOMS, "systemd/deb/not-on-kiosk", "requirements-kiosk.lock")
HUB = Package((*ROOMS, "hub"), "systemd/deb/hub/not-on-hub", "requirements-hub.lock")


@pytest.fixture(scope="module", params=[KIOSK, HUB], ids=["kiosk", "hub"])
def package(request: pytest.FixtureRequest) -> Package:
    chosen: Package = request.param
    return chosen


@pytest.fixture(scope="module")
def shipped(package: Package) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", *package.rooms], cwd=ROOT, capture_output=True, text=True, check=True)
    left_out = (ROOT / package.left_out).read_text().split()
    pattern = re.compile(f"({'|'.join(left_out)})")
    return [Path(name) for name in listed.stdout.splitlines() if name.endswith(".py") and not pattern.match(name)]


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


def test_every_library_that_it_imports_is_locked_for_it(package: Package, imported: set[tuple[str, str]]) -> None:
    locked = {_normal(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / package.lock).read_text(), re.M)}
    brings = packages_distributions()
    tops = (
        {name.split(".")[0] for _, name in imported} - set(sys.stdlib_module_names) - {*ROOMS, "hub"} - LEFT_TO_A_BOARD
    )
    unlocked = {top for top in tops if not {_normal(each) for each in brings.get(top, [top])} & locked}
    assert unlocked == set()


def test_what_is_locked_for_it_is_what_is_tested(package: Package) -> None:
    def pins(lock: str) -> dict[str, str]:
        return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", (ROOT / lock).read_text(), re.M))

    tested = pins("requirements.lock")
    shipped = pins(package.lock)
    assert len(shipped) > 50
    assert {name: number for name, number in shipped.items() if tested.get(name, number) != number} == {}


def _on_a_hub() -> list[str]:
    """Return the libraries that a hub on this machine gets."""
    shipped = re.findall(r"^([A-Za-z0-9._-]+)==[^;]+?(?: ; (.*))?\s\\", (ROOT / HUB.lock).read_text(), re.M)
    return [name for name, marker in shipped if not marker or Marker(marker).evaluate()]


def test_the_hub_asks_debian_for_the_libraries_that_its_wheels_need_and_for_no_other() -> None:
    objects = [
        str(file.locate()) for name in _on_a_hub() for file in files(name) or () if re.search(r"\.so(\.|$)", file.name)
    ]
    said = subprocess.run(["readelf", "-d", *objects], capture_output=True, text=True, check=True).stdout
    needed = set(re.findall(r"\(NEEDED\).*\[(.+)\]", said)) - {Path(each).name for each in objects}
    package = {library: name for name, libraries in DEBIANS.items() for library in libraries}
    control = (ROOT / "systemd/deb/hub/control").read_text()
    depends = re.search(r"^Depends: (.*?)^[A-Z]", control, re.M | re.S)
    assert depends
    asked_for = {word for word in re.findall(r"[a-z0-9+.-]+", depends[1]) if word.startswith("lib") or word in DEBIANS}
    assert len(objects) > 100
    assert {package[library] for library in needed} == asked_for


def test_no_library_on_a_hub_needs_one_that_is_left_out() -> None:
    left_out = {_normal(name) for name in (ROOT / "systemd/deb/hub/libraries-not-on-hub").read_text().split()}
    here = _on_a_hub()
    needed = [(name, Requirement(each)) for name in here for each in requires(name) or ()]
    missing = [
        f"{name} needs {each.name}"
        for name, each in needed
        if _normal(each.name) in left_out and (each.marker is None or each.marker.evaluate({"extra": ""}))
    ]
    assert len(here) > 50
    assert missing == []


def test_no_device_and_no_tool_of_developers_is_on_a_hub() -> None:
    lock = (ROOT / HUB.lock).read_text()
    for name in ("mediapipe", "tflite-runtime", "pyserial", "gpiozero", "pyipp", "pyscard", "pytest", "playwright"):
        assert not re.search(rf"^{name}==", lock, re.M)


def test_no_tool_of_developers_is_on_a_kiosk() -> None:
    lock = (ROOT / "requirements-kiosk.lock").read_text()
    for name in ("pytest", "mypy", "ruff", "playwright", "fastapi", "sqlalchemy", "hypothesis"):
        assert not re.search(rf"^{name}==", lock, re.M)
