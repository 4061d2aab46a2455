"""One visit, played through: the citizen's hands and the officer's decision, patient while a part is away."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import httpx
import msgspec
from msgspec import Struct

from provisioning.onebox import settings
from provisioning.onebox.box import OneBox
from provisioning.onebox.controls import Controls
from provisioning.onebox.players import Answer, Citizen, DemoStopped, Officer, PartAway
from provisioning.onebox.purse import Cashless, Purse

T = TypeVar("T")

NAME = "Trần Văn Mẫu"
PEOPLE_STEPS = ("identity ", "next sheet", "pay", "card", "change", "return", "officer ", "hand over")
"""Steps that wait for a person, or for coins to fall."""

_WILLING = {"identity consent": "agree", "identity way 1": "photo", "identity way 2": "without"}
_UNWILLING = {"identity consent": "not-my-face", "identity way 1": "without"}
"""What a citizen answers when the kiosk asks who is there."""
_LOOK_EVERY_S = 0.05


class Step(Struct, frozen=True, kw_only=True):
    """One step of the journey as the kiosk journaled it."""

    name: str
    began_at: datetime
    seconds: float | None


class Visit(Struct, frozen=True, kw_only=True):
    """What a visit came to; `machine_s` leaves out the waiting for people.

    `identity` is what the officer was told of who was there, None where nobody asked. `pages` are those of the
    original, `sheets` what came out of the printer by its own counter.
    """

    visit: str
    certified: bool
    ending: Answer
    steps: list[Step]
    machine_s: float
    bytes_up: int
    bytes_down: int
    officer: str
    identity: Answer | None
    balance: Answer
    pages: int
    sheets: int


class Play:
    """Plays visits in a running set; a proof kills parts in `meanwhile` (at each look) or `at_step` (told the step)."""

    def __init__(
        self,
        box: OneBox,
        say: Callable[[str], None],
        meanwhile: Callable[[], None] = lambda: None,
        *,
        at_step: Callable[[str], None] = lambda _: None,
        heedful: bool = True,
        exact_money: bool = False,
        way: str = "cash",
        shows_face: bool = True,
    ) -> None:
        self._say, self._meanwhile, self._at_step = say, meanwhile, at_step
        self._answers = _WILLING if shows_face else _UNWILLING
        self._box, self._controls = box, Controls(box)
        self._purse = Purse(self._controls, exactly=exact_money)
        self._citizen = Citizen(box.kiosk_url)
        self._cashless = Cashless(self._controls, self._citizen, way) if way != "cash" else None
        self.officer = Officer(box.hub_url, *settings.officer_login(box.folder), heedful=heedful)
        self._verdict = ""
        self._pages: Sequence[Path] = ()

    def one_visit(self, *, copies: int = 1, pages: Sequence[Path] = (), mail: str = "", within_s: float = 120) -> Visit:
        """Play one visit to its end; raise DemoStopped when it does not end in time.

        `pages` are laid on the glass one after another; without them the citizen copies what lies in the scanner.
        The file is also sent to `mail`.
        """
        until, sheets_before, self._pages = time.monotonic() + within_s, self._box.printer.sheets_out, pages
        if pages:
            self._controls.lay_sheets(pages[:1])
        order = partial(self._citizen.start, copies=copies, name=NAME, declared_pages=len(pages) or None, mail=mail)
        visit = self._patiently(order, until)
        last = ""
        while True:
            self._meanwhile()
            screen = self._patiently(lambda: self._citizen.look(visit), until)
            if screen["vi"] != last:
                self._say(f"{screen['vi']}")
                last = screen["vi"]
            self._at_step(str(screen["step"]))
            if screen["closed_at"]:
                return self._result(visit, screen, until, self._box.printer.sheets_out - sheets_before)
            if time.monotonic() > until:
                raise DemoStopped(f"the visit does not end: it stands at {screen['step']}, {screen['vi']}")
            self._act(visit, screen, until)
            time.sleep(_LOOK_EVERY_S)

    def _act(self, visit: str, screen: Answer, until: float) -> None:
        step = str(screen["step"])
        try:
            if step.startswith("next sheet"):
                self._controls.lay_sheets([self._pages[int(screen["paper"]["pages"])]])
                self._citizen.touch(visit, "page-is-in")
            elif step in self._answers:
                self._citizen.touch(visit, self._answers[step])
            elif step == "pay" and self._cashless:
                self._cashless.pay(visit, screen)
            elif step == "pay" and screen["quote"]:
                self._purse.pay(int(screen["quote"]["total_vnd"]), int(screen["balance"]["escrow_vnd"]))
            elif step.startswith(("ask ", "officer ")):
                self._decide()
            elif step.startswith("hand over"):
                self._citizen.touch(visit, "taken")
        except (httpx.TransportError, PartAway):
            if time.monotonic() > until:
                raise

    def _decide(self) -> None:
        try:
            waiting = self.officer.waiting()
        except DemoStopped:
            self.officer.log_in()
            waiting = self.officer.waiting()
        for request in waiting:
            self._say("the officer looks at the paper and decides")
            self._verdict = self.officer.decide(request)

    def _result(self, visit: str, screen: Answer, until: float, sheets: int) -> Visit:
        report = self._patiently(lambda: self._citizen.report(visit), until)
        steps = msgspec.convert(report["steps"], list[Step])
        return Visit(
            visit=visit,
            certified=bool(screen["certified"]),
            ending=screen["ending"],
            steps=steps,
            machine_s=round(sum(each.seconds or 0 for each in steps if not each.name.startswith(PEOPLE_STEPS)), 3),
            bytes_up=report["bytes_up"],
            bytes_down=report["bytes_down"],
            officer=self._verdict,
            identity=self.officer.seen.get("identity"),
            balance=screen["balance"],
            pages=int(screen["paper"]["pages"]) if screen["paper"] else 0,
            sheets=sheets,
        )

    def _patiently(self, ask: Callable[[], T], until: float) -> T:
        """Return the answer of a part that may be away for a while."""
        while True:
            try:
                return ask()
            except httpx.TransportError as away:
                if time.monotonic() > until:
                    raise DemoStopped(f"a part of the set does not answer: {away}") from away
                self._meanwhile()
                time.sleep(_LOOK_EVERY_S)
