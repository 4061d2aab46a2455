"""What of LOCK a machine needs: `locked_for.py LOCK ARCH PYTHON` prints it (ARCH is Debian's name) without its markers.

pip judges markers by the machine that it runs on, which may be another than the one that is built for.
"""

import re
import sys
from pathlib import Path

from packaging.markers import Marker
from pip_target import MACHINES


def main() -> None:
    """Print the pins with their hashes."""
    lock, arch, python = sys.argv[1:]
    there = {
        "implementation_name": "cpython",
        "os_name": "posix",
        "platform_machine": MACHINES[arch],
        "platform_python_implementation": "CPython",
        "platform_system": "Linux",
        "python_full_version": f"{python}.0",
        "python_version": python,
        "sys_platform": "linux",
    }
    for block in re.split(r"(?m)^(?=\S)", Path(lock).read_text(encoding="utf-8"))[1:]:
        pin, marker, hashes = re.fullmatch(r"([^ ]*)(?: ; ([^\\]*))?(.*)", block, re.DOTALL).groups()  # type: ignore[union-attr]
        if not marker or Marker(marker.strip()).evaluate(there):
            print(f"{pin} {hashes}", end="")


if __name__ == "__main__":
    main()
