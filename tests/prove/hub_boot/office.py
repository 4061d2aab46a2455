"""The hub's machine and what stands around it: one kiosk with simulated devices, whose program runs on this machine."""

import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx

from provisioning.clock import chrony_conf
from provisioning.onebox import glass, settings
from provisioning.onebox.box import TRAM, OneBox, Ports
from provisioning.onebox.play import Play
from tests.prove.boot.machine import Machine, MachineFailed
from tests.prove.boot.promises import say
from tests.prove.boot.time_server import TimeServer
from tests.prove.enrolment import Operator

HUB, BROKER, DATABASE = "tram-hub.service", "mosquitto.service", "postgresql.service"
PORTS = replace(Ports.free(), hub=8080, broker=8883, enrolment=8443)
"""Those of the hub are what `tram hub init` writes."""
_TELL_EVERY_S = 10.0


class Office:
    """One hub in `machine`, whose `package` is installed and later replaced by a `newer` one."""

    def __init__(self, machine: Machine, shared: Path, package: Path, newer: Path) -> None:
        self.machine, self.package, self.newer = machine, package, newer
        self.shared, self.kept = shared, shared / "kept"
        self.kept.mkdir(parents=True)
        self.box = OneBox(shared / "box", glass.lay((), shared / "glass"), PORTS, keep_in=self.kept)
        self.time: TimeServer

    def start(self) -> None:
        """Start what stands around the hub, but the kiosk."""
        self.box.start(lambda _: None, hub=False, kiosk=False)
        self.time = TimeServer(self.shared, self.box.folder / "hub" / "pki" / "broker" / "root")

    def stop(self) -> None:
        """End the machine and what stands around it."""
        self.machine.pull_the_plug()
        self.time.stop()
        self.box.stop()

    def fit_clock(self) -> None:
        """Name the site's own time server to the hub's machine, as its administrator does."""
        servers = self.machine.root / "etc/chrony/tram-servers/default.conf"
        servers.write_text(chrony_conf((self.time.name,)))
        self.time.fit(self.machine)

    def clock_is_believed(self) -> bool:
        """Return whether the hub's clock may date a copy (R23), by the rule that it goes by."""
        rule = "from contract.time_report import *; print(require_believable(REPORT))"
        return "authenticated" in self.machine.says(f"/opt/tram-hub/current/bin/python -c '{rule}'")

    def until_clock_believed(self, within_s: float = 90) -> float:
        """Wait for it; return the seconds."""
        return self.machine.until("the hub's clock is believed", self.clock_is_believed, within_s)

    def do(self, command: str, *, within_s: float = 180.0) -> str:
        """Return what a shell command says on the hub's machine."""
        return self.machine.do(f"cd / && {command}", within_s=within_s)  # nsenter leaves it nowhere

    def pid(self) -> str:
        """Return the hub's process id."""
        return self.machine.shown(HUB, "MainPID")

    def serves(self, *, not_pid: str = "") -> bool:
        """Return whether the hub is up, as systemd and its own page say."""
        try:
            answers = httpx.get(f"{self.box.hub_url}/health", timeout=2).is_success
        except httpx.HTTPError:
            return False
        return answers and self.machine.active(HUB) and self.pid() != not_pid

    def until_serves(self, within_s: float = 90, *, not_pid: str = "") -> float:
        """Wait for it; return the seconds."""
        return self.machine.until("the hub serves", lambda: self.serves(not_pid=not_pid), within_s)

    def kiosk_online(self) -> bool:
        """Return whether the kiosk has its hand on the broker and the hub."""
        try:
            return bool(httpx.get(f"{self.box.kiosk_url}/status", timeout=5).json()["link"]["online"])
        except httpx.HTTPError:
            return False

    def until_online(self, within_s: float = 120) -> float:
        """Wait for it; return the seconds."""
        return self.machine.until("the kiosk is online", self.kiosk_online, within_s)

    def copy(
        self,
        at_step: Callable[[str], None] = lambda _: None,
        meanwhile: Callable[[], None] = lambda: None,
        within_s: float = 240,
    ) -> float:
        """Have one copy made and judged by `tram verify` and poppler; return the seconds; raise MachineFailed."""
        began_s = time.monotonic()
        signed = self.kept / "copy.pdf"
        signed.unlink(missing_ok=True)
        play = Play(self.box, lambda _: None, meanwhile, at_step=_telling(at_step), heedful=False)
        visit = play.one_visit(within_s=within_s)
        if not visit.certified or visit.sheets < 1:
            raise MachineFailed(f"no copy came out: {visit.ending}")
        took_s = time.monotonic() - began_s
        trust = self.kept / "trust.json"
        trust.write_bytes(httpx.get(f"{self.box.hub_url}/trust.json").raise_for_status().content)
        for argv in ([TRAM, "verify", "--trust", trust, "--offline", signed], ["pdfsig", signed]):
            judged = subprocess.run(argv, capture_output=True, text=True, check=False)
            if judged.returncode:
                raise MachineFailed(f"{argv[0]} does not accept the copy: {judged.stdout}{judged.stderr}")
        return took_s

    def numbers(self) -> list[int]:
        """Return the register's numbers, in order."""
        said = self.do('runuser -u postgres -- psql -At tram-hub -c "SELECT number FROM register_row ORDER BY number"')
        return [int(each) for each in said.split()]

    def operator(self) -> Operator:
        """Return who runs the kiosks, logged in."""
        return Operator(self.box)

    def type_roster(self) -> None:
        """Enter officer, operator and kiosk as a person would type it."""
        login, password, _ = settings.officer_login(self.box.folder)
        secret = f"TRAM_OFFICER_PASSWORD='{password}'"
        self.do(
            f"{secret} tram hub officer {login} --role certifier --name 'Nguyễn Thị Mẫu' "
            "--title 'Phó Chủ tịch UBND phường' --authority-document '00/QĐ-UBND (mẫu)' --valid-from 2026-01-01"
        )
        self.do(
            f"{secret} tram hub officer {settings.OPERATOR} --role operator --name 'Trần Văn Mẫu' --title 'Vận hành'"
        )
        for kiosk in (settings.KIOSK_ID, f"{settings.KIOSK_ID}-lost"):
            self.do(
                f"tram hub kiosk {kiosk} --site '{settings.SITE}' --legal-mode PILOT_REMOTE "
                f"--legal-decision '{settings.DECISION}'"
            )


def _telling(at_step: Callable[[str], None]) -> Callable[[str], None]:
    """Return `at_step` that also says where a copy stands which takes long."""
    told_s = time.monotonic()

    def tell(step: str) -> None:
        nonlocal told_s
        if time.monotonic() - told_s > _TELL_EVERY_S:
            told_s = time.monotonic()
            say(f"    the copy stands at: {step}")
        at_step(step)

    return tell
