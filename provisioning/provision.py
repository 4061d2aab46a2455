"""`tram provision`: what is put into a kiosk's parts before they work."""

import asyncio
import sys
from pathlib import Path
from typing import NoReturn

import click

from agent.config import load
from contract.settings import SettingsFault
from firmware_bridge import firmware_image
from firmware_bridge.errors import BridgeError
from firmware_bridge.flashing import FlashingError, flash, identity
from firmware_bridge.image import Image, ImageWrong, read
from firmware_bridge.protocol import VERSION
from provisioning.options import kiosk_file

_REFUSED, _BAD_INPUT = 1, 2
_SILENT = f"board  no firmware of protocol {VERSION}, which this program speaks, answers ({{}})"


@click.group()
def provision() -> None:
    """Put into a kiosk's parts what they need to work."""


@provision.command()
@kiosk_file()
@click.option("--port", help="The board's serial port, instead of the one in kiosk.toml.")
@click.option("--image", "path", type=click.Path(path_type=Path), default=firmware_image.HEX, help="Another image.")
@click.option("--force", is_flag=True, help="Flash although the board has this build already.")
@click.option("--check", is_flag=True, help="Only say which build is there; exit code 1 where it is another.")
def firmware(config: Path, port: str | None, path: Path, force: bool, check: bool) -> None:
    """Flash the control board where its firmware is another than this release's; money's journal is never touched.

    Exit code 0: the board has this build. 1: it has not, and why. 2: wrong file, port or configuration.
    """
    image = _image(path)
    try:
        done = asyncio.run(_firmware(port or _port(config), path, image, force=force, check=check))
    except FlashingError as fault:
        _end(str(fault), _REFUSED)
    except (BridgeError, SettingsFault) as fault:
        _end(str(fault), _BAD_INPUT)
    sys.exit(done)


async def _firmware(port: str, path: Path, image: Image, *, force: bool, check: bool) -> int:
    click.echo(f"image  {image.build:08x}, {len(image.code):,} bytes ({path})")
    told = await identity(port)
    click.echo(f"board  {told.build:08x}, protocol {told.version} ({port})" if told else _SILENT.format(port))
    same = told is not None and told.build == image.build
    if check:
        click.echo("The board has this build." if same else "The board needs flashing: tram provision firmware")
        return 0 if same else _REFUSED
    if same and not force:
        click.echo("The board has this build already; nothing was done. (--force flashes all the same.)")
        return 0
    await flash(port, path, image, click.echo, answers=told is not None)
    click.echo(f"The board runs build {image.build:08x}.")
    return 0


def _image(path: Path) -> Image:
    try:
        return read(path)
    except FileNotFoundError:
        made = "Make it with `make firmware`" if firmware_image.SOURCES.exists() else "Install a package that brings it"
        _end(f"There is no image {path}. {made}, or name one with --image.", _BAD_INPUT)
    except OSError as fault:
        _end(f"{path} can't be read: {fault.strerror}. Check who may read it.", _BAD_INPUT)
    except ImageWrong as fault:
        _end(f"{fault}. Make it anew with `make firmware`, or take the release's kiosk.hex.", _BAD_INPUT)


def _port(config: Path) -> str:
    board = load(config).board
    if board is None:
        _end(f"{config} has no [board]; add its port, or name one with --port.", _BAD_INPUT)
    return board.port


def _end(text: str, code: int) -> NoReturn:
    click.echo(text, err=True)
    sys.exit(code)
