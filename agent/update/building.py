"""A slot is built from the store alone: environment, packages, program, bytecode; then it must prove that it runs.

The slot is the environment. It is built where it will stay, since commands name their interpreter by its full path.
"""

import compileall
import shutil
import subprocess
import sysconfig
import tempfile
import venv
import warnings
import zipfile
from pathlib import Path

from installer import install
from installer.destinations import SchemeDictionaryDestination
from installer.exceptions import InstallerError
from installer.scripts import Script
from installer.sources import WheelFile

from agent.ledger.schema import SCRIPTS
from agent.update.faults import ContentDamaged, ReleaseRefused, SlotBroken
from agent.update.release import FILE, Release, Wheel, packed
from agent.update.slots import Slots
from agent.update.store import Store, is_whole

SELF_CHECK_S = 300.0


def build(slots: Slots, name: str, release: Release, store: Store) -> None:
    """Make the slot `name` the release, whole and on the disk; raise ContentDamaged, SlotBroken or OSError."""
    folder = slots.folder(name)
    (folder / "VERSION").unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    for each in release.contents:
        if not is_whole(store.path(each), each):
            store.path(each).unlink(missing_ok=True)
            raise ContentDamaged(f"{each.sha256} in the store is no longer what was written there")
    venv.EnvBuilder(clear=True, symlinks=True, with_pip=False).create(folder)
    for wheel in release.wheels:
        _install(folder, wheel, store.path(wheel))
    site = site_packages(folder, release.python)
    for each in release.files:
        path = site / each.path
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(store.path(each), path)
    for script in release.scripts:
        _command(folder, script)
    compileall.compile_dir(site, quiet=2)
    (folder / FILE).write_bytes(packed(release))
    self_check(folder)
    slots.close(name, release.version)


def fits(release: Release) -> None:
    """Return if this machine can run the release; raise ReleaseRefused."""
    here = (sysconfig.get_platform(), sysconfig.get_python_version())
    if (release.platform, release.python) != here:
        there = f"{release.platform} with Python {release.python}"
        raise ReleaseRefused(f"{release.version} is for {there}, this machine is {here[0]} with Python {here[1]}")


def self_check(folder: Path) -> None:
    """Let the program in a slot load its parts and weights; raise SlotBroken with its last words.

    It is told how far this program knows the ledger: what can't be given back is not tried.
    """
    command = [str(folder / "bin" / "tram"), "update", "self-check", "--ledger", str(len(SCRIPTS))]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SELF_CHECK_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise SlotBroken(f"the new program does not start: {fault}") from fault
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise SlotBroken(f"the new program refuses itself: {said[-1] if said else f'exit code {done.returncode}'}")


def site_packages(folder: Path, python: str) -> Path:
    """Return where packages lie in an environment."""
    return folder / "lib" / f"python{python}" / "site-packages"


def _install(folder: Path, wheel: Wheel, content: Path) -> None:
    python = str(folder / "bin" / "python")
    schemes = sysconfig.get_paths("venv", vars={"base": str(folder), "platbase": str(folder)})
    schemes["headers"] = str(folder / "include" / wheel.name.split("-")[0])
    destination = SchemeDictionaryDestination(schemes, interpreter=python, script_kind="posix", overwrite_existing=True)
    with tempfile.TemporaryDirectory(dir=folder) as named:  # a wheel's name is part of what it says
        link = Path(named) / wheel.name
        link.symlink_to(content)
        try:
            with WheelFile.open(link) as source, warnings.catch_warnings():
                warnings.filterwarnings("ignore", "Skip installing", RuntimeWarning)  # a wheel's own bytecode
                install(source, destination, additional_metadata={"INSTALLER": b"tram"})
        except (InstallerError, ValueError, KeyError, zipfile.BadZipFile) as fault:
            raise SlotBroken(f"{wheel.name} can't be installed: {fault}") from fault


def _command(folder: Path, script: str) -> None:
    name, _, origin = script.partition(" = ")
    module, _, function = origin.partition(":")
    file, content = Script(name, module, function, "console").generate(str(folder / "bin" / "python"), "posix")
    path = folder / "bin" / file
    path.write_bytes(content)
    path.chmod(0o755)
