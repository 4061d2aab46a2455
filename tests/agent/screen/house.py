"""A kiosk with its screen, touched as a browser touches it."""

import asyncio
from dataclasses import dataclass, field

import msgspec
from kiosk_doubles import ONE_COPY

from agent.journeys.parts import Kiosk
from agent.journeys.recovery import CERTIFY, go_on, start
from agent.journeys.values import Wish
from agent.ledger.journal import Visit
from agent.screen.page.activities import found
from agent.screen.page.stage import Stage
from agent.screen.page.state import Deed, Tap


@dataclass
class House:
    """A kiosk with its stage."""

    kiosk: Kiosk
    running: list[asyncio.Task[object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.stage = Stage(self.kiosk, self.begin, found(self.kiosk))

    async def begin(self, wish: Wish) -> str:
        visit = await start(self.kiosk, wish)
        self.running.append(asyncio.create_task(go_on(self.kiosk, await self.kiosk.ledger.journal.visit(visit.id))))
        return visit.id

    async def tap(self, do: Deed, value: str = "") -> None:
        await self.stage.look()
        html = await self.stage.shown()
        scene = html.split('data-scene="')[1].split('"')[0]
        await self.stage.tap(Tap(scene=scene, do=do, value=value))

    async def scene(self) -> str:
        await self.stage.look()
        return (await self.stage.shown()).split('data-scene="')[1].split('"')[0]

    async def walk_to_the_glass(self) -> None:
        for do, value in (
            (Deed.WAKE, ""), (Deed.COPY, ""), (Deed.GO_ON, ""), (Deed.GO_ON, ""),
            *((Deed.KEY, "space" if key == " " else key) for key in "Nguyeenx Thij Huowngf"),
            (Deed.GO_ON, ""), (Deed.PAGES, "1"), (Deed.GO_ON, ""), (Deed.COPIES, "1"), (Deed.GO_ON, ""),
        ):  # fmt: skip
            await self.tap(do, value)

    async def stands_at(self, step: str, journey: str = CERTIFY, wish: Wish = ONE_COPY) -> Visit:
        """An open visit whose journey is in this step, as a crash leaves it."""
        visit = await self.kiosk.ledger.journal.open(journey, msgspec.json.encode(wish))
        await self.kiosk.ledger.journal.begin(visit.id, step, once=False)
        return visit
