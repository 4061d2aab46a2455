"""A white sheet lit by a simulated ring: a sound one passes, and each way of being wrong is found as what it is."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from calibration_kiosk import FILM, FOLDER, calibrated
from click.testing import Result
from numpy.typing import NDArray

from agent.devices.cabinet import RING, Light, Quarter, SimulatedCabinet
from agent.devices.camera import Frame, SimulatedCamera
from agent.devices.errors import CameraSilent
from contract.clock import Deadline, SimulatedClock
from provisioning.calibration import lamp_judge
from provisioning.calibration.figure import NotMeasured
from provisioning.calibration.lamp import photographed
from provisioning.calibration.lamp_judge import Lit
from provisioning.calibration.picture import PICTURE_WIDTH

LAMPS_MM = {Quarter.LEFT: (100, 0), Quarter.RIGHT: (-100, 0), Quarter.ABOVE: (0, -100), Quarter.BELOW: (0, 100)}
"""Where the quarters stand round the lens, in the picture's directions: the citizen's left is its right."""
SHEET_MM, ROOM = 500.0, 60.0
NONE = Quarter(0)


@dataclass(frozen=True, kw_only=True)
class Ring:
    """What is wrong with the ring: quarters that stay dark, left and right swapped, strengths of its three colours."""

    dead: Quarter = NONE
    swapped: bool = False
    strength: tuple[float, float, float] = (1.0, 1.0, 1.0)
    order: tuple[int, int, int] = (0, 1, 2)


class WatchedCabinet(SimulatedCabinet):
    """A simulated cabinet whose ring has a colour to be seen."""

    colour = (0, 0, 0)

    async def show(self, light: Light) -> None:
        await super().show(light)
        self.colour = light.value

    async def shine(self, quarters: Quarter | None) -> None:
        await super().shine(quarters)
        self.colour = (255, 255, 255)


class LitCamera(SimulatedCamera):
    """Looks at a white sheet half a metre away that daylight and the cabinet's ring light."""

    def __init__(self, cabinet: WatchedCabinet, ring: Ring, clock: SimulatedClock) -> None:
        super().__init__([], clock)
        self._cabinet, self._ring, self.obeys = cabinet, ring, True
        self._noise = np.random.default_rng(8)

    async def lock_exposure(self, locked: bool) -> bool:
        return self.obeys

    async def still(self, deadline: Deadline) -> Frame:
        if self.fault:
            raise self.fault
        shown = np.array([self._cabinet.colour[channel] for channel in self._ring.order]) * self._ring.strength
        sheet = ROOM + self._light()[..., None] * shown + self._noise.normal(0, 2, (120, 160, 3))
        return Frame(pixels=np.clip(sheet, 0, 255).astype(np.uint8), at_s=self._clock.monotonic())

    def _light(self) -> NDArray[np.float64]:
        x, y = np.meshgrid(np.linspace(-250, 250, 160), np.linspace(-190, 190, 120))
        light = np.zeros_like(x)
        for quarter, (at_x, at_y) in LAMPS_MM.items():
            if quarter in self._cabinet.quarters & ~self._ring.dead:
                across = -at_x if self._ring.swapped else at_x
                light += 0.1 * (SHEET_MM**2 / ((x - across) ** 2 + (y - at_y) ** 2 + SHEET_MM**2)) ** 2
        return light


async def looked_at(ring: Ring) -> dict[str, Lit]:
    clock, cabinet = SimulatedClock(datetime(2026, 11, 28, tzinfo=UTC)), WatchedCabinet()
    return await photographed(cabinet, LitCamera(cabinet, ring, clock), clock)


@pytest.mark.parametrize(
    ("ring", "wrong", "remedy"),
    [
        (Ring(), [], ""),
        (Ring(dead=Quarter.ABOVE), ["upper quarter: light"], "seat the plug"),
        (Ring(swapped=True), ["left quarter: side", "right quarter: side"], "swap the plugs"),
        (Ring(strength=(1.0, 0.05, 1.0)), ["white: weakest of three"], "LEDs are dead"),
        (Ring(order=(1, 0, 2)), ["green (free): off colour", "orange (attention): off colour"], "another order"),
    ],
)
async def test_each_way_of_being_wrong_is_found_as_what_it_is(ring: Ring, wrong: list[str], remedy: str) -> None:
    looks = await looked_at(ring)
    figures = lamp_judge.lamp(looks)
    assert [each.name for each in figures if not each.passes] == wrong, figures
    assert all(remedy in each.remedy for each in figures if not each.passes)
    assert lamp_judge.drawn(looks, figures).shape[1] == PICTURE_WIDTH


async def test_a_ring_without_any_light_fails_in_every_step() -> None:
    figures = lamp_judge.lamp(await looked_at(Ring(dead=RING)))
    assert not any(each.passes for each in figures if each.name.endswith("light"))


async def test_a_camera_that_does_not_hold_its_exposure_or_is_lost_judges_nothing() -> None:
    clock, cabinet = SimulatedClock(datetime(2026, 11, 28, tzinfo=UTC)), WatchedCabinet()
    camera = LitCamera(cabinet, Ring(), clock)
    camera.obeys = False
    with pytest.raises(NotMeasured, match="--by-eye"):
        await photographed(cabinet, camera, clock)
    camera.fault = CameraSilent("no frame")
    with pytest.raises(CameraSilent):
        await photographed(cabinet, camera, clock)


CABINET = '[cabinet]\nclass = "agent.devices.cabinet.SimulatedCabinet"\n'


def tram(place: Path, devices: str, *words: str, answers: str = "") -> Result:
    return calibrated(place, "lamp", devices, *words, answers=answers)


def test_without_a_camera_the_technician_says_what_shines(tmp_path: Path) -> None:
    done = tram(tmp_path, CABINET, answers="y\n" * 8)
    assert done.exit_code == 0 and "PASS  record" in done.output, done.output
    wrong = tram(tmp_path, CABINET, answers="y\n\nn\n" + "y\n" * 6)  # Enter alone is no answer
    assert wrong.exit_code == 1 and wrong.output.count("FAIL") == 2 and "→ Lamp: seat" in wrong.output
    record = json.loads(max((tmp_path / "var" / "calibration").glob("*-lamp.json")).read_bytes())
    assert [each[0] for each in record["figures"] if each[1] < each[3]] == ["right quarter"]


def test_of_several_cameras_one_is_named(tmp_path: Path) -> None:
    said = tram(tmp_path, CABINET + FOLDER + FILM)
    assert said.exit_code == 2 and "Name one with --device: camera, front camera" in said.output


BOARD = '[board]\nport = "/dev/none"\n'


@pytest.mark.parametrize("board", ["", BOARD])
def test_a_kiosk_without_a_lamp_says_so(tmp_path: Path, board: str) -> None:
    none = tram(tmp_path, board)
    assert none.exit_code == 2 and "kiosk.toml has no cabinet" in none.output


@pytest.mark.slow
def test_a_board_that_is_away_is_told_with_its_remedy(tmp_path: Path) -> None:
    said = tram(tmp_path, BOARD + CABINET.replace("Simulated", "Board"))
    assert said.exit_code == 2 and "/dev/none" in said.output and "USB cable" in said.output, said.output
