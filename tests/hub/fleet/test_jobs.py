"""Jobs, shadows, rollouts and bundles at the hub: once each, whatever the broker repeats, reorders or loses."""

import random

import msgspec
import pytest
from fleet_doubles import FleetKiosk, asked
from hub_doubles import KIOSK, PREPARING_KIOSK, bodies
from sqlalchemy import select

from contract import messages, topics
from contract.clock import SimulatedClock
from contract.ids import new_ulid, sha256_hex
from contract.jobs import JobEnvelope, ShadowDesired
from contract.messages import (
    BlobRef,
    BundleRequest,
    JobState,
    LegalMode,
    Rejected,
    RequestEnvelope,
    SendChunks,
    Stored,
)
from contract.topics import BLOB_CHUNK_BYTES
from hub.config import HubConfig
from hub.faults import JobContradiction, JobMalformed, RolloutOver, UnknownThing
from hub.fleet import jobs, rollouts, upkeep
from hub.fleet.rollouts import Plan
from hub.fleet.wishes import Wish
from hub.rooms import Hub
from hub.roster import KioskConfig
from hub.store.tables import AuditRow, JobRow, Kiosk, RolloutRow

pytestmark = pytest.mark.both_databases
RESTART = Wish(verb="restart")
A, R, D, F = JobState.ACCEPTED, JobState.RUNNING, JobState.DONE, JobState.FAILED


@pytest.fixture
def kiosk(hub: Hub, clock: SimulatedClock) -> FleetKiosk:
    return FleetKiosk(hub, clock)


def ask(hub: Hub, wish: Wish = RESTART, kiosk: str = KIOSK, job_id: str = "") -> str:
    job_id = job_id or new_ulid(hub.clock.now())
    jobs.ask(hub, "may", kiosk, job_id, wish)
    return job_id


def state(hub: Hub, job_id: str) -> tuple[str, int]:
    with hub.database.reading() as session:
        job = session.get_one(JobRow, job_id)
        return job.state, job.percent


def audited(hub: Hub) -> list[str]:
    with hub.database.reading() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.seq))
        return [row.what for row in rows if row.what.startswith(("JOB", "ROLLOUT", "LOGS"))]


def test_job_is_told_until_it_is_heard_and_followed_to_its_end(
    hub: Hub, kiosk: FleetKiosk, clock: SimulatedClock
) -> None:
    job_id = ask(hub)
    ((told_to, job),) = asked(hub)
    assert told_to == KIOSK and isinstance(job, JobEnvelope) and (job.id, job.verb) == (job_id, "restart")
    assert asked(hub) == []
    clock.advance(6)
    assert [each.id for _, each in asked(hub) if isinstance(each, JobEnvelope)] == [job_id]
    kiosk.answer(job, A)
    clock.advance(900)
    assert asked(hub) == [] and state(hub, job_id) == ("ACCEPTED", 10)
    kiosk.answer(job, R, D)
    assert state(hub, job_id) == ("DONE", 100)
    assert audited(hub) == ["JOB_ASKED", "JOB_ENDED"]


@pytest.mark.parametrize("seed", range(5))
def test_facts_doubled_and_in_any_order_come_to_the_same_end(hub: Hub, kiosk: FleetKiosk, seed: int) -> None:
    job_id = ask(hub)
    ((_, job),) = asked(hub)
    assert isinstance(job, JobEnvelope)
    honest = FleetKiosk(hub, kiosk.clock, "nobody")
    facts = honest.answer(job, A, R, R, D)  # a stranger's facts are refused, so nothing is recorded yet
    assert state(hub, job_id) == ("ASKED", 0)
    chance = random.Random(seed)
    for fact in chance.sample(facts + facts, 8):
        kiosk.publish("fact/job", fact)
    assert state(hub, job_id) == ("DONE", 100)
    assert audited(hub).count("JOB_ENDED") == 1


def test_same_id_is_the_same_job_and_another_wish_under_it_is_refused(hub: Hub) -> None:
    job_id = ask(hub)
    ask(hub, job_id=job_id)
    assert audited(hub) == ["JOB_ASKED"]
    with pytest.raises(JobContradiction):
        ask(hub, Wish(verb="drain"), job_id=job_id)
    with pytest.raises(JobContradiction):
        ask(hub, kiosk=PREPARING_KIOSK, job_id=job_id)


