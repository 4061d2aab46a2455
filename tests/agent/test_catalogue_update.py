"""A newer catalogue from afar: taken once, whole, after a restart too; refused with a reason, never half."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from kiosk_doubles import Hub, Power, PowerCut, Town

from agent.catalogue.shelf import Shelf
from agent.journeys.parts import Kiosk
from agent.link.faults import BlobLate, BlobRefused
from agent.upkeep import jobs
from contract.catalogue import own, packed
from contract.clock import Deadline, SimulatedClock
from contract.ids import new_ulid, sha256_hex
from contract.jobs import JobEnvelope, Verb
from contract.messages import BlobRef, JobFact, JobState, encode
from contract.note import LogSigner

SIGNER = LogSigner(name="tram.example.vn/catalogue", key=Ed25519PrivateKey.generate())
PACKAGE = packed(msgspec.structs.replace(own(), version=7), SIGNER)


class Wire:
    """A link on which a blob comes, is late so many times first, or is refused."""

    def __init__(self, link: object, content: bytes, late: int = 0, refused: str = "") -> None:
        self._link, self._content, self._late, self._refused, self.asked = link, content, late, refused, 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._link, name)

    async def collect(self, visit: str, blob: BlobRef, deadline: Deadline) -> bytes:
        self.asked += 1
        if self._refused:
            raise BlobRefused(self._refused)
        if self.asked <= self._late:
            raise BlobLate("chunks are missing")
        return self._content


def job(town: Town, content: bytes = PACKAGE, *, blob: bool = True) -> JobEnvelope:
    town.clock.advance(1)
    now = town.clock.now()
    ref = BlobRef(sha256=sha256_hex(content), size_bytes=len(content)) if blob else None
    return JobEnvelope(
        v=1, id=new_ulid(now), at=now, expires_at=now + timedelta(hours=1), verb=Verb.UPDATE_CATALOGUE, blob=ref
    )


@asynccontextmanager
async def kiosk(
    town: Town, content: bytes = PACKAGE, power: Power | None = None, **wire: object
) -> AsyncIterator[Kiosk]:
    async with town.kiosk(power) as built:
        shelf = Shelf(town.folder / "catalogue", SIGNER.public)
        yield replace(built, guide=shelf, link=Wire(built.link, content, **wire))  # type: ignore[arg-type]


async def worked(kiosk: Kiosk, asked: JobEnvelope, rounds: int = 1) -> None:
    await kiosk.ledger.remote.keep_job(encode(asked))
    for _ in range(rounds):
        await jobs.work(kiosk, lambda: pytest.fail("nothing restarts for a catalogue"))


def told(town: Town, asked: JobEnvelope) -> list[tuple[JobState, str]]:
    return [(fact.state, fact.detail) for fact in town.hub.told(JobFact) if fact.request == asked.id]


async def test_it_is_taken_once_whatever_the_broker_repeats_and_is_there_after_a_restart(town: Town) -> None:
    asked = job(town)
    async with kiosk(town) as here:
        await worked(here, asked, rounds=3)
        await worked(here, asked)
        assert here.guide.catalogue.version == 7 and here.link.asked == 1  # type: ignore[attr-defined]
    assert [state for state, _ in told(town, asked)] == [JobState.ACCEPTED, JobState.DONE]
    assert "catalogue 7" in told(town, asked)[-1][1]
    assert Shelf(town.folder / "catalogue", SIGNER.public).catalogue.version == 7


async def test_chunks_that_are_late_are_waited_for_round_by_round(town: Town) -> None:
    asked = job(town)
    async with kiosk(town, late=2) as here:
        await worked(here, asked, rounds=2)
        assert here.guide.catalogue == own()
        assert [state for state, _ in told(town, asked)] == [JobState.ACCEPTED]
        await worked(here, asked)
        assert here.guide.catalogue.version == 7


async def test_what_has_not_come_by_the_expiry_leaves_the_kiosk_as_it_was(town: Town) -> None:
    asked = job(town)
    async with kiosk(town, late=99) as here:
        await worked(here, asked)
        town.clock.advance(3_601)
        await worked(here, asked)
        assert here.guide.catalogue == own()
    assert told(town, asked)[-1][0] is JobState.EXPIRED


OLDER = packed(msgspec.structs.replace(own(), version=3), SIGNER)


@pytest.mark.parametrize(
    ("content", "refused", "why"),
    [(OLDER, "", "3 is not newer than 7"), (PACKAGE, "it was replaced", "it was replaced"), (b"{}", "", "not signed")],
    ids=["too old", "no longer sent", "not signed"],
)
async def test_it_is_refused_with_the_reason(town: Town, content: bytes, refused: str, why: str) -> None:
    asked = job(town, content)
    async with kiosk(town, content, refused=refused) as here:
        here.guide.take(PACKAGE)
        before = here.guide.catalogue
        await worked(here, asked)
        assert here.guide.catalogue == before
    assert told(town, asked)[-1][0] is JobState.FAILED and why in told(town, asked)[-1][1]


async def test_a_job_that_brings_nothing_fails(town: Town) -> None:
    asked = job(town, blob=False)
    async with kiosk(town) as here:
        await worked(here, asked)
    assert told(town, asked)[-1] == (JobState.FAILED, "the job names no catalogue")


async def test_a_power_cut_at_every_moment_comes_to_one_end_with_the_catalogue_in_force(
    tmp_path: Path, clock: SimulatedClock
) -> None:
    for moment in range(1, 40):
        town = Town(folder=tmp_path / str(moment), clock=clock, hub=Hub(clock))
        town.folder.mkdir()
        asked, power = job(town), Power(dies_at=moment)
        try:
            async with kiosk(town, power=power) as here:
                await worked(here, asked, rounds=2)
        except PowerCut:
            pass
        survived = not power.off
        async with kiosk(town) as here:
            await worked(here, asked, rounds=2)
            assert here.guide.catalogue.version == 7
        assert [state for state, _ in told(town, asked)] == [JobState.ACCEPTED, JobState.DONE], moment
        if survived:
            return
    raise AssertionError("there were more moments than expected")
