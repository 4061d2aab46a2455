"""A newer package starts chrony anew only where it would begin with something else: a start costs trust in it."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONF = "etc/chrony/tram.conf"
HUB_SERVERS = "etc/chrony/tram-servers/default.conf"
UNIT_D = "usr/lib/systemd/system/chrony.service.d"
SERVERS = "server time.example nts iburst\n"


def _program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def _machine(root: Path, files: Mapping[str, str]) -> Path:
    """A machine whose chrony began with these files of ours, as its drop-in has it."""
    for source, place in files.items():
        (root / place).parent.mkdir(parents=True)
        (root / place).write_bytes((ROOT / source).read_bytes())
    (root / "run/chrony").mkdir(parents=True)
    [drop_in] = (root / "usr/lib/systemd/system/chrony.service.d").iterdir()
    assert "ExecStartPre=-/usr/lib/tram/chrony-anew --began\n" in drop_in.read_text()
    subprocess.run([ROOT / "systemd/chrony-anew", "--began", root], check=True)
    return root


@pytest.fixture
def kiosk(tmp_path: Path) -> Path:
    """A kiosk's root; `tram clock` is played by a script."""
    _tells(tmp_path, SERVERS)
    kiosk = _machine(
        tmp_path,
        {
            "systemd/etc/chrony.conf": CONF,
            "systemd/units/chrony.service.d/tram-kiosk.conf": f"{UNIT_D}/tram-kiosk.conf",
        },
    )
    (kiosk / "run/chrony/tram.conf").write_text(SERVERS)
    return kiosk


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    """A hub's root: its servers stand in a file of its own."""
    return _machine(
        tmp_path,
        {
            "systemd/etc/chrony.conf": CONF,
            "systemd/etc/chrony-hub-servers.conf": HUB_SERVERS,
            "systemd/units/chrony.service.d/tram-hub.conf": f"{UNIT_D}/tram-hub.conf",
        },
    )


def _tells(root: Path, servers: str) -> None:
    _program(root / "opt/tram/current/bin/tram", f"[ \"$1\" = clock ] && printf '{servers}'")


def _asked(root: Path, *, is_watched: bool = True) -> str:
    """Return what systemd is asked for; `is_watched` tells whether tram-clock runs."""
    _program(
        root / "stubs/systemctl", f"[ \"$*\" = 'is-active --quiet tram-clock.service' ] && {str(is_watched).lower()}"
    )
    _program(root / "stubs/deb-systemd-invoke", f'echo "$@" >> {root}/asked')
    path = f"{root}/stubs:{os.environ['PATH']}"
    subprocess.run([ROOT / "systemd/chrony-anew", root], env=os.environ | {"PATH": path}, check=True)
    return (root / "asked").read_text()


def test_chrony_that_would_begin_with_the_same_runs_on(kiosk: Path) -> None:
    assert _asked(kiosk) == "try-restart tram-clock.service\n"


def test_a_hubs_chrony_runs_on_too(hub: Path) -> None:
    assert _asked(hub) == "try-restart tram-clock.service\n"


@pytest.mark.parametrize("machine", ["kiosk", "hub"])
def test_chrony_that_began_while_the_package_was_away_gets_its_configuration(
    machine: str, request: pytest.FixtureRequest
) -> None:
    """A removal stops the watcher, and starts chrony with Debian's configuration; what it began with before stays."""
    assert _asked(request.getfixturevalue(machine), is_watched=False) == "restart chrony.service\n"


@pytest.mark.parametrize("changed", [CONF, HUB_SERVERS, f"{UNIT_D}/tram-hub.conf"])
def test_changed_configuration_of_a_hub_is_taken(hub: Path, changed: str) -> None:
    with (hub / changed).open("a") as file:
        file.write("# newer\n")
    assert _asked(hub) == "restart chrony.service\n"


@pytest.mark.parametrize("changed", [CONF, f"{UNIT_D}/tram-kiosk.conf"])
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
