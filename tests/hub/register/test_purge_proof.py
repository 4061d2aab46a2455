"""The proof looks into the folders: what a purge forgot is named, though the books say it is gone."""

import os
from pathlib import Path

import pytest
from hub_doubles import KioskDouble, approve, draft_pdf

from contract.clock import SimulatedClock
from contract.ids import sha256_hex
from hub.register import purge_proof, retention
from hub.register.signing_queue import SigningQueue
from hub.rooms import Hub

DAY_S = 86_400.0


@pytest.fixture(autouse=True)
def files_as_old_as_the_simulated_clock(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files carry real times; the tests' clock is simulated. What was written counts as old at once."""
    monkeypatch.setattr("hub.store.blobs._older", lambda path, moment: True)


def overdue(hub: Hub) -> list[tuple[str, str]]:
    return [(each.store, each.sha256) for each in purge_proof.prove(hub, "mau").overdue]


def test_papers_on_their_way_are_no_offence(hub: Hub, kiosk: KioskDouble, clock: SimulatedClock) -> None:
    kiosk.queue_paper()
    approved = kiosk.queue_paper(draft_pdf(mark="b"))
    approve(hub, approved)
    clock.advance(60)
    assert overdue(hub) == []
    assert purge_proof.prove(hub, "mau").files == 2


def test_paper_that_nobody_swept_is_named_and_a_sweep_clears_it(
    hub: Hub, kiosk: KioskDouble, signing: SigningQueue, clock: SimulatedClock
) -> None:
    approve(hub, kiosk.queue_paper())
    signing.sign_next()
    clock.advance(DAY_S + 3600)
    assert overdue(hub) == [("drafts", sha256_hex(draft_pdf()))]
    retention.sweep(hub)
    assert overdue(hub) == []


def test_file_that_came_back_after_its_purge_is_named_with_its_paper(
    hub: Hub, kiosk: KioskDouble, signing: SigningQueue, clock: SimulatedClock
) -> None:
    paper = kiosk.queue_paper()
    approve(hub, paper)
    signing.sign_next()
    clock.advance(DAY_S + 3600)
    retention.sweep(hub)
    hub.drafts.put(draft_pdf())  # as if deletion had failed
    (found,) = purge_proof.prove(hub, "mau").overdue
    assert (found.store, found.requests) == ("drafts", [paper])


@pytest.mark.parametrize("folder", ["drafts", "tails"])
def test_file_that_no_paper_names_is_named(hub: Hub, folder: str) -> None:
    stray = hub.config.data_dir / folder / ("0" * 64)
    stray.write_bytes(b"%PDF")
    assert overdue(hub) == [(folder, "0" * 64)]


def test_sweep_destroys_the_tail_that_a_dying_hub_left_and_none_else(
    hub: Hub, kiosk: KioskDouble, signing: SigningQueue
) -> None:
    approve(hub, kiosk.queue_paper())
    signing.sign_next()
    hub.tails.put(b"left behind")
    retention.sweep(hub)
    assert hub.tails.get(sha256_hex(b"left behind")) is None
    assert len(list((hub.config.data_dir / "tails").iterdir())) == 1
    assert overdue(hub) == []


def test_chunks_of_a_paper_that_never_came_whole_are_named(hub: Hub, kiosk: KioskDouble, clock: SimulatedClock) -> None:
    big = b"%PDF" + os.urandom(70_000)
    _, payload = kiosk.request(big)
    kiosk.ask(payload)
    hub.chunks.put(kiosk.id, sha256_hex(big), 0, big[: 1 << 16])
    assert overdue(hub) == []
    clock.advance(DAY_S + 3600)
    assert overdue(hub) == [("chunks", sha256_hex(big))]
    assert Path(hub.config.data_dir / "chunks").exists()
