"""A booted proof has a network and mounts of its own: nothing of it gets out, and what it writes is lost with it."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.prove.boot import rootfs

_INSIDE = "TRAM_BOOT_INSIDE"
SHARED = Path("/mnt/site")
"""What machine and proof both see."""


def layer(proof: str, arguments: Sequence[str], prepare: Callable[[], None], *, room: str = "size=50%") -> Path:
    """Return the folder over the root that a machine writes to, once in here; who is not root is told so (exit 2).

    `prepare` is what needs the network; then the module `proof` is begun anew inside.
    """
    if os.geteuid():
        print("This proof boots a machine and mounts file systems: run it as root.", file=sys.stderr)
        sys.exit(2)
    if _INSIDE not in os.environ:
        prepare()
        os.environ[_INSIDE] = "1"
        os.execvp("unshare", ["unshare", "--net", "--mount", "--", sys.executable, "-m", proof, *arguments])
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    written = rootfs.FOLDER / "layer"
    for folder in (Path("/run/systemd/nspawn"), SHARED.parent, written):
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", room, "tmpfs", folder], check=True)
    return written
