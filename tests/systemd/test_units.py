"""The units as systemd reads them: no fault, hardened, and no program of ours without a limit of memory and tasks."""

import subprocess
from configparser import RawConfigParser
from pathlib import Path

import pytest

UNITS = Path(__file__).resolve().parents[2] / "systemd" / "units"
SERVICES = sorted(UNITS.glob("*.service"))
MOST_EXPOSED = 1.5
FORGIVEN = ("is not executable", "Failed to open /etc/tram")
"""What is not on the machine that tests."""


def _units(path: Path) -> RawConfigParser:
    read = RawConfigParser(strict=False, delimiters=("=",), comment_prefixes=("#",), interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read_string(path.read_text())
    return read


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.stem)
def test_a_unit_is_hardened(service: Path) -> None:
    argv = [
        "systemd-analyze",
        "security",
        "--offline=true",
        f"--threshold={MOST_EXPOSED * 10:.0f}",
        f"./{service.name}",
    ]
    judged = subprocess.run(argv, cwd=UNITS, capture_output=True, text=True, check=False)
    assert judged.returncode == 0, judged.stdout.splitlines()[-1]


def test_the_hardening_of_all_is_what_makes_them_so(tmp_path: Path) -> None:
    (tmp_path / "tram-agent.service").write_text((UNITS / "tram-agent.service").read_text())
    argv = ["systemd-analyze", "security", "--offline=true", "--threshold=15", "./tram-agent.service"]
    assert subprocess.run(argv, cwd=tmp_path, capture_output=True, check=False).returncode != 0


def test_systemd_finds_no_fault_in_a_unit() -> None:
    units = [f"./{path.name}" for path in sorted(UNITS.iterdir()) if path.is_file()]
    said = subprocess.run(["systemd-analyze", "verify", *units], cwd=UNITS, capture_output=True, text=True, check=False)
    faults = [
        line for line in said.stderr.splitlines() if "tram" in line and not any(each in line for each in FORGIVEN)
    ]
    assert faults == []


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.stem)
def test_a_unit_has_limits_and_ends_in_time(service: Path) -> None:
    unit = _units(service)["Service"]
    assert "MemoryMax" in unit
    assert "TasksMax" in unit
    if unit.get("Type") != "oneshot":
        assert int(unit["TimeoutStopSec"]) <= 5


def test_memory_of_all_that_runs_at_once_fits_a_board_of_2_gb() -> None:
    running = ("tram-agent", "tram-screen", "tram-display")
    limits = [int(_units(UNITS / f"{name}.service")["Service"]["MemoryMax"].removesuffix("M")) for name in running]
    assert sum(limits) <= 2000


@pytest.mark.parametrize("name", ["tram-agent", "tram-screen", "tram-display", "tram-closed"])
def test_whatever_fails_for_good_ends_in_a_screen_that_says_so(name: str) -> None:
    unit = _units(UNITS / f"{name}.service")
    assert unit["Service"]["Restart"] == "always"
    assert int(unit["Unit"]["StartLimitBurst"]) > 0
    assert unit["Unit"]["OnFailure"] in ("tram-closed.service", "tram-closed-text.service")


@pytest.mark.parametrize("name", ["tram-update", "tram-hub-broker"])
def test_what_a_watched_file_starts_has_no_start_limit_that_would_end_the_watching(name: str) -> None:
    assert (UNITS / f"{name}.path").exists()
    assert _units(UNITS / f"{name}.service")["Unit"]["StartLimitIntervalSec"] == "0"


def test_only_the_agent_reaches_the_outside() -> None:
    reach = [path.stem for path in SERVICES if "IPAddressDeny" not in _units(path)["Service"]]
    assert reach == ["tram-agent", "tram-hub", "tram-update"]


def test_accounts_folders_and_rules_are_accepted(tmp_path: Path) -> None:
    etc = UNITS.parent / "etc"
    (tmp_path / "etc").mkdir()
    accounts = ["systemd-sysusers", f"--root={tmp_path}", str(etc / "tram-kiosk.sysusers")]
    said = subprocess.run(accounts, capture_output=True, text=True, check=True)
    assert {line.split(":")[0] for line in (tmp_path / "etc/passwd").read_text().splitlines()} >= {
        "tram",
        "tram-screen",
        "tram-update",
    }
    assert "not a valid" not in said.stderr


def test_what_a_boot_starts_takes_no_console_from_a_machine_that_is_not_enrolled() -> None:
    """systemd settles conflicts before it looks at conditions: even a unit that is then skipped costs the console."""
    started, left, found = set[str](), ["tram.target"], list[str]()
    while left:
        started.add(name := left.pop())
        unit = _units(UNITS / name)["Unit"] if (UNITS / name).exists() else {}
        left += [each for key in ("Wants", "Requires") for each in unit.get(key, "").split() if each not in started]
        found += [name for each in unit.get("Conflicts", "").split() if each.startswith("getty@")]
    assert "tram-display.service" in started
    assert found == []


def test_panel_has_a_session_on_the_console_or_debian_s_weston_gets_no_graphics_card() -> None:
    unit, build = (UNITS / "tram-display.service").read_text(), (UNITS.parent / "deb/build.sh").read_text()
    pam = (UNITS.parent / "etc/tram-display.pam").read_text()
    for line in ("PAMName=tram-display", "TTYPath=/dev/tty1", "StandardInput=tty-fail"):
        assert f"\n{line}\n" in unit
    assert "systemd/etc/tram-display.pam" in build and "pam_systemd.so" in pam
    assert "libpam-systemd" in (UNITS.parent / "deb/control").read_text()


def test_kinds_of_devices_that_come_as_modules_are_known_before_the_agent_starts() -> None:
    modules = {"ttyACM": "cdc_acm", "ttyUSB": "usbserial", "video4linux": "videodev", "alsa": "snd"}
    built_in = {"ttyAMA", "usb", "usb_device", "tpm", "gpiochip"}
    loaded = (UNITS.parent / "etc/tram-kiosk.modules").read_text().split("\n")
    agent = (UNITS / "tram-agent.service").read_text()
    kinds = {line.split()[0].partition("char-")[2] for line in agent.split("DeviceAllow=")[1:]}
    assert {modules[kind] for kind in kinds - built_in} <= set(loaded)


HARDENING = UNITS / "tram-.service.d" / "hardening.conf"


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.stem)
def test_no_unit_says_what_the_hardening_of_all_would_take_back(service: Path) -> None:
    """A drop-in comes after the unit: who needs less says so in one of its own, which comes after that."""
    shared, own = _units(HARDENING)["Service"], _units(service)["Service"]
    assert {key: own[key] for key in shared if key in own and own[key] != shared[key]} == {}
    for path in (UNITS / f"{service.name}.d").glob("*.conf"):
        assert path.name > HARDENING.name


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.stem)
def test_who_writes_on_a_console_may_open_it(service: Path) -> None:
    unit = _units(service)["Service"]
    if (console := unit.get("TTYPath")) and "DevicePolicy" in unit:
        assert f"{console} rw" in unit.get("DeviceAllow", "")


def test_weston_finds_itself_in_proc() -> None:
    assert _units(UNITS / "tram-display.service.d" / "session.conf")["Service"]["ProtectProc"] == "default"
