"""The stage: it holds the screen's state, does what was touched, and says when there is something new to show."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

import msgspec

from agent.devices.loudspeaker import Loudspeaker
from agent.journeys import away, papers
from agent.journeys.endings import CAME_BACK, Ending
from agent.journeys.parts import Kiosk
from agent.journeys.pick_up import FIND
from agent.journeys.recovery import PICK_UP, is_here
from agent.journeys.slips import collect_code
from agent.journeys.till import TillClosed
from agent.journeys.touches import Touch
from agent.journeys.values import Paper, PickUp, Way, Wish
from agent.ledger.journal import NoSuchVisit, VisitRecord
from agent.link.bell import Bell
from agent.screen.calling import Calls
from agent.screen.entrance import Begin, Problem, admit, hold_out
from agent.screen.page import practice
from agent.screen.page.activity import Activity
from agent.screen.page.drawing import fragment, page, prepare
from agent.screen.page.reducer import order, touched, wish
from agent.screen.page.scenes import ENDS, Doing, Facts, Scene, Waiting, scene
from agent.screen.page.state import Comfort, Deed, Held, Over, State, Tap, Where
from agent.screen.view import VisitView, view
from contract.messages import QuoteLine

LOOK_S: Final = 0.1
IDLE_S: Final = 90.0
WARNING_S: Final = 20.0
"""So long the screen asks whether somebody is still there before it goes back by itself (WCAG 2.2.1)."""
STILL_S: Final = 30.0
"""A browser that has drawn nothing for so long shows nothing that is true."""
REMEMBERED: Final = timedelta(minutes=15)
"""So long a visit that ended away from the screen stays listed."""

_AN_ACTIVITYS_OWN: Final = (Deed.ACT, Deed.KEY, Deed.GO_ON, Deed.BACK, Deed.VOUCHER)
_LEFT_ALONE: Final = ("end", "away", "digitised", *ENDS.values())
"""The scenes of a visit with nothing under way, so that the screen may go back to its beginning."""
_WAITS_ASIDE: Final = ("officer", "sending")
_CALLS_ITS_CITIZEN: Final = ("rescan", "take")


class Stage:
    """One kiosk's screen; every browser that looks at it sees the same. Tell `run` to keep it true."""

    def __init__(self, kiosk: Kiosk, begin: Begin, activities: Sequence[Activity] = ()) -> None:
        self._kiosk, self._begin = kiosk, begin
        self._activities = {each.name: each for each in activities}
        self._lock = asyncio.Lock()
        self._state, self._html, self._opened = State(), "", ""
        self._scene: Scene | None = None
        self._touched_s = kiosk.clock.monotonic()
        self._drawn_s: float | None = None
        self._pressed = ("", "")
        self._calls = Calls(kiosk)
        self._speaks = kiosk.device(Loudspeaker) is not None  # type: ignore[type-abstract]
        self.changed, self.touched = Bell(), Bell()

    @property
    def scene(self) -> Scene | None:
        """The scene that is shown, None before the first look."""
        return self._scene

    @property
    def state(self) -> State:
        """Where the citizen is."""
        return self._state

    @property
    def is_still(self) -> bool:
        """Whether no browser draws what is shown here (any more)."""
        return self._drawn_s is None or self._kiosk.clock.monotonic() - self._drawn_s > STILL_S

    async def run(self) -> None:
        """Keep the screen true until cancelled."""
        await asyncio.to_thread(prepare)
        while True:
            await self.look()
            await self._kiosk.clock.sleep(LOOK_S)

    async def shown(self) -> str:
        """Return the fragment of this moment."""
        if not self._html:
            await self.look()
        return self._html

    async def page(self) -> str:
        """Return the whole page of this moment."""
        await self.look()
        assert self._scene is not None
        return page(self._scene)

    async def look(self) -> None:
        """See what has become of the visits, and of a citizen who touches nothing any more."""
        async with self._lock:
            await self._follow()
            await self._look_on()
            self._mind_the_time()
            await self._draw()

    async def tap(self, tap: Tap) -> None:
        """Do what was touched; what the scene does not offer, or no more, is passed over."""
        if tap.do is Deed.DRAWN:
            self._drawn_s = self._kiosk.clock.monotonic()
            return
        if tap.do in (Deed.PAINTED, Deed.PLAYED):
            self._heard(tap)
            return
        async with self._lock:
            self._touched_s = self._kiosk.clock.monotonic()
            self.touched.ring()
            if self._scene is None or not self._scene.offers(tap):
                return
            before = self._state
            self._state = touched(before, tap)
            if tap.do in (Deed.CALL_NOW, Deed.CALL_OFF):
                await self._call(self._scene.name, wanted=tap.do is Deed.CALL_NOW)
            elif tap.do is Deed.OPEN and before.practice is None:
                await self._open(tap.value)
            elif before.held:
                await self._do(before.held, tap)
            elif begun := wish(before, tap):
                await self._start(begun)
            elif before.visit:
                await self._act(before.visit, tap)
            await self._draw()

    async def speak(self, *, on: bool) -> None:
        """Read aloud from now on, or no more: somebody has plugged a headset in, or pulled it out."""
        async with self._lock:
            self._touched_s = self._kiosk.clock.monotonic()
            self._state = replace(self._state, comfort=replace(self._state.comfort, voice=on))
            await self._draw()

    async def _call(self, scene: str, *, wanted: bool) -> None:
        if wanted:
            await self._calls.call(scene)
        else:
            await self._calls.withdraw()

    def _heard(self, tap: Tap) -> None:
        """Hand on when a challenge was on the glass; at once, since each moment counts."""
        playing = self._kiosk.identity and self._kiosk.identity.scene
        if playing and tap.do is Deed.PAINTED:
            playing.painted(tap.value, self._kiosk.clock.monotonic())
        elif playing:
            playing.played(tap.value, self._kiosk.clock.monotonic())

    async def _open(self, name: str) -> None:
        """Open an activity, from a scene that offers it."""
        activity = self._activities.get(name)
        if activity and activity.is_there and self._scene and self._scene.name in activity.opens_from:
            visit = self._state.visit
            held = await (activity.begin_over(visit) if visit else activity.begin())
            self._state = replace(self._state, doing=name, held=held)

    async def _do(self, held: Held, tap: Tap) -> None:
        """Let the open activity do what was touched; what every scene has the reducer has done."""
        if tap.do not in _AN_ACTIVITYS_OWN or self._state.held is None:
            return
        then = await self._activities[self._state.doing].touched(held, tap)
        if isinstance(then, Held) or then is None:
            self._hold(then)
        else:
            await self._start(then)

    def _hold(self, held: Held | None) -> None:
        self._state = replace(self._state, held=held, doing=self._state.doing if held else "")

    async def _look_on(self) -> None:
        if held := self._state.held:
            self._hold(await self._activities[self._state.doing].looked(held))

    async def _start(self, begun: Wish) -> None:
        visit = await admit(self._kiosk, self._begin, begun)
        if isinstance(visit, Problem):
            self._state = replace(self._state, problem=(visit.vi, visit.en))
            return
        self._state = _showing(self._state, visit, collects=isinstance(begun, PickUp))

    async def _act(self, visit: str, tap: Tap) -> None:
        problem = None
        match tap.do:
            case Deed.PRESS:
                self._press(visit, Touch(tap.value))
            case Deed.CANCEL:
                await self._kiosk.ledger.journal.cancel(visit)
            case Deed.PAY if tap.value in set(Way):
                self._choose(visit, Way(tap.value))
            case Deed.VOUCHER if tap.value:
                problem = await hold_out(self._kiosk, visit, tap.value)
        if problem:
            self._state = replace(self._state, problem=(problem.vi, problem.en))

    def _press(self, visit: str, touch: Touch) -> None:
        """Press a button once for each wait: a second touch before the scene changes must not answer the next one."""
        assert self._scene is not None and self._scene.view is not None
        wait = (visit, self._scene.view.step)
        if wait != self._pressed:
            self._pressed = wait
            self._kiosk.touches.press(visit, touch)

    def _choose(self, visit: str, way: Way) -> None:
        try:
            self._kiosk.till.choose(visit, way)
        except TillClosed:
            return  # paid meanwhile: the next look shows it

    async def _follow(self) -> None:
        """Show an open visit where nobody stands at the screen: after a restart, or one begun by the local API."""
        if await self._own_earlier_calls():
            state = replace(self._state, aside=(*self._state.aside, self._state.visit))
            self._state = _showing(state, state.follows, collects=False)
        if not self._state.is_at_rest and not await self._is_over(self._state.visit):
            return
        journal = self._kiosk.ledger.journal
        running = [each for each in await journal.open_visits() if not await self._waits_elsewhere(each)]
        if returned := await self._returned():
            self._state = _showing(self._state, returned, collects=False)
        elif self._state.is_at_rest and (calling := await self._calling()):
            self._state = _showing(self._state, calling, collects=False)
        elif running:
            self._state = await self._adopted(running)

    async def _own_earlier_calls(self) -> bool:
        """Whether the citizen waits for the officer while the copy of their paper before is to be taken."""
        waits = self._scene is not None and self._scene.name == "officer" and self._state.follows in self._state.aside
        return waits and await self._scene_of(self._state.follows) in _CALLS_ITS_CITIZEN

    async def _waits_elsewhere(self, record: VisitRecord) -> bool:
        if record.id in self._state.aside or not is_here(record):
            return True
        return await away.is_away(self._kiosk.ledger.journal.resume(record))

    async def _returned(self) -> str:
        """Return the visit of the citizen who has just come back with its slip."""
        if not self._state.visit:
            return ""
        record = await self._kiosk.ledger.journal.visit(self._state.visit)
        if record.ending is None or msgspec.json.decode(record.ending, type=Ending).code != CAME_BACK:
            return ""
        return await self._kiosk.ledger.journal.resume(record).recorded(FIND, str) or ""

    async def _adopted(self, running: Sequence[VisitRecord]) -> State:
        """Show the newest visit whose citizen is needed, else the newest; the others wait aside."""
        names = {each.id: await self._scene_of(each.id) for each in running}
        shown = next((each for each in reversed(running) if names[each.id] not in _WAITS_ASIDE), running[-1])
        others = tuple(each.id for each in running if each is not shown)
        state = replace(self._state.left(), aside=(*self._state.aside, *others))
        return _showing(state, shown.id, collects=shown.journey == PICK_UP)

    async def _calling(self) -> str:
        """Return a visit aside whose citizen is wanted now: a page again, or the copy to take."""
        for visit in self._state.aside:
            if await self._scene_of(visit) in _CALLS_ITS_CITIZEN:
                return visit
        return ""

    async def _scene_of(self, visit: str) -> str:
        return scene(self._state, await self._facts(), await view(self._kiosk, visit)).name

    async def _is_over(self, visit: str) -> bool:
        return bool(visit) and (await self._kiosk.ledger.journal.visit(visit)).closed_at is not None

    def _mind_the_time(self) -> None:
        """Go back to the beginning after a warning, only where neither money nor paper is under way.

        The time begins when nothing is under way any more: who had to wait without a touch has it to read the end.
        """
        may_leave = not self._state.visit or (self._scene is not None and self._scene.name in _LEFT_ALONE)
        if held := self._state.held:
            may_leave = self._activities[self._state.doing].may_leave(held)
        if self._state.is_at_rest or not may_leave:
            self._touched_s = self._kiosk.clock.monotonic()
            if self._state.over is Over.IDLE:
                self._state = replace(self._state, over=None)
            return
        idle_s = self._kiosk.clock.monotonic() - self._touched_s
        if idle_s >= IDLE_S + WARNING_S:
            visit = self._state.visit if self._state.held else ""
            self._state = replace(self._state.left(), visit=visit, comfort=self._state.comfort if visit else Comfort())
        elif idle_s >= IDLE_S:
            self._state = replace(self._state, over=Over.IDLE)

    async def _draw(self) -> None:
        if self._opened and self._opened != self._state.doing:
            await self._activities[self._opened].left()
        self._opened = self._state.doing
        seen = await self._seen()
        facts = await self._facts()
        self._state = replace(self._state, aside=tuple(each.visit for each in facts.waiting))
        shown = self._scene and self._scene.view and self._scene.view.visit
        before = self._scene.name if self._scene and shown == self._state.visit else ""
        heard = self._scene.state.comfort if self._scene else None
        self._scene = scene(self._state, facts, seen, before)
        html = fragment(self._scene)
        if html != self._html or heard != self._state.comfort:  # a wish to hear it again changes nothing to see
            self._html = html
            self.changed.ring()

    async def _seen(self) -> VisitView | None:
        if self._state.practice:
            return practice.moment(
                self._state.practice, self._state.pages or 1, await self._price(), self._kiosk.clock.now()
            )
        if not self._state.visit:
            return None
        try:
            return await view(self._kiosk, self._state.visit)
        except NoSuchVisit:
            self._state = self._state.left()
            return None

    async def _facts(self) -> Facts:
        return Facts(
            place=self._kiosk.place,
            service=self._kiosk.door.shown,
            is_shut_out=bool(self._kiosk.door.shut_out),
            price=await self._price(),
            waiting=await self._waiting(),
            tiles=tuple(each.name for each in self._activities.values() if each.is_tile and each.is_there),
            has_staff=self._is_there("staff"),
            asks_vneid=self._is_there("vneid"),
            doing=self._doing(),
            call=await self._calls.stands(),
            channels=self._kiosk.channels,
            accounts=self._kiosk.accounts,
            postage=self._kiosk.postage,
            speaks=self._speaks,
            now=self._kiosk.clock.now(),
        )

    def _is_there(self, name: str) -> bool:
        activity = self._activities.get(name)
        return activity is not None and activity.is_there

    def _doing(self) -> Doing | None:
        if (held := self._state.held) is None:
            return None
        activity = self._activities[self._state.doing]
        step = activity.step_of(held) if activity.steps else ""
        return Doing(name=activity.name, held=held, steps=activity.steps, step=step)

    async def _price(self) -> QuoteLine:
        at_rest = self._state.where in (Where.ATTRACT, Where.CHOOSE)
        state = self._state if self._kiosk.postage else replace(self._state, posts=False)
        wanted = order(State() if at_rest else state)
        paper = Paper(kind="", title="", pages=wanted.declared_pages or 1, forbidden=False)
        return await papers.quote(self._kiosk, wanted, paper)

    async def _waiting(self) -> tuple[Waiting, ...]:
        listed = []
        for visit in self._state.aside:
            seen = await view(self._kiosk, visit)
            if seen.is_away:
                continue  # found again by the slip's code alone
            if seen.closed_at and self._kiosk.clock.now() - seen.closed_at > REMEMBERED:
                continue
            said = (seen.vi, seen.en)
            listed.append(Waiting(visit=visit, code=collect_code(visit), said=said, is_over=bool(seen.closed_at)))
        return tuple(listed)


def _showing(state: State, visit: str, *, collects: bool) -> State:
    """Show a visit; of what the citizen has typed the screen holds the name alone, for another original."""
    aside = tuple(each for each in state.aside if each != visit)
    name = "" if collects else state.name
    return State(comfort=state.comfort, visit=visit, collects=collects, name=name, follows=state.follows, aside=aside)
