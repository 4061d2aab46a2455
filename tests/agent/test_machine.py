"""The kernel's files as a Raspberry Pi, a Jetson and a container have them: what is there is read, the rest is said."""

import os
from pathlib import Path

import pytest

from agent.upkeep.machine import Machine, Measured


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    data = tmp_path / "data"
    data.mkdir()
    return Machine(folder=data, root=tmp_path)


def on_disk(machine: Machine, disk: str = "mmcblk0", part: str = "mmcblk0p2") -> Path:
    """Let the data folder lie on a partition, as /sys shows it; return the disk's folder."""
    device = machine.folder.stat().st_dev
    block = machine.root / "sys/devices/platform/emmc/block" / disk
    write(block / part / "partition", "2\n")
    link = machine.root / "sys/dev/block" / f"{os.major(device)}:{os.minor(device)}"
    link.parent.mkdir(parents=True)
    link.symlink_to(block / part)
    return block


def test_machine_that_tells_nothing_says_of_each_figure_that_it_is_not_known_here(machine: Machine) -> None:
    measured = machine.measure()
    assert measured.figures == {}
    assert set(measured.unknown) == {"temperature_c", "under_voltage", "storage_worn_percent", "storage_errors"}
    assert all(why.startswith("not known here: ") for why in measured.unknown.values())


def test_hottest_zone_counts_and_the_pi_tells_of_its_supply(machine: Machine) -> None:
    for number, text in enumerate(("48312\n", "61000\n")):
        write(machine.root / f"sys/class/thermal/thermal_zone{number}/temp", text)
    write(machine.root / "sys/class/hwmon/hwmon0/name", "cpu_thermal\n")
    write(machine.root / "sys/class/hwmon/hwmon1/name", "rpi_volt\n")
    write(machine.root / "sys/class/hwmon/hwmon1/in0_lcrit_alarm", "1\n")
    figures = machine.measure().figures
    assert (figures["temperature_c"], figures["under_voltage"]) == (61.0, 1.0)


@pytest.mark.parametrize(
    ("life", "worn"), [("0x01 0x02\n", 20), ("0x0a 0x03\n", 100), ("0x0b 0x01\n", 110), ("0x00 0x00\n", None)]
)
def test_emmc_tells_its_wear_in_tenths(machine: Machine, life: str, worn: float | None) -> None:
    write(on_disk(machine) / "device/life_time", life)
    measured = machine.measure()
    assert measured.figures.get("storage_worn_percent") == worn
    assert ("storage_worn_percent" in measured.unknown) is (worn is None)


def test_file_system_counts_its_errors(machine: Machine) -> None:
    on_disk(machine)
    write(machine.root / "sys/fs/ext4/mmcblk0p2/errors_count", "3\n")
    measured = machine.measure()
    assert measured.figures["storage_errors"] == 3
    assert measured.unknown["storage_worn_percent"] == "not known here: mmcblk0 has no life_time, as an eMMC has"


def test_rubbish_in_a_kernel_file_is_unknown_and_stops_nothing(machine: Machine) -> None:
    write(machine.root / "sys/class/thermal/thermal_zone0/temp", "hot\n")
    assert isinstance(machine.measure(), Measured) and "temperature_c" in machine.measure().unknown


def test_this_very_machine_can_be_measured(tmp_path: Path) -> None:
    measured = Machine(folder=tmp_path).measure()
    assert len(measured.figures) + len(measured.unknown) == 4
