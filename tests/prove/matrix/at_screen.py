"""The cells of what is done at the screen without a visit: a procedure's slip, feedback and its code, separator sheets.

What the scene says of paper must agree with the machines' own counts; where nothing came out, a second touch succeeds.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.journeys.parts import Kiosk
from agent.screen.page.activities import found
from agent.screen.page.stage import Stage
from agent.screen.page.state import Deed, Held, Tap
from contract.messages import FeedbackFact, PrintOutcome
from tests.agent.kiosk_doubles import PowerCut
from tests.prove.matrix.stories import DOSSIER, Story
from tests.prove.matrix.town import Place, nobody
from tests.prove.matrix.trouble import Trouble

LOOK_S, BOOTED_S, QUIET_S = 0.5, 10.0, 120.0
PATIENCE_S = 600.0
READS_S = 5.0
Touch = tuple[Deed, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The touches up to the one that matters, and how its end is told from what the scene holds; '' while it runs."""

    before: tuple[Touch, ...]
    touch: Touch
    outcome: Callable[[Any], str]
    way_on: str


def _listed(component: str) -> tuple[Touch, ...]:
    return (
        (Deed.ACT, f"paper:{component}"), (Deed.ACT, "pages:1"), (Deed.GO_ON, ""), (Deed.ACT, "condition:A"),
    )  # fmt: skip


_GUIDE = {"": "", "coming": "", "out": "PRINTED", "unknown": "UNKNOWN", "failed": "NOT_PRINTED"}
_FEEDBACK = ((Deed.WAKE, ""), (Deed.OPEN, "feedback"), (Deed.ACT, "2"), (Deed.ACT, "answer"))
SCRIPTS: Mapping[str, Script] = {
    "guide": Script(
        before=((Deed.WAKE, ""), (Deed.OPEN, "guide"), (Deed.ACT, f"open:{DOSSIER.procedure}")),
        touch=(Deed.ACT, "print"),
        outcome=lambda held: _GUIDE[held.slip],
        way_on='class="qr"',
    ),
    "feedback": Script(
        before=_FEEDBACK,
        touch=(Deed.GO_ON, ""),
        outcome=lambda held: "SENT" if held.scene == "thanks" else "",
        way_on='data-do="go-on"',
    ),
    "feedback code": Script(
        before=(*_FEEDBACK, (Deed.GO_ON, "")),
        touch=(Deed.ACT, "print"),
        outcome=lambda held: held.slip or "",
        way_on='class="qr"',
    ),
    "separators": Script(
        before=(
            (Deed.WAKE, ""), (Deed.OPEN, "digitise"), (Deed.ACT, f"procedure:{DOSSIER.procedure}"),
            *(touch for each in DOSSIER.papers for touch in _listed(each.component)), (Deed.GO_ON, ""),
        ),
        touch=(Deed.ACT, "separators"),
        outcome=lambda held: held.sheets or "",
        way_on='id="go-on"',
    ),
}  # fmt: skip


@dataclass(slots=True)
class Acted:
    """What a cell came to: what the scene said, what it showed, and what had come out by then and after the next try.

    After a power cut `said` is CUT: the screen begins anew.
    """

    place: Place
    script: Script
    said: str = ""
    html: str = ""
    came: int = 0
    said_next: str = ""
    came_next: int = 0
    feedback: int = 0
    is_gone: bool = False
    unsent: int = 0
    crashed: str = ""


class Glass:
    """The screen under the citizen's finger."""

    def __init__(self, kiosk: Kiosk) -> None:
        self.stage = Stage(kiosk, nobody, found(kiosk))

    async def touch(self, touch: Touch) -> None:
        """Touch what this scene offers."""
        await self.stage.look()
        assert self.stage.scene is not None
        await self.stage.tap(Tap(scene=self.stage.scene.name, do=touch[0], value=touch[1]))

    async def wait(self, script: Script) -> str:
        """Return how it ended, blank where the scene does not say so in time."""
        for _ in range(round(PATIENCE_S / LOOK_S)):
            await self.stage.look()
            if self.held is None or (said := script.outcome(self.held)):
                return said if self.held else ""
            await asyncio.sleep(LOOK_S)
        return ""

    @property
    def held(self) -> Held | None:
        """What the open activity holds."""
        return self.stage.state.held


