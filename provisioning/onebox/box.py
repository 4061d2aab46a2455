"""The one-machine set: PKI, broker, hub, printer stand-in and kiosk, started in order and stopped in reverse."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from contract.clock import SystemClock
from hub import config as hub_config
from hub.app import open_pki
from hub.signing import pki as signing_pki
from provisioning.broker import BrokerFiles
from provisioning.onebox import broker, settings
from provisioning.onebox.agencies import AgenciesStandIn
from provisioning.onebox.bank import SimulatedBank
from provisioning.onebox.cash_machines import CashStandIn
from provisioning.onebox.child import Child, ChildFailed, free_port, port_open
from provisioning.onebox.mail_server import MailServer
from provisioning.onebox.person import PersonStandIn
from provisioning.onebox.printer import PrinterStandIn
from provisioning.onebox.ticket_printer import TicketStandIn

Progress = Callable[[str], None]
_StandIn = PrinterStandIn | TicketStandIn | CashStandIn | PersonStandIn | MailServer | AgenciesStandIn
TRAM = Path(sys.executable).with_name("tram")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The local TCP ports of the set."""

    broker: int
    hub: int
    kiosk: int
    printer: int
    enrolment: int

    @classmethod
    def free(cls) -> "Ports":
        """Return ports that nothing listens on now."""
        return cls(broker=free_port(), hub=free_port(), kiosk=free_port(), printer=free_port(), enrolment=free_port())

    def check(self) -> None:
        """Raise ChildFailed naming the port that somebody else has."""
        for name in ("broker", "hub", "kiosk", "printer", "enrolment"):
            if port_open(port := getattr(self, name)):
                raise ChildFailed(f"Port {port} ({name}) is taken. Stop what listens there (ss -ltnp) and start again.")


class OneBox:
    """Every part as a child process in one folder; parts can be killed and started again one by one."""

    def __init__(
        self,
        folder: Path,
        sheets: Sequence[Path],
        ports: Ports,
        *,
        keep_in: Path | None = None,
        asks_who_is_there: bool = False,
    ) -> None:
        self.folder, self.ports = folder.resolve(), ports
        self.sheets, self._keep_in = [sheet.resolve() for sheet in sheets], keep_in
        self.printer = PrinterStandIn(self.folder / "printer", ports.printer)
        self.tickets = TicketStandIn(self.folder / "tickets")
        self.cash = CashStandIn(self.folder / "cash")
        self.agencies = AgenciesStandIn(self.folder / "agencies")
        self._person = PersonStandIn(self.folder / "person") if asks_who_is_there else None
        self._stand_ins: dict[str, _StandIn] = {
            "agencies": self.agencies,
            "printer": self.printer,
            "ticket printer": self.tickets,
            "cash": self.cash,
        }
        if self._person:
            self._stand_ins["person with a card"] = self._person
        self.bank = SimulatedBank(self.hub_url, settings.bank_key(self.folder))
        self._mail_port = free_port()
        self.letters = self.folder / "mail"
        self.children: dict[str, Child] = {}

    @property
    def hub_url(self) -> str:
        """Where the hub's API and the verify page answer."""
        return f"http://127.0.0.1:{self.ports.hub}"

    @property
    def kiosk_url(self) -> str:
        """Where the kiosk's local API answers."""
        return f"http://127.0.0.1:{self.ports.kiosk}"

    def start(self, say: Progress, *, hub: bool = True, kiosk: bool = True) -> None:
        """Start everything; raise ChildFailed with what failed and its log, having stopped what had started.

        Without `kiosk` it is made ready and left to whoever runs it: its file is `kiosk.toml` in the folder. Without
        `hub` the ports of broker and hub are left to those of another machine.
        """
        self.ports.check()
        try:
            self._make_files(say)
            for name in (*(["broker", "hub"] if hub else []), *self._stand_ins, *(["kiosk"] if kiosk else [])):
                say(f"starting the {name}")
                self.start_part(name)
        except ChildFailed:
            self.stop()
            raise

    def start_part(self, name: str) -> None:
        """Start one part and wait until it answers."""
        if name in self._stand_ins:
            self._stand_ins[name].start()
            return
        self.children[name].start(self._signs()[name], within_s=60)

    def kill_part(self, name: str) -> None:
        """Pull the plug of one part."""
        (self._stand_ins.get(name) or self.children[name]).kill()

    def stop(self) -> None:
        """Stop everything, last started first."""
        for child in reversed(self.children.values()):
            child.stop()
        for stand_in in reversed(self._stand_ins.values()):
            stand_in.stop()

    def _make_files(self, say: Progress) -> None:
        say("making keys and certificates")
        place = settings.Place(
            folder=self.folder,
            broker_port=self.ports.broker,
            hub_port=self.ports.hub,
            enrolment_port=self.ports.enrolment,
            kiosk_port=self.ports.kiosk,
            printer_uri=self.printer.uri,
            mail_port=self._mail_port,
            ticket_port=self.tickets.port,
            board_port=self.cash.port,
            sheets=self.sheets,
            keep_in=self._keep_in,
            agencies=self.agencies,
            person=self._person,
        )
        hub_file = settings.write_hub(place)
        signing_pki.ensure(  # hub.toml names files among the keys, and is refused while they are not there
            self.folder / "hub" / "pki", SystemClock(), agency=settings.AGENCY["name"], certifiers=()
        )
        config = hub_config.load(hub_file)
        pki = open_pki(config, SystemClock())
        server, crl = pki.broker.server, pki.broker.crl_path
        files = BrokerFiles(ca=server.authority, crl=crl, certificate=server.certificate, key=server.key)
        broker_file = broker.write_config(self.folder / "broker", self.ports.broker, files)
        self._stand_ins["mail server"] = MailServer(self.letters, server, self._mail_port)
        kiosk_file = settings.write_kiosk(place, pki.issue_kiosk(settings.KIOSK_ID))
        self.children = {
            "broker": self._child("broker", ["mosquitto", "-c", str(broker_file)]),
            "hub": self._child("hub", [str(TRAM), "hub", "--config", str(hub_file)]),
            "kiosk": self._child("kiosk", [str(TRAM), "kiosk", "--config", str(kiosk_file)]),
        }

    def _child(self, name: str, argv: Sequence[str]) -> Child:
        return Child(name, argv, self.folder / "logs" / f"{name}.log")

    def _signs(self) -> dict[str, Callable[[], bool]]:
        return {
            "broker": lambda: port_open(self.ports.broker),
            "hub": lambda: answers(f"{self.hub_url}/health"),
            "kiosk": lambda: answers(f"{self.kiosk_url}/status"),
        }


def answers(url: str) -> bool:
    """Return whether a GET of `url` succeeds now."""
    try:
        return httpx.get(url, timeout=1.0).is_success
    except httpx.TransportError:
        return False
