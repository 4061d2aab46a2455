"""The firmware's own unit tests, under address and undefined-behaviour sanitizers; and hostile frames for both ends."""

import random
import subprocess

import pytest
from bridge_fuzz import run_board, run_host

from firmware_bridge.firmware_image import BUILD, source_build_id

pytestmark = pytest.mark.usefixtures("firmware")


def test_unit_tests_pass_with_sanitizers() -> None:
    done = subprocess.run([BUILD / "unit"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("57 tests\n")


def test_the_build_id_is_the_hash_of_the_sources() -> None:
    assert int((BUILD / "build_id").read_text(), 16) == source_build_id()


def test_10000_hostile_frames_crash_neither_end() -> None:
    assert run_board(random.Random(1), 10_000) > 1_000
    assert run_host(random.Random(1), 10_000) > 0
