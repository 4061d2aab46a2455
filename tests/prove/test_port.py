"""`make prove-arm64`, `make prove-trixie` and `make prove-deb` as slow tests."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.timeout(5400)
@pytest.mark.xdist_group("port")
@pytest.mark.parametrize("target", ["prove-arm64", "prove-trixie"])
def test_package_for_another_machine_reads_looks_and_remembers_as_this_one_does(target: str) -> None:
    said = subprocess.run(["make", target], cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0 and "it does what this machine does" in said.stdout, said.stdout + said.stderr


@pytest.mark.slow
@pytest.mark.timeout(5400)
@pytest.mark.xdist_group("port")
def test_packages_are_the_same_bytes_elsewhere() -> None:
    said = subprocess.run(["make", "prove-deb"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0 and "every promise held" in said.stdout, said.stdout + said.stderr
