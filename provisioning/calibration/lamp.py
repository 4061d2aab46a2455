"""`tram calibrate lamp`: each quarter and colour of the lamp ring, seen by the camera, else by the technician."""

from pathlib import Path

import click

from agent.devices.cabinet import RING, Cabinet, Light, Quarter
from agent.devices.camera import Camera
from agent.devices.status import DeviceState
from contract.clock import Clock, Deadline
from provisioning.calibration import lamp_judge, record
from provisioning.calibration.alone import Bench, config_option, run
from provisioning.calibration.asking import says_yes, wait_for_enter
from provisioning.calibration.camera import chosen_camera, device_option
from provisioning.calibration.figure import Figure, NotMeasured, seen
from provisioning.calibration.judge import Pixels
from provisioning.calibration.lamp_judge import COLOURS, QUARTERS, WHITE, Lit

_STEPS: dict[str, Light | Quarter] = {**QUARTERS, WHITE: RING, **COLOURS}
_SELF_TEST_S, _STILL_S = 15.0, 10.0
_SETTLE_S = 0.4
"""So long after an order the next picture shows the lamp as it was ordered."""
_NOT_SEEN = "Lamp: seat the strips' plugs at the control board; replace a strip that stays dark or has a wrong colour"


@click.command()
@config_option
@click.option("--by-eye", is_flag=True, help="Answer yes or no yourself, though there is a camera.")
@device_option
def lamp(path: Path, by_eye: bool, device: str | None) -> None:
    """Show each quarter and colour of the lamp. Exit code 0: pass, 1: fail, 2: why nothing was measured."""

    async def measure(bench: Bench) -> bool:
        cabinet = bench.one(Cabinet, "cabinet, so no lamp")  # type: ignore[type-abstract]
        by_camera = not by_eye and bench.any(Camera) is not None  # type: ignore[type-abstract]
        camera = chosen_camera(bench, device) if by_camera else None
        proved = await cabinet.self_test(Deadline.after(bench.clock, _SELF_TEST_S))
        if proved.state is DeviceState.DOWN:
            raise NotMeasured(f"{proved.detail}. {proved.remedy}.")
        try:
            if camera is None:
                return record.keep(bench.config, "lamp", await asked(cabinet))
            await wait_for_enter("Hold a white sheet half a metre before the camera, so that it fills the picture")
            looks = await photographed(cabinet, camera, bench.clock)
            figures = lamp_judge.lamp(looks)
            return record.keep(bench.config, "lamp", figures, lamp_judge.drawn(looks, figures))
        finally:
            await cabinet.show(Light.OFF)

    run(path, measure)


async def asked(cabinet: Cabinet) -> list[Figure]:
    """Show each step and return what the technician says of it."""
    figures = []
    for name, step in _STEPS.items():
        await _show(cabinet, step)
        alone = " white, and the rest of the ring not at all" if name in QUARTERS else ""
        said = await says_yes(f"Does it shine: {name}{alone}?")
        figures.append(seen(name, said, _NOT_SEEN))
    return figures


async def photographed(cabinet: Cabinet, camera: Camera, clock: Clock) -> dict[str, Lit]:
    """Show each step and return the pictures of it, dark and lit; raise NotMeasured or a fault of the camera."""
    try:
        await _picture(cabinet, Light.ATTENTION, camera, clock)  # it measures the light
        if not await camera.lock_exposure(True):
            raise NotMeasured("The camera does not hold its exposure, so it can't judge a lamp. Repeat with --by-eye.")
        return {
            name: Lit(
                dark=await _picture(cabinet, Light.OFF, camera, clock),
                lit=await _picture(cabinet, step, camera, clock),
            )
            for name, step in _STEPS.items()
        }
    finally:
        await camera.close()


async def _picture(cabinet: Cabinet, step: Light | Quarter, camera: Camera, clock: Clock) -> Pixels:
    await _show(cabinet, step)
    await clock.sleep(_SETTLE_S)
    return (await camera.still(Deadline.after(clock, _STILL_S))).pixels


async def _show(cabinet: Cabinet, step: Light | Quarter) -> None:
    if isinstance(step, Light):
        await cabinet.show(step)
    else:
        await cabinet.shine(step)
