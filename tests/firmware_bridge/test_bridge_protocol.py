"""The wire's description, its tables and its frames."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge import generate
from firmware_bridge.frames import BODY_MAX, Frame, FrameReader, crc, encode, stuff, unstuff
from firmware_bridge.protocol import REPORTS, DecideNote, Escrow, Event, EventKind, FrameKind, Result, Tubes

FRAMES = st.builds(
    lambda kind, session, seq, body: Frame(kind=kind, session=session, seq=seq, body=body),
    st.sampled_from(FrameKind),
    st.integers(0, 0xFFFF),
    st.integers(0, 255),
    st.binary(max_size=BODY_MAX),
)


def test_both_tables_are_what_the_description_gives() -> None:
    wire = generate.described()
    assert generate.PYTHON_TABLE.read_text("utf-8") == generate.formatted(generate.python_table(wire))
    assert generate.C_TABLE.read_text("utf-8") == generate.c_table(wire)


def test_a_frame_has_the_bytes_that_the_description_promises() -> None:
    plain = bytes([4, 0x34, 0x12, 7]) + bytes([0x14, 9, 1])
    frame = Frame(
        kind=FrameKind.DATA,
        session=0x1234,
        seq=7,
        body=bytes([DecideNote.CODE]) + DecideNote(tag=9, decision=Escrow.STACK).pack(),
    )
    assert encode(frame) == stuff(plain + struct.pack("<H", crc(plain))) + b"\0"


def test_crc_gives_the_published_check_value() -> None:
    assert crc(b"123456789") == 0x29B1


@pytest.mark.parametrize(
    ("plain", "stuffed"),
    [(b"\0", b"\1\1"), (b"\x11\x22\0\x33", b"\3\x11\x22\2\x33"), (b"\x11\0\0\0", b"\2\x11\1\1\1")],
)
def test_stuffing_gives_the_published_examples(plain: bytes, stuffed: bytes) -> None:
    assert stuff(plain) == stuffed
    assert unstuff(stuffed) == plain


@given(st.lists(FRAMES, max_size=5), st.integers(1, 7))
def test_frames_arrive_whole_however_they_are_cut(frames: list[Frame], step: int) -> None:
    line, reader = b"".join(map(encode, frames)), FrameReader()
    came = [frame for at in range(0, len(line), step) for frame in reader.feed(line[at : at + step])]
    assert came == frames


@given(FRAMES, st.integers(0, 1000), st.integers(1, 255))
def test_a_changed_byte_is_never_taken_for_a_frame(frame: Frame, at: int, change: int) -> None:
    line = bytearray(encode(frame))
    line[at % (len(line) - 1)] ^= change
    assert FrameReader().feed(bytes(line)) == []


def test_noise_without_end_does_not_fill_the_memory() -> None:
    reader = FrameReader()
    for _ in range(100):
        reader.feed(b"\x55" * 10_000)
    assert reader.feed(b"\0" + encode(Frame(kind=FrameKind.ACK, session=1))) == [Frame(kind=FrameKind.ACK, session=1)]


@pytest.mark.parametrize(
    "message",
    [
        Result(tag=1, code=2),  # type: ignore[arg-type]
        Event(serial=1, kind=EventKind.COIN_TUBE, source=3, value=5000, key=0, detail=31),
        Tubes(tag=4, full=0x8001, counts=tuple(range(16))),
    ],
)
def test_a_report_comes_back_from_its_bytes(message: Result | Event | Tubes) -> None:
    assert REPORTS[message.CODE].unpack(message.pack()) == message