@pytest.mark.parametrize(
    "wish",
    [Wish(verb="format"), Wish(verb="restart", settings={}), Wish(verb="configure"), Wish(verb="drain", lasts_s=1)],
)
def test_wish_that_makes_no_sense_is_refused(hub: Hub, wish: Wish) -> None:
    with pytest.raises(JobMalformed):
        ask(hub, wish)
    assert audited(hub) == []


def test_kiosk_that_is_unknown_or_revoked_is_asked_for_nothing(hub: Hub) -> None:
    with hub.database.writing() as session:
        session.get_one(Kiosk, PREPARING_KIOSK).revoked_at = hub.clock.now()
    for kiosk in ("nobody", PREPARING_KIOSK):
        with pytest.raises(UnknownThing):
            ask(hub, kiosk=kiosk)


def test_silence_ends_a_job_and_what_the_kiosk_tells_later_still_counts(
    hub: Hub, kiosk: FleetKiosk, clock: SimulatedClock
) -> None:
    job_id = ask(hub, Wish(verb="restart", lasts_s=60))
    ((_, job),) = asked(hub)
    clock.advance(61)
    upkeep.judge(hub)
    assert state(hub, job_id)[0] == "EXPIRED" and asked(hub) == []
    assert isinstance(job, JobEnvelope)
    kiosk.answer(job, A, R, D)  # it had done it in time, and was offline since
    assert state(hub, job_id) == ("DONE", 100)


def test_fact_about_another_kiosks_job_is_refused(hub: Hub, clock: SimulatedClock) -> None:
    job_id = ask(hub)
    ((_, job),) = asked(hub)
    other = FleetKiosk(hub, clock, PREPARING_KIOSK, LegalMode.PREPARE_ONLY)
    assert isinstance(job, JobEnvelope)
    other.answer(job, D)
    assert state(hub, job_id) == ("ASKED", 0)


def test_reconnected_kiosk_is_told_at_once(hub: Hub, kiosk: FleetKiosk, clock: SimulatedClock) -> None:
    ask(hub)
    for _ in range(6):
        asked(hub)
        clock.advance(100)
    asked(hub)
    assert asked(hub) == []
    kiosk.connect()
    assert len(asked(hub)) == 1


def configure(hub: Hub, **settings: bool | int | str) -> str:
    return ask(hub, Wish(verb="configure", settings=settings))


def test_configuration_is_a_retained_document_whose_version_the_kiosk_reports(
    hub: Hub, kiosk: FleetKiosk, clock: SimulatedClock
) -> None:
    first = configure(hub, telemetry_every_s=30)
    (letter,) = jobs.due(hub)
    assert letter.topic == topics.down(KIOSK, "shadow") and letter.retain
    shadow = messages.decode(ShadowDesired, letter.payload)
    assert (shadow.version, shadow.settings) == (1, {"telemetry_every_s": 30})
    kiosk.report(shadow)
    assert state(hub, first)[0] == "DONE"
    second = configure(hub, telemetry_every_s=30, colour="red")
    ((_, newer),) = asked(hub)
    assert isinstance(newer, ShadowDesired) and newer.version == 2
    clock.advance(1)
    kiosk.report(newer, colour="a hub can't set this")
    assert state(hub, second)[0] == "REFUSED"
    with hub.database.reading() as session:
        assert "colour" in session.get_one(JobRow, second).detail


def test_newer_configuration_takes_the_place_of_one_that_was_not_heard(
    hub: Hub, kiosk: FleetKiosk, clock: SimulatedClock
) -> None:
    first, second = configure(hub, log_level="INFO"), configure(hub, log_level="DEBUG")
    told = [each for _, each in asked(hub) if isinstance(each, ShadowDesired)]
    assert {each.version for each in told} == {2}
    kiosk.report(told[0])
    assert (state(hub, first)[0], state(hub, second)[0]) == ("STOPPED", "DONE")


