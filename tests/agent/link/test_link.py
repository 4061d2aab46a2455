"""The link over cables that behave ever worse: what must arrive arrives, once, and nothing crashes."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from agent.ledger.ledger import Ledger
from agent.link.faults import BlobLate, BlobRefused
from agent.link.link import Link
from agent.link.loopback import Loopback, Manners
from agent.link.schedule import Pace
from contract.clock import Deadline, SystemClock
from contract.ids import new_ulid, sha256_hex
from contract.jobs import JobEnvelope, ShadowDesired, Verb
from contract.messages import (
    VERSION,
    Ack,
    BlobRef,
    CertifyRequest,
    CollectRequest,
    FactEnvelope,
    LegalMode,
    NotCertified,
    Presented,
    PrintedFact,
    PrintOutcome,
    QuoteLine,
    Rejected,
    Reply,
    ReplyEnvelope,
    RequestEnvelope,
    SendChunks,
    Sending,
    State,
    TransferNotice,
    TransferNoticeEnvelope,
    Waiting,
    decode,
    encode,
)
from contract.topics import BLOB_CHUNK_BYTES, chunk_count, down, parse_up, up
from tests.beside import beside

KIOSK = "kiosk-01"
DRAFT = bytes(range(256)) * 600  # three chunks
TAIL = b"tail" * 40_000  # three chunks
CLOCK = SystemClock()
IMPATIENT = Pace(first_s=0.03, longest_s=0.3, collect_again_s=0.03)


@dataclass
class Hub:
    """A hub at the other end: wants the draft's chunks, lets wait or refuses, sends tails, acknowledges facts."""

    verdict: bool = True
    refuses_tails: bool = False
    keeps_chunks: bool = True
    chunks: dict[int, bytes] = field(default_factory=dict)
    bodies: dict[str, bytes] = field(default_factory=dict)
    facts: list[str] = field(default_factory=list)
    states: list[State] = field(default_factory=list)
    told: list[bytes] = field(default_factory=list)
    asked: int = 0

    def __call__(self, topic: str, payload: bytes) -> Iterable[tuple[str, bytes]]:
        match parse_up(topic).room:
            case ("state",):
                self.states.append(decode(State, payload))
            case ("telemetry",):
                self.told.append(payload)
            case ("blob", _, index):
                if self.keeps_chunks:
                    self.chunks[int(index)] = payload
            case ("fact", _):
                self.facts.append(decode(FactEnvelope, payload).id)
                yield down(KIOSK, "ack"), encode(Ack(v=VERSION, ids=(self.facts[-1],)))
            case ("request", kind):
                yield from self._reply(kind, decode(RequestEnvelope, payload), payload)

    def _reply(self, kind: str, request: RequestEnvelope, payload: bytes) -> Iterable[tuple[str, bytes]]:
        assert self.bodies.setdefault(request.id, payload) == payload
        body: Reply = self._certify() if isinstance(request.body, CertifyRequest) else Sending(chunks=1)
        if self.refuses_tails and isinstance(request.body, CollectRequest):
            body = Rejected(code="NO_SUCH_BLOB", cause="The tail is not kept any more", remedy="Print at the hub")
        envelope = ReplyEnvelope(v=VERSION, id=request.id, at=CLOCK.now(), body=body)
        yield down(KIOSK, "reply", kind), encode(envelope)
        if isinstance(request.body, CollectRequest):
            yield from tail_chunks(request.body.missing)

    def _certify(self) -> Reply:
        self.asked += 1
        if missing := tuple(index for index in range(chunk_count(len(DRAFT))) if index not in self.chunks):
            return SendChunks(missing=missing)
        if not self.verdict:
            return Waiting(position=2, promised_at=CLOCK.now())
        return NotCertified(ground="A22_2_DAMAGED", text="Rách", decided_by="Lê Thị B", decided_at=CLOCK.now())


def tail_chunks(wanted: Iterable[int]) -> Iterable[tuple[str, bytes]]:
    for index in wanted:
        chunk = TAIL[index * BLOB_CHUNK_BYTES : (index + 1) * BLOB_CHUNK_BYTES]
        yield down(KIOSK, "blob", sha256_hex(TAIL), index), chunk


