"""Room on a small card: what comes lies beside the old slot, which gives way before the new one is built."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from agent.update.faults import NoRoom, RepositoryAway
from agent.update.fetching import Wire
from agent.update.release import File, Release
from agent.update.store import BYTECODE, RESERVE_BYTES, Store
from contract.clock import SimulatedClock
from tests.agent.test_update_fetching import WANTED

SPARE = 3 << 20
"""Bytes of the old slot."""
COMES = WANTED.size + RESERVE_BYTES


@pytest.mark.parametrize(
    ("installed", "enough"),
    [(10 << 20, COMES + int((10 << 20) * BYTECODE) - SPARE), (1 << 20, COMES)],
    ids=["new slot larger than the old", "new slot smaller than the old"],
)
def test_old_slot_counts_as_room_but_not_for_what_comes(
    folder: Path, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch, installed: int, enough: int
) -> None:
    old = folder / "b" / "old"
    old.parent.mkdir()
    old.write_bytes(bytes(SPARE))
    assert old.stat().st_blocks * 512 == SPARE

    def gather(free: int) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
        with httpx.Client() as client:
            store = Store(folder=folder / "store", site=folder / "none", wheels=folder / "none")
            nobody = Wire("http://127.0.0.1:9", client, clock)
            store.gather(_release(installed), nobody, lambda *_: None, gives_way=old.parent)

    with pytest.raises(NoRoom, match=r"\b1 MiB more are needed"):
        gather(enough - 1)
    with pytest.raises(RepositoryAway):
        gather(enough)


def _release(installed: int) -> Release:
    return Release(
        version="1.1", number=2, platform="linux-x86_64", python="3.11", published_at=datetime(2027, 1, 1, tzinfo=UTC),
        installed_bytes=installed, wheels=(), scripts=(),
        files=(File(path="x", sha256=WANTED.sha256, size=WANTED.size),),
    )  # fmt: skip
