"""The machine under the kiosk: power, heat, storage, disk, certificate, models."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from agent.config import Config
from agent.link.device_key import certificate_in
from agent.link.mqtt import Credentials
from agent.upkeep.machine import Machine
from agent.upkeep.renewal import due_at
from contract.clock import VIETNAM, Clock
from contract.messages import DeviceReading
from models import manifest
from provisioning.checkup import updates
from provisioning.checkup.clock import board_clock
from provisioning.checkup.line import attention, bad, good

LEAST_MB, FEW_MB = 200, 1_000
HOT_C = 80.0
WORN_PERCENT = 80.0
_UNDER_VOLTAGE_NOW, _UNDER_VOLTAGE_SINCE_BOOT = 1 << 0, 1 << 16
"""Bits of the Raspberry Pi's `vcgencmd get_throttled`."""


def throttled() -> int | None:
    """Return what the Raspberry Pi's firmware says, None on another machine."""
    if shutil.which("vcgencmd") is None:
        return None
    said = subprocess.run(["vcgencmd", "get_throttled"], capture_output=True, text=True, timeout=5, check=False).stdout
    _, sign, figure = said.strip().partition("=")
    return int(figure, 16) if sign else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """One machine's."""

    config: Config
    credentials: Credentials
    clock: Clock
    root: Path = Path("/")
    throttled: Callable[[], int | None] = field(default=throttled)

    def lines(self) -> list[DeviceReading]:
        """Return one line a subject."""
        measured = Machine(folder=self.config.kiosk.folder, root=self.root).measure()
        figures, unknown = measured.figures, measured.unknown
        return [
            board_clock(self.root, self.clock),
            self._power(figures.get("under_voltage"), unknown.get("under_voltage", "")),
            self._heat(figures.get("temperature_c"), unknown.get("temperature_c", "")),
            self._storage(figures.get("storage_worn_percent"), figures.get("storage_errors"), unknown),
            self._disk(),
            self._certificate(),
            self._models(),
            updates.line(self.config, self.clock),
        ]

    def _power(self, alarm: float | None, why: str) -> DeviceReading:
        flags = self.throttled()
        remedy = "Replace the power supply or its cable; the one of the maker gives 5.1 V."
        if alarm or (flags or 0) & _UNDER_VOLTAGE_NOW:
            return attention("power", "the supply is below 4.63 V now", remedy, self.clock)
        if (flags or 0) & _UNDER_VOLTAGE_SINCE_BOOT:
            return attention("power", "the supply fell below 4.63 V since the start", remedy, self.clock)
        return good("power", why if alarm is None and flags is None else "enough voltage", self.clock)

    def _heat(self, heat_c: float | None, why: str) -> DeviceReading:
        if heat_c is not None and heat_c >= HOT_C:
            remedy = "Clean the fan and its grille; see that nothing covers the cabinet."
            return attention("heat", f"{heat_c:.0f} °C", remedy, self.clock)
        return good("heat", why if heat_c is None else f"{heat_c:.0f} °C", self.clock)

    def _storage(self, worn: float | None, errors: float | None, unknown: object) -> DeviceReading:
        if errors:
            remedy = "Replace the storage; keep the old one for its ledger."
            return bad("storage", f"{errors:.0f} errors of the file system", remedy, self.clock)
        if worn is not None and worn >= WORN_PERCENT:
            return attention("storage", f"{worn:.0f} % of its life is used", "Plan a new storage module.", self.clock)
        known = [f"{worn:.0f} % worn" if worn is not None else "", "no errors" if errors is not None else ""]
        return good("storage", ", ".join(filter(None, known)) or "wear and errors are not known here", self.clock)

    def _disk(self) -> DeviceReading:
        folder = self.config.kiosk.folder
        there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
        free_mb = shutil.disk_usage(there).free / 1e6
        detail = f"{free_mb:,.0f} MB free"
        if free_mb < LEAST_MB:
            return bad("disk", detail, "Collect the logs, then make room; the ledger needs it.", self.clock)
        if free_mb < FEW_MB:
            return attention("disk", detail, "Collect the logs, then make room.", self.clock)
        return good("disk", detail, self.clock)

    def _certificate(self) -> DeviceReading:
        now, due = self.clock.now(), due_at(self.credentials)
        days = (certificate_in(self.credentials.certificate).not_valid_after_utc - now).total_seconds() / 86_400
        kept = "key under the TPM" if self.credentials.key.sealed else "no TPM: key readable"
        if days < 0:
            remedy = "Make an enrolment code at the console, then: tram enrol"
            return bad("certificate", f"ended {-days:.0f} days ago", remedy, self.clock)
        if now > due and (now - due).days > 1:
            remedy = "It should have renewed itself: see the kiosk's log; else make a code, then: tram enrol"
            return attention("certificate", f"{days:.0f} days left, due since {due:%d/%m}", remedy, self.clock)
        renews = f"renews {due.astimezone(VIETNAM):%d/%m/%Y}" if self.config.hub.est else "nobody renews it"
        return good("certificate", f"{days:.0f} days left, {renews}; {kept}", self.clock)

    def _models(self) -> DeviceReading:
        sound, wrong, absent = 0, "", 0
        for weight in manifest.weights().values():
            try:
                manifest.check(weight, weight.path())
                sound += 1
            except manifest.ModelMissing:
                absent += 1
            except (manifest.ModelChanged, OSError) as fault:
                wrong = str(fault)
        if wrong:
            detail, _, remedy = wrong.partition(". ")
            return bad("models", detail, remedy, self.clock)
        rest = f", {absent} not installed" if absent else ""
        return good("models", f"{sound} as listed{rest}", self.clock)
