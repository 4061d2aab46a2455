"""The cells of what is done at the screen without a visit (scripts.py, staff_scripts.py).

What the scene says of paper must agree with the machines' own counts; where nothing came out, a second touch succeeds.
"""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

from agent.journeys.need import QUESTIONS
from agent.journeys.parts import Kiosk
from agent.screen.page.activities import found
from agent.screen.page.stage import Stage
from agent.screen.page.state import Held, Tap
from contract.messages import FeedbackFact, PrintOutcome
from tests.agent.kiosk_doubles import PowerCut
from tests.prove.matrix import scripts, staff_scripts
from tests.prove.matrix.acted import Acted, Script, Touch
from tests.prove.matrix.stories import Story
from tests.prove.matrix.town import Place, nobody, open_visits
from tests.prove.matrix.trouble import Trouble

LOOK_S, BOOTED_S, QUIET_S = 0.5, 10.0, 120.0
PATIENCE_S = 600.0
READS_S = 5.0
SCRIPTS = {**scripts.SCRIPTS, **staff_scripts.SCRIPTS}


class Glass:
    """The screen under the citizen's finger."""

    def __init__(self, kiosk: Kiosk) -> None:
        self.stage = Stage(kiosk, nobody, found(kiosk))

    async def touch(self, touch: Touch) -> None:
        """Touch what this scene offers."""
        await self.stage.look()
        assert self.stage.scene is not None
        await self.stage.tap(Tap(scene=self.stage.scene.name, do=touch[0], value=touch[1]))

    async def reach(self, touches: Sequence[Touch]) -> None:
        """Touch one after the other, each when the scene has found out what the one before asked for."""
        for each in touches:
            await self.touch(each)
            while getattr(self.held, "is_busy", False):
                await asyncio.sleep(LOOK_S)
                await self.stage.look()

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
            assert await open_visits(kiosk) == []
            acted.html = await Glass(kiosk).stage.shown()
            await _second(kiosk, acted)


async def _first(kiosk: Kiosk, acted: Acted) -> None:
    trouble, glass = acted.place.trouble, Glass(kiosk)
    await glass.reach(acted.script.before)
    trouble.began(trouble.step)
    await glass.touch(acted.script.touch)
    acted.said = await glass.wait(acted.script)
    trouble.ends(trouble.step)
    if trouble.power.off:
        raise PowerCut
    acted.html, acted.came, acted.held = await glass.stage.shown(), _came(acted.place), glass.held
    held = acted.place.box.look()
    acted.in_machine_vnd = held.change_vnd + held.cassette_vnd
    await asyncio.sleep(READS_S)
    await glass.stage.look()
    acted.is_gone = glass.held is None


async def _second(kiosk: Kiosk, acted: Acted) -> None:
    """Everything is back: the next citizen does the same."""
    acted.place.mend()
    await asyncio.sleep(QUIET_S)
    acted.code_left = await _has_question(kiosk)
    acted.feedback = len([each for each in acted.place.hub.facts.values() if isinstance(each, FeedbackFact)])
    glass, before = Glass(kiosk), _came(acted.place)
    await glass.reach(acted.script.before)
    await glass.touch(acted.script.touch)
    acted.said_next, acted.came_next = await glass.wait(acted.script), _came(acted.place) - before
    acted.held_next = glass.held
    await asyncio.sleep(QUIET_S)
    acted.unsent = len(await kiosk.ledger.outbox.pending())


async def _has_question(kiosk: Kiosk) -> bool:
    outbox = kiosk.ledger.outbox
    put = [await outbox.find(each.id) for each in await outbox.asked(QUESTIONS, "need")]
    return any(each and each.payload for each in put)


def _came(place: Place) -> int:
    return len(place.slips) + place.printer.sheets


def broken(acted: Acted) -> Iterator[str]:
    """Tell the promises that the cell has broken."""
    if acted.crashed:
        yield acted.crashed
        return
    papers = acted.script.papers
    right = {PrintOutcome.PRINTED: (papers,), PrintOutcome.NOT_PRINTED: (0,)}.get(acted.said, range(papers + 1))
    if not acted.said:
        yield "the scene never says how it ended"
        return
    if acted.came not in right:
        yield f"{acted.came} papers came out, and the scene says {acted.said}"
    if "<h1" not in acted.html or "None" in acted.html:
        yield "the scene leaves a place empty"
    if acted.said != "CUT" and acted.script.way_on not in acted.html:
        yield "the scene has no way on"
    if acted.is_gone:
        yield "the screen went away before anybody could read it"
    if acted.said_next not in acted.script.well or acted.came_next != papers:
        yield f"the next one is told {acted.said_next}, and {acted.came_next} papers come out"
    if acted.feedback not in _told(acted):
        yield f"the hub has {acted.feedback} times what was said once"
    if acted.unsent:
        yield f"{acted.unsent} messages never reached the hub"
    yield from acted.script.judge(acted)


def _told(acted: Acted) -> tuple[int, ...]:
    """Return how often the hub may have the citizen's words: the power may have gone before they were sent."""
    is_cut = acted.said == "CUT" and acted.script.papers == 0
    return (0, acted.script.says) if is_cut else (acted.script.says,)
