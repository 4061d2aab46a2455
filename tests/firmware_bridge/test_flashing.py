"""Flashing: the real avrdude through the real boot loader in simavr, cut short anywhere, refused while money waits."""

import asyncio
import os
import pty
import select
import subprocess
import sys
import threading
import tty
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import pytest
from bridge_rig import Rig, running_rig, until

from firmware_bridge import flashing, image
from firmware_bridge.board.peripherals.hand import DeedRefused
from firmware_bridge.board.simulated_board import SimulatedBoard
from firmware_bridge.bridge import Bridge
from firmware_bridge.errors import PartBusy, PartNotReady
from firmware_bridge.firmware_image import HEX, SOURCES
from firmware_bridge.image import Image
from firmware_bridge.protocol import AcceptCoins, AcceptNotes, DecideNote, EnterBoot, Escrow, EventKind, NoteState

pytestmark = [
    pytest.mark.usefixtures("firmware"),
    pytest.mark.xdist_group("board"),  # two simulated boards at once would starve each other
]
TRAM = Path(sys.executable).with_name("tram")
PAGE, FLASH = 256, 131_072
OTHER_BUILD = 0xC0FFEE01
OTHER_COMPILER = (
    f"avr-gcc -std=c11 -O2 -mmcu=atmega1284p -DF_CPU=7372800UL -DBUILD_ID={OTHER_BUILD}UL -fshort-enums -flto"
)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory, firmware: None) -> Path:
    """Another build of the firmware, different on nearly every page."""
    out = tmp_path_factory.mktemp("other")
    argv = ["make", "--silent", "-C", str(SOURCES), f"OUT={out}", f"AVR={OTHER_COMPILER}"]
    subprocess.run([*argv, f"BUILD_ID={OTHER_BUILD:#x}", str(out / "kiosk.hex")], check=True)
    return out / "kiosk.hex"


def in_flash(path: Path) -> bytes:
    """What the image makes of a blank chip's flash."""
    code = image.read(path).code
    text = Path(path).with_suffix(".bin").read_bytes()
    assert code == text
    out = bytearray(b"\xff" * FLASH)
    out[: len(code)] = code
    seal = b"TRAM" + len(code).to_bytes(4, "little") + image.read(path).build.to_bytes(4, "little")
    out[image.SEAL_AT : image.SEAL_AT + 14] = seal + crc(code).to_bytes(2, "little")
    return bytes(out)


def crc(data: bytes) -> int:
    """CRC-16/CCITT-FALSE, bit by bit."""
    value = 0xFFFF
    for byte in data:
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ 0x1021) & 0xFFFF if value & 0x8000 else value << 1
    return value


@asynccontextmanager
async def powered(folder: Path, flashed: Path | None = None) -> AsyncIterator[SimulatedBoard]:
    board = SimulatedBoard(folder, flash=folder / "flash.bin", speed=1)
    if flashed:
        (folder / "flash.bin").write_bytes(in_flash(flashed))
    await board.start()
    try:
        yield board
    finally:
        with suppress(ProcessLookupError):
            await board.cut_power()


async def provision(port: str, *words: object) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        TRAM, "provision", "firmware", "--port", port, *map(str, words),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    assert b"Traceback" not in said
    return process.returncode or 0, said.decode()


async def build_of(port: str) -> int | None:
    told = await flashing.identity(port)
    return told.build if told else None


async def test_blank_chip_gets_its_first_firmware_and_then_only_what_is_newer(tmp_path: Path, other: Path) -> None:
    async with powered(tmp_path) as board:
        assert (await provision(board.port, "--check"))[0] == 1
        code, said = await provision(board.port)
        assert code == 0, said
        assert board.flash and board.flash.read_bytes()[: image.SEAL_AT + PAGE] == in_flash(HEX)[: image.SEAL_AT + PAGE]
        assert await build_of(board.port) == image.read(HEX).build
        before = board.flash.stat().st_mtime_ns
        code, said = await provision(board.port)
        assert code == 0 and "already" in said and board.flash.stat().st_mtime_ns == before
        code, said = await provision(board.port, "--image", other)
        assert code == 0, said
        assert await build_of(board.port) == OTHER_BUILD
        assert (await provision(board.port, "--check"))[0] == 1, "this release's build is another now"


