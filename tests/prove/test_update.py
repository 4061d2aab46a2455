"""The short form of `make prove-update`."""

from pathlib import Path

import pytest

from agent.update.progress import Phase
from tests.prove.update.rounds import Proof, Trouble

pytestmark = pytest.mark.timeout(300)

TROUBLES = (
    Trouble.POWER, Trouble.BAD_AND_POWER, Trouble.POWER, Trouble.NETWORK, Trouble.DISK, Trouble.SIGNATURE, Trouble.OLD,
    Trouble.CLOCK_BACK, Trouble.OTHER, Trouble.POWER,
)  # fmt: skip


def test_a_kiosk_ends_in_the_old_version_or_the_new_whatever_happens(tmp_path: Path) -> None:
    proof = Proof(tmp_path / "proof", seed=11)
    try:
        for trouble in TROUBLES:
            if trouble in proof.troubles():
                proof.round(trouble)
    finally:
        proof.close()
    assert proof.tally.ends[Phase.KEPT] >= 4 and proof.tally.ends[Phase.FAILED] >= 4
    assert sum(proof.tally.cuts.values()) >= 2
