"""The firmware of this program, built here or brought by the package, and the build id that judges a board's."""

import asyncio
import hashlib
from pathlib import Path

SOURCES = Path(__file__).parent / "firmware"
BUILD = Path(__file__).resolve().parents[1] / "build" / "firmware"
ELF = BUILD / "kiosk.elf"
BOOT_ELF = BUILD / "boot.elf"
PACKAGED = Path(__file__).with_name("kiosk.hex")
"""What `make deb` and releases bring; a checkout has none."""
HEX = PACKAGED if PACKAGED.exists() else BUILD / "kiosk.hex"


class FirmwareNotBuilt(Exception):
    """The firmware can't be made here; the text is the compiler's."""


def source_build_id() -> int:
    """Return the build id of the sources: compare with `Identity.build` to see whether a board needs flashing."""
    files = sorted([*SOURCES.glob("*.c"), *SOURCES.glob("*.h"), SOURCES / "Makefile"])
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files))
    return int(digest.hexdigest()[:8], 16)


async def build(*targets: str) -> None:
    """Make what is stale ("all", "board", "unit", "fuzz"); raise FirmwareNotBuilt."""
    make = await asyncio.create_subprocess_exec(
        "make", "--silent", "-C", str(SOURCES), *targets, stderr=asyncio.subprocess.PIPE
    )
    _, said = await make.communicate()
    if make.returncode:
        raise FirmwareNotBuilt(said.decode(errors="replace"))
