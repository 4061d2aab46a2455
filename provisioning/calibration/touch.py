"""`tram calibrate touch`: five crosses on the kiosk's own screen, and how far from each the finger came down.

The agent is stopped, so its address is free: the panel's browser finds this command's page there as it would find the
agent's (systemd/screen/starting.js).
"""

import asyncio
from pathlib import Path

import click
import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from agent.screen.server import PortTaken, ScreenServer, listen
from provisioning.calibration import record, touch_judge
from provisioning.calibration.alone import Bench, config_option, run
from provisioning.calibration.figure import NotMeasured
from provisioning.calibration.touch_judge import CROSSES, Panel, Touched

PAGE = Path(__file__).parent / "touch_page"
_WITHIN_S = 180.0
_SIDE_MM = click.FloatRange(50, 2000)
_EDID = "*/edid"


class Crosses:
    """Which cross is wanted, and what was touched so far; `all_touched` when there is no further one."""

    def __init__(self) -> None:
        self.touches: list[Touched] = []
        self.all_touched = asyncio.Event()

    def app(self) -> Starlette:
        """Return the page's web application."""
        return Starlette(
            routes=[
                Route("/wanted", self.wanted),
                Route("/touched", self.touched, methods=["POST"]),
                Mount("/", StaticFiles(directory=PAGE, html=True)),
            ]
        )

    async def wanted(self, request: Request) -> Response:
        """Where the next cross stands: {number, of, across, down}; number null where there is none."""
        number = len(self.touches)
        if number == len(CROSSES):
            return _json({"number": None})
        across, down = list(CROSSES.values())[number]
        return _json({"number": number, "of": len(CROSSES), "across": across, "down": down})

    async def touched(self, request: Request) -> Response:
        """Take a touch at the cross that is wanted, another one is let go by; answer as `wanted`."""
        try:
            touch = msgspec.json.decode(await request.body(), type=Touched)
        except msgspec.DecodeError:
            return Response(status_code=422)
        if touch.number == len(self.touches) < len(CROSSES) and min(touch.wide, touch.high) > 0:
            self.touches.append(touch)
        answer = await self.wanted(request)
        if len(self.touches) == len(CROSSES):
            self.all_touched.set()
        return answer


@click.command()
@config_option
@click.option("--wide-mm", type=_SIDE_MM, help="The picture's width, where the panel does not tell it.")
@click.option("--high-mm", type=_SIDE_MM, help="The picture's height.")
def touch(path: Path, wide_mm: float | None, high_mm: float | None) -> None:
    """Touch five crosses on the screen. Exit code 0: pass, 1: fail, 2: why nothing was measured."""

    async def measure(bench: Bench) -> bool:
        told = size_mm(Path("/sys/class/drm")) if wide_mm is None or high_mm is None else (wide_mm, high_mm)
        if told is None:
            raise NotMeasured("The panel does not tell its size. Measure its picture, then: --wide-mm … --high-mm …")
        touches = await _touched(bench.config.screen.port)
        panel = as_it_hangs(told, touches[0])
        figures = touch_judge.touch(panel, touches)
        return record.keep(bench.config, "touch", figures, touch_judge.drawn(panel, touches, figures))

    run(path, measure)


def size_mm(displays: Path) -> tuple[float, float] | None:
    """Return the connected panel's size by its EDID (VESA E-EDID 1.4, 3.10.2: the first timing's image size)."""
    for path in sorted(displays.glob(_EDID)):
        edid = path.read_bytes()
        if len(edid) >= 128 and (edid[66] or edid[67]):
            return float(edid[66] | (edid[68] & 0xF0) << 4), float(edid[67] | (edid[68] & 0x0F) << 8)
    return None


def as_it_hangs(told_mm: tuple[float, float], seen: Touched) -> Panel:
    """Return the panel standing or lying as the page does: a turned panel tells its size as it was made."""
    longer, shorter = max(told_mm), min(told_mm)
    stands = seen.high > seen.wide
    return Panel(wide_mm=shorter if stands else longer, high_mm=longer if stands else shorter)


async def _touched(port: int) -> list[Touched]:
    crosses, serving = Crosses(), asyncio.Event()
    try:
        bound = listen(port)
    except PortTaken as fault:
        raise NotMeasured(str(fault)) from fault
    server = ScreenServer(crosses.app(), serving.set)
    task = asyncio.create_task(server.serve([bound]))
    await serving.wait()
    click.echo(f"Touch the {len(CROSSES)} crosses on the screen. No cross? sudo systemctl restart tram-screen")
    try:
        await asyncio.wait_for(crosses.all_touched.wait(), _WITHIN_S)
    except TimeoutError:
        raise NotMeasured(
            f"{len(crosses.touches)} of {len(CROSSES)} crosses were touched in {_WITHIN_S:.0f} s. If a touch did "
            "nothing, seat the touch panel's USB plug and see that `libinput list-devices` names it."
        ) from None
    finally:
        server.should_exit = True
        await task
    return crosses.touches


def _json(body: object) -> Response:
    return Response(msgspec.json.encode(body), media_type="application/json", headers={"Cache-Control": "no-store"})