@dataclass
class Line:
    """A kiosk's link, running, with the cable and the hub it talks to."""

    link: Link
    cable: Loopback
    hub: Hub
    ledger: Ledger
    draft: Path

    async def ask(self) -> str:
        return await self.link.request("V1/ask", "V1", _request(), self.draft)


@asynccontextmanager
async def talking(folder: Path, hub: Hub, manners: Manners | None = None) -> AsyncIterator[Line]:
    ledger = await Ledger.open(folder, CLOCK)
    draft = folder / "draft.pdf"
    draft.write_bytes(DRAFT)
    cable = Loopback(hub, manners)
    link = Link(
        kiosk=KIOSK, outbox=ledger.outbox, inbox=ledger.inbox, remote=ledger.remote,
        transport=cable, clock=CLOCK, version="test",
        legal_mode=LegalMode.STAFFED_AT_OFFICE, pace=IMPATIENT,
    )  # fmt: skip
    try:
        async with beside(link.run()):
            yield Line(link, cable, hub, ledger, draft)
    finally:
        await ledger.close()


CABLES = {
    "clean": Manners(),
    "delayed": Manners(delay_s=0.02),
    "doubling": Manners(duplicate=0.5),
    "losing a fifth": Manners(drop=0.2),
    "losing, doubling and delaying": Manners(drop=0.2, duplicate=0.2, delay_s=0.01),
}


@pytest.mark.parametrize("name", CABLES)
async def test_request_draft_answer_and_fact_pass_over_every_cable(folder: Path, name: str) -> None:
    async with talking(folder, Hub(), CABLES[name]) as line, asyncio.timeout(100):
        request = await line.ask()
        reply = await line.link.answer(request)
        assert isinstance(reply.body, NotCertified) and reply.id == request
        assert b"".join(chunk for _, chunk in sorted(line.hub.chunks.items())) == DRAFT
        fact = await line.link.tell(
            "V1/told", "V1", PrintedFact(request=request, outcome=PrintOutcome.PRINTED, sheets=1)
        )
        while await line.ledger.outbox.pending():
            await asyncio.sleep(0.01)
        assert set(line.hub.facts) == {fact} and list(line.hub.bodies) == [request]


@pytest.mark.parametrize("name", CABLES)
async def test_tail_is_whole_over_every_cable(folder: Path, name: str) -> None:
    blob = BlobRef(sha256=sha256_hex(TAIL), size_bytes=len(TAIL))
    async with talking(folder, Hub(), CABLES[name]) as line:
        assert await line.link.collect("V1", blob, Deadline.after(CLOCK, 20)) == TAIL
        assert line.link.traffic.seen("V1").down >= len(TAIL)


async def test_tail_that_was_pushed_is_not_asked_for(folder: Path) -> None:
    blob = BlobRef(sha256=sha256_hex(TAIL), size_bytes=len(TAIL))
    async with talking(folder, Hub()) as line:
        while not line.link.status.online:
            await asyncio.sleep(0.01)
        for topic, chunk in tail_chunks(range(3)):
            line.cable.push(topic, chunk)
        await asyncio.sleep(0.05)
        assert await line.link.collect("V1", blob, Deadline.after(CLOCK, 20)) == TAIL
        assert line.hub.bodies == {}


async def test_damaged_chunk_is_thrown_away_and_the_blob_asked_for_again(folder: Path) -> None:
    blob = BlobRef(sha256=sha256_hex(TAIL), size_bytes=len(TAIL))
    async with talking(folder, Hub()) as line:
        while not line.link.status.online:
            await asyncio.sleep(0.01)
        for topic, chunk in tail_chunks(range(3)):
            line.cable.push(topic, b"!" * len(chunk))
        assert await line.link.collect("V1", blob, Deadline.after(CLOCK, 20)) == TAIL


async def test_hub_that_will_not_send_the_tail_is_heard(folder: Path) -> None:
    blob = BlobRef(sha256=sha256_hex(TAIL), size_bytes=len(TAIL))
    async with talking(folder, Hub(refuses_tails=True)) as line:
        with pytest.raises(BlobRefused, match="not kept"):
            await line.link.collect("V1", blob, Deadline.after(CLOCK, 5))


