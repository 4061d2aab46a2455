"""The firmware is made once a run."""

import fcntl
import shutil
import subprocess

import pytest

from firmware_bridge.firmware_image import BUILD, SOURCES


@pytest.fixture(scope="session")
def firmware() -> None:
    """Firmware, board, unit tests and fuzzer, made from these sources."""
    for tool in ("avr-gcc", "gcc", "make"):
        if not shutil.which(tool):
            pytest.skip(f"{tool} is not installed")
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = subprocess.run(
            ["make", "--silent", "-C", str(SOURCES), "all", "board", "unit", "fuzz"], capture_output=True, text=True
        )
    assert made.returncode == 0, made.stderr
