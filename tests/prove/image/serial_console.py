"""A shell at one of the machine's serial consoles, spoken to through QEMU's socket; what it says stands in a log."""

import re
import socket
import time
from pathlib import Path

USER, PASSWORD = "root", "kiosk"
"""What the proof's image is built with (LOGIN_HASH)."""

_ANSWERS = {" login: ": USER, "Password: ": PASSWORD, "": ""}
_SILENCE_S = 60.0
_ASKED = r"(?<!\nLast) login: |Password: |root@\S+# "
_END = "=end="


class ConsoleFailed(AssertionError):
    """The console was silent, or a command failed; the text has what was heard last."""


class Silent(ConsoleFailed):
    """What was waited for was not said in time."""


class SerialConsole:
    """Root's shell at `path`, a UNIX socket."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        self._log = path.with_suffix(".log").open("ab", buffering=0)
        self._heard = ""

    def log_in(self, within_s: float) -> None:
        """Answer what the login asks, as often as it asks; raise ConsoleFailed where no shell comes within that time.

        It gives a slow machine up after 60 s and asks anew. What is typed while it opens its line it drops, so after
        some silence an empty line is typed.
        """
        until_s = time.monotonic() + within_s
        asked = self._hear(_ASKED, within_s).group(0)
        while asked in _ANSWERS:
            self._say(_ANSWERS[asked])
            try:
                asked = self._hear(_ASKED, min(_SILENCE_S, until_s - time.monotonic())).group(0)
            except Silent:
                if time.monotonic() > until_s:
                    raise
                asked = ""
        self._say("dmesg -n 1; stty -echo cols 400; exec env PS1= PS2= SYSTEMD_PAGER=cat bash --norc --noediting")
        self.run("true", within_s)

    def run(self, command: str, within_s: float) -> tuple[int, str]:
        """Return exit code and output of a shell command; raise ConsoleFailed where it does not end in time."""
        self._say(f"( {command} ) 2>&1 < /dev/null; code=$?; echo; echo {_END[:2]}''{_END[2:]} $code")
        heard = self._hear(rf"\r?\n{_END} (\d+)\r?\n", within_s)
        output, _, _ = heard.group(0).rpartition(f"\n{_END}")
        before = heard.string[: heard.start()]
        return int(heard.group(1)), (before + output).replace("\r", "").strip()

    def run_until_cut(self, command: str, seconds: float) -> str:
        """Start a command and return what it has said so many seconds later; it goes on."""
        self._say(command)
        until_s = time.monotonic() + seconds
        while (left_s := until_s - time.monotonic()) > 0:
            try:
                self._heard += self._listen(left_s)
            except TimeoutError:
                break
        return self._heard

    def close(self) -> None:
        """Let go."""
        self._socket.close()
        self._log.close()

    def _say(self, line: str) -> None:
        self._socket.sendall(line.encode() + b"\n")

    def _hear(self, pattern: str, within_s: float) -> "re.Match[str]":
        """Wait for what matches, which is then over; raise Silent, or ConsoleFailed where the computer went off."""
        until_s = time.monotonic() + within_s
        while not (found := re.search(pattern, self._heard)):
            try:
                more = self._listen(until_s - time.monotonic())
            except TimeoutError:
                raise Silent(f"not heard within {within_s:.0f} s: {pattern}; last: {self._heard[-1500:]}") from None
            if not more:
                raise ConsoleFailed(f"it went off while this was awaited: {pattern}; last: {self._heard[-1500:]}")
            self._heard += more
        self._heard = self._heard[found.end() :]
        return found

    def _listen(self, within_s: float) -> str:
        self._socket.settimeout(max(0.01, within_s))
        said = self._socket.recv(65536)
        self._log.write(said)
        return said.decode("utf-8", "replace")
