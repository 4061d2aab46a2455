"""Set-up on a machine where it can't go on: one sentence with cause and remedy, and nothing half-done."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path):
    """A checkout with the set-up alone, and a machine on which no Debian package is installed."""
    (tmp_path / "provisioning").mkdir()
    for name in ("setup.sh", "apt.txt"):
        shutil.copy(ROOT / "provisioning" / name, tmp_path / "provisioning" / name)
    machine = tmp_path / "bin"
    machine.mkdir()
    for tool in ("bash", "dirname", "tr", "cat", "grep", "mktemp", "tail", "env"):
        (machine / tool).symlink_to(shutil.which(tool) or f"/bin/{tool}")
    _tool(machine, "dpkg-query", "exit 1")
    return tmp_path


def _tool(machine: Path, name: str, script: str) -> None:
    (machine / name).write_text(f"#!/bin/bash\n{script}\n")
    (machine / name).chmod(0o755)


def set_up(checkout: Path) -> subprocess.CompletedProcess[str]:
    command = ["bash", checkout / "provisioning" / "setup.sh"]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={"PATH": str(checkout / "bin")})


def test_without_root_or_sudo_the_command_for_an_administrator_is_printed(checkout):
    _tool(checkout / "bin", "apt-get", "exit 0")
    _tool(checkout / "bin", "id", "echo 1000")
    said = set_up(checkout)
    assert said.returncode == 1
    assert "neither root nor have sudo" in said.stderr
    assert "apt-get install --no-install-recommends" in said.stderr
    assert "mosquitto" in said.stderr
    assert not (checkout / ".venv").exists()


def test_on_another_system_the_missing_packages_are_named(checkout):
    said = set_up(checkout)
    assert said.returncode == 1
    assert "no apt-get here" in said.stderr
    assert "mosquitto" in said.stderr


def test_a_failing_apt_shows_its_last_words_and_where_the_rest_is(checkout):
    _tool(checkout / "bin", "apt-get", "echo E: no network >&2; exit 100")
    _tool(checkout / "bin", "id", "echo 0")
    said = set_up(checkout)
    assert said.returncode == 1
    assert "E: no network" in said.stderr
    assert "could not install" in said.stderr
