"""A card reader that is not there: a real pcscd with vsmartcard's virtual reader, and the hand that lays a card on it.

vpcd's wire (vsmartcard, virtualsmartcard/src/vpcd): the card connects to the reader's TCP port; each message is its
length in two bytes, big-endian, then its bytes. One byte from the reader is a control (0 power off, 1 on, 2 reset, 4
ATR asked), more are a command APDU, which is answered. To hang up is to be taken off the reader.
"""

import shutil
import socket
import struct
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from provisioning.onebox.child import Child, ChildFailed, free_port
from provisioning.onebox.virtual_card import VirtualCard

NAME = "Tram stand-in"

_DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
_TOOLS = {"pcscd": "pcscd", "unshare": "util-linux", "mount": "mount"}
_OFF, _ON, _RESET, _ATR = 0, 1, 2, 4
_LOOK_S = 0.2

# pcscd's folder is compiled in: it gets one of its own there, so that no other pcscd is touched and root isn't needed.
_IN_ITS_OWN_ROOM = (
    'mount -t tmpfs none /run && mkdir /run/pcscd && mount --bind "$1" /run/pcscd && exec pcscd -f -c "$2"'
)


class CardReaderStandIn:
    """A reader called NAME whose service listens at `socket`; use as a context or start/stop."""

    def __init__(self, folder: Path) -> None:
        folder = folder.resolve()
        self._run, self._config = folder / "run", folder / "readers"
        self.socket = self._run / "pcscd.comm"
        self._port = free_port()
        script = ["sh", "-c", _IN_ITS_OWN_ROOM, "pcscd", str(self._run), str(self._config)]
        self._service = Child(
            "pcscd", ["unshare", "--user", "--map-root-user", "--mount", *script], folder / "pcscd.log"
        )
        self._lying: _Lying | None = None

    def __enter__(self) -> "CardReaderStandIn":
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Start the service with its reader; raise ChildFailed."""
        for tool, package in _TOOLS.items():
            if shutil.which(tool) is None:
                raise ChildFailed(f"{tool} is not installed: apt-get install {package}")
        if not _DRIVER.exists():
            raise ChildFailed(f"{_DRIVER} is missing: apt-get install vsmartcard-vpcd")
        self._run.mkdir(parents=True, exist_ok=True)
        self._config.mkdir(exist_ok=True)
        (self._config / "reader").write_text(
            f'FRIENDLYNAME "{NAME}"\nDEVICENAME /dev/null:{self._port:#x}\n'
            f"LIBPATH {_DRIVER}\nCHANNELID {self._port:#x}\n"
        )
        for stale in self._run.iterdir():
            stale.unlink()
        self._service.start(self.socket.exists)

    def stop(self) -> None:
        """Stop it and take the card off."""
        self.take_off()
        self._service.stop()

    def kill(self) -> None:
        """Kill the service, as a reader's driver that crashes does."""
        self._service.kill()

    def lay_on(self, card: VirtualCard) -> None:
        """Lay a card on the reader."""
        self.take_off()
        self._lying = _Lying(card, self._port)

    def take_off(self) -> None:
        """Take the card off the reader, if one lies there."""
        if self._lying:
            self._lying.take_off()
            self._lying = None


class _Lying:
    """One card on the reader: a connection to vpcd, served in a thread until it ends."""

    def __init__(self, card: VirtualCard, port: int) -> None:
        self._card, self._asked = card, 0
        self._line = socket.create_connection(("127.0.0.1", port), timeout=5.0)
        self._line.settimeout(_LOOK_S)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="virtual card", daemon=True)
        self._thread.start()

    def take_off(self) -> None:
        """Hang up."""
        self._over.set()
        self._thread.join()

    def _serve(self) -> None:
        with self._line, suppress(ConnectionError):
            while not self._over.is_set() and (message := self._next()) is not None:
                if len(message) == 1:
                    self._control(message[0])
                elif not self._command(message):
                    return

    def _control(self, code: int) -> None:
        if code in (_ON, _RESET):
            self._card.power_up()
        elif code == _ATR:
            self._say(self._card.atr)

    def _command(self, apdu: bytes) -> bool:
        self._asked += 1
        if self._asked == self._card.pull_at:
            return False
        if not self._card.mute.is_set():
            self._say(self._card.exchange(apdu))
        return True

    def _say(self, message: bytes) -> None:
        self._line.sendall(struct.pack(">H", len(message)) + message)

    def _next(self) -> bytes | None:
        head = self._exactly(2)
        return self._exactly(*struct.unpack(">H", head)) if head else None

    def _exactly(self, count: int) -> bytes | None:
        got = b""
        while len(got) < count and not self._over.is_set():
            # vpcd sends length and command apart, and waits 40 ms for the length's receipt unless it comes at once
            self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            with suppress(TimeoutError):
                if not (more := self._line.recv(count - len(got))):
                    return None
                got += more
        return got if len(got) == count else None
