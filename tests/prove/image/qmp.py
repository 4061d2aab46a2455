"""QEMU's own protocol (QMP), as much as a proof needs: a picture of the panel, an end."""

import json
import socket
from pathlib import Path
from typing import Any


class Qmp:
    """The monitor at `path`, a UNIX socket."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(120)
        self._socket.connect(str(path))
        self._lines = self._socket.makefile("r", encoding="utf-8")
        self._lines.readline()
        self.do("qmp_capabilities")

    def do(self, command: str, **arguments: Any) -> Any:
        """Return the answer to a command; raise RuntimeError with QEMU's words."""
        self._socket.sendall(json.dumps({"execute": command, "arguments": arguments}).encode())
        while True:
            said = json.loads(self._lines.readline())
            if "error" in said:
                raise RuntimeError(f"{command}: {said['error']['desc']}")
            if "return" in said:
                return said["return"]

    def close(self) -> None:
        """Let go."""
        self._lines.close()
        self._socket.close()