async def test_tail_that_does_not_come_in_time_is_late(folder: Path) -> None:
    blob = BlobRef(sha256=sha256_hex(TAIL), size_bytes=len(TAIL))
    async with talking(folder, Hub(), Manners(unplugged=True)) as line:
        with pytest.raises(BlobLate, match="3 of 3"):
            await line.link.collect("V1", blob, Deadline.after(CLOCK, 0.2))


async def test_unplugged_kiosk_keeps_the_request_and_sends_it_when_plugged_in(folder: Path) -> None:
    manners = Manners(unplugged=True)
    async with talking(folder, Hub(), manners) as line, asyncio.timeout(100):
        request = await line.ask()
        while "unplugged" not in line.link.status.detail:
            await asyncio.sleep(0.01)
        assert not line.link.status.online and line.link.status.remedy
        manners.unplugged = False
        assert (await line.link.answer(request)).id == request


async def test_cut_cable_publishes_the_will_and_a_new_connection_asks_at_once(folder: Path) -> None:
    async with talking(folder, Hub(verdict=False)) as line, asyncio.timeout(100):
        request = await line.ask()
        while (await line.ledger.outbox.reply(request))[0] is None:
            await asyncio.sleep(0.01)
        line.cable.cut()
        assert [decode(State, line.cable.published[-1][1]).online] == [False]
        line.hub.verdict = True
        assert isinstance((await line.link.answer(request)).body, NotCertified)
        assert [state.online for state in line.hub.states] == [True, True]


async def test_waiting_is_kept_for_the_screen_and_is_not_final(folder: Path) -> None:
    async with talking(folder, Hub(verdict=False)) as line, asyncio.timeout(100):
        request = await line.ask()
        while (told := await line.ledger.outbox.reply(request))[0] is None:
            await asyncio.sleep(0.01)
        body = decode(ReplyEnvelope, told[0]).body
        assert isinstance(body, Waiting) and body.position == 2 and told[1] is False


async def test_answer_that_came_before_a_restart_is_there_after_it(folder: Path) -> None:
    async with talking(folder, Hub()) as line, asyncio.timeout(100):
        request = await line.ask()
        first = await line.link.answer(request)
    async with talking(folder, Hub(), Manners(unplugged=True)) as line, asyncio.timeout(100):
        assert await line.ask() == request
        assert await line.link.answer(request) == first


async def test_a_request_whose_file_is_gone_ends_with_the_true_cause_and_is_not_sent_again(folder: Path) -> None:
    async with talking(folder, Hub()) as line, asyncio.timeout(100):
        line.draft.unlink()
        request = await line.ask()
        body = (await line.link.answer(request)).body
        assert isinstance(body, Rejected) and (body.code, body.final) == ("FILE_GONE", True)
        assert "destroyed" in body.cause and line.hub.chunks == {}
        assert await line.ledger.outbox.pending() == [] and line.hub.asked == 1


async def test_a_hub_that_keeps_none_of_the_chunks_is_asked_ever_less_often(folder: Path) -> None:
    hub = Hub(keeps_chunks=False)
    async with talking(folder, hub) as line, asyncio.timeout(100):
        await line.ask()
        while not hub.asked:
            await asyncio.sleep(0.01)
        await asyncio.sleep(3 * IMPATIENT.longest_s)
    assert 1 <= hub.asked <= 8  # at once, once more in a hurry, then after 0.03, 0.06, 0.12, 0.24, 0.3 … s


async def test_garbage_from_the_broker_does_not_disturb(folder: Path) -> None:
    async with talking(folder, Hub()) as line, asyncio.timeout(100):
        while not line.link.status.online:
            await asyncio.sleep(0.01)
        for room in (("reply", "certify"), ("ack",), ("blob", "zz", "x"), ("blob", "0" * 64, "7"), ("job",)):
            line.cable.push(down(KIOSK, *room), b"\xff{not json")
        assert (await line.link.answer(await line.ask())).body
        assert line.link.status.online