CUTS = {"seal spoilt": 0, "first page": 1, "half": 40, "torn page": 50}


async def test_power_cuts_amid_flashing_leave_the_boot_loader_and_the_money_and_the_next_flash_goes_on_and_succeeds(
    tmp_path: Path, other: Path
) -> None:
    """One chip, cut again and again: each flashing begins with what the cut before it has left."""
    async with powered(tmp_path, HEX) as board:
        assert await build_of(board.port) == image.read(HEX).build
        money = await settled(board.eeprom)
        for pages in CUTS.values():
            await cut_amid_flashing(board, other, pages)
            if pages == CUTS["torn page"]:
                tear_page(tmp_path / "flash.bin", other)
            await board.start()
            await boot_loader_is_in_charge(board)
            assert board.eeprom.read_bytes() == money
        await flashed(board, other)


async def cut_amid_flashing(board: SimulatedBoard, path: Path, pages: int) -> None:
    """Cut the power when the seal is gone and so many pages of the new image are in the flash, one at least new."""
    assert board.flash
    flash, whole = board.flash, in_flash(path)
    wanted = max(pages, pages_of(flash, whole) + 1) if pages else 0
    running = asyncio.create_task(provision(board.port, "--image", path))
    await until(lambda: not is_sealed(flash) and pages_of(flash, whole) >= wanted, timeout_s=120)
    await board.cut_power()
    Path(board.port).unlink(missing_ok=True)  # as a cable's port goes
    code, said = await running
    assert code == 1 and "Repeat the command" in said, said


