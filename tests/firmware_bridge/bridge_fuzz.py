"""Hostile frames for both ends of the wire."""

import random
import subprocess
from collections.abc import Iterator

from firmware_bridge import protocol
from firmware_bridge.firmware_image import BUILD
from firmware_bridge.frames import Frame, encode
from firmware_bridge.protocol import VERSION, FrameKind, Hello, Identity
from firmware_bridge.session import Session, SessionBegan

_COMMANDS = [kind for kind in vars(protocol).values() if isinstance(kind, type) and hasattr(kind, "LAYOUT")]


def to_the_board(dice: random.Random, count: int) -> Iterator[bytes]:
    """Yield frames: sessions that are opened and used in order, forged ones, damaged ones, and noise."""
    session, seq = 1, 1
    for _ in range(count):
        match dice.randrange(20):
            case 0:
                session, seq = dice.randrange(1, 0x10000), 1
                hello = Hello(
                    version=dice.choice([VERSION, VERSION, VERSION, VERSION + 1]), nonce=dice.getrandbits(32)
                ).pack()
                yield encode(Frame(kind=FrameKind.SYN, session=session, body=hello))
            case 1:
                yield dice.randbytes(dice.randrange(1, 200)) + b"\0"
            case 2 | 3:
                yield _damaged(dice, encode(_forged(dice, session)))
            case 4 | 5:
                yield encode(_forged(dice, dice.choice([session, dice.getrandbits(16)])))
            case 6 | 7 | 8:
                yield encode(Frame(kind=FrameKind.ACK, session=session, seq=dice.choice([seq, dice.randrange(256)])))
            case _:
                yield encode(Frame(kind=FrameKind.DATA, session=session, seq=seq, body=_message(dice)))
                seq = (seq + 1) % 256


def run_board(dice: random.Random, count: int) -> int:
    """Send frames to the sanitized firmware; return how many frames it sent; raise CalledProcessError when it fails."""
    with subprocess.Popen(
        [BUILD / "fuzz"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as board:
        assert board.stdin and board.stdout and board.stderr
        try:
            for frame in to_the_board(dice, count):
                board.stdin.write(frame)
            board.stdin.close()
        except BrokenPipeError:
            pass
        said, wrong = board.stdout.read(), board.stderr.read()
    if board.returncode:
        raise subprocess.CalledProcessError(board.returncode, "fuzz", said, wrong)
    return int(said)


def run_host(dice: random.Random, count: int) -> int:
    """Feed frames to the host's session; return how many reports it took for true."""
    session, seq, taken = Session(random32=lambda: 1), 1, 0
    for at in range(count):
        if not session.is_open:
            _open(session, at / 1000)
            seq = 1
        if dice.random() < 0.5:
            taken += len(session.feed(encode(Frame(kind=FrameKind.DATA, session=2, seq=seq, body=_report(dice)))))
            seq = (seq + 1) % 256
        else:
            session.feed(_hostile(dice, seq))
        session.to_send(at / 1000)
    return taken


def _open(session: Session, now_s: float) -> None:
    session.begin(now_s)
    identity = Identity(version=VERSION, build=1, capabilities=1, epoch=1, last_serial=0, confirmed=0, reset_cause=0)
    opened = session.feed(b"\0" + encode(Frame(kind=FrameKind.SYN_ACK, session=2, body=identity.pack())))
    assert opened == [SessionBegan(identity=identity)]


def _report(dice: random.Random) -> bytes:
    body = dice.randbytes(dice.choice([2, 3, 5, 6, 9, 18, 19, 66, 67, 80]))
    return bytes([0x80 | dice.randrange(16)]) + (body if dice.random() < 0.5 else bytes(len(body)))


def _hostile(dice: random.Random, seq: int) -> bytes:
    """A frame that must change nothing, but may end the session."""
    match dice.randrange(3):
        case 0:
            return dice.randbytes(dice.randrange(1, 200)).replace(b"\0", b"\1") + b"\0"
        case 1:
            return _damaged(dice, encode(_forged(dice, 3)))
        case _:
            other = (seq + dice.randrange(1, 256)) % 256
            return encode(Frame(kind=dice.choice(list(FrameKind)), session=2, seq=other, body=_report(dice)))


def _forged(dice: random.Random, session: int) -> Frame:
    body = dice.randbytes(dice.randrange(0, 82))
    return Frame(kind=dice.choice(list(FrameKind)), session=session, seq=dice.randrange(256), body=body)


def _damaged(dice: random.Random, stuffed: bytes) -> bytes:
    damaged = bytearray(stuffed)
    for _ in range(dice.randrange(1, 4)):
        damaged[dice.randrange(len(damaged))] = dice.randrange(256)
    return bytes(damaged[: dice.randrange(1, len(damaged) + 1)]) + b"\0"


def _message(dice: random.Random) -> bytes:
    kind = dice.choice(_COMMANDS)
    size = kind.LAYOUT.size if dice.random() < 0.9 else dice.randrange(0, 80)
    return bytes([kind.CODE if dice.random() < 0.95 else dice.randrange(256)]) + dice.randbytes(size)