async def test_a_transfer_that_the_hub_tells_of_is_on_the_disk_once_and_there_after_a_restart(folder: Path) -> None:
    notice = TransferNotice(
        request="01JAAAAAAAAAAAAAAAAAAAAAAA", transaction="FT1", amount_vnd=4_000, booked_at=CLOCK.now()
    )
    told = encode(TransferNoticeEnvelope(v=VERSION, body=notice))
    async with talking(folder, Hub()) as line, asyncio.timeout(100):
        while not line.link.status.online:
            await asyncio.sleep(0.01)
        for payload in (told, b"{}", told):
            line.cable.push(down(KIOSK, "transfer"), payload)
        while not await line.ledger.inbox.open():
            await asyncio.sleep(0.01)
    async with talking(folder, Hub()) as line:
        assert await line.ledger.inbox.open() == [notice]
        await line.ledger.inbox.close("FT1")
        assert await line.ledger.inbox.open() == []


async def test_kiosk_that_is_stopped_says_so_before_it_goes(folder: Path) -> None:
    hub = Hub()
    async with talking(folder, hub) as line:
        while not line.link.status.online:
            await asyncio.sleep(0.01)
    assert [state.online for state in hub.states] == [True, False]


async def test_telemetry_is_sent_while_online_and_not_kept_while_offline(folder: Path) -> None:
    manners = Manners(unplugged=True)
    async with talking(folder, Hub(), manners) as line, asyncio.timeout(100):
        await line.link.say("telemetry", b"while offline")
        manners.unplugged = False
        while not line.link.status.online:
            await asyncio.sleep(0.01)
        await line.link.say("telemetry", b"while online")
        assert line.hub.told == [b"while online"]


async def test_bytes_up_are_counted_for_their_visit(folder: Path) -> None:
    async with talking(folder, Hub()) as line, asyncio.timeout(100):
        await line.link.answer(await line.ask())
        up = line.link.traffic.seen("V1").up
        assert len(DRAFT) < up < len(DRAFT) + 6_000
        assert line.link.traffic.seen("V2").up == 0


def _request() -> CertifyRequest:
    quote = QuoteLine(state_fee_vnd=2_000, exemption_vnd=0, exemption_basis="", print_cost_vnd=0, total_vnd=2_000)
    return CertifyRequest(
        draft=BlobRef(sha256=sha256_hex(DRAFT), size_bytes=len(DRAFT)), pages=1, copies=1, electronic=False,
        kind="QUYET_DINH", title="Mẫu", requester_name="Nguyễn Văn Mẫu", quote=quote, paid_vnd=2_000,
        legal_mode=LegalMode.STAFFED_AT_OFFICE, legal_decision="", presented=Presented.COUNTER, scanned_at=CLOCK.now(),
    )  # fmt: skip


async def test_job_and_shadow_are_on_the_disk_once_and_what_the_broker_keeps_is_told_again(folder: Path) -> None:
    now = CLOCK.now()
    job = JobEnvelope(v=1, id=new_ulid(now), at=now, expires_at=now + timedelta(hours=1), verb=Verb.DRAIN)
    newer, older = (ShadowDesired(v=1, version=version, at=now, settings={}) for version in (2, 1))
    async with talking(folder, Hub()) as line, asyncio.timeout(100):
        while not line.link.status.online:
            await asyncio.sleep(0.01)
        for message in (job, job):
            line.cable.push(down(KIOSK, "job"), encode(message))
        line.cable.push(down(KIOSK, "job"), b'{"verb": "format"}')
        for shadow in (newer, older):
            line.cable.push(down(KIOSK, "shadow"), encode(shadow))
        while not await line.ledger.remote.wanted():
            await asyncio.sleep(0.01)
        assert [record.job for record in await line.ledger.remote.open_jobs()] == [job]
        assert await line.ledger.remote.wanted() == newer
        reported = encode(await line.ledger.remote.reported())
        await line.link.keep_told("shadow", reported)
        line.cable.cut()
        while line.cable.published.count((up(KIOSK, "shadow"), reported)) < 2:
            await asyncio.sleep(0.01)
    ledger = await Ledger.open(folder, CLOCK)
    assert len(await ledger.remote.open_jobs()) == 1
    await ledger.close()
