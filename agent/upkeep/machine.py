"""The machine under the kiosk, from the kernel's own files: temperature, supply, wear and errors of the storage.

| figure | file |
|---|---|
| `temperature_c` | the hottest of `/sys/class/thermal/thermal_zone*/temp` (m°C) |
| `under_voltage` | `in0_lcrit_alarm` of the hwmon named `rpi_volt` (Raspberry Pi: the supply fell below 4.63 V) |
| `storage_worn_percent` | `life_time` of the data folder's eMMC: upper bound of the worse of its two tenths |
| `storage_errors` | `errors_count` of the ext4 under the data folder |

What a machine does not have is not known here, and said so; nothing is guessed.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path


class NotKnownHere(Exception):
    """The machine does not tell this; the text says what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The figures, and for each that is missing the reason."""

    figures: Mapping[str, float]
    unknown: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The machine whose data lie in `folder`; `root` is where its `/sys` hangs."""

    folder: Path
    root: Path = Path("/")

    def measure(self) -> Measured:
        """Return what can be read now."""
        figures: dict[str, float] = {}
        unknown: dict[str, str] = {}
        for name, read in self._readings().items():
            try:
                figures[name] = read()
            except (NotKnownHere, OSError, ValueError) as fault:
                unknown[name] = f"not known here: {fault}"
        return Measured(figures=figures, unknown=unknown)

    def _readings(self) -> Mapping[str, Callable[[], float]]:
        return {
            "temperature_c": self._temperature_c,
            "under_voltage": self._under_voltage,
            "storage_worn_percent": self._storage_worn_percent,
            "storage_errors": self._storage_errors,
        }

    def _temperature_c(self) -> float:
        found = [_number(path) / 1000 for path in self._sys("class/thermal").glob("thermal_zone*/temp")]
        if not found:
            raise NotKnownHere("the kernel has no thermal zone")
        return max(found)

    def _under_voltage(self) -> float:
        for name in self._sys("class/hwmon").glob("hwmon*/name"):
            if name.read_text().strip() == "rpi_volt":
                return _number(name.with_name("in0_lcrit_alarm"))
        raise NotKnownHere("the kernel has no sensor rpi_volt (raspberrypi-hwmon)")

    def _storage_worn_percent(self) -> float:
        life = self._block_device() / "device" / "life_time"
        if not life.exists():
            raise NotKnownHere(f"{self._block_device().name} has no life_time, as an eMMC has")
        tenths = [int(word, 16) for word in life.read_text().split()]
        worst = max(tenths)
        if worst == 0:
            raise NotKnownHere("the eMMC does not define its life_time")
        return min(worst * 10, 110)

    def _storage_errors(self) -> float:
        errors = self._sys("fs/ext4") / self._partition().name / "errors_count"
        if not errors.exists():
            raise NotKnownHere("the data folder does not lie on an ext4")
        return _number(errors)

    def _partition(self) -> Path:
        device = self.folder.stat().st_dev
        link = self._sys("dev/block") / f"{os.major(device)}:{os.minor(device)}"
        if not link.exists():
            raise NotKnownHere("the data folder does not lie on a block device")
        return link.resolve()

    def _block_device(self) -> Path:
        partition = self._partition()
        return partition.parent if (partition / "partition").exists() else partition

    def _sys(self, below: str) -> Path:
        return self.root / "sys" / below


def _number(path: Path) -> float:
    return float(path.read_text().strip())