async def play(folder: Path, story: str, trouble: Trouble) -> Acted:
    """Play one cell; to be run in virtual time."""
    acted = Acted(Place(folder, trouble, Story()), SCRIPTS[story])
    try:
        await _both(acted)
    except Exception as fault:  # noqa: BLE001 - a crash of the agent is a broken promise, not the proof's end
        acted.crashed = f"the agent crashed: {fault!r}"
    return acted


async def _both(acted: Acted) -> None:
    try:
        async with acted.place.kiosk() as kiosk:
            await asyncio.sleep(BOOTED_S)
            await _first(kiosk, acted)
            await _second(kiosk, acted)
    except PowerCut:
        acted.said, acted.came = "CUT", _came(acted.place)
        async with acted.place.kiosk() as kiosk:
            acted.html = await Glass(kiosk).stage.shown()
            await _second(kiosk, acted)


async def _first(kiosk: Kiosk, acted: Acted) -> None:
    trouble, glass = acted.place.trouble, Glass(kiosk)
    for each in acted.script.before:
        await glass.touch(each)
    trouble.began(trouble.step)
    await glass.touch(acted.script.touch)
    acted.said = await glass.wait(acted.script)
    trouble.ends(trouble.step)
    if trouble.power.off:
        raise PowerCut
    acted.html, acted.came = await glass.stage.shown(), _came(acted.place)
    await asyncio.sleep(READS_S)
    await glass.stage.look()
    acted.is_gone = glass.held is None


async def _second(kiosk: Kiosk, acted: Acted) -> None:
    """Everything is back: the next citizen does the same."""
    acted.place.mend()
    await asyncio.sleep(QUIET_S)
    acted.feedback = len([each for each in acted.place.hub.facts.values() if isinstance(each, FeedbackFact)])
    glass, before = Glass(kiosk), _came(acted.place)
    for each in (*acted.script.before, acted.script.touch):
        await glass.touch(each)
    acted.said_next, acted.came_next = await glass.wait(acted.script), _came(acted.place) - before
    await asyncio.sleep(QUIET_S)
    acted.unsent = len(await kiosk.ledger.outbox.pending())


def _came(place: Place) -> int:
    return len(place.slips) + place.printer.sheets


def broken(acted: Acted) -> Iterator[str]:
    """Tell the promises that the cell has broken."""
    if acted.crashed:
        yield acted.crashed
        return
    prints = acted.script is not SCRIPTS["feedback"]
    right = {PrintOutcome.PRINTED: (1,), PrintOutcome.NOT_PRINTED: (0,), "SENT": (0,)}.get(acted.said, (0, 1))
    if not acted.said:
        yield "the scene never says how it ended"
    if acted.came not in right:
        yield f"{acted.came} papers came out, and the scene says {acted.said}"
    if "<h1" not in acted.html or "None" in acted.html:
        yield "the scene leaves a place empty"
    if acted.said != "CUT" and acted.script.way_on not in acted.html:
        yield "the scene has no way on"
    if acted.is_gone:
        yield "the screen went away before anybody could read it"
    if (acted.said_next, acted.came_next) != (("PRINTED", 1) if prints else ("SENT", 0)):
        yield f"the next one is told {acted.said_next}, and {acted.came_next} papers come out"
    if acted.feedback not in _told(acted):
        yield f"the hub has {acted.feedback} times what was said once"
    if acted.unsent:
        yield f"{acted.unsent} messages never reached the hub"


def _told(acted: Acted) -> tuple[int, ...]:
    """Return how often the hub may have the citizen's words: the power may have gone before they were sent."""
    if acted.script is SCRIPTS["feedback"] and acted.said == "CUT":
        return (0, 1)
    return (1,) if acted.script in (SCRIPTS["feedback"], SCRIPTS["feedback code"]) else (0,)
