"""`make prove-image` as a slow test."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_image_boots_and_outlives_power_cuts() -> None:
    said = subprocess.run(
        ["make", "prove-image", "ARGS=--cuts 4"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0 and "every promise held" in said.stdout, said.stdout + said.stderr