def test_kiosk_that_lost_its_configuration_is_told_again(hub: Hub, kiosk: FleetKiosk, clock: SimulatedClock) -> None:
    configure(hub, log_level="INFO")
    ((_, shadow),) = asked(hub)
    assert isinstance(shadow, ShadowDesired)
    kiosk.report(shadow)
    clock.advance(600)
    assert asked(hub) == []
    kiosk.report(msgspec.structs.replace(shadow, version=0))  # its disk was replaced
    assert [each for _, each in asked(hub)] == [shadow]
    clock.advance(1)
    kiosk.report(shadow)
    clock.advance(600)
    assert asked(hub) == []


@pytest.fixture
def config(config: HubConfig) -> HubConfig:
    fleet = tuple(
        KioskConfig(
            id=f"k-{number}", site=f"Nơi {number}", ward="Phường A" if number < 5 else "Phường B",
            legal_mode=LegalMode.PREPARE_ONLY,
        )
        for number in range(6)
    )  # fmt: skip
    return msgspec.structs.replace(config, kiosks=(*config.kiosks, *fleet))


@pytest.fixture
def ward(hub: Hub, clock: SimulatedClock) -> dict[str, FleetKiosk]:
    kiosks = {f"k-{n}": FleetKiosk(hub, clock, f"k-{n}", LegalMode.PREPARE_ONLY) for n in range(5)}
    for name in ("k-3", "k-4"):
        kiosks[name].connect()
    return kiosks


def begin(hub: Hub, canary: int = 2) -> str:
    rollout_id = new_ulid(hub.clock.now())
    rollouts.start(hub, "may", rollout_id, RESTART, Plan(ward="Phường A", canary=canary))
    return rollout_id


def stands(hub: Hub, rollout_id: str) -> tuple[str, dict[str, str]]:
    with hub.database.reading() as session:
        members = {job.kiosk: job.state for job in rollouts.jobs_of(session, rollout_id)}
        return session.get_one(RolloutRow, rollout_id).state, members


def answer(ward: dict[str, FleetKiosk], told: list[tuple[str, object]], *states: JobState) -> None:
    for kiosk, job in told:
        assert isinstance(job, JobEnvelope)
        ward[kiosk].answer(job, *states)


def test_first_kiosks_that_are_there_go_first_and_the_others_wait_for_all_of_them(
    hub: Hub, ward: dict[str, FleetKiosk]
) -> None:
    rollout_id = begin(hub)
    told = asked(hub)
    assert sorted(kiosk for kiosk, _ in told) == ["k-3", "k-4"]
    answer(ward, told[:1], A, D)
    assert asked(hub) == [] and stands(hub, rollout_id)[0] == "CANARY"
    answer(ward, told[1:], A, D)
    told = asked(hub)
    assert sorted(kiosk for kiosk, _ in told) == ["k-0", "k-1", "k-2"]
    answer(ward, told[:2], A, D)
    answer(ward, told[2:], A, F)
    assert stands(hub, rollout_id)[0] == "DONE"
    assert audited(hub).count("ROLLOUT_STARTED") == 1
    begun_again = rollouts.start(hub, "may", rollout_id, RESTART, Plan(ward="Phường A", canary=2))
    assert begun_again.id == rollout_id and len(stands(hub, rollout_id)[1]) == 5


def test_failed_canary_halts_before_the_others_are_asked(hub: Hub, ward: dict[str, FleetKiosk]) -> None:
    rollout_id = begin(hub)
    told = asked(hub)
    answer(ward, told[:1], A, F)
    state_now, members = stands(hub, rollout_id)
    assert state_now == "HALTED" and [members[f"k-{n}"] for n in range(3)] == ["STOPPED"] * 3
    answer(ward, told[1:], A, D)
    assert asked(hub) == [] and stands(hub, rollout_id)[0] == "HALTED"


def test_canary_that_never_answers_halts_too(hub: Hub, ward: dict[str, FleetKiosk], clock: SimulatedClock) -> None:
    rollout_id = begin(hub)
    asked(hub)
    clock.advance(3601)
    upkeep.judge(hub)
    assert stands(hub, rollout_id)[0] == "HALTED"