def pages_of(flash: Path, whole: bytes) -> int:
    """How many pages, from the first on, hold the image."""
    there = flash.read_bytes()
    return next((at for at in range(FLASH // PAGE) if there[at * PAGE :][:PAGE] != whole[at * PAGE :][:PAGE]), 0)


def tear_page(flash: Path, path: Path) -> None:
    """Leave the page that was being written in any state."""
    with flash.open("r+b") as file:
        file.seek(pages_of(flash, in_flash(path)) * PAGE)
        file.write(os.urandom(PAGE // 2))


async def test_firmware_whose_seal_is_not_whole_is_not_started(tmp_path: Path, other: Path) -> None:
    """Power was cut when everything but the seal, or all of it but its end, had been written."""
    whole, seal_at = in_flash(other), image.SEAL_AT
    async with powered(tmp_path) as board:
        assert board.flash
        for written in (0, 4, 12, 13):
            await board.cut_power()
            board.flash.write_bytes(whole[: seal_at + written] + b"\xff" * (FLASH - seal_at - written))
            await board.start()
            await boot_loader_is_in_charge(board)
        await flashed(board, other)


async def boot_loader_is_in_charge(board: SimulatedBoard) -> None:
    """It answers at once, without the reset button: half a firmware was not started."""
    async with asyncio.timeout(60.0):
        await flashing._knock(board.port)


async def flashed(board: SimulatedBoard, path: Path) -> None:
    code, said = await provision(board.port, "--image", path)
    assert code == 0, said
    assert await build_of(board.port) == image.read(path).build


async def settled(eeprom: Path) -> bytes:
    """What the EEPROM holds once the board has written what it writes at its start."""
    before, now = b"", eeprom.read_bytes()
    while now != before:
        await asyncio.sleep(0.5)
        before, now = now, eeprom.read_bytes()
    return now


def is_sealed(flash: Path) -> bool:
    return flash.read_bytes()[image.SEAL_AT :][:4] == b"TRAM"


async def test_credit_that_no_ledger_holds_stops_the_flashing_and_is_kept_by_it_once_booked(
    tmp_path: Path, other: Path
) -> None:
    async with boxed(tmp_path) as rig:
        async with await at_work(rig) as host:
            await until_async(lambda: take_coin(rig, host))
            event, told = await anext(host.events()), host.identity
        code, said = await provision(rig.board.port, "--image", other)
        assert code == 1 and "1 events of money" in said and "Start the kiosk" in said, said
        async with await Bridge.open(rig.board.port) as again:
            assert again.identity and again.identity.build == image.read(HEX).build
            assert await anext(again.events()) == event, "the credit is still told"
            await again.confirm(event.serial)
        code, said = await provision(rig.board.port, "--image", other)
        assert code == 0, said
        async with await Bridge.open(rig.board.port) as after:
            assert told and after.identity
            assert (after.identity.build, after.identity.epoch) == (OTHER_BUILD, told.epoch)
            assert after.identity.last_serial == after.identity.confirmed == event.serial


async def test_note_in_escrow_keeps_the_board_at_work(tmp_path: Path) -> None:
    async with boxed(tmp_path) as rig, await at_work(rig) as host:
        await until_async(lambda: take_note(rig, host))
        with pytest.raises(PartBusy):
            await host.send(EnterBoot())
        assert "A note of 20,000 đồng is at the validator" in flashing._what_moves(host)
        await host.extend_lease()
        await host.send(DecideNote(decision=Escrow.STACK))
        assert (await anext(host.events())).kind is EventKind.NOTE_STACKING


async def test_kiosk_that_holds_the_port_is_not_flashed_under_its_hands(tmp_path: Path, other: Path) -> None:
    async with powered(tmp_path, HEX) as board, await Bridge.open(board.port):
        code, said = await provision(board.port, "--image", other)
        assert code == 2 and "is taken" in said and "systemctl stop tram-agent" in said


async def test_reset_button_lets_a_knocking_host_in_and_the_firmware_comes_back_without_one(tmp_path: Path) -> None:
    async with powered(tmp_path, HEX) as board:
        assert await build_of(board.port)
        knock = asyncio.create_task(flashing._knock(board.port))
        await asyncio.sleep(0.5)
        assert not knock.done(), "the firmware takes knocking for noise"
        while not knock.done():
            board.reset()
            await asyncio.sleep(2.0)
        await knock
        assert await build_of(board.port) is None
        await until_async(lambda: _is_back(board.port), 60.0)  # a kiosk that calls all the while does not hold it up


async def test_board_with_another_chip_is_named(tmp_path: Path, other: Path) -> None:
    with another_chip() as port:
        code, said = await provision(port, "--image", other)
        assert code == 1 and "ATmega1284P" in said and "Check the port's name" in said


async def test_no_port_and_a_port_where_nothing_answers_are_told_apart(tmp_path: Path, other: Path) -> None:
    code, said = await provision(str(tmp_path / "none"), "--image", other)
    assert code == 2 and "can't be opened" in said
    master, slave = pty.openpty()
    tty.setraw(slave)
    code, said = await provision(os.ttyname(slave), "--image", other)
    assert code == 1 and "Nothing answers" in said and "reset button" in said
    os.close(master)
    os.close(slave)


def spoilt(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


async def test_wrong_file_is_named_before_the_board_is_touched(tmp_path: Path, other: Path) -> None:
    whole = other.read_text().splitlines()
    unsealed = [line for line in whole if not line.startswith(":0EF700")]
    turned = [*whole[:40], turn_bit(whole[40]), *whole[41:]]
    for name, text, cause in (
        ("letter.hex", "Kính gửi UBND phường", "no Intel HEX"),
        ("half.hex", "\n".join(whole[:100]), "end record is missing"),
        ("damaged.hex", "\n".join([*whole[:9], whole[9][:-3] + "FFF", *whole[10:]]), "line 10"),
        ("unsealed.hex", "\n".join(unsealed), "it has no seal"),
        ("changed.hex", "\n".join(turned), "do not fit its seal"),
    ):
        code, said = await provision("/dev/null", "--image", spoilt(tmp_path / name, text))
        assert (code, cause in said, "make firmware" in said) == (2, True, True), said
    code, said = await provision("/dev/null", "--image", tmp_path / "none.hex")
    assert code == 2 and "There is no image" in said


def turn_bit(line: str) -> str:
    """Turn one bit of a record's data and make its checksum right again."""
    body = bytearray.fromhex(line[1:-2])
    body[4] ^= 1
    return f":{(bytes(body) + bytes((-sum(body) & 0xFF,))).hex().upper()}"


@pytest.mark.parametrize("size", [0, 1, 16, 17, 65_535, 65_536, 65_537, 70_000, image.SEAL_AT])
def test_image_is_read_as_it_was_written_by_us_and_by_objcopy(tmp_path: Path, size: int) -> None:
    made = Image(code=os.urandom(size), build=0x12345678)
    image.write(made, tmp_path / "image.hex")
    assert image.read(tmp_path / "image.hex") == made
    argv = ["avr-objcopy", "-I", "ihex", "-O", "binary", "--gap-fill", "0xff"]
    subprocess.run([*argv, tmp_path / "image.hex", tmp_path / "image.bin"], check=True)
    binary = (tmp_path / "image.bin").read_bytes()
    start = 0 if size else image.SEAL_AT  # objcopy begins with the first byte there is
    assert binary[:size] == made.code
    assert binary[image.SEAL_AT - start :][12:14] == crc(made.code).to_bytes(2, "little")


@asynccontextmanager
async def boxed(folder: Path) -> AsyncIterator[Rig]:
    (folder / "flash.bin").write_bytes(in_flash(HEX))
    async with running_rig(folder, flash=folder / "flash.bin") as rig:
        yield rig


async def at_work(rig: Rig) -> Bridge:
    """A host that lets money in."""
    host = await Bridge.open(rig.board.port)
    await until(lambda: len(host.state.devices) >= 4)
    return host


async def until_async(true: Callable[[], Awaitable[bool]], timeout_s: float = 30.0) -> None:
    async with asyncio.timeout(timeout_s):
        while not await true():
            await asyncio.sleep(0.1)


async def take_coin(rig: Rig, host: Bridge) -> bool:
    """Let a coin in, once the changer takes it."""
    await host.extend_lease()
    with suppress(PartNotReady):
        await host.send(AcceptCoins(types=0xFFFF, pulse_value=0))
        if await rig.do("insert_coin", value_vnd=2000) == "accepted":
            return True
    return False


async def take_note(rig: Rig, host: Bridge) -> bool:
    await host.extend_lease()
    with suppress(PartNotReady):
        await host.send(AcceptNotes(types=0xFFFF))
        if not host.state.note or host.state.note.state is NoteState.NONE:
            with suppress(DeedRefused):
                await rig.do("insert_note", value_vnd=20_000)
    return host.state.note is not None and host.state.note.state is NoteState.ESCROW


async def _is_back(port: str) -> bool:
    return await build_of(port) is not None


@contextmanager
def another_chip() -> Iterator[str]:
    """A pty whose other end speaks STK500 as an ATmega328P's boot loader does."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    end, lengths = 0x20, {0x30: 1, 0x41: 2, 0x42: 21, 0x45: 6, 0x50: 1, 0x51: 1, 0x56: 5, 0x75: 1, 0x55: 3}
    said = {0x41: b"\x04", 0x56: b"\x00", 0x75: b"\x1e\x95\x0f"}

    def serve() -> None:
        heard = b""
        with suppress(OSError, ValueError):
            while True:
                if select.select([master], [], [], 0.05)[0]:
                    heard += os.read(master, 64)
                else:
                    heard = heard[1:]  # the beginning of nothing
                while heard:
                    rest = lengths.get(heard[0])
                    if rest is None or (len(heard) > rest and heard[rest] != end):
                        heard = heard[1:]
                    elif len(heard) <= rest:
                        break
                    else:
                        os.write(master, b"\x14" + said.get(heard[0], b"") + b"\x10")
                        heard = heard[rest + 1 :]

    threading.Thread(target=serve, daemon=True).start()
    yield os.ttyname(slave)
    os.close(slave)
    os.close(master)
