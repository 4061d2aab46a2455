"""A newer package starts chrony anew only where it would begin with something else: a start costs trust in it."""

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DROP_IN = "usr/lib/systemd/system/chrony.service.d/tram-kiosk.conf"
SERVERS = "server time.example nts iburst\n"


def _program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


@pytest.fixture
def kiosk(tmp_path: Path) -> Path:
    """A kiosk's root whose chrony was started by the drop-in's own lines; `tram clock` is played by a script."""
    for source, place in (("systemd/etc/chrony.conf", "etc/chrony/tram.conf"),
                          ("systemd/units/chrony.service.d/tram-kiosk.conf", DROP_IN)):  # fmt: skip
        (tmp_path / place).parent.mkdir(parents=True)
        (tmp_path / place).write_bytes((ROOT / source).read_bytes())
    _tells(tmp_path, SERVERS)
    (tmp_path / "run/chrony").mkdir(parents=True)
    (tmp_path / "run/chrony/tram.conf").write_text(SERVERS)
    [begins] = re.findall(r"^ExecStartPre=-(/bin/sh .*)$", (tmp_path / DROP_IN).read_text(), re.M)
    shell, option, command = shlex.split(begins)
    subprocess.run([shell, option, re.sub(r"(?<= )/", f"{tmp_path}/", command)], check=True)
    return tmp_path


def _tells(root: Path, servers: str) -> None:
    _program(root / "opt/tram/current/bin/tram", f"[ \"$1\" = clock ] && printf '{servers}'")


def _asked(root: Path) -> str:
    """Return what systemd is asked for."""
    _program(root / "stubs/deb-systemd-invoke", f'echo "$@" >> {root}/asked')
    path = f"{root}/stubs:{os.environ['PATH']}"
    subprocess.run([ROOT / "systemd/chrony-anew", root], env=os.environ | {"PATH": path}, check=True)
    return (root / "asked").read_text()


def test_chrony_that_would_begin_with_the_same_runs_on(kiosk: Path) -> None:
    assert _asked(kiosk) == "try-restart tram-clock.service\n"


@pytest.mark.parametrize("changed", ["etc/chrony/tram.conf", DROP_IN])
def test_changed_configuration_is_taken(kiosk: Path, changed: str) -> None:
    with (kiosk / changed).open("a") as file:
        file.write("# newer\n")
    assert _asked(kiosk) == "restart chrony.service\n"


def test_other_time_servers_of_a_newer_version_are_taken(kiosk: Path) -> None:
    _tells(kiosk, "server other.example nts iburst\n")
    assert _asked(kiosk) == "restart chrony.service\n"


@pytest.mark.parametrize("missing", ["run/chrony/began-with", "run/chrony/tram.conf", "opt/tram/current/bin/tram"])
def test_chrony_of_debian_or_of_an_older_package_gets_the_kiosks_configuration(kiosk: Path, missing: str) -> None:
    (kiosk / missing).unlink()
    assert _asked(kiosk) == "restart chrony.service\n"