def test_stopped_rollout_begins_nothing_more_and_what_is_begun_goes_on(hub: Hub, ward: dict[str, FleetKiosk]) -> None:
    rollout_id = begin(hub)
    told = asked(hub)
    rollouts.stop(hub, "may", rollout_id)
    answer(ward, told, A, D)
    state_now, members = stands(hub, rollout_id)
    assert state_now == "STOPPED" and members["k-3"] == "DONE" and members["k-0"] == "STOPPED"
    assert asked(hub) == []
    rollouts.stop(hub, "may", rollout_id)
    with pytest.raises(UnknownThing):
        rollouts.stop(hub, "may", new_ulid(hub.clock.now()))


def test_rollout_that_is_over_can_not_be_stopped_and_an_empty_group_not_begun(
    hub: Hub, ward: dict[str, FleetKiosk]
) -> None:
    rollout_id = begin(hub, canary=0)
    answer(ward, asked(hub), A, D)
    assert stands(hub, rollout_id)[0] == "DONE"
    with pytest.raises(RolloutOver):
        rollouts.stop(hub, "may", rollout_id)
    with pytest.raises(UnknownThing):
        rollouts.start(hub, "may", new_ulid(hub.clock.now()), RESTART, Plan(ward="Phường Không Có"))


BUNDLE = random.Random(7).randbytes(BLOB_CHUNK_BYTES * 2 + 5)


def offer(kiosk: FleetKiosk, job_id: str, content: bytes = BUNDLE, size: int = 0) -> messages.Reply:
    now = kiosk.clock.now()
    body = BundleRequest(job=job_id, blob=BlobRef(sha256=sha256_hex(content), size_bytes=size or len(content)))
    envelope = RequestEnvelope(v=1, id=new_ulid(now), at=now, body=body)
    return bodies(kiosk.publish("request/bundle", messages.encode(envelope)))[-1]


def send(kiosk: FleetKiosk, indexes: tuple[int, ...], content: bytes = BUNDLE) -> None:
    for index in indexes:
        chunk = content[index * BLOB_CHUNK_BYTES : (index + 1) * BLOB_CHUNK_BYTES]
        kiosk.publish(f"blob/{sha256_hex(BUNDLE)}/{index}", chunk)


def test_bundle_comes_chunk_by_chunk_and_is_kept_for_a_month(
    hub: Hub, kiosk: FleetKiosk, clock: SimulatedClock
) -> None:
    job_id = ask(hub, Wish(verb="collect-logs"))
    assert offer(kiosk, job_id) == SendChunks(missing=(0, 1, 2))
    send(kiosk, (2, 0))
    assert offer(kiosk, job_id) == SendChunks(missing=(1,))
    send(kiosk, (1, 1))
    assert offer(kiosk, job_id) == offer(kiosk, job_id) == Stored()
    assert hub.bundles.get(sha256_hex(BUNDLE)) == BUNDLE
    assert audited(hub) == ["JOB_ASKED", "LOGS_STORED"]
    assert isinstance(offer(kiosk, job_id, b"another"), Rejected)
    clock.advance(31 * 86_400)
    jobs.purge(hub)
    assert hub.bundles.get(sha256_hex(BUNDLE)) is None


def test_bundle_that_was_damaged_on_its_way_is_sent_again(hub: Hub, kiosk: FleetKiosk) -> None:
    job_id = ask(hub, Wish(verb="collect-logs"))
    offer(kiosk, job_id)
    send(kiosk, (0, 1, 2), bytes(len(BUNDLE)))
    assert offer(kiosk, job_id) == SendChunks(missing=(0, 1, 2))
    send(kiosk, (0, 1, 2))
    assert offer(kiosk, job_id) == Stored()


def test_bundle_nobody_asked_for_or_too_large_is_refused(hub: Hub, kiosk: FleetKiosk, clock: SimulatedClock) -> None:
    restart, logs = ask(hub), ask(hub, Wish(verb="collect-logs"))
    other = FleetKiosk(hub, clock, PREPARING_KIOSK, LegalMode.PREPARE_ONLY)
    for refused, code in (
        (offer(kiosk, restart), "NOT_YOURS"),
        (offer(other, logs), "NOT_YOURS"),
        (offer(kiosk, logs, size=9_000_000), "BUNDLE_TOO_LARGE"),
    ):
        assert isinstance(refused, Rejected) and refused.code == code and refused.remedy
    assert hub.bundles.names(before=1e12) == []
