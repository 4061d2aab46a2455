"""`tram calibrate camera`: the printed target held before it, where a card is held."""

from pathlib import Path

import click

from agent.devices.camera import Camera
from contract.clock import Deadline
from provisioning.calibration import camera_judge, record
from provisioning.calibration.alone import Bench, config_option, run
from provisioning.calibration.asking import wait_for_enter
from provisioning.calibration.figure import NotMeasured
from provisioning.calibration.judge import Pixels

_STILL_S = 10.0
_SETTLING = 3
"""Pictures after which the camera has measured the light."""


device_option = click.option("--device", default=None, help="The camera's name in [devices], where there are several.")


@click.command()
@config_option
@device_option
@click.option("--held", is_flag=True, help="The target is held before the camera already.")
def camera(path: Path, device: str | None, held: bool) -> None:
    """Take a picture of the target. Exit code 0: pass, 1: fail, 2: why nothing was measured."""

    async def measure(bench: Bench) -> bool:
        chosen = chosen_camera(bench, device)
        if not held:
            await wait_for_enter("Hold the target before the camera, flat and upright, where a card is held")
        pixels = await _picture(chosen, bench)
        seen = camera_judge.find(pixels)
        figures = camera_judge.camera(pixels, seen)
        return record.keep(bench.config, "camera", figures, camera_judge.drawn(pixels, seen, figures))

    run(path, measure)


def chosen_camera(bench: Bench, name: str | None) -> Camera:
    """Return the camera of this name, or the only one; raise NotMeasured."""
    cameras = {each: device for each, device in bench.devices.items() if isinstance(device, Camera)}
    if not cameras:
        raise NotMeasured("kiosk.toml has no camera. Add [devices.camera], then repeat.")
    if name is None and len(cameras) > 1:
        raise NotMeasured(f"There are several cameras. Name one with --device: {', '.join(cameras)}.")
    wanted = next(iter(cameras)) if name is None else name.replace("_", " ")
    if wanted not in cameras:
        raise NotMeasured(f"There is no camera {wanted!r} in kiosk.toml; there is: {', '.join(cameras)}.")
    return cameras[wanted]


async def _picture(camera: Camera, bench: Bench) -> Pixels:
    try:
        for _ in range(_SETTLING):
            still = await camera.still(Deadline.after(bench.clock, _STILL_S))
        return still.pixels
    finally:
        await camera.close()
