"""A shell at the machine's serial console, spoken to through QEMU's socket."""

import re
import socket
import time
from pathlib import Path

USER, PASSWORD = "root", "kiosk"
"""What the proof's image is built with (LOGIN_HASH)."""

_ANSWERS = {" login: ": USER, "Password: ": PASSWORD}
_ASKED = r"(?<!\nLast) login: |Password: |root@\S+# "
_END = "=end="


class ConsoleFailed(AssertionError):
    """The console was silent, or a command failed; the text has what was heard last."""


class SerialConsole:
    """Root's shell at `path`, a UNIX socket."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        self._heard = ""

    def log_in(self, within_s: float) -> None:
        """Answer what the login asks, as often as it asks (it gives a slow machine up after 60 s and asks anew).

        Raises ConsoleFailed where there is no shell within that time.
        """
        until_s = time.monotonic() + within_s
        while (asked := self._hear(_ASKED, until_s - time.monotonic()).group(0)) in _ANSWERS:
            self._say(_ANSWERS[asked])
        self._say(f"dmesg -n 1; stty -echo cols 400; PS1=; echo {_END[:2]}{_END[2:]} 0")
        self._hear(rf"\n{_END} 0\r\n", within_s)

    def run(self, command: str, within_s: float) -> tuple[int, str]:
        """Return exit code and output of a shell command; raise ConsoleFailed where it does not end in time."""
        self._say(f"( {command} ) 2>&1 < /dev/null; echo; echo {_END[:2]}''{_END[2:]} $?")
        heard = self._hear(rf"\r?\n{_END} (\d+)\r\n", within_s)
        output, _, _ = heard.group(0).rpartition(f"\n{_END}")
        before = heard.string[: heard.start()]
        return int(heard.group(1)), (before + output).replace("\r", "").strip()

    def run_until_cut(self, command: str, seconds: float) -> str:
        """Start a command and return what it has said so many seconds later; it goes on."""
        self._say(command)
        until_s = time.monotonic() + seconds
        while (left_s := until_s - time.monotonic()) > 0:
            self._socket.settimeout(left_s)
            try:
                self._heard += self._socket.recv(65536).decode("utf-8", "replace")
            except TimeoutError:
                break
        return self._heard

    def close(self) -> None:
        """Let go."""
        self._socket.close()

    def _say(self, line: str) -> None:
        self._socket.sendall(line.encode() + b"\n")

    def _hear(self, pattern: str, within_s: float) -> "re.Match[str]":
        until_s = time.monotonic() + within_s
        while not (found := re.search(pattern, self._heard)):
            self._socket.settimeout(max(0.01, until_s - time.monotonic()))
            try:
                more = self._socket.recv(65536)
            except TimeoutError:
                raise ConsoleFailed(
                    f"not heard within {within_s:.0f} s: {pattern}; last: {self._heard[-1500:]}"
                ) from None
            if not more:
                raise ConsoleFailed(f"it went off while this was awaited: {pattern}; last: {self._heard[-1500:]}")
            self._heard += more.decode("utf-8", "replace")
        self._heard = self._heard[found.end() :]
        return found
